// The part of FileAttachments for what the gateway fetches itself.
#include <filesystem>

#include "gateway/store/attachment_codes.hpp"
#include "gateway/store/attachment_upload.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kUrlContext = "attachment-source";
constexpr std::string_view kValidatorContext = "attachment-validator";
constexpr std::size_t kMaxUrlBytes = 4096;
constexpr std::size_t kMaxValidatorBytes = 1024;

}  // namespace

Result<Attachment> FileAttachments::want(const AttachmentWish& wish) {
  if (wish.url.empty() || wish.url.size() > kMaxUrlBytes) return make_error(codes::kAttachmentDeclaration, "url");
  const std::string key =
      "u" + to_hex(as_text(suite(tools_.suite).hash({std::to_string(wish.key.size()), "\n", wish.key, wish.url})));
  const std::lock_guard lock(mutex_);
  auto before = table_->by_key(wish.owner, key);
  if (before.has_error()) return before.error();
  if (*before) {
    Attachment known = std::move((*before)->attachment);
    known.repeated = true;
    return known;
  }
  const auto counts = fetches_->counts(wish.owner);
  if (counts.has_error()) return counts.error();
  if (counts->wanted >= wish.max_wanted)
    return make_error(codes::kAttachmentWantedCount, std::to_string(wish.max_wanted));
  if (auto status = check_space(); status.has_error()) return status.error();
  AttachmentDeclaration declaration;
  declaration.owner = wish.owner;
  declaration.name = is_attachment_name(wish.name) ? wish.name : "attachment";
  declaration.type = wish.type;
  declaration.hash = wish.hash.value_or(tools_.suite);
  declaration.digest = wish.digest;
  auto row = new_row(declaration, Bytes(key));
  if (row.has_error()) return row.error();
  row->idempotency_key = key;
  row->attachment.expires_ms = 0;
  sql::FetchRow fetch;
  fetch.id = row->attachment.id;
  fetch.owner = wish.owner;
  fetch.due_ms = fetch.since_ms = row->attachment.created_ms;
  fetch.typed = !wish.type.empty();
  fetch.digested = wish.hash.has_value();
  auto sealed = seal_for(*row, kUrlContext, wish.url);
  if (sealed.has_error()) return sealed.error();
  fetch.sealed_url = std::move(*sealed);
  if (auto status = fetches_->insert(*row, fetch); status.has_error()) return status.error();
  row->attachment.state = AttachmentState::kWanted;
  return std::move(row->attachment);
}

Result<Bytes> FileAttachments::seal_for(const sql::AttachmentRow& row, std::string_view context,
                                        std::string_view plain) const {
  const auto key = tools_.sealer.unwrap(ExchangeId(row.attachment.id.str()), row.wrapped_key);
  return key.has_error() ? Result<Bytes>(key.error()) : tools_.sealer.seal(*key, context, plain);
}

Result<std::vector<AttachmentId>> FileAttachments::due(const PartnerId& owner, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  return fetches_->due(owner, tools_.clock.now(), limit);
}

// Both rows of what is wanted.
Result<FileAttachments::Fetch> FileAttachments::known_fetch(const AttachmentId& id) {
  auto row = known(id, nullptr);
  if (row.has_error()) return row.error();
  const AttachmentState state = row->attachment.state;
  auto fetch = fetches_->by_id(id);
  if (fetch.has_error()) return fetch.error();
  if (state != AttachmentState::kWanted || !*fetch)
    return make_error(codes::kAttachmentWrongState, std::string(name_of(state)));
  return Fetch{std::move(*row), std::move(**fetch)};
}

Result<WantedAttachment> FileAttachments::wanted(const AttachmentId& id) {
  const std::lock_guard lock(mutex_);
  auto fetch = known_fetch(id);
  if (fetch.has_error()) return fetch.error();
  const auto key = tools_.sealer.unwrap(ExchangeId(id.str()), fetch->attachment.wrapped_key);
  if (key.has_error()) return key.error();
  WantedAttachment wanted;
  wanted.attachment = std::move(fetch->attachment.attachment);
  wanted.since_ms = fetch->row.since_ms;
  wanted.attempts = fetch->row.attempts;
  auto url = tools_.sealer.open(*key, kUrlContext, fetch->row.sealed_url);
  if (url.has_error()) return url.error();
  wanted.url = std::move(*url);
  if (fetch->row.sealed_validator.empty()) return wanted;
  auto validator = tools_.sealer.open(*key, kValidatorContext, fetch->row.sealed_validator);
  if (validator.has_error()) return validator.error();
  wanted.validator = std::move(*validator);
  return wanted;
}

