#pragma once
// The dispatcher without its thread: from the outbox to the partners, lane by lane.
//
// step() belongs to one thread; everything else may be called from any thread and takes effect in the next step. A step
// serves the lanes that have mail or whose time has come, reads at most one page per lane (and one of the look for
// deadlines), begins what fits into the lanes, and says how long nothing will be to do. It waits for nothing but the
// store's reads.
//
// Kept promises: only queued heads are sent, at most one per order key, the next after its commit; nothing is
// forgotten, as the outbox is the only memory; at least once on the wire, and without a crash of the gateway a message
// that was acknowledged is not sent again.
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "gateway/delivery/lane.hpp"

namespace tongqu {

class DispatchLoop {
 public:
  // The longest wait that step() asks for: a wall clock that was set meanwhile is noticed by then.
  static constexpr std::int64_t kMaxWaitMs = 60'000;
  static constexpr std::size_t kMaxLanes = 1'000;

  // References outlive the loop and every callback that is under way. `random` is called by step() only.
  DispatchLoop(Store& store, const Sealer& sealer, const Clock& clock, RandomSource random);
  ~DispatchLoop();
  DispatchLoop(const DispatchLoop&) = delete;
  DispatchLoop& operator=(const DispatchLoop&) = delete;

  // Reads which partners are paused. Before the first step; what Store::paused_partners says.
  [[nodiscard]] Status start();

  // The lanes from now on, one per partner; lanes that are not named any more finish what is in flight. Errors:
  // delivery.lane (a setting out of range, a partner twice, too many); then everything stays as it was.
  [[nodiscard]] Status configure(std::vector<LaneOptions> lanes);
  // After a commit, a replay, a skip, a finished task: `recipient` may have a new head. Quick; never blocks.
  void notify(const PartnerId& recipient);
  // After the store has it (OperatorAct kPause, kResume). In-flight messages end as usual.
  void pause(const PartnerId& partner);
  void resume(const PartnerId& partner);
  // Nothing new begins; results are settled.
  void stop_sending();

  // Returns after how many milliseconds to step again unless something comes before; 0 … kMaxWaitMs.
  std::int64_t step();
  // Nothing is in flight and nothing waits for the store. On the thread of step().
  [[nodiscard]] bool idle() const;
  // True after stop_sending() took effect. On the thread of step().
  [[nodiscard]] bool stopping() const { return stopping_; }

  // By partner, as of the last step; windows as of now.
  [[nodiscard]] std::vector<LaneSnapshot> snapshot() const;
  [[nodiscard]] const std::shared_ptr<Mailbox>& mailbox() const { return context_.mailbox; }
  // Rows held in memory by all lanes, as of the last step.
  [[nodiscard]] std::size_t rows_held() const;

 private:
  void apply(std::vector<std::shared_ptr<const LaneOptions>> lanes);
  void set_paused(const PartnerId& partner, bool paused);
  void sort_mail(const Mailbox::Mail& mail, const StepTime& now);
  void publish(const std::vector<const Lane*>& served);

  struct Entry {
    std::unique_ptr<Lane> lane;
    std::int64_t wake_ms = 0;  // steady; lanes without mail are not served before
  };
  struct Published {
    LaneSnapshot lane;
    std::shared_ptr<const LaneOptions> options;  // second owner of the window's settings: snapshot()
    std::size_t rows_held = 0;
  };

  LaneContext context_;
  std::map<PartnerId, Entry> lanes_;
  std::set<PartnerId> paused_;
  bool stopping_ = false;

  mutable std::mutex published_mutex_;
  std::map<PartnerId, Published> published_;
};

}  // namespace tongqu
