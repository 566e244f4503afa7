#pragma once
// What the line and the dead-letter topic say about a record, on its way to the connector's thread. Inside this folder
// only.
#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <string>
#include <utility>

#include "connectors/support/mailbox.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::kafka {

enum class Answer : std::uint8_t {
  kTaken,         // by the line
  kTurnedBack,    // by the line
  kLater,         // not now: the line is busy, or the dead-letter topic out of reach
  kDeadLettered,  // written there
  kBare,          // the dead-letter topic does not have it as it is, only without its value
};

using Place = std::pair<std::string, std::int32_t>;  // topic, partition

struct RecordAnswer {
  Place place;
  std::uint64_t generation = 0;
  std::int64_t offset = 0;
  Answer answer = Answer::kTaken;
  const ErrorCode* code = nullptr;  // why it was turned back
};
using Answers = Mailbox<RecordAnswer>;

// Events of `queue` ring; the reference to it is given up.
inline void wake_with(rd_kafka_queue_t* queue, const WakeUp& wake) {
  const std::uint64_t one = 1;
  rd_kafka_queue_io_event_enable(queue, wake.descriptor(), &one, sizeof one);
  rd_kafka_queue_destroy(queue);
}

}  // namespace tongqu::kafka
