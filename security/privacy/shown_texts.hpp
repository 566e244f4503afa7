#pragma once
// What a recipient may see anyway is spared.
#include <string>
#include <vector>

#include "security/privacy/text_span.hpp"

namespace tongqu {

// Values that stay readable, as they are written in the record.
class ShownTexts {
 public:
  ShownTexts() = default;
  // Shorter values than two characters spare nothing.
  explicit ShownTexts(const std::vector<std::string>& values);
  // Takes out spans that lie within a shown value.
  void spare(const FoldedText& text, std::vector<TextSpan>& spans) const;

 private:
  std::vector<std::u32string> values_;  // folded
};

}  // namespace tongqu
