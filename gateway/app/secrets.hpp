#pragma once
// Secrets of the configuration put to use.
#include <filesystem>
#include <memory>

#include "gateway/core/crypto.hpp"
#include "gateway/settings/settings.hpp"
#include "security/audit/sequencer.hpp"
#include "security/privacy/person_hash.hpp"

namespace tongqu::app {

[[nodiscard]] SuiteId suite_of(const Setting& gateway);
// The log's sequencer with its signing key. Fails with the secret's or the key's code.
[[nodiscard]] Result<std::unique_ptr<LogSequencer>> open_sequencer(const Setting& gateway,
                                                                   const std::filesystem::path& secrets);
// The sealer with its month keys under <state>/keys.
[[nodiscard]] Result<std::unique_ptr<Sealer>> open_sealer(const Setting& gateway, const std::filesystem::path& secrets,
                                                          const std::filesystem::path& state, const Clock& clock);
// Hashes persons under the keys <state>/keys/persons-N.key (N = 1, 2, …, at most DisclosureStore::kMaxPersonKeys), each
// wrapped by `sealer`; makes the first one.
[[nodiscard]] Result<std::unique_ptr<PersonHasher>> open_person_hasher(const Suite& suite, const Sealer& sealer,
                                                                       const std::filesystem::path& state);
// The text of a secret or reference; empty when it is not set.
[[nodiscard]] Result<std::string> secret_text(const SecretRef& ref, const std::filesystem::path& secrets);
// state_dir relative to the configuration directory.
[[nodiscard]] std::filesystem::path state_folder(const Setting& gateway, const std::filesystem::path& directory);

}  // namespace tongqu::app
