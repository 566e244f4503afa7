#include "transforms/codecs/xml_names.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "gateway/core/text.hpp"

namespace tongqu::xml {
namespace {

struct Range {
  char32_t first, last;
};
// XML 1.0, fifth edition, productions 4 and 4a, without the colon.
constexpr std::array<Range, 15> kStart{{{'A', 'Z'},
                                        {'_', '_'},
                                        {'a', 'z'},
                                        {0xC0, 0xD6},
                                        {0xD8, 0xF6},
                                        {0xF8, 0x2FF},
                                        {0x370, 0x37D},
                                        {0x37F, 0x1FFF},
                                        {0x200C, 0x200D},
                                        {0x2070, 0x218F},
                                        {0x2C00, 0x2FEF},
                                        {0x3001, 0xD7FF},
                                        {0xF900, 0xFDCF},
                                        {0xFDF0, 0xFFFD},
                                        {0x10000, 0xEFFFF}}};
constexpr std::array<Range, 6> kBehind{
    {{'-', '-'}, {'.', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}}};

bool is_in(std::span<const Range> ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](const Range& r) { return c >= r.first && c <= r.last; });
}

}  // namespace

Names::Names(const std::vector<XmlNamespace>& configured) : all_(configured) {
  all_.push_back({"xsi", std::string(kXsiUri)});
  all_.push_back({"xml", std::string(kXmlUri)});
}

void Names::append_member(std::string& out, std::string_view uri, std::string_view local) const {
  if (!uri.empty()) {
    bool known = false;
    for (const XmlNamespace& entry : all_) {
      if (entry.uri != uri) continue;
      out.append(entry.prefix).push_back(':');
      known = true;
      break;
    }
    if (!known) out.append("{").append(uri).append("}");
  }
  out += local;
}

std::optional<Names::Split> Names::split(std::string_view member) const {
  Split name;
  name.local = member;
  if (member.starts_with('{')) {
    const auto end = member.rfind('}');
    if (end == std::string_view::npos || end == 1) return std::nullopt;
    name.uri = member.substr(1, end - 1);
    name.local = member.substr(end + 1);
  } else if (const auto colon = member.find(':'); colon != std::string_view::npos) {
    name.prefix = member.substr(0, colon);
    name.local = member.substr(colon + 1);
    for (const XmlNamespace& entry : all_) {
      if (entry.prefix == name.prefix) name.uri = entry.uri;
    }
    if (name.uri.empty()) return std::nullopt;
  }
  if (!is_local_name(name.local)) return std::nullopt;
  return name;
}

bool is_local_name(std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    const bool is_first = at == 0;
    const auto c = next_code_point(name, at);
    if (!c || !(is_in(kStart, *c) || (!is_first && is_in(kBehind, *c)))) return false;
  }
  return !name.empty();
}

}  // namespace tongqu::xml
