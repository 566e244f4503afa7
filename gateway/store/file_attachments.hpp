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
#include "gateway/store/attachment_table.hpp"

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

class FileAttachments final : public AttachmentStore {
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

 private:
  friend class AttachmentUpload;
  // Hashes of an open upload between two requests; `offset_bytes` says of how much.
  struct Progress {
    bool busy = false;
    std::uint64_t offset_bytes = 0;
    std::unique_ptr<RunningHash> declared;
    std::unique_ptr<RunningHash> own;
  };

  FileAttachments(AttachmentOptions options, AttachmentTools tools, std::unique_ptr<sql::AttachmentTable> table);
  [[nodiscard]] const Suite& suite(SuiteId id) const { return id == SuiteId::kGm ? tools_.gm : tools_.intl; }
  [[nodiscard]] std::filesystem::path file_of(const AttachmentId& id) const;
  [[nodiscard]] Status check_space() const;
  [[nodiscard]] Result<sql::AttachmentRow> known(const AttachmentId& id, const PartnerId* owner);
  [[nodiscard]] Result<Attachment> with_name(const sql::AttachmentRow& row) const;
  [[nodiscard]] Result<sql::AttachmentRow> new_row(const AttachmentDeclaration& declaration, Bytes fingerprint) const;
  // Of AttachmentUpload: takes the attachment for one writer and gives it back.
  [[nodiscard]] Result<sql::AttachmentRow> take(const AttachmentId& id, const PartnerId& owner,
                                                std::uint64_t offset_bytes, Progress& progress);
  void give_back(const AttachmentId& id, Progress progress);
  [[nodiscard]] Status remove_locked(const AttachmentId& id);
  void remove_strays();

  AttachmentOptions options_;
  AttachmentTools tools_;
  std::mutex mutex_;  // guards the two below
  std::unique_ptr<sql::AttachmentTable> table_;
  std::map<std::string, Progress> uploads_;  // open ones that were written to; bounded by the limits of open ones
};

}  // namespace tongqu
