// Functions that make texts of texts, and lists of them.
#include <algorithm>
#include <cstring>

#include "gateway/core/text.hpp"
#include "transforms/mapping/functions.hpp"
#include "transforms/mapping/html_text.hpp"
#include "transforms/mapping/mapping_codes.hpp"

namespace tongqu::mapping::text_functions {
namespace {

using Values = std::span<const Value>;

char* put(char* at, std::string_view text) {
  std::copy(text.begin(), text.end(), at);
  return at + text.size();
}

Value map_ascii(std::string_view text, char from, char to, int shift, Scratch& scratch) {
  char* const room = scratch.allocate(text.size());
  if (room == nullptr) return text_too_long();
  std::transform(text.begin(), text.end(), room,
                 [=](char c) { return c >= from && c <= to ? static_cast<char>(c + shift) : c; });
  return Value::of_text({room, text.size()});
}

bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 ||
         c == 0xFEFF;
}

// Bytes of the code point that ends the text.
std::size_t last_length(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && size < 4 && (static_cast<unsigned char>(text[text.size() - size]) & 0xC0U) == 0x80U)
    ++size;
  return size;
}

// Calls `visit` for each element that is not null; stops at the first fault.
template <class Visit>
Value for_elements(const CallConstants& call, const Value& list, Scratch& scratch, Visit visit) {
  const Node* node = list.list;
  for (std::uint32_t i = 0; i < list.count; ++i, node = node->next) {
    const Value element = read_scalar(*node, call.element, call.empty_absent, scratch);
    if (element.state == State::kFault) return element;
    if (element.state == State::kValue && !visit(element)) break;
  }
  return Value::absent();
}

}  // namespace

Value concat(const CallConstants&, Values in, Scratch& scratch) {
  std::size_t bytes = 0;
  for (const Value& part : in) bytes += part.text.size();
  char* const room = scratch.allocate(bytes);
  if (room == nullptr) return text_too_long();
  char* at = room;
  for (const Value& part : in) at = put(at, part.text);
  return Value::of_text({room, bytes});
}

Value trim(const CallConstants&, Values in, Scratch&) {
  std::string_view text = in[0].text;
  while (!text.empty()) {
    std::size_t at = 0;
    const auto c = next_code_point(text, at);
    if (!c || !is_space(*c)) break;
    text.remove_prefix(at);
  }
  while (!text.empty()) {
    const std::size_t size = last_length(text);
    std::size_t at = text.size() - size;
    const auto c = next_code_point(text, at);
    if (!c || !is_space(*c)) break;
    text.remove_suffix(size);
  }
  return Value::of_text(text);
}

Value replace(const CallConstants& call, Values in, Scratch& scratch) {
  const std::string_view text = in[0].text;
  std::size_t found = 0;
  for (auto at = text.find(call.first); at != text.npos; at = text.find(call.first, at + call.first.size())) ++found;
  if (found == 0) return in[0];
  // No overflow: both factors are below 2^20.
  const std::size_t bytes = text.size() - found * call.first.size() + found * call.second.size();
  char* const room = scratch.allocate(bytes);
  if (room == nullptr) return text_too_long();
  char* out = room;
  std::size_t from = 0;
  for (auto at = text.find(call.first); at != text.npos; at = text.find(call.first, from)) {
    out = put(out, text.substr(from, at - from));
    out = put(out, call.second);
    from = at + call.first.size();
  }
  put(out, text.substr(from));
  return Value::of_text({room, bytes});
}

Value substring(const CallConstants& call, Values in, Scratch&) {
  const std::string_view text = in[0].text;
  const auto skip = [&text](std::size_t at, std::uint32_t count) {
    for (; count > 0 && at < text.size(); --count) {
      if (!next_code_point(text, at)) ++at;
    }
    return at;
  };
  const std::size_t begin = skip(0, call.from);
  return Value::of_text(text.substr(begin, skip(begin, call.count) - begin));
}

Value upper(const CallConstants&, Values in, Scratch& scratch) {
  return map_ascii(in[0].text, 'a', 'z', 'A' - 'a', scratch);
}
Value lower(const CallConstants&, Values in, Scratch& scratch) {
  return map_ascii(in[0].text, 'A', 'Z', 'a' - 'A', scratch);
}

Value half_width(const CallConstants&, Values in, Scratch& scratch) {
  const std::string_view text = in[0].text;
  char* const room = scratch.allocate(text.size());
  if (room == nullptr) return text_too_long();
  char* out = room;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const auto c = next_code_point(text, at);
    if (c && *c >= 0xFF01 && *c <= 0xFF5E) {
      *out++ = static_cast<char>(*c - 0xFEE0);
    } else if (c && *c == 0x3000) {
      *out++ = ' ';
    } else {
      if (!c) ++at;
      out = put(out, text.substr(begin, at - begin));
    }
  }
  return Value::of_text({room, static_cast<std::size_t>(out - room)});
}

Value basename(const CallConstants&, Values in, Scratch&) {
  std::string_view text = in[0].text;
  // The query of a signed address is a credential; it is no part of the name.
  if (text.find("://") != text.npos) text = text.substr(0, text.find_first_of("?#"));
  const auto slash = text.find_last_of("/\\");
  return Value::of_text(slash == text.npos ? text : text.substr(slash + 1));
}

Value html_to_text(const CallConstants&, Values in, Scratch& scratch) {
  const std::string_view html = in[0].text;
  char* const room = scratch.allocate(html.size());
  if (room == nullptr) return text_too_long();
  return Value::of_text({room, strip_html(html, room)});
}

Value length(const CallConstants&, Values in, Scratch&) {
  if (in[0].type == FieldType::kList) return Value::of_integer(in[0].count);
  return Value::of_integer(static_cast<std::int64_t>(count_code_points(in[0].text)));
}

Value split(const CallConstants& call, Values in, Scratch& scratch) {
  Value list;
  list.state = State::kValue;
  list.type = FieldType::kList;
  Node* last = nullptr;
  std::string_view rest = in[0].text;
  while (!rest.empty()) {
    const auto at = std::min(rest.find(call.first), rest.size());
    if (at > 0) {
      if (list.count == kMaxListElements) return list_too_long();
      Node* const piece = scratch.document().make(Kind::kText);
      piece->text = rest.substr(0, at);
      if (last == nullptr) {
        list.list = piece;
      } else {
        last->next = piece;
      }
      last = piece;
      ++list.count;
    }
    rest.remove_prefix(std::min(at + call.first.size(), rest.size()));
  }
  return list;
}

Value join(const CallConstants& call, Values in, Scratch& scratch) {
  std::size_t bytes = 0;
  const Value fault = for_elements(call, in[0], scratch, [&](const Value& element) {
    bytes += element.text.size() + call.first.size();
    return true;
  });
  if (fault.state == State::kFault) return fault;
  if (bytes == 0) return Value::of_text({});
  char* const room = scratch.allocate(bytes);
  if (room == nullptr) return text_too_long();
  char* out = room;
  bool any = false;
  for_elements(call, in[0], scratch, [&](const Value& element) {
    if (any) out = put(out, call.first);
    out = put(out, element.text);
    any = true;
    return true;
  });
  return Value::of_text({room, static_cast<std::size_t>(out - room)});
}

Value first(const CallConstants& call, Values in, Scratch& scratch) {
  Value found = Value::absent();
  const Value fault = for_elements(call, in[0], scratch, [&](const Value& element) {
    found = element;
    return false;
  });
  return fault.state == State::kFault ? fault : found;
}

}  // namespace tongqu::mapping::text_functions
