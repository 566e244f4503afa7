#include "connectors/fetch/fetch_job.hpp"

#include <algorithm>

#include "connectors/fetch/fetch_codes.hpp"
#include "gateway/net/net_codes.hpp"

namespace tongqu::fetch {
namespace {

// Hands a content on to the store.
class IntoStore final : public ContentTaker {
 public:
  IntoStore(AttachmentId id, const FetchTerms& terms, FetchStore& store)
      : id_(std::move(id)), terms_(terms), store_(store) {}

  [[nodiscard]] bool begin(const FetchFrom& now) override {
    if (now.size_bytes == 0) return refuse(codes::kFetchEmpty);
    if (now.size_bytes > terms_.max_bytes) return refuse(codes::kFetchTooLarge);
    auto writer = store_.take(id_, {now.offset_bytes, now.size_bytes, now.validator, terms_.types});
    if (writer.has_error()) return fail(writer.error());
    writer_ = std::move(*writer);
    return true;
  }
  [[nodiscard]] bool take(std::string_view piece) override {
    const auto status = writer_->append(piece);
    return status.has_value() || fail(status.error());
  }
  // What was taken goes to disk; true when that was all of it.
  [[nodiscard]] bool close() {
    if (error_ || !writer_) return false;
    const auto closed = writer_->close();
    if (closed.has_error()) return fail(closed.error());
    offset_bytes_ = closed->offset_bytes;
    return closed->state == AttachmentState::kStored;
  }
  // The attachment is free for the next call on it.
  void let_go() { writer_.reset(); }

  [[nodiscard]] const ErrorCode* refusal() const { return refusal_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] std::uint64_t offset_bytes() const { return offset_bytes_; }

 private:
  bool refuse(const ErrorCode& code) {
    refusal_ = &code;
    return false;
  }
  bool fail(const Error& error) {
    error_ = error;
    return false;
  }

  const AttachmentId id_;
  const FetchTerms& terms_;
  FetchStore& store_;
  std::unique_ptr<AttachmentWriter> writer_;
  const ErrorCode* refusal_ = nullptr;
  std::optional<Error> error_;
  std::uint64_t offset_bytes_ = 0;
};

FetchOutcome give_up(const AttachmentId& id, const ErrorCode& code, FetchStore& store) {
  const auto status = store.give_up(id, code);
  if (status.has_error()) return {FetchEnd::kStore, status.error().code};
  return {FetchEnd::kRefused, &code};
}

// The wait doubles as long as nothing comes.
FetchOutcome put_off(const WantedAttachment& wanted, bool progress, const FetchFailure& failure,
                     const FetchTerms& terms, FetchStore& store, Instant now) {
  const std::int64_t end_ms = wanted.since_ms + terms.deadline_ms;
  const AttachmentId& id = wanted.attachment.id;
  if (now.ms >= end_ms) return give_up(id, codes::kFetchTooLate, store);
  constexpr int kMostDoublings = 30;
  const std::int32_t attempts = progress ? 0 : wanted.attempts;
  const std::int64_t doubled = terms.first_wait_ms << std::min(attempts, kMostDoublings);
  const std::int64_t wait_ms = std::max(std::min(doubled, terms.max_wait_ms), failure.retry_after_ms);
  const Instant due{std::min(now.ms + wait_ms, end_ms)};
  const auto status = store.put_off(id, due, std::min(attempts, kMostDoublings) + 1, *failure.code);
  if (status.has_error()) return {FetchEnd::kStore, status.error().code};
  return {FetchEnd::kPutOff, failure.code};
}

}  // namespace

FetchOutcome fetch_once(const AttachmentId& id, const FetchTerms& terms, FetchStore& store, FetchSource& source,
                        const Clock& clock) {
  const auto wanted = store.wanted(id);
  // What cannot be opened any more would be the first in the line for ever.
  if (wanted.has_error() && !wanted.error().retryable()) return give_up(id, *wanted.error().code, store);
  if (wanted.has_error()) return {FetchEnd::kStore, wanted.error().code};
  const Attachment& before = wanted->attachment;
  IntoStore taker(id, terms, store);
  auto failure = source.fetch(wanted->url, {before.offset_bytes, before.size_bytes, wanted->validator}, taker);
  const bool whole = taker.close();
  taker.let_go();
  if (whole) return {FetchEnd::kStored, nullptr};
  if (taker.refusal() != nullptr) return give_up(id, *taker.refusal(), store);
  // More than its size: the source contradicts itself, which is its failure, not the store's.
  const bool overlong = taker.error() && taker.error()->kind() == ErrorKind::kTooLarge;
  if (taker.error() && taker.error()->retryable()) return {FetchEnd::kStore, taker.error()->code};
  // The store looked at the content, and refused it.
  if (taker.error() && !overlong && store.wanted(id).has_error()) return {FetchEnd::kRefused, taker.error()->code};
  if (taker.error() && !overlong) failure = FetchFailure{taker.error()->code, false, 0};
  if (overlong || !failure) failure = FetchFailure{overlong ? &codes::kFetchAnswer : &codes::kFetchShort, false, 0};
  if (failure->code == &codes::kNetClientStopped) return {FetchEnd::kStopped, failure->code};
  if (failure->final) return give_up(id, *failure->code, store);
  return put_off(*wanted, taker.offset_bytes() > before.offset_bytes, *failure, terms, store, clock.now());
}

}  // namespace tongqu::fetch
