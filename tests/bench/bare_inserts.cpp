// The floor under the gateway's store: as many bytes as the gateway keeps for one order, as one plain row each, in
// transactions of the gateway's own grouping, journal and synchronous setting as in the gateway's database.
#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <random>
#include <string>

namespace {

struct Options {
  std::string file;
  std::uint64_t bytes = 0;
  std::uint64_t group = 0;
  std::uint64_t seconds = 5;
};

bool run(sqlite3* database, const char* statement) {
  return sqlite3_exec(database, statement, nullptr, nullptr, nullptr) == SQLITE_OK;
}

std::string random_bytes(std::uint64_t size) {
  std::mt19937_64 random(1);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random() & 0xFFU);
  return text;
}

int measure(const Options& options) {
  using Steady = std::chrono::steady_clock;
  sqlite3* database = nullptr;
  if (sqlite3_open(options.file.c_str(), &database) != SQLITE_OK) return 1;
  sqlite3_stmt* insert = nullptr;
  const bool ready =
      run(database, "PRAGMA journal_mode=WAL") && run(database, "PRAGMA synchronous=FULL") &&
      run(database, "CREATE TABLE orders(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)") &&
      sqlite3_prepare_v2(database, "INSERT INTO orders(bytes) VALUES(?)", -1, &insert, nullptr) == SQLITE_OK;
  if (!ready) return 1;
  const std::string bytes = random_bytes(options.bytes);
  const auto begin = Steady::now();
  const auto end = begin + std::chrono::seconds(options.seconds);
  std::uint64_t rows = 0;
  while (Steady::now() < end) {
    if (!run(database, "BEGIN IMMEDIATE")) return 1;
    for (std::uint64_t i = 0; i < options.group; ++i, ++rows) {
      sqlite3_bind_blob(insert, 1, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
      if (sqlite3_step(insert) != SQLITE_DONE) return 1;
      sqlite3_reset(insert);
    }
    if (!run(database, "COMMIT")) return 1;
  }
  const double took_s = std::chrono::duration<double>(Steady::now() - begin).count();
  sqlite3_finalize(insert);
  sqlite3_close(database);
  std::cout << "{\"rows\":" << rows << ",\"per_second\":" << static_cast<double>(rows) / took_s << "}\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Durable inserts into SQLite, nothing else");
  Options options;
  app.add_option("--file", options.file, "database, made anew")->required();
  app.add_option("--bytes", options.bytes, "of one row")->required()->check(CLI::Range(1, 1 << 20));
  app.add_option("--group", options.group, "rows in a transaction")->required()->check(CLI::Range(1, 100'000));
  app.add_option("--seconds", options.seconds, "how long")->check(CLI::Range(1, 600));
  CLI11_PARSE(app, argc, argv);
  return measure(options);
}
