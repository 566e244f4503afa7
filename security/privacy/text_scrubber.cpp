#include "security/privacy/text_scrubber.hpp"

#include <algorithm>
#include <array>
#include <atomic>

#include "gateway/core/text.hpp"
#include "security/crypto/suites.hpp"
#include "security/privacy/address_spans.hpp"
#include "security/privacy/number_spans.hpp"
#include "security/privacy/person_names.hpp"
#include "security/privacy/text_stream.hpp"

namespace tongqu {
namespace {

constexpr std::array<std::string_view, 9> kMarks{"〔证件号〕", "〔银行卡号〕", "〔电话〕", "〔邮箱〕", "〔车牌〕",
                                                 "〔证件号〕", "〔账号〕",     "〔地址〕", "〔姓名〕"};

// Marks are nothing to the finders: the cue word in 〔电话〕 cues nothing. As many bytes and code points as before.
std::string without_marks(std::string_view utf8) {
  constexpr std::string_view kNothing = "\xEF\xBF\xBC";  // U+FFFC
  std::string out(utf8);
  for (std::size_t at = out.find("〔"); at != std::string::npos; at = out.find("〔", at + 1)) {
    const auto mark = std::find_if(kMarks.begin(), kMarks.end(),
                                   [&](std::string_view one) { return out.compare(at, one.size(), one) == 0; });
    if (mark == kMarks.end()) continue;
    for (std::size_t i = 0; i < mark->size(); i += kNothing.size()) out.replace(at + i, kNothing.size(), kNothing);
  }
  return out;
}

template <std::vector<TextSpan> (*kFind)(const FoldedText&)>
class RuleFinder final : public SpanFinder {
 public:
  void find(std::span<const FoldedText* const> texts, std::span<std::vector<TextSpan>> found) const override {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::vector<TextSpan> spans = kFind(*texts[i]);
      found[i].insert(found[i].end(), spans.begin(), spans.end());
    }
  }
};

class NameFinder final : public SpanFinder {
 public:
  explicit NameFinder(std::unique_ptr<const PersonNames> names) : names_(std::move(names)) {}
  void find(std::span<const FoldedText* const> texts, std::span<std::vector<TextSpan>> found) const override {
    std::vector<std::vector<TextSpan>> names;
    names_->find(texts, names);
    for (std::size_t i = 0; i < texts.size(); ++i) found[i].insert(found[i].end(), names[i].begin(), names[i].end());
  }

 private:
  std::unique_ptr<const PersonNames> names_;
};

// A text with marks in it, and where its code points stood before.
struct Rendered {
  static constexpr std::uint32_t kMark = 0xFFFFFFFF;
  std::string text;
  std::vector<std::uint32_t> origin;  // by code point of `text`; kMark within a mark
};

std::vector<std::uint32_t> byte_offsets(std::string_view utf8) {
  std::vector<std::uint32_t> out;
  out.reserve(utf8.size() / 2 + 1);
  for (std::size_t at = 0; at < utf8.size();) {
    out.push_back(static_cast<std::uint32_t>(at));
    if (!next_code_point(utf8, at)) ++at;
  }
  out.push_back(static_cast<std::uint32_t>(utf8.size()));
  return out;
}

Rendered render(std::string_view utf8, const std::vector<std::uint32_t>& offsets, const std::vector<TextSpan>& spans) {
  Rendered out;
  out.text.reserve(utf8.size());
  std::uint32_t at = 0;
  const auto copy_until = [&](std::uint32_t end) {
    out.text.append(utf8.substr(offsets[at], offsets[end] - offsets[at]));
    for (; at < end; ++at) out.origin.push_back(at);
  };
  for (const TextSpan& span : spans) {
    copy_until(span.begin);
    const std::string_view mark = mark_of(span.type);
    out.text.append(mark);
    out.origin.insert(out.origin.end(), count_code_points(mark), Rendered::kMark);
    at = span.end;
  }
  copy_until(static_cast<std::uint32_t>(offsets.size() - 1));
  return out;
}

// Spans of the rendered text where they stood before; what lies in a mark is hidden already.
void add_at_origin(const Rendered& rendered, const std::vector<TextSpan>& found, std::vector<TextSpan>& spans) {
  for (const TextSpan& one : found) {
    for (std::uint32_t i = one.begin; i < one.end;) {
      if (rendered.origin[i] == Rendered::kMark) {
        ++i;
        continue;
      }
      TextSpan part = one;
      part.begin = rendered.origin[i];
      while (i < one.end && rendered.origin[i] != Rendered::kMark) ++i;
      part.end = rendered.origin[i - 1] + 1;
      spans.push_back(part);
    }
  }
}

}  // namespace

