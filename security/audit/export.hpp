#pragma once
// The audit export (docs/formats.md section 7): written and checked as a stream, in bounded memory.
#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/codec.hpp"
#include "security/audit/note.hpp"

namespace tongqu {

// The longest line, its line feed included.
inline constexpr std::size_t kMaxExportLineBytes = 256 * 1024;

// Entries of a log as canonical JSON; Store::audit_entries has this shape.
class EntrySource {
 public:
  virtual ~EntrySource() = default;
  // Entries [from, …), at most `limit`; none only behind the last.
  [[nodiscard]] virtual Result<std::vector<std::string>> entries(std::uint64_t from, std::size_t limit) = 0;
};
using ByteSink = std::function<Status(std::string_view)>;

// Writes the export of the tree that `checkpoint` signs. Fails with what open_checkpoint, `source` and `sink` fail
// with, audit.missing when the source ends early, and audit.root when its entries are not the ones that were signed
// (then everything but the checkpoint was written).
[[nodiscard]] Status write_export(const LogVerifier& verifier, std::string_view checkpoint, EntrySource& source,
                                  const ByteSink& sink);

// Lines of a file.
class LineSource {
 public:
  virtual ~LineSource() = default;
  // The next line with its line feed; a last line without one comes as it is; empty at the end. The view lives until
  // the next call. Fails with audit.line-end above kMaxExportLineBytes.
  [[nodiscard]] virtual Result<std::string_view> next() = 0;
};

class StreamLines final : public LineSource {
 public:
  // `in` outlives this object.
  explicit StreamLines(std::istream& in) : in_(in) {}
  [[nodiscard]] Result<std::string_view> next() override;

 private:
  std::istream& in_;
  std::string buffer_;
  std::size_t begin_ = 0;
};

struct ExportVerdict {
  bool good = false;
  std::uint64_t entries = 0;               // entries that fit, from the first on
  std::uint64_t line = 0;                  // 1-based: the line that does not fit, or the last
  std::optional<Error> error;              // what is wrong; empty when good
  std::optional<std::uint64_t> first_bad;  // the entry that does not fit, or the first of those among which it is
  std::optional<std::uint64_t> last_bad;   // the last of them
  Checkpoint checkpoint;                   // when good

  // One or two sentences for a person.
  [[nodiscard]] std::string text(Lang lang) const;
};

// Checks every line until the first that does not fit. `json` is the JSON codec; lines must be canonical, byte by
// byte. An entry whose leaf was recomputed too is found by its tile's root (first_bad … last_bad is the tile), one
// whose tile's root was recomputed too by the signed root (the whole export).
[[nodiscard]] ExportVerdict verify_export(const LogVerifier& verifier, const Codec& json, LineSource& lines);

}  // namespace tongqu
