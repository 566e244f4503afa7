#include "connectors/kafka/dead_letters.hpp"

#include "connectors/kafka/record_reader.hpp"

namespace tongqu::kafka {
namespace {

struct Ticket {
  std::shared_ptr<Answers> answers;
  Answers::One one;
};

Answer answer_of(rd_kafka_resp_err_t error) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return Answer::kDeadLettered;
  return is_refusal(error) ? Answer::kBare : Answer::kLater;
}

void report(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  const std::unique_ptr<Ticket> ticket(static_cast<Ticket*>(message->_private));
  ticket->one.answer = answer_of(message->err);
  ticket->answers->add(std::move(ticket->one));
}

}  // namespace

DeadLetters::DeadLetters(Client client, std::shared_ptr<Answers> answers)
    : answers_(std::move(answers)), client_(std::move(client)) {}

Result<std::unique_ptr<DeadLetters>> DeadLetters::create(const ClientOptions& client,
                                                         std::shared_ptr<Answers> answers) {
  auto conf = make_conf(client, {{"acks", "all"},
                                 {"message.timeout.ms", "10000"},
                                 {"message.max.bytes", "10000000"},
                                 {"allow.auto.create.topics", "false"}});
  if (conf.has_error()) return conf.error();
  rd_kafka_conf_set_dr_msg_cb(conf->get(), report);
  auto made = make_client(RD_KAFKA_PRODUCER, std::move(*conf));
  if (made.has_error()) return made.error();
  wake_with(rd_kafka_queue_get_main(made->get()), answers->wake);
  return std::unique_ptr<DeadLetters>(new DeadLetters(std::move(*made), std::move(answers)));
}

DeadLetters::~DeadLetters() { purge(client_.get()); }

void DeadLetters::write(const std::string& topic, const std::string& key, EventRecord original, Answers::One one) {
  original.headers.emplace_back("tongqu-error", one.code->id);
  original.headers.emplace_back("tongqu-origin", place_of(one.place.first, one.place.second, one.offset));
  auto ticket = std::make_unique<Ticket>(Ticket{answers_, std::move(one)});
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  if (produce(client_.get(), topic, key, original, ticket.get(), error)) {
    [[maybe_unused]] Ticket* const given = ticket.release();  // the report takes it
    return;
  }
  ticket->one.answer = answer_of(error);
  answers_->add(std::move(ticket->one));
}

void DeadLetters::poll() { rd_kafka_poll(client_.get(), 0); }

}  // namespace tongqu::kafka
