#pragma once
#include <string>
#include <vector>

#include "security/privacy/text_span.hpp"
namespace tongqu {
struct KnownValue {
  std::string kind;
  std::string value;
};
class KnownValues {
 public:
  explicit KnownValues(const std::vector<KnownValue>& values) : values_(values) {}
  void find(const FoldedText& text, std::vector<TextSpan>& spans) const {
    for (const auto& one : values_) {
      const FoldedText v(one.value);
      if (v.size() < 2) continue;
      for (std::size_t at = text.folded().find(v.folded()); at != std::u32string::npos;
           at = text.folded().find(v.folded(), at + 1))
        spans.push_back({(std::uint32_t)at, (std::uint32_t)(at + v.size()), SpanType::kName, "known"});
    }
  }

 private:
  std::vector<KnownValue> values_;
};
}  // namespace tongqu
