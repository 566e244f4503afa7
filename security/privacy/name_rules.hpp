#pragma once
// Rules that find names of persons in a free text beside the network, or without it: titles (王女士, 小刘, 张某), words
// after which a name stands (联系人：, 店主), names with a middle dot, neighbours in lists, and every other mention of
// a name that was found. What is a company, a brand, a shop, a place or a work stays readable.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "security/privacy/text_span.hpp"

namespace tongqu {

// What the network says of a word.
enum class WordKind : std::uint8_t {
  kUnknown,   // not asked
  kPerson,    // PER
  kName,      // nr: a part of a name, or a name it is less sure of
  kMaybe,     // what it would call a person if it favoured persons: mostly none
  kNoun,      // n, vn, an: what an unusual name is often taken for
  kOwner,     // ORG, nt, nz, nw: companies, products, works
  kPlace,     // LOC, ns
  kFunction,  // particles, pronouns, numbers, adverbs, times, punctuation
  kOther      // verbs, adjectives and the rest
};

// Code points [begin, end) of a text.
struct NameWord {
  std::uint32_t begin = 0, end = 0;
  WordKind kind = WordKind::kUnknown;
};

// Spans of type kName, in order, without overlap, none empty. `words`: the network's, in order, without gaps; or none,
// then the rules work alone. Linear in the length of the text. Thread-safe. Reasons: "network", "family name and
// title", "cue word", "hidden in part", "middle dot", "account", "list", "spelling in brackets", "mentioned again".
[[nodiscard]] std::vector<TextSpan> find_person_names(const FoldedText& text, std::span<const NameWord> words);

}  // namespace tongqu
