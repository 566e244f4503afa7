#include "gateway/app/privacy_keys.hpp"

#include <set>

#include "gateway/app/app_codes.hpp"
#include "gateway/app/secrets.hpp"
#include "security/crypto/public_sealing.hpp"
#include "security/crypto/random.hpp"
#include "security/crypto/sealer.hpp"
#include "security/crypto/suites.hpp"
#include "security/privacy/sealed_values.hpp"
#include "security/privacy/tokens.hpp"

namespace tongqu {
namespace {

constexpr std::int64_t kSoonMs = 30LL * 24 * 60 * 60 * 1000;
constexpr std::string_view kRehearsalKey = "rehearsal: not a secret";

// What the rules of all policies ask for.
struct Wanted {
  bool tokens = false;
  std::set<std::string, std::less<>> names;
};

Wanted wanted_by(const Settings& settings) {
  Wanted wanted;
  for (const NamedSetting& policy : settings.all("policy")) {
    for (const Setting& rule : policy.value.list("rules")) {
      const auto says = [&rule](const char* word) {
        return rule.text("treatment") == word || rule.text("otherwise") == word;
      };
      if (says("token")) wanted.tokens = true;
      if (says("seal")) wanted.names.insert(rule.text("to"));
    }
  }
  return wanted;
}

class KeyOpener {
 public:
  KeyOpener(SuiteId suite, const KeySource& source, std::vector<SettingsFault>& faults)
      : suite_(suite), source_(source), faults_(faults) {}

  std::shared_ptr<const TokenMaker> tokens(const Setting& gateway) {
    auto suite = make_suite(suite_);
    if (suite.has_error()) return fault(gateway, "privacy", suite.error());
    const std::int64_t version = gateway.object("privacy").integer("token_version");
    if (!source_.secrets) return std::make_shared<const TokenMaker>(std::move(*suite), kRehearsalKey, version);
    const Setting& seal = gateway.object("seal");
    auto text = app::secret_text(seal.secret("master_key"), *source_.secrets);
    if (text.has_error()) return fault(seal, "seal.master_key", text.error());
    const ScopedCleanse wipe_text(*text);
    auto master = parse_master_key(*text);
    if (master.has_error()) return fault(seal, "seal.master_key", master.error());
    const ScopedCleanse wipe_master(*master);
    return std::make_shared<const TokenMaker>(std::move(*suite), *master, version);
  }

  // `key` is an entry of `officers` or `sealing_keys`.
  std::shared_ptr<const ValueSealer> sealer(const Setting& key, const std::string& path) {
    if (!source_.secrets) return rehearsal(key, path);
    auto pem = app::secret_text(key.secret("key"), *source_.secrets);
    if (pem.has_error()) return fault(key, path, pem.error());
    auto made = make_public_sealer(suite_, *pem);
    if (made.has_error()) return fault(key, path, made.error());
    std::optional<Instant> expires = (*made)->expires();
    if (key.has("valid_until")) {
      const auto last = parse_rfc3339(key.text("valid_until") + "T23:59:59+08:00");
      if (last && (!expires || *last < *expires)) expires = last;
    }
    const std::int64_t now_ms = source_.clock->now().ms;
    if (expires && now_ms >= expires->ms) return fault(key, path, make_error(codes::kConfigKeyExpired, path));
    if (expires && now_ms + kSoonMs >= expires->ms) {
      fault(key, path, make_error(codes::kConfigKeySoon, path));
      faults_.back().grade = Grade::kWarning;
    }
    return std::make_shared<const ValueSealer>(std::move(*made), expires, source_.clock);
  }

 private:
  std::shared_ptr<const ValueSealer> rehearsal(const Setting& key, const std::string& path) {
    if (rehearsal_ != nullptr) return rehearsal_;
    auto pair = generate_sealing_key(suite_);
    if (pair.has_error()) return fault(key, path, pair.error());
    cleanse(pair->private_pem);
    auto made = make_public_sealer(suite_, pair->public_pem);
    if (made.has_error()) return fault(key, path, made.error());
    rehearsal_ = std::make_shared<const ValueSealer>(std::move(*made), std::nullopt, nullptr);
    return rehearsal_;
  }

  std::nullptr_t fault(const Setting& at, std::string path, const Error& error) {
    SettingsFault out;
    out.code = error.code;
    out.file = at.file();
    out.position = at.position();
    out.path = std::move(path);
    out.param = {error.param, error.param};
    faults_.push_back(std::move(out));
    return nullptr;
  }

  SuiteId suite_;
  const KeySource& source_;
  std::vector<SettingsFault>& faults_;
  std::shared_ptr<const ValueSealer> rehearsal_;
};

}  // namespace

PrivacyKeys PrivacyKeys::open(const Settings& settings, const KeySource& source, std::vector<SettingsFault>& faults) {
  const Setting& gateway = settings.single("gateway");
  const Wanted wanted = wanted_by(settings);
  PrivacyKeys keys;
  KeyOpener opener(app::suite_of(gateway), source, faults);
  if (wanted.tokens) keys.tokens_ = opener.tokens(gateway);
  for (const Setting& officer : gateway.map("officers")) {
    if (!wanted.names.contains(officer.key())) continue;
    keys.officers_[officer.key()] = opener.sealer(officer, "officers." + officer.key());
  }
  for (const NamedSetting& partner : settings.all("partner")) {
    for (const Setting& key : partner.value.map("sealing_keys")) {
      if (!wanted.names.contains(key.key())) continue;
      keys.partners_[partner.id][key.key()] = opener.sealer(key, "sealing_keys." + key.key());
    }
  }
  return keys;
}

PolicyTools PrivacyKeys::tools_for(const std::string& recipient) const {
  PolicyTools tools;
  tools.tokens = tokens_;
  tools.sealers = officers_;
  const auto own = partners_.find(recipient);
  if (own == partners_.end()) return tools;
  for (const auto& [name, sealer] : own->second) {
    if (const auto [at, added] = tools.sealers.emplace(name, sealer); !added) tools.sealers.erase(at);
  }
  return tools;
}

}  // namespace tongqu
