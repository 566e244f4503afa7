#include "connectors/file/importer.hpp"

#include <algorithm>

#include "connectors/file/arrival.hpp"
#include "connectors/file/file_codes.hpp"
#include "connectors/file/manifest.hpp"
#include "connectors/file/report.hpp"
#include "connectors/file/verify.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::file {
namespace {

constexpr const char* kPart = "source.part";
constexpr const char* kDoneLog = "done";
constexpr std::size_t kMaxDone = 10'000;  // files that are remembered
constexpr std::size_t kMaxDoneBytes = std::size_t{16} << 20U;
constexpr int kReopenings = 3;
constexpr int kMaxSameName = 1000;

std::string day_of(Instant at) { return to_beijing_text(at).substr(0, 10); }

std::string done_line(const std::string& digest, std::uint64_t size, std::uint64_t mtime, const std::string& name) {
  return digest + ' ' + std::to_string(size) + ' ' + std::to_string(mtime) + ' ' + to_hex(name) + '\n';
}

// The code is kept by its id; it has to be an object again when the state is read.
const ErrorCode* find_code(std::string_view id) {
  const auto all = codes::file_codes();
  const auto found = std::find_if(all.begin(), all.end(), [id](const ErrorCode* code) { return code->id == id; });
  return found == all.end() ? &codes::kFileState : *found;
}

}  // namespace

Importer::Importer(ImportOptions options, FileSystem& there, FileSystem& spool, std::filesystem::path spool_root,
                   const Suite& suite, const Clock& clock, Intake& intake, ImportCounts& counts)
    : options_(std::move(options)),
      there_(there),
      spool_(spool),
      spool_root_(std::move(spool_root)),
      suite_(suite),
      clock_(clock),
      intake_(intake),
      counts_(counts),
      feeder_(options_, spool_, clock_, intake_, counts_, state_) {}

Status Importer::resume() {
  const auto info = spool_.info(kSpoolState);
  if (info.has_error()) return info.error();
  if (!*info) return {};
  const auto text = read_whole(spool_, kSpoolState, std::size_t{1} << 20U);
  if (text.has_error()) return text.error();
  auto state = read_state(*text);
  // An unreadable state only costs repeated hand-overs: the file is still in its folder.
  if (state.has_error()) return forget();
  state_ = std::move(*state);
  feeder_.begin(true);
  return finish_file();
}

Status Importer::run(const FileInfo& file, const std::vector<std::string>& companions) {
  if (auto status = resume(); status.has_error()) return status;
  state_ = {};
  state_.name = file.name;
  state_.companions = companions;
  state_.size_bytes = file.size_bytes;
  state_.mtime_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(file.mtime_ms, 0));
  state_.day = day_of(clock_.now());
  feeder_.begin(false);
  if (file.size_bytes > options_.max_file_bytes) {
    if (auto status = turn_back({&codes::kFileTooLarge, 0}); status.has_error()) return status;
  } else if (auto status = fetch(file); status.has_error()) {
    return status;
  }
  return finish_file();
}

Status Importer::fetch(const FileInfo& file) {
  const std::string from = join(options_.inbox, file.name);
  if (auto status = copy(from, file.size_bytes, state_.digest); status.has_error()) return status;
  const auto after = there_.info(from);
  if (after.has_error()) return after.error();
  if (!*after || (*after)->size_bytes != file.size_bytes || (*after)->mtime_ms != file.mtime_ms) {
    return make_error(codes::kFileMoving);
  }
  if (options_.manifest == ManifestUse::kSidecar) {
    const auto manifest = read_whole(there_, from + std::string(kManifestSuffix), kMaxManifestBytes);
    if (manifest.has_error() && manifest.error().code != &codes::kFileTooLarge) return manifest.error();
    // One that is too large is kept as none, and is of the wrong form therefore.
    const auto kept = replace_file(spool_, kSpoolManifest, manifest.has_value() ? *manifest : std::string());
    if (kept.has_error()) return kept;
  }
  if (auto status = spool_.rename(kPart, kSpoolSource); status.has_error()) return status;
  const auto done = spool_.info(kDoneLog);
  if (done.has_error()) return done.error();
  if (*done) {
    const auto log = read_whole(spool_, kDoneLog, kMaxDoneBytes);
    if (log.has_error()) return log.error();
    state_.again = log->find(state_.digest + ' ') != std::string::npos;
  }
  return feeder_.save();
}

