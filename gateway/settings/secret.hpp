#pragma once
// Secrets are references in the configuration and unprintable values in memory.
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"
#include "gateway/settings/settings_fault.hpp"

namespace tongqu {

// Where a secret is: "${file:city-a.key}" or "${env:TONGQU_MASTER}". Certificates and public keys are named the same
// way.
struct SecretRef {
  enum class Scheme : std::uint8_t { kNone, kFile, kEnv, kPkcs11 };
  Scheme scheme = Scheme::kNone;  // kNone: the field is not set
  std::string name;               // file name or name of the environment variable
  [[nodiscard]] bool empty() const { return scheme == Scheme::kNone; }
  [[nodiscard]] std::string text() const;  // as written
  friend bool operator==(const SecretRef&, const SecretRef&) = default;
};

// Empty for anything else, literals included. A file name is a safe path of at most 1024 bytes; a variable is
// [A-Za-z_][A-Za-z0-9_]{0,127}.
[[nodiscard]] std::optional<SecretRef> parse_secret_ref(std::string_view text);

// Bytes that cannot be printed, streamed, formatted, copied or compared by accident, zeroed when they go. Moving
// leaves nothing behind. reveal() is the only way in, so that a reader of the code finds every use.
class SecretText {
 public:
  SecretText() = default;
  // Copies `bytes`; the caller's own copy is the caller's to wipe.
  explicit SecretText(std::string_view bytes);
  SecretText(SecretText&& other) noexcept;
  SecretText& operator=(SecretText&& other) noexcept;
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  ~SecretText();

  [[nodiscard]] std::string_view reveal() const { return {bytes_.get(), size_}; }  // valid while this lives
  [[nodiscard]] bool empty() const { return size_ == 0; }

  template <class Stream>
  friend Stream& operator<<(Stream&, const SecretText&) = delete;
  friend bool operator==(const SecretText&, const SecretText&) = delete;  // equal_constant_time(reveal(), …)

 private:
  void wipe();
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

inline constexpr std::size_t kMaxSecretBytes = 64U << 10U;

// Reads the secret. Relative file names start at `base_dir`, the folder of secrets (by default secrets/ in the live
// configuration directory; kept copies of a configuration have none). One line end at the end is stripped. Errors:
// secret.unreadable (missing, no permission, no regular file, variable not set), secret.too-large, secret.empty,
// secret.pkcs11. A file that others on the machine may read adds the warning secret.file-mode to `warnings` (may be
// null). No error carries its content.
[[nodiscard]] Result<SecretText> resolve_secret(const SecretRef& ref, const std::filesystem::path& base_dir,
                                                std::vector<SettingsFault>* warnings = nullptr);

class Settings;
// Resolves every secret and reference that `settings` names and throws the values away: all that is missing or readable
// for others, at once, each with the place of its reference. A public reference may be readable for all. For `check`
// and for start.
[[nodiscard]] std::vector<SettingsFault> check_secrets(const Settings& settings, const std::filesystem::path& base_dir);

}  // namespace tongqu
