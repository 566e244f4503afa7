#pragma once
// Files of multipart/form-data become a member of the document beside them, so that the schema, the mapping and
// de-duplication see them like content that a partner writes into its documents itself. No I/O.
#include <string>
#include <string_view>
#include <vector>

#include "connectors/http/multipart.hpp"

namespace tongqu {

// `document`, a JSON object, with `member` added as its last: a list of {"name", "type", "content"} in the order of
// `files`; `name` only when the file has a usable one, `content` in base64. Not one byte of the rest changes, so a
// document that is no JSON, or has the member already, is found out by who decodes it. `member` is an ASCII name.
// Without files the document as it is. Fails with http.files-document when it does not look like an object.
[[nodiscard]] Result<std::string> document_with_files(std::string_view document, std::string_view member,
                                                      const std::vector<FormPart>& files);

}  // namespace tongqu
