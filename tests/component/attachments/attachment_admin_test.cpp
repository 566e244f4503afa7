// What people do with attachments that are quarantined or have no verdict.
#include "gateway/admin/attachment_admin.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "gateway/admin/admin_codes.hpp"
#include "gateway/store/attachment_table.hpp"
#include "tests/component/attachments/attachment_fixture.hpp"
#include "tests/support/fake_store.hpp"

namespace tongqu::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Keeps audit entries; `fails` = the log cannot be written.
class NotingStore final : public FakeStore {
 public:
  void append(AuditDraft entry, Done done) override {
    if (fails) return done(make_error(codes::kUnavailable, "audit"));
    entries.push_back(entry.entry);
    done({});
  }
  std::vector<std::string> entries;
  bool fails = false;
};

const ActBy kBy{"zhang", "与市场监管所核对，确认为误报"};

class AttachmentPeople : public testing::Test {
 protected:
  AttachmentId put(std::size_t size, const std::string& key) {
    const Bytes content = picture(size, size);
    const AttachmentId id = house_.create(content, key);
    EXPECT_TRUE(house_.send(id, content, 0, content.size()).has_value());
    return id;
  }
  AttachmentId quarantined(std::size_t size, const std::string& key) {
    const AttachmentId id = put(size, key);
    EXPECT_TRUE(house_.store->settle_scan(id, ScanVerdict::kInfected).has_value());
    return id;
  }
  [[nodiscard]] std::vector<std::string> listed(const std::map<std::string, std::string>& query) {
    const auto answer = admin_.get("", query);
    EXPECT_TRUE(answer.has_value());
    std::vector<std::string> ids;
    for (const Node& row : children(*answer->root().find("attachments")))
      ids.emplace_back(row.find("attachment")->text);
    return ids;
  }
  [[nodiscard]] AttachmentState state(const AttachmentId& id) const { return house_.store->find(id)->state; }

  AttachmentHouse house_;
  NotingStore store_;
  AttachmentAdmin admin_{*house_.store, *house_.store, *house_.store, store_, *house_.gm, house_.clock};
};

TEST_F(AttachmentPeople, AreListedNewestFirstByStateAndOwnerInPages) {
  const std::string first = put(1000, "a").str();
  const std::string second = quarantined(2000, "b").str();
  const std::string third = put(3000, "c").str();
  EXPECT_THAT(listed({}), ElementsAre(third, second, first));
  EXPECT_THAT(listed({{"state", "all"}, {"owner", "city-a"}}), ElementsAre(third, second, first));
  EXPECT_THAT(listed({{"owner", "city-b"}}), IsEmpty());
  EXPECT_THAT(listed({{"state", "quarantined"}}), ElementsAre(second));
  EXPECT_THAT(listed({{"state", "stored"}}), ElementsAre(third, first));
  EXPECT_THAT(listed({{"limit", "1"}}), ElementsAre(third));
  EXPECT_THAT(listed({{"limit", "1"}, {"before", third}}), ElementsAre(second));
  EXPECT_THAT(listed({{"before", first}}), IsEmpty());
  EXPECT_EQ(code_of(admin_.get("", {{"state", "lost"}})), "admin.parameter");
  EXPECT_EQ(code_of(admin_.get("", {{"limit", "1001"}})), "admin.parameter");
  EXPECT_EQ(code_of(admin_.get("", {{"limit", "x"}})), "admin.parameter");
  const auto one = admin_.get("/" + second, {});
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->root().find("state")->text, "quarantined");
  EXPECT_EQ(one->root().find("size")->text, "2000");
  EXPECT_EQ(one->root().find("name"), nullptr) << "a file name may tell who a person is";
  EXPECT_EQ(code_of(admin_.get("/" + std::string(32, '0'), {})), "gateway.not-found");
  EXPECT_EQ(code_of(admin_.get("/x", {})), "gateway.not-found");
}

