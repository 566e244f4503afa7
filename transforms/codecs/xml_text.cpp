#include "transforms/codecs/xml_text.hpp"

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/refusal.hpp"
#include "transforms/codecs/text_position.hpp"
#include "transforms/codecs/xml_codec.hpp"

namespace tongqu::xml {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kMaxDeclarationBytes = 1024;
constexpr std::string_view kBlanks = " \t\r\n";

// Where the first character stands that is not allowed, else kNone.
std::size_t find_bad_character(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') return i;
    if (c == 0xEF && (utf8.substr(i, 3) == "\xEF\xBF\xBE" || utf8.substr(i, 3) == "\xEF\xBF\xBF")) return i;
  }
  return kNone;
}

std::size_t end_of(std::string_view text, std::size_t from, std::string_view mark) {
  const auto found = text.find(mark, from);
  return found == kNone ? text.size() : found + mark.size();
}

// Behind the tag that begins at `at`; `attributes` is how many values it has.
std::size_t end_of_tag(std::string_view text, std::size_t at, std::size_t& attributes) {
  attributes = 0;
  while (at < text.size() && text[at] != '>') {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      ++attributes;
      at = text.find(c, at + 1);
      if (at == kNone) return text.size();
    }
    ++at;
  }
  return at;
}

bool is_utf16(Charset charset) {
  return charset == Charset::kUtf16 || charset == Charset::kUtf16Le || charset == Charset::kUtf16Be;
}

struct Choice {
  Charset charset;
  std::size_t skip = 0;
};

Result<Choice> choose(std::string_view bytes, Charset fallback) {
  if (const auto mark = find_byte_order_mark(bytes); mark) return Choice{mark->charset, mark->size};
  using std::string_view_literals::operator""sv;
  if (bytes.starts_with("<\0?\0"sv)) return Choice{Charset::kUtf16Le};
  if (bytes.starts_with("\0<\0?"sv)) return Choice{Charset::kUtf16Be};
  const std::string_view label = declared_encoding(bytes);
  if (label.empty()) return Choice{fallback};
  const auto declared = charset_of(label);
  if (!declared) return refusal(codes::kCharsetUnknown, "$", {1, 1});
  // The declaration was read as ASCII, so it is no UTF-16.
  if (is_utf16(*declared)) return refusal(codes::kXmlEncoding, "$", {1, 1});
  return Choice{*declared};
}

}  // namespace

std::string_view declared_encoding(std::string_view text) {
  if (!text.starts_with("<?xml") || text.size() < 6 || kBlanks.find(text[5]) == kNone) return {};
  const std::string_view declaration = text.substr(0, std::min(text.find("?>"), kMaxDeclarationBytes));
  auto at = declaration.find("encoding");
  if (at == kNone) return {};
  at = declaration.find_first_not_of(kBlanks, at + 8);
  if (at == kNone || declaration[at] != '=') return {};
  at = declaration.find_first_not_of(kBlanks, at + 1);
  if (at == kNone || (declaration[at] != '"' && declaration[at] != '\'')) return {};
  const auto end = declaration.find(declaration[at], at + 1);
  return end == kNone ? std::string_view{} : declaration.substr(at + 1, end - at - 1);
}

Status to_utf8(std::string_view bytes, Charset fallback, std::string& out) {
  const auto choice = choose(bytes, fallback);
  if (choice.has_error()) return choice.error();
  const std::size_t before = out.size();
  CharsetDecoder decoder(choice->charset);
  // The mark goes in as well, so that offsets count it.
  Status decoded = decoder.decode(bytes.substr(0, choice->skip), false, out);
  if (decoded.has_value()) decoded = decoder.decode(bytes.substr(choice->skip), true, out);
  if (decoded.has_error()) {
    const std::string_view read = std::string_view(out).substr(before);
    const Error& error = decoded.error();
    return refusal(*error.code, "$", position_at(read, read.size()), error.param);
  }
  if (choice->skip > 0) out.erase(before, 3);  // U+FEFF
  const std::string_view text = std::string_view(out).substr(before);
  const auto declared = charset_of(declared_encoding(text));
  // Two bytes a character cannot be what a declaration of another family means; the mark wins over a label of one byte.
  if (declared && is_utf16(choice->charset) != is_utf16(*declared)) return refusal(codes::kXmlEncoding, "$", {1, 1});
  return {};
}

Status check_text(std::string_view utf8) {
  if (const auto bad = find_bad_character(utf8); bad != kNone) {
    return refusal(codes::kXmlCharacter, "$", position_at(utf8, bad));
  }
  for (auto at = utf8.find('<'); at != kNone; at = utf8.find('<', at)) {
    const std::string_view rest = utf8.substr(at);
    std::size_t attributes = 0;
    const std::size_t begin = at;
    if (rest.starts_with("<!--")) {
      at = end_of(utf8, at + 4, "-->");
    } else if (rest.starts_with("<![CDATA[")) {
      at = end_of(utf8, at + 9, "]]>");
    } else if (rest.starts_with("<?")) {
      at = end_of(utf8, at + 2, "?>");
    } else {
      at = end_of_tag(utf8, at + 1, attributes);
    }
    if (attributes > kMaxXmlAttributes) {
      return refusal(codes::kXmlAttributes, "$", position_at(utf8, begin), std::to_string(kMaxXmlAttributes));
    }
  }
  return {};
}

bool has_only_xml_characters(std::string_view utf8) { return find_bad_character(utf8) == kNone; }

}  // namespace tongqu::xml
