#pragma once
// Random configurations: sound ones and such with changes that may or may not be sound. The real check, with the second
// checker behind it, decides which are used.
#include <filesystem>
#include <memory>
#include <string>

#include "gateway/app/config_compile.hpp"
#include "tests/unit/proof/leaks.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::canary_test {

struct WorldConfig {
  proof_test::World world;
  std::shared_ptr<const CompiledConfig> compiled;
};

class Worlds {
 public:
  Worlds(std::filesystem::path directory, std::uint32_t seed);
  // The next one that passes.
  [[nodiscard]] WorldConfig next();
  [[nodiscard]] std::size_t passed() const { return passed_; }
  [[nodiscard]] std::size_t refused() const { return refused_; }

 private:
  [[nodiscard]] CompileReport compile(const proof_test::World& world) const;

  std::filesystem::path directory_;
  proof_test::Random random_;
  JsonCodec json_;
  SystemClock clock_;
  std::size_t passed_ = 0;
  std::size_t refused_ = 0;
};

}  // namespace tongqu::canary_test