// What was found in which text, the texts that were seen last; by their hash, so that no text lies here.
class TextScrubber::Memory {
 public:
  Memory() : suite_(make_suite(SuiteId::kIntl).value()) {}

  [[nodiscard]] std::string key(std::string_view text) const {
    return std::string(as_text(suite_->hash({"scrub", text})));
  }
  bool recall(const std::string& key, std::vector<TextSpan>& spans) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(key);
    if (found == places_.end()) return false;
    order_.splice(order_.begin(), order_, found->second);
    spans = found->second->second;
    return true;
  }
  void keep(const std::string& key, const std::vector<TextSpan>& spans) {
    const std::lock_guard lock(mutex_);
    ++searched_;
    if (places_.contains(key)) return;
    order_.emplace_front(key, spans);
    places_[key] = order_.begin();
    spans_ += spans.size();
    while (order_.size() > kMaxRemembered || (spans_ > kMaxRememberedSpans && order_.size() > 1)) {
      spans_ -= order_.back().second.size();
      places_.erase(order_.back().first);
      order_.pop_back();
    }
  }
  [[nodiscard]] std::uint64_t searched() const { return searched_; }

 private:
  using Entry = std::pair<std::string, std::vector<TextSpan>>;
  const std::unique_ptr<Suite> suite_;
  std::mutex mutex_;
  std::list<Entry> order_;  // last seen first
  std::unordered_map<std::string, std::list<Entry>::iterator> places_;
  std::size_t spans_ = 0;  // in all of them
  std::atomic<std::uint64_t> searched_{0};
};

TextScrubber::TextScrubber(std::vector<std::shared_ptr<const SpanFinder>> finders)
    : finders_(std::move(finders)), memory_(std::make_unique<Memory>()) {}

TextScrubber::~TextScrubber() = default;

std::uint64_t TextScrubber::searched() const { return memory_->searched(); }

std::vector<std::vector<TextSpan>> TextScrubber::search(std::span<const FoldedText* const> texts) const {
  std::vector<std::vector<TextSpan>> found(texts.size());
  for (const auto& finder : finders_) finder->find(texts, found);
  for (std::vector<TextSpan>& spans : found) join_spans(spans);
  return found;
}

