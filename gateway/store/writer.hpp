#pragma once
// The one thread that writes: takes what waits, commits it as one batch, answers. Also the store's state: what happens
// when the disk is full, or fails during a commit.
#include <atomic>
#include <memory>
#include <thread>

#include "gateway/store/batch.hpp"
#include "gateway/store/checkpointer.hpp"
#include "gateway/store/database.hpp"
#include "gateway/store/grant_index.hpp"
#include "gateway/store/read_pool.hpp"
#include "gateway/store/write_queue.hpp"

namespace tongqu::sql {

class Writer {
 public:
  Writer(const StoreOptions& options, AuditSequencer& sequencer, const Clock& clock, ReadPool& readers,
         GrantIndex& grants);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Opens the files and starts. Errors as SqlStore::open.
  [[nodiscard]] Status start();
  // True: taken, and its callback will be called. False: `item` is untouched.
  [[nodiscard]] bool submit(Item& item, std::size_t bytes, bool is_exchange);
  [[nodiscard]] StoreState state() const { return state_; }
  [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

 private:
  enum class Verdict : std::uint8_t {
    kCommitted,
    kAgain,    // one item does not fit; rolled back, go on without it
    kRefused,  // rolled back, nothing stored; the audit entry could not be made, or the disk is full
    kBroken,   // rolled back or never begun; the files have to be opened again
    kUnknown   // COMMIT failed: committed or not
  };
  // One attempt to commit the items.
  struct Attempt {
    Effects effects;
    SequencedBatch sequenced;
    std::vector<GrantRow> in_force;  // with effects.grants_changed
    std::vector<Outcome> outcomes;
    std::vector<std::string> receipts;  // beside effects.entries
    bool wrote = false;
  };

  void run();
  void process(std::vector<Item>& items);
  [[nodiscard]] Verdict attempt(std::vector<Item>& items, std::vector<char>& excluded, Attempt& out);
  [[nodiscard]] bool apply_all(std::vector<Item>& items, std::vector<char>& excluded, Attempt& out);
  [[nodiscard]] Outcome apply(Item& item, Effects& effects);
  [[nodiscard]] bool sequence(Attempt& out);
  void write_keys(const Effects& effects);
  [[nodiscard]] Verdict failure_of(const SqlError& error, bool in_commit);
  void accept(const Attempt& done);
  // After kUnknown: opens again and looks.
  [[nodiscard]] Verdict find_out(const Attempt& done);
  void answer(std::vector<Item>& items, Attempt& done, Verdict verdict);
  [[nodiscard]] bool reopen();
  [[nodiscard]] Status open_all();
  void close_all();
  void probe();
  void set_state(StoreState state);
  [[nodiscard]] bool below_reserve() const;

  const StoreOptions& options_;
  AuditSequencer& sequencer_;
  const Clock& clock_;
  ReadPool& readers_;
  GrantIndex& grants_;
  WriteQueue queue_;
  Checkpointer checkpointer_;
  std::unique_ptr<Database> database_;
  std::atomic<StoreState> state_{StoreState::kFailed};
  std::thread thread_;
};

}  // namespace tongqu::sql
