#include "tests/component/database/servers.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/data.hpp"

namespace tongqu::database::test {
namespace {

constexpr const char* kPostgresql = "/usr/lib/postgresql/15/bin/";

void demand(const std::string& program) {
  if (access(program.c_str(), X_OK) == 0) return;
  std::fprintf(stderr, "\n*** %s IS NOT INSTALLED: scripts/packages.sh (group test) installs the databases. ***\n\n",
               program.c_str());
  std::_Exit(1);
}

int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0) std::abort();
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

// Both servers refuse to run as root.
const passwd* unprivileged() {
  if (getuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");
  return user != nullptr ? user : getpwnam("nobody");
}

pid_t launch(const std::vector<std::string>& command, const std::string& folder) {
  const passwd* user = unprivileged();
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int out = open((folder + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  dup2(out, 1);
  dup2(out, 2);
  if (user != nullptr && (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
    _exit(99);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (chdir(folder.c_str()) != 0) _exit(98);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(97);
}

void run_to_end(const std::vector<std::string>& command, const std::string& folder) {
  int status = 0;
  waitpid(launch(command, folder), &status, 0);
  ASSERT_EQ(status, 0) << command[0] << " failed, see " << folder << "/log";
}

}  // namespace

void wait_until(const char* what, const std::function<bool()>& happened) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(180);  // sanitizers are slow
  while (!happened()) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << "never happened: " << what;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

Server::Server(Kind kind) : kind_(kind), folder_(tongqu::test::temporary_folder("database")) {
  if (const passwd* user = unprivileged(); user != nullptr && chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0)
    std::abort();
}

std::unique_ptr<Server> Server::start(Kind kind) {
  auto server = std::unique_ptr<Server>(new Server(kind));
  server->port_ = free_port();
  server->make_data();
  server->run();
  return server;
}

void Server::make_data() const {
  if (kind_ == Kind::kSqlite) {
    std::ofstream(folder_ + "/front.db").close();
  } else if (kind_ == Kind::kMariadb) {
    demand("/usr/sbin/mariadbd");
    run_to_end({"/usr/bin/mariadb-install-db", "--no-defaults", "--datadir=" + folder_ + "/data",
                "--auth-root-authentication-method=normal", "--skip-test-db"},
               folder_);
    std::ofstream(folder_ + "/init.sql") << "CREATE DATABASE IF NOT EXISTS front CHARACTER SET utf8mb4;\n"
                                            "CREATE USER IF NOT EXISTS 'tongqu'@'%' IDENTIFIED BY 's3cret';\n"
                                            "GRANT ALL ON front.* TO 'tongqu'@'%';\n";
  } else {
    demand(std::string(kPostgresql) + "initdb");
    run_to_end({std::string(kPostgresql) + "initdb", "-D", folder_ + "/data", "-A", "trust", "-U", "tongqu", "-E",
                "UTF8", "--locale=C", "--no-sync"},
               folder_);
  }
}

void Server::run() {
  if (kind_ == Kind::kSqlite) return;
  const std::string port = std::to_string(port_);
  if (kind_ == Kind::kMariadb) {
    pid_ = launch({"/usr/sbin/mariadbd", "--no-defaults", "--datadir=" + folder_ + "/data", "--port=" + port,
                   "--socket=" + folder_ + "/s", "--bind-address=127.0.0.1", "--init-file=" + folder_ + "/init.sql",
                   "--innodb-buffer-pool-size=32M", "--skip-name-resolve"},
                  folder_);
  } else {
    pid_ = launch({std::string(kPostgresql) + "postgres", "-D", folder_ + "/data", "-p", port, "-h", "127.0.0.1", "-k",
                   folder_, "-c", "shared_buffers=16MB"},
                  folder_);
  }
  DeadlineWatch watch;
  const auto source = make_poco_source(options(), watch);
  wait_until("the server answers", [&] { return source->open().has_value(); });
}

void Server::kill() {
  if (pid_ == 0) return;
  // postgres: its children follow when the postmaster is told to stop at once.
  ::kill(pid_, kind_ == Kind::kMariadb ? SIGKILL : SIGQUIT);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

void Server::freeze() {
  ::kill(pid_, SIGSTOP);
  // The postmaster's children serve the connections.
  if (kind_ != Kind::kMariadb) {
    const std::string command = "pkill -STOP -P " + std::to_string(pid_);
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
}

void Server::thaw() {
  if (kind_ != Kind::kMariadb) {
    const std::string command = "pkill -CONT -P " + std::to_string(pid_);
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  ::kill(pid_, SIGCONT);
}

Server::~Server() {
  kill();
  std::filesystem::remove_all(folder_);
}

SourceOptions Server::options() const {
  SourceOptions options;
  options.statement_timeout_ms = 5000;
  const std::string port = std::to_string(port_);
  switch (kind_) {
    case Kind::kSqlite:
      options.driver = Driver::kSqlite;
      options.connection = "file:" + folder_ + "/front.db?mode=rw";
      break;
    case Kind::kPostgresql:
      options.driver = Driver::kPostgresql;
      options.connection =
          "host=127.0.0.1 port=" + port + " dbname=postgres user=tongqu sslmode=disable client_encoding=UTF8";
      break;
    case Kind::kMariadb:
      options.driver = Driver::kMysql;
      options.connection =
          "host=127.0.0.1;port=" + port + ";db=front;user=tongqu;password=s3cret;character-set=utf8mb4";
      break;
    case Kind::kOdbcPostgresql:
      options.driver = Driver::kOdbc;
      options.connection = "DRIVER={PostgreSQL ANSI};SERVER=127.0.0.1;PORT=" + port +
                           ";DATABASE=postgres;UID=tongqu;PWD=x;SSLMODE=disable;MaxLongVarcharSize=2097152;"
                           "ConnSettings={SET client_encoding TO 'UTF8'}";
      break;
  }
  return options;
}

const char* Server::dialect() const {
  return kind_ == Kind::kSqlite       ? "sqlite"
         : kind_ == Kind::kMariadb    ? "mysql"
         : kind_ == Kind::kPostgresql ? "postgresql"
                                      : "kingbase";
}

const char* Server::time_type() const {
  return kind_ == Kind::kSqlite ? "TEXT" : kind_ == Kind::kMariadb ? "DATETIME(3)" : "TIMESTAMP(3)";
}

}  // namespace tongqu::database::test
