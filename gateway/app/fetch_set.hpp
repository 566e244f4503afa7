#pragma once
// The lanes that fetch attachments, one for each partner whose settings say so.
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "connectors/fetch/fetch_setup.hpp"
#include "gateway/admin/admin_api.hpp"
#include "gateway/app/wiring.hpp"

namespace tongqu::app {

// The permitted media types of a partner's object `attachments`.
[[nodiscard]] std::vector<std::string> attachment_types(const Setting& attachments);

// Thread-safe.
class FetchSet {
 public:
  using Setups = std::vector<fetch::FetchSetup>;
  // Of all partners; fails with the place of what does not fit.
  [[nodiscard]] static Result<Setups> make(const CompiledConfig& config, const Surroundings& with);

  // `refused` is told of each that could not be had, on any thread. All outlive the set.
  FetchSet(FetchStore& store, const Clock& clock, fetch::FetchLane::Refused refused)
      : store_(store), clock_(clock), refused_(std::move(refused)) {}
  ~FetchSet() { stop(); }

  // From now on messages are judged by these.
  void judge_by(Setups setups);
  // Ends the lanes of before, waits for them, and starts those of the setups, once.
  void start();
  void stop();
  // Nothing: addresses in this partner's messages are left as they are.
  [[nodiscard]] std::optional<FetchGrant> grant(const PartnerId& partner) const;
  [[nodiscard]] std::vector<FetchView> views() const;

 private:
  FetchStore& store_;
  const Clock& clock_;
  const fetch::FetchLane::Refused refused_;
  std::mutex changing_;       // one start or stop at a time
  mutable std::mutex mutex_;  // guards what follows
  std::map<PartnerId, fetch::FetchSetup> setups_;
  std::vector<std::unique_ptr<fetch::FetchLane>> lanes_;
};

}  // namespace tongqu::app
