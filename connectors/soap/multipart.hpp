#pragma once
// multipart/related (RFC 2387), as SOAP with Attachments and MTOM use it. Bounded: parts, header lines, sizes.
#include <string>
#include <string_view>
#include <vector>

#include "connectors/soap/soap_text.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::soap {

inline constexpr std::size_t kMaxParts = 64;
inline constexpr std::size_t kMaxPartHeaderBytes = 8 * 1024;

struct Part {
  MediaType type;
  std::string content_id;  // without < and >
  std::string body;        // transfer encoding undone
};

struct Related {
  Part root;
  std::vector<Part> others;
};

// `body` of a message of `media`. The root is the part that `start` names, else the first. Transfer encodings: 7bit,
// 8bit, binary, base64, quoted-printable. Fails with soap.multipart, whose parameter says what is wrong.
[[nodiscard]] Result<Related> parse_related(const MediaType& media, std::string_view body);

}  // namespace tongqu::soap
