#pragma once
// From names that were found to those beside them in a list, and to their other mentions.
#include <vector>

#include "security/privacy/name_text.hpp"

namespace tongqu {

// Puts `spans` in order, joins those that overlap or touch inside one name, and adds neighbours in lists
// (张三、李四和王五), then every other mention: the whole name, the given name, the parts of a foreign name. Linear in
// the text's length.
void add_mentions(const NameText& text, std::vector<TextSpan>& spans);

}  // namespace tongqu
