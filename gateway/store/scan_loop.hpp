#pragma once
// Brings stored attachments before the scanner, one after another, on a thread of its own. What has no verdict waits:
// with the scanner down nothing is lost and nothing is given out, and the loop asks again after 1 s, 2 s, … 60 s.
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "gateway/core/attachments.hpp"

namespace tongqu {

class ScanLoop {
 public:
  // What changed, for people: the first failure after a success (its error), and the first success after a failure (no
  // error). Called on the loop's thread.
  using Told = std::function<void(const Error*)>;
  // `store` outlives the loop.
  ScanLoop(AttachmentStore& store, std::unique_ptr<AttachmentScanner> scanner, Told told);
  // Waits for the content that is being scanned.
  ~ScanLoop();
  ScanLoop(const ScanLoop&) = delete;
  ScanLoop& operator=(const ScanLoop&) = delete;

 private:
  enum class Outcome : std::uint8_t {
    kIdle,
    kMore,    // another page waits
    kPoison,  // some have no verdict though the scanner is there
    kAway     // the scanner is not
  };
  void run();
  [[nodiscard]] Outcome scan_some();
  [[nodiscard]] Status scan_one(const AttachmentId& id);
  void tell(const Error* error);

  AttachmentStore& store_;
  std::unique_ptr<AttachmentScanner> scanner_;
  Told told_;
  bool failing_ = false;  // loop's thread only, like the next
  AttachmentId after_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tongqu
