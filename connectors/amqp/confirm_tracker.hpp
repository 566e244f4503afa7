#pragma once
// Publisher confirms of one channel, without I/O: which publish became what.
//
// RabbitMQ's extension of AMQP 0-9-1 ("confirm.select"): publishes of a channel are numbered from 1, the broker answers
// each with basic.ack or basic.nack, one or many at a time. A mandatory message that no queue takes comes back as
// basic.return *before* its ack, so an ack alone does not say delivered.
#include <cstdint>
#include <map>
#include <vector>

#include "gateway/core/connector.hpp"

namespace tongqu::amqp {

// One publish that has its answer. `token` is the caller's.
struct Settled {
  std::uint64_t token = 0;
  DeliveryOutcome outcome;
};

// Not thread-safe. Every token comes out exactly once: by ack, nack, time or loss.
class ConfirmTracker {
 public:
  // The next publish gets the returned number; `token` waits for its confirm until `deadline_ms`.
  [[nodiscard]] std::uint64_t published(std::uint64_t token, std::int64_t deadline_ms);

  // basic.return of the publish `number` (it travels in a header of our own). Unknown numbers are ignored: the publish
  // may have been given up.
  void returned(std::uint64_t number, std::uint16_t reply_code);

  // basic.ack, basic.nack. `multiple`: all up to `number`; number 0 with it: all. False when the broker confirms what
  // was never published: the channel is out of step and has to go.
  [[nodiscard]] bool confirmed(std::uint64_t number, bool multiple, bool positive, std::vector<Settled>& out);

  // Publishes without a confirm at `now_ms`: effect unknown. True when one of them is behind the last confirm: the
  // broker confirmed nothing any more for the whole time, and the channel should not be relied upon.
  bool expire(std::int64_t now_ms, std::vector<Settled>& out);

  // The channel is gone and numbering begins anew. What waits has an unknown effect – but for one case: `reply_code` of
  // the broker's channel.close tells why it refused, and a single open publish was it (0 = connection lost).
  void lost(std::uint16_t reply_code, std::vector<Settled>& out);

  [[nodiscard]] std::size_t open() const { return open_.size(); }
  // Earliest deadline of what is open; -1 when nothing is.
  [[nodiscard]] std::int64_t next_deadline_ms() const;

 private:
  struct Publish {
    std::uint64_t token = 0;
    std::int64_t deadline_ms = 0;
    std::uint16_t return_code = 0;
  };
  static Settled settle(const Publish& publish, bool positive);

  std::map<std::uint64_t, Publish> open_;  // by number
  std::uint64_t last_ = 0;                 // given out
  std::uint64_t confirmed_ = 0;            // highest with an answer of the broker
};

}  // namespace tongqu::amqp
