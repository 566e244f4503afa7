#pragma once
// The protocol `database` (前置库): reads rows of a partner's tables, writes rows into them.
#include "connectors/database/table_check.hpp"
#include "connectors/support/context.hpp"

namespace tongqu {

extern const ConnectorType kDatabaseConnector;

// Dry run of the tables of a partner's `inbound` with connector database: table_check.hpp, for each of them. Fails as
// making the connector does, or with the database's code; `counts` has what was seen until then.
[[nodiscard]] Status check_database_tables(const Setting& inbound, const ConnectorContext& context, Intake& intake,
                                           std::vector<database::TableCounts>& counts,
                                           const std::function<void()>& seen);

}  // namespace tongqu
