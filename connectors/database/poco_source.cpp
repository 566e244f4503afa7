#include "connectors/database/poco_source.hpp"

#include <Poco/Data/MySQL/Connector.h>
#include <Poco/Data/MySQL/SessionImpl.h>
#include <Poco/Data/ODBC/Connector.h>
#include <Poco/Data/ODBC/ODBCException.h>
#include <Poco/Data/PostgreSQL/Connector.h>
#include <Poco/Data/PostgreSQL/SessionImpl.h>
#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Exception.h>
#include <Poco/Nullable.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <list>
#include <utility>

#include "connectors/database/database_codes.hpp"

namespace tongqu::database {
namespace {

using Poco::Data::Keywords::into;
using Poco::Data::Keywords::use;

// Buffer of one ODBC column whose length the driver does not name; longer texts are cut, which row_message() notices.
constexpr std::size_t kMaxOdbcFieldBytes = 4U << 20U;

// A second descriptor of the connection's socket. It stays ours when the library closes its own, so that cutting the
// connection late can never hit a descriptor that was given to somebody else.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  void cut() const {
    if (fd_ >= 0) shutdown(fd_, SHUT_RDWR);
  }

 private:
  int fd_;
};

// SQLSTATE out of a driver's words. Poco hands the text out, not the state: libpq is asked for the state alone
// ("ERROR:  23505"), MySQL names it ("[mysql_stmt_sqlstate]: 23000"), ODBC has it in its diagnostics.
std::string state_after(const std::string& text, std::string_view mark) {
  const auto at = text.find(mark);
  if (at == std::string::npos || text.size() < at + mark.size() + 5) return {};
  std::string state = text.substr(at + mark.size(), 5);
  const bool sound =
      std::all_of(state.begin(), state.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
  return sound ? state : std::string();
}

std::string sqlstate_of(Driver driver, const Poco::Exception& error) {
  const std::string text = error.displayText();
  if (driver == Driver::kPostgresql) {
    std::string state = state_after(text, "ERROR:  ");
    return state.empty() ? state_after(text, "FATAL:  ") : state;
  }
  if (driver == Driver::kMysql) {
    std::string state = state_after(text, "sqlstate]: ");
    return state.empty() ? state_after(text, "SQLSTATE: ") : state;
  }
  using Poco::Data::ODBC::ConnectionException;
  using Poco::Data::ODBC::StatementException;
  if (const auto* of_statement = dynamic_cast<const StatementException*>(&error);
      of_statement != nullptr && of_statement->diagnostics().count() > 0)
    return of_statement->diagnostics().sqlState(0).substr(0, 5);
  if (const auto* of_connection = dynamic_cast<const ConnectionException*>(&error);
      of_connection != nullptr && of_connection->diagnostics().count() > 0)
    return of_connection->diagnostics().sqlState(0).substr(0, 5);
  return {};
}

// Much of what MySQL reports is the general HY000; its own number says more.
const ErrorCode* code_of_mysql(const std::string& text) {
  constexpr std::string_view kMark = "errno]: ";
  const auto at = text.find(kMark);
  if (at == std::string::npos) return nullptr;
  const int number = std::atoi(text.c_str() + at + kMark.size());
  if (number >= 2000 && number < 3000) return &codes::kDbUnreachable;  // of the client: gone away, lost
  if (number == 1205) return &codes::kDbBusy;
  if (number == 1364 || number == 1366) return &codes::kDbData;  // no default, no such character
  return nullptr;
}

const ErrorCode& code_of(std::string_view state) {
  const std::string_view kind = state.substr(0, 2);
  if (kind == "22" || kind == "23") return codes::kDbData;
  if (kind == "08" || kind == "58" || state == "57P01" || state == "57P02" || state == "57P03" || state.empty())
    return codes::kDbUnreachable;
  if (kind == "40" || state == "55P03") return codes::kDbBusy;
  if (state == "57014" || kind == "HY" || state == "70100")
    return state == "HY000" ? codes::kDbStatement : codes::kDbTimeout;
  return codes::kDbStatement;
}

Error judge_sqlite(sqlite3* db) {
  const int extended = sqlite3_extended_errcode(db);
  const int code = extended & 0xFF;
  const std::string param = std::to_string(extended);
  if (code == SQLITE_CONSTRAINT || code == SQLITE_TOOBIG || code == SQLITE_MISMATCH)
    return make_error(codes::kDbData, param);
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) return make_error(codes::kDbBusy);
  if (code == SQLITE_CANTOPEN || code == SQLITE_IOERR || code == SQLITE_FULL || code == SQLITE_NOTADB)
    return make_error(codes::kDbUnreachable);
  return make_error(codes::kDbStatement, param);
}

