#pragma once
// Rows of grants. Writer's connection only; throws SqlError. Each apply checks first and writes afterwards.
#include "gateway/core/grants.hpp"
#include "gateway/store/batch.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

// Columns in the order of kGrantColumns.
inline constexpr const char* kGrantColumns =
    "SELECT id, kind, state, recipient, service, exchange, partner, matter, labels, reason, asked_by, asked_ms, "
    "decided_by, decided_ms, until_ms FROM grants ";
[[nodiscard]] GrantRow grant_of(const Query& rows);

class GrantWriter {
 public:
  explicit GrantWriter(const Connection& main);
  Outcome apply(const GrantAct& act, Effects& effects);
  // Those in force at `now`; whose end comes later is found out by the look-up, which compares times.
  [[nodiscard]] std::vector<GrantRow> in_force(Instant now);

 private:
  Outcome open(const GrantAct& act);
  Outcome decide(const GrantAct& act);

  Statement find_, alive_, insert_, decide_, in_force_, insert_act_;
};

}  // namespace tongqu::sql
