#pragma once
// Publishes code tables and units of the configuration to the partners that are to be told (services codes.publish and
// unit.directory, docs/directories.md). Each message walks the straight line like any other: stored with its audit
// entry, rendered by the recipient's mapping, delivered until the recipient acknowledges. What is remembered of the
// last one stands in a file of the state folder for each directory and recipient.
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/app/config_compile.hpp"
#include "gateway/app/directory_rows.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/store.hpp"

namespace tongqu::app {

// What became of one directory for one recipient.
struct PublishedDirectory {
  std::string to, service, table;  // table empty: the units
  std::string version, digest;
  std::string outcome;  // "published", "unchanged", "failed"
  std::string form;     // of what was published: "whole", "delta"
  std::int64_t number = 0;
  ExchangeId exchange;
  const ErrorCode* code = nullptr;  // why it failed
};

// Faults of the `publish` lists of a configuration: a service that the partner does not have, a table that is not in
// force. Called while it is compiled.
void check_publications(const CompiledConfig& config, std::vector<SettingsFault>& faults);

class Publisher {
 public:
  struct Parts {
    std::function<std::shared_ptr<const CompiledConfig>()> config;  // the active one
    Store& store;
    Intake& intake;
    const Suite& suite;
    const Clock& clock;
    std::filesystem::path folder;  // <state>/directory
  };
  // References outlive the object.
  explicit Publisher(Parts parts) : parts_(std::move(parts)) {}

  // Publishes what changed since the last message; `whole`: everything, whole, whatever was sent before. Blocks until
  // the line has answered for each, 30 s at most for one. Fails with directory.nobody when the configuration publishes
  // nothing. Thread-safe; one run at a time.
  [[nodiscard]] Result<std::vector<PublishedDirectory>> publish(bool whole);

  // publish(false), once a day from the time on that the settings say (Beijing); called every minute or so.
  void tick();

 private:
  struct Last;
  struct Target;
  [[nodiscard]] std::vector<Target> targets(const CompiledConfig& config) const;
  [[nodiscard]] PublishedDirectory publish_one(const CompiledConfig& config, const Target& target, bool whole);
  [[nodiscard]] std::filesystem::path book(const Target& target) const;
  [[nodiscard]] bool acknowledged(const Last& last, const Target& target) const;
  [[nodiscard]] Result<ExchangeId> hand_over(const Target& target, std::string body);

  Parts parts_;
  std::mutex mutex_;
  std::map<std::string, std::string> last_day_;  // of tick(): partner → YYYY-MM-DD
};

}  // namespace tongqu::app
