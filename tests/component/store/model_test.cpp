// Random work against a plain model of the contract; every read is compared.
#include <map>
#include <random>

#include "tests/component/store/consistency.hpp"
#include "tests/component/store/store_fixture.hpp"

namespace tongqu::test {
namespace {

using Kind = OperatorAct::Kind;
using State = OutboxState;

struct ModelRow {
  std::string id, exchange, recipient, key;
  State state = State::kQueued;
  int attempts = 0;
  std::int64_t next_due_ms = 0;
  std::int64_t created_ms = 0;
  bool bytes = true;
  [[nodiscard]] bool troubled() const { return state == State::kDead || state == State::kNoAnswer; }
  [[nodiscard]] bool holds() const { return state == State::kQueued || troubled(); }
};
struct ModelTask {
  std::string exchange;
  TaskQueue queue = TaskQueue::kComplete;
  bool open = true;
};
struct ModelExchange {
  std::string id, partner, service, matter;
  int version = 1;
};

// Slow and obvious: everything is computed from the lists at each question.
struct Model {
  std::vector<ModelRow> rows;  // by sequence
  std::vector<ModelTask> tasks;
  std::vector<ModelExchange> exchanges;
  std::size_t entries = 0;

  [[nodiscard]] bool head(const ModelRow& row) const {
    if (row.state != State::kQueued) return false;
    for (const ModelRow& other : rows) {
      if (other.key == row.key && other.holds()) return &other == &row;
    }
    return false;
  }
  [[nodiscard]] std::string state_of(const std::string& exchange) const {
    bool queued = false;
    bool troubled = false;
    for (const ModelTask& task : tasks) {
      if (task.exchange == exchange && task.open) return "held";
    }
    for (const ModelRow& row : rows) {
      if (row.exchange != exchange) continue;
      queued |= row.state == State::kQueued;
      troubled |= row.troubled();
    }
    return troubled ? "attention" : queued ? "stored" : "delivered";
  }
};

class ModelTest : public testing::Test {
 protected:
  ModelTest() { fixture_.open(); }

  std::size_t pick(std::size_t below) { return random_() % below; }
  bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }

  NewOutbox make_row(const std::string& exchange, const std::string& suffix) {
    static const std::vector<std::string> kRecipients{"platform", "case-system", "emergency"};
    NewOutbox row = outbox_to(ExchangeId(exchange), kRecipients[pick(3)], "K" + std::to_string(pick(8)));
    row.message_id += suffix;
    if (chance(8)) {
      row.dead = true;
      row.dead_code = "view.fault";
      row.sealed.clear();
    }
    return row;
  }
  void add(const NewOutbox& row, const std::string& exchange) {
    model_.rows.push_back({row.message_id, exchange, row.recipient.str(), row.order_key,
                           row.dead ? State::kDead : State::kQueued, 0, 0, fixture_.clock.now().ms, !row.dead});
  }

  void commit() {
    static const std::vector<std::string> kPartners{"city-a", "city-b"};
    const std::string id = exchange_id(++made_).str();
    NewExchange exchange =
        new_exchange(ExchangeId(id), kPartners[pick(2)], chance(70) ? "M" + std::to_string(pick(5)) : "");
    exchange.service = ServiceId(chance(50) ? "complaint.register" : "workorder.transfer");
    for (std::size_t i = pick(3); i > 0; --i) exchange.outbox.push_back(make_row(id, "-x" + std::to_string(i)));
    if (chance(20)) exchange.tasks.push_back({static_cast<TaskQueue>(pick(5)), "reason"});
    if (chance(5)) exchange.tasks.push_back({TaskQueue::kRelease, "reason"});
    ASSERT_TRUE(wait_commit(*fixture_.store, exchange).has_value());
    int version = 1;
    for (const ModelExchange& other : model_.exchanges) {
      version +=
          !exchange.matter.empty() && other.partner == exchange.partner.str() && other.matter == exchange.matter.str();
    }
    model_.exchanges.push_back({id, exchange.partner.str(), exchange.service.str(), exchange.matter.str(), version});
    for (const NewOutbox& row : exchange.outbox) add(row, id);
    for (const NewTask& task : exchange.tasks) model_.tasks.push_back({id, task.queue, true});
    ++model_.entries;
  }

  void settle() {
    ModelRow& row = model_.rows[pick(model_.rows.size())];
    const auto to = static_cast<SettleTo>(pick(4));
    const std::int64_t due = chance(20) ? 0 : fixture_.clock.now().ms + 1 + static_cast<std::int64_t>(pick(5000));
    ASSERT_TRUE(wait_settle(*fixture_.store, settlement(row.id, to, due)).has_value());
    if (row.state != State::kQueued) return;
    ++row.attempts;
    row.next_due_ms = to == SettleTo::kRetry ? due : 0;
    if (to == SettleTo::kRetry) return;
    row.state = to == SettleTo::kDelivered ? State::kDelivered
                : to == SettleTo::kDead    ? State::kDead
                                           : State::kNoAnswer;
    ++model_.entries;
  }

