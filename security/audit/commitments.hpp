#pragma once
// Field commitments (docs/formats.md section 6): each scalar field of a record is committed to on its own, so that it
// can be opened alone, and nothing can be guessed once the data key was destroyed.
//
// Path of a field: names joined by dots, list elements as [n] ("target.name", "attachments[0].url"); a name that is
// empty or holds one of . [ ] " \ or a control character is written as ["name"] with the escapes of RFC 8785, so that
// two fields never share a path. The value is the scalar's text (true and false for booleans, a number as it stands);
// a null is no field.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/crypto.hpp"
#include "gateway/core/document.hpp"

namespace tongqu {

inline constexpr std::size_t kFieldSaltBytes = 16;

struct FieldCommitment {
  std::string path;
  Digest32 hash{};
  Bytes salt;  // 16 bytes; secret until the field is opened
};

struct RecordCommitment {
  Digest32 root{};                      // over the hashes, in order; of the empty tree when there is no field
  std::vector<FieldCommitment> fields;  // by path, in the order of bytes
};

// Linear in the number of fields; four hash blocks and one sort step each.
[[nodiscard]] RecordCommitment commit_fields(const Node& record, const Suite& suite, std::string_view data_key);
// Its root alone; for the line, which opens no field.
[[nodiscard]] Digest32 commitment_root(const Node& record, const Suite& suite, std::string_view data_key);

// H(0x02 ‖ salt ‖ path ‖ 0x00 ‖ value)
[[nodiscard]] Digest32 field_hash(const Suite& suite, std::string_view salt, std::string_view path,
                                  std::string_view value);

// The `body` digest of a "stored" entry: H(body-salt ‖ body).
[[nodiscard]] Digest32 body_digest(const Suite& suite, std::string_view data_key, std::string_view body);

}  // namespace tongqu
