#pragma once
// An attachment that the gateway could not fetch concerns the matter whose message names it: the exchange goes before a
// person (待补正), with the code and the attachment's id as the reason. The message itself has left long ago.
#include <mutex>
#include <set>

#include "gateway/core/attachments.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/store.hpp"

namespace tongqu::app {

// Thread-safe.
class RefusedFetches {
 public:
  // All outlive the object.
  RefusedFetches(AttachmentStore& attachments, Store& store, const Clock& clock)
      : attachments_(attachments), store_(store), clock_(clock) {}

  // One was refused just now. A second refusal, after a person's retry, opens a task anew unless one is open.
  void refused(const AttachmentId& id, std::string_view code);
  // Those that nobody was told of: refused before the message committed, or as the process ended. At most kMaxLooked
  // at a time; called every minute or so.
  void sweep();

 private:
  static constexpr std::size_t kMaxLooked = 200;
  static constexpr std::size_t kMaxTold = 100'000;  // ids remembered; beyond, a sweep asks the store once more
  void open(const AttachmentId& id, std::string_view code, bool once);

  AttachmentStore& attachments_;
  Store& store_;
  const Clock& clock_;
  std::mutex mutex_;
  std::set<AttachmentId> told_;
};

}  // namespace tongqu::app
