#include "security/privacy/name_mentions.hpp"

#include <algorithm>
#include <unordered_map>

#include "security/privacy/family_names.hpp"
#include "security/privacy/name_words.hpp"

namespace tongqu {
namespace {

void join(std::vector<TextSpan>& spans) {
  std::sort(spans.begin(), spans.end(), [](const TextSpan& a, const TextSpan& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::size_t kept = 0;
  for (const TextSpan& span : spans) {
    if (kept > 0 && span.begin < spans[kept - 1].end) {
      spans[kept - 1].end = std::max(spans[kept - 1].end, span.end);
    } else {
      spans[kept++] = span;
    }
  }
  spans.resize(kept);
}

TextSpan span_of(std::size_t begin, std::size_t end, std::string_view reason) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), SpanType::kName, reason};
}

class Lists {
 public:
  Lists(const NameText& text, std::vector<TextSpan>& spans) : text_(text), spans_(spans) {}

  // Each found neighbour asks for the next one; a neighbour is covered afterwards, so that the work is bounded.
  void run() {
    covered_.assign(text_.size(), false);
    for (const TextSpan& span : spans_) cover(span);
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      const TextSpan span = spans_[i];
      look_right(span.end);
      look_left(span.begin);
    }
  }

 private:
  static bool separates(char32_t c) {
    return c == U'、' || c == U'和' || c == U'与' || c == U'及' || c == U'/' || c == U' ' || c == 0x3000 || c == U'&';
  }
  static bool ends_token(char32_t c) { return !is_han(c) || separates(c) || c == U'等'; }

  void cover(const TextSpan& span) {
    for (std::size_t i = span.begin; i < span.end; ++i) covered_[i] = true;
  }
  void take(std::size_t begin, std::size_t end) {
    if (covered_[begin] || covered_[end - 1] || text_.is_kept(begin, end)) return;
    spans_.push_back(span_of(begin, end, "list"));
    cover(spans_.back());
  }

  void look_right(std::size_t at) {
    if (!separates(text_.at(at))) return;
    const std::size_t begin = at + 1;
    std::size_t end = begin;
    while (end < text_.size() && end - begin < kMaxToken && !ends_token(text_.at(end))) ++end;
    if (ends_token(text_.at(end)) && (is_name(begin, end) || is_between_commas(begin, end))) return take(begin, end);
    // The list goes on in the sentence: 和王五来到.
    if (!text_.has_words()) return;
    const std::size_t name = text_.name_end(begin, false);
    if (name > begin && text_.begins_word(begin) && (name >= text_.size() || text_.begins_word(name)) &&
        is_name(begin, name)) {
      take(begin, name);
    }
  }

  void look_left(std::size_t at) {
    if (at == 0 || !separates(text_.at(at - 1))) return;
    const std::size_t end = at - 1;
    std::size_t begin = end;
    while (begin > 0 && end - begin < kMaxToken && !ends_token(text_.at(begin - 1))) --begin;
    if ((begin == 0 || ends_token(text_.at(begin - 1))) && (is_name(begin, end) || is_between_commas(begin, end)))
      return take(begin, end);
    if (!text_.has_words()) return;
    for (const std::size_t size : {std::size_t{3}, std::size_t{2}}) {
      if (end < size || !text_.begins_word(end - size) || text_.family_at(end - size, false) == 0) continue;
      if (is_name(end - size, end)) return take(end - size, end);
    }
  }

  [[nodiscard]] bool is_name(std::size_t begin, std::size_t end) const {
    const std::size_t size = end - begin;
    if (size < 2 || size > 6) return false;
    for (std::size_t i = begin; i < end; ++i) {
      const WordKind kind = text_.kind(i);
      if (kind == WordKind::kOwner || kind == WordKind::kPlace || kind == WordKind::kFunction) return false;
      if (!is_han(text_.at(i)) || never_in_given_name(text_.at(i))) return false;
    }
    const NameWord word = text_.word(begin);
    const bool ordinary =
        word.begin == begin && word.end == end && (word.kind == WordKind::kNoun || word.kind == WordKind::kOther);
    const std::size_t family = text_.family_at(begin, !ordinary && word.end - word.begin != 2);
    if (family > 0 && size - family >= 1 && size - family <= 2 && !ordinary) return true;
    const auto all = text_.view(begin, end);
    return size >= 3 && std::all_of(all.begin(), all.end(), transcribes) && !ordinary;
  }

  // In a list the network takes names for an organisation now and then: 王五、束怀德、高昌礼、赵六.
  [[nodiscard]] bool is_between_commas(std::size_t begin, std::size_t end) const {
    if (end - begin != 3 || begin == 0 || text_.at(begin - 1) != U'、') return false;
    if (text_.at(end) != U'、' && text_.at(end) != U'等' && text_.at(end) != U'和') return false;
    for (std::size_t i = begin; i < end; ++i) {
      if (!is_han(text_.at(i)) || text_.kind(i) == WordKind::kPlace || text_.kind(i) == WordKind::kNoun) return false;
      if (i > begin && never_in_given_name(text_.at(i))) return false;
    }
    return text_.family_at(begin, true) == 1;
  }

  static constexpr std::size_t kMaxToken = 8;
  const NameText& text_;
  std::vector<TextSpan>& spans_;
  std::vector<bool> covered_;
};

// A string that is a name wherever it stands, or (short) where the network does not say something else.
struct Known {
  std::u32string_view name;
  bool is_short = false;
};

class Mentions {
 public:
  Mentions(const NameText& text, std::vector<TextSpan>& spans) : text_(text), spans_(spans) {}

