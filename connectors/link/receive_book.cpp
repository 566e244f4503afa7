#include "connectors/link/receive_book.hpp"

#include <algorithm>

#include "connectors/link/link_codes.hpp"

namespace tongqu::link {

std::vector<std::uint64_t> ReceiveBook::kept_bundles() const {
  std::vector<std::uint64_t> out;
  out.reserve(digests_.size());
  for (const auto& [number, digest] : digests_) out.push_back(number);
  return out;
}

Result<Coming> ReceiveBook::judge(const ReadBundle& read) const {
  const std::uint64_t number = read.bundle.number;
  if (number <= last_) {
    const auto found = digests_.find(number);
    if (found == digests_.end()) return Coming::kForgotten;
    if (found->second != read.digest) return make_error(codes::kLinkReused);
    return Coming::kRepeated;
  }
  if (number > awaited() + kMaxAhead) return make_error(codes::kLinkAhead, std::to_string(kMaxAhead));
  if (number > awaited()) return Coming::kAhead;
  if (read.bundle.previous != last_digest_) return make_error(codes::kLinkChain);
  return Coming::kNext;
}

void ReceiveBook::taken(std::uint64_t number, const std::string& digest) {
  digests_[number] = digest;
  if (number < last_) return;
  last_ = number;
  last_digest_ = digest;
  ahead_.erase(ahead_.begin(), ahead_.upper_bound(number));
  spoilt_.erase(spoilt_.begin(), spoilt_.upper_bound(number));
}

std::vector<std::uint64_t> ReceiveBook::prune() {
  std::vector<std::uint64_t> out;
  while (digests_.size() > kKeptBundles) {
    out.push_back(digests_.begin()->first);
    digests_.erase(digests_.begin());
  }
  return out;
}

void ReceiveBook::ahead(std::set<std::uint64_t> numbers) {
  ahead_ = std::move(numbers);
  for (const std::uint64_t number : ahead_) spoilt_.erase(number);
}

void ReceiveBook::spoilt(std::uint64_t number) {
  if (number > last_ && number <= awaited() + kMaxAhead && !ahead_.contains(number)) spoilt_.insert(number);
}

std::uint64_t ReceiveBook::highest() const {
  std::uint64_t out = last_;
  if (!ahead_.empty()) out = std::max(out, *ahead_.rbegin());
  // A spoilt number counts as missing, so that it lies below the highest.
  if (!spoilt_.empty()) out = std::max(out, *spoilt_.rbegin());
  return out;
}

std::vector<std::uint64_t> ReceiveBook::missing() const {
  std::vector<std::uint64_t> out;
  for (std::uint64_t number = awaited(); number <= highest() && out.size() < kMaxMissing; ++number) {
    if (!ahead_.contains(number)) out.push_back(number);
  }
  return out;
}

}  // namespace tongqu::link
