#pragma once
// Dry run of one table: what would become of the rows that wait to be read. Nothing is claimed, nothing is written.
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "connectors/database/database_inbound.hpp"

namespace tongqu::database {

// rows = taken + refused: whether a record comes a second time only the import itself can tell.
struct TableCounts {
  std::string table;
  std::uint64_t rows = 0;
  std::uint64_t taken = 0;
  std::uint64_t refused = 0;
  std::map<std::string, std::uint64_t> reasons;  // code → rows refused for it
};

// Offers every row in the state *new* to `intake`, in the order of the ids and one after the other; rows that are
// written meanwhile may be among them. `intake` answers before accept() returns and stores nothing. Fails with the code
// of a statement that failed; what was counted until then is in `counts`. Blocking; `seen` is called after each row.
[[nodiscard]] Status check_table(const PartnerId& partner, const Dialect& dialect, const ReaderOptions& options,
                                 SqlSession& session, const Codec& json, const Suite& suite, Intake& intake,
                                 TableCounts& counts, const std::function<void()>& seen);

}  // namespace tongqu::database
