// Heads of requests and answers, and chunked bodies. Held: nothing depends on the pieces the bytes arrive in; what was
// accepted holds none of the bytes that separate messages, and frames its body in one way only.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/net/chunk_decoder.hpp"
#include "gateway/net/request_head_check.hpp"
#include "gateway/net/response_head_check.hpp"

namespace {

using namespace tongqu::net;

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr HeadLimits kLimits{.max_header_bytes = 4096, .max_headers_count = 32};

HeadScanner::Outcome scan_in_pieces(std::string_view input, std::size_t cut) {
  HeadScanner scanner(kLimits);
  const auto first = scanner.scan(input.substr(0, cut));
  return first.end != 0 || first.refusal != nullptr ? first : scanner.scan(input);
}

void check_request(std::string_view head) {
  RequestHead out;
  if (check_request_head(head, kLimits, out) != nullptr) return;
  std::size_t hosts = 0, lengths = 0, codings = 0;
  for (const Field& field : out.fields) {
    require(is_token(field.name) && is_field_value(field.value));
    hosts += equal_ignoring_case(field.name, "host");
    lengths += equal_ignoring_case(field.name, "content-length");
    codings += equal_ignoring_case(field.name, "transfer-encoding");
  }
  require(hosts == 1 || (hosts == 0 && out.minor == 0));
  require(lengths + codings <= 1);
  require((out.framing == Framing::kChunked) == (codings == 1));
  require(out.framing != Framing::kLength || (lengths == 1 && out.content_length > 0));
  require(out.target.find_first_of(" \t\r\n#") == std::string_view::npos && is_token(out.method));
}

void check_chunks(std::string_view input, std::size_t cut) {
  constexpr ChunkLimits kChunks{.max_body_bytes = 1024, .max_extension_bytes = 64, .max_trailer_bytes = 128};
  std::string whole_body;
  std::string body;
  ChunkDecoder whole(kChunks);
  ChunkDecoder pieces(kChunks);
  const auto at_once = whole.feed(input, whole_body);
  auto step = pieces.feed(input.substr(0, cut), body);
  if (!step.done && step.refusal == nullptr) {
    require(step.consumed == cut);
    step = pieces.feed(input.substr(cut), body);
    step.consumed += cut;
  }
  require(step.done == at_once.done && step.refusal == at_once.refusal && step.consumed == at_once.consumed);
  require(body == whole_body && body.size() <= kChunks.max_body_bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = size == 0 ? 0 : data[size - 1] % (size + 1);
  HeadScanner scanner(kLimits);
  const auto found = scanner.scan(input);
  const auto in_pieces = scan_in_pieces(input, cut);
  require(found.end == in_pieces.end && found.refusal == in_pieces.refusal);
  const std::string_view head = found.end > 0 ? input.substr(0, found.end) : input;
  check_request(head);
  ResponseHead answer;
  (void)check_response_head(head, "GET", kLimits, answer);
  check_chunks(found.end > 0 ? input.substr(found.end) : input, found.end > 0 ? 0 : cut);
  return 0;
}
