#pragma once
// A record of a topic → a message for the line, without I/O.
#include <string>

#include "connectors/kafka/kafka_inbound.hpp"

namespace tongqu::kafka {

struct RawRecord {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string key;
  RecordHeaders headers;
  std::string_view value;
};

// Never fails: what cannot be read comes out as poison with its code.
[[nodiscard]] Taken read_record(const InboundOptions& options, const TopicOptions& topic, RawRecord raw,
                                const Suite& suite, const Codec& json, Instant now);

// "topic/partition/offset"
[[nodiscard]] std::string place_of(const std::string& topic, std::int32_t partition, std::int64_t offset);

}  // namespace tongqu::kafka
