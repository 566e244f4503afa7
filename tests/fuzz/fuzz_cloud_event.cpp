// A record as text: header lines "name: value", an empty line, the body. Whatever reads as an event is written in both
// modes and reads back to the same.
#include <cstdint>
#include <cstdlib>

#include "connectors/kafka/cloud_event.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace {

using namespace tongqu;  // NOLINT: one function in one file

bool same(const kafka::CloudEvent& a, const kafka::CloudEvent& b) {
  return a.id == b.id && a.source == b.source && a.type == b.type && a.subject == b.subject &&
         a.data_content_type == b.data_content_type && a.data == b.data;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  kafka::RecordHeaders headers;
  while (!rest.empty() && headers.size() < 50) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (line.empty()) break;
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  const JsonCodec json;
  const auto event = kafka::read_event(headers, rest, json, {});
  if (event.has_error()) {
    static_cast<void>(event.error().text(Lang::kEnglish));
    return 0;
  }
  if (event->id.empty() || event->source.empty() || event->type.empty()) std::abort();
  const auto binary = kafka::write_event(*event, kafka::ContentMode::kBinary, json, {});
  if (binary.has_error()) std::abort();
  const auto again = kafka::read_event(binary->headers, binary->body, json, {});
  if (again.has_error() || !same(*event, *again)) std::abort();
  DecodeLimits wide;
  wide.max_bytes *= 8;
  wide.max_nodes *= 2;
  wide.max_depth *= 2;
  const auto structured = kafka::write_event(*event, kafka::ContentMode::kStructured, json, wide);
  if (structured.has_error()) return 0;  // binary data that says to be JSON and is not
  const auto back = kafka::read_event(structured->headers, structured->body, json, wide);
  if (back.has_error() || back->id != event->id || back->source != event->source || back->type != event->type)
    std::abort();
  return 0;
}
