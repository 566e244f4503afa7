#pragma once
// Writes what was turned back to the dead-letter topics of an inbound connector. Inside this folder only.
#include <memory>
#include <string>

#include "connectors/kafka/kafka_answers.hpp"
#include "connectors/kafka/kafka_client.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::kafka {

// Not thread-safe. The producer is not idempotent: a record that is there twice does no harm, and such a producer has
// no sequence to lose, so it never stops for good.
class DeadLetters {
 public:
  // Answers go to `answers` from poll(). Fails with kafka.setting.
  [[nodiscard]] static Result<std::unique_ptr<DeadLetters>> create(const ClientOptions& client,
                                                                   std::shared_ptr<Answers> answers);
  // What is open is answered with kLater.
  ~DeadLetters();
  DeadLetters(const DeadLetters&) = delete;
  DeadLetters& operator=(const DeadLetters&) = delete;

  // Writes `original` with the headers tongqu-error (id of one.code, which is not null) and tongqu-origin. Exactly one
  // answer comes, with one's place, generation, offset and code: kDeadLettered when the brokers have written it, kBare
  // when they will not have it as it is, else kLater.
  void write(const std::string& topic, const std::string& key, EventRecord original, Answers::One one);
  void poll();

 private:
  DeadLetters(Client client, std::shared_ptr<Answers> answers);
  const std::shared_ptr<Answers> answers_;
  const Client client_;
};

}  // namespace tongqu::kafka
