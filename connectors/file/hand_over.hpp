#pragma once
// Brings one batch to the partner, so that at every moment it is there under its name as a whole or not at all. Every
// step may be repeated; a run goes on where the last one, or the last process, stopped.
//
//   build    the bytes in the spool, on disk; then the batch is in the book as open
//   upload   to .<name>.part, from the byte on that is there already; synced; size compared; staged in the book
//   rename   manifest beside it first, then the file, then the marker; done in the book
//
// When the temporary name is gone after `staged`, the rename had happened and the partner may have taken the file.
#include <functional>
#include <string>

#include "connectors/file/batch_book.hpp"
#include "connectors/support/file_system.hpp"
#include "gateway/core/crypto.hpp"

namespace tongqu::file {

struct HandOverOptions {
  std::string folder;                    // at the partner
  bool zip = false;                      // CSV and manifest in a ZIP
  bool sidecar = false;                  // manifest beside the file; not with zip
  std::string marker_suffix;             // empty = no marker
  std::string inner_extension = ".csv";  // of the file in the ZIP
};

class HandOver {
 public:
  // References outlive it.
  HandOver(HandOverOptions options, FileSystem& there, FileSystem& spool, BatchBook& book, const Suite& suite);
  // Reads the book. To be called first, again after an error.
  [[nodiscard]] Status load(std::int64_t now_ms);
  // Puts `batch` (number and state are set here) with `content` into spool and book. On error it is in neither, or
  // load() brings it back.
  [[nodiscard]] Status build(Batch batch, std::string_view content, std::int64_t now_ms);
  // Uploads and renames. `go_on` is asked between blocks; when it says no, file.stopped. An open batch whose spool is
  // gone is dropped from the book: file.state.
  [[nodiscard]] Status run(std::uint64_t number, const std::function<bool()>& go_on);
  // Writes down the partner's answer.
  [[nodiscard]] Status answer(std::uint64_t number, std::set<std::uint64_t> refused_lines);

 private:
  [[nodiscard]] Status upload(const Batch& batch, const std::function<bool()>& go_on);
  [[nodiscard]] Status send_rest(const std::string& from, const std::string& to, std::uint64_t offset,
                                 const std::function<bool()>& go_on);
  [[nodiscard]] Status name_it(const Batch& batch);
  [[nodiscard]] Status write_down(const std::string& text);
  [[nodiscard]] Status rewrite();

  HandOverOptions options_;
  FileSystem& there_;
  FileSystem& spool_;
  BatchBook& book_;
  const Suite& suite_;
  std::uint64_t book_bytes_ = 0;
};

}  // namespace tongqu::file
