#include "security/privacy/known_values.hpp"

#include <algorithm>

namespace tongqu {
namespace {

// Between two characters of a form: a line break with what stands around it, a tag or two.
constexpr std::size_t kMaxDropped = 40;
constexpr std::size_t kLeastTail = 4;
constexpr std::size_t kMaxTail = 8;
// Around what was masked.
constexpr std::size_t kMaxMasked = 40;

constexpr std::u32string_view kMaskSigns = U"*X×●•○■█#◯?";
constexpr std::u32string_view kTailCues[] = {U"尾号",  U"后4位", U"末4位", U"尾数",
                                             U"后6位", U"末6位", U"后8位", U"后几位"};

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_letter(char32_t c) { return c >= U'A' && c <= U'Z'; }
bool is_code(char32_t c) { return is_digit(c) || is_letter(c); }
bool is_mask(char32_t c) { return kMaskSigns.find(c) != std::u32string_view::npos; }
bool is_number_sign(char32_t c) { return c == U'(' || c == U')' || c == U'/'; }

bool is_inside(char32_t before, char32_t c) {
  return (is_digit(before) && is_digit(c)) || (is_letter(before) && is_letter(c));
}

struct Hit {
  std::size_t begin = 0, end = 0;
  const KnownForm* form = nullptr;
};

class Search {
 public:
  Search(const FoldedText& text, const std::vector<KnownCode>& codes) : text_(text), codes_(codes) {}

  void form(std::size_t i, const KnownForm& form) {
    const std::size_t end = match(i, form);
    if (end == 0) return;
    switch (form.role) {
      case FormRole::kWhole: return add(has_prefix(i, end, form) ? i - 1 : i, end, form.type, form.reason);
      case FormRole::kFamily: return family(i, end, form);
      case FormRole::kTail: return tail(end);
      default: parts_.push_back({i, end, &form});
    }
  }

  // Digits and code signs around a row of masks: 138****8000, 138 **** 8000, d***@example.cn.
  void masked(std::size_t i) {
    if (i > 0 && is_mask(text_.at(i - 1))) return;
    std::size_t masks_end = i;
    while (masks_end < i + kMaxMasked && is_mask(text_.at(masks_end))) ++masks_end;
    if (masks_end - i < 2) return;
    for (const bool blanks_before : {true, false}) {
      const Side before = side_before(i, blanks_before);
      for (const bool blanks_after : {true, false}) {
        if (take_masked(before, side_after(masks_end, blanks_after))) return;
      }
    }
  }

  std::vector<TextSpan> result() {
    join_parts();
    join_spans(spans_);
    return std::move(spans_);
  }

 private:
  // What is shown on one side of a row of masks, and where it ends.
  struct Side {
    std::u32string shown;
    std::size_t edge = 0;
  };

  [[nodiscard]] Side side_before(std::size_t i, bool over_blanks) const {
    Side side{{}, i};
    for (std::size_t at = i; at > 0 && i - at < kMaxMasked && goes_on(at - 1, over_blanks); --at) {
      if (is_dropped(text_.at(at - 1))) continue;
      side.shown.insert(side.shown.begin(), key(at - 1));
      side.edge = at - 1;
    }
    for (const std::u32string_view country : {U"0086", U"86"}) {
      if (side.shown.size() > country.size() + 2 && side.shown.starts_with(country))
        side.shown.erase(0, country.size());
    }
    return side;
  }

  [[nodiscard]] Side side_after(std::size_t i, bool over_blanks) const {
    Side side{{}, i};
    for (std::size_t at = i; at < std::min(i + kMaxMasked, text_.size()) && goes_on(at, over_blanks); ++at) {
      const char32_t c = text_.at(at);
      if (is_dropped(c)) continue;
      if (is_mask(c) && !is_letter(c))
        side.shown.clear();
      else
        side.shown.push_back(key(at));
      side.edge = at + 1;
    }
    return side;
  }

  bool take_masked(const Side& before, const Side& after) {
    const std::size_t shown = before.shown.size() + after.shown.size();
    for (const KnownCode& code : codes_) {
      if (shown < 3 || shown >= code.characters.size()) continue;
      if (!code.characters.starts_with(before.shown) || !code.characters.ends_with(after.shown)) continue;
      add(before.edge, after.edge, code.type, "known number, partly masked");
      return true;
    }
    return false;
  }

  [[nodiscard]] bool goes_on(std::size_t at, bool over_blanks) const {
    const char32_t c = text_.at(at);
    if (!over_blanks && is_blank(c) && c != U'\0') return false;
    return is_code(key(at)) || c == U'@' || is_dropped(c) || is_mask(c);
  }

