#pragma once
// The object `database` of a partner → driver, connection text, dialect. No connection is made.
#include "connectors/database/dialect.hpp"
#include "connectors/database/poco_source.hpp"
#include "connectors/support/context.hpp"

namespace tongqu::database {

// Fails with database.connection (a value that the driver's text cannot carry, or one that is missing) or database.tls.
[[nodiscard]] Result<SourceOptions> source_options(const Setting& database, const ConnectorContext& context);
// Fails with database.dialect.
[[nodiscard]] Result<Dialect> dialect_of(const Setting& database);

// Values inside a connection text; empty optional: it cannot be written. Pure.
[[nodiscard]] std::optional<std::string> postgresql_value(std::string_view value);  // libpq: \ before ' and \; no space
[[nodiscard]] std::optional<std::string> mysql_value(std::string_view value);  // Poco: no ';', no space at the ends
[[nodiscard]] std::optional<std::string> odbc_value(std::string_view value);   // {…} with } doubled

}  // namespace tongqu::database
