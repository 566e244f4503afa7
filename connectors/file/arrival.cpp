#include "connectors/file/arrival.hpp"

#include <algorithm>
#include <array>

#include "connectors/file/manifest.hpp"
#include "connectors/file/naming.hpp"

namespace tongqu::file {
namespace {

constexpr std::size_t kMaxNameBytes = 200;
constexpr std::array<std::string_view, 7> kNever{".tmp", ".part",       ".filepart",  ".swp",
                                                 "~",    kErrorsSuffix, kResultSuffix};

}  // namespace

bool Arrival::candidate(const std::string& name) const {
  if (name.empty() || name.size() > kMaxNameBytes || name.front() == '.' || name.find('/') != std::string::npos)
    return false;
  if (std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; })) return false;
  if (std::any_of(kNever.begin(), kNever.end(), [&](std::string_view end) { return name.ends_with(end); }))
    return false;
  if (rule_.ready == Ready::kMarker && name.ends_with(rule_.marker)) return false;
  if (rule_.sidecar && name.ends_with(kManifestSuffix)) return false;
  return fits(rule_.pattern, name);
}

bool Arrival::unchanged(const FileInfo& file) const {
  const auto found = before_.find(file.name);
  return found != before_.end() && found->second.size_bytes == file.size_bytes &&
         found->second.mtime_ms == file.mtime_ms;
}

std::vector<FileInfo> Arrival::look(const Listing& listing) {
  std::map<std::string, FileInfo> now;
  for (const FileInfo& file : listing.files) now.emplace(file.name, file);
  std::vector<FileInfo> whole;
  for (const FileInfo& file : listing.files) {
    if (!candidate(file.name)) continue;
    if (rule_.ready == Ready::kMarker && !now.contains(file.name + rule_.marker)) continue;
    if (rule_.ready == Ready::kStable && !unchanged(file)) continue;
    if (rule_.sidecar) {
      const auto manifest = now.find(file.name + std::string(kManifestSuffix));
      if (manifest == now.end()) continue;
      if (rule_.ready == Ready::kStable && !unchanged(manifest->second)) continue;
    }
    whole.push_back(file);
  }
  std::sort(whole.begin(), whole.end(), [](const FileInfo& a, const FileInfo& b) {
    return a.mtime_ms != b.mtime_ms ? a.mtime_ms < b.mtime_ms : a.name < b.name;
  });
  before_ = std::move(now);
  return whole;
}

std::vector<std::string> Arrival::companions(const std::string& name) const {
  std::vector<std::string> names;
  if (rule_.ready == Ready::kMarker) names.push_back(name + rule_.marker);
  if (rule_.sidecar) names.push_back(name + std::string(kManifestSuffix));
  return names;
}

}  // namespace tongqu::file
