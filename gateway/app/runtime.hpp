#pragma once
// The running gateway: everything made in order, stopped in the reverse order, reloaded in between.
#include <filesystem>
#include <memory>
#include <string>

#include "gateway/app/config_compile.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::app {

struct RuntimeOptions {
  std::filesystem::path config;
  std::filesystem::path secrets;
};

// What a person wants to know when the gateway has started.
struct RuntimeAddresses {
  std::string partners;  // "https://127.0.0.1:18443"
  std::string admin;
  bool last_good = false;  // the newest configuration did not pass; the last one that passed runs
};

class Runtime {
 public:
  // Opens the store, makes everything, listens. On failure nothing is left running. Faults of the configuration are
  // printed to standard error by the caller of `faults`.
  struct Failure {
    Error error;
    std::vector<SettingsFault> faults;
  };
  [[nodiscard]] static std::unique_ptr<Runtime> start(const RuntimeOptions& options, Failure& failure);
  ~Runtime();
  struct Parts;  // runtime_parts.hpp

  [[nodiscard]] const RuntimeAddresses& addresses() const;
  // Checks the directory again and swaps; what is in flight keeps the old one. On failure nothing changes.
  [[nodiscard]] Result<std::string> reload(std::vector<SettingsFault>* faults);
  // Once a minute or so, and when next_closing_ms is over: tallies of what was turned back, retention, legacy listeners
  // whose time is over.
  void housekeeping();
  // Milliseconds until the time of a legacy listener is over; very many when none is open.
  [[nodiscard]] std::int64_t next_closing_ms() const;
  // Stops accepting, finishes what is in flight, hands back. Within `hard_ms` in any case.
  void stop();

 private:
  explicit Runtime(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tongqu::app
