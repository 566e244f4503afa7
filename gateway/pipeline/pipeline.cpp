#include "gateway/pipeline/pipeline.hpp"

#include "gateway/core/random.hpp"
#include "gateway/pipeline/pipeline_codes.hpp"

namespace tongqu {

// The list. Order and reasons:
//   decode        nothing is looked at before the sender was authenticated and admitted
//   validate      all faults against the partner's own schema, before any meaning is given to a field
//   canonicalise  one record, whoever sent it
//   refer         what a record names has to be here before anybody is told of it
//   route         who gets it, or which person
//   view, render  per recipient; the outbound mapping sees the view only
Status run_steps(Exchange& exchange, const LineTools& tools, Store& store) {
  if (auto status = steps::decode(exchange, tools.suite); status.has_error()) return status;
  if (auto status = steps::validate(exchange); status.has_error()) return status;
  if (auto status = steps::canonicalise(exchange, &tools); status.has_error()) return status;
  if (auto status = steps::refer(exchange, tools); status.has_error()) return status;
  if (auto status = steps::route(exchange, store); status.has_error()) return status;
  return steps::view_and_render(exchange, &tools);
}

namespace {

std::string random_salt() {
  std::string salt(32, '\0');
  fill_random(salt.data(), salt.size());
  return salt;
}

std::size_t masked_fields(const Exchange& exchange) {
  std::size_t sum = 0;
  for (const RenderedMessage& message : exchange.rendered) {
    if (message.bytes != nullptr) sum += message.bytes->disclosure().masked_count();
  }
  return sum;
}

std::vector<PartnerId> recipients_of(const NewExchange& row) {
  std::vector<PartnerId> recipients;
  for (const NewOutbox& out : row.outbox) {
    if (!out.dead && !out.held) recipients.push_back(out.recipient);
  }
  return recipients;
}

}  // namespace

Line::Line(std::function<std::shared_ptr<const Plan>()> plan, Store& store, LineTools tools,
           std::function<void(const PartnerId&)> committed)
    : plan_(std::move(plan)),
      store_(store),
      tools_(tools),
      committed_(std::move(committed)),
      log_salt_(random_salt()) {}

void Line::accept(InboundMessage message, Done done) {
  Exchange exchange;
  exchange.in = std::move(message);
  exchange.plan = plan_();
  Status status = steps::admit(exchange, limiter_, tools_.clock);
  if (status.has_value() && exchange.service->answer) {
    status = make_error(codes::kAskedOnly, exchange.service->service.str());
  }
  if (status.has_value()) status = run_steps(exchange, tools_, store_);
  Result<NewExchange> row =
      status.has_value() ? steps::assemble(exchange, tools_) : Result<NewExchange>(status.error());
  const std::string partner = exchange.in.identity.partner.str();
  if (row.has_error()) {
    turned_back(exchange.in.source_address, partner, row.error());
    done(row.error());
    return;
  }
  const bool held = !row->tasks.empty();
  const std::size_t masked = masked_fields(exchange);
  const std::string source = exchange.in.source_address;
  auto recipients = recipients_of(*row);
  store_.commit(std::move(*row), [this, held, masked, partner, source, recipients = std::move(recipients),
                                  done = std::move(done)](Result<Stored> stored) {
    if (stored.has_error()) {
      turned_back(source, partner, stored.error());
      done(stored.error());
      return;
    }
    count(partner, [&](LineCounts& c) {
      ++c.accepted;
      if (stored->repeated) {
        ++c.repeated;
        return;
      }
      if (held) ++c.held;
      c.masked_fields += masked;
    });
    if (!stored->repeated) {
      for (const PartnerId& recipient : recipients) committed_(recipient);
    }
    done(Accepted{stored->exchange, std::move(stored->receipt), held, stored->repeated});
  });
}

void Line::count(const std::string& partner, const std::function<void(LineCounts&)>& change) {
  const std::lock_guard lock(mutex_);
  change(counts_[partner]);
}

std::map<std::string, LineCounts> Line::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

// Garbage must not buy disk writes: it is tallied in memory and written once a minute. The partner is named only
// when the configuration knows it; a claim alone is nobody's name.
void Line::turned_back(const std::string& source_address, const std::string& partner_claim, const Error& error) {
  const auto plan = plan_();
  const bool known = plan != nullptr && plan->partner(PartnerId(partner_claim)) != nullptr;
  if (known) count(partner_claim, [](LineCounts& c) { ++c.turned_back; });
  const std::lock_guard lock(mutex_);
  const std::string source = tallies_.size() < kMaxTallies ? source_address : "other";
  Tally& tally = tallies_[{source, error.code}];
  if (tally.count == 0) tally.minute = tools_.clock.now().ms / 60000;
  ++tally.count;
}

void Line::flush_turned_back(bool all) {
  std::map<std::pair<std::string, const ErrorCode*>, Tally> over;
  const std::int64_t minute = tools_.clock.now().ms / 60000;
  {
    const std::lock_guard lock(mutex_);
    for (auto it = tallies_.begin(); it != tallies_.end();) {
      if (all || it->second.minute < minute) {
        over.insert(*it);
        it = tallies_.erase(it);
      } else {
        ++it;
      }
    }
  }
  for (const auto& [key, tally] : over) {
    const auto& [source, code] = key;
    const Digest32 hidden = tools_.suite.hmac(log_salt_, {source});
    AuditEntryBuilder entry("turned-back", {tally.minute * 60000});
    entry.text("code", code->id).number("count", tally.count).text("source", to_hex(as_text(hidden).substr(0, 8)));
    // An entry that could not be written now is tallied again and written on recovery.
    store_.append(entry.finish(), [this, where = key, missed = tally](Status written) {
      if (written.has_value()) return;
      const std::lock_guard lock(mutex_);
      if (tallies_.size() >= kMaxTallies) return;
      Tally& again = tallies_[where];
      again.minute = missed.minute;
      again.count += missed.count;
    });
  }
}

}  // namespace tongqu
