#include "gateway/store/derive_loop.hpp"

#include <algorithm>
#include <chrono>

#include "gateway/core/attachment_copy_codes.hpp"

namespace tongqu {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kPerPage = 100;
constexpr milliseconds kLookEvery{250};
constexpr milliseconds kFirstPause{1000};
constexpr milliseconds kLongestPause{60'000};
// Bounds of what the deriver itself may have open; it has one at a time.
constexpr AttachmentLimits kOwnLimits{1ULL << 40U, 1ULL << 40U, 1000};

}  // namespace

DeriveLoop::DeriveLoop(DeriveTools tools, std::unique_ptr<Stripper> stripper, DeriveOptions options, Note note,
                       Told told)
    : tools_(tools),
      stripper_(std::move(stripper)),
      options_(options),
      note_(std::move(note)),
      told_(std::move(told)),
      thread_([this] { run(); }) {}

DeriveLoop::~DeriveLoop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void DeriveLoop::run() {
  milliseconds pause = kFirstPause;
  while (true) {
    milliseconds wait = kLookEvery;
    const auto more = derive_some();
    if (more.has_error()) {
      const Error error = more.error();
      tell(&error);
      wait = pause;
      pause = std::min(pause * 2, kLongestPause);
    } else {
      pause = kFirstPause;
      if (*more) wait = milliseconds(0);
    }
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, wait, [this] { return stopping_; })) return;
  }
}

Result<bool> DeriveLoop::derive_some() {
  const auto page = tools_.derivatives.underived(after_, kPerPage, options_.without_scan);
  if (page.has_error()) return page.error();
  const bool more = page->size() == kPerPage;
  after_ = more ? page->back() : AttachmentId();
  std::optional<Error> failed;
  for (const AttachmentId& id : *page) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
    }
    if (auto status = derive_one(id); status.has_error()) failed = status.error();
  }
  if (failed) return *failed;  // the others are done
  if (!page->empty()) tell(nullptr);
  return more;
}

// An error means: later again.
Status DeriveLoop::derive_one(const AttachmentId& id) {
  auto found = tools_.attachments.find(id);
  if (found.has_error()) return found.error().retryable() ? Status(found.error()) : Status();
  const Attachment& original = *found;
  if (!stripper_->knows(original.type)) return settle_failure(original, make_error(codes::kAttachmentNoCopyType));
  if (original.size_bytes > options_.max_bytes)
    return settle_failure(original, make_error(codes::kAttachmentNoCopyLimit));
  auto reader = tools_.attachments.open(id);
  if (reader.has_error()) return settle_failure(original, reader.error());
  auto content = stripper_->strip(**reader);
  if (content.has_error()) return settle_failure(original, content.error());
  auto copy = copy_of(original, **content);
  if (copy.has_error()) return copy.error().retryable() ? Status(copy.error()) : settle_failure(original, copy.error());
  if (auto status = note_(original, &*copy, {}); status.has_error()) return status;
  const auto settled = tools_.derivatives.settle_derivative(id, copy->id);
  // Removed meanwhile: the copy is gone, too.
  return settled.has_error() && settled.error().retryable() ? settled : Status();
}

// Two runs over the content: a store takes nothing whose digest it was not told.
Result<Attachment> DeriveLoop::copy_of(const Attachment& original, StrippedContent& content) {
  const std::uint64_t size = content.size_bytes();
  auto hash = tools_.suite.start_hash();
  for (std::uint64_t at = 0; at < size;) {
    const auto piece = content.read(at);
    if (piece.has_error()) return piece.error();
    hash->update(*piece);
    at += piece->size();
  }
  AttachmentDeclaration declaration;
  declaration.owner = PartnerId(kDeriver);
  declaration.name = original.id.str();  // so that equal copies of two originals stay two
  declaration.type = original.type;
  declaration.size_bytes = size;
  declaration.hash = tools_.suite.id();
  declaration.digest = hash->finish();
  auto made = tools_.attachments.create(declaration, kOwnLimits);
  if (made.has_error() || made->state != AttachmentState::kUploading) return made;
  auto writer = tools_.attachments.append(made->id, declaration.owner, made->offset_bytes);
  if (writer.has_error()) return writer.error();
  for (std::uint64_t at = made->offset_bytes; at < size;) {
    const auto piece = content.read(at);
    if (piece.has_error()) return piece.error();
    if (auto status = (*writer)->append(*piece); status.has_error()) return status.error();
    at += piece->size();
  }
  return (*writer)->close();
}

Status DeriveLoop::settle_failure(const Attachment& original, const Error& error) {
  if (error.retryable()) return error;
  if (auto status = note_(original, nullptr, error.code->id); status.has_error()) return status;
  return tools_.derivatives.no_derivative(original.id, error.code->id);
}

void DeriveLoop::tell(const Error* error) {
  const bool failing = error != nullptr;
  if (failing == failing_) return;
  failing_ = failing;
  told_(error);
}

}  // namespace tongqu
