#include "security/privacy/span_join.hpp"

#include <algorithm>

namespace tongqu {

void join_spans(std::vector<TextSpan>& spans) {
  std::sort(spans.begin(), spans.end(), [](const TextSpan& a, const TextSpan& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end != b.end ? a.end > b.end : a.type < b.type;
  });
  std::size_t last = 0;    // where the joined one stands
  std::uint32_t lead = 0;  // length of the part that gave it type and reason
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const TextSpan one = spans[i];
    const std::uint32_t length = one.end - one.begin;
    if (i > 0 && one.begin < spans[last].end) {
      TextSpan& joined = spans[last];
      joined.end = std::max(joined.end, one.end);
      if (length <= lead) continue;
      joined.type = one.type;
      joined.reason = one.reason;
    } else {
      last = i == 0 ? 0 : last + 1;
      spans[last] = one;
    }
    lead = length;
  }
  if (!spans.empty()) spans.resize(last + 1);
}

ShownTexts::ShownTexts(const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    FoldedText folded(value);
    if (folded.size() >= 2) values_.push_back(folded.folded());
  }
}

void ShownTexts::spare(const FoldedText& text, std::vector<TextSpan>& spans) const {
  for (const std::u32string& value : values_) {
    if (spans.empty()) return;
    std::vector<std::size_t> starts;
    for (std::size_t at = text.folded().find(value); at != std::u32string::npos;
         at = text.folded().find(value, at + 1)) {
      starts.push_back(at);
    }
    std::erase_if(spans, [&](const TextSpan& span) {
      const auto behind = std::upper_bound(starts.begin(), starts.end(), span.begin);
      return behind != starts.begin() && span.end <= *std::prev(behind) + value.size();
    });
  }
}

}  // namespace tongqu
