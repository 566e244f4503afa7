#pragma once
// What travels along the line: one message with everything the steps learn about it. Owned by one step at a time.
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/attachments.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/document.hpp"
#include "gateway/core/store.hpp"
#include "gateway/core/view.hpp"
#include "gateway/pipeline/plan.hpp"

namespace tongqu {

// The bytes of one recipient, or why there are none.
struct RenderedMessage {
  const RecipientPlan* recipient = nullptr;
  std::unique_ptr<OutboundBytes> bytes;  // empty: `error` says why; becomes that recipient's dead letter
  Error error;
  std::vector<std::string> waiting = {};  // not empty: no bytes yet, because these fields wait for a named person
  bool released = false;                  // a named person released all of it: attachments as well
};

// An attachment of the sender that the record names.
struct NamedAttachment {
  AttachmentId id;
  std::string type;  // empty: it is still fetched, and nobody knows
};

struct Exchange {
  InboundMessage in;
  std::shared_ptr<const Plan> plan;
  const PartnerPlan* partner = nullptr;
  const InboundService* service = nullptr;
  ExchangeId id;
  std::string document_no;  // "<exchange>-<n>" of the message that replaces an earlier one; empty: nothing is replaced
  MatterNo matter;
  std::string operation;
  std::string dedup_key;
  Digest32 body_digest{};
  Document received;
  Document record;  // canonical
  std::vector<Fault> findings;
  std::vector<NamedAttachment> attachments;  // stored, or still fetched
  std::vector<NewTask> tasks;                // of the exchange as a whole: not empty = held
  const RoutePlan* route = nullptr;
  std::vector<const RecipientPlan*> recipients;
  std::vector<RenderedMessage> rendered;

  // Puts the exchange before a person, once per queue.
  void hold(TaskQueue queue, std::string reason);
  [[nodiscard]] bool held() const { return !tasks.empty(); }
};

}  // namespace tongqu
