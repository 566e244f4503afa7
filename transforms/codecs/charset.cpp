#include "transforms/codecs/charset.hpp"

#include <algorithm>
#include <array>

#include "gateway/core/text.hpp"
#include "transforms/codecs/charset_gb.hpp"
#include "transforms/codecs/codecs_codes.hpp"

namespace tongqu {
namespace {

struct Label {
  std::string_view text;
  Charset charset;
};
constexpr std::array<Label, 32> kLabels{{{"utf-8", Charset::kUtf8},
                                         {"utf8", Charset::kUtf8},
                                         {"utf-16", Charset::kUtf16},
                                         {"utf16", Charset::kUtf16},
                                         {"ucs-2", Charset::kUtf16},
                                         {"unicode", Charset::kUtf16},
                                         {"iso-10646-ucs-2", Charset::kUtf16},
                                         {"utf-16le", Charset::kUtf16Le},
                                         {"utf-16be", Charset::kUtf16Be},
                                         {"gb18030", Charset::kGb18030},
                                         {"gb18030-2000", Charset::kGb18030},
                                         {"gb18030-2005", Charset::kGb18030},
                                         {"gb18030-2022", Charset::kGb18030},
                                         {"gbk", Charset::kGbk},
                                         {"cp936", Charset::kGbk},
                                         {"ms936", Charset::kGbk},
                                         {"windows-936", Charset::kGbk},
                                         {"x-gbk", Charset::kGbk},
                                         {"gb2312", Charset::kGb2312},
                                         {"gb_2312-80", Charset::kGb2312},
                                         {"gb2312-80", Charset::kGb2312},
                                         {"gb_2312", Charset::kGb2312},
                                         {"euc-cn", Charset::kGb2312},
                                         {"x-euc-cn", Charset::kGb2312},
                                         {"csgb2312", Charset::kGb2312},
                                         {"iso-8859-1", Charset::kLatin1},
                                         {"iso8859-1", Charset::kLatin1},
                                         {"iso_8859-1", Charset::kLatin1},
                                         {"latin1", Charset::kLatin1},
                                         {"us-ascii", Charset::kAscii},
                                         {"ascii", Charset::kAscii},
                                         {"ansi_x3.4-1968", Charset::kAscii}}};

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                    [](char x, char y) { return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y; });
}

bool is_gb(Charset charset) {
  return charset == Charset::kGb18030 || charset == Charset::kGbk || charset == Charset::kGb2312;
}
bool is_utf16(Charset charset) {
  return charset == Charset::kUtf16 || charset == Charset::kUtf16Le || charset == Charset::kUtf16Be;
}

// A character of `text` that may still become whole: at most three bytes that begin like UTF-8.
bool is_cut_utf8(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t need = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 && lead <= 0xDF ? 2 : 1;
  if (lead > 0xF4 || text.size() >= need) return false;
  // With the smallest and the greatest continuation one of them is well-formed if the bytes so far are.
  for (const char filler : {'\x80', '\xBF'}) {
    std::string whole(text);
    whole.append(need - text.size(), filler);
    if (is_utf8(whole)) return true;
  }
  return false;
}

// The readers append what they can and return how many bytes they took; `stuck` says that the next is malformed.
std::size_t take_utf8(std::string_view bytes, bool last, std::string& out, bool& stuck) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (static_cast<unsigned char>(bytes[at]) < 0x80) {
      ++at;
    } else if (!next_code_point(bytes, at)) {
      stuck = last || !is_cut_utf8(bytes.substr(at));
      break;
    }
  }
  out.append(bytes.substr(0, at));
  return at;
}

std::size_t take_utf16(std::string_view bytes, bool big, bool last, std::string& out, bool& stuck) {
  const auto unit = [&](std::size_t i) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<char32_t>(big ? first << 8U | second : second << 8U | first);
  };
  std::size_t at = 0;
  while (at < bytes.size()) {
    const bool has_unit = at + 2 <= bytes.size();
    char32_t code_point = has_unit ? unit(at) : 0;
    const bool is_pair = has_unit && code_point >= 0xD800 && code_point < 0xDC00;
    if (!has_unit || (is_pair && at + 4 > bytes.size())) {
      stuck = last;
      return at;
    }
    if (code_point >= 0xDC00 && code_point < 0xE000) stuck = true;
    if (is_pair) {
      const char32_t second = unit(at + 2);
      if (second < 0xDC00 || second > 0xDFFF) stuck = true;
      code_point = 0x10000 + ((code_point - 0xD800) << 10U) + (second - 0xDC00);
    }
    if (stuck) return at;
    append_utf8(out, code_point);
    at += is_pair ? 4 : 2;
  }
  return at;
}

std::size_t take_bytes(std::string_view bytes, unsigned char highest, std::string& out, bool& stuck) {
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const auto c = static_cast<unsigned char>(bytes[at]);
    if (c > highest) {
      stuck = true;
      return at;
    }
    append_utf8(out, c);
  }
  return bytes.size();
}

void append_utf16(std::string& out, char32_t code_point, bool big) {
  const auto put = [&](char32_t unit) {
    const auto high = static_cast<char>(unit >> 8U);
    const auto low = static_cast<char>(unit & 0xFFU);
    out.push_back(big ? high : low);
    out.push_back(big ? low : high);
  };
  if (code_point < 0x10000) return put(code_point);
  put(0xD800 + ((code_point - 0x10000) >> 10U));
  put(0xDC00 + ((code_point - 0x10000) & 0x3FFU));
}

