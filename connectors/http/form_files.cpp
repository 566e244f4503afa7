#include "connectors/http/form_files.hpp"

#include "connectors/http/http_codes.hpp"
#include "gateway/core/jcs.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

void append_file(std::string& out, const FormPart& file) {
  out += '{';
  if (!file.file_name.empty()) {
    out += "\"name\":";
    append_json_string(out, file.file_name);
    out += ',';
  }
  out += "\"type\":";
  append_json_string(out, file.content_type.empty() ? "application/octet-stream" : file.content_type);
  out += ",\"content\":\"" + to_base64(file.body) + "\"}";
}

}  // namespace

Result<std::string> document_with_files(std::string_view document, std::string_view member,
                                        const std::vector<FormPart>& files) {
  if (files.empty()) return std::string(document);
  const std::string_view object = trimmed(document);
  if (object.size() < 2 || object.front() != '{' || object.back() != '}') return make_error(codes::kFilesDocument);
  const bool empty = trimmed(object.substr(1, object.size() - 2)).empty();
  std::string out(object.substr(0, object.size() - 1));
  out += empty ? "\"" : ",\"";
  out.append(member).append("\":[");
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (i > 0) out += ',';
    append_file(out, files[i]);
  }
  return out += "]}";
}

}  // namespace tongqu
