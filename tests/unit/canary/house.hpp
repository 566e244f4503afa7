#pragma once
// The gateway's real parts around one store in a folder of its own: partner interface, line, queries, delivery, pull
// inbox, admin interface. Configurations are swapped while it runs. Everything that leaves any part, or that lies on
// the disk, is kept as a Piece.
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/app/config_compile.hpp"
#include "gateway/core/http.hpp"

namespace tongqu::canary_test {

inline constexpr std::uint32_t kNoPair = 0xFFFFFFFFU;

struct Piece {
  std::string sink;       // "message", "answer", "response", "ledger", "audit", "admin", "log", "disk"
  std::string recipient;  // of a message or an answer
  std::string service;    // at that recipient
  std::string exchange;   // empty = of all
  std::uint32_t pair = kNoPair;
  std::string bytes;
  bool is_text = true;
};

class House {
 public:
  // `answer_of(body of a question)` plays the registries. `recipients`: who is sent messages; those in `pulling` fetch
  // theirs.
  using AnswerOf = std::function<std::string(const std::string& question)>;
  House(std::filesystem::path folder, std::vector<std::string> recipients, std::vector<std::string> pulling,
        std::vector<std::string> registries, AnswerOf answer_of);
  ~House();

  void use(std::shared_ptr<const CompiledConfig> config);
  // A request of `partner` at the partner listener. Returns at once; its answer is a piece of `pair`.
  void post(const std::string& partner, const std::string& target, std::string content_type, std::string body,
            std::uint32_t pair, bool is_query);
  // Until everything is answered. False after a minute without an end.
  [[nodiscard]] bool wait_answers();
  // Until, beside that, everything is delivered or dead, and fetched; without `all` as much of it as can be: what waits
  // behind a dead letter stays. False as above.
  [[nodiscard]] bool settle(bool all = true);
  // Exchange of a pair, and what became of it; empty when it was turned back.
  struct Taken {
    std::string exchange;
    int status = 0;
  };
  [[nodiscard]] Taken taken(std::uint32_t pair) const;
  // The canonical record, opened; empty when there is none.
  [[nodiscard]] std::string record_of(const std::string& exchange) const;
  [[nodiscard]] std::string route_of(const std::string& exchange) const;
  // The bytes that wait in the outbox: of matters whose earlier message is dead.
  void keep_unsent();
  // The explanation of a stored exchange under the active configuration, and what the admin interface shows of it.
  void explain(const std::string& exchange);
  // Ledger, audit log, metrics, admin interface.
  void collect();
  // Ends all parts and reads every file below the folder.
  void close();
  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
  void keep(Piece piece);

 private:
  struct Parts;
  void get_inbox(const std::string& partner);
  [[nodiscard]] std::string admin_get(const std::string& path) const;

  std::filesystem::path folder_;
  std::vector<std::string> pulling_;
  std::unique_ptr<Parts> parts_;
  mutable std::mutex mutex_;
  std::condition_variable answered_;
  std::size_t open_ = 0;
  std::map<std::uint32_t, Taken> taken_;
  std::vector<Piece> pieces_;
};

}  // namespace tongqu::canary_test
