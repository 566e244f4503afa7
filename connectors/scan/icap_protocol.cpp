#include "connectors/scan/icap_protocol.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "connectors/scan/scan_codes.hpp"

namespace tongqu::scan {
namespace {

constexpr std::string_view kLastChunk = "0\r\n\r\n";
constexpr std::size_t kMaxStatusLineBytes = 1024;
// Servers want a request that the answer belongs to; this one tells them nothing.
constexpr std::string_view kHttpRequest =
    "GET http://attachment.invalid/content HTTP/1.1\r\nHost: attachment.invalid\r\n\r\n";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}
std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}
std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, value);
  if (failed != std::errc{} || stop != end) return std::nullopt;
  return value;
}

bool has_item(std::string_view list, std::string_view item) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (trimmed(list.substr(0, comma)) == item) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

// "<protocol>/1.x 204 words" → 204; nothing else than three digits is a status.
std::optional<int> status_of(std::string_view line, std::string_view protocol) {
  if (!line.starts_with(protocol)) return std::nullopt;
  line.remove_prefix(protocol.size());
  if (line.size() < 5 || !is_digit(line[0]) || line[1] != ' ') return std::nullopt;
  const std::string_view digits = line.substr(2, 3);
  if (!std::all_of(digits.begin(), digits.end(), is_digit) || (line.size() > 5 && line[5] != ' ')) return std::nullopt;
  return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
}

struct Field {
  std::string name;
  std::string value;
};

