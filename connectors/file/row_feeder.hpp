#pragma once
// Step "rows" of an import: hands the rows of one part to the line, as many at once as allowed, and keeps the position.
// A row that the line cannot take now (unavailable, rate limited) is handed over again after a wait; meanwhile no
// further row goes out, so that the line's back-pressure reaches the folder.
#include <memory>
#include <span>
#include <vector>

#include "connectors/file/import_options.hpp"
#include "connectors/file/import_state.hpp"
#include "connectors/file/record_reader.hpp"
#include "connectors/support/file_system.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu::file {

inline constexpr const char* kSpoolState = "import.state";
inline constexpr const char* kSpoolErrors = "errors";

class RowFeeder {
 public:
  // All references outlive the feeder. `state` is moved on and kept in the spool as kSpoolState.
  RowFeeder(const ImportOptions& options, FileSystem& spool, const Clock& clock, Intake& intake, ImportCounts& counts,
            ImportState& state);
  ~RowFeeder();
  // To be called before the rows of a file: `resumed` is true when its state was found on disk.
  void begin(bool resumed);
  // Hands over what `part` (number state.member) has left. file.stopped when stop() came first.
  [[nodiscard]] Status feed(const Part& part);
  // The same for `parts` that are one message each. They count as the rows of one part; state.offset is the number of
  // the first without answer.
  [[nodiscard]] Status feed_messages(const std::vector<Part>& parts);
  // Errors of rows and the state, in this order, on disk.
  [[nodiscard]] Status save();
  void stop(std::int64_t grace_ms);  // thread-safe

 private:
  struct Answers;
  [[nodiscard]] Status open();
  [[nodiscard]] Status run();
  [[nodiscard]] Status pump(RowLedger& ledger);
  [[nodiscard]] Status hand_over(RowLedger& ledger);
  [[nodiscard]] Result<bool> next_row(RowPlace& place, std::string& message);
  [[nodiscard]] Result<bool> next_message(RowPlace& place, std::string& message);
  [[nodiscard]] const Part& part_of(const RowPlace& place) const;
  [[nodiscard]] InboundMessage message_of(const RowPlace& place, std::string body) const;
  void send(RowLedger& ledger, std::uint64_t ticket);
  void collect(RowLedger& ledger);
  void settle(RowLedger& ledger);
  void wait();

  const ImportOptions& options_;
  FileSystem& spool_;
  const Clock& clock_;
  Intake& intake_;
  ImportCounts& counts_;
  ImportState& state_;
  std::shared_ptr<Answers> answers_;  // shared with callbacks, which may come after the feeder is gone
  std::span<const Part> parts_;       // while they are fed: one of rows, or all messages
  std::unique_ptr<RecordReader> records_;
  std::size_t next_message_ = 0;
  bool exhausted_ = false;
  std::string pending_errors_;  // lines of rows settled since the last save
  std::uint64_t saved_rows_ = 0;
  std::uint64_t resumed_rows_ = 0;
  std::int64_t again_at_ms_ = 0;  // steady: what was put off goes out again
  std::int64_t again_wait_ms_ = 0;
};

}  // namespace tongqu::file
