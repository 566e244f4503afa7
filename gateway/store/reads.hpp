#pragma once
// The reads of the contract, on one session each. Limits above kPageLimit are cut to it.
#include <functional>
#include <map>
#include <set>

#include "gateway/core/disclosures.hpp"
#include "gateway/core/grants.hpp"
#include "gateway/core/transcript.hpp"
#include "gateway/store/read_pool.hpp"

namespace tongqu::sql {

inline constexpr std::size_t kPageLimit = 1000;

namespace reads {
// Outbox
[[nodiscard]] Result<std::vector<OutboxRow>> due_heads(ReadSession& session, const PartnerId& recipient, Instant now,
                                                       std::int64_t after_seq, std::size_t limit, const SeqSet& except);
[[nodiscard]] Result<std::optional<std::int64_t>> next_due(ReadSession& session, const PartnerId& recipient,
                                                           Instant now);
[[nodiscard]] Result<OutboxRow> message(ReadSession& session, const std::string& message_id);
[[nodiscard]] Result<std::vector<std::string>> attachment_forms(ReadSession& session, const PartnerId& recipient,
                                                                const std::string& attachment);
[[nodiscard]] Result<ExchangeId> exchange_naming(ReadSession& session, const std::string& attachment);
[[nodiscard]] Result<std::vector<OutboxRow>> outbox(ReadSession& session, const OutboxFilter& filter);
[[nodiscard]] Result<std::vector<PartnerCounts>> counts(ReadSession& session);
[[nodiscard]] Result<std::vector<PartnerId>> paused_partners(ReadSession& session);
// Exchanges
[[nodiscard]] Result<ExchangeRow> exchange(ReadSession& session, const ExchangeId& id);
[[nodiscard]] Result<Payload> payload(ReadSession& session, const ExchangeId& id);
[[nodiscard]] Result<ExchangeId> origin(ReadSession& session, const PartnerId& partner, const MatterNo& matter);
[[nodiscard]] Result<std::vector<ExchangeRow>> exchanges(ReadSession& session, const ExchangeFilter& filter);
[[nodiscard]] Result<std::vector<TaskRow>> tasks(ReadSession& session, std::optional<TaskQueue> queue, bool open_only,
                                                 std::int64_t after_task, std::size_t limit);
[[nodiscard]] Result<TaskRow> task(ReadSession& session, std::int64_t id);
// Transcripts
[[nodiscard]] Result<std::vector<TranscriptRow>> transcript_rows(ReadSession& session, const TranscriptFilter& filter);
[[nodiscard]] Result<std::vector<TranscriptBatch>> transcript_batches(ReadSession& session, const PartnerId& recipient,
                                                                      std::int64_t batch, std::size_t limit);
[[nodiscard]] Result<std::optional<TranscriptNumber>> transcript_number(ReadSession& session,
                                                                        const std::string& message_id);
[[nodiscard]] Result<std::vector<TranscriptNumber>> transcript_untold(ReadSession& session, const PartnerId& recipient,
                                                                      std::size_t limit);
[[nodiscard]] Result<TranscriptCounts> transcript_counts(ReadSession& session, const PartnerId& recipient);
[[nodiscard]] Result<TranscriptStore::Overdue> transcript_overdue(ReadSession& session, const PartnerId& recipient,
                                                                  Instant before);
// Disclosures
// Roles in which one of the hashes stands in exchanges that are not in the index yet, by exchange; at most
// PersonMatches::kMaxCounted exchanges, the newest.
using WaitingRoles = std::map<std::string, std::set<std::string>, std::greater<>>;
[[nodiscard]] WaitingRoles waiting_roles(ReadSession& session, const std::vector<PersonMark>& marks);
[[nodiscard]] Result<PersonMatches> matches(ReadSession& session, const std::vector<PersonMark>& marks,
                                            const ExchangeId& except);
[[nodiscard]] Result<std::vector<DisclosureRow>> disclosures(ReadSession& session, const DisclosureFilter& filter);
// Grants
[[nodiscard]] Result<std::vector<GrantRow>> grants(ReadSession& session, const GrantFilter& filter, Instant now);
[[nodiscard]] Result<GrantRow> grant(ReadSession& session, const std::string& id);
// Audit
[[nodiscard]] Result<std::string> receipt(ReadSession& session, std::string_view kind, const std::string& id);
[[nodiscard]] Result<std::vector<AuditRow>> audit_entries(ReadSession& session, std::uint64_t from, std::size_t limit);
[[nodiscard]] Result<std::vector<OpenQuery>> open_queries(ReadSession& session, Instant asked_before,
                                                          std::size_t limit);
[[nodiscard]] Result<std::string> ledger(ReadSession& session, const Bytes& digest);
[[nodiscard]] Result<std::string> checkpoint(ReadSession& session);
[[nodiscard]] Result<std::vector<Digest32>> leaf_tile(ReadSession& session, std::uint64_t tile);
[[nodiscard]] Result<std::vector<Digest32>> node_tile(ReadSession& session, std::uint32_t level, std::uint64_t tile);
}  // namespace reads

}  // namespace tongqu::sql
