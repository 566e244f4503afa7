#pragma once
// The AttachmentStore on a folder of the state: attachments.db and attachment-keys.db (attachment_table.hpp), and one
// file per attachment, <id>.seg, of sealed segments (segment_file.hpp).
//
// Order of writing: segments, sync, then the row that says how far they reach. A crash leaves bytes behind the row at
// most, and the upload goes on before them. The part of a segment that is not full yet stands in the row, sealed, so
// that no byte that was answered as taken is ever overwritten in place.
#include <filesystem>
#include <map>
#include <mutex>

#include "gateway/core/attachments.hpp"
#include "gateway/store/derivative_table.hpp"
#include "gateway/store/fetch_table.hpp"

namespace tongqu {

struct AttachmentOptions {
  std::filesystem::path folder;
  std::int64_t max_age_ms = 24LL * 3600 * 1000;        // of an unfinished upload
  std::uint64_t reserve_free_bytes = 256ULL << 20U;    // free space below which nothing more is taken
  std::uint64_t checkpoint_every_bytes = 8ULL << 20U;  // how much of one request a crash can cost
};

// What it is made of; all outlive the store.
struct AttachmentTools {
  const Sealer& sealer;
  const Suite& gm;  // for declared digests, whatever the gateway's own suite is
  const Suite& intl;
  SuiteId suite = SuiteId::kGm;  // the gateway's own
  const ContentTyper& typer;
  const Clock& clock;
};

class FileAttachments final : public AttachmentStore, public FetchStore, public DerivativeStore {
 public:
  // Makes the folder (0700). Fails with gateway.unavailable, store.newer. One process at a time: the caller holds the
  // lock of the state folder.
  [[nodiscard]] static Result<std::unique_ptr<FileAttachments>> open(AttachmentOptions options, AttachmentTools tools);
  ~FileAttachments() override;

  [[nodiscard]] Result<Attachment> create(const AttachmentDeclaration& declaration,
                                          const AttachmentLimits& limits) override;
  [[nodiscard]] Result<Attachment> find(const AttachmentId& id) override;
  [[nodiscard]] Result<std::unique_ptr<AttachmentWriter>> append(const AttachmentId& id, const PartnerId& owner,
                                                                 std::uint64_t offset_bytes) override;
  [[nodiscard]] Result<std::unique_ptr<AttachmentReader>> open(const AttachmentId& id) override;
  [[nodiscard]] Result<std::vector<AttachmentId>> unscanned(const AttachmentId& after, std::size_t limit) override;
  [[nodiscard]] Status settle_scan(const AttachmentId& id, ScanVerdict verdict) override;
  [[nodiscard]] Result<std::vector<Attachment>> list(const AttachmentFilter& filter) override;
  [[nodiscard]] Status release(const AttachmentId& id) override;
  [[nodiscard]] Status destroy(const AttachmentId& id) override;
  [[nodiscard]] Status remove(const AttachmentId& id, const PartnerId& owner) override;
  [[nodiscard]] Result<std::size_t> remove_expired() override;

  [[nodiscard]] Result<Attachment> want(const AttachmentWish& wish) override;
  [[nodiscard]] Result<std::vector<AttachmentId>> due(const PartnerId& owner, std::size_t limit) override;
  [[nodiscard]] Result<WantedAttachment> wanted(const AttachmentId& id) override;
  [[nodiscard]] Result<std::unique_ptr<AttachmentWriter>> take(const AttachmentId& id,
                                                               const FetchBegin& begin) override;
  [[nodiscard]] Status put_off(const AttachmentId& id, Instant due, std::int32_t attempts,
                               const ErrorCode& code) override;
  [[nodiscard]] Status give_up(const AttachmentId& id, const ErrorCode& code) override;
  [[nodiscard]] Result<bool> retry(const AttachmentId& id) override;
  [[nodiscard]] Result<FetchCounts> fetch_counts(const PartnerId& owner) override;

  [[nodiscard]] Status want_derivative(const AttachmentId& original) override;
  [[nodiscard]] Result<std::optional<Derivative>> derivative(const AttachmentId& original) override;
  [[nodiscard]] Result<std::vector<AttachmentId>> underived(const AttachmentId& after, std::size_t limit,
                                                            bool without_scan) override;
  [[nodiscard]] Status settle_derivative(const AttachmentId& original, const AttachmentId& copy) override;
  [[nodiscard]] Status no_derivative(const AttachmentId& original, std::string_view code) override;

 private:
  friend class AttachmentUpload;
  // Hashes of an open upload between two requests; `offset_bytes` says of how much.
  struct Progress {
    bool busy = false;
    std::uint64_t offset_bytes = 0;
    std::unique_ptr<RunningHash> declared;
    std::unique_ptr<RunningHash> own;
  };

  struct Fetch {
    sql::AttachmentRow attachment;
    sql::FetchRow row;
  };

  FileAttachments(AttachmentOptions options, AttachmentTools tools, std::unique_ptr<sql::AttachmentTable> table,
                  std::unique_ptr<sql::FetchTable> fetches, std::unique_ptr<sql::DerivativeTable> derivatives);
  [[nodiscard]] const Suite& suite(SuiteId id) const { return id == SuiteId::kGm ? tools_.gm : tools_.intl; }
  [[nodiscard]] std::filesystem::path file_of(const AttachmentId& id) const;
  [[nodiscard]] Status check_space() const;
  [[nodiscard]] Result<sql::AttachmentRow> known(const AttachmentId& id, const PartnerId* owner);
  [[nodiscard]] Result<Attachment> with_name(const sql::AttachmentRow& row) const;
  [[nodiscard]] Result<sql::AttachmentRow> new_row(const AttachmentDeclaration& declaration, Bytes fingerprint) const;
  // Of AttachmentUpload: takes the attachment for one writer and gives it back.
  [[nodiscard]] Result<sql::AttachmentRow> claim(const AttachmentId& id, const PartnerId& owner,
                                                 std::uint64_t offset_bytes, Progress& progress);
  void give_back(const AttachmentId& id, Progress progress);
  [[nodiscard]] Status remove_locked(const AttachmentId& id);
  // fetched_attachments.cpp
  [[nodiscard]] Result<Bytes> seal_for(const sql::AttachmentRow& row, std::string_view context,
                                       std::string_view plain) const;
  [[nodiscard]] Result<Fetch> known_fetch(const AttachmentId& id);
  [[nodiscard]] Status refuse_fetch_locked(const AttachmentId& id, const ErrorCode& code);
  void remove_strays();
  // derived_attachments.cpp
  [[nodiscard]] Status destroy_locked(const AttachmentId& id);
  [[nodiscard]] Status destroy_copy_locked(const AttachmentId& original);
  [[nodiscard]] Status remove_stray_copies();

  AttachmentOptions options_;
  AttachmentTools tools_;
  std::mutex mutex_;  // guards the four below
  std::unique_ptr<sql::AttachmentTable> table_;
  std::unique_ptr<sql::FetchTable> fetches_;
  std::unique_ptr<sql::DerivativeTable> derivatives_;
  std::map<std::string, Progress> uploads_;  // open ones that were written to; bounded by the limits of open ones
};

// Whether an attachment may be called so.
[[nodiscard]] bool is_attachment_name(std::string_view name);
// A new file is only there after a crash when its folder was written, too.
[[nodiscard]] Status sync_attachment_folder(const std::filesystem::path& folder);

}  // namespace tongqu