// Lines of a head, the status line first as a field without name; nothing when they are not fields.
std::optional<std::vector<Field>> fields_of(std::string_view text) {
  std::vector<Field> fields;
  while (true) {
    const auto end = text.find("\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 2);
    if (line.empty()) break;
    if (std::any_of(line.begin(), line.end(), [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 127; }))
      return std::nullopt;
    if (fields.empty()) {
      fields.push_back({{}, std::string(line)});
    } else if (line.front() == ' ' || line.front() == '\t') {
      if (fields.size() == 1) return std::nullopt;
      fields.back().value.append(" ").append(trimmed(line));
    } else {
      const auto colon = line.find(':');
      if (colon == 0 || colon == std::string_view::npos || line.substr(0, colon).find_first_of(" \t") < colon)
        return std::nullopt;
      fields.push_back({lower(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
    }
  }
  if (!text.empty() || fields.empty()) return std::nullopt;
  return fields;
}

}  // namespace

std::optional<IcapService> parse_icap_service(std::string_view text) {
  constexpr std::string_view kScheme = "icap://";
  if (!text.starts_with(kScheme)) return std::nullopt;
  text.remove_prefix(kScheme.size());
  const auto slash = text.find('/');
  if (slash == 0 || slash == std::string_view::npos || slash + 1 == text.size()) return std::nullopt;
  if (std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c >= 127 || c == '#' || c == '@'; }))
    return std::nullopt;
  IcapService service;
  service.authority = text.substr(0, slash);
  const auto bracket = service.authority.rfind(']');
  const auto colon = service.authority.rfind(':');
  if (colon == std::string::npos || (bracket != std::string::npos && colon < bracket)) service.authority += ":1344";
  service.url = std::string(kScheme) + service.authority + std::string(text.substr(slash));
  return service;
}

std::optional<IcapHead> parse_icap_head(std::string_view text) {
  const auto fields = fields_of(text);
  if (!fields) return std::nullopt;
  const auto status = status_of(fields->front().value, "ICAP/1.");
  if (!status) return std::nullopt;
  IcapHead head;
  head.status = *status;
  std::vector<std::string_view> seen;
  for (std::size_t i = 1; i < fields->size(); ++i) {
    const auto& [name, value] = (*fields)[i];
    // Any of these decides; two of one kind could be read in two ways.
    if (name == "istag" || name == "preview" || name == "encapsulated") {
      if (std::find(seen.begin(), seen.end(), name) != seen.end()) return std::nullopt;
      seen.push_back(name);
    }
    if (name == "istag") head.istag = value;
    if (name == "methods") head.offers_respmod |= has_item(value, "RESPMOD");
    if (name == "allow") head.allows_204 |= has_item(value, "204");
    if (name == "x-infection-found" || name == "x-virus-id") head.infected |= !value.empty();
    if (name == "encapsulated") head.has_http_head = value == "res-hdr=0" || value.starts_with("res-hdr=0,");
    if (name == "preview") {
      head.preview_bytes = number(value);
      if (!head.preview_bytes) return std::nullopt;
    }
  }
  return head;
}

std::string icap_chunk(std::string_view bytes) {
  char size[16];
  const auto [end, failed] = std::to_chars(size, size + sizeof size, bytes.size(), 16);
  std::string chunk(size, end);
  return chunk.append("\r\n").append(bytes).append("\r\n");
}

IcapConversation::IcapConversation(IcapService service, std::string type, std::uint64_t size_bytes)
    : service_(std::move(service)),
      type_(std::move(type)),
      size_bytes_(size_bytes),
      verdict_(make_error(codes::kScanAnswer)) {}

IcapStep IcapConversation::next() const {
  switch (phase_) {
    case Phase::kConnectForOptions:
    case Phase::kConnect: return {.kind = IcapStep::kConnect};
    case Phase::kOptions:
      return {.kind = IcapStep::kSend,
              .bytes = "OPTIONS " + service_.url + " ICAP/1.0\r\nHost: " + service_.authority +
                       "\r\nConnection: close\r\nEncapsulated: null-body=0\r\n\r\n"};
    case Phase::kHead: return {.kind = IcapStep::kSend, .bytes = request_head()};
    case Phase::kPreview:
      return {.kind = IcapStep::kContent, .offset_bytes = sent_bytes_, .limit_bytes = preview_bytes_ - sent_bytes_};
    case Phase::kRest:
      return {.kind = IcapStep::kContent, .offset_bytes = sent_bytes_, .limit_bytes = size_bytes_ - sent_bytes_};
    case Phase::kPreviewEnd:
    case Phase::kRestEnd: return {.kind = IcapStep::kSend, .bytes = std::string(kLastChunk)};
    case Phase::kOptionsAnswer:
    case Phase::kPreviewAnswer:
    case Phase::kAnswer: return {.kind = IcapStep::kReceive};
    case Phase::kDone: break;
  }
  return {};
}

std::string IcapConversation::request_head() const {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Type: " + type_ + "\r\nContent-Length: " + std::to_string(size_bytes_) + "\r\n\r\n";
  std::string head = "RESPMOD " + service_.url + " ICAP/1.0\r\nHost: " + service_.authority +
                     "\r\nConnection: close\r\nAllow: 204\r\n";
  if (with_preview_) head += "Preview: " + std::to_string(preview_bytes_) + "\r\n";
  head += "Encapsulated: req-hdr=0, res-hdr=" + std::to_string(kHttpRequest.size()) +
          ", res-body=" + std::to_string(kHttpRequest.size() + answer.size()) + "\r\n\r\n";
  return head.append(kHttpRequest).append(answer);
}

void IcapConversation::done(std::uint64_t bytes) {
  switch (phase_) {
    case Phase::kConnectForOptions: phase_ = Phase::kOptions; break;
    case Phase::kOptions: phase_ = Phase::kOptionsAnswer; break;
    case Phase::kConnect: phase_ = Phase::kHead; break;
    case Phase::kHead:
      phase_ = with_preview_ ? Phase::kPreview : Phase::kRest;
      content_sent(0);
      break;
    case Phase::kPreview:
    case Phase::kRest: content_sent(bytes); break;
    case Phase::kPreviewEnd: phase_ = Phase::kPreviewAnswer; break;
    case Phase::kRestEnd:
      whole_ = true;
      phase_ = Phase::kAnswer;
      break;
    default: break;
  }
}

void IcapConversation::content_sent(std::uint64_t bytes) {
  sent_bytes_ += bytes;
  if (phase_ == Phase::kPreview && sent_bytes_ >= preview_bytes_) phase_ = Phase::kPreviewEnd;
  if (phase_ == Phase::kRest && sent_bytes_ >= size_bytes_) phase_ = Phase::kRestEnd;
}

void IcapConversation::cut() { phase_ = phase_ <= Phase::kOptions ? Phase::kOptionsAnswer : Phase::kAnswer; }

void IcapConversation::failed() { finish(make_error(codes::kScanUnreachable)); }

void IcapConversation::received(std::string_view bytes) {
  if (bytes.empty()) return finish(make_error(buffer_.empty() ? codes::kScanUnreachable : codes::kScanAnswer));
  buffer_ += bytes;
  if (awaits_http_) return judge_http(buffer_);
  const auto end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (buffer_.size() > kMaxIcapHeadBytes) finish(make_error(codes::kScanAnswer));
    return;
  }
  const auto head = parse_icap_head(std::string_view(buffer_).substr(0, end + 4));
  if (!head || end + 4 > kMaxIcapHeadBytes) return finish(make_error(codes::kScanAnswer));
  buffer_.erase(0, end + 4);
  take_head(*head);
}

