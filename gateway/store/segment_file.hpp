#pragma once
// The content of one attachment on disk.
//
//   file    = segment 0 ‖ segment 1 ‖ …, every one but the last of kSegmentBytes + overhead bytes
//   segment = Sealer::seal(the attachment's key, "attachment/<number>/<count>", its plain bytes)
//
// `count` follows from the size that the owner declared, so a segment opens only as this number of so many of this
// attachment: one that was moved, repeated or left out is found, and so is a file that was cut.
#include <cstdint>
#include <filesystem>

#include "gateway/core/crypto.hpp"
#include "gateway/core/error.hpp"

namespace tongqu {

inline constexpr std::size_t kSegmentBytes = 64 * 1024;

// Where the bytes of a content of `size_bytes` (at least 1) lie.
struct SegmentLayout {
  std::uint64_t size_bytes = 0;
  std::size_t overhead_bytes = 0;  // by which a sealed segment is longer than a plain one

  [[nodiscard]] std::uint64_t count() const { return (size_bytes + kSegmentBytes - 1) / kSegmentBytes; }
  [[nodiscard]] std::size_t plain_bytes(std::uint64_t segment) const;
  [[nodiscard]] std::uint64_t place(std::uint64_t segment) const { return segment * (kSegmentBytes + overhead_bytes); }
};

// One thread at a time. Fails with gateway.unavailable (`param` "attachment file") when the disk fails.
class SegmentFile {
 public:
  enum class Mode : std::uint8_t { kRead, kWrite };
  // kWrite makes the file (mode 0600) when it is missing. `sealer` outlives the object. The plain key is wiped at the
  // end.
  [[nodiscard]] static Result<SegmentFile> open(const std::filesystem::path& path, Mode mode, const Sealer& sealer,
                                                SealKey key, SegmentLayout layout);
  SegmentFile(SegmentFile&& other) noexcept;
  SegmentFile& operator=(SegmentFile&&) = delete;
  ~SegmentFile();

  // `plain` is the whole segment.
  [[nodiscard]] Status write(std::uint64_t segment, std::string_view plain);
  // attachment.corrupt when it does not open, is cut, or has another length.
  [[nodiscard]] Result<Bytes> read(std::uint64_t segment) const;
  // What was written is on the disk afterwards.
  [[nodiscard]] Status sync();
  // Drops everything from `segment` on.
  [[nodiscard]] Status cut(std::uint64_t segment);
  // A part of the segment that is still growing, kept outside the file.
  [[nodiscard]] Result<Bytes> seal_tail(std::uint64_t segment, std::string_view plain) const;
  [[nodiscard]] Result<Bytes> open_tail(std::uint64_t segment, std::string_view sealed) const;
  [[nodiscard]] const SegmentLayout& layout() const { return layout_; }

 private:
  SegmentFile(int file, const Sealer& sealer, SealKey key, SegmentLayout layout);
  [[nodiscard]] std::string context(std::string_view kind, std::uint64_t segment) const;

  int file_;
  const Sealer& sealer_;
  SealKey key_;
  SegmentLayout layout_;
};

// By how much `sealer` makes a value longer.
[[nodiscard]] Result<std::size_t> segment_overhead(const Sealer& sealer, const SealKey& key);

}  // namespace tongqu