  void run() {
    for (const TextSpan& span : spans_) know_all(span);
    if (known_.empty()) return;
    const std::size_t before = spans_.size();
    std::size_t next = 0;  // span at or behind i
    for (std::size_t i = 0; i + 1 < text_.size(); ++i) {
      while (next < before && spans_[next].end <= i) ++next;
      if (next < before && spans_[next].begin <= i) continue;
      const std::size_t end = match(i);
      if (end > i) spans_.push_back(span_of(i, end, "mentioned again"));
    }
  }

 private:
  static constexpr std::size_t kMaxAlike = 8;  // that begin with the same two characters
  static std::uint64_t key(char32_t a, char32_t b) { return (static_cast<std::uint64_t>(a) << 32) | b; }

  void know(std::size_t begin, std::size_t end, bool is_short) {
    if (end - begin < 2) return;
    auto& list = known_[key(text_.at(begin), text_.at(begin + 1))];
    const auto name = text_.view(begin, end);
    const bool there = std::any_of(list.begin(), list.end(), [&](const Known& known) { return known.name == name; });
    if (!there && list.size() < kMaxAlike) list.push_back({name, is_short});
  }

  void know_all(const TextSpan& span) {
    know(span.begin, span.end, false);
    std::size_t part = span.begin;
    for (std::size_t i = span.begin; i < span.end; ++i) {
      if (!is_middle_dot(text_.at(i))) continue;
      know(part, i, true);
      part = i + 1;
    }
    if (part > span.begin) return know(part, span.end, true);
    const std::size_t family = text_.family_at(span.begin, true);
    if (family > 0 && span.end - span.begin == family + 2) know(span.begin + family, span.end, true);
  }

  [[nodiscard]] std::size_t match(std::size_t i) const {
    const auto found = known_.find(key(text_.at(i), text_.at(i + 1)));
    if (found == known_.end()) return i;
    std::size_t best = i;
    for (const Known& known : found->second) {
      const std::size_t end = i + known.name.size();
      if (end <= best || end > text_.size() || text_.view(i, end) != known.name) continue;
      if (!text_.is_kept(i, end) && fits(i, end, known.is_short)) best = end;
    }
    return best;
  }

  [[nodiscard]] bool fits(std::size_t begin, std::size_t end, bool is_short) const {
    if (!text_.has_words()) return !is_short || end - begin > 2;
    const NameWord word = text_.word(begin);
    const bool whole_word = text_.begins_word(begin) && (end >= text_.size() || text_.begins_word(end));
    if (end - begin == 2 && !whole_word) return false;
    if (!is_short) return true;
    return whole_word && (word.kind == WordKind::kName || word.kind == WordKind::kPerson ||
                          word.kind == WordKind::kOwner || end - begin > 2);
  }

  const NameText& text_;
  std::vector<TextSpan>& spans_;
  std::unordered_map<std::uint64_t, std::vector<Known>> known_;
};

// A foreign name's own spelling in brackets behind it: 乔纳森·奈特（Jonathan Knight）.
void add_spellings(const NameText& text, std::vector<TextSpan>& spans) {
  constexpr std::size_t kMaxSpelling = 40;
  const std::size_t found = spans.size();
  for (std::size_t s = 0; s < found; ++s) {
    const std::size_t begin = spans[s].end;
    if (text.at(begin) != U'(' && text.at(begin) != 0xFF08) continue;
    std::size_t end = begin + 1;
    std::size_t small = 0;
    const auto spells = [](char32_t c) {
      return is_latin(c) || c == U' ' || c == U'.' || c == U'-' || c == U'\'' || is_middle_dot(c);
    };
    while (end < text.size() && end - begin < kMaxSpelling && spells(text.at(end))) {
      const char32_t c = text.at(end++);
      small += is_latin(c) && !(c >= U'A' && c <= U'Z') ? 1 : 0;
    }
    const bool closed = text.at(end) == U')' || text.at(end) == 0xFF09;
    if (closed && small > 1) spans.push_back(span_of(begin + 1, end, "spelling in brackets"));
  }
}

// The other way round: Jonathan Knight（乔纳森·奈特）, StephenLong（中文名：龙肇辉）.
void add_spelled_before(const NameText& text, std::vector<TextSpan>& spans) {
  constexpr std::size_t kMaxSpelling = 40;
  static const WordSet kLabels(U"中文名 中文姓名 中文名字 原名 本名");
  const std::size_t found = spans.size();
  for (std::size_t s = 0; s < found; ++s) {
    std::size_t bracket = spans[s].begin;
    if (bracket > 0 && (text.at(bracket - 1) == U':' || text.at(bracket - 1) == 0xFF1A)) --bracket;
    bracket -= kLabels.at_end(text.before(bracket));
    if (bracket < 2 || (text.at(bracket - 1) != U'(' && text.at(bracket - 1) != 0xFF08)) continue;
    const std::size_t end = bracket - 1;
    std::size_t begin = end;
    std::size_t small = 0;
    const auto spells = [](char32_t c) { return is_latin(c) || c == U' ' || c == U'.' || c == U'-'; };
    while (begin > 0 && end - begin < kMaxSpelling && spells(text.at(begin - 1))) {
      const char32_t c = text.at(--begin);
      small += is_latin(c) && !(c >= U'A' && c <= U'Z') ? 1 : 0;
    }
    while (begin < end && !is_latin(text.at(begin))) ++begin;
    const bool upper = text.at(begin) >= U'A' && text.at(begin) <= U'Z';
    if (upper && small > 1) spans.push_back(span_of(begin, end, "spelling in brackets"));
  }
}

}  // namespace

void add_mentions(const NameText& text, std::vector<TextSpan>& spans) {
  join(spans);
  Lists(text, spans).run();
  join(spans);
  add_spellings(text, spans);
  add_spelled_before(text, spans);
  join(spans);
  Mentions(text, spans).run();
  join(spans);
}

}  // namespace tongqu