class PocoSession final : public SqlSession {
 public:
  PocoSession(Driver driver, std::int64_t statement_timeout_ms, Poco::Data::Session session, int fd,
              DeadlineWatch& watch)
      : driver_(driver),
        statement_timeout_ms_(statement_timeout_ms),
        session_(std::move(session)),
        socket_(std::make_shared<Socket>(fd)),
        watch_(watch) {}

  Result<SqlAnswer> execute(const SqlStatement& statement) override {
    SqlAnswer answer;
    auto status = guarded([&] { run(statement, answer); });
    if (status.has_error()) return status.error();
    return answer;
  }
  Status begin() override {
    return guarded([&] {
      // Poco's ODBC session has no begin while it commits by itself, and never stops doing so on its own.
      if (driver_ == Driver::kOdbc) session_.setFeature("autoCommit", false);
      session_.begin();
    });
  }
  Status commit() override {
    return guarded([&] {
      session_.commit();
      commit_alone_again();
    });
  }
  void rollback() override {
    // A failed rollback means a lost connection; the caller throws the session away.
    static_cast<void>(guarded([&] {
      if (session_.isTransaction()) session_.rollback();
      commit_alone_again();
    }));
  }
  // Poco leaves MySQL and ODBC in a transaction that the next read would open and nothing would end: its snapshot would
  // hide what the partner writes.
  void commit_alone_again() {
    if (driver_ == Driver::kOdbc || driver_ == Driver::kMysql) session_.setFeature("autoCommit", true);
  }
  // First words on a fresh connection.
  Status prepare() {
    return guarded([&] {
      if (driver_ == Driver::kPostgresql)
        session_ << "SET statement_timeout = " + std::to_string(statement_timeout_ms_), Poco::Data::Keywords::now;
      if (driver_ == Driver::kMysql)
        session_ << "SET innodb_lock_wait_timeout = " +
                        std::to_string(std::max<std::int64_t>(1, statement_timeout_ms_ / 1000)),
            Poco::Data::Keywords::now;
    });
  }

 private:
  template <class Work>
  Status guarded(Work work) {
    const auto late = std::make_shared<std::atomic<bool>>(false);
    // The server's own limit comes first where it has one; a second later the connection is cut.
    const auto ticket = watch_.arm(statement_timeout_ms_ + 1000, [socket = socket_, late] {
      late->store(true);
      socket->cut();
    });
    Status status;
    try {
      work();
    } catch (const Poco::Exception& error) {
      status = judge(error);
    } catch (const std::exception&) {
      status = make_error(codes::kDbStatement, "?");
    }
    watch_.disarm(ticket);
    if (status.has_error() && late->load()) return make_error(codes::kDbTimeout);
    return status;
  }

  Error judge(const Poco::Exception& error) {
    if (driver_ == Driver::kSqlite) return judge_sqlite(Poco::Data::SQLite::Utility::dbHandle(session_));
    const std::string state = sqlstate_of(driver_, error);
    const ErrorCode* special = driver_ == Driver::kMysql ? code_of_mysql(error.displayText()) : nullptr;
    if (special != nullptr) return make_error(*special, state);
    return make_error(code_of(state), state.empty() ? "?" : state);
  }

