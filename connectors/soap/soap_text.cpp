#include "connectors/soap/soap_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "connectors/soap/soap_codes.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::soap {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
    {{"lt;", '<'}, {"gt;", '>'}, {"amp;", '&'}, {"quot;", '"'}, {"apos;", '\''}}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Behind "&#": "20013;" or "x4e2d;". The length read, 0 when it is none.
std::size_t append_reference(std::string& out, std::string_view rest) {
  const auto end = rest.substr(0, 10).find(';');
  if (end == std::string_view::npos) return 0;
  std::string_view digits = rest.substr(0, end);
  int base = 10;
  if (digits.starts_with('x')) {
    digits.remove_prefix(1);
    base = 16;
  }
  std::uint32_t value = 0;
  const auto [read, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || bad != std::errc{} || read != digits.data() + digits.size()) return 0;
  if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return 0;
  append_utf8(out, static_cast<char32_t>(value));
  return end + 1;
}

std::string_view without_declaration(std::string_view text) {
  if (!text.starts_with("<?xml") || text.size() < 6 || kBlanks.find(text[5]) == std::string_view::npos) return text;
  const auto end = text.find("?>");
  return end == std::string_view::npos ? text : trimmed(text.substr(end + 2));
}

std::string_view trimmed_document(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with(kMark)) text = trimmed(text.substr(kMark.size()));
  return text;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\r': out += "&#13;"; break;
      case '\n':
      case '\t': out.push_back(c); break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\xEF\xBF\xBD";
        } else {
          out.push_back(c);
        }
    }
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '&') {
      out.push_back(text[at++]);
      continue;
    }
    const std::string_view rest = text.substr(at + 1);
    const auto entity = std::find_if(kEntities.begin(), kEntities.end(),
                                     [rest](const auto& one) { return rest.starts_with(one.first); });
    if (entity != kEntities.end()) {
      out.push_back(entity->second);
      at += 1 + entity->first.size();
    } else if (const std::size_t read = rest.starts_with('#') ? append_reference(out, rest.substr(1)) : 0; read > 0) {
      at += 2 + read;
    } else {
      out.push_back(text[at++]);
    }
  }
  return out;
}

Result<std::string> inner_document(std::string_view text) {
  std::string held(trimmed_document(text));
  for (int round = 0; round < 2 && held.starts_with("&lt;"); ++round) {
    held = std::string(trimmed_document(unescaped(held)));
  }
  if (held.starts_with("<![CDATA[") && held.ends_with("]]>")) {
    held = std::string(trimmed_document(std::string_view(held).substr(9, held.size() - 12)));
  }
  std::string document(without_declaration(held));
  if (!document.starts_with('<')) return make_error(codes::kSoapString);
  return document;
}

std::string MediaType::parameter(std::string_view name) const {
  std::string_view rest = text;
  for (auto semicolon = rest.find(';'); semicolon != std::string_view::npos; semicolon = rest.find(';')) {
    rest = rest.substr(semicolon + 1);
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) return {};
    const bool wanted = equal_without_case(trimmed(rest.substr(0, equals)), name);
    std::string_view value = rest.substr(equals + 1);
    value.remove_prefix(std::min(value.find_first_not_of(kBlanks), value.size()));
    std::size_t end = 0;
    if (value.starts_with('"')) {
      value.remove_prefix(1);
      end = std::min(value.find('"'), value.size());
    } else {
      end = std::min(value.find(';'), value.size());
    }
    if (wanted) return std::string(trimmed(value.substr(0, end)));
    rest = value.substr(end);
  }
  return {};
}

MediaType parse_media_type(std::string_view text) {
  MediaType media{std::string(trimmed(text.substr(0, text.find(';')))), std::string(text)};
  std::transform(media.type.begin(), media.type.end(), media.type.begin(), lower);
  return media;
}

bool equal_without_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace tongqu::soap
