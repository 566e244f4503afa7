#pragma once
// What a partner published (services codes.publish, unit.directory) waits for a person. This shows it as the file of
// the configuration that it would become; taking it up is writing that file, checking, and reloading. Nothing becomes
// active by being received.
#include <functional>
#include <memory>
#include <string>

#include "gateway/app/config_compile.hpp"
#include "gateway/app/directory_rows.hpp"
#include "gateway/core/store.hpp"
#include "gateway/pipeline/rework.hpp"

namespace tongqu::app {

class TakeUp {
 public:
  struct Parts {
    std::function<std::shared_ptr<const CompiledConfig>()> config;  // the active one
    Store& store;
    Rework& rework;
    SuiteByName hash;
  };
  // References outlive the object.
  explicit TakeUp(Parts parts) : parts_(std::move(parts)) {}

  // {"task", "partner", "service", "file", "version", "form", "digest", "added", "removed", "csv"}: the file, and how
  // it differs from the active configuration. `as` is the name of the table ("national/problem-category") or of the
  // units; empty: "<partner>/<last part of what the sender calls it>", "<partner>".
  // Errors: kNotFound, task.closed, those of read_publication(), directory.name. Blocking reads.
  [[nodiscard]] Result<Document> show(std::int64_t task, const std::string& as);

  // Closes the task with the audit entry "taken-up", which names file, version and digest. The same errors; `done` from
  // any thread.
  void finish(std::int64_t task, const std::string& as, const ActBy& by, const Rework::Done& done);

 private:
  struct Seen;
  [[nodiscard]] Result<Seen> look(std::int64_t task, const std::string& as);

  Parts parts_;
};

}  // namespace tongqu::app
