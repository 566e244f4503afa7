// The lane of a partner against a real nginx, over a wire that can be cut and held.
#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>

#include "connectors/fetch/http_source.hpp"
#include "tests/component/fetch/fetch_fixture.hpp"
#include "tests/support/child.hpp"
#include "tests/support/tcp_proxy.hpp"

namespace tongqu::test {
namespace {

std::string nginx_binary() {
  for (const char* file : {"/usr/sbin/nginx", "/usr/bin/nginx"}) {
    if (std::filesystem::exists(file)) return file;
  }
  return {};
}

// Serves the files of its folder.
class Nginx {
 public:
  Nginx() : folder_(temporary_folder("nginx")), port_(free_port()) {
    std::filesystem::create_directories(folder_ / "www");
    std::ofstream(folder_ / "nginx.conf")
        << "daemon off; pid " << (folder_ / "pid").string() << "; worker_processes 1; error_log "
        << (folder_ / "error.log").string() << ";\nevents {}\nhttp { access_log " << (folder_ / "access.log").string()
        << "; client_body_temp_path " << (folder_ / "b").string() << "; proxy_temp_path " << (folder_ / "p").string()
        << "; fastcgi_temp_path " << (folder_ / "f").string() << "; uwsgi_temp_path " << (folder_ / "u").string()
        << "; scgi_temp_path " << (folder_ / "s").string() << "; server { listen 127.0.0.1:" << port_ << "; root "
        << (folder_ / "www").string() << "; location /moved { return 302 /a; } location /slow/ { limit_rate 1; alias "
        << (folder_ / "www").string()
        << "/; } location /secret { return 403; } location /busy { add_header Retry-After 1 always; return 503; } "
           "location /once { max_ranges 0; alias "
        << (folder_ / "www").string() << "/; } } }\n";
    std::filesystem::permissions(folder_, std::filesystem::perms::all);
    start();
  }
  void start() {
    child_ = std::make_unique<Child>(std::vector<std::string>{nginx_binary(), "-c", (folder_ / "nginx.conf").string(),
                                                              "-e", (folder_ / "error.log").string()},
                                     std::map<std::string, std::string>{}, (folder_ / "out").string());
    if (!becomes([this] { return is_listening(port_); })) ADD_FAILURE() << "nginx does not listen";
  }
  void stop() { child_.reset(); }
  void put(const std::string& name, const Bytes& content) const {
    std::ofstream(folder_ / "www" / name, std::ios::binary) << content;
  }
  [[nodiscard]] int port() const { return port_; }

 private:
  std::filesystem::path folder_;
  int port_;
  std::unique_ptr<Child> child_;
};

class FetchHttp : public FetchTest {
 protected:
  void SetUp() override {
    ASSERT_FALSE(nginx_binary().empty()) << "nginx is not installed; scripts/test.sh installs it";
    nginx_ = std::make_unique<Nginx>();
    wire_ = std::make_unique<TcpProxy>(nginx_->port());
  }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(wire_->port()) + path;
  }
  AttachmentId want(const std::string& path, const PartnerId& owner = kOwner) {
    AttachmentWish wish;
    wish.owner = owner;
    wish.key = path;
    wish.url = path.starts_with('/') ? url(path) : path;
    wish.max_wanted = 1000;
    return FetchTest::want(wish);
  }
  std::unique_ptr<fetch::FetchLane> lane(const PartnerId& partner = kOwner, std::int64_t timeout_ms = 5'000,
                                         std::size_t at_once = 2) {
    auto rules = fetch::FetchRules::create({"http://127.0.0.1:" + std::to_string(wire_->port()) + "/",
                                            "http://127.0.0.2:" + std::to_string(wire_->port()) + "/"},
                                           [](const std::string& a) { return a == "127.0.0.1"; });
    fetch::FetchLane::Sources sources;
    for (std::size_t i = 0; i < at_once; ++i) {
      const fetch::HttpSourceOptions options{rules, nullptr, {}, {}, timeout_ms};
      sources.push_back(std::make_unique<fetch::HttpSource>(options, house_.clock));
    }
    return lane_of(partner, std::move(sources));
  }

