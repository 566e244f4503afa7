#include "connectors/link/send_desk.hpp"

#include <algorithm>

#include "connectors/link/link_codes.hpp"
#include "connectors/support/folder_codes.hpp"

namespace tongqu::link {
namespace {

constexpr std::size_t kMaxKeptBytes = std::size_t{8} << 20U;  // kMaxEntries answers fit
constexpr std::size_t kMaxStateFiles = 20'000;

std::string bundle_path(std::uint64_t number) { return "bundles/" + number_text(number); }

std::vector<std::string> messages_of(const std::vector<Entry>& entries) {
  std::vector<std::string> out;
  out.reserve(entries.size());
  for (const Entry& entry : entries) out.push_back(entry.message_id);
  return out;
}

// Names of ten digits, rising.
Result<std::vector<std::string>> numbered(file::FileSystem& state, const std::string& folder, std::size_t limit) {
  if (auto status = state.make_folder(folder); status.has_error()) return status.error();
  // A rename that was not synced before a failure is made to last before anything is built on it.
  if (auto status = state.sync_folder(folder); status.has_error()) return status.error();
  const auto listing = state.list(folder, limit);
  if (listing.has_error()) return listing.error();
  if (listing->cut) return make_error(codes::kLinkState, folder);
  std::vector<std::string> out;
  for (const file::FileInfo& file : listing->files) {
    if (file.name.size() == 10 && file.name.find_first_not_of("0123456789") == std::string::npos)
      out.push_back(file.name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::string answer_path(std::uint64_t number) { return "answers/" + number_text(number); }

Status put_file(file::FileSystem& folder, const std::string& name, std::string_view bytes) {
  return file::replace_file(folder, name, bytes);
}

Result<std::vector<KeptAnswer>> read_all_kept(file::FileSystem& state, std::size_t limit) {
  const auto names = numbered(state, "answers", limit);
  if (names.has_error()) return names.error();
  std::vector<KeptAnswer> out;
  for (const std::string& name : *names) {
    const auto text = file::read_whole(state, "answers/" + name, kMaxKeptBytes);
    if (text.has_error()) return text.error();
    auto kept = read_kept(*text);
    if (kept.has_error() || number_text(kept->answer.number) != name) return make_error(codes::kLinkState, "answers");
    out.push_back(std::move(*kept));
  }
  return out;
}

SendDesk::SendDesk(LinkRules rules, SendRules book_rules, Folders folders, LinkKeys keys)
    : rules_(std::move(rules)),
      book_rules_(book_rules),
      folders_(folders),
      keys_(keys),
      inspection_(folders.in, folders.state, rules_.settle_ms),
      book_(book_rules) {}

Status SendDesk::load() {
  book_ = SendBook(book_rules_);
  if (auto status = load_answers(); status.has_error()) return status;
  if (auto status = load_bundles(); status.has_error()) return status;
  return prune();
}

Status SendDesk::load_answers() {
  const auto kept = read_all_kept(folders_.state, kMaxStateFiles);
  if (kept.has_error()) return kept.error();
  for (const KeptAnswer& one : *kept) book_.answered(one.answer);
  return {};
}

Status SendDesk::load_bundles() {
  const auto names = numbered(folders_.state, "bundles", kMaxStateFiles);
  if (names.has_error()) return names.error();
  for (const std::string& name : *names) {
    const auto text = file::read_whole(folders_.state, "bundles/" + name, rules_.max_bundle_bytes);
    if (text.has_error()) return text.error();
    const auto read = read_own_bundle(*text, keys_.suite);
    const bool sound = read.has_value() && number_text(read->bundle.number) == name && read->bundle.link == rules_.link;
    if (!sound) return make_error(codes::kLinkState, "bundles");
    if (book_.answered_bundle(read->bundle.number)) {
      if (auto status = folders_.state.remove("bundles/" + name); status.has_error()) return status;
      continue;
    }
    book_.made(read->bundle.number, read->digest, messages_of(read->bundle.entries));
  }
  return {};
}

Status SendDesk::make(std::vector<Entry> entries, Instant now) {
  Bundle bundle{rules_.link, book_.next_number(), book_.last_digest(), now, std::move(entries)};
  const auto written = write_bundle(bundle, keys_.suite, keys_.own);
  if (written.has_error()) return written.error();
  if (auto status = put_file(folders_.state, bundle_path(bundle.number), written->text); status.has_error())
    return status;
  book_.made(bundle.number, written->digest, messages_of(bundle.entries));
  return {};
}

Status SendDesk::drop(std::int64_t steady_ms, Instant now) {
  for (const std::uint64_t number : book_.to_drop(steady_ms)) {
    auto text = file::read_whole(folders_.state, bundle_path(number), rules_.max_bundle_bytes);
    if (text.has_error()) return text.error();
    const std::string bytes = wrap(std::move(*text), rules_.type);
    const auto status = put_file(folders_.out, rules_.name(FileKind::kBundle, number), bytes);
    if (status.has_error()) return status;
    book_.dropped(number, steady_ms, now);
  }
  return {};
}

Status SendDesk::collect(std::int64_t steady_ms, Instant now, std::vector<Error>& bad) {
  const auto listing = folders_.in.list("", Inspection::kMaxListing);
  if (listing.has_error()) return listing.error();
  inspection_.keep_only(listing->files);
  for (const file::FileInfo& file : listing->files) {
    const auto name = read_file_name(file.name, rules_.link, rules_.extension);
    if (!name || name->kind == FileKind::kBundle) continue;
    if (auto status = collect_one(file, name->kind, steady_ms, now, bad); status.has_error()) return status.error();
  }
  return prune();
}

Status SendDesk::collect_one(const file::FileInfo& file, FileKind kind, std::int64_t steady_ms, Instant now,
                             std::vector<Error>& bad_files) {
  const auto bad = [&](const Error& why) -> Status {
    if (!inspection_.settled(file, steady_ms)) return {};
    bad_files.push_back(why);
    return inspection_.quarantine(file, why, rules_.max_bundle_bytes, now);
  };
  if (file.size_bytes > rules_.max_bundle_bytes)
    return bad(make_error(codes::kLinkTooLarge, std::to_string(rules_.max_bundle_bytes)));
  const auto text = file::read_whole(folders_.in, file.name, rules_.max_bundle_bytes);
  if (text.has_error()) return text.error().code == &codes::kFileMissing ? Status() : text.error();
  const auto answers = read_answers(unwrap(*text, rules_.type), keys_.suite, keys_.peer);
  if (answers.has_error()) return bad(answers.error());
  if (answers->link != rules_.link) return bad(make_error(codes::kLinkName));
  const auto fresh = book_.judge(*answers);
  if (fresh.has_error()) return bad(fresh.error());
  for (const BundleAnswer& one : *fresh) {
    if (auto status = settle(one, now); status.has_error()) return status;
  }
  book_.asked(*answers, kind == FileKind::kList);
  return folders_.in.remove(file.name);
}

Status SendDesk::settle(const BundleAnswer& answer, Instant now) {
  if (auto status = put_file(folders_.state, answer_path(answer.number), write_kept({answer, now})); status.has_error())
    return status;
  book_.answered(answer);
  if (auto status = folders_.state.remove(bundle_path(answer.number)); status.has_error()) return status;
  // What was not fetched yet need not go any more.
  return folders_.out.remove(rules_.name(FileKind::kBundle, answer.number));
}

Status SendDesk::forget(const std::string& message_id) {
  const std::uint64_t number = book_.answered_in(message_id);
  if (number == 0) return {};
  const auto text = file::read_whole(folders_.state, answer_path(number), kMaxKeptBytes);
  if (text.has_error()) return text.error();
  auto kept = read_kept(*text);
  if (kept.has_error()) return make_error(codes::kLinkState, "answers");
  std::erase_if(kept->answer.answers, [&](const Answer& one) { return one.message_id == message_id; });
  if (auto status = put_file(folders_.state, answer_path(number), write_kept(*kept)); status.has_error()) return status;
  book_.forget(message_id);
  return {};
}

Status SendDesk::prune() {
  for (const std::uint64_t number : book_.prune()) {
    if (auto status = folders_.state.remove(answer_path(number)); status.has_error()) return status;
  }
  return {};
}

}  // namespace tongqu::link
