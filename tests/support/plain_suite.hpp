#pragma once
// A suite whose hash is a simple mixing: for tests that need that it depends on its input, nothing more.
#include "gateway/core/crypto.hpp"

namespace tongqu::test {

class PlainSuite final : public Suite {
 public:
  [[nodiscard]] SuiteId id() const override { return SuiteId::kIntl; }
  [[nodiscard]] std::string_view hash_name() const override { return "plain"; }
  [[nodiscard]] Digest32 hash(std::initializer_list<std::string_view> parts) const override {
    Digest32 out{};
    std::uint64_t state = 1469598103934665603ULL;
    for (const std::string_view part : parts) {
      for (const char c : part) state = (state ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<std::uint8_t>(state >> 56U);
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    }
    return out;
  }
  [[nodiscard]] Digest32 hmac(std::string_view key, std::initializer_list<std::string_view> parts) const override {
    Digest32 out = hash(parts);
    out[0] ^= static_cast<std::uint8_t>(key.size());
    return out;
  }
  [[nodiscard]] std::unique_ptr<RunningHash> start_hash() const override {
    return nullptr;
  }  // nothing is hashed in pieces
};

}  // namespace tongqu::test