void IcapConversation::take_head(const IcapHead& head) {
  if (phase_ == Phase::kOptionsAnswer) return take_options(head);
  if (phase_ != Phase::kPreviewAnswer || head.status != 100) return judge(head);
  phase_ = Phase::kRest;
  // More than "go on" before the rest was sent is an answer to something it has not seen.
  if (!buffer_.empty()) finish(make_error(codes::kScanAnswer));
}

void IcapConversation::take_options(const IcapHead& head) {
  buffer_.clear();
  if (head.status != 200 || head.istag.empty() || !head.offers_respmod || !head.allows_204)
    return finish(make_error(codes::kScanIcapService));
  with_preview_ = head.preview_bytes.has_value() && size_bytes_ > 0;
  if (with_preview_) preview_bytes_ = std::min({*head.preview_bytes, kMaxPreviewBytes, size_bytes_ - 1});
  phase_ = Phase::kConnect;
}

void IcapConversation::judge(const IcapHead& head) {
  if (head.status == 503) return finish(make_error(codes::kScanUnreachable));
  if (head.status == 200 && head.infected) return finish(ScanVerdict::kInfected);
  if (head.istag.empty()) return finish(make_error(codes::kScanAnswer));
  if (head.status == 204 && !head.infected) {
    if (!whole_) return finish(make_error(codes::kScanNotRead));
    return finish(ScanVerdict::kClean);
  }
  if (head.status != 200 || !head.has_http_head) return finish(make_error(codes::kScanAnswer));
  phase_ = Phase::kAnswer;
  awaits_http_ = true;
  if (!buffer_.empty()) judge_http(buffer_);
}

// The content came back, or something in its place. A refusal in its place is the verdict of servers that do not name
// what they found; the content, or a page that may be anything, is none.
void IcapConversation::judge_http(std::string_view status_line) {
  const auto end = status_line.find("\r\n");
  if (end == std::string_view::npos) {
    if (status_line.size() > kMaxStatusLineBytes) finish(make_error(codes::kScanAnswer));
    return;
  }
  const auto status = status_of(status_line.substr(0, end), "HTTP/1.");
  if (status && *status >= 400 && *status < 500) return finish(ScanVerdict::kInfected);
  finish(make_error(codes::kScanAnswer));
}

void IcapConversation::finish(Result<ScanVerdict> verdict) {
  phase_ = Phase::kDone;
  verdict_ = std::move(verdict);
}

Result<ScanVerdict> IcapConversation::verdict() const { return verdict_; }

}  // namespace tongqu::scan