  void act() {
    const std::size_t place = pick(model_.rows.size());
    ModelRow& row = model_.rows[place];
    const Kind kind = std::array{Kind::kReplay, Kind::kReplace, Kind::kSkip}[pick(3)];
    OperatorAct what = act_on(kind, row.id);
    if (kind == Kind::kReplace) what.outbox.push_back(make_row(row.exchange, "-r" + std::to_string(++replaced_)));
    const bool allowed = kind == Kind::kReplay    ? row.troubled() && row.bytes
                         : kind == Kind::kReplace ? row.troubled() || row.state == State::kDelivered
                                                  : row.troubled();
    const auto status = wait_act(*fixture_.store, what);
    ASSERT_EQ(code_of(status), allowed ? "" : "store.wrong-state");
    if (!allowed) return;
    ++model_.entries;
    row.next_due_ms = kind == Kind::kReplay ? 0 : row.next_due_ms;
    if (kind == Kind::kReplay) row.attempts = 0;
    row.state = kind == Kind::kReplay ? State::kQueued : kind == Kind::kSkip ? State::kSkipped : State::kSuperseded;
    if (kind == Kind::kReplace) add(what.outbox.front(), model_.rows[place].exchange);
  }

  void finish_task() {
    if (model_.tasks.empty()) return;
    const std::size_t place = pick(model_.tasks.size());
    ModelTask& task = model_.tasks[place];
    OperatorAct finish = act_on(Kind::kFinishTask, "");
    finish.task = static_cast<std::int64_t>(place) + 1;
    if (chance(60)) finish.outbox.push_back(make_row(task.exchange, "-t" + std::to_string(place)));
    const auto status = wait_act(*fixture_.store, finish);
    ASSERT_EQ(code_of(status), task.open ? "" : "store.wrong-state");
    if (!task.open) return;
    task.open = false;
    ++model_.entries;
    for (const NewOutbox& row : finish.outbox) add(row, task.exchange);
  }

  void compare_rows() {
    std::vector<OutboxRow> all;
    OutboxFilter filter;
    filter.limit = 97;
    for (auto page = fixture_.store->outbox(filter); !page->empty(); page = fixture_.store->outbox(filter)) {
      all.insert(all.end(), page->begin(), page->end());
      filter.before_seq = page->back().seq;
    }
    ASSERT_EQ(all.size(), model_.rows.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const ModelRow& row = model_.rows[i];
      const OutboxRow& stored = all[all.size() - 1 - i];
      ASSERT_EQ(stored.message_id, row.id);
      ASSERT_EQ(stored.state, row.state) << row.id;
      ASSERT_EQ(stored.head, model_.head(row)) << row.id;
      ASSERT_EQ(stored.attempts, row.attempts) << row.id;
      ASSERT_EQ(stored.next_due_ms, row.next_due_ms) << row.id;
      ASSERT_TRUE(stored.sealed.empty());
    }
  }

  void compare_filters() {
    for (const char* recipient : {"", "platform", "emergency"}) {
      for (const std::optional<State> state : {std::optional<State>(), std::optional(State::kQueued),
                                               std::optional(State::kDead), std::optional(State::kDelivered)}) {
        OutboxFilter filter{PartnerId(recipient), {}, state, 0, 1000};
        std::vector<std::string> expected;
        for (const ModelRow& row : model_.rows) {
          const bool fits = (filter.recipient.empty() || row.recipient == recipient) && (!state || row.state == *state);
          if (fits) expected.insert(expected.begin(), row.id);
        }
        expected.resize(std::min<std::size_t>(expected.size(), 1000));
        std::vector<std::string> found;
        for (const OutboxRow& row : *fixture_.store->outbox(filter)) found.push_back(row.message_id);
        ASSERT_EQ(found, expected) << recipient;
      }
    }
  }

  void compare_heads() {
    for (const char* recipient : {"platform", "case-system", "emergency"}) {
      const Instant now = fixture_.clock.now();
      std::vector<std::string> expected;
      std::optional<std::int64_t> next;
      for (const ModelRow& row : model_.rows) {
        if (row.recipient != recipient || !model_.head(row)) continue;
        if (row.next_due_ms <= now.ms) expected.push_back(row.id);
        if (row.next_due_ms > now.ms) next = std::min(next.value_or(INT64_MAX), row.next_due_ms);
      }
      std::vector<std::string> found;
      for (const OutboxRow& row : *fixture_.store->due_heads(PartnerId(recipient), now, 0, 1000)) {
        found.push_back(row.message_id);
        ASSERT_EQ(row.wrapped_key, "wrapped key of " + row.exchange.str());
      }
      ASSERT_EQ(found, expected);
      ASSERT_EQ(*fixture_.store->next_due(PartnerId(recipient), now), next);
    }
  }

