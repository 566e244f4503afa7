#include "connectors/database/row_document.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/database/database_codes.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::database {
namespace {

// The grammar of a JSON number; what a database prints otherwise (" 12", ".5", "1,000") is not guessed at.
bool is_json_number(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - begin;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const std::size_t whole_at = at;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[whole_at] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

// Whether the driver handed out all that the server has: databases count bytes, characters, or bytes of UTF-16, and
// some drivers cut long texts without a word.
bool is_whole(const std::string& payload, const std::string& length_text) {
  std::size_t length = 0;
  const auto [end, bad] = std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
  if (bad != std::errc{}) return false;
  if (payload.size() == length) return true;
  // What is no UTF-8 cannot be counted; the codec that reads it decides.
  if (!is_utf8(payload)) return payload.size() > length;
  const std::size_t points = count_code_points(payload);
  const auto beyond = static_cast<std::size_t>(
      std::count_if(payload.begin(), payload.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xF0; }));
  const std::size_t units = points + beyond;  // of UTF-16
  return length == points || length == units || length == 2 * units;
}

Result<std::string> payload_of(const RowRules& rules, const SqlRow& row) {
  const auto& length = row[kFetchLength];
  if (!length.has_value()) return make_error(codes::kDbRowEmpty);
  std::string payload;
  for (std::size_t piece = kFetchPayload; piece < row.size(); ++piece) {
    if (!row[piece].has_value()) return make_error(codes::kDbRowLarge, std::to_string(rules.max_bytes));
    payload += *row[piece];
  }
  if (payload.size() > rules.max_bytes) return make_error(codes::kDbRowLarge, std::to_string(rules.max_bytes));
  if (payload.empty()) return make_error(codes::kDbRowEmpty);
  if (!is_whole(payload, *length)) return make_error(codes::kDbRowCut);
  return payload;
}

Result<std::string> document_of(const IntakeTable& table, const RowRules& rules, const SqlRow& row, const Codec& json) {
  if (row[kFetchLength].has_value()) return make_error(codes::kDbRowLarge, std::to_string(rules.max_bytes));
  std::size_t bytes = 0;
  for (std::size_t i = kFetchColumns; i < row.size(); ++i) bytes += row[i] ? row[i]->size() : 0;
  if (bytes > rules.max_bytes) return make_error(codes::kDbRowLarge, std::to_string(rules.max_bytes));
  Document document;
  Node* root = document.make(Kind::kObject);
  document.set_root(root);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const DocumentColumn& column = table.columns[i];
    const auto& value = row[kFetchColumns + i];
    Kind kind = Kind::kNull;
    if (value.has_value()) {
      if (!is_utf8(*value)) return make_error(codes::kDbRowText, column.name);
      if (column.kind == ColumnKind::kNumber && !is_json_number(*value))
        return make_error(codes::kDbRowNumber, column.name);
      kind = column.kind == ColumnKind::kNumber ? Kind::kNumber : Kind::kText;
    }
    document.append(*root, document.make(kind, value ? std::string_view(*value) : std::string_view()), column.name);
  }
  std::string body;
  if (auto status = json.encode(document.root(), body); status.has_error()) return status.error();
  return body;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace

Result<RowMessage> row_message(const IntakeTable& table, const RowRules& rules, const SqlRow& row, const Codec& json,
                               const Suite& suite) {
  RowMessage message{rules.service, {}, rules.content_type};
  if (message.service.empty()) {
    const auto& value = row[kFetchService];
    const auto found = value ? rules.services.find(*value) : rules.services.end();
    if (found == rules.services.end()) return make_error(codes::kDbRowService);
    message.service = found->second;
  }
  auto body = table.payload.empty() ? document_of(table, rules, row, json) : payload_of(rules, row);
  if (body.has_error()) return body.error();
  message.body = std::move(*body);
  if (table.payload.empty()) message.content_type = "application/json";
  if (!table.digest.empty()) {
    const auto& digest = row[kFetchDigest];
    if (!digest || lower(*digest) != to_hex(as_text(suite.hash({message.body}))))
      return make_error(codes::kDbRowDigest);
  }
  return message;
}

std::string row_key(const IntakeTable& table, std::string_view id, const Suite& suite) {
  return "db:" + to_hex(as_text(suite.hash({table.table, std::string_view("\0", 1), id})));
}

}  // namespace tongqu::database
