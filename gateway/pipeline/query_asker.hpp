#pragma once
// One asker of a query, from its admitted request to its note in the audit log.
#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "gateway/core/query.hpp"
#include "gateway/core/store.hpp"
#include "gateway/pipeline/query_steps.hpp"

namespace tongqu {

// What the steps learn of a request, made anew whenever it is needed.
[[nodiscard]] Exchange start_question(const std::shared_ptr<const Plan>& plan, InboundMessage in);

// Holds its documents while it may lead, its request only while it waits. Used by one thread at a time, except done().
class QueryAsker final : public WaitingAsker, public std::enable_shared_from_this<QueryAsker> {
 public:
  // `exchange` was admitted; an exchange without route is one whose request was not read. References outlive this.
  QueryAsker(const LineTools& tools, Store& store, std::unique_ptr<Exchange> exchange, std::vector<PersonMark> persons,
             QueryDesk::Done done);

  void park() override;
  void lead(Led done) override;
  [[nodiscard]] const ExchangeId& exchange() const override { return id_; }
  // For an asker that waited for no call and so never leads: what it came with goes here, on the thread that made it.
  void forget_request();

  // The note of this asker's answer, closing the question that brought it if that is open.
  [[nodiscard]] QueryNote answered(const ShownAnswer& shown, AnswerOrigin origin, const SharedAnswer& answer) const;

  const InboundService& service() const { return *service_; }
  const PartnerId& partner() const { return partner_->id; }
  const std::string& audience() const { return audience_; }  // all who ask this service for this partner
  const std::string& source() const { return source_; }
  std::int64_t started_ms() const { return started_ms_; }
  const QueryDesk::Done& done() const { return done_; }

 private:
  [[nodiscard]] QueryNote base(QueryNote::Kind kind, std::string ledger, const Digest32& ledger_digest) const;
  void describe(AuditEntryBuilder& entry) const;
  [[nodiscard]] std::pair<QueryNote, OutboundMessage> asked(const Exchange& exchange) const;

  const LineTools& tools_;
  Store& store_;
  const std::shared_ptr<const Plan> plan_;  // second owner: keeps what the pointers below point to
  const PartnerPlan* const partner_;
  const InboundService* const service_;
  const std::string audience_;
  const ExchangeId id_;
  const Identity identity_;
  const std::string source_;
  const std::int64_t started_ms_;
  const std::vector<PersonMark> persons_;  // of the question
  const QueryDesk::Done done_;
  std::unique_ptr<Exchange> exchange_;
  InboundMessage in_;
  std::atomic<bool> nonce_used_ = false;
};

}  // namespace tongqu
