#include "transforms/codecs/format_reader.hpp"

#include <algorithm>

#include "gateway/core/text.hpp"
#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/json_path.hpp"

namespace tongqu {
namespace {

std::string join(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) out.append(out.empty() ? "" : " / ").append(word);
  return out;
}

}  // namespace

void FormatReader::fault(const ErrorCode& code, std::string_view member, std::string param) {
  std::string path = "$.x-format";
  Position position = format_.position;
  if (!member.empty()) {
    append_path_member(path, member);
    if (const Node* node = format_.find(member); node != nullptr) position = node->position;
  }
  faults_.push_back(Fault{&code, std::move(path), {}, std::move(param), position, Grade::kError});
}

void FormatReader::field_fault(const ErrorCode& code, std::string path, std::string param) {
  faults_.push_back(Fault{&code, std::move(path), {}, std::move(param), format_.position, Grade::kError});
}

void FormatReader::expect_members(std::span<const std::string_view> known) {
  for (const Node& member : children(format_)) {
    if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
    const std::string near = nearest_word(member.name, known.data(), known.size());
    fault(codes::kFormatMember, member.name, std::string(member.name) + (near.empty() ? "" : " (" + near + "?)"));
  }
}

std::string FormatReader::text(std::string_view member, std::string_view otherwise) {
  const Node* node = format_.find(member);
  if (node == nullptr) return std::string(otherwise);
  if (node->kind == Kind::kText) return std::string(node->text);
  fault(codes::kFormatValue, member, "text");
  return std::string(otherwise);
}

std::string FormatReader::required_text(std::string_view member) {
  if (format_.find(member) == nullptr) fault(codes::kFormatMissing, {}, std::string(member));
  return text(member);
}

std::size_t FormatReader::choice(std::string_view member, std::span<const std::string_view> words) {
  const Node* node = format_.find(member);
  if (node == nullptr) return 0;
  const auto found = std::find(words.begin(), words.end(), node->text);
  if (node->kind == Kind::kText && found != words.end()) return static_cast<std::size_t>(found - words.begin());
  fault(codes::kFormatValue, member, join(words));
  return 0;
}

bool FormatReader::flag(std::string_view member) {
  const Node* node = format_.find(member);
  if (node == nullptr) return false;
  if (node->kind != Kind::kBoolean) fault(codes::kFormatValue, member, "true / false");
  return node->text == "true";
}

Charset FormatReader::charset(Charset otherwise) {
  const std::string label = text("charset", name_of(otherwise));
  const auto found = charset_of(label);
  if (!found) fault(codes::kFormatValue, "charset", "UTF-8 / GB18030 / GBK / GB2312 / UTF-16 / ISO-8859-1 / US-ASCII");
  return found.value_or(otherwise);
}

Error FormatReader::take_error() {
  Error error = make_error(codes::kFormatLoad);
  error.faults = std::move(faults_);
  return error;
}

}  // namespace tongqu
