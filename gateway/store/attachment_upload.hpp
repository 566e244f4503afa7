#pragma once
// The AttachmentWriter of FileAttachments.
#include <optional>

#include "gateway/store/file_attachments.hpp"
#include "gateway/store/segment_file.hpp"

namespace tongqu {

class AttachmentUpload final : public AttachmentWriter {
 public:
  // Of a content that the gateway fetches itself.
  struct Fetched {
    bool digested = false;           // the row's digest is that of the content
    std::vector<std::string> types;  // permitted, where the row has none
  };
  // Opens the file and brings the hashes up to the offset: from memory, or, after a restart, by reading back what is
  // there. Gives the attachment back when that fails.
  [[nodiscard]] static Result<std::unique_ptr<AttachmentWriter>> begin(FileAttachments& store, sql::AttachmentRow row,
                                                                       FileAttachments::Progress progress,
                                                                       std::optional<Fetched> fetched = {});
  ~AttachmentUpload() override;
  [[nodiscard]] Status append(std::string_view piece) override;
  [[nodiscard]] Result<Attachment> close() override;
  [[nodiscard]] Status discard() override;

 private:
  AttachmentUpload(FileAttachments& store, sql::AttachmentRow row, FileAttachments::Progress progress, SegmentFile file,
                   std::optional<Fetched> fetched);
  [[nodiscard]] Status restore();
  [[nodiscard]] Status take_segment();
  [[nodiscard]] Status check_type(std::string_view first_bytes);
  [[nodiscard]] Status adopt_type(const std::string& found);
  [[nodiscard]] Status checkpoint();
  [[nodiscard]] Result<Attachment> finish();
  [[nodiscard]] Error refuse(const ErrorCode& code, std::string param);
  void hash(std::string_view bytes);

  FileAttachments& store_;
  const std::optional<Fetched> fetched_;
  sql::AttachmentRow row_;  // as at the beginning; discard() goes back to it
  FileAttachments::Progress progress_;
  std::optional<SegmentFile> file_;
  Bytes segment_;                // of the segment that is growing
  std::uint64_t offset_bytes_;   // taken
  std::uint64_t on_disk_bytes_;  // of the last checkpoint
  bool hashes_fit_ = true;       // the hashes are those of what the row says
  bool over_ = false;            // closed, discarded or failed
};

}  // namespace tongqu
