#pragma once
// Connections through Poco Data: SQLite, PostgreSQL, MySQL/MariaDB, and everything with an ODBC driver.
#include <memory>
#include <string>

#include "connectors/database/deadline_watch.hpp"
#include "connectors/database/sql_session.hpp"

namespace tongqu::database {

enum class Driver : std::uint8_t { kSqlite, kPostgresql, kMysql, kOdbc };

struct SourceOptions {
  Driver driver = Driver::kSqlite;
  std::string connection;  // in the driver's own form; holds the password, so it is never logged
  std::int64_t connect_timeout_ms = 5000;
  std::int64_t statement_timeout_ms = 10'000;
};

// A statement that takes longer than its time has its connection cut, so that the thread comes back even from a server
// that does not answer (SQLite: the wait for a lock ends; ODBC: as far as the vendor's driver obeys its own timeout).
// `watch` outlives the source and its sessions.
[[nodiscard]] std::unique_ptr<SqlSource> make_poco_source(SourceOptions options, DeadlineWatch& watch);

}  // namespace tongqu::database