  void run(const SqlStatement& statement, SqlAnswer& answer) {
    Poco::Data::Statement poco(session_);
    poco << statement.text;
    // Bound by reference until the statement ran; a list, because its elements stay where they are.
    std::list<std::string> texts;
    std::list<Poco::Int64> numbers;
    Poco::Nullable<std::string> null;
    for (const SqlValue& value : statement.values) {
      if (const auto* text = std::get_if<std::string>(&value); text != nullptr) {
        poco.addBind(use(texts.emplace_back(*text)));
      } else if (const auto* number = std::get_if<std::int64_t>(&value); number != nullptr) {
        poco.addBind(use(numbers.emplace_back(*number)));
      } else {
        poco.addBind(use(null));
      }
    }
    std::vector<std::vector<Poco::Nullable<std::string>>> columns(statement.columns);
    for (auto& column : columns) poco.addExtract(into(column));
    const std::size_t count = poco.execute();
    if (columns.empty()) {
      answer.changed = count;
      return;
    }
    for (std::size_t i = 0; i < columns.front().size(); ++i) {
      SqlRow row;
      for (const auto& column : columns)
        row.push_back(column[i].isNull() ? std::nullopt : std::optional<std::string>(column[i].value()));
      answer.rows.push_back(std::move(row));
    }
  }

  const Driver driver_;
  const std::int64_t statement_timeout_ms_;
  Poco::Data::Session session_;
  std::shared_ptr<Socket> socket_;  // shared with a callback that may be on its way
  DeadlineWatch& watch_;
};

class PocoSource final : public SqlSource {
 public:
  PocoSource(SourceOptions options, DeadlineWatch& watch) : options_(std::move(options)), watch_(watch) {
    Poco::Data::SQLite::Connector::registerConnector();
    Poco::Data::PostgreSQL::Connector::registerConnector();
    Poco::Data::MySQL::Connector::registerConnector();
    Poco::Data::ODBC::Connector::registerConnector();
  }

  Result<std::unique_ptr<SqlSession>> open() override {
    try {
      const auto seconds =
          static_cast<std::size_t>(std::max<std::int64_t>(1, (options_.connect_timeout_ms + 999) / 1000));
      Poco::Data::Session session(name(), options_.connection, options_.driver == Driver::kSqlite ? 0 : seconds);
      const int fd = configure(session);
      auto made =
          std::make_unique<PocoSession>(options_.driver, options_.statement_timeout_ms, std::move(session), fd, watch_);
      if (auto status = made->prepare(); status.has_error()) return status.error();
      return std::unique_ptr<SqlSession>(std::move(made));
    } catch (const Poco::Exception&) {
      return make_error(codes::kDbUnreachable);
    } catch (const std::exception&) {
      return make_error(codes::kDbUnreachable);
    }
  }

 private:
  [[nodiscard]] std::string name() const {
    switch (options_.driver) {
      case Driver::kSqlite: return "SQLite";
      case Driver::kPostgresql: return "PostgreSQL";
      case Driver::kMysql: return "MySQL";
      case Driver::kOdbc: return "ODBC";
    }
    return {};
  }

  // Sets the connection up and gives its socket's descriptor, -1 where there is none to be had.
  int configure(Poco::Data::Session& session) const {
    if (options_.driver == Driver::kSqlite) {
      sqlite3_busy_timeout(Poco::Data::SQLite::Utility::dbHandle(session),
                           static_cast<int>(options_.statement_timeout_ms));
      return -1;
    }
    if (options_.driver == Driver::kPostgresql) {
      auto* impl = dynamic_cast<Poco::Data::PostgreSQL::SessionImpl*>(session.impl());
      if (impl == nullptr) return -1;
      PGconn* connection = impl->handle();
      // States only: the full messages of the server quote values.
      PQsetErrorVerbosity(connection, PQERRORS_SQLSTATE);
      return PQsocket(connection);
    }
    if (options_.driver == Driver::kMysql) {
      auto* impl = dynamic_cast<Poco::Data::MySQL::SessionImpl*>(session.impl());
      return impl == nullptr ? -1 : mysql_get_socket(impl->handle());
    }
    // Bound buffers: read in pieces, Poco 1.11 keeps the end mark of each piece inside a text longer than 1,023 bytes.
    session.setFeature("autoExtract", true);
    session.setProperty("maxFieldSize", Poco::Any(kMaxOdbcFieldBytes));
    session.setProperty("queryTimeout",
                        Poco::Any(static_cast<int>(std::max<std::int64_t>(1, options_.statement_timeout_ms / 1000))));
    return -1;
  }

  SourceOptions options_;
  DeadlineWatch& watch_;
};

}  // namespace

std::unique_ptr<SqlSource> make_poco_source(SourceOptions options, DeadlineWatch& watch) {
  return std::make_unique<PocoSource>(std::move(options), watch);
}

}  // namespace tongqu::database
