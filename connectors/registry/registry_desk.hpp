#pragma once
// The local base as a partner: messages are stored in it, questions are answered from it, both on a thread of its own,
// because the disk may take its time. Messages that wait together share a commit.
//
//   stored, or a later record is there          delivered
//   no record, or nothing to find it by         refused (registry.record)
//   the base is full                            retry (registry.full)
//   the disk does not take it                   retry
#include <deque>
#include <memory>
#include <thread>

#include "connectors/registry/record_rules.hpp"
#include "gateway/core/clock.hpp"

namespace tongqu::registry {

struct DeskOptions {
  PartnerId base;
  RecordRules rules;
  ReferenceLimits limits;
  std::int64_t full_retry_ms = 60'000;  // a full base is asked again after that
};

class RegistryDesk final : public OutboundConnector, public QueryConnector {
 public:
  // `store`, `json` and `clock` outlive the desk.
  RegistryDesk(DeskOptions options, ReferenceStore& store, const Codec& json, const Clock& clock);
  RegistryDesk(const RegistryDesk&) = delete;
  RegistryDesk& operator=(const RegistryDesk&) = delete;
  // What waits is answered with registry.stopped; what is being committed, with its outcome.
  ~RegistryDesk() override;
  void deliver(OutboundMessage message, std::int64_t timeout_ms, OutboundConnector::Done done) override;
  void ask(OutboundMessage question, std::int64_t timeout_ms, QueryConnector::Done done) override;

 private:
  struct Work;
  // Shared with the thread: the last answer may be what lets go of the desk, on that very thread.
  std::shared_ptr<Work> work_;
  std::thread thread_;
};

}  // namespace tongqu::registry
