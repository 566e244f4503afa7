#include "connectors/file/file_inbound.hpp"

#include "connectors/file/file_codes.hpp"
#include "connectors/support/local_files.hpp"

namespace tongqu::file {

FileInbound::FileInbound(InboundOptions options, std::unique_ptr<FileSystem> there, const Suite& suite,
                         const Clock& clock, Intake& intake)
    : options_(std::move(options)),
      there_(std::move(there)),
      spool_(make_local_files(options_.state, false)),
      clock_(clock),
      importer_(options_.import, *there_, *spool_, options_.state, suite, clock, intake, counts_),
      arrival_(options_.arrival),
      rounds_(options_.state, options_.poll_ms, clock, [this]() -> Result<LockedRounds::Done> {
        if (auto status = round(); status.has_error()) return status.error();
        return LockedRounds::Done{};
      }) {}

FileInbound::~FileInbound() { stop(0); }

void FileInbound::start() { rounds_.start(); }

void FileInbound::stop(std::int64_t grace_ms) {
  rounds_.stop();
  importer_.stop(grace_ms);
  there_->cut(grace_ms);
  rounds_.join();
}

InboundHealth FileInbound::health() const {
  const auto [last_success_ms, last_code] = rounds_.health();
  return {last_success_ms, last_code, counts_.accepted.load(), counts_.turned_back.load()};
}

Status FileInbound::round() {
  if (auto status = importer_.resume(); status.has_error()) return status;
  if (!window_open()) return {};
  const auto listing = there_->list(options_.import.inbox, options_.max_listing);
  if (listing.has_error()) return listing.error();
  Status worst;
  if (listing->cut) worst = make_error(codes::kFileListing, std::to_string(options_.max_listing));
  for (const FileInfo& file : arrival_.look(*listing)) {
    if (rounds_.stopping()) return worst;
    if (options_.import.afterwards == Afterwards::kKeep) {
      const auto seen = importer_.seen(file);
      if (seen.has_error()) return seen.error();
      if (*seen) continue;
    }
    const Status status = importer_.run(file, arrival_.companions(file.name));
    if (status.has_error()) worst = status;
  }
  return worst;
}

bool FileInbound::window_open() const {
  if (!options_.window) return true;
  const CivilTime now = to_beijing(clock_.now());
  const int minute = now.hour * 60 + now.minute;
  const auto [from, to] = *options_.window;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

}  // namespace tongqu::file
