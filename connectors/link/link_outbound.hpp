#pragma once
// Messages leave in bundles. On a thread of its own; deliver() only queues.
//
// A message is delivered when the other gateway's answer says that it stored it there. As that takes minutes or days,
// an attempt whose time is over while the message is in a bundle ends as `pending`: no failure, and asked again after
// `ask_again_ms`. A message comes again under the same id: in an open bundle it joins that bundle; answered, it gets
// the answer; only after a refusal was passed on does it go again. Nothing is ever `no answer`.
#include <filesystem>
#include <map>
#include <memory>

#include "connectors/link/send_desk.hpp"
#include "connectors/support/arrivals.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu::link {

struct OutboundOptions {
  LinkRules rules;
  SendRules send;
  std::size_t max_messages = 500;  // of a bundle
  std::int64_t max_delay_ms = 5'000;
  std::int64_t poll_ms = 5'000;  // between two looks for answers
  std::int64_t ask_again_ms = 60'000;
  std::int64_t retry_first_ms = 500;  // after a failure of a folder
  std::int64_t retry_max_ms = 60'000;
  std::filesystem::path state;
};

// What the connector owns beside its options.
struct LinkParts {
  std::unique_ptr<file::FileSystem> out;
  std::unique_ptr<file::FileSystem> in;
  std::unique_ptr<file::FileSystem> state;
  std::unique_ptr<Signer> own;
  std::unique_ptr<Verifier> peer;
};

class LinkOutbound final : public OutboundConnector {
 public:
  // `suite` and `clock` outlive the connector. The thread starts with the first message.
  LinkOutbound(OutboundOptions options, LinkParts parts, const Suite& suite, const Clock& clock);
  LinkOutbound(const LinkOutbound&) = delete;
  LinkOutbound& operator=(const LinkOutbound&) = delete;
  // Everything that waits is given back: pending when it is in a bundle, else retry.
  ~LinkOutbound() override;
  void deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) override;

 private:
  using Arrived = file::Arrivals::Arrived;
  using Waiter = file::Arrivals::Waiter;
  void run();
  [[nodiscard]] bool open_state();
  void work();
  void take_arrived();
  void take(Arrived arrived);
  [[nodiscard]] bool due() const;
  [[nodiscard]] Status close_bundle();
  [[nodiscard]] Status collect();
  void settle_answered();
  void failed(const Error& error);
  void expire();
  void finish(const std::string& message_id, DeliveryOutcome outcome);
  void pass_on(const std::string& message_id, const Answer& answer);
  void give_back(const std::string& message_id, const ErrorCode* code);
  [[nodiscard]] bool wait();

  OutboundOptions options_;
  LinkParts parts_;
  const Clock& clock_;
  SendDesk desk_;
  std::map<std::string, Waiter> waiters_;  // by message id
  std::vector<Entry> gathered_;
  std::size_t gathered_bytes_ = 0;
  std::int64_t gathered_since_ms_ = 0;  // steady
  bool loaded_ = false;
  std::int64_t not_before_ms_ = 0;
  std::int64_t backoff_ms_ = 0;
  std::int64_t look_at_ms_ = 0;
  const ErrorCode* last_code_ = nullptr;
  file::Arrivals arrivals_{[this] { run(); }};  // last: its thread uses all of the above
};

}  // namespace tongqu::link
