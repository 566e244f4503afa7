#pragma once
// multipart/form-data (RFC 7578) in memory: the listener has bounded the body already. Strict: no preamble, CR LF only,
// no transfer encoding but 7bit, 8bit and binary. No I/O.
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu {

inline constexpr std::size_t kMaxParts = 16;
inline constexpr std::size_t kMaxPartHeadBytes = 4 * 1024;

struct FormPart {
  std::string name;          // of the field; may be empty
  bool is_file = false;      // it has a file name
  std::string content_type;  // media type without parameters, lower case; empty when the part has none
  std::string_view body;     // points into the message
  // The last part of the file's name; empty when it is not UTF-8, has control characters or more than 255 bytes. May be
  // personal data: for no error and no log.
  std::string file_name = {};
};

// The parts of `body`, in order. `content_type` is the request's header with its boundary. Fails with http.multipart.
[[nodiscard]] Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body);

// The part that is the document: the one called "document", or the only one that is no file. Fails with
// http.multipart-document.
[[nodiscard]] Result<std::size_t> document_part(const std::vector<FormPart>& parts);

}  // namespace tongqu
