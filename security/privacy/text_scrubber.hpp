#pragma once
// Free text for one recipient: what names or reaches a person is hidden, the rest stays byte for byte (自由文本脱敏).
//
// Three looks, joined: what every text is searched for (numbers, addresses, names of third persons), what the record
// itself knows of its persons, and what the recipient may see anyway, which stays readable. A hidden span becomes a
// constant mark, 〔姓名〕 or 〔电话〕, so that not even its length is told. A text that was scrubbed is looked at again
// until nothing more is found: scrubbing it once more changes nothing. Measured, not proven: docs/privacy-quality.md.
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/core/error.hpp"
#include "security/privacy/known_values.hpp"
#include "security/privacy/shown_texts.hpp"
#include "security/privacy/text_span.hpp"

namespace tongqu {

// Finds spans of one family. Immutable, thread-safe.
class SpanFinder {
 public:
  virtual ~SpanFinder() = default;
  // Adds to found[i] what it finds in *texts[i], in any order, overlapping what is there or not. The same for a text
  // whatever stands beside it.
  virtual void find(std::span<const FoldedText* const> texts, std::span<std::vector<TextSpan>> found) const = 0;
};

// What the record knows, as one recipient may see it.
struct KnownPersons {
  std::vector<KnownValue> hidden;  // found in all their forms
  std::vector<std::string> shown;  // clear for this recipient: names and addresses inside them stay, as written
};

// The same, ready for every text of the record: to make it costs more than to look through a short text.
// Immutable, thread-safe.
class RecordPersons {
 public:
  RecordPersons() = default;
  explicit RecordPersons(const KnownPersons& known);
  // Takes out of `spans` what the recipient may see, and adds what the record knows.
  void judge(const FoldedText& text, std::vector<TextSpan>& spans) const;

 private:
  std::vector<KnownValues> hidden_;  // each of at most KnownValues::kMaxValues
  ShownTexts shown_;
};

struct Scrubbed {
  std::string text;
  std::vector<TextSpan> spans;  // in code points of what came in; in order, without overlap
};

// Thread-safe. Remembers what it found in the texts that it saw last, by their hash, so that a record is searched once
// for all its recipients.
class TextScrubber {
 public:
  static constexpr std::size_t kMaxRemembered = 8192;              // texts
  static constexpr std::size_t kMaxRememberedSpans = 256U << 10U;  // in all of them, 8 MiB; a text alone may have more
  static constexpr int kMaxRounds = 6;                             // more looks at one text were never needed

  explicit TextScrubber(std::vector<std::shared_ptr<const SpanFinder>> finders);
  ~TextScrubber();
  TextScrubber(const TextScrubber&) = delete;
  TextScrubber& operator=(const TextScrubber&) = delete;

  // `utf8` is well-formed. Linear in its length, in time and memory; of a text longer than TextStream::kWindowBytes one
  // window after the other is looked at.
  [[nodiscard]] Scrubbed scrub(std::string_view utf8, const RecordPersons& persons) const;
  // The bytes [begin, end) of `utf8`, at borders of characters, seen with what stands around them. A span that begins
  // there and goes on is hidden whole: the second value is where it ends, else `end`. Spans in code points from
  // `begin`.
  [[nodiscard]] std::pair<Scrubbed, std::size_t> scrub_part(std::string_view utf8, std::size_t begin, std::size_t end,
                                                            const RecordPersons& persons) const;
  // Searches all of them at once, which costs less than one by one; scrub() remembers what was found. Long ones are
  // left to it.
  void search_ahead(std::span<const std::string_view> texts) const;
  // Texts that were really searched, since the beginning.
  [[nodiscard]] std::uint64_t searched() const;

 private:
  class Memory;
  [[nodiscard]] Scrubbed scrub_whole(std::string_view utf8, const RecordPersons& persons) const;
  [[nodiscard]] std::vector<std::vector<TextSpan>> search(std::span<const FoldedText* const> texts) const;
  std::vector<std::shared_ptr<const SpanFinder>> finders_;
  const std::unique_ptr<Memory> memory_;
};

// How values of a label kind ("name", "phone", "order" …) are written; empty for a kind whose values name nobody.
[[nodiscard]] std::optional<KnownKind> known_kind_of(std::string_view kind);

// What stands in the place of a span: "〔姓名〕".
[[nodiscard]] std::string_view mark_of(SpanType type);

// Where Debian's package python3-jieba has its network.
inline constexpr const char* kDefaultNamesModel = "/usr/lib/python3/dist-packages/jieba/lac_small";
// With every finder there is. `model`: folder of the network for names (name_network.hpp); fails with privacy.network
// when it cannot be used: half a scrubber would be taken for a whole one.
[[nodiscard]] Result<std::shared_ptr<const TextScrubber>> open_text_scrubber(const std::string& model);

}  // namespace tongqu
