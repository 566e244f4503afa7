#pragma once
// The tables of both databases, as a list of migrations. Migration n turns version n-1 into n in one transaction and is
// never changed after a release.
#include <span>

#include "gateway/core/error.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

struct Migration {
  const char* statements;
};

[[nodiscard]] std::span<const Migration> main_migrations();
[[nodiscard]] std::span<const Migration> key_migrations();

// Version of an open database; 0 = empty.
[[nodiscard]] std::int64_t schema_version(const Connection& database);
// Applies what is missing up to `migrations.size()`. Fails with store.newer, without touching anything, when the file
// is of a later version. Throws SqlError.
[[nodiscard]] Status migrate(const Connection& database, std::span<const Migration> migrations);

}  // namespace tongqu::sql
