#include "security/crypto/sealer.hpp"

#include <cstdio>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "security/crypto/crypto_codes.hpp"
#include "security/crypto/random.hpp"
#include "security/crypto/sealing.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kMonthBytes = 7;
constexpr std::string_view kDataKeyContext = "data-key";
constexpr std::string_view kMonthKeyContext = "month-key";

std::string month_of(Instant at) {
  const CivilTime civil = to_beijing(at);
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d", civil.year, civil.month);
  return text.data();
}

// Opens and creates month keys, and keeps the plain ones until its end.
class MonthKeyRing {
 public:
  MonthKeyRing(Bytes master_key, std::unique_ptr<MonthKeys> store)
      : master_key_(std::move(master_key)), store_(std::move(store)) {}
  MonthKeyRing(const MonthKeyRing&) = delete;
  MonthKeyRing& operator=(const MonthKeyRing&) = delete;
  ~MonthKeyRing() {
    forget();
    cleanse(master_key_);
  }

  enum class WhenMissing : std::uint8_t { kFail, kCreate };

  // Calls `use` with the plain key while it is held.
  template <class Use>
  Result<Bytes> with(const Sealing& sealing, const std::string& month, WhenMissing when_missing, Use&& use) {
    {
      const std::shared_lock lock(mutex_);
      const auto found = plain_.find(month);
      if (found != plain_.end()) return use(found->second);
    }
    const std::unique_lock lock(mutex_);
    auto found = plain_.find(month);
    if (found == plain_.end()) {
      auto key = fetch(sealing, month, when_missing);
      if (key.has_error()) return key.error();
      if (plain_.size() >= kMaxMonthKeys) forget();
      found = plain_.emplace(month, std::move(*key)).first;
    }
    return use(found->second);
  }

 private:
  Result<Bytes> fetch(const Sealing& sealing, const std::string& month, WhenMissing when_missing) {
    auto wrapped = store_->load(month);
    if (wrapped.has_error()) return wrapped.error();
    if (wrapped->has_value()) return open(sealing, month, **wrapped);
    if (when_missing == WhenMissing::kFail) return make_error(codes::kCryptoMonthKey, month);
    auto fresh = random_bytes(kSealKeyBytes);
    if (fresh.has_error()) return fresh.error();
    const ScopedCleanse wipe(*fresh);
    const auto sealed = sealing.seal(master_key_, kMonthKeyContext, month, *fresh);
    if (sealed.has_error()) return sealed.error();
    const auto kept = store_->keep(month, *sealed);
    if (kept.has_error()) return kept.error();
    return open(sealing, month, *kept);
  }

  [[nodiscard]] Result<Bytes> open(const Sealing& sealing, const std::string& month, std::string_view wrapped) const {
    auto plain = sealing.open(master_key_, kMonthKeyContext, month, wrapped);
    if (plain.has_error() || plain->size() != kSealKeyBytes) return make_error(codes::kCryptoMonthKey, month);
    return plain;
  }

  void forget() {
    for (auto& [month, key] : plain_) cleanse(key);
    plain_.clear();
  }

  Bytes master_key_;
  std::unique_ptr<MonthKeys> store_;
  std::shared_mutex mutex_;
  std::map<std::string, Bytes, std::less<>> plain_;
};

class LayeredSealer final : public Sealer {
 public:
  LayeredSealer(std::unique_ptr<Sealing> sealing, Bytes master_key, std::unique_ptr<MonthKeys> store,
                const Clock& clock)
      : sealing_(std::move(sealing)),
        ring_(std::make_unique<MonthKeyRing>(std::move(master_key), std::move(store))),
        clock_(clock) {}

  [[nodiscard]] Result<SealKey> make_key(const ExchangeId& exchange) const override {
    auto plain = random_bytes(kSealKeyBytes);
    if (plain.has_error()) return plain.error();
    const std::string month = month_of(clock_.now());
    const auto wrapped = ring_->with(
        *sealing_, month, MonthKeyRing::WhenMissing::kCreate,
        [&](std::string_view month_key) { return sealing_->seal(month_key, kDataKeyContext, exchange.str(), *plain); });
    if (wrapped.has_error()) {
      cleanse(*plain);
      return wrapped.error();
    }
    return SealKey{exchange, kVersion + month + *wrapped, std::move(*plain)};
  }

  [[nodiscard]] Result<SealKey> unwrap(const ExchangeId& exchange, std::string_view wrapped) const override {
    if (wrapped.size() <= 1 + kMonthBytes || wrapped[0] != kVersion || !is_month(wrapped.substr(1, kMonthBytes)))
      return make_error(codes::kCryptoWrapped);
    const std::string month(wrapped.substr(1, kMonthBytes));
    auto plain = ring_->with(*sealing_, month, MonthKeyRing::WhenMissing::kFail, [&](std::string_view month_key) {
      return sealing_->open(month_key, kDataKeyContext, exchange.str(), wrapped.substr(1 + kMonthBytes));
    });
    if (plain.has_error()) {
      if (plain.error().code == &codes::kCryptoSealed) return make_error(codes::kCryptoWrapped);
      return plain.error();
    }
    return SealKey{exchange, Bytes(wrapped), std::move(*plain)};
  }

  [[nodiscard]] Result<Bytes> seal(const SealKey& key, std::string_view context,
                                   std::string_view plain) const override {
    return sealing_->seal(key.plain, context, key.exchange.str(), plain);
  }

  [[nodiscard]] Result<Bytes> open(const SealKey& key, std::string_view context,
                                   std::string_view sealed) const override {
    return sealing_->open(key.plain, context, key.exchange.str(), sealed);
  }

 private:
  std::unique_ptr<Sealing> sealing_;
  std::unique_ptr<MonthKeyRing> ring_;
  const Clock& clock_;
};

}  // namespace

Result<Bytes> parse_master_key(std::string_view secret) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = secret.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return make_error(codes::kCryptoKey, "32 or 64 bytes as hex or base64");
  secret = secret.substr(first, secret.find_last_not_of(kSpace) - first + 1);
  // 32 and 64 bytes are 64 and 128 characters of hex, 44 and 88 of base64: the length says which.
  auto bytes = secret.size() == 64 || secret.size() == 128 ? from_hex(secret) : from_base64(secret);
  if (!bytes) return make_error(codes::kCryptoKey, "32 or 64 bytes as hex or base64");
  if (bytes->size() == kSealKeyBytes) return std::move(*bytes);
  const ScopedCleanse wipe(*bytes);
  if (bytes->size() != 2 * kSealKeyBytes) return make_error(codes::kCryptoKey, "32 or 64 bytes as hex or base64");
  const auto suite = make_suite(SuiteId::kGm);
  if (suite.has_error()) return suite.error();
  return Bytes(as_text((*suite)->hmac(*bytes, {"master-key"})));
}

Result<std::unique_ptr<Sealer>> make_sealer(SuiteId suite, std::string_view master_key,
                                            std::unique_ptr<MonthKeys> month_keys, const Clock& clock) {
  if (master_key.size() != kSealKeyBytes) return make_error(codes::kCryptoKey, "32 bytes");
  auto sealing = make_sealing(suite);
  if (sealing.has_error()) return sealing.error();
  return std::unique_ptr<Sealer>{
      std::make_unique<LayeredSealer>(std::move(*sealing), Bytes(master_key), std::move(month_keys), clock)};
}

}  // namespace tongqu
