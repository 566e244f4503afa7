#pragma once
// A log of either suite and some entries, for the tests of security/audit.
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/text.hpp"
#include "security/audit/merkle.hpp"
#include "security/audit/sequencer.hpp"
#include "security/crypto/keys.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu::test {

inline constexpr SuiteId kSuites[] = {SuiteId::kGm, SuiteId::kIntl};
inline constexpr std::string_view kOrigin = "log.example.cn/tongqu";

inline std::unique_ptr<Suite> suite(SuiteId id) {
  auto made = make_suite(id);
  return made.has_value() ? std::move(*made) : nullptr;
}

// One key a suite is enough for a test program.
inline const std::string& log_key(SuiteId id) {
  static const std::string gm = generate_key(kSm2Sm3)->private_pem;
  static const std::string intl = generate_key(kEd25519)->private_pem;
  return id == SuiteId::kGm ? gm : intl;
}

inline std::unique_ptr<LogSequencer> sequencer(SuiteId id, std::string_view origin = kOrigin) {
  auto made = LogSequencer::create(id, origin, log_key(id));
  return made.has_value() ? std::move(*made) : nullptr;
}

inline std::string entry(std::size_t i) {
  return R"({"at":"2026-04-21T00:00:00.000+08:00","exchange":"01HF7YAT00","kind":"stored","n":)" + std::to_string(i) +
         R"(,"salt":"AAAAAAAAAAAAAAAAAAAAAA==","v":1})";
}

inline std::vector<std::string> entries(std::size_t count, std::size_t first = 0) {
  std::vector<std::string> made;
  for (std::size_t i = 0; i < count; ++i) made.push_back(entry(first + i));
  return made;
}

inline std::vector<std::string_view> views(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

inline Digest32 digest_from_base64(std::string_view text, bool& good) {
  Digest32 out{};
  const auto bytes = from_base64(text);
  good = bytes && bytes->size() == out.size();
  if (good) std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

// Complete subtrees straight from the leaves, by definition.
inline merkle::SubtreeReader reader_over(const Suite& s, const std::vector<Digest32>& leaves) {
  return [&s, &leaves](std::uint32_t level, std::uint64_t index) -> Result<Digest32> {
    const std::size_t width = std::size_t{1} << level;
    return merkle::root_of(s, std::span(leaves).subspan(index * width, width));
  };
}

}  // namespace tongqu::test
