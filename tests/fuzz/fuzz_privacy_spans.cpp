// Whatever is looked through, and whatever the record holds: the detectors end, and their spans are in order, disjoint
// and inside the text. The first line of the input is the record, one value behind each tab.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "security/privacy/address_spans.hpp"
#include "security/privacy/known_values.hpp"
#include "security/privacy/number_spans.hpp"

namespace {

using namespace tongqu;  // NOLINT

void check(const FoldedText& text, const std::vector<TextSpan>& spans) {
  std::size_t end = 0;
  for (const TextSpan& span : spans) {
    if (span.begin < end || span.end <= span.begin || span.end > text.size() || span.reason.empty()) std::abort();
    end = span.end;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  std::string_view record = input.substr(0, line);
  input = line == std::string_view::npos ? input : input.substr(line + 1);
  std::vector<KnownValue> values;
  for (int kind = 0; !record.empty(); kind = (kind + 1) % 9) {
    const std::size_t tab = record.find('\t');
    values.push_back({static_cast<KnownKind>(kind), std::string(record.substr(0, tab))});
    record = tab == std::string_view::npos ? std::string_view() : record.substr(tab + 1);
  }
  const FoldedText text(input);
  if (text.text().size() != text.folded().size()) std::abort();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.end_of(i) <= i || text.end_of(i) > text.size()) std::abort();
  }
  check(text, find_numbers(text));
  check(text, find_addresses(text));
  check(text, KnownValues(values).find(text));
  return 0;
}
