#pragma once
// The book of files that were handed over: which message went into which file, at which line, and how far the file
// came. It makes a message that is delivered twice have its effect once, also after a crash. No I/O: every change gives
// the text that the caller appends to the book's file before it acts on the change; a cut last line is no change.
//
//   open    the file is built in the spool and may be on its way, under a temporary name
//   staged  all of it is at the partner, under the temporary name; from here on it is finished whatever happens
//   done    it has its name: the partner may have taken it already
//
// Batches that are done are forgotten after `max_age_ms`, and the oldest of them when there are more than
// `max_messages` messages.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu::file {

enum class BatchState : std::uint8_t { kOpen, kStaged, kDone };

struct BatchRow {
  std::string message_id;  // no white space
  std::uint64_t line = 0;  // of the CSV file on which its row begins; 1 for a message of its own file
};

struct Batch {
  std::uint64_t number = 0;
  std::string name;  // of the file at the partner
  std::int64_t made_ms = 0;
  BatchState state = BatchState::kOpen;
  std::vector<BatchRow> rows;
  bool answered = false;  // the partner's acknowledgement came
  std::set<std::uint64_t> refused_lines;
};

class BatchBook {
 public:
  BatchBook(std::int64_t max_age_ms, std::size_t max_messages) : max_age_ms_(max_age_ms), max_messages_(max_messages) {}
  // Forgets everything and reads the book's file; the bytes of it that count (what is behind them was cut and is
  // written over).
  [[nodiscard]] std::size_t read(std::string_view text);
  // The whole book as it is now, for a file that takes the place of the old one.
  [[nodiscard]] std::string text() const;

  [[nodiscard]] std::uint64_t next_number() const { return next_; }
  // Each makes the change and gives its text. `batch.number` is next_number(), and no message is in the book.
  [[nodiscard]] std::string open(Batch batch);
  [[nodiscard]] std::string stage(std::uint64_t number);
  [[nodiscard]] std::string finish(std::uint64_t number);
  [[nodiscard]] std::string answer(std::uint64_t number, std::set<std::uint64_t> refused_lines);
  [[nodiscard]] std::string drop(std::uint64_t number);
  // Forgets what is old; true when text() is worth writing anew.
  bool age(std::int64_t now_ms);

  // The batch of a message; null when it is in none.
  [[nodiscard]] const Batch* of(const std::string& message_id) const;
  [[nodiscard]] const std::map<std::uint64_t, Batch>& batches() const { return batches_; }
  [[nodiscard]] std::size_t messages() const { return index_.size(); }

 private:
  bool apply(std::string_view line, Batch& opening);
  void insert(Batch batch);
  void erase(std::uint64_t number);

  std::int64_t max_age_ms_;
  std::size_t max_messages_;
  std::uint64_t next_ = 1;
  std::map<std::uint64_t, Batch> batches_;
  std::unordered_map<std::string, std::uint64_t> index_;
};

}  // namespace tongqu::file
