#pragma once
// The outbox of a store in memory, with what delivery uses of the contract: heads, settling, acts on rows, pauses. The
// other operations answer gateway.unavailable. It writes down every breach of the contract by its user.
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "gateway/core/store.hpp"

namespace tongqu::test {

// Thread-safe.
class FakeStore : public Store {
 public:
  // ---- what a test arranges
  // Adds a queued row; `row.seq`, `head` and `state` are the store's.
  void add(OutboxRow row);
  // While held, settlements wait until release(); `release` commits what waits, in order.
  void hold_settlements(bool held);
  void release();
  // The next `count` settlements fail with `code` and change nothing.
  void fail_settlements(std::size_t count, const ErrorCode& code);
  // The next `count` reads fail with gateway.unavailable.
  void fail_reads(std::size_t count);
  // Called after every committed settlement, without locks held.
  std::function<void(const Settlement&)> committed;

  // ---- what a test asks
  [[nodiscard]] OutboxRow row(const std::string& message_id) const;
  [[nodiscard]] std::size_t count(OutboxState state) const;
  [[nodiscard]] std::size_t reads() const;                    // due_heads and next_due
  [[nodiscard]] std::size_t rows_read() const;                // rows handed out by due_heads
  [[nodiscard]] std::vector<Settlement> settlements() const;  // committed, in order
  [[nodiscard]] std::vector<std::string> breaches() const;
  [[nodiscard]] std::size_t waiting_settlements() const;

  // ---- Store
  void commit(NewExchange exchange, StoredDone done) override;
  void settle(Settlement settlement, Done done) override;
  void act(OperatorAct act, Done done) override;
  void append(AuditDraft entry, Done done) override;
  void note(QueryNote note, Done done) override;
  Result<bool> purge(Instant now, Instant settled_before) override;
  Result<std::vector<OutboxRow>> due_heads(const PartnerId& recipient, Instant now, std::int64_t after_seq,
                                           std::size_t limit, const SeqSet& except) override;
  using Store::due_heads;
  Result<std::optional<std::int64_t>> next_due(const PartnerId& recipient, Instant now) override;
  Result<OutboxRow> message(const std::string& message_id) override;
  Result<ExchangeRow> exchange(const ExchangeId& id) override;
  Result<Payload> payload(const ExchangeId& id) override;
  Result<std::string> receipt(std::string_view kind, const std::string& id) override;
  Result<std::vector<std::string>> attachment_forms(const PartnerId& recipient, const std::string& attachment) override;
  Result<ExchangeId> exchange_naming(const std::string& attachment) override;
  Result<ExchangeId> origin(const PartnerId& partner, const MatterNo& matter) override;
  Result<std::vector<ExchangeRow>> exchanges(const ExchangeFilter& filter) override;
  Result<std::vector<OutboxRow>> outbox(const OutboxFilter& filter) override;
  Result<std::vector<TaskRow>> tasks(std::optional<TaskQueue> queue, bool open_only, std::int64_t after_task,
                                     std::size_t limit) override;
  Result<TaskRow> task(std::int64_t id) override;
  Result<std::vector<PartnerCounts>> counts() override;
  Result<std::vector<PartnerId>> paused_partners() override;
  Result<std::vector<AuditRow>> audit_entries(std::uint64_t from, std::size_t limit) override;
  Result<std::string> checkpoint() override;
  Result<std::vector<Digest32>> leaf_tile(std::uint64_t tile) override;
  Result<std::vector<Digest32>> node_tile(std::uint32_t level, std::uint64_t tile) override;
  Result<std::vector<OpenQuery>> open_queries(Instant asked_before, std::size_t limit) override;
  Result<std::string> ledger(const Bytes& digest) override;
  [[nodiscard]] std::size_t waiting() const override;

 private:
  struct Waiting {
    Settlement settlement;
    Done done;
  };
  Status apply(const Settlement& settlement);
  void finish(const Settlement& settlement, const Done& done, const Status& status);
  void let_next_go(OutboxRow& settled);
  void make_head(OutboxRow& row);
  [[nodiscard]] Status act_on_row(const OperatorAct& act);

  mutable std::mutex mutex_;
  std::deque<OutboxRow> rows_;  // by seq - 1
  std::map<std::string, std::int64_t> by_id_;
  std::map<PartnerId, std::set<std::int64_t>> heads_;       // queued heads, by recipient
  std::map<std::string, std::deque<std::int64_t>> by_key_;  // rows that hold or wait for a key
  std::set<PartnerId> paused_;
  std::deque<Waiting> waiting_;
  bool held_ = false;
  std::size_t failing_settlements_ = 0;
  const ErrorCode* failing_code_ = nullptr;
  std::size_t failing_reads_ = 0;
  std::size_t reads_ = 0;
  std::size_t rows_read_ = 0;
  std::vector<Settlement> settlements_;
  std::vector<std::string> breaches_;
};

}  // namespace tongqu::test
