#include "gateway/store/file_attachments.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <random>

#include "gateway/store/attachment_codes.hpp"
#include "gateway/store/attachment_upload.hpp"
#include "gateway/store/segment_file.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::size_t kMaxTypeBytes = 100;
constexpr std::size_t kMaxKeyBytes = 255;
constexpr std::size_t kExpiredPerCall = 1000;
constexpr std::string_view kNameContext = "attachment-name";
constexpr std::string_view kEnding = ".seg";

Error not_found() { return make_error(codes::kNotFound, "attachment"); }

AttachmentId random_id() {
  std::random_device source;
  Bytes bytes;
  while (bytes.size() < 16) {
    const std::uint32_t word = source();
    for (const unsigned shift : {0U, 8U, 16U, 24U}) bytes.push_back(static_cast<char>(word >> shift & 255U));
  }
  return AttachmentId(to_hex(bytes));
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Status check(const AttachmentDeclaration& d, const AttachmentLimits& limits) {
  const auto wrong = [](std::string_view member) {
    return make_error(codes::kAttachmentDeclaration, std::string(member));
  };
  if (!is_attachment_name(d.name)) return wrong("name");
  const auto slash = d.type.find('/');
  const bool type = slash != std::string::npos && slash > 0 && d.type.size() <= kMaxTypeBytes && !has_control(d.type) &&
                    slash + 1 < d.type.size();
  if (!type) return wrong("type");
  if (d.size_bytes == 0) return wrong("size");
  if (d.idempotency_key.size() > kMaxKeyBytes) return wrong("Idempotency-Key");
  if (d.size_bytes > limits.max_bytes) return make_error(codes::kAttachmentTooLarge, std::to_string(limits.max_bytes));
  return {};
}

class FileReader final : public AttachmentReader {
 public:
  FileReader(Attachment attachment, SegmentFile file) : attachment_(std::move(attachment)), file_(std::move(file)) {}
  [[nodiscard]] const Attachment& attachment() const override { return attachment_; }
  [[nodiscard]] Result<Bytes> read(std::uint64_t offset_bytes) override {
    auto plain = file_.read(offset_bytes / kSegmentBytes);
    if (plain.has_error()) return plain.error();
    const std::size_t skip = offset_bytes % kSegmentBytes;
    if (skip >= plain->size()) return make_error(codes::kAttachmentCorrupt);
    return skip == 0 ? std::move(*plain) : plain->substr(skip);
  }

 private:
  Attachment attachment_;
  SegmentFile file_;
};

}  // namespace

bool is_attachment_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && is_utf8(name) && !has_control(name) &&
         name.find('/') == std::string_view::npos;
}

Status sync_attachment_folder(const std::filesystem::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  return done ? Status{} : Status{make_error(codes::kUnavailable, "attachment folder")};
}

Result<std::unique_ptr<FileAttachments>> FileAttachments::open(AttachmentOptions options, AttachmentTools tools) {
  std::error_code failed;
  std::filesystem::create_directories(options.folder.parent_path(), failed);
  if (::mkdir(options.folder.c_str(), S_IRWXU) != 0 && !std::filesystem::is_directory(options.folder, failed))
    return make_error(codes::kUnavailable, "attachment folder");
  auto table = sql::AttachmentTable::open(options.folder);
  if (table.has_error()) return table.error();
  auto fetches = sql::FetchTable::open(**table);
  if (fetches.has_error()) return fetches.error();
  auto derivatives = sql::DerivativeTable::open(**table);
  if (derivatives.has_error()) return derivatives.error();
  std::unique_ptr<FileAttachments> store(
      new FileAttachments(std::move(options), tools, std::move(*table), std::move(*fetches), std::move(*derivatives)));
  if (auto status = store->remove_stray_copies(); status.has_error()) return status.error();
  store->remove_strays();
  return store;
}

