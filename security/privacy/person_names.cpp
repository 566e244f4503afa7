#include "security/privacy/person_names.hpp"

#include <algorithm>

namespace tongqu {
namespace {

// Characters [begin, end) of a text, shown to the network with what stands around them.
struct Piece {
  std::size_t text = 0;
  std::size_t begin = 0, end = 0;
  std::size_t shown_begin = 0, shown_end = 0;
};

bool ends_sentence(char32_t c) {
  return c == U'。' || c == U'\n' || c == 0xFF01 || c == 0xFF1F || c == 0xFF1B || c == U'!' || c == U'?' || c == U';';
}

// Behind the last sentence that ends in the second half of the piece, else where the piece is full.
std::size_t piece_end(std::u32string_view text, std::size_t begin) {
  const std::size_t full = begin + PersonNames::kPieceCharacters;
  if (full >= text.size()) return text.size();
  for (std::size_t end = full; end > begin + PersonNames::kPieceCharacters / 2; --end) {
    if (ends_sentence(text[end - 1])) return end;
  }
  return full;
}

void cut(std::u32string_view text, std::size_t which, std::vector<Piece>& out) {
  if (text.size() <= PersonNames::kWholeCharacters) {
    if (!text.empty()) out.push_back({which, 0, text.size(), 0, text.size()});
    return;
  }
  constexpr std::size_t kContext = PersonNames::kContextCharacters;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = piece_end(text, begin);
    out.push_back({which, begin, end, begin > kContext ? begin - kContext : 0, std::min(end + kContext, text.size())});
    begin = end;
  }
}

WordKind kind_of(std::string_view tag) {
  if (tag == "PER") return WordKind::kPerson;
  if (tag == "nr") return WordKind::kName;
  if (tag == "n" || tag == "vn" || tag == "an") return WordKind::kNoun;
  if (tag == "ORG" || tag == "nt" || tag == "nz" || tag == "nw") return WordKind::kOwner;
  if (tag == "LOC" || tag == "ns") return WordKind::kPlace;
  if (tag == "v" || tag == "vd" || tag == "a" || tag == "ad" || tag == "f" || tag == "s" || tag == "q")
    return WordKind::kOther;
  return WordKind::kFunction;
}

// The words that begin in the piece; what a neighbour has already taken of the first of them stays there, so that a
// name across the border is read once, by the piece it begins in.
void take_words(const Piece& piece, std::span<const NameWord> words, std::vector<NameWord>& out) {
  for (NameWord word : words) {
    word.begin += static_cast<std::uint32_t>(piece.shown_begin);
    word.end += static_cast<std::uint32_t>(piece.shown_begin);
    const std::uint32_t taken = out.empty() ? 0 : out.back().end;
    if (word.begin >= piece.end || word.end <= taken) continue;
    word.begin = std::max(word.begin, taken);
    out.push_back(word);
  }
}

// What persons are favoured to be stands as a possible one in the words, where the network saw no person.
std::vector<NameWord> joined(std::span<const NameWord> words, std::span<const NameWord> favoured) {
  std::vector<NameWord> out;
  std::size_t next = 0;
  const auto take_until = [&](std::uint32_t end) {  // words, cut at `end`
    for (; next < words.size() && words[next].begin < end; ++next) {
      NameWord word = words[next];
      word.begin = std::max(word.begin, out.empty() ? 0 : out.back().end);
      if (word.begin >= word.end) continue;
      if (word.end > end) {
        out.push_back({word.begin, end, word.kind});
        return;
      }
      out.push_back(word);
    }
  };
  std::size_t seen = 0;
  for (const NameWord& name : favoured) {
    if (name.kind != WordKind::kPerson) continue;
    while (seen < words.size() && words[seen].end <= name.begin) ++seen;
    bool known = false;  // a person already
    bool place = true;   // all of it
    for (std::size_t w = seen; w < words.size() && words[w].begin < name.end; ++w) {
      known = known || words[w].kind == WordKind::kPerson || words[w].kind == WordKind::kName;
      place = place && words[w].kind == WordKind::kPlace;
    }
    if (known || place) continue;
    take_until(name.begin);
    out.push_back({name.begin, name.end, WordKind::kMaybe});
  }
  take_until(static_cast<std::uint32_t>(-1));
  return out;
}

}  // namespace

PersonNames::PersonNames(std::unique_ptr<const NameNetwork> network) : network_(std::move(network)) {}

Result<std::unique_ptr<const PersonNames>> PersonNames::open(const std::string& folder) {
  auto network = NameNetwork::open(folder);
  if (network.has_error()) return network.error();
  return std::unique_ptr<const PersonNames>(new PersonNames(std::move(*network)));
}

std::vector<std::vector<NameWord>> PersonNames::words(std::span<const FoldedText* const> texts) const {
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i] != nullptr) cut(texts[i]->text(), i, pieces);
  }
  std::vector<std::u32string_view> shown;
  shown.reserve(pieces.size());
  for (const Piece& piece : pieces) {
    shown.push_back(
        std::u32string_view(texts[piece.text]->text()).substr(piece.shown_begin, piece.shown_end - piece.shown_begin));
  }
  const auto tagged = network_->readings(shown);
  const auto kinds = [this](std::span<const TaggedWord> read) {
    std::vector<NameWord> kinds_of;
    for (const TaggedWord& word : read)
      kinds_of.push_back({word.begin, word.end, kind_of(network_->tag_name(word.tag))});
    return kinds_of;
  };
  std::vector<std::vector<NameWord>> out(texts.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    take_words(pieces[i], joined(kinds(tagged[i].words), kinds(tagged[i].favoured)), out[pieces[i].text]);
  }
  return out;
}

void PersonNames::find(std::span<const FoldedText* const> texts, std::vector<std::vector<TextSpan>>& out) const {
  const auto read = words(texts);
  out.assign(texts.size(), {});
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i] != nullptr) out[i] = find_person_names(*texts[i], read[i]);
  }
}

}  // namespace tongqu
