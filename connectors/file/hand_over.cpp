#include "connectors/file/hand_over.hpp"

#include "connectors/file/archive.hpp"
#include "connectors/file/file_codes.hpp"
#include "connectors/file/manifest.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::file {
namespace {

constexpr const char* kBook = "book";
constexpr std::size_t kMaxBookBytes = std::size_t{512} << 20U;
constexpr std::size_t kBlockBytes = std::size_t{64} << 10U;

std::string spool_name(std::uint64_t number) { return "out-" + std::to_string(number); }
std::string manifest_name(std::uint64_t number) { return spool_name(number) + ".manifest"; }

std::string stem(const std::string& name) { return name.substr(0, name.rfind('.')); }

}  // namespace

HandOver::HandOver(HandOverOptions options, FileSystem& there, FileSystem& spool, BatchBook& book, const Suite& suite)
    : options_(std::move(options)), there_(there), spool_(spool), book_(book), suite_(suite) {}

Status HandOver::load(std::int64_t now_ms) {
  const auto info = spool_.info(kBook);
  if (info.has_error()) return info.error();
  std::string text;
  if (*info) {
    auto read = read_whole(spool_, kBook, kMaxBookBytes);
    if (read.has_error()) return read.error();
    text = std::move(*read);
  }
  book_bytes_ = book_.read(text);
  return book_.age(now_ms) ? rewrite() : Status();
}

Status HandOver::rewrite() {
  const std::string text = book_.text();
  if (auto status = replace_file(spool_, kBook, text); status.has_error()) return status;
  book_bytes_ = text.size();
  return {};
}

// Appends behind the last change that counts; what a crash or a failure left half written is cut off by it.
Status HandOver::write_down(const std::string& text) {
  auto writer = spool_.write(kBook, book_bytes_);
  if (writer.has_error()) return writer.error();
  if (auto status = (*writer)->write(text); status.has_error()) return status;
  if (auto status = (*writer)->finish(); status.has_error()) return status;
  book_bytes_ += text.size();
  return {};
}

Status HandOver::build(Batch batch, std::string_view content, std::int64_t now_ms) {
  batch.number = book_.next_number();
  batch.state = BatchState::kOpen;
  batch.made_ms = now_ms;
  const std::string digest = to_hex(as_text(suite_.hash({content})));
  const std::string inner = options_.zip ? stem(batch.name) + options_.inner_extension : batch.name;
  const std::string manifest =
      write_manifest({{inner, batch.rows.size(), content.size(), std::string(suite_.hash_name()), digest}});
  Status kept;
  if (options_.zip) {
    auto zip = make_zip({{inner, content}, {std::string(kManifestName), manifest}}, now_ms / 1000);
    if (zip.has_error()) return zip.error();
    kept = replace_file(spool_, spool_name(batch.number), *zip);
  } else {
    if (options_.sidecar) kept = replace_file(spool_, manifest_name(batch.number), manifest);
    if (kept.has_value()) kept = replace_file(spool_, spool_name(batch.number), content);
  }
  if (kept.has_error()) return kept;
  return write_down(book_.open(std::move(batch)));
}

Status HandOver::run(std::uint64_t number, const std::function<bool()>& go_on) {
  const Batch& batch = book_.batches().at(number);
  if (batch.state == BatchState::kOpen) {
    const auto built = spool_.info(spool_name(number));
    if (built.has_error()) return built.error();
    if (!*built) {
      if (auto status = write_down(book_.drop(number)); status.has_error()) return status;
      return make_error(codes::kFileState, "out");
    }
    if (auto status = there_.make_folder(options_.folder); status.has_error()) return status;
    if (auto status = upload(batch, go_on); status.has_error()) return status;
    if (auto status = write_down(book_.stage(number)); status.has_error()) return status;
  }
  if (batch.state == BatchState::kStaged) {
    if (auto status = name_it(batch); status.has_error()) return status;
    if (auto status = write_down(book_.finish(number)); status.has_error()) return status;
  }
  if (auto status = spool_.remove(manifest_name(number)); status.has_error()) return status;
  return spool_.remove(spool_name(number));
}

Status HandOver::upload(const Batch& batch, const std::function<bool()>& go_on) {
  const std::string from = spool_name(batch.number);
  const std::string to = join(options_.folder, "." + batch.name + ".part");
  const auto whole = spool_.info(from);
  if (whole.has_error()) return whole.error();
  const auto there = there_.info(to);
  if (there.has_error()) return there.error();
  const std::uint64_t size = (*whole)->size_bytes;
  // Bytes go one after another, so what is there is a beginning of the file. A longer one is not ours.
  const std::uint64_t offset = *there && (*there)->size_bytes <= size ? (*there)->size_bytes : 0;
  if (auto status = send_rest(from, to, offset, go_on); status.has_error()) return status;
  const auto now = there_.info(to);
  if (now.has_error()) return now.error();
  if (*now && (*now)->size_bytes == size) return {};
  if (auto status = there_.remove(to); status.has_error()) return status;
  return make_error(codes::kFileIo, "size");
}

Status HandOver::send_rest(const std::string& from, const std::string& to, std::uint64_t offset,
                           const std::function<bool()>& go_on) {
  auto reader = spool_.open(from, offset);
  if (reader.has_error()) return reader.error();
  auto writer = there_.write(to, offset);
  if (writer.has_error()) return writer.error();
  std::string block(kBlockBytes, '\0');
  for (;;) {
    if (!go_on()) return make_error(codes::kBatchStopped);
    const auto got = (*reader)->read(block.data(), block.size());
    if (got.has_error()) return got.error();
    if (*got == 0) return (*writer)->finish();
    if (auto put = (*writer)->write(std::string_view(block).substr(0, *got)); put.has_error()) return put;
  }
}

Status HandOver::name_it(const Batch& batch) {
  const std::string final_name = join(options_.folder, batch.name);
  const std::string temporary = join(options_.folder, "." + batch.name + ".part");
  const auto there = there_.info(temporary);
  if (there.has_error()) return there.error();
  if (*there) {
    if (options_.sidecar) {
      const auto manifest = read_whole(spool_, manifest_name(batch.number), kMaxManifestBytes);
      if (manifest.has_error()) return manifest.error();
      const auto put = replace_file(there_, final_name + std::string(kManifestSuffix), *manifest);
      if (put.has_error()) return put;
    }
    if (auto status = there_.rename(temporary, final_name); status.has_error()) return status;
    if (auto status = there_.sync_folder(options_.folder); status.has_error()) return status;
  }
  if (options_.marker_suffix.empty()) return {};
  return replace_file(there_, final_name + options_.marker_suffix, "");
}

Status HandOver::answer(std::uint64_t number, std::set<std::uint64_t> refused_lines) {
  return write_down(book_.answer(number, std::move(refused_lines)));
}

}  // namespace tongqu::file
