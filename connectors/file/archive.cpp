#include "connectors/file/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <iconv.h>
#include <locale.h>

#include <algorithm>
#include <set>

#include "connectors/file/file_codes.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::file {
namespace {

constexpr std::uint64_t kRatioFreeBytes = std::uint64_t{1} << 20U;
constexpr std::size_t kBlockBytes = std::size_t{64} << 10U;

// libarchive converts names with the thread's locale; in the "C" locale it would lose what is not ASCII.
class Utf8Locale {
 public:
  Utf8Locale() : locale_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) before_ = ::uselocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;
  ~Utf8Locale() {
    if (locale_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(locale_);
  }

 private:
  locale_t locale_;
  locale_t before_ = nullptr;
};

struct FreeRead {
  void operator()(archive* a) const { archive_read_free(a); }
};
struct FreeWrite {
  void operator()(archive* a) const { archive_write_free(a); }
};
struct FreeEntry {
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};
using Reading = std::unique_ptr<archive, FreeRead>;

// An entry's name; empty when it is not allowed.
std::string safe_name(const char* raw) {
  if (raw == nullptr) return {};
  const std::string name = to_utf8(raw);
  if (name.empty() || name.front() == '/' || name.find('\\') != std::string::npos) return {};
  if (std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; })) return {};
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t slash = std::min(name.find('/', begin), name.size());
    if (name.compare(begin, slash - begin, "..") == 0) return {};
    begin = slash + 1;
  }
  return name_of(name).empty() ? std::string() : name;
}

class Unpacker {
 public:
  Unpacker(FileSystem& spool, const UnpackLimits& limits, std::uint64_t packed_bytes)
      : spool_(spool), limits_(limits), packed_bytes_(packed_bytes) {}

  Status copy(archive* from, const std::string& path) {
    auto writer = spool_.write(path, 0);
    if (writer.has_error()) return writer.error();
    std::string block(kBlockBytes, '\0');
    for (;;) {
      const la_ssize_t got = archive_read_data(from, block.data(), block.size());
      if (got < 0) return make_error(codes::kArchiveForm);
      if (got == 0) return (*writer)->finish();
      bytes_ += static_cast<std::uint64_t>(got);
      if (bytes_ > limits_.max_bytes) return make_error(codes::kArchiveSize, std::to_string(limits_.max_bytes));
      if (bytes_ > kRatioFreeBytes && bytes_ / limits_.max_ratio > packed_bytes_) {
        return make_error(codes::kArchiveRatio, std::to_string(limits_.max_ratio));
      }
      const auto put = (*writer)->write(std::string_view(block).substr(0, static_cast<std::size_t>(got)));
      if (put.has_error()) return put;
    }
  }

 private:
  FileSystem& spool_;
  const UnpackLimits& limits_;
  std::uint64_t packed_bytes_;
  std::uint64_t bytes_ = 0;
};

la_ssize_t append(archive* /*unused*/, void* out, const void* bytes, size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

}  // namespace

Result<std::vector<Member>> unpack(const std::filesystem::path& source, FileSystem& spool, const std::string& prefix,
                                   const UnpackLimits& limits) {
  const Utf8Locale locale;
  std::error_code failed;
  const std::uint64_t packed_bytes = std::filesystem::file_size(source, failed);
  const Reading from(archive_read_new());
  // Only the reader that seeks sees the central directory, and there the links.
  if (failed || from == nullptr || archive_read_support_format_zip_seekable(from.get()) != ARCHIVE_OK ||
      archive_read_open_filename(from.get(), source.c_str(), kBlockBytes) != ARCHIVE_OK) {
    return make_error(codes::kArchiveForm);
  }
  Unpacker unpacker(spool, limits, packed_bytes);
  std::vector<Member> members;
  std::set<std::string> places;
  for (std::size_t entries = 0;; ++entries) {
    archive_entry* entry = nullptr;
    const int step = archive_read_next_header(from.get(), &entry);
    if (step == ARCHIVE_EOF) break;
    if (step != ARCHIVE_OK && step != ARCHIVE_WARN) return make_error(codes::kArchiveForm);
    if (entries == limits.max_entries) return make_error(codes::kArchiveEntries, std::to_string(limits.max_entries));
    if (archive_entry_filetype(entry) == AE_IFDIR) continue;
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr ||
        archive_entry_is_encrypted(entry) != 0) {
      return make_error(codes::kArchiveKind);
    }
    std::string place = safe_name(archive_entry_pathname(entry));
    if (place.empty() || !places.insert(place).second) return make_error(codes::kArchiveName);
    Member member{name_of(place), prefix + std::to_string(members.size()), std::move(place)};
    if (auto copied = unpacker.copy(from.get(), member.path); copied.has_error()) return copied.error();
    members.push_back(std::move(member));
  }
  if (members.empty()) return make_error(codes::kArchiveForm);
  return members;
}

Result<std::string> make_zip(const std::vector<ZipEntry>& entries, std::int64_t time_s) {
  const Utf8Locale locale;
  std::string bytes;
  const std::unique_ptr<archive, FreeWrite> to(archive_write_new());
  bool well = to != nullptr && archive_write_set_format_zip(to.get()) == ARCHIVE_OK &&
              archive_write_set_bytes_in_last_block(to.get(), 1) == ARCHIVE_OK &&
              archive_write_open(to.get(), &bytes, nullptr, append, nullptr) == ARCHIVE_OK;
  for (const ZipEntry& one : entries) {
    const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
    if (!well || entry == nullptr) return make_error(codes::kFileIo, "zip");
    archive_entry_set_pathname(entry.get(), one.name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(one.bytes.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0640);
    archive_entry_set_mtime(entry.get(), time_s, 0);
    well =
        archive_write_header(to.get(), entry.get()) == ARCHIVE_OK &&
        archive_write_data(to.get(), one.bytes.data(), one.bytes.size()) == static_cast<la_ssize_t>(one.bytes.size());
  }
  if (!well || archive_write_close(to.get()) != ARCHIVE_OK) return make_error(codes::kFileIo, "zip");
  return bytes;
}

std::string to_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  iconv_t convert = ::iconv_open("UTF-8", "GB18030");
  if (convert == reinterpret_cast<iconv_t>(-1)) return {};  // NOLINT: how iconv says no
  std::string in(text);
  std::string out(text.size() * 4, '\0');
  char* from = in.data();
  char* to = out.data();
  std::size_t left = in.size();
  std::size_t room = out.size();
  const bool well = ::iconv(convert, &from, &left, &to, &room) != static_cast<std::size_t>(-1) && left == 0;
  ::iconv_close(convert);
  out.resize(well ? out.size() - room : 0);
  return out;
}

}  // namespace tongqu::file
