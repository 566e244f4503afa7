#include "gateway/store/writer.hpp"

#include <pthread.h>
#include <sqlite3.h>
#include <sys/statvfs.h>

#include <algorithm>

#include "gateway/store/store_codes.hpp"

namespace tongqu::sql {
Writer::Writer(const StoreOptions& options, AuditSequencer& sequencer, const Clock& clock, ReadPool& readers,
               GrantIndex& grants)
    : options_(options),
      sequencer_(sequencer),
      clock_(clock),
      readers_(readers),
      grants_(grants),
      queue_(options.queue_max_items, options.queue_max_bytes),
      checkpointer_(options) {}

// What was handed in is committed and answered before the thread ends.
Writer::~Writer() {
  queue_.stop();
  if (thread_.joinable()) thread_.join();
  readers_.close();
  checkpointer_.disconnect();
}

Status Writer::start() {
  if (auto status = open_all(); status.has_error()) return status;
  state_ = StoreState::kOpen;
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "writer");  // seen in top -H and in profiles
    run();
  });
  return {};
}

bool Writer::submit(Item& item, std::size_t bytes, bool is_exchange) {
  if (is_exchange && state_ != StoreState::kOpen) return false;
  return queue_.put(item, bytes, is_exchange);
}

void Writer::run() {
  while (true) {
    const bool open = state_ == StoreState::kOpen;
    auto items = queue_.take(options_.batch_max_items, open ? 0 : options_.probe_interval_ms);
    if (!items.empty()) {
      process(items);
      if (database_) checkpointer_.after_batch(below_reserve());
    } else if (queue_.stopped()) {
      return;
    } else {
      probe();
    }
  }
}

void Writer::process(std::vector<Item>& items) {
  std::vector<char> excluded(items.size(), 0);
  Attempt attempt_state;
  Verdict verdict = Verdict::kBroken;
  if (database_) {
    do {
      verdict = attempt(items, excluded, attempt_state);
    } while (verdict == Verdict::kAgain);
  } else {
    attempt_state.outcomes.resize(items.size());
  }
  if (verdict == Verdict::kUnknown) {
    verdict = find_out(attempt_state);
  } else if (verdict == Verdict::kBroken && database_) {
    static_cast<void>(reopen());
  } else if (verdict == Verdict::kCommitted && attempt_state.wrote && !below_reserve()) {
    set_state(StoreState::kOpen);
  }
  answer(items, attempt_state, verdict);
}

Writer::Verdict Writer::attempt(std::vector<Item>& items, std::vector<char>& excluded, Attempt& out) {
  const std::vector<Outcome> known = std::move(out.outcomes);
  out = Attempt();
  out.outcomes.resize(items.size());
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (excluded[i] != 0) out.outcomes[i] = known[i];
  }
  out.effects.now = clock_.now();
  out.effects.first_index = database_->tree_size;
  out.effects.next_seq = database_->next_seq;
  out.effects.next_task = database_->next_task;
  out.effects.purge_max_items = options_.purge_max_items;
  out.effects.refuse_exchanges = state_ != StoreState::kOpen || below_reserve();

  const std::lock_guard gate(checkpointer_.gate());
  try {
    database_->begin.run();
    const std::int64_t before = sqlite3_total_changes64(database_->main.handle());
    if (!apply_all(items, excluded, out)) {
      database_->main.rollback();
      return Verdict::kAgain;
    }
    out.wrote = !out.effects.entries.empty() || sqlite3_total_changes64(database_->main.handle()) != before;
    if (!out.wrote) {
      database_->main.rollback();
      return Verdict::kCommitted;
    }
    if (out.effects.grants_changed) out.in_force = database_->grants->in_force(out.effects.now);
    if (!sequence(out)) {
      database_->main.rollback();
      return Verdict::kRefused;
    }
    database_->audit->count(out.effects);
    database_->audit->mark(database_->batch + 1);
    write_keys(out.effects);
  } catch (const SqlError& error) {
    return failure_of(error, false);
  }
  try {
    database_->commit.run();
  } catch (const SqlError& error) {
    return failure_of(error, true);
  }
  accept(out);
  return Verdict::kCommitted;
}

// An item whose rows break a constraint of the tables is answered alone; the transaction starts again without it.
bool Writer::apply_all(std::vector<Item>& items, std::vector<char>& excluded, Attempt& out) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (excluded[i] != 0) continue;
    try {
      out.outcomes[i] = apply(items[i], out.effects);
    } catch (const SqlError& error) {
      if (!error.constraint()) throw;
      excluded[i] = 1;
      out.outcomes[i] = failed(codes::kInternal, "row that breaks a constraint of the store");
      return false;
    }
  }
  return true;
}

