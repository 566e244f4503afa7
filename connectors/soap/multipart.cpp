#include "connectors/soap/multipart.hpp"

#include <algorithm>
#include <optional>

#include "connectors/soap/soap_codes.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::soap {
namespace {

Error wrong(std::string what) { return make_error(codes::kSoapMultipart, std::move(what)); }

// One line without its end; `rest` moves behind it.
std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string without_brackets(std::string_view id) {
  id = trimmed(id);
  if (id.size() >= 2 && id.front() == '<' && id.back() == '>') id = id.substr(1, id.size() - 2);
  return std::string(id);
}

std::optional<std::string> from_base64_lines(std::string_view text) {
  std::string bare;
  bare.reserve(text.size());
  for (const char c : text) {
    if (c != '\r' && c != '\n' && c != ' ' && c != '\t') bare.push_back(c);
  }
  return from_base64(bare);
}

std::optional<std::string> from_quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (text.front() != '=') {
      out.push_back(text.front());
      text.remove_prefix(1);
    } else if (text.starts_with("=\r\n")) {
      text.remove_prefix(3);
    } else if (text.starts_with("=\n")) {
      text.remove_prefix(2);
    } else {
      const std::string_view digits = text.substr(1, 2);
      const auto byte = digits.size() == 2 ? from_hex(digits) : std::nullopt;
      if (!byte) return std::nullopt;
      out += *byte;
      text.remove_prefix(3);
    }
  }
  return out;
}

// Header lines up to the empty one; a line that begins with a blank continues the one before.
Result<Part> parse_part(std::string_view text) {
  Part part;
  std::string encoding;
  std::string line;
  std::size_t read = 0;
  const auto take_header = [&] {
    const auto colon = line.find(':');
    if (colon == std::string::npos) return;
    const std::string_view name = trimmed(std::string_view(line).substr(0, colon));
    const std::string_view value = trimmed(std::string_view(line).substr(colon + 1));
    if (equal_without_case(name, "content-type")) part.type = parse_media_type(value);
    if (equal_without_case(name, "content-id")) part.content_id = without_brackets(value);
    if (equal_without_case(name, "content-transfer-encoding")) encoding = parse_media_type(value).type;
  };
  while (true) {
    if (text.empty()) return wrong("headers without end");
    const std::string_view next = take_line(text);
    read += next.size();
    if (read > kMaxPartHeaderBytes) return wrong("headers too long");
    if (!next.empty() && (next.front() == ' ' || next.front() == '\t')) {
      line.append(next);
      continue;
    }
    take_header();
    if (next.empty()) break;
    line = next;
  }
  std::optional<std::string> body;
  if (encoding == "base64") {
    body = from_base64_lines(text);
  } else if (encoding == "quoted-printable") {
    body = from_quoted_printable(text);
  } else if (encoding.empty() || encoding == "7bit" || encoding == "8bit" || encoding == "binary") {
    body = std::string(text);
  }
  if (!body) return wrong("transfer encoding");
  part.body = std::move(*body);
  return part;
}

// The texts between the delimiters.
Result<std::vector<std::string_view>> split(std::string_view body, const std::string& boundary) {
  const std::string delimiter = "--" + boundary;
  std::vector<std::string_view> parts;
  std::size_t at = 0;
  std::size_t begin = std::string_view::npos;  // of the part that is open
  while (true) {
    at = body.find(delimiter, at);
    if (at == std::string_view::npos) return wrong("no closing delimiter");
    const bool line_start = at == 0 || body[at - 1] == '\n';
    std::string_view rest = body.substr(at + delimiter.size());
    const bool last = rest.starts_with("--");
    const std::size_t blank = std::min(rest.find_first_not_of(" \t"), rest.size());
    const bool line_end = last || rest.substr(blank).starts_with("\r\n") || rest.substr(blank).starts_with('\n');
    if (!line_start || !line_end) {
      at += delimiter.size();
      continue;
    }
    if (begin != std::string_view::npos) {
      std::size_t end = at - 1;  // the line end in front belongs to the delimiter
      if (end > begin && body[end - 1] == '\r') --end;
      parts.push_back(body.substr(begin, std::max(end, begin) - begin));
      if (parts.size() > kMaxParts) return wrong("too many parts");
    }
    if (last) return parts;
    begin = body.find('\n', at + delimiter.size()) + 1;
    at = begin - 1;
  }
}

}  // namespace

Result<Related> parse_related(const MediaType& media, std::string_view body) {
  const std::string boundary = media.parameter("boundary");
  if (boundary.empty() || boundary.size() > 70) return wrong("boundary");
  const auto texts = split(body, boundary);
  if (texts.has_error()) return texts.error();
  if (texts->empty()) return wrong("no part");
  const std::string start = without_brackets(media.parameter("start"));
  Related related;
  bool found = false;
  for (std::size_t i = 0; i < texts->size(); ++i) {
    auto part = parse_part((*texts)[i]);
    if (part.has_error()) return part.error();
    const bool is_root = !found && (start.empty() ? i == 0 : part->content_id == start);
    if (is_root) {
      related.root = std::move(*part);
      found = true;
    } else {
      related.others.push_back(std::move(*part));
    }
  }
  if (!found) return wrong("start");
  return related;
}

}  // namespace tongqu::soap
