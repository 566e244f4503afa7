#pragma once
// Makes the copies without metadata that are wanted, one after another, on a thread of its own: only of originals with
// a clean verdict. A copy is settled after its audit entry is on disk; one that cannot be made is settled as
// impossible, with the reason, and keeps no other waiting.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "gateway/core/attachment_derive.hpp"
#include "gateway/core/crypto.hpp"

namespace tongqu {

struct DeriveTools {
  AttachmentStore& attachments;
  DerivativeStore& derivatives;
  const Suite& suite;  // of the copy's digest
};

struct DeriveOptions {
  bool without_scan = false;              // no scanner is configured: stored is enough
  std::uint64_t max_bytes = 4ULL << 30U;  // of an original; above it none is made
};

class DeriveLoop {
 public:
  // Puts the outcome on record and waits for that: `copy` null = none can be made, because of `code`. On failure
  // nothing is settled, and it is done again later.
  using Note = std::function<Status(const Attachment& original, const Attachment* copy, std::string_view code)>;
  // What changed, for people: the first failure after a success (its error), the first success after a failure (none).
  using Told = std::function<void(const Error*)>;
  // What `tools` names outlives the loop. The callbacks are called on the loop's thread.
  DeriveLoop(DeriveTools tools, std::unique_ptr<Stripper> stripper, DeriveOptions options, Note note, Told told);
  // Waits for the content that is being worked on; the stripper's limits bound that.
  ~DeriveLoop();
  DeriveLoop(const DeriveLoop&) = delete;
  DeriveLoop& operator=(const DeriveLoop&) = delete;

 private:
  void run();
  // True: another page waits.
  [[nodiscard]] Result<bool> derive_some();
  [[nodiscard]] Status derive_one(const AttachmentId& original);
  [[nodiscard]] Result<Attachment> copy_of(const Attachment& original, StrippedContent& content);
  [[nodiscard]] Status settle_failure(const Attachment& original, const Error& error);
  void tell(const Error* error);

  DeriveTools tools_;
  std::unique_ptr<Stripper> stripper_;
  DeriveOptions options_;
  Note note_;
  Told told_;
  bool failing_ = false;  // loop's thread only, like the next
  AttachmentId after_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tongqu
