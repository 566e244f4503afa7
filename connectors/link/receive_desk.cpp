#include "connectors/link/receive_desk.hpp"

#include <algorithm>

#include "connectors/link/link_codes.hpp"
#include "connectors/link/send_desk.hpp"
#include "connectors/support/folder_codes.hpp"

namespace tongqu::link {
namespace {

constexpr std::size_t kMaxStateFiles = 20'000;
constexpr std::size_t kMaxKeptBytes = std::size_t{8} << 20U;
constexpr std::uint64_t kMaxListParts = 99;

std::int64_t day_of(Instant at) {
  const CivilTime civil = to_beijing(at);
  return std::int64_t{civil.year} * 10'000 + civil.month * 100 + civil.day;
}

std::size_t answer_bytes(const BundleAnswer& answer) {
  std::size_t bytes = 128;
  for (const Answer& one : answer.answers) bytes += one.message_id.size() + one.code.size() + 128;
  return bytes;
}

}  // namespace

ReceiveDesk::ReceiveDesk(LinkRules rules, ReceiveRules times, Folders folders, LinkKeys keys)
    : rules_(std::move(rules)),
      times_(times),
      folders_(folders),
      keys_(keys),
      inspection_(folders.in, folders.state, rules_.settle_ms) {}

Status ReceiveDesk::load() {
  book_ = ReceiveBook();
  ahead_.clear();
  taken_at_.clear();
  const auto kept = read_all_kept(folders_.state, kMaxStateFiles);
  if (kept.has_error()) return kept.error();
  for (const KeptAnswer& one : *kept) {
    book_.taken(one.answer.number, one.answer.digest);
    taken_at_[one.answer.number] = one.at;
    days_.insert(day_of(one.at));
  }
  return {};
}

Result<std::optional<ReceiveDesk::Found>> ReceiveDesk::look(std::int64_t steady_ms, Instant now,
                                                            std::vector<Error>& bad) {
  const auto listing = folders_.in.list("", Inspection::kMaxListing);
  if (listing.has_error()) return listing.error();
  inspection_.keep_only(listing->files);
  std::map<std::uint64_t, file::FileInfo> files;
  for (const file::FileInfo& file : listing->files) {
    const auto name = read_file_name(file.name, rules_.link, rules_.extension);
    if (name && name->kind == FileKind::kBundle) files[name->number] = file;
  }
  std::erase_if(ahead_, [&](const auto& entry) {
    return std::none_of(files.begin(), files.end(), [&](const auto& file) { return file.second.name == entry.first; });
  });
  std::optional<Found> found;
  std::set<std::uint64_t> ahead;
  for (const auto& [number, file] : files) {
    auto one = look_at(file, number, steady_ms, now, bad);
    if (one.has_error()) return one.error();
    if (*one) {
      found = std::move(*one);
      break;
    }
    if (ahead_.contains(file.name)) ahead.insert(number);
  }
  if (!found) book_.ahead(std::move(ahead));
  return found;
}

Result<std::optional<ReceiveDesk::Found>> ReceiveDesk::look_at(const file::FileInfo& file, std::uint64_t number,
                                                               std::int64_t steady_ms, Instant now,
                                                               std::vector<Error>& bad) {
  const auto nothing = [](const Status& status) -> Result<std::optional<Found>> {
    if (status.has_error()) return status.error();
    return std::optional<Found>();
  };
  if (const auto seen = ahead_.find(file.name); seen != ahead_.end()) {
    const bool same = seen->second.size_bytes == file.size_bytes && seen->second.mtime_ms == file.mtime_ms;
    if (same && number > book_.awaited()) return std::optional<Found>();
    ahead_.erase(seen);
  }
  if (file.size_bytes > rules_.max_bundle_bytes) {
    const Error why = make_error(codes::kLinkTooLarge, std::to_string(rules_.max_bundle_bytes));
    return nothing(spoil(file, number, why, steady_ms, now, bad));
  }
  const auto text = file::read_whole(folders_.in, file.name, rules_.max_bundle_bytes);
  if (text.has_error()) {
    if (text.error().code == &codes::kFileMissing) return std::optional<Found>();
    return text.error();
  }
  auto read = read_bundle(unwrap(*text, rules_.type), keys_.suite, keys_.peer);
  if (read.has_error()) return nothing(spoil(file, number, read.error(), steady_ms, now, bad));
  if (read->bundle.link != rules_.link || read->bundle.number != number)
    return nothing(spoil(file, number, make_error(codes::kLinkName), steady_ms, now, bad));
  const auto coming = book_.judge(*read);
  if (coming.has_error()) return nothing(spoil(file, number, coming.error(), steady_ms, now, bad));
  switch (*coming) {
    case Coming::kNext: return std::optional<Found>(Found{file.name, std::move(*read)});
    case Coming::kRepeated: return nothing(repeat(file.name, number, now));
    case Coming::kForgotten: return nothing(folders_.in.remove(file.name));
    case Coming::kAhead: ahead_[file.name] = {file.size_bytes, file.mtime_ms}; break;
  }
  return std::optional<Found>();
}

// Bad, unless it is being written still.
Status ReceiveDesk::spoil(const file::FileInfo& file, std::uint64_t number, const Error& why, std::int64_t steady_ms,
                          Instant now, std::vector<Error>& bad) {
  if (!inspection_.settled(file, steady_ms)) return {};
  if (auto status = inspection_.quarantine(file, why, rules_.max_bundle_bytes, now); status.has_error()) return status;
  book_.spoilt(number);
  asked_ms_.reset();  // the sooner it is asked for the better
  bad.push_back(why);
  return {};
}

Result<KeptAnswer> ReceiveDesk::kept(std::uint64_t number) {
  const auto text = file::read_whole(folders_.state, answer_path(number), kMaxKeptBytes);
  if (text.has_error()) return text.error();
  auto kept = read_kept(*text);
  if (kept.has_error()) return make_error(codes::kLinkState, "answers");
  return kept;
}

Status ReceiveDesk::repeat(const std::string& file, std::uint64_t number, Instant now) {
  const auto answered = kept(number);
  if (answered.has_error()) return answered.error();
  if (auto status = answer(answered->answer, now); status.has_error()) return status;
  return folders_.in.remove(file);
}

Status ReceiveDesk::take(const Found& found, std::vector<Answer> answers, Instant now) {
  const std::uint64_t number = found.read.bundle.number;
  const KeptAnswer kept{{number, found.read.digest, std::move(answers)}, now};
  if (auto status = put_file(folders_.state, answer_path(number), write_kept(kept)); status.has_error()) return status;
  book_.taken(number, found.read.digest);
  taken_at_[number] = now;
  days_.insert(day_of(now));
  if (auto status = answer(kept.answer, now); status.has_error()) return status;
  for (const std::uint64_t old : book_.prune()) {
    taken_at_.erase(old);
    if (auto status = folders_.state.remove(answer_path(old)); status.has_error()) return status;
  }
  return folders_.in.remove(found.file);
}

// On a one-way link the answers wait for the day's list.
Status ReceiveDesk::answer(const BundleAnswer& answer, Instant now) {
  if (rules_.one_way) return {};
  Answers answers = head(now);
  answers.bundles.push_back(answer);
  return put(FileKind::kAck, answer.number, answers);
}

Answers ReceiveDesk::head(Instant now) const {
  return {rules_.link, now, book_.awaited(), book_.highest(), book_.missing(), {}};
}

Status ReceiveDesk::put(FileKind kind, std::uint64_t number, const Answers& answers) {
  auto written = write_answers(answers, keys_.suite, keys_.own);
  if (written.has_error()) return written.error();
  return put_file(folders_.out, rules_.name(kind, number), wrap(std::move(written->text), rules_.type));
}

Status ReceiveDesk::ask(std::int64_t steady_ms, Instant now) {
  if (rules_.one_way) return {};
  if (asked_number_ != 0 && (!waits() || asked_number_ != book_.awaited())) {
    if (auto status = folders_.out.remove(rules_.name(FileKind::kGap, asked_number_)); status.has_error())
      return status;
    asked_number_ = 0;
    asked_ms_.reset();
  }
  if (!waits() || (asked_ms_ && steady_ms - *asked_ms_ < times_.ask_ms)) return {};
  if (auto status = put(FileKind::kGap, book_.awaited(), head(now)); status.has_error()) return status;
  asked_number_ = book_.awaited();
  asked_ms_ = steady_ms;
  return {};
}

// Today's list is written even when nothing new came: that what was sent last is not on it is news as well.
Status ReceiveDesk::list(std::int64_t steady_ms, Instant now) {
  if (!rules_.one_way || (listed_ms_ && steady_ms - *listed_ms_ < times_.list_ms)) return {};
  days_.insert(day_of(now));
  while (!days_.empty()) {
    if (auto status = list_day(*days_.begin(), now); status.has_error()) return status;
    days_.erase(days_.begin());
  }
  listed_ms_ = steady_ms;
  return {};
}

Status ReceiveDesk::list_day(std::int64_t day, Instant now) {
  Answers part = head(now);
  std::uint64_t number = static_cast<std::uint64_t>(day) * 100 + 1;
  const std::uint64_t last = static_cast<std::uint64_t>(day) * 100 + kMaxListParts;
  std::size_t bytes = 0;
  for (const auto& [bundle, at] : taken_at_) {
    if (day_of(at) != day) continue;
    auto one = kept(bundle);
    if (one.has_error()) return one.error();
    const std::size_t more = answer_bytes(one->answer);
    const bool full =
        bytes + more > rules_.max_bundle_bytes - kFrameBytes * 8 || part.bundles.size() == kMaxAnsweredBundles;
    if (full && !part.bundles.empty()) {
      if (auto status = put(FileKind::kList, number, part); status.has_error()) return status;
      if (number == last) return {};
      ++number;
      part.bundles.clear();
      bytes = 0;
    }
    bytes += more;
    part.bundles.push_back(std::move(one->answer));
  }
  return put(FileKind::kList, number, part);
}

}  // namespace tongqu::link
