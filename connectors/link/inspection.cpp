#include "connectors/link/inspection.hpp"

#include <set>

namespace tongqu::link {

bool Inspection::settled(const file::FileInfo& file, std::int64_t steady_ms) {
  const auto [at, fresh] = seen_.try_emplace(file.name, Seen{file.size_bytes, file.mtime_ms, steady_ms});
  Seen& seen = at->second;
  if (!fresh && (seen.size_bytes != file.size_bytes || seen.mtime_ms != file.mtime_ms)) {
    seen = {file.size_bytes, file.mtime_ms, steady_ms};
  }
  return steady_ms - seen.since_ms >= settle_ms_;
}

Status Inspection::quarantine(const file::FileInfo& file, const Error& why, std::size_t max_bytes, Instant now) {
  if (auto status = state_.make_folder("quarantine"); status.has_error()) return status;
  const auto listing = state_.list("quarantine", kMaxQuarantined);
  if (listing.has_error()) return listing.error();
  if (!listing->cut) {
    const std::string name = "quarantine/" + file.name + "-" + std::to_string(now.ms);
    if (file.size_bytes <= max_bytes) {
      const auto bytes = file::read_whole(in_, file.name, max_bytes);
      if (bytes.has_error()) return bytes.error();
      if (auto status = file::replace_file(state_, name, *bytes); status.has_error()) return status;
    }
    const std::string reason =
        std::string(why.code->id) + "\n" + why.text(Lang::kEnglish) + "\n" + why.text(Lang::kChinese) + "\n";
    if (auto status = file::replace_file(state_, name + ".error.txt", reason); status.has_error()) return status;
  }
  seen_.erase(file.name);
  return in_.remove(file.name);
}

void Inspection::keep_only(const std::vector<file::FileInfo>& present) {
  std::set<std::string> names;
  for (const file::FileInfo& file : present) names.insert(file.name);
  std::erase_if(seen_, [&names](const auto& entry) { return !names.contains(entry.first); });
}

}  // namespace tongqu::link
