#include "connectors/link/entry_feeder.hpp"

#include <algorithm>
#include <chrono>
#include <deque>

#include "connectors/link/link_codes.hpp"

namespace tongqu::link {
namespace {

constexpr std::size_t kExchangeIdChars = 26;
constexpr std::int64_t kLookMs = 20;  // for stop(), while answers are awaited

}  // namespace

ExchangeId origin_of(const std::string& message_id) {
  const std::string head = message_id.substr(0, kExchangeIdChars);
  if (message_id.size() <= kExchangeIdChars || message_id[kExchangeIdChars] != '-' || !is_exchange_id(head)) return {};
  return ExchangeId(head);
}

struct EntryFeeder::Gathered {
  std::mutex mutex;
  std::condition_variable came;
  std::deque<std::pair<std::size_t, Result<Accepted>>> results;
};

EntryFeeder::EntryFeeder(FeedRules rules, PartnerId partner, std::string method, const Suite& suite, const Clock& clock,
                         Intake& intake, FeedCounts& counts)
    : rules_(rules),
      partner_(std::move(partner)),
      method_(std::move(method)),
      suite_(suite),
      clock_(clock),
      intake_(intake),
      counts_(counts) {}

void EntryFeeder::stop(std::int64_t grace_ms) {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    stop_by_ms_ = clock_.steady_ms() + grace_ms;
  }
  changed_.notify_all();
}

// True when it is to stop.
bool EntryFeeder::pause(std::int64_t ms) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_; });
}

void EntryFeeder::hand_in(const ReadBundle& read, std::size_t index, const std::shared_ptr<Gathered>& gathered) {
  const Entry& entry = read.bundle.entries[index];
  InboundMessage message;
  message.service = ServiceId(entry.service);
  message.body = entry.body;
  message.content_type = entry.content_type;
  message.idempotency_key = entry.message_id;
  message.identity.partner = partner_;
  message.identity.method = method_;
  message.identity.signature = read.signature;
  message.received_at = clock_.now();
  message.source_address = "link";
  message.origin = origin_of(entry.message_id);
  intake_.accept(std::move(message), [gathered, index](Result<Accepted> result) {
    const std::lock_guard lock(gathered->mutex);
    gathered->results.emplace_back(index, std::move(result));
    gathered->came.notify_all();
  });
}

Answer EntryFeeder::answer_of(const Entry& entry, const Result<Accepted>& result) {
  if (result.has_error()) {
    ++counts_.turned_back;
    return {entry.message_id, false, {}, {}, std::string(result.error().code->id)};
  }
  ++counts_.accepted;
  return {entry.message_id, true, result->exchange.str(), to_hex(as_text(suite_.hash({result->receipt}))), {}};
}

Result<std::vector<Answer>> EntryFeeder::feed(const ReadBundle& read) {
  const auto gathered = std::make_shared<Gathered>();
  const std::vector<Entry>& entries = read.bundle.entries;
  std::vector<Answer> answers(entries.size());
  std::deque<std::size_t> waiting;
  for (std::size_t i = 0; i < entries.size(); ++i) waiting.push_back(i);
  std::size_t under_way = 0;
  Backoff backoff(rules_.retry);
  while (under_way > 0 || !waiting.empty()) {
    bool stopping = false;
    {
      const std::lock_guard lock(mutex_);
      stopping = stopping_;
      // What the line has keeps; the bundle comes again as a whole, and nothing of it takes effect twice.
      if (stopping && (under_way == 0 || clock_.steady_ms() >= stop_by_ms_)) return make_error(codes::kLinkStopped);
    }
    while (!stopping && !waiting.empty() && under_way < rules_.parallel) {
      const std::size_t index = waiting.front();
      waiting.pop_front();
      ++under_way;
      hand_in(read, index, gathered);
    }
    std::deque<std::pair<std::size_t, Result<Accepted>>> results;
    {
      std::unique_lock lock(gathered->mutex);
      gathered->came.wait_for(lock, std::chrono::milliseconds(kLookMs), [&] { return !gathered->results.empty(); });
      results.swap(gathered->results);
    }
    bool later = false;
    for (const auto& [index, result] : results) {
      --under_way;
      if (result.has_error() && result.error().retryable()) {
        waiting.push_front(index);
        later = true;
      } else {
        answers[index] = answer_of(entries[index], result);
        backoff.reset();
      }
    }
    if (later) (void)pause(backoff.next_ms());
  }
  return answers;
}

}  // namespace tongqu::link