void append_reference(std::string& out, char32_t code_point) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  out += "&#x";
  int shift = 20;
  while (shift > 0 && (code_point >> static_cast<unsigned>(shift)) == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) out.push_back(kHex[(code_point >> static_cast<unsigned>(shift)) & 15U]);
  out.push_back(';');
}

}  // namespace

std::optional<Charset> charset_of(std::string_view label) {
  for (const Label& known : kLabels) {
    if (equal_ignoring_case(label, known.text)) return known.charset;
  }
  return std::nullopt;
}

std::string_view name_of(Charset charset) {
  switch (charset) {
    case Charset::kUtf8: return "UTF-8";
    case Charset::kUtf16: return "UTF-16";
    case Charset::kUtf16Le: return "UTF-16LE";
    case Charset::kUtf16Be: return "UTF-16BE";
    case Charset::kGb18030: return "GB18030";
    case Charset::kGbk: return "GBK";
    case Charset::kGb2312: return "GB2312";
    case Charset::kLatin1: return "ISO-8859-1";
    case Charset::kAscii: return "US-ASCII";
  }
  return "";
}

std::optional<ByteOrderMark> find_byte_order_mark(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return ByteOrderMark{Charset::kUtf8, 3};
  if (bytes.starts_with("\xFF\xFE")) return ByteOrderMark{Charset::kUtf16Le, 2};
  if (bytes.starts_with("\xFE\xFF")) return ByteOrderMark{Charset::kUtf16Be, 2};
  if (bytes.starts_with("\x84\x31\x95\x33")) return ByteOrderMark{Charset::kGb18030, 4};
  return std::nullopt;
}

struct CharsetDecoder::State {
  Charset asked;    // for errors
  Charset charset;  // UTF-16 becomes one of its two orders
  std::optional<gb::Decoder> gb;
  std::string rest;        // bytes of a character that the next piece completes
  std::size_t offset = 0;  // of the first byte of `rest`, or of the next piece
  bool at_begin = true;
};

CharsetDecoder::CharsetDecoder(Charset charset) : state_(std::make_unique<State>()) {
  state_->asked = charset;
  state_->charset = charset;
  if (is_gb(charset)) state_->gb.emplace();
}
CharsetDecoder::~CharsetDecoder() = default;
CharsetDecoder::CharsetDecoder(CharsetDecoder&&) noexcept = default;
CharsetDecoder& CharsetDecoder::operator=(CharsetDecoder&&) noexcept = default;

Status CharsetDecoder::decode(std::string_view bytes, bool last, std::string& out) {
  State& state = *state_;
  const std::string_view name = name_of(state.asked);
  const auto malformed = [&](std::size_t offset) {
    return make_error(codes::kCharsetMalformed, std::string(name) + ", byte " + std::to_string(offset));
  };
  if (state.gb) {
    if (const auto wrong = state.gb->decode(bytes, last, out); wrong) {
      return malformed(state.offset + static_cast<std::size_t>(*wrong));
    }
    state.offset += bytes.size();
    return {};
  }
  std::string joined;
  if (!state.rest.empty()) {
    joined = state.rest + std::string(bytes);
    bytes = joined;
  }
  if (state.charset == Charset::kUtf16 && state.at_begin && (bytes.size() >= 2 || last)) {
    state.at_begin = false;
    const auto mark = find_byte_order_mark(bytes);
    const bool has_mark = mark && is_utf16(mark->charset);
    state.charset = has_mark ? mark->charset : Charset::kUtf16Le;
    if (has_mark) bytes.remove_prefix(mark->size);
    if (has_mark) state.offset += mark->size;
  }
  bool stuck = false;
  std::size_t taken = 0;
  switch (state.charset) {
    case Charset::kUtf8: taken = take_utf8(bytes, last, out, stuck); break;
    case Charset::kUtf16: break;  // a single byte so far
    case Charset::kUtf16Le: taken = take_utf16(bytes, false, last, out, stuck); break;
    case Charset::kUtf16Be: taken = take_utf16(bytes, true, last, out, stuck); break;
    case Charset::kLatin1: taken = take_bytes(bytes, 0xFF, out, stuck); break;
    default: taken = take_bytes(bytes, 0x7F, out, stuck); break;
  }
  state.offset += taken;
  if (stuck) return malformed(state.offset);
  state.rest = bytes.substr(taken);
  return {};
}

Status decode_charset(std::string_view bytes, Charset charset, std::string& out) {
  return CharsetDecoder(charset).decode(bytes, true, out);
}

Status encode_charset(std::string_view utf8, Charset charset, Unencodable unencodable, std::string& out) {
  if (charset == Charset::kUtf8) {
    out += utf8;
    return {};
  }
  const std::size_t before = out.size();
  std::optional<gb::Encoder> gb;
  if (is_gb(charset)) gb.emplace(charset);
  if (charset == Charset::kUtf16) append_utf16(out, 0xFEFF, false);
  for (std::size_t at = 0; at < utf8.size();) {
    const auto code_point = next_code_point(utf8, at);
    bool written = code_point.has_value();
    if (written && is_utf16(charset)) {
      append_utf16(out, *code_point, charset == Charset::kUtf16Be);
    } else if (written && gb) {
      written = gb->append(*code_point, out);
    } else if (written && *code_point <= (charset == Charset::kLatin1 ? 0xFFU : 0x7FU)) {
      out.push_back(static_cast<char>(*code_point));
    } else {
      written = false;
    }
    if (written) continue;
    if (!code_point || unencodable == Unencodable::kRefuse) {
      out.resize(before);
      return make_error(codes::kCharsetUnencodable, std::string(name_of(charset)));
    }
    append_reference(out, *code_point);
  }
  return {};
}

}  // namespace tongqu
