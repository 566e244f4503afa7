#pragma once
// One connection to a partner's database, as the connector's two directions see it.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/database/row_document.hpp"
#include "connectors/database/statements.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::database {

struct SqlAnswer {
  std::vector<SqlRow> rows;  // when the statement has columns
  std::size_t changed = 0;   // else
};

// Used by one thread at a time. Every failure is one of database.unreachable, .busy, .timeout, .statement, .data; after
// any of them the transaction is over and, unless it was .data, the session is to be thrown away.
class SqlSession {
 public:
  virtual ~SqlSession() = default;
  [[nodiscard]] virtual Result<SqlAnswer> execute(const SqlStatement& statement) = 0;
  [[nodiscard]] virtual Status begin() = 0;
  [[nodiscard]] virtual Status commit() = 0;
  // Never fails: a connection that cannot roll back is thrown away, and the server rolls back.
  virtual void rollback() = 0;
};

// Opens connections; each call may take as long as the connect timeout. Thread-safe.
class SqlSource {
 public:
  virtual ~SqlSource() = default;
  [[nodiscard]] virtual Result<std::unique_ptr<SqlSession>> open() = 0;
};

}  // namespace tongqu::database
