#include "gateway/settings/secret.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "gateway/settings/scalars.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/settings/settings_codes.hpp"

namespace tongqu {
namespace {

class OpenFile {
 public:
  explicit OpenFile(const char* path) : descriptor_(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// A buffer that is wiped on every way out.
struct WipedBuffer {
  std::unique_ptr<char[]> bytes = std::make_unique<char[]>(kMaxSecretBytes + 2);
  std::size_t size = 0;
  ~WipedBuffer() { ::explicit_bzero(bytes.get(), kMaxSecretBytes + 2); }
};

bool is_variable(std::string_view name) {
  if (name.empty() || name.size() > 128 || (name[0] >= '0' && name[0] <= '9')) return false;
  return name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
         std::string_view::npos;
}

Result<SecretText> accept(std::string_view bytes, const SecretRef& ref) {
  if (bytes.ends_with('\n')) bytes.remove_suffix(1);
  if (bytes.ends_with('\r')) bytes.remove_suffix(1);
  if (bytes.size() > kMaxSecretBytes) return make_error(codes::kSecretTooLarge, std::to_string(kMaxSecretBytes));
  if (bytes.empty()) return make_error(codes::kSecretEmpty, ref.text());
  return SecretText(bytes);
}

Result<SecretText> read_secret_file(const SecretRef& ref, const std::filesystem::path& base_dir,
                                    std::vector<SettingsFault>* warnings) {
  const std::filesystem::path path = base_dir / ref.name;  // an absolute name replaces the base
  const OpenFile file(path.c_str());
  struct stat status{};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return make_error(codes::kSecretUnreadable, ref.text());
  if (warnings != nullptr && (status.st_mode & 077U) != 0) {
    warnings->push_back({.code = &codes::kSecretFileMode,
                         .param = {ref.text(), ref.text()},
                         .expected = {"mode 0600 or 0400", "权限 0600 或 0400"},
                         .grade = Grade::kWarning});
  }
  WipedBuffer buffer;
  // Two bytes more than the limit: a line end may stand behind the longest secret.
  while (buffer.size < kMaxSecretBytes + 2) {
    const ssize_t got = ::read(file.get(), buffer.bytes.get() + buffer.size, kMaxSecretBytes + 2 - buffer.size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return make_error(codes::kSecretUnreadable, ref.text());
    if (got == 0) break;
    buffer.size += static_cast<std::size_t>(got);
  }
  return accept({buffer.bytes.get(), buffer.size}, ref);
}

}  // namespace

std::string SecretRef::text() const {
  switch (scheme) {
    case Scheme::kFile: return "${file:" + name + "}";
    case Scheme::kEnv: return "${env:" + name + "}";
    case Scheme::kPkcs11: return "pkcs11:";
    case Scheme::kNone: break;
  }
  return {};
}

std::optional<SecretRef> parse_secret_ref(std::string_view text) {
  if (text.starts_with("pkcs11:") || text.starts_with("${pkcs11:")) return SecretRef{SecretRef::Scheme::kPkcs11, {}};
  if (!text.starts_with("${") || !text.ends_with('}')) return std::nullopt;
  const std::string_view inner = text.substr(2, text.size() - 3);
  if (inner.find_first_of("${}\n") != std::string_view::npos) return std::nullopt;
  if (inner.starts_with("file:")) {
    const std::string_view name = inner.substr(5);
    if (name.size() > 1024 || !is_safe_path(name)) return std::nullopt;
    return SecretRef{SecretRef::Scheme::kFile, std::string(name)};
  }
  if (inner.starts_with("env:") && is_variable(inner.substr(4)))
    return SecretRef{SecretRef::Scheme::kEnv, std::string(inner.substr(4))};
  return std::nullopt;
}

SecretText::SecretText(std::string_view bytes) : bytes_(std::make_unique<char[]>(bytes.size())), size_(bytes.size()) {
  std::memcpy(bytes_.get(), bytes.data(), bytes.size());
}
SecretText::SecretText(SecretText&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}
SecretText& SecretText::operator=(SecretText&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}
SecretText::~SecretText() { wipe(); }
void SecretText::wipe() {
  if (size_ > 0) ::explicit_bzero(bytes_.get(), size_);
}

Result<SecretText> resolve_secret(const SecretRef& ref, const std::filesystem::path& base_dir,
                                  std::vector<SettingsFault>* warnings) {
  switch (ref.scheme) {
    case SecretRef::Scheme::kFile: return read_secret_file(ref, base_dir, warnings);
    case SecretRef::Scheme::kEnv: {
      const char* value = std::getenv(ref.name.c_str());
      if (value == nullptr) return make_error(codes::kSecretUnreadable, ref.text());
      return accept(value, ref);
    }
    case SecretRef::Scheme::kPkcs11: return make_error(codes::kSecretPkcs11);
    case SecretRef::Scheme::kNone: break;
  }
  return make_error(codes::kSecretUnreadable, "");
}

std::vector<SettingsFault> check_secrets(const Settings& settings, const std::filesystem::path& base_dir) {
  FaultSink sink;
  settings.for_each([&](const std::string& path, const Setting& setting) {
    const SettingType type = setting.spec().type;
    if (!setting.present() || (type != SettingType::kSecret && type != SettingType::kReference)) return;
    std::vector<SettingsFault> warnings;
    const Result<SecretText> secret =
        resolve_secret(setting.secret(), base_dir, type == SettingType::kSecret ? &warnings : nullptr);
    if (secret.has_error()) {
      const Error& error = secret.error();
      warnings.push_back({.code = error.code, .param = {error.param, error.param}});
    }
    for (SettingsFault& fault : warnings) {
      fault.file = setting.file();
      fault.position = setting.position();
      fault.path = path;
      sink.add(std::move(fault));
    }
  });
  return sink.take();
}

}  // namespace tongqu