Outcome Writer::apply(Item& item, Effects& effects) {
  struct Visitor {
    Database& database;
    Effects& effects;
    Outcome operator()(const StoreItem& i) { return database.exchanges->apply(i.exchange, effects); }
    Outcome operator()(const SettleItem& i) { return database.exchanges->apply(i.settlement, effects); }
    Outcome operator()(const ActItem& i) { return database.exchanges->apply(i.act, effects); }
    Outcome operator()(const TranscriptItem& i) { return database.transcripts->apply(i.act, effects); }
    Outcome operator()(const NoteItem& i) { return database.queries->apply(i.note, effects); }
    Outcome operator()(const GrantItem& i) { return database.grants->apply(i.act, effects); }
    Outcome operator()(const ForgetItem& i) { return forget(i.erasure); }
    Outcome operator()(const IndexItem& i) {
      Outcome outcome;
      outcome.more = database.disclosures->persons().move(i.max_rows);
      return outcome;
    }
    Outcome operator()(const PurgeItem& i) { return database.exchanges->purge(i, effects); }
    Outcome operator()(const AppendItem& i) {
      effects.add_entry(i.entry, false);
      return {};
    }
    Outcome forget(const PersonErasure& erasure) {
      if (erasure.exchange.empty() && erasure.person.empty()) return failed(codes::kInternal, "erasure of nobody");
      database.disclosures->persons().forget(erasure.exchange.str(), erasure.person);
      effects.add_entry(erasure.entry, false);
      return {};
    }
  };
  const std::size_t entries = effects.entries.size();
  Outcome outcome = std::visit(Visitor{*database_, effects}, item);
  if (outcome.error) return outcome;
  // An entry that is not there cannot be proven: the item that should have brought it fails, as a constraint would.
  if (effects.entries.size() > entries && effects.entries.back()->entry.empty()) throw SqlError(SQLITE_CONSTRAINT);
  return outcome;
}

bool Writer::sequence(Attempt& out) {
  const Effects& effects = out.effects;
  if (effects.entries.empty()) return true;
  std::vector<std::string_view> entries;
  entries.reserve(effects.entries.size());
  for (const AuditDraft* draft : effects.entries) entries.emplace_back(draft->entry);
  auto sequenced = sequencer_.prepare(entries);
  if (sequenced.has_error() || sequenced->first_index != effects.first_index ||
      sequenced->leaves.size() != entries.size()) {
    return false;
  }
  out.sequenced = std::move(*sequenced);
  out.receipts.resize(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (effects.wants_receipt[i]) out.receipts[i] = sequencer_.receipt(out.sequenced, i, *effects.entries[i]);
  }
  database_->audit->write(effects, out.sequenced, out.receipts);
  return true;
}

// Before the rows are committed: a row never lacks its key, and an erased key never outlives its row.
void Writer::write_keys(const Effects& effects) {
  if (effects.stored.empty() && effects.erased_keys.empty()) return;
  database_->begin_keys.run();
  for (const NewExchange* exchange : effects.stored) {
    database_->put_key.run(exchange->exchange.str(), Blob{exchange->wrapped_key});
  }
  for (const std::string& exchange : effects.erased_keys) database_->erase_key.run(exchange);
  database_->commit_keys.run();
}

// A full disk refuses the write before anything took effect. Every other error of COMMIT may come after the commit
// mark was written, and any I/O error may leave SQLite's view behind the file's.
Writer::Verdict Writer::failure_of(const SqlError& error, bool in_commit) {
  database_->main.rollback();
  database_->keys.rollback();
  if (error.disk_full()) {
    set_state(StoreState::kFull);
    return Verdict::kRefused;
  }
  return in_commit ? Verdict::kUnknown : Verdict::kBroken;
}

void Writer::accept(const Attempt& done) {
  if (done.effects.grants_changed) grants_.put(done.in_force);
  if (!done.effects.entries.empty()) sequencer_.accept(done.sequenced);
  database_->tree_size = done.effects.first_index + done.effects.entries.size();
  database_->next_seq = done.effects.next_seq;
  database_->next_task = done.effects.next_task;
  ++database_->batch;
}

