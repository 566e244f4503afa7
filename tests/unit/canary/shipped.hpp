#pragma once
// The shipped configuration and changed copies of it that pass the check, and messages made of its mappings' cases,
// with canaries in every labelled field.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gateway/app/config_compile.hpp"
#include "tests/unit/canary/messages.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::canary_test {

class Shipped {
 public:
  Shipped(std::filesystem::path directory, std::uint32_t seed);
  // The shipped one first, then changed ones.
  [[nodiscard]] std::shared_ptr<const CompiledConfig> next();
  // Any message that somebody may send under the configuration that next() gave last, which is still there.
  [[nodiscard]] Message message(std::uint32_t& next_number);
  [[nodiscard]] std::size_t passed() const { return passed_; }
  [[nodiscard]] std::size_t refused() const { return refused_; }

 private:
  struct Way {
    const PartnerPlan* partner;
    const InboundService* service;
    std::vector<std::filesystem::path> cases;
  };
  void find_ways(const CompiledConfig& config);
  [[nodiscard]] ConfigImage changed();
  [[nodiscard]] std::string fill(const InboundService& service, const std::filesystem::path& file,
                                 std::uint32_t& next_number, std::vector<Canary>& canaries);

  std::filesystem::path directory_;
  proof_test::Random random_;
  JsonCodec json_;
  SystemClock clock_;
  ConfigImage image_;
  std::vector<Way> ways_;  // of the configuration that next() gave last
  std::size_t passed_ = 0;
  std::size_t refused_ = 0;
};

}  // namespace tongqu::canary_test