  [[nodiscard]] char32_t key(std::size_t i) const { return key_of(text_.at(i)); }
  // +86 …, (0531)…
  [[nodiscard]] bool has_prefix(std::size_t begin, std::size_t end, const KnownForm& form) const {
    if (form.type != SpanType::kPhone || begin == 0) return false;
    if (text_.at(begin - 1) == U'+') return true;
    const std::u32string_view number = std::u32string_view(text_.folded()).substr(begin, end - begin);
    return text_.at(begin - 1) == U'(' && number.find(U')') != std::u32string_view::npos;
  }

  [[nodiscard]] std::size_t skip_dropped(std::size_t at, bool in_number) const {
    const std::size_t end = std::min(at + kMaxDropped, text_.size());
    while (at < end && (is_dropped(text_.at(at)) || (in_number && is_number_sign(text_.at(at))))) ++at;
    return at;
  }

  [[nodiscard]] static bool clashes(FormEdge edge, char32_t c) {
    switch (edge) {
      case FormEdge::kNone: return false;
      case FormEdge::kLetters: return is_letter(c);
      case FormEdge::kCodes: return is_code(c);
      case FormEdge::kDigits: return is_digit(c);
    }
    return false;
  }

  // The code point behind the form that begins at `i`; 0 if it does not.
  [[nodiscard]] std::size_t match(std::size_t i, const KnownForm& form) const {
    const std::u32string& characters = form.characters;
    if (i > 0 && is_code(characters.front()) && clashes(form.edge, text_.at(i - 1))) return 0;
    std::size_t at = text_.end_of(i);
    for (std::size_t k = 1; k < characters.size(); ++k) {
      if (key(at) != characters[k]) at = skip_dropped(at, is_digit(characters[k - 1]) && is_digit(characters[k]));
      if (at >= text_.size() || key(at) != characters[k]) return 0;
      at = text_.end_of(at);
    }
    return is_code(characters.back()) && clashes(form.edge, text_.at(at)) ? 0 : at;
  }

  void family(std::size_t i, std::size_t end, const KnownForm& form) {
    std::size_t before = i;
    while (before > 0 && i - before < 12 && is_dropped(text_.at(before - 1))) --before;
    const char32_t previous = before > 0 ? text_.at(before - 1) : U'\0';
    const std::size_t title = end_of_title(text_, end);
    const bool word = before > 1 && text_.at(before - 2) == U'大';
    if (!word && form.characters.size() == 1 && is_nickname(previous, form.characters.front()))
      return add(before - 1, title, form.type, form.reason);
    if (title > end) return add(i, title, form.type, form.reason);
    if (previous == U'姓') add(i, end, form.type, "known family name after 姓");
  }

  // Digits behind a cue word that are the last ones of a known number.
  void tail(std::size_t at) {
    static constexpr std::u32string_view kBetween = U"为是:：的号码()( ,，\"“";
    const std::size_t limit = at + 8;
    while (at < text_.size() && at < limit && !is_digit(key(at)) &&
           (is_blank(text_.at(at)) || kBetween.find(text_.at(at)) != std::u32string_view::npos))
      ++at;
    std::u32string digits;
    std::size_t end = at;
    for (std::size_t i = at; digits.size() < kMaxTail && is_code(key(i)); i = skip_dropped(text_.end_of(i), false)) {
      digits.push_back(key(i));
      end = text_.end_of(i);
      const bool more = is_digit(text_.at(end));
      if (digits.size() < kLeastTail || more) continue;
      for (const KnownCode& code : codes_) {
        if (code.characters.ends_with(digits)) return add(at, end, code.type, "last digits of a known number");
      }
    }
  }

