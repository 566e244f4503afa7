#pragma once
// The rules of name_rules.hpp, by what they look at. Each is asked at every place of a text and does bounded work
// there.
#include <string_view>
#include <vector>

#include "security/privacy/name_text.hpp"

namespace tongqu {

// What the rules have found in a text so far, in any order.
class FoundNames {
 public:
  explicit FoundNames(const NameText& text) : text_(text) {}
  // A name unless it is kept; `doubtful`: only its look speaks for it.
  void add(std::size_t begin, std::size_t end, std::string_view reason, bool doubtful);
  // A name whatever follows: a cue says that it is one.
  void add_surely(std::size_t begin, std::size_t end, std::string_view reason);
  [[nodiscard]] std::vector<TextSpan> take() { return std::move(spans_); }

 private:
  const NameText& text_;
  std::vector<TextSpan> spans_;
};

namespace name_rules {

// The network's words for persons, those it is less sure of only where something else speaks for them.
void take_word(const NameText& text, const NameWord& word, FoundNames& out);
// A name of common form that stands between two persons without any sign (张龙赵虎王朝马汉).
void take_between(const NameText& text, const NameWord& before, const NameWord& word, const NameWord& after,
                  FoundNames& out);
// A title that begins at i: the name before it (王女士, 欧阳文静老师, 克雷蒂安总理).
void take_title(const NameText& text, std::size_t i, FoundNames& out);
// A name that begins at i behind a cue (联系人：, 店主, 姓, at the begin of a line and before a colon), or stands
// before a sex (张三，男，).
void take_cue(const NameText& text, std::size_t i, FoundNames& out);
// Names that have a form of their own at i: 小刘, 张某某, 王××, 买买提·艾力, @somebody.
void take_shape(const NameText& text, std::size_t i, FoundNames& out);

}  // namespace name_rules

}  // namespace tongqu
