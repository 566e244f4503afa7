#include "security/privacy/shown_texts.hpp"

#include <algorithm>

namespace tongqu {

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