FileAttachments::FileAttachments(AttachmentOptions options, AttachmentTools tools,
                                 std::unique_ptr<sql::AttachmentTable> table, std::unique_ptr<sql::FetchTable> fetches,
                                 std::unique_ptr<sql::DerivativeTable> derivatives)
    : options_(std::move(options)),
      tools_(tools),
      table_(std::move(table)),
      fetches_(std::move(fetches)),
      derivatives_(std::move(derivatives)) {}
FileAttachments::~FileAttachments() = default;

std::filesystem::path FileAttachments::file_of(const AttachmentId& id) const {
  return options_.folder / (id.str() + std::string(kEnding));
}

Status FileAttachments::check_space() const {
  struct statvfs disk{};
  if (::statvfs(options_.folder.c_str(), &disk) != 0) return make_error(codes::kUnavailable, "attachment folder");
  const std::uint64_t free_bytes = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  return free_bytes < options_.reserve_free_bytes ? Status{make_error(codes::kUnavailable, "disk space")} : Status{};
}

// The row, or not-found: for what does not exist, and for what belongs to another.
Result<sql::AttachmentRow> FileAttachments::known(const AttachmentId& id, const PartnerId* owner) {
  if (!is_attachment_id(id.str())) return not_found();
  auto row = table_->by_id(id);
  if (row.has_error()) return row.error();
  if (!*row || (owner != nullptr && (*row)->attachment.owner != *owner)) return not_found();
  const Attachment& a = (*row)->attachment;
  if (a.state == AttachmentState::kUploading && a.expires_ms <= tools_.clock.now().ms) return not_found();
  return std::move(**row);
}

Result<Attachment> FileAttachments::with_name(const sql::AttachmentRow& row) const {
  Attachment attachment = row.attachment;
  if (row.wrapped_key.empty()) return attachment;
  const auto key = tools_.sealer.unwrap(ExchangeId(attachment.id.str()), row.wrapped_key);
  if (key.has_error()) return key.error();
  auto name = tools_.sealer.open(*key, kNameContext, row.sealed_name);
  if (name.has_error()) return name.error();
  attachment.name = std::move(*name);
  return attachment;
}

Result<sql::AttachmentRow> FileAttachments::new_row(const AttachmentDeclaration& d, Bytes fingerprint) const {
  sql::AttachmentRow row;
  Attachment& a = row.attachment;
  a.id = random_id();
  a.owner = d.owner;
  a.type = media_type_name(d.type);
  a.size_bytes = d.size_bytes;
  a.hash = d.hash;
  a.digest = d.digest;
  a.created_ms = tools_.clock.now().ms;
  a.expires_ms = a.created_ms + options_.max_age_ms;
  const auto key = tools_.sealer.make_key(ExchangeId(a.id.str()));
  if (key.has_error()) return key.error();
  auto sealed_name = tools_.sealer.seal(*key, kNameContext, d.name);
  if (sealed_name.has_error()) return sealed_name.error();
  const auto overhead = segment_overhead(tools_.sealer, *key);
  if (overhead.has_error()) return overhead.error();
  row.wrapped_key = key->wrapped;
  row.sealed_name = std::move(*sealed_name);
  row.overhead_bytes = *overhead;
  row.idempotency_key = d.idempotency_key.empty() ? "=" + to_hex(fingerprint) : "k" + d.idempotency_key;
  row.declaration = std::move(fingerprint);
  return row;
}

