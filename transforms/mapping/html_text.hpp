#pragma once
// Readable text out of a field that carries HTML. No parser of pages: what partners put into
// text fields is fragments, often broken ones (`</br>`).
#include <cstddef>
#include <string_view>

namespace tongqu::mapping {

// Writes the text of `html` to `out`, which has room for html.size() bytes; returns the number of bytes written.
// Line-breaking tags and CR LF become LF; other tags, comments, script and style go; entities are decoded once; a
// '<' that opens no tag, and an '&' that opens no entity, stay as they are. Linear in the size.
[[nodiscard]] std::size_t strip_html(std::string_view html, char* out);

}  // namespace tongqu::mapping
