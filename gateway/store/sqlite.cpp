#include "gateway/store/sqlite.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace tongqu::sql {

SqlError::SqlError(int extended_code) : extended_(extended_code) {}
const char* SqlError::what() const noexcept { return sqlite3_errstr(extended_); }
bool SqlError::constraint() const {
  return code() == SQLITE_CONSTRAINT || code() == SQLITE_TOOBIG || code() == SQLITE_MISMATCH;
}
bool SqlError::disk_full() const { return code() == SQLITE_FULL; }
bool SqlError::interrupted() const { return code() == SQLITE_INTERRUPT; }

namespace {
// Poco repeats a failed opening every 10 ms until its time is over; the writer has its own rule for that.
constexpr std::size_t kOpenTimeoutSeconds = 0;

// Each connection is used by one thread at a time (the writer, a borrowed read session, the checkpointer), so SQLite's
// own mutex around every call protects nothing. Takes effect before the library is first used, else not at all.
// Counting memory, which nobody reads, takes a mutex for every allocation of every connection.
void leave_out_mutexes() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MULTITHREAD) | sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(done);
}

void check(int code) {
  if (code != SQLITE_OK) throw SqlError(code);
}
}  // namespace

Statement::Statement(sqlite3* db, std::string_view text) {
  check(sqlite3_prepare_v3(db, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &statement_,
                           nullptr));
}

Statement::Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  if (this != &other) {
    sqlite3_finalize(statement_);
    statement_ = std::exchange(other.statement_, nullptr);
  }
  return *this;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw SqlError(code);
}

void Statement::execute() {
  const int code = sqlite3_step(statement_);
  sqlite3_reset(statement_);
  if (code != SQLITE_DONE && code != SQLITE_ROW) throw SqlError(code);
}

void Statement::reset() noexcept { sqlite3_reset(statement_); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Statement::view(int column) const {
  // The blob call first: it does not convert, so the size that follows belongs to the same bytes.
  const void* bytes = sqlite3_column_blob(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

void Statement::bind_integer(int place, std::int64_t value) { check(sqlite3_bind_int64(statement_, place, value)); }

void Statement::bind(int place, std::string_view value) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* bytes = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_text64(statement_, place, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int place, Blob value) {
  const char* bytes = value.bytes.data() == nullptr ? "" : value.bytes.data();
  check(sqlite3_bind_blob64(statement_, place, bytes, value.bytes.size(), SQLITE_STATIC));
}

void Statement::bind(int place, std::nullptr_t) { check(sqlite3_bind_null(statement_, place)); }

struct Connection::Session {
  Poco::Data::Session poco;
};

// SQLite gives its companion files the mode of the database file.
void make_private(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file >= 0) ::close(file);
}

Connection::Connection() = default;
Connection::Connection(Connection&& other) noexcept
    : session_(std::move(other.session_)), handle_(std::exchange(other.handle_, nullptr)) {}
Connection& Connection::operator=(Connection&& other) noexcept {
  if (this != &other) {
    close();
    session_ = std::move(other.session_);
    handle_ = std::exchange(other.handle_, nullptr);
  }
  return *this;
}
Connection::~Connection() { close(); }

Connection::Connection(const std::string& path, const ConnectOptions& options) {
  try {
    leave_out_mutexes();
    Poco::Data::SQLite::Connector::registerConnector();
    session_ = std::make_unique<Session>(Poco::Data::Session("SQLite", uri_of(path, options.vfs), kOpenTimeoutSeconds));
    handle_ = Poco::Data::SQLite::Utility::dbHandle(session_->poco);
  } catch (const Poco::Exception&) {
    throw SqlError(SQLITE_CANTOPEN);
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, static_cast<int>(options.busy_timeout_ms));
}

void Connection::close() noexcept {
  handle_ = nullptr;
  if (!session_) return;
  try {
    session_->poco.close();
  } catch (const Poco::Exception&) {
    // The handle is given back by SQLite whatever the last checkpoint said; the next opening looks at the files.
  }
  session_.reset();
}

void Connection::exec(const char* text) const { check(sqlite3_exec(handle_, text, nullptr, nullptr, nullptr)); }

std::int64_t Connection::integer(std::string_view query) const {
  Statement statement = prepare(query);
  return statement.step() ? statement.integer(0) : 0;
}

void Connection::rollback() const noexcept {
  if (handle_ != nullptr && sqlite3_get_autocommit(handle_) == 0) {
    sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

std::string uri_of(const std::string& path, const std::string& vfs) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  if (!vfs.empty()) out += "?vfs=" + vfs;
  return out;
}

}  // namespace tongqu::sql