Result<Attachment> FileAttachments::create(const AttachmentDeclaration& d, const AttachmentLimits& limits) {
  if (auto status = check(d, limits); status.has_error()) return status.error();
  const Suite& hash = suite(tools_.suite);
  const Bytes fingerprint(as_text(hash.hash({d.name, "\n", media_type_name(d.type), "\n", std::to_string(d.size_bytes),
                                             "\n", suite(d.hash).hash_name(), "\n", as_text(d.digest)})));
  const std::string key = d.idempotency_key.empty() ? "=" + to_hex(fingerprint) : "k" + d.idempotency_key;
  const std::lock_guard lock(mutex_);
  auto before = table_->by_key(d.owner, key);
  if (before.has_error()) return before.error();
  if (*before) {
    const Attachment& a = (*before)->attachment;
    const bool over = a.state == AttachmentState::kUploading && a.expires_ms <= tools_.clock.now().ms;
    if (!over) {
      if ((*before)->declaration != fingerprint) return make_error(codes::kAttachmentKeyConflict);
      auto known = with_name(**before);
      if (known.has_value()) known->repeated = true;
      return known;
    }
    if (auto status = remove_locked(a.id); status.has_error()) return status.error();
  }
  const auto open = table_->open_of(d.owner);
  if (open.has_error()) return open.error();
  if (open->count >= limits.max_open_count)
    return make_error(codes::kAttachmentOpenCount, std::to_string(limits.max_open_count));
  if (open->bytes > limits.max_open_bytes || d.size_bytes > limits.max_open_bytes - open->bytes)
    return make_error(codes::kAttachmentOpenBytes, std::to_string(limits.max_open_bytes));
  if (auto status = check_space(); status.has_error()) return status.error();
  auto row = new_row(d, fingerprint);
  if (row.has_error()) return row.error();
  if (auto status = table_->insert(*row); status.has_error()) return status.error();
  Attachment made = std::move(row->attachment);
  made.name = d.name;
  return made;
}

Result<Attachment> FileAttachments::find(const AttachmentId& id) {
  const std::lock_guard lock(mutex_);
  const auto row = known(id, nullptr);
  return row.has_error() ? Result<Attachment>(row.error()) : with_name(*row);
}

Result<sql::AttachmentRow> FileAttachments::claim(const AttachmentId& id, const PartnerId& owner,
                                                  std::uint64_t offset_bytes, Progress& progress) {
  const std::lock_guard lock(mutex_);
  auto row = known(id, &owner);
  if (row.has_error()) return row.error();
  const Attachment& a = row->attachment;
  if (a.state != AttachmentState::kUploading)
    return make_error(codes::kAttachmentWrongState, std::string(name_of(a.state)));
  Progress& entry = uploads_[id.str()];
  if (entry.busy) return make_error(codes::kAttachmentBusy);
  if (a.offset_bytes != offset_bytes) return make_error(codes::kAttachmentOffset, std::to_string(a.offset_bytes));
  progress = std::move(entry);
  entry = {};
  entry.busy = true;
  return row;
}

void FileAttachments::give_back(const AttachmentId& id, Progress progress) {
  const std::lock_guard lock(mutex_);
  progress.busy = false;
  if (!progress.declared) {
    uploads_.erase(id.str());
  } else {
    uploads_[id.str()] = std::move(progress);
  }
}

Result<std::unique_ptr<AttachmentWriter>> FileAttachments::append(const AttachmentId& id, const PartnerId& owner,
                                                                  std::uint64_t offset_bytes) {
  if (auto status = check_space(); status.has_error()) return status.error();
  Progress progress;
  auto row = claim(id, owner, offset_bytes, progress);
  if (row.has_error()) return row.error();
  const bool first = offset_bytes == 0;
  auto writer = AttachmentUpload::begin(*this, std::move(*row), std::move(progress));
  if (writer.has_value() && first) {
    if (auto status = sync_attachment_folder(options_.folder); status.has_error()) return status.error();
  }
  return writer;
}

Result<std::unique_ptr<AttachmentReader>> FileAttachments::open(const AttachmentId& id) {
  sql::AttachmentRow row;
  Attachment attachment;
  {
    const std::lock_guard lock(mutex_);
    auto found = known(id, nullptr);
    if (found.has_error()) return found.error();
    row = std::move(*found);
    auto named = with_name(row);
    if (named.has_error()) return named.error();
    attachment = std::move(*named);
  }
  const AttachmentState state = attachment.state;
  if (state != AttachmentState::kStored && state != AttachmentState::kScanned)
    return make_error(codes::kAttachmentWrongState, std::string(name_of(state)));
  auto key = tools_.sealer.unwrap(ExchangeId(id.str()), row.wrapped_key);
  if (key.has_error()) return key.error();
  auto file = SegmentFile::open(file_of(id), SegmentFile::Mode::kRead, tools_.sealer, std::move(*key),
                                {attachment.size_bytes, row.overhead_bytes});
  if (file.has_error()) return file.error();
  return std::unique_ptr<AttachmentReader>(std::make_unique<FileReader>(std::move(attachment), std::move(*file)));
}