void TextScrubber::search_ahead(std::span<const std::string_view> texts) const {
  std::vector<std::string> keys;
  std::vector<FoldedText> folded;
  std::vector<TextSpan> ignored;
  for (const std::string_view text : texts) {
    if (text.size() > TextStream::kWindowBytes) continue;
    const std::string plain = without_marks(text);
    std::string key = memory_->key(plain);
    if (memory_->recall(key, ignored) || std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    keys.push_back(std::move(key));
    folded.emplace_back(plain);
  }
  std::vector<const FoldedText*> places;
  places.reserve(folded.size());
  for (const FoldedText& one : folded) places.push_back(&one);
  const auto found = search(places);
  for (std::size_t i = 0; i < keys.size(); ++i) memory_->keep(keys[i], found[i]);
}

RecordPersons::RecordPersons(const KnownPersons& known) : shown_(known.shown) {
  const std::span<const KnownValue> all(known.hidden);
  for (std::size_t at = 0; at < all.size(); at += KnownValues::kMaxValues) {
    const auto part = all.subspan(at, std::min(KnownValues::kMaxValues, all.size() - at));
    hidden_.emplace_back(std::vector<KnownValue>(part.begin(), part.end()));
  }
}

void RecordPersons::judge(const FoldedText& text, std::vector<TextSpan>& spans) const {
  shown_.spare(text, spans);
  for (const KnownValues& part : hidden_) {
    const std::vector<TextSpan> found = part.find(text);
    spans.insert(spans.end(), found.begin(), found.end());
  }
  join_spans(spans);
}

Scrubbed TextScrubber::scrub(std::string_view utf8, const RecordPersons& persons) const {
  if (utf8.size() <= TextStream::kWindowBytes) return scrub_whole(utf8, persons);
  Scrubbed out;
  TextStream stream(*this, persons, [&out](const StreamedPart& part) {
    out.text += part.scrubbed.text;
    for (TextSpan span : part.scrubbed.spans) {
      span.begin += static_cast<std::uint32_t>(part.begin);
      span.end += static_cast<std::uint32_t>(part.begin);
      out.spans.push_back(span);
    }
  });
  // The contract says well-formed; a text that is not leaves nothing unseen.
  if (!stream.push(utf8) || !stream.finish()) return scrub_whole(utf8, persons);
  return out;
}

std::pair<Scrubbed, std::size_t> TextScrubber::scrub_part(std::string_view utf8, std::size_t begin, std::size_t end,
                                                          const RecordPersons& persons) const {
  Scrubbed whole = scrub_whole(utf8, persons);
  if (begin == 0 && end == utf8.size()) return {std::move(whole), end};
  const std::vector<std::uint32_t> offsets = byte_offsets(utf8);
  const auto place = [&](std::size_t byte) {
    return static_cast<std::uint32_t>(std::ranges::lower_bound(offsets, byte) - offsets.begin());
  };
  const std::uint32_t first = place(begin);
  std::uint32_t last = place(end);
  std::vector<TextSpan> spans;
  for (TextSpan span : whole.spans) {
    if (span.end <= first || span.begin >= last) continue;
    span.begin = std::max(span.begin, first);
    last = std::max(last, span.end);
    spans.push_back(span);
  }
  for (TextSpan& span : spans) span.begin -= first, span.end -= first;
  const std::string_view part = utf8.substr(begin, offsets[last] - begin);
  std::string text = render(part, byte_offsets(part), spans).text;
  return {Scrubbed{std::move(text), std::move(spans)}, offsets[last]};
}

Scrubbed TextScrubber::scrub_whole(std::string_view utf8, const RecordPersons& persons) const {
  const auto look = [&](std::string_view seen) {
    const std::string plain = without_marks(seen);
    const FoldedText text(plain);
    const std::string key = memory_->key(plain);
    std::vector<TextSpan> spans;
    if (!memory_->recall(key, spans)) {
      const FoldedText* one = &text;
      spans = std::move(search({&one, 1}).front());
      memory_->keep(key, spans);
    }
    persons.judge(text, spans);
    return spans;
  };
  const std::vector<std::uint32_t> offsets = byte_offsets(utf8);
  Scrubbed out{std::string(utf8), look(utf8)};
  for (int round = 1; !out.spans.empty(); ++round) {
    Rendered rendered = render(utf8, offsets, out.spans);
    const std::size_t before = out.spans.size();
    if (round < kMaxRounds) {
      add_at_origin(rendered, look(rendered.text), out.spans);
      if (out.spans.size() != before) {
        join_spans(out.spans);
        continue;
      }
    }
    out.text = std::move(rendered.text);
    break;
  }
  return out;
}

std::optional<KnownKind> known_kind_of(std::string_view kind) {
  static constexpr std::array<std::pair<std::string_view, KnownKind>, 11> kKinds{{{"name", KnownKind::kName},
                                                                                  {"phone", KnownKind::kPhone},
                                                                                  {"id", KnownKind::kId},
                                                                                  {"bank", KnownKind::kBankCard},
                                                                                  {"email", KnownKind::kEmail},
                                                                                  {"plate", KnownKind::kPlate},
                                                                                  {"passport", KnownKind::kPassport},
                                                                                  {"account", KnownKind::kAccount},
                                                                                  {"order", KnownKind::kAccount},
                                                                                  {"address", KnownKind::kAddress},
                                                                                  {"place", KnownKind::kAddress}}};
  for (const auto& [word, known] : kKinds) {
    if (word == kind) return known;
  }
  return std::nullopt;
}

std::string_view mark_of(SpanType type) { return kMarks[static_cast<std::size_t>(type)]; }

Result<std::shared_ptr<const TextScrubber>> open_text_scrubber(const std::string& model) {
  auto names = PersonNames::open(model);
  if (names.has_error()) return names.error();
  std::vector<std::shared_ptr<const SpanFinder>> finders;
  finders.push_back(std::make_shared<RuleFinder<find_numbers>>());
  finders.push_back(std::make_shared<RuleFinder<find_addresses>>());
  finders.push_back(std::make_shared<NameFinder>(std::move(*names)));
  return std::make_shared<const TextScrubber>(std::move(finders));
}

}  // namespace tongqu
