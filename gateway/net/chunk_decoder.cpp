#include "gateway/net/chunk_decoder.hpp"

#include <algorithm>

#include "gateway/net/http_syntax.hpp"
#include "gateway/net/net_codes.hpp"

namespace tongqu::net {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_forbidden_trailer(std::string_view name) {
  for (const std::string_view bad : {"content-length", "transfer-encoding", "host", "connection", "authorization",
                                     "content-encoding", "content-type", "trailer", "expect"}) {
    if (equal_ignoring_case(name, bad)) return true;
  }
  FramingCheck framing;
  return framing.add(Field{name, "0"}) != nullptr;
}

}  // namespace

ChunkDecoder::Step ChunkDecoder::feed(std::string_view input, std::string& body) {
  std::size_t at = 0;
  while (at < input.size() && state_ != State::kDone) {
    if (state_ == State::kData) {
      const auto part = std::min<std::uint64_t>(chunk_left_bytes_, input.size() - at);
      body.append(input.substr(at, part));
      at += part;
      chunk_left_bytes_ -= part;
      if (chunk_left_bytes_ == 0) state_ = State::kDataCr;
      continue;
    }
    if (const auto* refusal = take(input[at])) return {at, false, refusal};
    ++at;
  }
  return {at, state_ == State::kDone, nullptr};
}

const ErrorCode* ChunkDecoder::take(char c) {
  switch (state_) {
    case State::kSize: return take_size(c);
    case State::kExtensionName:
    case State::kExtensionToken:
    case State::kExtensionQuoted:
    case State::kExtensionEscape:
    case State::kExtensionEnd: return take_extension(c);
    case State::kSizeLf: return c == '\n' ? end_of_size_line() : &codes::kNetChunk;
    case State::kDataCr: state_ = State::kDataLf; return c == '\r' ? nullptr : &codes::kNetChunk;
    case State::kDataLf: state_ = State::kSize; return c == '\n' ? nullptr : &codes::kNetChunk;
    case State::kTrailer:
    case State::kTrailerLf: return take_trailer(c);
    case State::kData:
    case State::kDone: break;
  }
  return &codes::kNetChunk;
}

const ErrorCode* ChunkDecoder::take_size(char c) {
  constexpr std::size_t kMaxSizeDigits = 15;  // leading zeros count; keeps the number below 2^60
  if (const int digit = hex_value(c); digit >= 0) {
    if (++size_digits_ > kMaxSizeDigits) return &codes::kNetChunk;
    chunk_left_bytes_ = chunk_left_bytes_ * 16 + static_cast<std::uint64_t>(digit);
    return nullptr;
  }
  if (size_digits_ == 0) return &codes::kNetChunk;
  if (c == '\r') {
    state_ = State::kSizeLf;
    return nullptr;
  }
  if (c != ';') return &codes::kNetChunk;
  state_ = State::kExtensionName;
  extension_part_bytes_ = 0;
  return nullptr;
}

// chunk-ext = *( ";" name [ "=" ( token / quoted-string ) ] ), without the optional white space of the RFC.
const ErrorCode* ChunkDecoder::take_extension(char c) {
  if (++extension_bytes_ > limits_.max_extension_bytes) return &codes::kNetChunk;
  const std::string_view one(&c, 1);
  switch (state_) {
    case State::kExtensionEscape:
      state_ = State::kExtensionQuoted;
      return is_field_value(one) ? nullptr : &codes::kNetChunk;
    case State::kExtensionQuoted:
      if (c == '"') state_ = State::kExtensionEnd;
      if (c == '\\') state_ = State::kExtensionEscape;
      return is_field_value(one) ? nullptr : &codes::kNetChunk;
    case State::kExtensionName:
    case State::kExtensionToken:
      if (is_token(one)) {
        ++extension_part_bytes_;
        return nullptr;
      }
      if (extension_part_bytes_ == 0) {
        if (c != '"' || state_ != State::kExtensionToken) return &codes::kNetChunk;
        state_ = State::kExtensionQuoted;
        return nullptr;
      }
      if (c == '=' && state_ == State::kExtensionName) {
        state_ = State::kExtensionToken;
        extension_part_bytes_ = 0;
        return nullptr;
      }
      break;
    default: break;
  }
  if (c == '\r') {
    state_ = State::kSizeLf;
    return nullptr;
  }
  if (c != ';') return &codes::kNetChunk;
  state_ = State::kExtensionName;
  extension_part_bytes_ = 0;
  return nullptr;
}

const ErrorCode* ChunkDecoder::end_of_size_line() {
  size_digits_ = 0;
  if (chunk_left_bytes_ == 0) {
    state_ = State::kTrailer;
    return nullptr;
  }
  body_bytes_ += chunk_left_bytes_;
  if (body_bytes_ > limits_.max_body_bytes) return &codes::kNetBodyTooLarge;
  state_ = State::kData;
  return nullptr;
}

const ErrorCode* ChunkDecoder::take_trailer(char c) {
  if (++trailer_bytes_ > limits_.max_trailer_bytes) return &codes::kNetTrailer;
  if (state_ == State::kTrailerLf) return c == '\n' ? end_of_trailer_line() : &codes::kNetTrailer;
  if (c == '\r') {
    state_ = State::kTrailerLf;
  } else {
    trailer_line_.push_back(c);
  }
  return nullptr;
}

const ErrorCode* ChunkDecoder::end_of_trailer_line() {
  if (trailer_line_.empty()) {
    state_ = State::kDone;
    return nullptr;
  }
  Field field;
  if (parse_field(trailer_line_, field) != nullptr || is_forbidden_trailer(field.name)) return &codes::kNetTrailer;
  trailer_line_.clear();
  state_ = State::kTrailer;
  return nullptr;
}

}  // namespace tongqu::net
