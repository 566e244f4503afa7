#include "gateway/settings/config_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "gateway/settings/settings_codes.hpp"

namespace tongqu {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kPartial = ".partial";
constexpr std::string_view kLastGood = "last-good";

// Digests name folders; nothing else may.
bool is_digest(std::string_view text) {
  return text.size() >= 16 && text.size() <= 128 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Error not_kept(std::string_view what) { return make_error(codes::kCopyNotKept, std::string(what)); }

bool sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool good = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return good;
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool write_file(const fs::path& path, std::string_view bytes) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return false;
  const bool good = write_all(descriptor, bytes) && ::fsync(descriptor) == 0;
  return ::close(descriptor) == 0 && good;
}

bool make_folder(const fs::path& path) { return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST; }

// Writes the files below `target`, which is empty, and puts every folder on disk.
bool write_image(const ConfigImage& image, const fs::path& target) {
  std::set<fs::path> folders{target};
  for (const ConfigFile& file : image.files()) {
    fs::path folder = target;
    for (const fs::path& segment : fs::path(file.path).parent_path()) {
      folder /= segment;
      if (folders.insert(folder).second && !make_folder(folder)) return false;
    }
    if (!write_file(target / file.path, file.bytes)) return false;
  }
  return std::all_of(folders.begin(), folders.end(), sync_folder);
}

}  // namespace

ConfigSource::ConfigSource(fs::path directory, SpecList specs, HexHash hash, const Clock& clock)
    : directory_(std::move(directory)), specs_(specs), hash_(std::move(hash)), clock_(clock) {}

namespace {
ConfigSource::Loaded with_time(LoadReport report, Instant now) {
  ConfigSource::Loaded loaded{{}, std::move(report.faults), report.id};
  if (report.settings) loaded.snapshot.emplace(Snapshot{std::move(*report.settings), report.id, now});
  return loaded;
}
}  // namespace

ConfigSource::Loaded ConfigSource::load() const {
  return with_time(load_settings(directory_, specs_, hash_), clock_.now());
}

ConfigSource::Loaded ConfigSource::load(ConfigImage image) const {
  return with_time(load_settings(std::move(image), specs_, hash_), clock_.now());
}

KeptConfigs::KeptConfigs(fs::path state_dir, HexHash hash) : root_(state_dir / "config"), hash_(std::move(hash)) {}

Status KeptConfigs::keep_copy(const ConfigImage& image, const ConfigId& id) const {
  if (!is_digest(id.str())) return not_kept("the digest is no hexadecimal text");
  std::error_code error;
  if (fs::is_directory(folder_of(id), error)) return {};
  fs::create_directories(root_, error);
  if (error || ::chmod(root_.c_str(), 0700) != 0) return not_kept("the folder of copies cannot be made");
  const fs::path partial = root_ / (id.str() + std::string(kPartial));
  fs::remove_all(partial, error);
  if (!make_folder(partial) || !write_image(image, partial)) {
    fs::remove_all(partial, error);
    return not_kept("a file cannot be written");
  }
  fs::rename(partial, folder_of(id), error);
  if (error || !sync_folder(root_)) return not_kept("the copy cannot be put in place");
  return {};
}

Status KeptConfigs::mark_good(const ConfigId& id) const {
  std::error_code error;
  if (!is_digest(id.str()) || !fs::is_directory(folder_of(id), error)) return make_error(codes::kCopyMissing);
  const fs::path partial = root_ / (std::string(kLastGood) + std::string(kPartial));
  if (!write_file(partial, id.str() + "\n")) return not_kept("a file cannot be written");
  fs::rename(partial, root_ / kLastGood, error);
  if (error || !sync_folder(root_)) return not_kept("the mark cannot be put in place");
  return {};
}

std::optional<ConfigId> KeptConfigs::last_good() const {
  std::string text(200, '\0');
  const int descriptor = ::open((root_ / kLastGood).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  const ssize_t got = ::read(descriptor, text.data(), text.size());
  ::close(descriptor);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (text.ends_with('\n')) text.pop_back();
  if (!is_digest(text)) return std::nullopt;
  return ConfigId(std::move(text));
}

Result<ConfigImage> KeptConfigs::open_copy(const ConfigId& id, const fs::path& live_directory) const {
  std::error_code error;
  if (!is_digest(id.str()) || !fs::is_directory(folder_of(id), error)) return make_error(codes::kCopyMissing);
  FaultSink sink;
  const ConfigImage copy = ConfigImage::read(folder_of(id), {}, sink);
  if (sink.has_errors() || copy.digest(hash_) != id) return make_error(codes::kCopyAltered);
  return ConfigImage(live_directory, copy.files());
}

std::vector<ConfigId> KeptConfigs::kept() const {
  std::vector<ConfigId> ids;
  std::error_code error;
  for (fs::directory_iterator at(root_, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::error_code ignored;
    if (is_digest(name) && at->is_directory(ignored)) ids.emplace_back(name);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::size_t KeptConfigs::prune(const std::set<ConfigId>& referenced) const {
  const auto good = last_good();
  std::size_t removed = 0;
  std::error_code error;
  for (const ConfigId& id : kept()) {
    if (referenced.contains(id) || good == id) continue;
    // Under the partial name first: a removal that is interrupted must not leave half a copy that looks whole.
    const fs::path partial = root_ / (id.str() + std::string(kPartial));
    fs::remove_all(partial, error);
    fs::rename(folder_of(id), partial, error);
    if (!error) ++removed;
  }
  std::vector<fs::path> left;
  for (fs::directory_iterator at(root_, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().string().ends_with(kPartial)) left.push_back(at->path());
  }
  for (const fs::path& path : left) fs::remove_all(path, error);
  return removed;
}

}  // namespace tongqu
