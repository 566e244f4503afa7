#pragma once
// What the receiving side knows: up to which number all bundles were taken, and what was answered. No I/O; not
// thread-safe.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "connectors/link/bundle.hpp"

namespace tongqu::link {

enum class Coming : std::uint8_t {
  kNext,       // to be taken now
  kRepeated,   // taken before: the same answers go again
  kForgotten,  // taken before, so long ago that its answers are no longer kept
  kAhead,      // waits for those before it
};

class ReceiveBook {
 public:
  // So many answers are kept; the sending side has fewer bundles open at once.
  static constexpr std::size_t kKeptBundles = 4'096;
  static constexpr std::uint64_t kMaxAhead = 1'000;

  [[nodiscard]] std::uint64_t awaited() const { return last_ + 1; }
  [[nodiscard]] const std::string& last_digest() const { return last_digest_; }
  [[nodiscard]] bool kept(std::uint64_t number) const { return digests_.contains(number); }
  [[nodiscard]] std::vector<std::uint64_t> kept_bundles() const;

  // link.chain, link.number-reused, link.too-far-ahead.
  [[nodiscard]] Result<Coming> judge(const ReadBundle& read) const;
  // Its answers are on disk; also at the start, in rising order.
  void taken(std::uint64_t number, const std::string& digest);
  // Answers that need not be kept any longer; they are forgotten here.
  [[nodiscard]] std::vector<std::uint64_t> prune();

  // Bundles that wait in the folder, as one look found them.
  void ahead(std::set<std::uint64_t> numbers);
  // A number that certainly exists on the other side although its file could not be used.
  void spoilt(std::uint64_t number);
  [[nodiscard]] std::uint64_t highest() const;
  [[nodiscard]] std::vector<std::uint64_t> missing() const;

 private:
  std::uint64_t last_ = 0;
  std::string last_digest_;
  std::map<std::uint64_t, std::string> digests_;
  std::set<std::uint64_t> ahead_;
  std::set<std::uint64_t> spoilt_;
};

}  // namespace tongqu::link