// A connection that breaks is taken up where it broke, a few times; after that the caller waits.
Status Importer::copy(const std::string& from, std::uint64_t size, std::string& digest) {
  auto writer = spool_.write(kPart, 0);
  if (writer.has_error()) return writer.error();
  const auto hash = suite_.start_hash();
  std::string chunk(std::size_t{64} << 10U, '\0');
  std::uint64_t copied = 0;
  for (int attempt = 0;; ++attempt) {
    auto reader = there_.open(from, copied);
    Status status = reader.has_value() ? Status() : Status(reader.error());
    while (status.has_value()) {
      const auto got = (*reader)->read(chunk.data(), chunk.size());
      if (got.has_error()) {
        status = got.error();
        break;
      }
      if (*got == 0) {
        digest = to_hex(as_text(hash->finish()));
        return (*writer)->finish();
      }
      const std::string_view bytes = std::string_view(chunk).substr(0, *got);
      copied += *got;
      if (copied > size) return make_error(codes::kFileMoving);
      hash->update(bytes);
      if (auto put = (*writer)->write(bytes); put.has_error()) return put;
    }
    if (!status.error().retryable() || attempt == kReopenings) return status;
  }
}

Status Importer::finish_file() {
  if (state_.stage == Stage::kRows) {
    if (auto status = rows_stage(); status.has_error()) return status;
  }
  if (state_.stage == Stage::kReport) {
    if (auto status = report_stage(); status.has_error()) return status;
  }
  return move_stage();
}

Status Importer::rows_stage() {
  Broken broken;
  const auto parts = verify(options_, state_.name, spool_, spool_root_, suite_, broken);
  // The spool was emptied behind our back: the file is fetched anew.
  if (parts.has_error() && parts.error().code == &codes::kFileMissing) return forget();
  if (parts.has_error()) return parts.error();
  if (broken.code != nullptr) return turn_back(broken);
  if (options_.content == Content::kMessage && state_.member == 0) {
    if (auto status = feeder_.feed_messages(*parts); status.has_error()) return status;
  }
  while (options_.content == Content::kRows && state_.member < parts->size()) {
    if (auto status = feeder_.feed((*parts)[state_.member]); status.has_error()) return status;
  }
  state_.stage = Stage::kReport;
  return feeder_.save();
}

Status Importer::turn_back(const Broken& broken) {
  state_.broken = broken.code->id;
  state_.broken_line = broken.line;
  state_.stage = Stage::kReport;
  ++counts_.turned_back;
  intake_.turned_back(options_.protocol, options_.partner.str(), make_error(*broken.code));
  return feeder_.save();
}

Status Importer::report_stage() {
  if (auto status = there_.make_folder(options_.reports); status.has_error()) return status;
  const std::string base = join(options_.reports, state_.name);
  if (state_.error_bytes != 0 || !state_.broken.empty()) {
    if (auto status = write_errors(base + std::string(kErrorsSuffix)); status.has_error()) return status;
  }
  if (auto status = replace_file(there_, base + std::string(kResultSuffix), result_text(state_)); status.has_error())
    return status;
  state_.stage = Stage::kMove;
  return feeder_.save();
}

Status Importer::write_errors(const std::string& to) {
  if (!state_.broken.empty()) {
    return replace_file(
        there_, to,
        errors_header(options_.zip) + broken_line(*find_code(state_.broken), state_.broken_line, options_.zip));
  }
  const std::string temporary = join(folder_of(to), "." + name_of(to) + ".tmp");
  auto reader = spool_.open(kSpoolErrors, 0);
  if (reader.has_error()) return reader.error();
  auto writer = there_.write(temporary, 0);
  if (writer.has_error()) return writer.error();
  if (auto status = (*writer)->write(errors_header(options_.zip)); status.has_error()) return status;
  std::string chunk(std::size_t{64} << 10U, '\0');
  for (std::uint64_t left = state_.error_bytes; left > 0;) {
    const auto got = (*reader)->read(chunk.data(), std::min<std::uint64_t>(left, chunk.size()));
    if (got.has_error()) return got.error();
    if (*got == 0) break;
    left -= *got;
    if (auto put = (*writer)->write(std::string_view(chunk).substr(0, *got)); put.has_error()) return put;
  }
  if (auto status = (*writer)->finish(); status.has_error()) return status;
  return there_.rename(temporary, to);
}

