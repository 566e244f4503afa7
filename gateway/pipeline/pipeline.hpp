#pragma once
// The straight line: the ordered list of steps, and nothing else. docs/life-of-a-message.md tells the story.
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/core/connector.hpp"
#include "gateway/core/store.hpp"
#include "gateway/pipeline/steps.hpp"

namespace tongqu {

// What the line counted since the start, per partner; for metrics and the traffic table. Monotonic.
struct LineCounts {
  std::uint64_t accepted = 0;  // answered with a receipt, repeated ones included
  std::uint64_t repeated = 0;
  std::uint64_t held = 0;
  std::uint64_t turned_back = 0;
  std::uint64_t masked_fields = 0;  // fields that left masked, as sender's records
};

class Line final : public Intake {
 public:
  // `plan` gives the active configuration; called once per message. `committed` is told the recipients of a commit;
  // it is called on the writer thread and must be quick. All references outlive the Line.
  Line(std::function<std::shared_ptr<const Plan>()> plan, Store& store, LineTools tools,
       std::function<void(const PartnerId&)> committed);

  // Runs the steps on the calling thread, then hands over to the store. Thread-safe.
  void accept(InboundMessage message, Done done) override;
  void turned_back(const std::string& source_address, const std::string& partner_claim, const Error& error) override;

  // Writes the audit entries of what was turned back in minutes that are over (docs/formats.md, "turned-back"): one
  // entry per source, code and minute. Called about once a minute and at the end (`all`).
  void flush_turned_back(bool all);

  [[nodiscard]] std::map<std::string, LineCounts> counts() const;
  // A partner's rate holds for all it sends and asks.
  [[nodiscard]] RateLimiter& limiter() { return limiter_; }

 private:
  struct Tally {
    std::int64_t minute = 0;
    std::int64_t count = 0;
  };
  void count(const std::string& partner, const std::function<void(LineCounts&)>& change);

  // Sources that are told apart within one minute; what is above is counted under "other".
  static constexpr std::size_t kMaxTallies = 1000;

  std::function<std::shared_ptr<const Plan>()> plan_;
  Store& store_;
  LineTools tools_;
  std::function<void(const PartnerId&)> committed_;
  RateLimiter limiter_;
  std::string log_salt_;  // hides addresses in the audit log; lives as long as the process
  mutable std::mutex mutex_;
  std::map<std::string, LineCounts> counts_;
  std::map<std::pair<std::string, const ErrorCode*>, Tally> tallies_;
};

// Runs decode … render on `exchange` whose partner, service and id are set; used by the line, by replay and by explain.
[[nodiscard]] Status run_steps(Exchange& exchange, const LineTools& tools, Store& store);

}  // namespace tongqu
