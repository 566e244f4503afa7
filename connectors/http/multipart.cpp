#include "connectors/http/multipart.hpp"

#include <algorithm>
#include <optional>

#include "connectors/http/http_codes.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxBoundaryBytes = 70;
constexpr std::size_t kMaxFileNameBytes = 255;
constexpr std::string_view kBoundaryMarks = "'()+_,-./:=? ";

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The value of a parameter behind the first ";"; empty when it is absent, given twice or badly quoted.
struct Parameter {
  bool present = false;
  bool sound = true;
  std::string value;
};

// One `name=value` or `name="value"` off the front of `rest`.
bool take_parameter(std::string_view& rest, std::string& name, std::string& value) {
  const auto equals = rest.find('=');
  if (equals == std::string_view::npos) return false;
  name = lower(trim(rest.substr(0, equals)));
  rest.remove_prefix(equals + 1);
  value.clear();
  if (rest.starts_with('"')) {
    std::size_t at = 1;
    for (; at < rest.size() && rest[at] != '"'; ++at) {
      if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
      value.push_back(rest[at]);
    }
    if (at >= rest.size()) return false;
    rest = trim(rest.substr(at + 1));
    if (!rest.empty() && !rest.starts_with(';')) return false;
  } else {
    const auto end = rest.find(';');
    value = trim(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  }
  return true;
}

Parameter parameter(std::string_view header, std::string_view wanted) {
  Parameter found;
  std::string_view rest = header;
  const auto first = rest.find(';');
  rest = first == std::string_view::npos ? std::string_view() : rest.substr(first);
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the semicolon
    std::string name;
    std::string value;
    if (trim(rest).empty()) break;
    if (!take_parameter(rest, name, value)) return {found.present, false, {}};
    if (name != wanted) continue;
    if (found.present) return {true, false, {}};
    found = {true, true, std::move(value)};
  }
  return found;
}

bool is_boundary(std::string_view text) {
  return !text.empty() && text.size() <= kMaxBoundaryBytes && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  kBoundaryMarks.find(c) != std::string_view::npos;
         });
}

// Some clients send the whole path.
std::string usable_name(std::string_view name) {
  name.remove_prefix(name.find_last_of("/\\") + 1);  // npos + 1 = 0
  const bool control = std::any_of(name.begin(), name.end(), [](char c) { return (c >= 0 && c < ' ') || c == 127; });
  return control || name.size() > kMaxFileNameBytes || !is_utf8(name) ? std::string() : std::string(name);
}

Error bad(std::string what) { return make_error(codes::kMultipart, std::move(what)); }

Status read_header(std::string_view line, FormPart& part, bool& disposed) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || line.front() == ' ' || line.front() == '\t')
    return bad("header of a part");
  const std::string name = lower(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  if (name == "content-type") {
    if (!part.content_type.empty()) return bad("Content-Type twice");
    part.content_type = media_type(value);
  } else if (name == "content-transfer-encoding") {
    const std::string coding = lower(value);
    if (coding != "binary" && coding != "8bit" && coding != "7bit") return bad("Content-Transfer-Encoding");
  } else if (name == "content-disposition") {
    const Parameter field = parameter(value, "name");
    const Parameter file = parameter(value, "filename");
    const Parameter encoded_file = parameter(value, "filename*");
    if (disposed || media_type(value) != "form-data" || !field.sound || !file.sound || !encoded_file.sound)
      return bad("Content-Disposition");
    disposed = true;
    part.name = field.value;
    part.is_file = file.present || encoded_file.present;
    part.file_name = usable_name(file.value);
  }
  return {};
}

// Head of a part off the front of `rest`, with its empty line.
Status read_head(std::string_view& rest, FormPart& part) {
  bool disposed = false;
  std::size_t used = 0;
  while (true) {
    const auto end = rest.find(kLineEnd);
    if (end == std::string_view::npos) return bad("head of a part without end");
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + kLineEnd.size());
    used += end + kLineEnd.size();
    if (used > kMaxPartHeadBytes) return bad("head of a part above 4096 bytes");
    if (line.empty()) break;
    if (auto status = read_header(line, part, disposed); status.has_error()) return status;
  }
  return disposed ? Status() : Status(bad("part without Content-Disposition"));
}

}  // namespace

Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body) {
  const Parameter boundary = parameter(content_type, "boundary");
  if (!boundary.present || !boundary.sound || !is_boundary(boundary.value)) return bad("boundary");
  const std::string delimiter = "--" + boundary.value;
  const std::string next = std::string(kLineEnd) + delimiter;
  if (!body.starts_with(delimiter)) return bad("it does not begin with the boundary");
  std::string_view rest = body.substr(delimiter.size());
  std::vector<FormPart> parts;
  while (!rest.starts_with("--")) {
    if (!rest.starts_with(kLineEnd)) return bad("bytes behind a boundary");
    rest.remove_prefix(kLineEnd.size());
    if (parts.size() == kMaxParts) return bad("more than 16 parts");
    FormPart part;
    if (auto status = read_head(rest, part); status.has_error()) return status.error();
    const auto end = rest.find(next);
    if (end == std::string_view::npos) return bad("part without end");
    part.body = rest.substr(0, end);
    rest.remove_prefix(end + next.size());
    parts.push_back(std::move(part));
  }
  rest.remove_prefix(2);
  if (!rest.empty() && rest != kLineEnd) return bad("bytes behind the last boundary");
  return parts;
}

Result<std::size_t> document_part(const std::vector<FormPart>& parts) {
  std::optional<std::size_t> named;
  std::optional<std::size_t> plain;
  bool several_plain = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].name == "document") {
      if (named) return make_error(codes::kMultipartDocument);
      named = i;
    } else if (!parts[i].is_file) {
      several_plain = plain.has_value();
      plain = i;
    }
  }
  if (named) return *named;
  if (!plain || several_plain) return make_error(codes::kMultipartDocument);
  return *plain;
}

}  // namespace tongqu
