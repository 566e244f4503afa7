#include "connectors/file/verify.hpp"

#include <algorithm>
#include <set>

#include "connectors/file/file_codes.hpp"
#include "connectors/file/manifest.hpp"
#include "connectors/file/naming.hpp"
#include "connectors/file/record_reader.hpp"

namespace tongqu::file {
namespace {

// True when `error` is about the file itself, which no repetition mends.
bool is_verdict(const Error& error) {
  return error.kind() == ErrorKind::kInvalid || error.kind() == ErrorKind::kTooLarge;
}

class Verifier {
 public:
  Verifier(const ImportOptions& options, FileSystem& spool, const Suite& suite, Broken& broken)
      : options_(options), spool_(spool), suite_(suite), broken_(broken) {}

  // Adds one file to the parts.
  Status measure(const Member& member) {
    auto reader = spool_.open(member.path, 0);
    if (reader.has_error()) return reader.error();
    const auto hash = suite_.start_hash();
    Part part;
    part.path = member.path;
    part.name = member.place;
    if (options_.content == Content::kMessage) part.rule = rule_of(member.name);
    if (options_.content == Content::kMessage && !options_.members.empty() && part.rule == nullptr)
      part.fault = &codes::kFileMember;
    ManifestEntry is{to_utf8(member.name), 0, 0, std::string(suite_.hash_name()), {}};
    auto status = options_.content == Content::kRows ? measure_rows(std::move(*reader), *hash, part, is)
                                                     : measure_message(**reader, *hash, is);
    // One of many stands for itself; a manifest, which promises all of them, makes it the archive's fault.
    const bool alone = member.place.empty() || options_.manifest != ManifestUse::kNone;
    if (status.has_error() && (alone || status.error().code != &codes::kFileTooLarge)) return status;
    if (status.has_error() && part.fault == nullptr) part.fault = &codes::kFileTooLarge;
    part.size_bytes = is.bytes;
    part.digest = is.digest = to_hex(as_text(hash->finish()));
    parts_.push_back(std::move(part));
    are_.push_back(std::move(is));
    return {};
  }

  Status check_manifest(const std::string& path) {
    auto text = read_whole(spool_, path, kMaxManifestBytes);
    if (text.has_error()) return text.error();
    auto says = read_manifest(to_utf8(*text));
    if (says.has_error()) return says.error();
    if (says->size() != are_.size()) return make_error(codes::kManifestMember);
    for (const ManifestEntry& is : are_) {
      const auto entry = std::find_if(says->begin(), says->end(), [&](const auto& one) { return one.file == is.file; });
      if (entry == says->end()) return make_error(codes::kManifestMember);
      if (auto status = check_entry(*entry, is); status.has_error()) return status;
    }
    return {};
  }

  std::vector<Part> take_parts() { return std::move(parts_); }

 private:
  [[nodiscard]] const MemberRule* rule_of(const std::string& name) const {
    const auto found = std::find_if(options_.members.begin(), options_.members.end(),
                                    [&](const MemberRule& rule) { return fits(rule.pattern, name); });
    return found == options_.members.end() ? nullptr : &*found;
  }

  Status measure_rows(std::unique_ptr<FileReader> reader, RunningHash& hash, Part& part, ManifestEntry& is) {
    RecordReader records(std::move(reader), options_.csv, 0, 1, &hash);
    bool header = true;
    for (;;) {
      const auto record = records.next();
      if (record.has_error()) {
        broken_.line = is_verdict(record.error()) ? records.fault_line() : 0;
        return record.error();
      }
      if (*record == nullptr) break;
      if (header) {
        part.header = (*record)->bytes;
        part.header_end = (*record)->end;
        part.header_lines = (*record)->next_line - (*record)->line;
        header = false;
      } else if (++is.rows > options_.max_rows) {
        broken_.line = (*record)->line;
        return make_error(codes::kFileTooManyRows, std::to_string(options_.max_rows));
      }
    }
    is.bytes = records.bytes_read();
    return header ? Status(make_error(codes::kFileEmpty)) : Status();
  }

  Status measure_message(FileReader& reader, RunningHash& hash, ManifestEntry& is) {
    std::string chunk(std::size_t{64} << 10U, '\0');
    is.rows = 1;
    for (;;) {
      const auto got = reader.read(chunk.data(), chunk.size());
      if (got.has_error()) return got.error();
      if (*got == 0) return {};
      hash.update(std::string_view(chunk).substr(0, *got));
      is.bytes += *got;
      if (is.bytes > options_.max_message_bytes) {
        return make_error(codes::kFileTooLarge, std::to_string(options_.max_message_bytes));
      }
    }
  }

  const ImportOptions& options_;
  FileSystem& spool_;
  const Suite& suite_;
  Broken& broken_;
  std::vector<Part> parts_;
  std::vector<ManifestEntry> are_;
};

Status verify_members(Verifier& verifier, const ImportOptions& options, const std::vector<Member>& members) {
  std::string manifest = options.manifest == ManifestUse::kSidecar ? kSpoolManifest : "";
  std::set<std::string> names;
  for (const Member& member : members) {
    // A manifest and the table of rows name files without their folders.
    const bool by_name = options.manifest != ManifestUse::kNone || options.content == Content::kRows;
    if (by_name && !names.insert(member.name).second) return make_error(codes::kArchiveName);
    if (options.zip && options.manifest == ManifestUse::kInside && member.name == kManifestName) {
      manifest = member.path;
    } else if (auto status = verifier.measure(member); status.has_error()) {
      return status;
    }
  }
  if (options.manifest == ManifestUse::kNone) return {};
  if (manifest.empty()) return make_error(codes::kManifestMissing);
  return verifier.check_manifest(manifest);
}

}  // namespace

Result<std::vector<Part>> verify(const ImportOptions& options, const std::string& name, FileSystem& spool,
                                 const std::filesystem::path& spool_root, const Suite& suite, Broken& broken) {
  Verifier verifier(options, spool, suite, broken);
  std::vector<Member> members{{name, kSpoolSource, {}}};
  Status status;
  if (options.zip && fits(options.zip_pattern, name)) {
    auto unpacked = unpack(spool_root / kSpoolSource, spool, kSpoolMember, options.unpack);
    if (unpacked.has_value()) {
      members = std::move(*unpacked);
    } else {
      status = unpacked.error();
    }
  }
  if (status.has_value()) status = verify_members(verifier, options, members);
  if (status.has_value()) return verifier.take_parts();
  if (!is_verdict(status.error())) return status.error();
  broken.code = status.error().code;
  return std::vector<Part>();
}

}  // namespace tongqu::file
