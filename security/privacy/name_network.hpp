#pragma once
// Words and their kinds in Chinese text, among them names of persons, found by Baidu's small lexical-analysis network
// (network_file.hpp). One character is one token; two bidirectional GRU layers of 128, emission, Viterbi over a CRF.
// Measured, not proven: docs/privacy-quality.md says how many names it finds in which kind of text.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"
#include "security/privacy/network_kernels.hpp"

namespace tongqu {

// Code points [begin, end) of a text.
struct TaggedWord {
  std::uint32_t begin = 0, end = 0;
  std::uint8_t tag = 0;  // for NameNetwork::tag_name
};

// Immutable, thread-safe. The same text gives the same words on every processor and beside whatever other texts.
class NameNetwork {
 public:
  static constexpr std::size_t kMaxCharacters = 512;  // of one text; longer ones are looked at in pieces of that size

  // `folder`: jieba/lac_small of the package. Errors of read_parameters.
  [[nodiscard]] static Result<std::unique_ptr<const NameNetwork>> open(const std::string& folder);
  ~NameNetwork();

  // The words of each text. `kernels`: for tests and measurements.
  [[nodiscard]] std::vector<std::vector<TaggedWord>> words(
      std::span<const std::u32string_view> texts, const network::Kernels& kernels = network::best_kernels()) const;
  // The same with persons favoured: words of tag PER that the network nearly chose, besides those that it chose.
  // Most of the additional ones are no names: something else has to speak for them.
  static constexpr float kFavour = 1.0F;  // added to the emission of PER
  struct Reading {
    std::vector<TaggedWord> words;
    std::vector<TaggedWord> favoured;
  };
  [[nodiscard]] std::vector<Reading> readings(std::span<const std::u32string_view> texts,
                                              const network::Kernels& kernels = network::best_kernels()) const;
  // "PER", "LOC", "n", …
  [[nodiscard]] std::string_view tag_name(std::uint8_t tag) const;

  // What the emission says of one character of a text: the tag ("PER-B") with the highest score.
  struct Emission {
    std::size_t tag = 0;
    float score = 0;
  };
  [[nodiscard]] std::vector<Emission> emissions(std::u32string_view text,
                                                const network::Kernels& kernels = network::best_kernels()) const;

 private:
  class Parts;
  class Pass;
  void add_words(std::span<const std::uint8_t> tags, std::uint32_t begin, std::vector<TaggedWord>& words) const;
  explicit NameNetwork(std::unique_ptr<const Parts> parts);
  const std::unique_ptr<const Parts> parts_;
};

}  // namespace tongqu
