#include "gateway/store/segment_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "gateway/store/attachment_codes.hpp"

namespace tongqu {
namespace {

Error disk_error() { return make_error(codes::kUnavailable, "attachment file"); }

}  // namespace

std::size_t SegmentLayout::plain_bytes(std::uint64_t segment) const {
  if (segment >= count()) return 0;
  return static_cast<std::size_t>(std::min<std::uint64_t>(kSegmentBytes, size_bytes - segment * kSegmentBytes));
}

Result<SegmentFile> SegmentFile::open(const std::filesystem::path& path, Mode mode, const Sealer& sealer, SealKey key,
                                      SegmentLayout layout) {
  const int flags = mode == Mode::kRead ? O_RDONLY | O_CLOEXEC : O_RDWR | O_CREAT | O_CLOEXEC;
  const int file = ::open(path.c_str(), flags | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (file < 0) return errno == ENOENT ? make_error(codes::kAttachmentCorrupt) : disk_error();
  return SegmentFile(file, sealer, std::move(key), layout);
}

SegmentFile::SegmentFile(int file, const Sealer& sealer, SealKey key, SegmentLayout layout)
    : file_(file), sealer_(sealer), key_(std::move(key)), layout_(layout) {}

SegmentFile::SegmentFile(SegmentFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      sealer_(other.sealer_),
      key_(std::move(other.key_)),
      layout_(other.layout_) {}

SegmentFile::~SegmentFile() {
  if (file_ >= 0) ::close(file_);
  // The key's bytes, not the string: a moved-from one has none.
  volatile char* bytes = key_.plain.data();
  for (std::size_t i = 0; i < key_.plain.size(); ++i) bytes[i] = 0;
}

std::string SegmentFile::context(std::string_view kind, std::uint64_t segment) const {
  return std::string(kind) + "/" + std::to_string(segment) + "/" + std::to_string(layout_.count());
}

Status SegmentFile::write(std::uint64_t segment, std::string_view plain) {
  const auto sealed = sealer_.seal(key_, context("attachment", segment), plain);
  if (sealed.has_error()) return sealed.error();
  std::size_t done = 0;
  while (done < sealed->size()) {
    const ssize_t wrote = ::pwrite(file_, sealed->data() + done, sealed->size() - done,
                                   static_cast<off_t>(layout_.place(segment) + done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return disk_error();
    done += static_cast<std::size_t>(wrote);
  }
  return {};
}

Result<Bytes> SegmentFile::read(std::uint64_t segment) const {
  const std::size_t wanted = layout_.plain_bytes(segment);
  if (wanted == 0) return make_error(codes::kAttachmentCorrupt);
  Bytes sealed(wanted + layout_.overhead_bytes, '\0');
  std::size_t done = 0;
  while (done < sealed.size()) {
    const ssize_t got =
        ::pread(file_, sealed.data() + done, sealed.size() - done, static_cast<off_t>(layout_.place(segment) + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return disk_error();
    if (got == 0) return make_error(codes::kAttachmentCorrupt);
    done += static_cast<std::size_t>(got);
  }
  auto plain = sealer_.open(key_, context("attachment", segment), sealed);
  if (plain.has_error() || plain->size() != wanted) return make_error(codes::kAttachmentCorrupt);
  return plain;
}

Status SegmentFile::sync() {
  // Writes the new size of the file, too: without it the bytes could not be read back.
  return ::fdatasync(file_) == 0 ? Status{} : Status{disk_error()};
}

Status SegmentFile::cut(std::uint64_t segment) {
  return ::ftruncate(file_, static_cast<off_t>(layout_.place(segment))) == 0 ? Status{} : Status{disk_error()};
}

Result<Bytes> SegmentFile::seal_tail(std::uint64_t segment, std::string_view plain) const {
  return sealer_.seal(key_, context("attachment-tail", segment), plain);
}

Result<Bytes> SegmentFile::open_tail(std::uint64_t segment, std::string_view sealed) const {
  auto plain = sealer_.open(key_, context("attachment-tail", segment), sealed);
  if (plain.has_error()) return make_error(codes::kAttachmentCorrupt);
  return plain;
}

Result<std::size_t> segment_overhead(const Sealer& sealer, const SealKey& key) {
  const auto empty = sealer.seal(key, "attachment-probe", {});
  if (empty.has_error()) return empty.error();
  return empty->size();
}

}  // namespace tongqu
