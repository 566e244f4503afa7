#pragma once
// CloudEvents 1.0 ↔ Kafka records, without I/O: CloudEvents JSON Event Format 1.0 (structured mode) and Kafka Protocol
// Binding 1.0 (both modes). Reads both, writes either.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/core/codec.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::kafka {

using RecordHeaders = std::vector<std::pair<std::string, std::string>>;  // in order; names may repeat

struct CloudEvent {
  std::string id;
  std::string source;
  std::string type;
  std::string subject;            // may be empty
  std::string data_content_type;  // media type with its parameters; empty = JSON
  std::string data;               // bytes
};

struct EventRecord {
  RecordHeaders headers;
  std::string body;
};

enum class ContentMode : std::uint8_t { kStructured, kBinary };

// Longest id, source, type or subject that is read.
inline constexpr std::size_t kMaxAttributeBytes = 1024;

// The event of a record. Structured: header content-type begins with application/cloudevents (+json only; batches are
// turned back); binary: header ce_specversion. Attributes that are not needed here are checked for their names and
// passed over. Data of structured events come out as JSON bytes, texts or decoded base64, as datacontenttype says.
// Fails with cloudevents.form, -.version, -.attribute (names the attribute), -.data, or the codec's codes.
[[nodiscard]] Result<CloudEvent> read_event(const RecordHeaders& headers, std::string_view body, const Codec& json,
                                            const DecodeLimits& limits);

// The record of an event. Structured with JSON data: embedded as JSON (and it has to be JSON); other data: a text where
// it is UTF-8 and the content type is text or XML, else base64. Fails with the codec's codes.
[[nodiscard]] Result<EventRecord> write_event(const CloudEvent& event, ContentMode mode, const Codec& json,
                                              const DecodeLimits& limits);

}  // namespace tongqu::kafka
