// The part of FileAttachments for derivatives.
#include <filesystem>

#include "gateway/store/attachment_codes.hpp"
#include "gateway/store/file_attachments.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kStraysPerCall = 1000;

}  // namespace

Status FileAttachments::want_derivative(const AttachmentId& original) {
  const std::lock_guard lock(mutex_);
  return derivatives_->want(original);
}

Result<std::optional<Derivative>> FileAttachments::derivative(const AttachmentId& original) {
  const std::lock_guard lock(mutex_);
  return derivatives_->by_original(original);
}

Result<std::vector<AttachmentId>> FileAttachments::underived(const AttachmentId& after, std::size_t limit,
                                                             bool without_scan) {
  const std::lock_guard lock(mutex_);
  return derivatives_->underived(after, limit, without_scan);
}

Status FileAttachments::settle_derivative(const AttachmentId& original, const AttachmentId& copy) {
  const std::lock_guard lock(mutex_);
  const auto settled = derivatives_->settle(original, copy);
  if (settled.has_error()) return settled.error();
  if (*settled) return {};
  // Settled before: the copy that is there stays.
  const auto known = derivatives_->by_original(original);
  if (known.has_value() && *known && (*known)->copy == copy) return {};
  if (auto status = destroy_locked(copy); status.has_error()) return status;
  return make_error(codes::kAttachmentWrongState, "removed");
}

Status FileAttachments::no_derivative(const AttachmentId& original, std::string_view code) {
  const std::lock_guard lock(mutex_);
  return derivatives_->fail(original, code);
}

// The copy before the original: after a crash between the two the command is repeated.
Status FileAttachments::destroy_copy_locked(const AttachmentId& original) {
  const auto known = derivatives_->by_original(original);
  if (known.has_error()) return known.error();
  if (!*known) return {};
  if (!(*known)->copy.empty()) {
    if (auto status = destroy_locked((*known)->copy); status.has_error()) return status;
  }
  return derivatives_->erase(original);
}

Status FileAttachments::destroy_locked(const AttachmentId& id) {
  if (auto status = table_->destroy_key(id); status.has_error()) return status;
  return remove_locked(id);
}

// What was being made when the process ended is made anew.
Status FileAttachments::remove_stray_copies() {
  while (true) {
    const auto strays = derivatives_->strays(kStraysPerCall);
    if (strays.has_error()) return strays.error();
    for (const AttachmentId& id : *strays) {
      if (auto status = destroy_locked(id); status.has_error()) return status;
    }
    if (strays->size() < kStraysPerCall) return {};
  }
}

}  // namespace tongqu
