#include "connectors/http/poll_position.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "connectors/http/http_codes.hpp"

namespace tongqu {
namespace {

constexpr const char* kFile = "http-poll.position";
constexpr const char* kFresh = "http-poll.position.new";

bool sync_path(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool synced = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return synced;
}

}  // namespace

Result<std::string> PollPosition::load(const std::string& otherwise) const {
  std::error_code failed;
  const bool exists = std::filesystem::exists(folder_ / kFile, failed);
  if (failed) return make_error(codes::kPollCursor, "read");
  if (!exists) return otherwise;
  std::ifstream in(folder_ / kFile, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return make_error(codes::kPollCursor, "read");
  return text.str();
}

Status PollPosition::save(const std::string& position) const {
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (!failed) std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, failed);
  if (failed) return make_error(codes::kPollCursor, "written");
  {
    std::ofstream out(folder_ / kFresh, std::ios::binary | std::ios::trunc);
    out << position;
    out.close();
    if (!out) return make_error(codes::kPollCursor, "written");
  }
  if (!sync_path(folder_ / kFresh)) return make_error(codes::kPollCursor, "written");
  std::filesystem::rename(folder_ / kFresh, folder_ / kFile, failed);
  if (failed || !sync_path(folder_)) return make_error(codes::kPollCursor, "written");
  return {};
}

}  // namespace tongqu