Result<std::unique_ptr<AttachmentWriter>> FileAttachments::take(const AttachmentId& id, const FetchBegin& begin) {
  if (auto status = check_space(); status.has_error()) return status.error();
  Progress progress;
  Fetch fetch;
  const bool from_start = begin.offset_bytes == 0;
  {
    const std::lock_guard lock(mutex_);
    auto found = known_fetch(id);
    if (found.has_error()) return found.error();
    fetch = std::move(*found);
    Attachment& a = fetch.attachment.attachment;
    Progress& entry = uploads_[id.str()];
    if (entry.busy) return make_error(codes::kAttachmentBusy);
    const bool same_size = begin.size_bytes == a.size_bytes;
    if (!from_start && (a.offset_bytes != begin.offset_bytes || !same_size))
      return make_error(codes::kAttachmentOffset, std::to_string(a.offset_bytes));
    Bytes validator;
    if (!begin.validator.empty() && begin.validator.size() <= kMaxValidatorBytes) {
      auto sealed = seal_for(fetch.attachment, kValidatorContext, begin.validator);
      if (sealed.has_error()) return sealed.error();
      validator = std::move(*sealed);
    }
    // The row before the file: from then on nobody reads behind it.
    if (auto status = fetches_->begin(fetch.row, begin.size_bytes, std::move(validator), from_start);
        status.has_error())
      return status.error();
    if (from_start) {
      std::error_code ignored;
      std::filesystem::remove(file_of(id), ignored);
      a.offset_bytes = 0;
      fetch.attachment.tail.clear();
      if (!fetch.row.typed) a.type.clear();
      entry = {};
    }
    a.size_bytes = begin.size_bytes;
    progress = std::move(entry);
    entry = {};
    entry.busy = true;
  }
  auto writer = AttachmentUpload::begin(*this, std::move(fetch.attachment), std::move(progress),
                                        AttachmentUpload::Fetched{fetch.row.digested, begin.types});
  if (writer.has_value() && from_start) {
    if (auto status = sync_attachment_folder(options_.folder); status.has_error()) return status.error();
  }
  return writer;
}

Status FileAttachments::put_off(const AttachmentId& id, Instant due, std::int32_t attempts, const ErrorCode& code) {
  const std::lock_guard lock(mutex_);
  return fetches_->put_off(id, due, attempts, code.id);
}

Status FileAttachments::give_up(const AttachmentId& id, const ErrorCode& code) {
  const std::lock_guard lock(mutex_);
  const auto fetch = known_fetch(id);
  if (fetch.has_error()) return fetch.error();
  const auto entry = uploads_.find(id.str());
  if (entry != uploads_.end() && entry->second.busy) return make_error(codes::kAttachmentBusy);
  if (entry != uploads_.end()) uploads_.erase(entry);
  return refuse_fetch_locked(id, code);
}

// Key and address stay: a person may have it fetched once more.
Status FileAttachments::refuse_fetch_locked(const AttachmentId& id, const ErrorCode& code) {
  if (auto status = fetches_->refuse(id, code.id); status.has_error()) return status;
  std::error_code ignored;
  std::filesystem::remove(file_of(id), ignored);
  return {};
}

Result<bool> FileAttachments::retry(const AttachmentId& id) {
  const std::lock_guard lock(mutex_);
  const auto row = known(id, nullptr);
  if (row.has_error()) return row.error();
  return fetches_->retry(id, tools_.clock.now());
}

Result<FetchCounts> FileAttachments::fetch_counts(const PartnerId& owner) {
  const std::lock_guard lock(mutex_);
  return fetches_->counts(owner);
}

}  // namespace tongqu