TEST_F(AttachmentPeople, ReleaseNeedsItsAuditEntryAndTheRightState) {
  const AttachmentId id = quarantined(100'000, "a");
  store_.fails = true;
  EXPECT_EQ(code_of(admin_.post(id, "release", kBy)), "gateway.unavailable");
  EXPECT_EQ(state(id), AttachmentState::kQuarantined) << "no act without its entry";
  store_.fails = false;
  EXPECT_TRUE(admin_.post(id, "release", kBy).has_value());
  EXPECT_EQ(state(id), AttachmentState::kScanned);
  EXPECT_EQ(*house_.content(id), picture(100'000, 100'000));
  ASSERT_EQ(store_.entries.size(), 1U);
  for (const std::string& part : {std::string(R"("kind":"attachment-released")"), std::string(R"("actor":"zhang")"),
                                  R"("attachment":")" + id.str() + "\"", std::string(R"("state":"quarantined")"),
                                  std::string(R"("partner":"city-a")")})
    EXPECT_THAT(store_.entries[0], HasSubstr(part));
  EXPECT_THAT(store_.entries[0], Not(HasSubstr("误报"))) << "the reason as digest only";

  EXPECT_EQ(code_of(admin_.post(id, "release", kBy)), "admin.attachment-state") << "once is enough";
  const AttachmentId stuck = put(5000, "b");
  EXPECT_TRUE(admin_.post(stuck, "release", kBy).has_value()) << "no verdict";
  EXPECT_EQ(state(stuck), AttachmentState::kScanned);
  EXPECT_EQ(code_of(admin_.post(house_.create(picture(6000), "c"), "release", kBy)), "admin.attachment-state");
  EXPECT_EQ(code_of(admin_.post(AttachmentId(std::string(32, '0')), "release", kBy)), "gateway.not-found");
  EXPECT_EQ(code_of(admin_.post(AttachmentId("../keys"), "remove", kBy)), "gateway.not-found");
  EXPECT_EQ(code_of(admin_.post(stuck, "look", kBy)), "admin.path");
  EXPECT_EQ(store_.entries.size(), 2U) << "what does not happen leaves no entry";
}

TEST_F(AttachmentPeople, AReleaseOutlivesTheScannerAndARestart) {
  const AttachmentId id = put(5000, "a");
  ASSERT_TRUE(admin_.post(id, "release", kBy).has_value());
  EXPECT_TRUE(house_.store->settle_scan(id, ScanVerdict::kInfected).has_value()) << "a scan that was under way";
  EXPECT_EQ(state(id), AttachmentState::kScanned);
  house_.open();
  EXPECT_EQ(state(id), AttachmentState::kScanned);
}

// Every file of the store's folder that holds `bytes`.
std::vector<std::string> files_with(const std::filesystem::path& folder, const Bytes& bytes) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string content((std::istreambuf_iterator<char>(in)), {});
    if (content.find(bytes) != std::string::npos) found.push_back(entry.path().filename().string());
  }
  return found;
}

TEST_F(AttachmentPeople, RemovalLeavesNoContentNoRowAndNoCopyOfTheKey) {
  const AttachmentId kept = put(3000, "kept");
  const AttachmentId id = quarantined(100'000, "a");
  Bytes wrapped;
  {
    auto table = sql::AttachmentTable::open(house_.options.folder);
    ASSERT_TRUE(table.has_value());
    wrapped = (*(*table)->by_id(id))->wrapped_key;
  }
  ASSERT_FALSE(wrapped.empty());
  ASSERT_FALSE(files_with(house_.options.folder, wrapped).empty());
  EXPECT_TRUE(admin_.post(id, "remove", kBy).has_value());
  EXPECT_THAT(files_with(house_.options.folder, wrapped), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(house_.file(id)));
  EXPECT_EQ(code_of(house_.store->find(id)), "gateway.not-found");
  EXPECT_EQ(code_of(admin_.post(id, "remove", kBy)), "gateway.not-found");
  EXPECT_TRUE(house_.content(kept).has_value());
  EXPECT_THAT(store_.entries.back(), HasSubstr(R"("kind":"attachment-removed")"));
}

TEST_F(AttachmentPeople, RemovalThatWasCutOffIsDoneAgain) {
  const AttachmentId id = quarantined(100'000, "a");
  {
    auto table = sql::AttachmentTable::open(house_.options.folder);
    ASSERT_TRUE(table.has_value());
    ASSERT_TRUE((*table)->destroy_key(id).has_value());  // as if the process had ended here
  }
  EXPECT_THAT(listed({{"state", "quarantined"}}), ElementsAre(id.str()));
  EXPECT_TRUE(admin_.post(id, "remove", kBy).has_value());
  EXPECT_THAT(listed({}), IsEmpty());
  const Bytes content = picture(9000);
  const AttachmentId open = house_.create(content, "b");
  {
    auto writer = house_.store->append(open, kOwner, 0);
    ASSERT_TRUE(writer.has_value());
    EXPECT_EQ(code_of(admin_.post(open, "remove", kBy)), "attachment.busy") << "somebody is uploading it";
  }
  EXPECT_TRUE(admin_.post(open, "remove", kBy).has_value());
}

}  // namespace
}  // namespace tongqu::test
