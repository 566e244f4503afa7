#include "security/identity/sharing_session.hpp"

#include <algorithm>
#include <charconv>
#include <mutex>

#include "security/crypto/random.hpp"
#include "security/crypto/suites.hpp"
#include "security/identity/credentials.hpp"
#include "security/identity/identity_codes.hpp"
#include "security/identity/sharing_scheme.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kMaxSecretBytes = 1024;
// A Date header counts whole seconds and is written before it travels; below this, clocks are not the trouble.
constexpr std::int64_t kClocksDifferMs = 60'000;

struct SessionKey {
  std::uint64_t number = 0;  // 0 = none
  Bytes secret;
  std::int64_t ends_ms = 0;
  std::int64_t renew_ms = 0;
};

// What a good answer holds.
struct Granted {
  Bytes secret;
  std::int64_t ends_ms = 0;
};

std::optional<std::int64_t> epoch_ms(const Node* node) {
  if (node == nullptr || (node->kind != Kind::kNumber && node->kind != Kind::kText)) return std::nullopt;
  std::int64_t value = 0;
  const std::string_view text = node->text;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

class SharingSession final : public SessionSigner {
 public:
  SharingSession(SharingSessionOptions options, std::unique_ptr<Suite> sha256, const Codec& json, const Clock& clock)
      : options_(std::move(options)), sha256_(std::move(sha256)), json_(json), clock_(clock) {}
  SharingSession(const SharingSession&) = delete;
  SharingSession& operator=(const SharingSession&) = delete;
  ~SharingSession() override {
    cleanse(options_.app_key);
    cleanse(key_.secret);
  }

  [[nodiscard]] Step prepare(HttpRequest& request) override {
    const std::lock_guard lock(mutex_);
    const std::int64_t now = clock_.now().ms;
    if (key_.number == 0 || now >= key_.ends_ms) {
      if (fetching_) return {Action::kWait, 0};
      fetching_ = true;
      return {Action::kFetch, 0};
    }
    sign(request, key_.secret, options_.sid, now);
    if (fetching_ || now < key_.renew_ms || now < quiet_until_ms_) return {Action::kSend, key_.number};
    fetching_ = true;
    return {Action::kSendAndFetch, key_.number};
  }

  void prepare_key_request(HttpRequest& request) override {
    const std::lock_guard lock(mutex_);
    sign(request, options_.app_key, options_.key_sid, clock_.now().ms);
    set_header(request.headers, "Content-Type", "application/json");
    request.body = "{}";
  }

  [[nodiscard]] Status key_answer(const HttpResponse& answer) override {
    Result<Granted> granted = read(answer);
    const std::lock_guard lock(mutex_);
    fetching_ = false;
    if (granted.has_value()) {
      const Status taken = take(*granted, answer);
      cleanse(granted->secret);
      if (taken.has_value()) return {};
      granted = taken.error();
    }
    quiet_until_ms_ = clock_.now().ms + options_.pause_after_failure_ms;
    return granted.error();
  }

  void key_failed() override {
    const std::lock_guard lock(mutex_);
    fetching_ = false;
    quiet_until_ms_ = clock_.now().ms + options_.pause_after_failure_ms;
  }

  void rejected(std::uint64_t key) override {
    const std::lock_guard lock(mutex_);
    if (key_.number != key) return;
    cleanse(key_.secret);
    key_.number = 0;
  }

 private:
  // Requests of the same millisecond would carry the same signature, and the receiver would take the second for a
  // replay: the time counts on instead.
  void sign(HttpRequest& request, std::string_view key, const std::string& sid, std::int64_t now) {
    last_rtime_ms_ = std::max(now, last_rtime_ms_ + 1);
    const std::string rtime = std::to_string(last_rtime_ms_);
    set_header(request.headers, kSharingRid, options_.rid);
    set_header(request.headers, kSharingSid, sid);
    set_header(request.headers, kSharingTime, rtime);
    set_header(request.headers, kSharingSign, sharing_signature(*sha256_, key, sid, options_.rid, rtime));
  }

  // A partner that finds the time wrong often says no more than "refused".
  [[nodiscard]] bool clocks_differ(const HttpResponse& answer) const {
    const auto theirs = parse_http_date(header(answer.headers, "Date"));
    return theirs && std::max(theirs->ms, clock_.now().ms) - std::min(theirs->ms, clock_.now().ms) > kClocksDifferMs;
  }
  [[nodiscard]] Error clock_error(const HttpResponse& answer, const std::string& more) const {
    const auto theirs = parse_http_date(header(answer.headers, "Date"));
    return make_error(codes::kSessionKeyClock, "gateway " + to_beijing_text(clock_.now()) + ", partner " +
                                                   (theirs ? to_beijing_text(*theirs) : "?") + more);
  }

  [[nodiscard]] Result<Granted> read(const HttpResponse& answer) const {
    if (answer.status < 200 || answer.status > 299) return make_error(codes::kSessionKeyUnavailable);
    Document document;
    if (json_.decode(answer.body, DecodeLimits{.max_bytes = 64 * 1024, .max_depth = 8, .max_nodes = 200}, document)
            .has_error())
      return make_error(codes::kSessionKeyUnreadable, "JSON");
    const Node* code = at_path(document.root(), "code");
    if (code == nullptr || !code->is_scalar()) return make_error(codes::kSessionKeyUnreadable, "code");
    const auto& forbidden = options_.forbidden_codes;
    const auto known = std::find(forbidden.begin(), forbidden.end(), code->text);
    if (known != forbidden.end()) return make_error(codes::kSessionKeyForbidden, *known);
    if (code->text != "0")
      return clocks_differ(answer) ? clock_error(answer, {}) : make_error(codes::kSessionKeyUnavailable);
    const auto ends_ms = epoch_ms(at_path(document.root(), "data.secretEndTime"));
    if (!ends_ms) return make_error(codes::kSessionKeyUnreadable, "data.secretEndTime");
    const Node* secret = at_path(document.root(), "data.secret");
    if (secret == nullptr || secret->kind != Kind::kText)
      return make_error(codes::kSessionKeyUnreadable, "data.secret");
    const auto sealed = from_base64(secret->text);
    auto plain = sealed ? aes_decrypt(options_.secret_cipher, options_.app_key, *sealed) : std::nullopt;
    if (!plain || plain->size() < kMinSharingKeyBytes || plain->size() > kMaxSecretBytes)
      return make_error(codes::kSessionKeyUnreadable, "data.secret");
    return Granted{std::move(*plain), *ends_ms};
  }

  // A key that is over when it comes says that the two clocks differ.
  [[nodiscard]] Status take(Granted& granted, const HttpResponse& answer) {
    const Instant now = clock_.now();
    if (granted.ends_ms <= now.ms) {
      const auto theirs = parse_http_date(header(answer.headers, "Date"));
      return make_error(codes::kSessionKeyClock, "gateway " + to_beijing_text(now) + ", partner " +
                                                     (theirs ? to_beijing_text(*theirs) : "?") + ", key until " +
                                                     to_beijing_text({granted.ends_ms}));
    }
    cleanse(key_.secret);
    key_.number = ++last_number_;
    key_.secret = granted.secret;
    key_.ends_ms = granted.ends_ms;
    key_.renew_ms = std::max(granted.ends_ms - options_.renew_before_ms, now.ms + (granted.ends_ms - now.ms) / 2);
    quiet_until_ms_ = 0;
    return {};
  }

  SharingSessionOptions options_;
  const std::unique_ptr<Suite> sha256_;
  const Codec& json_;
  const Clock& clock_;
  std::mutex mutex_;  // guards all below
  SessionKey key_;
  std::uint64_t last_number_ = 0;
  bool fetching_ = false;
  std::int64_t quiet_until_ms_ = 0;
  std::int64_t last_rtime_ms_ = 0;
};

}  // namespace

Result<std::unique_ptr<SessionSigner>> make_sharing_session(SharingSessionOptions options, const Codec& json,
                                                            const Clock& clock) {
  if (!is_aes_key(options.app_key)) return make_error(codes::kIdentitySetup, "key length: 16, 24 or 32 bytes");
  if (options.rid.empty() || options.sid.empty() || options.key_sid.empty())
    return make_error(codes::kIdentitySetup, "rid, sid, key_sid");
  auto sha256 = make_suite(SuiteId::kIntl);
  if (sha256.has_error()) return sha256.error();
  return std::unique_ptr<SessionSigner>{
      std::make_unique<SharingSession>(std::move(options), std::move(*sha256), json, clock)};
}

}  // namespace tongqu
