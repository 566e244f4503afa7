#pragma once
// Which order keys have a message under way. The store offers heads of keys only; this adds that a head is not sent
// again between its attempt and the commit of its result. Not thread-safe.
#include <string>
#include <unordered_set>

namespace tongqu {

class OrderKeys {
 public:
  // False when a message of `key` is under way.
  [[nodiscard]] bool claim(const std::string& key) { return busy_.insert(key).second; }
  [[nodiscard]] bool busy(const std::string& key) const { return busy_.contains(key); }
  void release(const std::string& key) { busy_.erase(key); }
  [[nodiscard]] std::size_t size() const { return busy_.size(); }

 private:
  std::unordered_set<std::string> busy_;
};

}  // namespace tongqu
