#include "gateway/store/attachment_upload.hpp"

#include <algorithm>

#include "gateway/store/attachment_codes.hpp"

namespace tongqu {

Result<std::unique_ptr<AttachmentWriter>> AttachmentUpload::begin(FileAttachments& store, sql::AttachmentRow row,
                                                                  FileAttachments::Progress progress,
                                                                  std::optional<Fetched> fetched) {
  const AttachmentId id = row.attachment.id;
  auto key = store.tools_.sealer.unwrap(ExchangeId(id.str()), row.wrapped_key);
  Result<SegmentFile> file = key.has_error()
                                 ? Result<SegmentFile>(key.error())
                                 : SegmentFile::open(store.file_of(id), SegmentFile::Mode::kWrite, store.tools_.sealer,
                                                     std::move(*key), {row.attachment.size_bytes, row.overhead_bytes});
  if (file.has_error()) {
    store.give_back(id, {});
    return file.error();
  }
  std::unique_ptr<AttachmentUpload> upload(
      new AttachmentUpload(store, std::move(row), std::move(progress), std::move(*file), std::move(fetched)));
  if (auto status = upload->restore(); status.has_error()) return status.error();
  return std::unique_ptr<AttachmentWriter>(std::move(upload));
}

AttachmentUpload::AttachmentUpload(FileAttachments& store, sql::AttachmentRow row, FileAttachments::Progress progress,
                                   SegmentFile file, std::optional<Fetched> fetched)
    : store_(store),
      fetched_(std::move(fetched)),
      row_(std::move(row)),
      progress_(std::move(progress)),
      file_(std::move(file)),
      offset_bytes_(row_.attachment.offset_bytes),
      on_disk_bytes_(offset_bytes_) {}

AttachmentUpload::~AttachmentUpload() {
  // Hashes run ahead of the disk unless the writer was closed: they are made anew then.
  if (!hashes_fit_ || offset_bytes_ != on_disk_bytes_) progress_ = {};
  store_.give_back(row_.attachment.id, std::move(progress_));
}

Status AttachmentUpload::restore() {
  const Attachment& a = row_.attachment;
  const std::uint64_t full = a.offset_bytes / kSegmentBytes;
  if (a.offset_bytes % kSegmentBytes != 0) {
    auto tail = file_->open_tail(full, row_.tail);
    if (tail.has_error()) return tail.error();
    if (tail->size() != a.offset_bytes % kSegmentBytes) return make_error(codes::kAttachmentCorrupt);
    segment_ = std::move(*tail);
  }
  if (progress_.declared && progress_.offset_bytes == a.offset_bytes) return {};
  progress_.declared = store_.suite(a.hash).start_hash();
  progress_.own = a.hash == store_.tools_.suite ? nullptr : store_.suite(store_.tools_.suite).start_hash();
  for (std::uint64_t segment = 0; segment < full; ++segment) {
    const auto plain = file_->read(segment);
    if (plain.has_error()) return plain.error();
    hash(*plain);
  }
  hash(segment_);
  progress_.offset_bytes = a.offset_bytes;
  return {};
}

void AttachmentUpload::hash(std::string_view bytes) {
  progress_.declared->update(bytes);
  if (progress_.own) progress_.own->update(bytes);
}

Status AttachmentUpload::append(std::string_view piece) {
  if (over_) return make_error(codes::kInternal);
  const std::uint64_t size = row_.attachment.size_bytes;
  if (piece.size() > size - offset_bytes_) {
    over_ = true;
    return make_error(codes::kAttachmentOverlong, std::to_string(size));
  }
  hash(piece);
  while (!piece.empty()) {
    const std::size_t wanted = file_->layout().plain_bytes(offset_bytes_ / kSegmentBytes);
    const std::size_t part = std::min(piece.size(), wanted - segment_.size());
    segment_.append(piece.substr(0, part));
    piece.remove_prefix(part);
    Status status;
    if (segment_.size() == wanted) status = take_segment();
    offset_bytes_ += part;
    const bool due = offset_bytes_ - on_disk_bytes_ >= store_.options_.checkpoint_every_bytes;
    if (status.has_value() && segment_.empty() && due && offset_bytes_ < size) status = checkpoint();
    if (status.has_error()) {
      over_ = true;
      hashes_fit_ = false;  // they have taken more than the file
      return status;
    }
  }
  return {};
}

// A whole segment goes to its place; the first one shows what the content is.
Status AttachmentUpload::take_segment() {
  const std::uint64_t number = offset_bytes_ / kSegmentBytes;
  if (number == 0) {
    if (auto status = check_type(segment_); status.has_error()) return status;
  }
  if (auto status = file_->write(number, segment_); status.has_error()) return status;
  segment_.clear();
  return {};
}

Status AttachmentUpload::check_type(std::string_view first_bytes) {
  const auto found = store_.tools_.typer.type_of(first_bytes);
  if (found.has_error()) return found.error();
  if (row_.attachment.type.empty() && fetched_) return adopt_type(*found);
  if (types_fit(row_.attachment.type, *found)) return {};
  return refuse(codes::kAttachmentType, *found);
}

// Nobody said what it would be: what it is, when that is permitted.
Status AttachmentUpload::adopt_type(const std::string& found) {
  auto type = std::ranges::find(fetched_->types, found);
  if (type == fetched_->types.end())
    type = std::ranges::find_if(fetched_->types, [&](const std::string& one) { return types_fit(one, found); });
  if (type == fetched_->types.end()) return refuse(codes::kAttachmentType, found);
  row_.attachment.type = *type;
  const std::lock_guard lock(store_.mutex_);
  return store_.fetches_->set_type(row_.attachment.id, *type);
}

Status AttachmentUpload::checkpoint() {
  if (auto status = store_.check_space(); status.has_error()) return status;
  Bytes tail;
  if (!segment_.empty()) {
    auto sealed = file_->seal_tail(offset_bytes_ / kSegmentBytes, segment_);
    if (sealed.has_error()) return sealed.error();
    tail = std::move(*sealed);
  }
  if (auto status = file_->sync(); status.has_error()) return status;
  const std::lock_guard lock(store_.mutex_);
  auto status = store_.table_->advance(row_.attachment.id, offset_bytes_, tail);
  if (status.has_value()) on_disk_bytes_ = offset_bytes_;
  return status;
}

Result<Attachment> AttachmentUpload::close() {
  if (over_) return make_error(codes::kInternal);
  over_ = true;
  if (offset_bytes_ == row_.attachment.size_bytes) return finish();
  if (auto status = checkpoint(); status.has_error()) return status.error();
  progress_.offset_bytes = offset_bytes_;
  Attachment now = row_.attachment;
  now.offset_bytes = offset_bytes_;
  return now;
}

Result<Attachment> AttachmentUpload::finish() {
  hashes_fit_ = false;  // used up
  const Digest32 declared = progress_.declared->finish();
  const bool undeclared = fetched_ && !fetched_->digested;
  if (!undeclared && !equal_constant_time(as_text(declared), as_text(row_.attachment.digest)))
    return refuse(codes::kAttachmentDigest, {});
  const Digest32 own = progress_.own ? progress_.own->finish() : declared;
  if (auto status = file_->sync(); status.has_error()) return status.error();
  const std::lock_guard lock(store_.mutex_);
  const AttachmentId& id = row_.attachment.id;
  const auto status =
      fetched_ ? store_.fetches_->finish(id, declared, as_text(own)) : store_.table_->finish(id, as_text(own));
  if (status.has_error()) return status.error();
  Attachment now = row_.attachment;
  now.digest = declared;
  now.state = AttachmentState::kStored;
  now.offset_bytes = now.size_bytes;
  return now;
}

// The content is not what was declared: it goes, and with it the key.
Error AttachmentUpload::refuse(const ErrorCode& code, std::string param) {
  over_ = true;
  hashes_fit_ = false;
  const std::lock_guard lock(store_.mutex_);
  if (fetched_) {
    const auto status = store_.refuse_fetch_locked(row_.attachment.id, code);
    return status.has_error() ? status.error() : make_error(code, std::move(param));
  }
  if (auto status = store_.table_->refuse(row_.attachment.id, code.id); status.has_error()) return status.error();
  std::error_code ignored;
  std::filesystem::remove(store_.file_of(row_.attachment.id), ignored);
  return make_error(code, std::move(param));
}

Status AttachmentUpload::discard() {
  over_ = true;
  hashes_fit_ = false;
  const std::uint64_t begun_at = row_.attachment.offset_bytes;
  // The row first: from then on nobody reads behind it.
  {
    const std::lock_guard lock(store_.mutex_);
    auto status = store_.table_->advance(row_.attachment.id, begun_at, row_.tail);
    if (status.has_error()) return status;
  }
  return file_->cut(begun_at / kSegmentBytes);
}

}  // namespace tongqu
