#pragma once
// Names of persons in free texts: the network (name_network.hpp) and the rules (name_rules.hpp) together. Measured, not
// proven: docs/privacy-quality.md says how many names are found in which kind of text.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gateway/core/error.hpp"
#include "security/privacy/name_network.hpp"
#include "security/privacy/name_rules.hpp"
#include "security/privacy/text_span.hpp"

namespace tongqu {

// Immutable, thread-safe. The same text gives the same spans beside whatever other texts. Linear in the texts' length.
class PersonNames {
 public:
  // The network reads sentence by sentence; one longer than kWholeCharacters in pieces of kPieceCharacters, each with
  // kContextCharacters of the sentence on both sides.
  static constexpr std::size_t kWholeCharacters = 400;
  static constexpr std::size_t kPieceCharacters = 320;
  static constexpr std::size_t kContextCharacters = 48;
  // Complaints repeat sentences, and a text in which a name was hidden is read again: what the network said of the
  // sentences that were read last is remembered. So many words are 4 MiB, and a sentence about 200 bytes beside.
  static constexpr std::size_t kMaxRememberedWords = 384U << 10U;

  // `folder`: jieba/lac_small of the package python3-jieba. Without it, or with a damaged file: privacy.network, and
  // the caller decides whether a text may leave unscanned. `remember`: false to measure the network itself.
  [[nodiscard]] static Result<std::unique_ptr<const PersonNames>> open(const std::string& folder, bool remember = true);
  ~PersonNames();
  PersonNames(const PersonNames&) = delete;
  PersonNames& operator=(const PersonNames&) = delete;

  // For each text, in out: spans of type kName, in order, without overlap. Null is no text.
  void find(std::span<const FoldedText* const> texts, std::vector<std::vector<TextSpan>>& out) const;

  // What the network says of a text: words in order, without gaps. For measurements and tests.
  [[nodiscard]] std::vector<std::vector<NameWord>> words(std::span<const FoldedText* const> texts) const;

 private:
  class Memory;
  PersonNames(std::unique_ptr<const NameNetwork> network, bool remember);
  [[nodiscard]] std::vector<std::vector<NameWord>> ask(std::span<const std::u32string_view> sentences) const;
  [[nodiscard]] std::vector<std::vector<NameWord>> read(std::span<const std::u32string_view> sentences) const;
  const std::unique_ptr<const NameNetwork> network_;
  const std::unique_ptr<Memory> memory_;  // null: none
};

}  // namespace tongqu