  // Neighbouring parts of a known address.
  void join_parts() {
    std::ranges::sort(
        parts_, [](const Hit& a, const Hit& b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
    for (std::size_t i = 0; i < parts_.size();) {
      std::size_t end = parts_[i].end;
      std::size_t next = i + 1;
      std::vector<const Hit*> chain{&parts_[i]};
      for (; next < parts_.size() && near(end, parts_[next]); ++next) {
        if (parts_[next].begin < end) continue;
        chain.push_back(&parts_[next]);
        end = parts_[next].end;
      }
      judge(chain);
      i = next;
    }
  }

  // A road behind a comma is the next address.
  [[nodiscard]] bool near(std::size_t end, const Hit& hit) const {
    static constexpr std::u32string_view kBetween = U",，、的()（）第之:#";
    std::size_t signs = 0;
    for (std::size_t at = end; at < hit.begin; ++at) {
      if (is_dropped(text_.at(at))) continue;
      if (hit.form->role == FormRole::kRoad && text_.at(at) != U'的') return false;
      if (++signs > 2 || kBetween.find(text_.at(at)) == std::u32string_view::npos) return false;
    }
    return hit.begin <= end + kMaxDropped;
  }

  void judge(const std::vector<const Hit*>& chain) {
    std::size_t numbers = 0;
    std::size_t digits = 0;
    bool said = false;  // a number with its word
    bool place = false;
    bool named = false;  // a road or the stem of a place, both wanting a number
    for (const Hit* hit : chain) {
      const std::u32string& characters = hit->form->characters;
      place = place || hit->form->role == FormRole::kPlace;
      if (hit->form->role != FormRole::kNumber) {
        named = true;
        continue;
      }
      ++numbers;
      digits += static_cast<std::size_t>(std::ranges::count_if(characters, is_digit));
      said = said || !is_code(characters.back());
    }
    const bool rooms = numbers >= 2 && (said || digits >= 4);
    const bool room = numbers == 1 && chain.size() == 1 && digits >= 3 && has_room_cue(chain.front()->begin);
    if (place || (named && numbers > 0) || rooms || room)
      add(chain.front()->begin, chain.back()->end, SpanType::kAddress,
          place && numbers == 0 ? "known address, short form" : "known address");
  }

  [[nodiscard]] bool has_room_cue(std::size_t at) const {
    static constexpr std::u32string_view kCues[] = {U"住", U"房间", U"房号", U"门牌", U"家在", U"室号"};
    const std::size_t from = at > 5 ? at - 5 : 0;
    const std::u32string_view before = std::u32string_view(text_.folded()).substr(from, at - from);
    return std::ranges::any_of(kCues, [&](std::u32string_view cue) { return before.find(cue) != before.npos; });
  }

  void add(std::size_t begin, std::size_t end, SpanType type, std::string_view reason) {
    spans_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), type, reason});
  }

  const FoldedText& text_;
  const std::vector<KnownCode>& codes_;
  std::vector<Hit> parts_;
  std::vector<TextSpan> spans_;
};

std::u32string folded_value(std::string_view utf8, std::size_t max_code_points) {
  std::u32string out;
  for (std::size_t at = 0; at < utf8.size() && out.size() < max_code_points;)
    out.push_back(folded_character(take_code_point(utf8, at)));
  return out;
}

}  // namespace

KnownValues::KnownValues(const std::vector<KnownValue>& values) {
  for (const KnownValue& known : values) {
    if (&known - values.data() >= static_cast<std::ptrdiff_t>(kMaxValues)) break;
    if (known.kind == KnownKind::kName)
      add_name_forms(known.value, kMaxCodePoints, forms_);
    else if (known.kind == KnownKind::kAddress)
      add_address_forms(folded_value(known.value, kMaxCodePoints), forms_);
    else
      add_code_forms(known.kind, key_of_value(known.value, kMaxCodePoints), forms_, codes_);
  }
  if (!codes_.empty()) {
    for (const std::u32string_view cue : kTailCues)
      forms_.push_back({std::u32string(cue), FormEdge::kNone, FormRole::kTail, SpanType::kPhone, ""});
    for (const char32_t c : kMaskSigns) firsts_.add(c);
  }
  const auto before = [](const KnownForm& a, const KnownForm& b) {
    return a.characters != b.characters ? a.characters < b.characters : a.role < b.role;
  };
  std::ranges::sort(forms_, before);
  const auto same = [](const KnownForm& a, const KnownForm& b) {
    return a.characters == b.characters && a.role == b.role;
  };
  forms_.erase(std::unique(forms_.begin(), forms_.end(), same), forms_.end());
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    const char32_t first = forms_[i].characters.front();
    if (i > 0 && forms_[i - 1].characters.front() == first) continue;
    group_begins_.push_back(i);
    add_first(first);
  }
  group_begins_.push_back(forms_.size());
}

void KnownValues::add_first(char32_t c) {
  // A digit may be written in several ways.
  static constexpr std::u32string_view kDigits = U"〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖⓪①②③④⑤⑥⑦⑧⑨○壱弐参陸幺";
  firsts_.add(c);
  for (const char32_t digit : kDigits) {
    if (digit_of(digit) == c) firsts_.add(digit);
  }
}

std::vector<TextSpan> KnownValues::find(const FoldedText& text) const {
  Search search(text, codes_);
  const std::u32string& folded = text.folded();
  for (std::size_t i = 0; i < folded.size(); ++i) {
    if (!firsts_.holds(folded[i])) continue;
    // Inside a word or a number nothing begins: what begins with a letter or a digit has an edge there.
    if (i > 0 && is_inside(folded[i - 1], folded[i])) continue;
    const char32_t first = key_of(folded[i]);
    const auto group = std::ranges::lower_bound(group_begins_.begin(), group_begins_.end() - 1, first, {},
                                                [&](std::size_t at) { return forms_[at].characters.front(); });
    if (group != group_begins_.end() - 1 && forms_[*group].characters.front() == first) {
      for (std::size_t at = *group; at < *(group + 1); ++at) search.form(i, forms_[at]);
    }
    if (!codes_.empty() && is_mask(folded[i])) search.masked(i);
  }
  return search.result();
}

}  // namespace tongqu
