#pragma once
// Distinct id types: swapping two of them does not compile.
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace tongqu {

// A named string. It owns its text; it is a value; empty means "none".
template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}
  explicit Id(std::string_view text) : text_(text) {}
  explicit Id(const char* text) : text_(text) {}
  [[nodiscard]] const std::string& str() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  friend auto operator<=>(const Id&, const Id&) = default;
  friend bool operator==(const Id&, const Id&) = default;

 private:
  std::string text_;
};

using PartnerId = Id<struct PartnerTag>;    // configuration name: [a-z0-9-]{1,40}
using ServiceId = Id<struct ServiceTag>;    // "workorder.transfer"; with version: "workorder.transfer@1"
using ExchangeId = Id<struct ExchangeTag>;  // ULID, 26 characters (docs/formats.md)
using ConfigId = Id<struct ConfigTag>;      // digest of a configuration, hex
using MatterNo = Id<struct MatterTag>;      // the sender's number of the matter (事项): order number, national number

// A ULID: 48 bits of `unix_ms`, 80 random bits, Crockford base 32. Within one millisecond of one process the
// random part counts up, so ids of a process sort in the order of their making. Thread-safe.
[[nodiscard]] ExchangeId make_exchange_id(std::int64_t unix_ms);
// True for 26 characters of Crockford's alphabet (upper case) that fit into 128 bits.
[[nodiscard]] bool is_exchange_id(std::string_view text);

}  // namespace tongqu

template <class Tag>
struct std::hash<tongqu::Id<Tag>> {
  std::size_t operator()(const tongqu::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.str()); }
};
