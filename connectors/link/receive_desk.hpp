#pragma once
// The receiving side on disk. The bundle stays in the shared folder until its answers are written:
//
//   look    the bundle that is next: whole, signed, of the right link, number and chain. On the way repeated ones get
//           the same answers again, bad ones go to quarantine, later ones wait where they are.
//   take    answers/<n> in the state folder: from here on the bundle is taken; then the file of answers for the other
//           side; then the bundle is removed
//   ask     a file that names the numbers that are missing
//   list    one-way links: the answers of a day in one file, for a person to carry
//
// Not thread-safe. After an error load() brings the book back to what is on disk.
#include <optional>
#include <set>

#include "connectors/link/inspection.hpp"
#include "connectors/link/link_options.hpp"
#include "connectors/link/receive_book.hpp"

namespace tongqu::link {

struct ReceiveRules {
  std::int64_t ask_ms = 60'000;    // between two requests for what is missing
  std::int64_t list_ms = 600'000;  // between two writings of a day's list
};

class ReceiveDesk {
 public:
  // All references outlive it.
  ReceiveDesk(LinkRules rules, ReceiveRules times, Folders folders, LinkKeys keys);

  [[nodiscard]] Status load();
  struct Found {
    std::string file;
    ReadBundle read;
  };
  // Empty when the next bundle is not there. Files that went to quarantine are told in `bad`.
  [[nodiscard]] Result<std::optional<Found>> look(std::int64_t steady_ms, Instant now, std::vector<Error>& bad);
  // `answers` as many as the bundle has entries, in their order.
  [[nodiscard]] Status take(const Found& found, std::vector<Answer> answers, Instant now);
  [[nodiscard]] Status ask(std::int64_t steady_ms, Instant now);
  [[nodiscard]] Status list(std::int64_t steady_ms, Instant now);
  // A bundle is missing that others wait for.
  [[nodiscard]] bool waits() const { return !book_.missing().empty(); }
  [[nodiscard]] const ReceiveBook& book() const { return book_; }

 private:
  struct Ahead {
    std::uint64_t size_bytes = 0;
    std::int64_t mtime_ms = 0;
  };
  [[nodiscard]] Result<std::optional<Found>> look_at(const file::FileInfo& file, std::uint64_t number,
                                                     std::int64_t steady_ms, Instant now, std::vector<Error>& bad);
  [[nodiscard]] Status spoil(const file::FileInfo& file, std::uint64_t number, const Error& why, std::int64_t steady_ms,
                             Instant now, std::vector<Error>& bad);
  [[nodiscard]] Status repeat(const std::string& file, std::uint64_t number, Instant now);
  [[nodiscard]] Status answer(const BundleAnswer& answer, Instant now);
  [[nodiscard]] Answers head(Instant now) const;
  [[nodiscard]] Status put(FileKind kind, std::uint64_t number, const Answers& answers);
  [[nodiscard]] Status list_day(std::int64_t day, Instant now);
  [[nodiscard]] Result<KeptAnswer> kept(std::uint64_t number);

  LinkRules rules_;
  ReceiveRules times_;
  Folders folders_;
  LinkKeys keys_;
  Inspection inspection_;
  ReceiveBook book_;
  std::map<std::string, Ahead> ahead_;  // by file name: verified, waiting
  std::map<std::uint64_t, Instant> taken_at_;
  std::set<std::int64_t> days_;            // whose list is not up to date, as 20261126
  std::optional<std::int64_t> asked_ms_;   // steady
  std::uint64_t asked_number_ = 0;         // of the request that may lie in the folder
  std::optional<std::int64_t> listed_ms_;  // steady
};

}  // namespace tongqu::link