Writer::Verdict Writer::find_out(const Attempt& done) {
  const std::int64_t number = database_->batch + 1;
  const std::uint64_t size = done.effects.first_index + done.effects.entries.size();
  for (int i = 0; i < options_.reopen_max_attempts; ++i) {
    if (i > 0) static_cast<void>(queue_.pause(options_.probe_interval_ms));
    if (!reopen()) continue;
    const bool committed = database_->batch == number && database_->tree_size == size;
    return committed ? Verdict::kCommitted : Verdict::kRefused;
  }
  return Verdict::kUnknown;
}

void Writer::answer(std::vector<Item>& items, Attempt& done, Verdict verdict) {
  struct Visitor {
    Outcome& outcome;
    std::vector<std::string>& receipts;
    std::uint64_t first_index;
    void operator()(const StoreItem& item) {
      if (outcome.error) return item.done(*outcome.error);
      Stored stored{outcome.earlier.value_or(item.exchange.exchange), std::move(outcome.receipt),
                    outcome.earlier.has_value()};
      if (outcome.receipt_index >= 0) {
        stored.receipt = receipts[static_cast<std::size_t>(outcome.receipt_index) - first_index];
      }
      item.done(std::move(stored));
    }
    void operator()(const PurgeItem& item) { tell_more(item.done); }
    void operator()(const IndexItem& item) { tell_more(item.done); }
    void tell_more(const std::function<void(Result<bool>)>& callback) {
      outcome.error ? callback(*outcome.error) : callback(outcome.more);
    }
    void operator()(const SettleItem& item) { finish(item.done); }
    void operator()(const ActItem& item) { finish(item.done); }
    void operator()(const TranscriptItem& item) { finish(item.done); }
    void operator()(const AppendItem& item) { finish(item.done); }
    void operator()(const NoteItem& item) { finish(item.done); }
    void operator()(const GrantItem& item) { finish(item.done); }
    void operator()(const ForgetItem& item) { finish(item.done); }
    void finish(const Store::Done& callback) { callback(outcome.error ? Status(*outcome.error) : Status()); }
  };
  for (std::size_t i = 0; i < items.size(); ++i) {
    Outcome& outcome = done.outcomes[i];
    const bool answered_from_before = outcome.earlier && outcome.receipt_index < 0;
    if (verdict != Verdict::kCommitted && !outcome.error && !answered_from_before) {
      outcome.error = make_error(verdict == Verdict::kUnknown ? codes::kOutcomeUnknown : codes::kUnavailable);
    }
    std::visit(Visitor{outcome, done.receipts, done.effects.first_index}, items[i]);
  }
}

Status Writer::open_all() {
  auto database = Database::open(options_, sequencer_);
  if (database.has_error()) return database.error();
  database_ = std::move(*database);
  try {
    checkpointer_.watch(database_->main, database_->keys);
    checkpointer_.connect();
    readers_.open();
    grants_.put(database_->grants->in_force(clock_.now()));
  } catch (const SqlError& error) {
    return make_error(codes::kStoreOpen, error.what());
  }
  return {};
}

void Writer::close_all() {
  readers_.close();
  checkpointer_.disconnect();
  database_.reset();
}

// Everything is closed, readers too: only then does SQLite read its files anew instead of trusting shared memory.
bool Writer::reopen() {
  set_state(StoreState::kFailed);
  close_all();
  if (open_all().has_error()) {
    close_all();
    return false;
  }
  set_state(StoreState::kOpen);
  return true;
}

void Writer::probe() {
  if (!database_) {
    static_cast<void>(reopen());
    return;
  }
  const std::lock_guard gate(checkpointer_.gate());
  try {
    database_->begin.run();
    database_->audit->probe(clock_.now());
    database_->commit.run();
  } catch (const SqlError& error) {
    database_->main.rollback();
    if (!error.disk_full()) database_.reset();
    return;
  }
  if (!below_reserve()) set_state(StoreState::kOpen);
}

void Writer::set_state(StoreState state) {
  if (state_.exchange(state) != state && options_.state_changed) options_.state_changed(state);
}

bool Writer::below_reserve() const {
  if (options_.reserve_free_bytes == 0) return false;
  if (options_.free_bytes) return options_.free_bytes(options_.folder) < options_.reserve_free_bytes;
  struct statvfs disk{};
  if (::statvfs(options_.folder.c_str(), &disk) != 0) return false;
  return static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize < options_.reserve_free_bytes;
}

}  // namespace tongqu::sql
