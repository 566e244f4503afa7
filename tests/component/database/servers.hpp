#pragma once
// Real database servers, each in a temporary folder on a free port, as an unprivileged user; ended with the object.
#include <sys/types.h>

#include <memory>
#include <string>

#include "connectors/database/poco_source.hpp"

namespace tongqu::database::test {

enum class Kind : std::uint8_t { kSqlite, kPostgresql, kMariadb, kOdbcPostgresql };

class Server {
 public:
  // Ends the test with a loud word when the server's package is not installed.
  static std::unique_ptr<Server> start(Kind kind);
  ~Server();
  [[nodiscard]] SourceOptions options() const;
  [[nodiscard]] const char* dialect() const;
  [[nodiscard]] const char* time_type() const;
  [[nodiscard]] Kind kind() const { return kind_; }
  void kill();    // as a power cut
  void run();     // again, on the same port and data
  void freeze();  // accepts connections and answers nothing
  void thaw();

 private:
  explicit Server(Kind kind);
  void make_data() const;
  Kind kind_;
  std::string folder_;
  int port_ = 0;
  pid_t pid_ = 0;
};

// Waits for the event; fails the test when it does not come within 60 s.
void wait_until(const char* what, const std::function<bool()>& happened);

}  // namespace tongqu::database::test
