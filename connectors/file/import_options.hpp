#pragma once
// What configuration says about bringing files in.
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "connectors/file/archive.hpp"
#include "connectors/file/row_splitter.hpp"
#include "gateway/core/ids.hpp"

namespace tongqu::file {

enum class Content : std::uint8_t { kRows, kMessage };
enum class ManifestUse : std::uint8_t { kNone, kSidecar, kInside };
enum class Afterwards : std::uint8_t { kArchive, kDelete, kKeep };
enum class DatedBy : std::uint8_t { kModified, kName };

// What becomes of a file that is one message, by its name; Content::kMessage.
struct MemberRule {
  std::string pattern;  // as fits() takes it; of the last part of its name
  ServiceId service;
  std::string content_type;
  bool ignore = false;  // pictures and the like: neither handed over nor counted
};

struct ImportOptions {
  PartnerId partner;
  ServiceId service;
  std::string protocol = "file";  // "file" or "sftp": how the partner proved who it is
  Content content = Content::kRows;
  std::string content_type = "text/csv";
  CsvForm csv;
  std::vector<MemberRule> members;  // the first that fits; empty = all are of `service` and `content_type`
  bool zip = false;
  std::string zip_pattern = "*";  // which files are archives, where `zip` is set; the others are taken as they are
  DatedBy dated_by = DatedBy::kModified;  // of when a file is that holds messages
  ManifestUse manifest = ManifestUse::kNone;
  Afterwards afterwards = Afterwards::kArchive;
  std::string inbox, archive, quarantine, reports;  // folders, paths of the partner's file system
  std::size_t parallel = 32;                        // rows under way; ≥ 1
  std::uint64_t checkpoint_rows = 1000;             // ≥ 1; messages of an archive count as rows
  std::uint64_t max_file_bytes = std::uint64_t{4} << 30U;
  std::uint64_t max_rows = 20'000'000;  // of one file of an archive
  std::uint64_t max_error_lines = 100'000;
  std::uint64_t max_message_bytes = std::uint64_t{2} << 20U;  // Content::kMessage
  UnpackLimits unpack;
};

struct ImportCounts {
  std::atomic<std::uint64_t> accepted{0};     // rows the line took, repeated ones included
  std::atomic<std::uint64_t> turned_back{0};  // rows and whole files
};

// One file of rows (or one message) in the spool, after it was verified.
struct Part {
  std::string path;
  std::string digest;  // hex
  std::uint64_t size_bytes = 0;
  std::string header;            // without its line end; Content::kRows
  std::uint64_t header_end = 0;  // offset behind the header
  std::uint64_t header_lines = 1;
  // Content::kMessage:
  std::string name;                  // in the archive; empty for a file that is none
  const MemberRule* rule = nullptr;  // null where there are no rules
  const ErrorCode* fault = nullptr;  // this one is turned back by itself: no rule for its name, or too large
};

// Why a file is turned back as a whole.
struct Broken {
  const ErrorCode* code = nullptr;  // null = it is not
  std::uint64_t line = 0;           // 0 = none in particular
};

}  // namespace tongqu::file
