#include "gateway/delivery/pull_inbox.hpp"

#include <algorithm>

#include "gateway/delivery/delivery_codes.hpp"
#include "gateway/delivery/settling.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kFirstPageRows = 16;

// The store counts rows, not bytes: as many as would fit if all were like the largest of the last page.
std::size_t next_page_rows(const std::vector<OutboxRow>& rows, const PullOptions& options) {
  std::size_t largest = 1;
  for (const OutboxRow& row : rows) largest = std::max(largest, row.sealed.size());
  return std::clamp<std::size_t>(options.max_take_bytes / largest, 1, options.max_take_rows);
}

}  // namespace

PullInboxService::PullInboxService(Store& store, const Sealer& sealer, const Clock& clock, PullOptions options)
    : store_(store), sealer_(sealer), clock_(clock), table_(std::make_shared<Table>()) {
  table_->options = std::move(options);
  table_->forgot_before_ms = clock.now().ms;
}

void PullInboxService::configure(PullOptions options) {
  const std::lock_guard lock(table_->mutex);
  table_->options = std::move(options);
}

std::size_t PullInboxService::leases() const {
  const std::lock_guard lock(table_->mutex);
  return table_->leases.size();
}

bool PullInboxService::leased(const std::string& message_id) const {
  const std::lock_guard lock(table_->mutex);
  const auto found = table_->leases.find(message_id);
  return found != table_->leases.end() && found->second.until_steady_ms > clock_.steady_ms();
}

// False: another take has it, or the table is full of running leases.
bool PullInboxService::lease(const PartnerId& partner, const std::string& message_id, std::int64_t lease_ms) {
  const std::lock_guard lock(table_->mutex);
  const std::int64_t now_ms = clock_.steady_ms();
  auto& leases = table_->leases;
  const auto found = leases.find(message_id);
  if (found != leases.end() && found->second.until_steady_ms > now_ms) return false;
  if (found == leases.end() && leases.size() >= table_->options.max_leases) {
    std::erase_if(leases, [&](const auto& item) { return item.second.until_steady_ms <= now_ms; });
    if (leases.size() >= table_->options.max_leases) return false;
    table_->forgot_before_ms = clock_.now().ms;
  }
  leases[message_id] = {partner, now_ms + std::clamp<std::int64_t>(lease_ms, 1, table_->options.max_lease_ms)};
  return true;
}

bool PullInboxService::offered(const PartnerId& partner, const OutboxRow& row) const {
  const std::lock_guard lock(table_->mutex);
  const auto found = table_->leases.find(row.message_id);
  if (found != table_->leases.end()) return found->second.partner == partner;
  return row.head && row.created_ms <= table_->forgot_before_ms;
}

Status PullInboxService::offer(const PartnerId& partner, OutboxRow row, std::int64_t lease_ms,
                               std::vector<PulledMessage>& out) {
  auto body = open_payload(sealer_, row);
  if (body.has_error()) {
    if (body.error().retryable()) return body.error();
    const auto config = [&] {
      const std::lock_guard lock(table_->mutex);
      return table_->options.config;
    }();
    // When the store cannot write it now, the next take comes here again.
    store_.settle(settle_unreadable(row, config, clock_.now()), [](const Status&) {});
    return {};
  }
  if (!lease(partner, row.message_id, lease_ms)) return {};
  out.push_back({std::move(row.message_id), std::move(row.service), std::move(*body), std::move(row.content_type)});
  return {};
}

Result<std::vector<PulledMessage>> PullInboxService::take(const PartnerId& partner, std::size_t limit,
                                                          std::int64_t lease_ms) {
  PullOptions options;
  {
    const std::lock_guard lock(table_->mutex);
    options = table_->options;
  }
  const std::size_t wanted = std::min(limit, options.max_take_rows);
  const Instant now = clock_.now();
  std::vector<PulledMessage> out;
  std::int64_t after = 0;
  std::size_t bytes = 0, looked_at = 0;
  std::size_t page_rows = std::min(kFirstPageRows, options.max_take_rows);
  // Heads with a lease stand between; there are at most max_leases of them.
  while (out.size() < wanted && looked_at <= options.max_leases + wanted) {
    auto rows = store_.due_heads(partner, now, after, page_rows);
    if (rows.has_error()) return rows.error();
    const bool complete = rows->size() < page_rows;
    page_rows = next_page_rows(*rows, options);
    for (OutboxRow& row : *rows) {
      after = row.seq;
      ++looked_at;
      if (out.size() >= wanted) break;
      if (expired(row, now) || leased(row.message_id)) continue;
      bytes += row.sealed.size();
      if (!out.empty() && bytes > options.max_take_bytes) return out;
      const auto offered = offer(partner, std::move(row), lease_ms, out);
      if (offered.has_error()) {
        if (out.empty()) return offered.error();
        return out;
      }
    }
    if (complete) break;
  }
  return out;
}

void PullInboxService::acknowledge(const PartnerId& partner, const std::string& message_id, Done done) {
  const auto found = store_.message(message_id);
  if (found.has_error()) return done(found.error());
  const OutboxRow& row = *found;
  if (row.recipient != partner) return done(make_error(codes::kNotFound, "message"));
  if (row.state == OutboxState::kDelivered) return done({});
  if (row.state != OutboxState::kQueued) return done(make_error(codes::kDeliveryClosed));
  if (!offered(partner, row)) return done(make_error(codes::kNotFound, "message"));
  const auto config = [&] {
    const std::lock_guard lock(table_->mutex);
    return table_->options.config;
  }();
  store_.settle(settle_acknowledged(row, config, clock_.now()),
                [table = table_, message_id, done = std::move(done)](const Status& status) {
                  if (status.has_value()) {
                    const std::lock_guard lock(table->mutex);
                    table->leases.erase(message_id);
                  }
                  done(status);
                });
}

}  // namespace tongqu
