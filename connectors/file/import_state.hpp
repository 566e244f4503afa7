#pragma once
// How far the import of one file has come, as it is kept on disk, and the ledger that moves it on. No I/O.
//
// Each row is handed to the line under the key <digest of its file>:<line>, so a row that is handed over again after a
// crash is the same message and has its effect once. What is kept: up to where all rows have their answer (offset,
// line), what became of them, and up to which row hand-overs may have happened beyond that (`intended_rows`) – a
// repeated answer up to there is our own earlier attempt, not a duplicate of the partner's.
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu::file {

enum class Stage : std::uint8_t {
  kRows,    // rows are being handed over
  kReport,  // all have their answer (or the file is broken); the partner's reports are to be written
  kMove     // reports are there; the file is to be moved
};

struct ImportState {
  std::string name;                     // of the partner's file
  std::vector<std::string> companions;  // moved with it: marker, manifest
  std::uint64_t size_bytes = 0;         // of the file, and when it was written last
  std::uint64_t mtime_ms = 0;
  std::string digest;  // of its bytes, hex
  Stage stage = Stage::kRows;
  bool again = false;        // a file with this digest was imported before
  std::string day;           // folder below archive or quarantine, "2026-11-25"
  std::uint64_t member = 0;  // of the archive; 0 for a plain file; of messages: 1 when all have their answer
  // In the member: where the first row without answer begins; 0 = at the header. Of messages: how many have theirs.
  std::uint64_t offset = 0;
  std::uint64_t line = 1;
  std::uint64_t intended_rows = 0;
  std::uint64_t rows = 0;  // with an answer, over all members
  std::uint64_t imported = 0;
  std::uint64_t held = 0;  // of imported: before a person
  std::uint64_t duplicate = 0;
  std::uint64_t refused = 0;
  std::uint64_t error_lines = 0;
  std::uint64_t error_bytes = 0;                 // of the error file that count
  std::map<std::string, std::uint64_t> reasons;  // code → rows refused for it
  std::string broken;                            // code: the file is turned back as a whole
  std::uint64_t broken_line = 0;
  friend bool operator==(const ImportState&, const ImportState&) = default;
};

// Text with a checksum in its last line; file.state for anything that was cut or altered.
[[nodiscard]] std::string write_state(const ImportState& state);
[[nodiscard]] Result<ImportState> read_state(std::string_view text);

// CRC-32 (ISO 3309), for the connector's own files.
[[nodiscard]] std::string checksum(std::string_view text);

struct RowAnswer {
  enum class Kind : std::uint8_t { kTaken, kHeld, kRefused, kLater };
  Kind kind = Kind::kTaken;
  bool repeated = false;
  std::optional<Error> error;  // kRefused, kLater
};

struct RowPlace {
  std::uint64_t line = 0;
  std::uint64_t end = 0;  // offset behind the row
  std::uint64_t next_line = 0;
};

// Rows under way. Answers come in any order; they count in the order of the file.
class RowLedger {
 public:
  // `limit`: rows under way at once.
  RowLedger(ImportState& state, std::size_t limit) : state_(state), limit_(limit) {}
  // Another row may be handed over: there is room, and none waits to be repeated.
  [[nodiscard]] bool room() const { return slots_.size() < limit_ && later_ == 0; }
  [[nodiscard]] bool idle() const { return slots_.empty(); }
  // Nothing is at the line: all that is left was put off.
  [[nodiscard]] bool quiet() const { return slots_.size() == later_; }
  // True when the state has to be written before the next row goes out.
  [[nodiscard]] bool must_intend() const { return begun_rows() >= state_.intended_rows; }
  // Allows `count` more rows; the caller writes the state then.
  void intend(std::uint64_t count) { state_.intended_rows = begun_rows() + count; }
  // A row goes out; its ticket.
  std::uint64_t begin(const RowPlace& place, std::string message);
  void answer(std::uint64_t ticket, RowAnswer answer);
  // Tickets that wait to be handed over again, in the order of the file.
  [[nodiscard]] std::vector<std::uint64_t> take_later();
  [[nodiscard]] const std::string& message(std::uint64_t ticket) const;
  [[nodiscard]] RowPlace place(std::uint64_t ticket) const;
  // The next row of the file whose answer counts now; counted into the state. Refused ones come with their error.
  struct Settled {
    RowPlace place;
    std::optional<Error> error;
  };
  [[nodiscard]] std::optional<Settled> settle();
  // Rows up to here had been handed over before a crash.
  void resumed(std::uint64_t intended_rows) { resumed_rows_ = intended_rows; }

 private:
  enum class SlotState : std::uint8_t { kSent, kAnswered, kLater };
  struct Slot {
    RowPlace place;
    std::string message;
    SlotState state = SlotState::kSent;
    RowAnswer answer;
  };
  [[nodiscard]] std::uint64_t begun_rows() const { return state_.rows + slots_.size(); }
  [[nodiscard]] const Slot& at(std::uint64_t ticket) const { return slots_[ticket - first_ticket_]; }

  ImportState& state_;
  std::size_t limit_;
  std::deque<Slot> slots_;
  std::uint64_t first_ticket_ = 0;
  std::size_t later_ = 0;
  std::uint64_t resumed_rows_ = 0;
};

}  // namespace tongqu::file
