#pragma once
// SQLite connections from Poco Data, and prepared statements on their native handle (docs/decisions/0002: binding
// through Poco's statement layer costs several times the insert itself). Inside gateway/store only; SqlError does not
// leave it. A connection with its statements belongs to one thread at a time.
#include <concepts>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tongqu::sql {

// A failed call of SQLite. The text is SQLite's constant text for the code: it holds no value.
class SqlError : public std::exception {
 public:
  explicit SqlError(int extended_code);
  [[nodiscard]] const char* what() const noexcept override;
  [[nodiscard]] int code() const { return extended_ & 0xff; }
  [[nodiscard]] bool constraint() const;  // one row does not fit; the others may
  [[nodiscard]] bool disk_full() const;
  [[nodiscard]] bool interrupted() const;  // time limit of a read

 private:
  int extended_;
};

struct Blob {
  std::string_view bytes;
};

// A compiled statement. Parameters are bound in order; texts and blobs are not copied and must live until the call
// (run) or the rows (Query) are done.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* db, std::string_view text);
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  // Binds, executes to the end, resets.
  template <class... Args>
  void run(const Args&... args) {
    bind_all(args...);
    execute();
  }
  template <class... Args>
  void bind_all(const Args&... args) {
    int place = 0;
    (bind(++place, args), ...);
  }
  bool step();  // true = a row
  void reset() noexcept;

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view view(int column) const;  // text or blob; valid until the next step
  [[nodiscard]] bool is_null(int column) const;

 private:
  template <std::integral T>
  void bind(int place, T value) {
    bind_integer(place, static_cast<std::int64_t>(value));
  }
  void bind(int place, std::string_view value);
  void bind(int place, const std::string& value) { bind(place, std::string_view(value)); }
  void bind(int place, const char* value) { bind(place, std::string_view(value)); }
  void bind(int place, Blob value);
  void bind(int place, std::nullptr_t);
  void bind_integer(int place, std::int64_t value);
  void execute();

  sqlite3_stmt* statement_ = nullptr;
};

// The rows of one execution; resets the statement at its end, so that no read transaction stays open.
class Query {
 public:
  template <class... Args>
  explicit Query(Statement& statement, const Args&... args) : statement_(statement) {
    statement_.bind_all(args...);
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { statement_.reset(); }

  bool next() { return statement_.step(); }
  [[nodiscard]] std::int64_t integer(int column) const { return statement_.integer(column); }
  [[nodiscard]] std::string text(int column) const { return std::string(statement_.view(column)); }
  [[nodiscard]] std::string_view view(int column) const { return statement_.view(column); }
  [[nodiscard]] bool is_null(int column) const { return statement_.is_null(column); }

 private:
  Statement& statement_;
};

struct ConnectOptions {
  std::string vfs;  // empty = the system's
  std::int64_t busy_timeout_ms = 5000;
};

// Makes a database file that nobody else may read, before SQLite makes it with the mode of the process; no effect when
// it is there. Thread-safe.
void make_private(const std::string& path);

class Connection {
 public:
  Connection();
  Connection(const std::string& path, const ConnectOptions& options);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  [[nodiscard]] bool is_open() const { return handle_ != nullptr; }
  [[nodiscard]] sqlite3* handle() const { return handle_; }
  [[nodiscard]] Statement prepare(std::string_view text) const { return {handle_, text}; }
  void exec(const char* text) const;
  [[nodiscard]] std::int64_t integer(std::string_view query) const;  // first column of the first row; 0 without one
  void rollback() const noexcept;                                    // no effect outside a transaction
  // All statements must be gone.
  void close() noexcept;

 private:
  struct Session;
  std::unique_ptr<Session> session_;
  sqlite3* handle_ = nullptr;
};

// "file:…?vfs=…" with everything escaped that means something in a URI.
[[nodiscard]] std::string uri_of(const std::string& path, const std::string& vfs);

}  // namespace tongqu::sql
