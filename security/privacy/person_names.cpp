#include "security/privacy/person_names.hpp"

#include <algorithm>
#include <list>
#include <mutex>
#include <unordered_map>

#include "security/crypto/suites.hpp"

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

// A sentence that is too long for the network, in parts that see a little of each other.
void cut_long(std::size_t which, std::size_t begin, std::size_t end, std::vector<Piece>& out) {
  constexpr std::size_t kContext = PersonNames::kContextCharacters;
  for (std::size_t from = begin; from < end;) {
    const std::size_t to = std::min(from + PersonNames::kPieceCharacters, end);
    out.push_back({which, from, to, from > begin + kContext ? from - kContext : begin, std::min(to + kContext, end)});
    from = to;
  }
}

// A sentence is read for itself: the ones around it were measured not to help, and it is the same wherever it stands.
void cut(std::u32string_view text, std::size_t which, std::vector<Piece>& out) {
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && !ends_sentence(text[end])) ++end;
    end = std::min(end + 1, text.size());
    if (end - begin > PersonNames::kWholeCharacters) {
      cut_long(which, begin, end, out);
    } else {
      out.push_back({which, begin, end, begin, end});
    }
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

// What the network said of the sentences that were read last; by their hash, so that no text lies here.
class PersonNames::Memory {
 public:
  Memory() : suite_(make_suite(SuiteId::kIntl).value()) {}

  [[nodiscard]] std::string key(std::u32string_view sentence) const {
    const std::string_view bytes(reinterpret_cast<const char*>(sentence.data()), sentence.size() * sizeof(char32_t));
    return std::string(as_text(suite_->hash({"sentence", bytes})));
  }
  bool recall(const std::string& key, std::vector<NameWord>& words) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(key);
    if (found == places_.end()) return false;
    order_.splice(order_.begin(), order_, found->second);
    words = found->second->second;
    return true;
  }
  void keep(const std::string& key, const std::vector<NameWord>& words) {
    const std::lock_guard lock(mutex_);
    if (places_.contains(key)) return;
    order_.emplace_front(key, words);
    places_[key] = order_.begin();
    words_ += words.size();
    while (words_ > kMaxRememberedWords) {
      words_ -= order_.back().second.size();
      places_.erase(order_.back().first);
      order_.pop_back();
    }
  }

 private:
  using Entry = std::pair<std::string, std::vector<NameWord>>;
  const std::unique_ptr<Suite> suite_;
  std::mutex mutex_;
  std::list<Entry> order_;  // last read first
  std::unordered_map<std::string, std::list<Entry>::iterator> places_;
  std::size_t words_ = 0;  // in all of them
};

PersonNames::PersonNames(std::unique_ptr<const NameNetwork> network, bool remember)
    : network_(std::move(network)), memory_(remember ? std::make_unique<Memory>() : nullptr) {}
PersonNames::~PersonNames() = default;

Result<std::unique_ptr<const PersonNames>> PersonNames::open(const std::string& folder, bool remember) {
  auto network = NameNetwork::open(folder);
  if (network.has_error()) return network.error();
  return std::unique_ptr<const PersonNames>(new PersonNames(std::move(*network), remember));
}

std::vector<std::vector<NameWord>> PersonNames::ask(std::span<const std::u32string_view> sentences) const {
  const auto tagged = network_->readings(sentences);
  const auto kinds = [this](std::span<const TaggedWord> read) {
    std::vector<NameWord> kinds_of;
    kinds_of.reserve(read.size());
    for (const TaggedWord& word : read)
      kinds_of.push_back({word.begin, word.end, kind_of(network_->tag_name(word.tag))});
    return kinds_of;
  };
  std::vector<std::vector<NameWord>> out(sentences.size());
  for (std::size_t i = 0; i < sentences.size(); ++i) out[i] = joined(kinds(tagged[i].words), kinds(tagged[i].favoured));
  return out;
}

std::vector<std::vector<NameWord>> PersonNames::read(std::span<const std::u32string_view> sentences) const {
  if (memory_ == nullptr) return ask(sentences);
  std::vector<std::vector<NameWord>> out(sentences.size());
  std::vector<std::u32string_view> unknown;
  std::vector<std::string> keys;                       // of the unknown ones
  std::unordered_map<std::string, std::size_t> place;  // of a key
  std::vector<std::pair<std::size_t, std::size_t>> later;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    std::string key = memory_->key(sentences[i]);
    if (memory_->recall(key, out[i])) continue;
    const auto [at, fresh] = place.emplace(std::move(key), unknown.size());
    later.emplace_back(i, at->second);
    if (!fresh) continue;
    unknown.push_back(sentences[i]);
    keys.push_back(at->first);
  }
  const auto asked = ask(unknown);
  for (std::size_t i = 0; i < keys.size(); ++i) memory_->keep(keys[i], asked[i]);
  for (const auto& [to, from] : later) out[to] = asked[from];
  return out;
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
  const auto sentences = read(shown);
  std::vector<std::vector<NameWord>> out(texts.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) take_words(pieces[i], sentences[i], out[pieces[i].text]);
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
