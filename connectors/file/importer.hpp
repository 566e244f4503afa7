#pragma once
// Brings one file of a partner in, from its folder to the archive, and takes up again where it was stopped or killed.
//
//   fetch    a copy into the spool, hashed on the way; a file that changes meanwhile is left alone
//   verify   unpacked, every row can be cut, manifest and file agree; else the file is turned back as a whole
//   rows     each to the line under the key <digest>:<line>; the position is kept every `checkpoint_rows`
//   report   <name>.errors.csv and <name>.result.csv for the partner
//   move     to archive/<day>/ (or quarantine/<day>/), with its companions; remembered by digest
//
// Only after `move` is the state of the file forgotten, so that every step may be repeated. Everything blocks, on the
// caller's thread; stop() may be called from another.
#include <filesystem>
#include <memory>

#include "connectors/file/import_options.hpp"
#include "connectors/file/import_state.hpp"
#include "connectors/file/row_feeder.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"

namespace tongqu::file {

class Importer {
 public:
  // `spool_root` is the folder that `spool` works in. All references outlive the importer.
  Importer(ImportOptions options, FileSystem& there, FileSystem& spool, std::filesystem::path spool_root,
           const Suite& suite, const Clock& clock, Intake& intake, ImportCounts& counts);
  // Finishes the file that was begun, if there is one. An error: later again; nothing is lost by it.
  [[nodiscard]] Status resume();
  // Brings in `file` of the inbox, whose `companions` are moved with it. Errors as above; file.stopped after stop().
  [[nodiscard]] Status run(const FileInfo& file, const std::vector<std::string>& companions);
  // True when a file with this name, size and time was brought in already (Afterwards::kKeep).
  [[nodiscard]] Result<bool> seen(const FileInfo& file);
  // What is under way gets its answer within `grace_ms`; then run() and resume() return. Thread-safe.
  void stop(std::int64_t grace_ms) { feeder_.stop(grace_ms); }

 private:
  [[nodiscard]] Status fetch(const FileInfo& file);
  [[nodiscard]] Status copy(const std::string& from, std::uint64_t size, std::string& digest);
  [[nodiscard]] Status finish_file();
  [[nodiscard]] Status rows_stage();
  [[nodiscard]] Status turn_back(const Broken& broken);
  [[nodiscard]] Status report_stage();
  [[nodiscard]] Status write_errors(const std::string& to);
  [[nodiscard]] Status move_stage();
  [[nodiscard]] Status move_one(const std::string& name, const std::string& folder);
  [[nodiscard]] Status remember();
  [[nodiscard]] Status forget();

  ImportOptions options_;
  FileSystem& there_;
  FileSystem& spool_;
  std::filesystem::path spool_root_;
  const Suite& suite_;
  const Clock& clock_;
  Intake& intake_;
  ImportCounts& counts_;
  ImportState state_;
  RowFeeder feeder_;
};

}  // namespace tongqu::file
