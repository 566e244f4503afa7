#pragma once
// A free text of any length in bounded memory: scrubbed in windows, one behind the other, each read with a little of
// what stands before and behind it. TextScrubber::scrub() cuts a long text in the same places, so that the result is
// the same however the text comes in.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "security/privacy/text_scrubber.hpp"

namespace tongqu {

// A part of the text as its recipient sees it.
struct StreamedPart {
  Scrubbed scrubbed;        // spans in code points of this part as it came in
  std::uint64_t begin = 0;  // code points of the text before this part
};

// For one thread. At most kWindowBytes and twice kContextBytes of the text are held, beside what one push() brings.
class TextStream {
 public:
  static constexpr std::size_t kWindowBytes = 192U << 10U;
  // Every rule looks less far than this; only further mentions of a name are looked for in the whole window.
  static constexpr std::size_t kContextBytes = 2048;
  using Sink = std::function<void(const StreamedPart&)>;

  // Borrows all three.
  TextStream(const TextScrubber& scrubber, const RecordPersons& persons, Sink sink);
  // The text's next bytes, cut anywhere. False where the text is not UTF-8: nothing more of it goes to the sink, and
  // the finders would not see what stands there.
  [[nodiscard]] bool push(std::string_view utf8);
  // The text has ended. False as above.
  [[nodiscard]] bool finish();

 private:
  [[nodiscard]] bool step(std::size_t core_end);
  [[nodiscard]] std::size_t cut() const;

  const TextScrubber& scrubber_;
  const RecordPersons& persons_;
  const Sink sink_;
  std::string held_;           // context before, then what is not put out yet
  std::size_t begin_ = 0;      // of the latter
  std::uint64_t put_out_ = 0;  // code points
  bool good_ = true;
};

}  // namespace tongqu
