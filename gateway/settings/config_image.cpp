#include "gateway/settings/config_image.hpp"

#include <algorithm>
#include <fstream>

#include "gateway/settings/settings_codes.hpp"

namespace tongqu {
namespace fs = std::filesystem;
namespace {

Words number(std::size_t value) { return {std::to_string(value), std::to_string(value)}; }

bool is_yaml(std::string_view path) { return path.ends_with(".yaml") || path.ends_with(".yml"); }

// Walks the directory once; stops at the first limit of the whole, and goes on behind a fault of one file.
class Reader {
 public:
  Reader(const fs::path& directory, const ConfigLimits& limits, FaultSink& sink)
      : directory_(directory), limits_(limits), sink_(sink) {}

  std::vector<ConfigFile> run() {
    std::error_code error;
    fs::recursive_directory_iterator at(directory_, error);
    if (error) {
      fault(codes::kSettingsUnreadable, "", {error.message(), "目录不存在或没有权限"});
      return {};
    }
    for (const fs::recursive_directory_iterator end; at != end;) {
      if (!visit(at)) break;
      at.increment(error);
      if (error) {
        fault(codes::kSettingsUnreadable, "", {error.message(), "没有权限或目录已改变"});
        break;
      }
    }
    return std::move(files_);
  }

 private:
  void fault(const ErrorCode& code, const std::string& file, Words param) {
    sink_.add({.code = &code, .file = file, .param = std::move(param)});
  }

  bool visit(fs::recursive_directory_iterator& at) {
    const std::string name = at->path().filename().string();
    const std::string path = at->path().lexically_relative(directory_).generic_string();
    std::error_code error;
    const bool folder = at->is_directory(error);
    const bool left_out = name.starts_with('.') || name.ends_with('~') || path == "cases" || path == "secrets";
    if (folder && !at->is_symlink(error)) {
      if (left_out || at.depth() >= limits_.max_folder_depth) at.disable_recursion_pending();
      if (!left_out && at.depth() >= limits_.max_folder_depth)
        fault(codes::kSettingsUnreadable, path, {"folders are nested too deep", "文件夹嵌套过深"});
      return true;
    }
    if (left_out || folder) return true;
    if (!at->is_regular_file(error)) {
      fault(codes::kSettingsUnreadable, path, {"it is no regular file", "不是普通文件"});
      return true;
    }
    return take(at->path(), path);
  }

  bool take(const fs::path& place, const std::string& path) {
    if (files_.size() >= limits_.max_files) {
      fault(codes::kSettingsTooManyFiles, "", number(limits_.max_files));
      return false;
    }
    const std::size_t rest = limits_.max_total_bytes - total_bytes_;
    const std::size_t most = is_yaml(path) ? std::min(limits_.max_yaml_bytes, rest) : rest;
    std::ifstream in(place, std::ios::binary);
    std::string bytes;
    if (!in || !read_up_to(in, most + 1, bytes)) {
      fault(codes::kSettingsUnreadable, path, {"no permission", "没有权限"});
      return true;
    }
    if (bytes.size() > rest) {
      fault(codes::kSettingsTotalTooLarge, "", number(limits_.max_total_bytes));
      return false;
    }
    if (bytes.size() > most) {
      fault(codes::kSettingsFileTooLarge, path, number(limits_.max_yaml_bytes));
      return true;
    }
    total_bytes_ += bytes.size();
    files_.push_back({path, std::move(bytes)});
    return true;
  }

  static bool read_up_to(std::istream& in, std::size_t max_bytes, std::string& out) {
    constexpr std::size_t kChunkBytes = 1U << 16U;
    while (in && out.size() < max_bytes) {
      const std::size_t had = out.size();
      out.resize(std::min(had + kChunkBytes, max_bytes));
      in.read(out.data() + had, static_cast<std::streamsize>(out.size() - had));
      out.resize(had + static_cast<std::size_t>(in.gcount()));
    }
    return !in.bad();
  }

  const fs::path& directory_;
  const ConfigLimits& limits_;
  FaultSink& sink_;
  std::vector<ConfigFile> files_;
  std::size_t total_bytes_ = 0;
};

}  // namespace

ConfigImage::ConfigImage(fs::path directory, std::vector<ConfigFile> files)
    : directory_(std::move(directory)), files_(std::move(files)) {
  std::sort(files_.begin(), files_.end(), [](const ConfigFile& a, const ConfigFile& b) { return a.path < b.path; });
}

ConfigImage ConfigImage::read(const fs::path& directory, const ConfigLimits& limits, FaultSink& sink) {
  return {directory, Reader(directory, limits, sink).run()};
}

const ConfigFile* ConfigImage::find(std::string_view path) const {
  const auto at = std::lower_bound(files_.begin(), files_.end(), path,
                                   [](const ConfigFile& file, std::string_view wanted) { return file.path < wanted; });
  return at != files_.end() && at->path == path ? &*at : nullptr;
}

ConfigId ConfigImage::digest(const HexHash& hash) const {
  std::string manifest = "tongqu-config 1\n";
  for (const ConfigFile& file : files_)
    manifest.append(hash(file.bytes))
        .append(" ")
        .append(std::to_string(file.bytes.size()))
        .append(" ")
        .append(file.path)
        .append("\n");
  return ConfigId(hash(manifest));
}

}  // namespace tongqu
