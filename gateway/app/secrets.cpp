#include "gateway/app/secrets.hpp"

#include "gateway/core/disclosures.hpp"
#include "security/crypto/key_file.hpp"
#include "security/crypto/keys.hpp"
#include "security/crypto/month_keys.hpp"
#include "security/crypto/random.hpp"
#include "security/crypto/sealer.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu::app {

SuiteId suite_of(const Setting& gateway) { return gateway.text("suite") == "intl" ? SuiteId::kIntl : SuiteId::kGm; }

std::filesystem::path state_folder(const Setting& gateway, const std::filesystem::path& directory) {
  return (directory / gateway.text("state_dir")).lexically_normal();
}

Result<std::string> secret_text(const SecretRef& ref, const std::filesystem::path& secrets) {
  if (ref.empty()) return std::string();
  auto text = resolve_secret(ref, secrets);
  if (text.has_error()) return text.error();
  return std::string(text->reveal());
}

Result<std::unique_ptr<LogSequencer>> open_sequencer(const Setting& gateway, const std::filesystem::path& secrets) {
  const Setting& audit = gateway.object("audit");
  auto key = secret_text(audit.secret("key"), secrets);
  if (key.has_error()) return key.error();
  auto sequencer = LogSequencer::create(suite_of(gateway), audit.text("origin"), *key);
  cleanse(*key);
  return sequencer;
}

Result<std::unique_ptr<Sealer>> open_sealer(const Setting& gateway, const std::filesystem::path& secrets,
                                            const std::filesystem::path& state, const Clock& clock) {
  auto text = secret_text(gateway.object("seal").secret("master_key"), secrets);
  if (text.has_error()) return text.error();
  auto master = parse_master_key(*text);
  cleanse(*text);
  if (master.has_error()) return master.error();
  auto month_keys = open_month_key_files(state / "keys");
  if (month_keys.has_error()) return month_keys.error();
  auto sealer = make_sealer(suite_of(gateway), *master, std::move(*month_keys), clock);
  cleanse(*master);
  return sealer;
}

Result<std::unique_ptr<PersonHasher>> open_person_hasher(const Suite& suite, const Sealer& sealer,
                                                         const std::filesystem::path& state) {
  std::vector<PersonKey> keys;
  for (std::size_t version = 1; version <= DisclosureStore::kMaxPersonKeys; ++version) {
    const std::string name = "persons-" + std::to_string(version);
    const ExchangeId bound(name);  // what the wrapped key is bound to
    const auto file = state / "keys" / (name + ".key");
    auto wrapped = load_key_file(file);
    if (wrapped.has_error()) return wrapped.error();
    if (!wrapped->has_value() && version > 1) break;
    if (!wrapped->has_value()) {
      auto fresh = sealer.make_key(bound);
      if (fresh.has_error()) return fresh.error();
      cleanse(fresh->plain);
      auto kept = keep_key_file(file, fresh->wrapped);
      if (kept.has_error()) return kept.error();
      *wrapped = std::move(*kept);
    }
    auto key = sealer.unwrap(bound, **wrapped);
    if (key.has_error()) return key.error();
    keys.push_back({static_cast<std::int32_t>(version), std::move(key->plain)});
  }
  return std::make_unique<PersonHasher>(suite, std::move(keys));
}

}  // namespace tongqu::app
