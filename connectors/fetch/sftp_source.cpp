#include "connectors/fetch/sftp_source.hpp"

#include "connectors/fetch/fetch_codes.hpp"
#include "connectors/support/folder_codes.hpp"
#include "gateway/net/net_codes.hpp"

namespace tongqu::fetch {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} << 10U;
// Times of change are whole seconds: a file may still be written to within one, and two clocks differ.
constexpr std::int64_t kSettledMs = 60'000;

// What proves that a file is the same later on; empty = nothing does.
std::string validator_of(const file::FileInfo& info, Instant now) {
  if (now.ms - info.mtime_ms < kSettledMs) return {};
  return std::to_string(info.mtime_ms) + "/" + std::to_string(info.size_bytes);
}

}  // namespace

SftpSource::SftpSource(std::shared_ptr<const FetchRules> rules, std::unique_ptr<file::FileSystem> files,
                       const Clock& clock)
    : rules_(std::move(rules)), files_(std::move(files)), clock_(clock) {}

void SftpSource::interrupt() {
  interrupted_ = true;
  files_->cut(0);
}

FetchFailure SftpSource::failure_of(const Error& error) const {
  if (interrupted_) return {&codes::kNetClientStopped, false, 0};
  if (error.code == &codes::kFileMissing) return {&codes::kFetchMissing, true, 0};
  if (error.code == &codes::kFileDenied) return {&codes::kFetchDenied, false, 0};
  return {error.code, false, 0};
}

std::optional<FetchFailure> SftpSource::fetch(const std::string& url, const FetchFrom& from, ContentTaker& taker) {
  const auto path = rules_->sftp_path(url);
  if (!path) return FetchFailure{&codes::kFetchForbidden, true, 0};
  const auto info = files_->info(*path);
  if (info.has_error()) return failure_of(info.error());
  if (!*info || !(*info)->regular) return FetchFailure{&codes::kFetchMissing, true, 0};
  FetchFrom now{0, (*info)->size_bytes, validator_of(**info, clock_.now())};
  const bool same = !now.validator.empty() && now.validator == from.validator && now.size_bytes == from.size_bytes;
  if (same) now.offset_bytes = from.offset_bytes;
  return taker.begin(now) ? copy(*path, now, taker) : std::nullopt;
}

// To the size that was told: what is written behind it meanwhile is another content.
std::optional<FetchFailure> SftpSource::copy(const std::string& path, const FetchFrom& now, ContentTaker& taker) {
  auto reader = files_->open(path, now.offset_bytes);
  if (reader.has_error()) return failure_of(reader.error());
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = now.offset_bytes; at < now.size_bytes;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), now.size_bytes - at));
    const auto got = (*reader)->read(piece.data(), wanted);
    if (got.has_error()) return failure_of(got.error());
    if (*got == 0 || !taker.take(std::string_view(piece).substr(0, *got))) return std::nullopt;
    at += *got;
  }
  return std::nullopt;
}

}  // namespace tongqu::fetch