Status Importer::move_stage() {
  const bool broken = !state_.broken.empty();
  const std::string folder = join(broken ? options_.quarantine : options_.archive, state_.day);
  // A broken file is put aside whatever is configured: it must neither be lost nor come again and again.
  if (options_.afterwards == Afterwards::kArchive || broken) {
    if (auto status = there_.make_folder(folder); status.has_error()) return status;
    // The file goes first: without its marker or manifest it would not be taken for whole again anyway.
    if (auto status = move_one(state_.name, folder); status.has_error()) return status;
    for (const std::string& name : state_.companions) {
      if (auto status = move_one(name, folder); status.has_error()) return status;
    }
    if (auto status = there_.sync_folder(folder); status.has_error()) return status;
  } else if (options_.afterwards == Afterwards::kDelete) {
    for (const std::string& name : state_.companions) {
      if (auto status = there_.remove(join(options_.inbox, name)); status.has_error()) return status;
    }
    if (auto status = there_.remove(join(options_.inbox, state_.name)); status.has_error()) return status;
  }
  if (auto status = remember(); status.has_error()) return status;
  return forget();
}

// Well when it was moved already. Another file of that name is never overwritten.
Status Importer::move_one(const std::string& name, const std::string& folder) {
  const std::string from = join(options_.inbox, name);
  const auto there = there_.info(from);
  if (there.has_error()) return there.error();
  if (!*there) return {};
  for (int i = 0; i < kMaxSameName; ++i) {
    const std::string to = join(folder, i == 0 ? name : name + "." + std::to_string(i));
    const auto taken = there_.info(to);
    if (taken.has_error()) return taken.error();
    if (!*taken) return there_.rename(from, to);
  }
  return make_error(codes::kFileIo, "archive");
}

Status Importer::remember() {
  std::string log;
  const auto info = spool_.info(kDoneLog);
  if (info.has_error()) return info.error();
  if (*info) {
    auto text = read_whole(spool_, kDoneLog, kMaxDoneBytes);
    if (text.has_error()) return text.error();
    log = std::move(*text);
  }
  const std::string line =
      done_line(state_.digest.empty() ? "-" : state_.digest, state_.size_bytes, state_.mtime_ms, state_.name);
  if (log.ends_with(line)) return {};
  log += line;
  auto lines = static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
  for (; lines > kMaxDone || log.size() > kMaxDoneBytes; --lines) log.erase(0, log.find('\n') + 1);
  return replace_file(spool_, kDoneLog, log);
}

Result<bool> Importer::seen(const FileInfo& file) {
  const auto info = spool_.info(kDoneLog);
  if (info.has_error()) return info.error();
  if (!*info) return false;
  const auto log = read_whole(spool_, kDoneLog, kMaxDoneBytes);
  if (log.has_error()) return log.error();
  const auto mtime = static_cast<std::uint64_t>(std::max<std::int64_t>(file.mtime_ms, 0));
  return log->find(done_line("", file.size_bytes, mtime, file.name)) != std::string::npos;
}

// The state first: without it, what else is in the spool is overwritten by the next file.
Status Importer::forget() {
  if (auto status = spool_.remove(kSpoolState); status.has_error()) return status;
  if (auto status = spool_.sync_folder(""); status.has_error()) return status;
  for (const char* path : {kSpoolSource, kSpoolManifest, kSpoolErrors}) {
    if (auto status = spool_.remove(path); status.has_error()) return status;
  }
  for (std::size_t i = 0; options_.zip && i < options_.unpack.max_entries; ++i) {
    if (auto status = spool_.remove(kSpoolMember + std::to_string(i)); status.has_error()) return status;
  }
  return {};
}

}  // namespace tongqu::file
