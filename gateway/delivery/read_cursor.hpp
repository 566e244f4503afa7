#pragma once
// Decides from where the next page of due heads is read, so that heads at the front that fail and come due again take
// at most every second page, and new heads deep in the queue at most wait for one pass. Pure; not thread-safe.
//
// A *front* read starts at the beginning; when it does not show everything, a *pass* goes on behind it, page by page,
// to the end. While a pass is under way and something changed, front reads and pass reads alternate. When nothing
// changes any more and everything due was seen, nothing is read.
#include <algorithm>
#include <cstdint>

namespace tongqu {

class ReadCursor {
 public:
  // There may be due heads that were not seen: a commit, a settled row of a key, a time that came.
  void touch() { fresh_ = true; }
  [[nodiscard]] bool wanted() const { return fresh_ || after_ > 0; }
  [[nodiscard]] bool in_pass() const { return after_ > 0; }

  // The sequence number behind which to read; to be followed by ended() or failed(). Only when wanted().
  [[nodiscard]] std::int64_t begin() {
    front_ = fresh_ && (after_ == 0 || front_turn_);
    front_turn_ = !front_;
    if (front_) fresh_ = false;
    return front_ ? 0 : after_;
  }
  [[nodiscard]] bool reads_front() const { return front_; }

  // `complete`: there is nothing due behind what was read; else `last_seq` is the last row that was looked at.
  // `found`: at least one of the rows can be worked on.
  void ended(std::int64_t last_seq, bool complete, bool found) {
    found_ = found_ || found;
    if (!complete) {
      after_ = std::max(after_, last_seq);
      return;
    }
    // The end of a pass says nothing about rows before its start that came due meanwhile. When the whole pass showed
    // nothing to work on, only an event can change that.
    if (!front_ && found_) fresh_ = true;
    after_ = 0;
    found_ = false;
  }
  void failed() { fresh_ = fresh_ || front_; }

 private:
  bool fresh_ = true;
  bool front_ = false;
  bool front_turn_ = true;
  bool found_ = false;
  std::int64_t after_ = 0;  // 0 = no pass under way
};

}  // namespace tongqu
