#include "gateway/settings/settings_fault.hpp"

#include <algorithm>
#include <ostream>
#include <tuple>

#include "gateway/core/jcs.hpp"
#include "gateway/core/text.hpp"
#include "gateway/settings/settings_codes.hpp"

namespace tongqu {
namespace {

const std::string& in(Lang lang, const Words& words) { return lang == Lang::kChinese ? words.zh : words.en; }

std::string_view word_of(Grade grade, Lang lang) {
  if (lang == Lang::kEnglish) return name_of(grade);
  return grade == Grade::kError ? "错误" : grade == Grade::kWarning ? "警告" : "提示";
}

// East Asian wide and fullwidth ranges, as terminals show them.
bool is_wide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x20000 && c <= 0x3FFFD);
}

// Spaces up to the caret; empty when the column lies behind what is shown.
std::optional<std::string> caret_indent(std::string_view source, std::uint32_t column) {
  std::string indent;
  std::size_t at = 0;
  for (std::uint32_t i = 1; i < column; ++i) {
    if (at >= source.size()) return std::nullopt;
    const auto code_point = next_code_point(source, at);
    if (!code_point) return std::nullopt;
    indent += is_wide(*code_point) ? "  " : " ";
  }
  return indent;
}

void print_one(std::ostream& out, const SettingsFault& fault, Lang lang, bool colours) {
  const bool red = colours && fault.loud;
  if (red) out << "\033[1;31m";
  out << (fault.file.empty() ? "." : fault.file);
  if (fault.position.line > 0) out << ':' << fault.position.line << ':' << fault.position.column;
  out << ": " << word_of(fault.grade, lang) << '[' << fault.code->id << "]: " << fault.text(lang)
      << (red ? "\033[0m" : "") << '\n';
  if (!fault.source.empty()) {
    const std::string number = std::to_string(fault.position.line);
    const auto indent = caret_indent(fault.source, fault.position.column);
    out << "  " << number << " | " << fault.source << '\n';
    if (indent) out << "  " << std::string(number.size(), ' ') << " | " << *indent << "^\n";
  }
  const bool chinese = lang == Lang::kChinese;
  if (!fault.path.empty()) out << (chinese ? "  位置：" : "  at: ") << fault.path << '\n';
  if (!fault.expected.en.empty()) out << (chinese ? "  应为：" : "  expected: ") << in(lang, fault.expected) << '\n';
  if (!fault.nearest.empty()) out << (chinese ? "  是否想写：" : "  did you mean: ") << fault.nearest << '\n';
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, value);
}

}  // namespace

std::string SettingsFault::text(Lang lang) const {
  return lang == Lang::kChinese ? format_message(code->zh, param.zh) : format_message(code->en, param.en);
}

void FaultSink::add(SettingsFault fault) {
  if (fault.grade == Grade::kError) ++errors_;
  if (faults_.size() < kMaxFaults) {
    faults_.push_back(std::move(fault));
  } else {
    ++unlisted_;
  }
}

std::vector<SettingsFault> FaultSink::take() {
  std::sort(faults_.begin(), faults_.end(), [](const SettingsFault& a, const SettingsFault& b) {
    return std::tie(a.file, a.position.line, a.position.column, a.code->id, a.path) <
           std::tie(b.file, b.position.line, b.position.column, b.code->id, b.path);
  });
  if (unlisted_ > 0) {
    const std::string count = std::to_string(unlisted_);
    faults_.push_back({.code = &codes::kSettingsMoreFaults, .param = {count, count}});
  }
  errors_ = 0;
  unlisted_ = 0;
  return std::exchange(faults_, {});
}

bool has_errors(const std::vector<SettingsFault>& faults) {
  return std::any_of(faults.begin(), faults.end(), [](const SettingsFault& f) { return f.grade == Grade::kError; });
}

void print_faults(std::ostream& out, const std::vector<SettingsFault>& faults, Lang lang, bool colours) {
  for (const SettingsFault& fault : faults) print_one(out, fault, lang, colours);
}

std::string faults_to_json(const std::vector<SettingsFault>& faults) {
  std::string out = "[";
  for (const SettingsFault& fault : faults) {
    out += out.size() > 1 ? ",{" : "{";
    append_member(out, "file", fault.file);
    if (fault.position.line > 0) {
      if (out.back() != '{') out += ',';
      out += "\"line\":" + std::to_string(fault.position.line) + ",\"column\":" + std::to_string(fault.position.column);
    }
    append_member(out, "grade", name_of(fault.grade));
    append_member(out, "code", fault.code->id);
    append_member(out, "path", fault.path);
    append_member(out, "message_en", fault.text(Lang::kEnglish));
    append_member(out, "message_zh", fault.text(Lang::kChinese));
    append_member(out, "expected_en", fault.expected.en);
    append_member(out, "expected_zh", fault.expected.zh);
    append_member(out, "nearest", fault.nearest);
    out += '}';
  }
  return out + "]";
}

Error to_error(const std::vector<SettingsFault>& faults) {
  std::vector<Fault> core_faults;
  for (const SettingsFault& fault : faults) {
    std::string place = fault.file;
    if (!fault.path.empty()) place += ": " + fault.path;
    core_faults.push_back({fault.code, std::move(place), {}, fault.param.en, fault.position, fault.grade});
  }
  const auto errors = std::count_if(faults.begin(), faults.end(),
                                    [](const SettingsFault& fault) { return fault.grade == Grade::kError; });
  return {&codes::kSettingsInvalid, std::to_string(errors), std::move(core_faults)};
}

}  // namespace tongqu
