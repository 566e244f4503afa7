#include "gateway/app/audit_source.hpp"

#include <charconv>
#include <fstream>
#include <iostream>

#include "gateway/app/commands.hpp"
#include "security/audit/export.hpp"
#include "security/audit/receipt_check.hpp"

namespace tongqu::app {
namespace {

constexpr std::size_t kPageEntries = 1000;

const ErrorCode kAdminAnswer{"admin.answer", ErrorKind::kUnavailable, "The gateway answered with status {}.", "网关返回状态码 {}。"};
const ErrorCode kForeignFile{"audit.file", ErrorKind::kInvalid, "The file {} is no export, receipt or evidence.", "文件 {} 不是导出、回执或证据文件。"};

Result<std::string> fetch(const AdminAddress& address, const std::string& path) {
  auto answer = admin_call(address, "GET", "/admin/v1/audit/" + path, "");
  if (answer.has_error()) return answer.error();
  if (answer->status != 200) return make_error(kAdminAnswer, std::to_string(answer->status));
  return std::move(answer->body);
}

// Entries of a running gateway, page by page.
class RemoteEntries final : public EntrySource {
 public:
  RemoteEntries(const AdminAddress& address, std::uint64_t size, const std::function<void(std::uint64_t, std::uint64_t)>& progress)
      : address_(address), size_(size), progress_(progress) {}

  [[nodiscard]] Result<std::optional<std::string>> next() override {
    if (next_ >= size_) return std::optional<std::string>();
    if (at_ >= page_.size()) {
      auto page = fetch(address_, "entries?from=" + std::to_string(next_) + "&limit=" + std::to_string(kPageEntries));
      if (page.has_error()) return page.error();
      page_ = std::move(*page);
      at_ = 0;
      if (page_.empty()) return std::optional<std::string>();
    }
    const auto end = page_.find('\n', at_);
    std::string line = page_.substr(at_, end - at_);
    at_ = end == std::string::npos ? page_.size() : end + 1;
    ++next_;
    if (progress_) progress_(next_, size_);
    return std::optional<std::string>(std::move(line));
  }

 private:
  const AdminAddress& address_;
  std::uint64_t size_;
  const std::function<void(std::uint64_t, std::uint64_t)>& progress_;
  std::string page_;
  std::size_t at_ = 0;
  std::uint64_t next_ = 0;
};

}  // namespace

}  // namespace tongqu::app