  std::unique_ptr<Nginx> nginx_;
  std::unique_ptr<TcpProxy> wire_;
};

TEST_F(FetchHttp, FetchesManyAFewAtATime) {
  std::vector<AttachmentId> ids;
  for (int i = 0; i < 40; ++i) {
    nginx_->put(std::to_string(i), picture(1'000 + 9'973 * static_cast<std::size_t>(i), static_cast<std::uint64_t>(i)));
    ids.push_back(want("/" + std::to_string(i)));
  }
  const auto running = lane();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ASSERT_TRUE(becomes_state(ids[i], "stored"));
    EXPECT_EQ(*house_.content(ids[i]), picture(1'000 + 9'973 * i, i));
  }
  EXPECT_EQ(running->last_code(), nullptr);
}

TEST_F(FetchHttp, GoesOnAfterEveryCut) {
  const Bytes content = picture(3'000'000);
  nginx_->put("a", content);
  const AttachmentId id = want("/a");
  wire_->cut_after_back(700'000);
  auto running = lane();
  ASSERT_TRUE(soon([&] { return house_.store->find(id)->offset_bytes > 0; }));
  running.reset();  // between two attempts, or in one: what came is kept
  running = lane();
  ASSERT_TRUE(becomes_state(id, "stored"));
  EXPECT_EQ(*house_.content(id), content);
}

TEST_F(FetchHttp, WaitsForAServerThatIsAway) {
  nginx_->put("a", picture(100'000));
  nginx_->stop();
  const AttachmentId id = want("/a");
  const auto running = lane();
  ASSERT_TRUE(soon([&] { return running->last_code() != nullptr; }));
  EXPECT_EQ(house_.store->fetch_counts(kOwner)->wanted, 1U);
  nginx_->start();
  ASSERT_TRUE(becomes_state(id, "stored"));
  EXPECT_TRUE(soon([&] { return running->last_code() == nullptr; })) << "told just behind it";
}

TEST_F(FetchHttp, RefusesWhatTheServerWillNeverGive) {
  nginx_->put("page", Bytes(70'000, '<'));
  nginx_->put("empty", {});
  const auto running = lane();
  EXPECT_TRUE(becomes_state(want("/missing"), "refused fetch.missing"));
  EXPECT_TRUE(becomes_state(want("/moved"), "refused fetch.redirect"));
  EXPECT_TRUE(becomes_state(want("/page"), "refused attachment.type-mismatch"));
  EXPECT_TRUE(becomes_state(want("/empty"), "refused fetch.empty"));
  EXPECT_TRUE(becomes_state(want("/secret"), "wanted fetch.denied"));
  EXPECT_TRUE(becomes_state(want("/busy"), "wanted fetch.later"));
  const std::string inner = "http://127.0.0.2:" + std::to_string(wire_->port()) + "/page";
  EXPECT_TRUE(becomes_state(want(inner), "refused net.address-forbidden"));
  EXPECT_TRUE(becomes_state(want("http://127.0.0.3/page"), "refused fetch.forbidden"));
}

TEST_F(FetchHttp, AServerThatDripsHoldsUpNobodyElse) {
  nginx_->put("a", picture(200'000));
  const AttachmentId slow = want("/slow/a");
  const AttachmentId other = want("/a", PartnerId("city-b"));
  const auto first = lane(kOwner, 500, 1);
  const auto second = lane(PartnerId("city-b"), 500, 1);
  ASSERT_TRUE(becomes_state(other, "stored"));
  ASSERT_TRUE(becomes_state(slow, "wanted net.request-timeout"));
}

TEST_F(FetchHttp, EndsAtOnceWhileAServerIsSilent) {
  nginx_->put("a", picture(200'000));
  wire_->hold(true);
  const AttachmentId id = want("/a");
  auto running = lane(kOwner, 600'000);
  ASSERT_TRUE(soon([&] { return wire_->connections() > 0; }));
  running.reset();
  EXPECT_EQ(state(id), "wanted");
  wire_->hold(false);
  running = lane();
  ASSERT_TRUE(becomes_state(id, "stored"));
}

}  // namespace
}  // namespace tongqu::test