  void compare_exchanges() {
    for (const char* state : {"", "stored", "held", "attention", "delivered"}) {
      for (const char* partner : {"", "city-a"}) {
        for (const char* matter : {"", "M1"}) {
          for (const char* service : {"", "complaint.register"}) {
            ExchangeFilter filter{PartnerId(partner), ServiceId(service), MatterNo(matter), state, {}, {}, 10};
            std::vector<std::string> expected;
            for (auto row = model_.exchanges.rbegin(); row != model_.exchanges.rend() && expected.size() < 10; ++row) {
              const bool fits = (!*partner || row->partner == partner) && (!*matter || row->matter == matter) &&
                                (!*service || row->service == service) &&
                                (!*state || model_.state_of(row->id) == state);
              if (fits) expected.push_back(row->id);
            }
            std::vector<std::string> found;
            for (const ExchangeRow& row : *fixture_.store->exchanges(filter)) found.push_back(row.exchange.str());
            ASSERT_EQ(found, expected) << state << ' ' << partner << ' ' << matter << ' ' << service;
          }
        }
      }
    }
    const ModelExchange& any = model_.exchanges[pick(model_.exchanges.size())];
    ASSERT_EQ(fixture_.store->exchange(ExchangeId(any.id))->version, any.version);
  }

  void compare_counts_and_tasks() {
    for (const PartnerCounts& counts : *fixture_.store->counts()) {
      PartnerCounts expected;
      expected.partner = counts.partner;
      for (const ModelExchange& row : model_.exchanges) {
        if (row.partner != counts.partner.str()) continue;
        ++expected.stored;
        expected.held += model_.state_of(row.id) == "held";
      }
      for (const ModelRow& row : model_.rows) {
        if (row.recipient != counts.partner.str()) continue;
        expected.queued += row.state == State::kQueued;
        expected.delivered += row.state == State::kDelivered;
        expected.no_answer += row.state == State::kNoAnswer;
        expected.dead += row.state == State::kDead;
        if (row.state == State::kQueued && expected.oldest_queued_ms == 0) expected.oldest_queued_ms = row.created_ms;
      }
      const auto tuple = [](const PartnerCounts& c) {
        return std::tuple(c.stored, c.held, c.queued, c.delivered, c.no_answer, c.dead, c.oldest_queued_ms);
      };
      ASSERT_EQ(tuple(counts), tuple(expected)) << counts.partner.str();
    }
    for (int queue = -1; queue < 5; ++queue) {
      for (const bool open_only : {false, true}) {
        std::vector<std::int64_t> expected;
        for (std::size_t i = 0; i < model_.tasks.size(); ++i) {
          const bool fits = queue < 0 || static_cast<int>(model_.tasks[i].queue) == queue;
          if (fits && (model_.tasks[i].open || !open_only)) expected.push_back(static_cast<std::int64_t>(i) + 1);
        }
        std::vector<std::int64_t> found;
        std::optional<TaskQueue> only;
        if (queue >= 0) only = static_cast<TaskQueue>(queue);
        for (const TaskRow& row : *fixture_.store->tasks(only, open_only, 0, 1000)) found.push_back(row.task);
        ASSERT_EQ(found, expected) << queue;
      }
    }
    ASSERT_EQ(fixture_.store->audit_entries(model_.entries - 1, 10)->size(), 1U);
  }

  static constexpr std::uint64_t kSeed = 12'315;
  std::mt19937_64 random_{kSeed};
  OpenStore fixture_{"model"};
  Model model_;
  std::uint64_t made_ = 0;
  int replaced_ = 0;
};

TEST_F(ModelTest, AgreesWithTheStoreAfterRandomWork) {
  std::cout << "[  NOTE    ] seed " << kSeed << "\n";
  for (int step = 0; step < 2000 && !HasFatalFailure(); ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    const std::size_t dice = pick(100);
    if (dice < 30 || model_.rows.empty()) {
      commit();
    } else if (dice < 70) {
      settle();
    } else if (dice < 90) {
      act();
    } else if (dice < 96) {
      finish_task();
    } else {
      fixture_.clock.advance(static_cast<std::int64_t>(pick(2000)));
    }
    if (step % 400 == 399) fixture_.reopen();
    if (step % 50 != 49) continue;
    compare_rows();
    compare_filters();
    compare_heads();
    compare_exchanges();
    compare_counts_and_tasks();
  }
  fixture_.store.reset();
  EXPECT_EQ(broken_rules(fixture_.options.folder), std::vector<std::string>{});
}

}  // namespace
}  // namespace tongqu::test