// The row first: a file without a row is a stray, a row without its file would be damage.
Status FileAttachments::remove_locked(const AttachmentId& id) {
  const auto entry = uploads_.find(id.str());
  if (entry != uploads_.end() && entry->second.busy) return make_error(codes::kAttachmentBusy);
  if (entry != uploads_.end()) uploads_.erase(entry);
  if (auto status = fetches_->erase(id); status.has_error()) return status;
  if (auto status = table_->erase(id); status.has_error()) return status;
  std::error_code ignored;
  std::filesystem::remove(file_of(id), ignored);
  return {};
}

Result<std::vector<AttachmentId>> FileAttachments::unscanned(const AttachmentId& after, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  return table_->unscanned(after, limit);
}

Status FileAttachments::settle_scan(const AttachmentId& id, ScanVerdict verdict) {
  const std::lock_guard lock(mutex_);
  return table_->settle_scan(
      id, verdict == ScanVerdict::kClean ? AttachmentState::kScanned : AttachmentState::kQuarantined);
}

Result<std::vector<Attachment>> FileAttachments::list(const AttachmentFilter& filter) {
  const std::lock_guard lock(mutex_);
  return table_->list(filter);
}

Status FileAttachments::release(const AttachmentId& id) {
  const std::lock_guard lock(mutex_);
  const auto row = known(id, nullptr);
  if (row.has_error()) return row.error();
  const auto released = table_->release(id);
  if (released.has_error()) return released.error();
  return *released ? Status{}
                   : Status{make_error(codes::kAttachmentWrongState, std::string(name_of(row->attachment.state)))};
}

Status FileAttachments::destroy(const AttachmentId& id) {
  const std::lock_guard lock(mutex_);
  const auto row = known(id, nullptr);
  if (row.has_error()) return row.error();
  const auto entry = uploads_.find(id.str());
  if (entry != uploads_.end() && entry->second.busy) return make_error(codes::kAttachmentBusy);
  if (auto status = destroy_copy_locked(id); status.has_error()) return status;
  return destroy_locked(id);
}

Status FileAttachments::remove(const AttachmentId& id, const PartnerId& owner) {
  const std::lock_guard lock(mutex_);
  const auto row = known(id, &owner);
  if (row.has_error()) return row.error();
  const AttachmentState state = row->attachment.state;
  if (state != AttachmentState::kUploading)
    return make_error(codes::kAttachmentWrongState, std::string(name_of(state)));
  return remove_locked(id);
}

Result<std::size_t> FileAttachments::remove_expired() {
  const std::lock_guard lock(mutex_);
  const auto ids = table_->expired(tools_.clock.now(), kExpiredPerCall);
  if (ids.has_error()) return ids.error();
  std::size_t removed = 0;
  for (const AttachmentId& id : *ids) {
    const auto status = remove_locked(id);
    if (status.has_value()) ++removed;
    if (status.has_error() && status.error().code != &codes::kAttachmentBusy) return status.error();
  }
  return removed;
}

// Files whose row is gone: the process ended between the two steps of remove_locked or refuse.
void FileAttachments::remove_strays() {
  const std::lock_guard lock(mutex_);
  std::error_code failed;
  for (auto entry = std::filesystem::directory_iterator(options_.folder, failed);
       !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    const std::filesystem::path& path = entry->path();
    const AttachmentId id(path.stem().string());
    if (path.extension() != kEnding || !is_attachment_id(id.str())) continue;
    const auto row = table_->by_id(id);
    const bool stray = row.has_value() && (!*row || (*row)->attachment.state == AttachmentState::kRefused);
    if (stray) std::filesystem::remove(path, failed);
  }
}

}  // namespace tongqu
