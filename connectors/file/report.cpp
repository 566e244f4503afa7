#include "connectors/file/report.hpp"

#include <algorithm>

#include "connectors/file/row_splitter.hpp"

namespace tongqu::file {
namespace {

// A field that a spreadsheet would run as a formula gets an apostrophe in front.
std::string safe(std::string_view text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) {
    return csv_field("'" + std::string(text));
  }
  return csv_field(text);
}

std::string shown(std::uint64_t number) { return number == 0 ? std::string() : std::to_string(number); }

struct Line {
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  std::string_view field;
};

std::string one_line(const Line& at, const ErrorCode& code, const std::string& text, const ErrorPlace& place) {
  return shown(at.line) + ',' + shown(at.column) + ',' + safe(at.field) + ',' + std::string(code.id) + ',' +
         safe(text) + (place.with_member ? ',' + safe(place.member) : std::string()) + "\r\n";
}

}  // namespace

std::string errors_header(bool with_member) {
  return with_member ? "line,column,field,code,text,member\r\n" : "line,column,field,code,text\r\n";
}

std::string error_lines(const ErrorPlace& place, const Error& error, std::uint64_t& lines) {
  if (error.faults.empty()) {
    lines = 1;
    return one_line({place.line, 0, {}}, *error.code, error.text(Lang::kChinese), place);
  }
  std::string text;
  lines = std::min(error.faults.size(), kMaxFaultsOfRow);
  for (std::size_t i = 0; i < lines; ++i) {
    const Fault& fault = error.faults[i];
    const std::uint64_t in_message = fault.position.line;
    std::uint64_t line = place.line;
    if (in_message > place.header_lines) line += in_message - place.header_lines - 1;
    if (in_message != 0 && in_message <= place.header_lines) line = in_message;
    text += one_line({line, fault.position.column, fault.path}, *fault.code, fault.text(Lang::kChinese), place);
  }
  return text;
}

std::string broken_line(const ErrorCode& code, std::uint64_t line, bool with_member) {
  ErrorPlace place;
  place.with_member = with_member;
  return one_line({line, 0, {}}, code, std::string(code.zh), place);
}

std::string result_text(const ImportState& state) {
  std::string text = "item,value\r\n";
  const auto put = [&text](const std::string& item, const std::string& value) { text += item + ',' + value + "\r\n"; };
  put("state", state.broken.empty() ? "processed" : "not-processed");
  put("digest", state.digest);
  put("rows", std::to_string(state.rows));
  put("imported", std::to_string(state.imported));
  put("held", std::to_string(state.held));
  put("duplicate", std::to_string(state.duplicate));
  put("refused", std::to_string(state.refused));
  if (!state.broken.empty()) put("reason:" + state.broken, "1");
  for (const auto& [code, count] : state.reasons) put("reason:" + code, std::to_string(count));
  return text;
}

}  // namespace tongqu::file
