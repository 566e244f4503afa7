#include "gateway/settings/yaml_source.hpp"

#include <algorithm>
#include <array>

#include "gateway/core/text.hpp"
#include "gateway/settings/settings_codes.hpp"

namespace tongqu {
namespace {

std::vector<std::size_t> line_starts_of(std::string_view text) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts.push_back(i + 1);
  }
  return starts;
}

// What yaml-cpp says, without anything it took from the text.
struct Saying {
  std::string_view theirs;
  const ErrorCode* code;
  std::string_view en;
  std::string_view zh;
};
const std::array<Saying, 22>& sayings() {
  static const std::array<Saying, 22> kSayings{{
      {"illegal EOF in scalar", &codes::kSettingsUnclosedQuote, "", ""},
      {"invalid character in single-quoted string", &codes::kSettingsUnclosedQuote, "", ""},
      {"the referenced anchor is not defined", &codes::kSettingsAlias, "", ""},
      {"alias not found after *", &codes::kSettingsAlias, "", ""},
      {"anchor not found after &", &codes::kSettingsAlias, "", ""},
      {"illegal character found while scanning a", &codes::kSettingsAlias, "", ""},
      {"cannot assign multiple a", &codes::kSettingsAlias, "", ""},
      {"aliases can't have any content", &codes::kSettingsAlias, "", ""},
      {"illegal character found while scanning tag", &codes::kSettingsTag, "", ""},
      {"tag handle with no suffix", &codes::kSettingsTag, "", ""},
      {"end of verbatim tag not found", &codes::kSettingsTag, "", ""},
      {"cannot assign multiple tags", &codes::kSettingsTag, "", ""},
      {"end of map flow not found", &codes::kSettingsSyntax, "\"{\" without \"}\"", "“{”没有对应的“}”"},
      {"end of sequence flow not found", &codes::kSettingsSyntax, "\"[\" without \"]\"", "“[”没有对应的“]”"},
      {"illegal flow end", &codes::kSettingsSyntax, "the brackets do not match", "括号不匹配"},
      {"end of map not found", &codes::kSettingsSyntax, "the indentation does not fit, or a colon is missing",
       "缩进不一致或缺少冒号"},
      {"end of sequence not found", &codes::kSettingsSyntax, "the indentation of the list does not fit",
       "列表的缩进不一致"},
      {"illegal block entry", &codes::kSettingsSyntax, "a \"-\" where no list can begin", "此处不能开始列表（“-”）"},
      {"illegal map key", &codes::kSettingsSyntax, "a key where none can stand", "此处不能出现键"},
      {"illegal map value", &codes::kSettingsSyntax, "a second colon on the line, or the indentation does not fit",
       "同一行出现第二个冒号，或缩进不一致"},
      {"unknown escape character", &codes::kSettingsSyntax, "an unknown escape behind \"\\\"", "“\\”后的转义无法识别"},
      {"illegal document indicator in scalar", &codes::kSettingsUnclosedQuote, "", ""},
  }};
  return kSayings;
}

// A parser that met the end inside a quoted text names the end; people look for its beginning.
std::size_t opening_quote(std::string_view text, std::size_t from) {
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] != '"' && text[i] != '\'') continue;
    if (i > 0 && std::string_view(" \n[{,").find(text[i - 1]) == std::string_view::npos) continue;
    const auto close = closing_quote(text, i);
    if (!close) return i;
    i = *close - 1;
  }
  return text.empty() ? 0 : from;
}

}  // namespace

YamlSource::YamlSource(const std::string& file, std::string_view text, FaultSink& sink)
    : file_(file), text_(text), starts_(line_starts_of(text)), sink_(sink) {}

Position YamlSource::at_offset(std::size_t offset) const {
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const std::size_t line = static_cast<std::size_t>(next - starts_.begin()) - 1;
  const std::size_t column = count_code_points(text_.substr(starts_[line], offset - starts_[line]));
  return {static_cast<std::uint32_t>(line + 1), static_cast<std::uint32_t>(column + 1)};
}

std::size_t YamlSource::offset_of(int line, int byte_column) const {
  if (line < 0 || byte_column < 0) return 0;
  const std::size_t index = std::min(static_cast<std::size_t>(line), starts_.size() - 1);
  return std::min(starts_[index] + static_cast<std::size_t>(byte_column), text_.size());
}

void YamlSource::fault(const ErrorCode& code, Position position, Words param, Words expected) {
  sink_.add(
      {.code = &code, .file = file_, .position = position, .param = std::move(param), .expected = std::move(expected)});
}

std::optional<std::size_t> closing_quote(std::string_view text, std::size_t open) {
  const char quote = text[open];
  for (std::size_t i = open + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 >= text.size() || text[i + 1] != '\'') return i + 1;
      ++i;
    }
  }
  return std::nullopt;
}

bool check_bytes(YamlSource& source, std::size_t max_line_bytes) {
  const auto& starts = source.line_starts();
  for (std::size_t line = 0; line < starts.size(); ++line) {
    const std::size_t end = line + 1 < starts.size() ? starts[line + 1] - 1 : source.text().size();
    if (end - starts[line] <= max_line_bytes) continue;
    source.fault(codes::kSettingsLineTooLong, {static_cast<std::uint32_t>(line + 1), 1},
                 {std::to_string(max_line_bytes), std::to_string(max_line_bytes)});
    return false;
  }
  const std::string_view text = source.text();
  bool good = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    const auto code_point = next_code_point(text, at);
    if (!code_point) {
      source.fault(codes::kSettingsNotUtf8, source.at_offset(here), {},
                   {"a file saved as UTF-8", "以 UTF-8 保存的文件"});
      return false;
    }
    if (*code_point == '\t') {
      source.fault(codes::kSettingsTab, source.at_offset(here), {}, {"spaces", "空格"});
      good = false;
    } else if ((*code_point < 0x20 && *code_point != '\n' && *code_point != '\r') ||
               (*code_point >= 0x7F && *code_point < 0xA0) || *code_point == 0xFEFF ||
               (*code_point == '\r' && (at >= text.size() || text[at] != '\n'))) {
      source.fault(codes::kSettingsControlCharacter, source.at_offset(here), {}, {"printable text", "可见字符"});
      return false;
    }
  }
  return good;
}

void report_syntax(YamlSource& source, std::string_view saying, std::size_t offset, std::size_t last_offset) {
  const auto& known = sayings();
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const Saying& each) { return saying.starts_with(each.theirs); });
  if (found == known.end())
    return source.fault(codes::kSettingsSyntax, source.at_offset(offset),
                        {"something that cannot stand here", "此处的内容无法识别"});
  const bool quote = found->code == &codes::kSettingsUnclosedQuote;
  const Position position = source.at_offset(quote ? opening_quote(source.text(), last_offset) : offset);
  source.fault(*found->code, position, {std::string(found->en), std::string(found->zh)});
}

}  // namespace tongqu
