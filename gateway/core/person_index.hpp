#pragma once
// Finding a person again without the person's values: keyed hashes of what a record says of people, kept beside the
// exchange and erasable (docs/formats.md, section 14). No hash enters the audit log, an answer, or a log file.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/field_tree.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {

// One identifying value of one person in one record.
struct PersonMark {
  std::string kind;  // label kind: phone, id, name, address
  std::string role;  // label subject: complainant, informant, …; empty in the marks of a question
  std::int32_t key_version = 0;
  Bytes hash;  // 16 bytes
  friend bool operator==(const PersonMark&, const PersonMark&) = default;
};

// Immutable, thread-safe.
class PersonMarker {
 public:
  virtual ~PersonMarker() = default;
  // Marks of every labelled value of a person in `record`, each once, under the newest key. What cannot be normalised
  // has none. `fields` is the tree of the record's schema.
  [[nodiscard]] virtual std::vector<PersonMark> marks(const Node& record, const FieldNode& fields) const = 0;
  // The same under every key, for who looks for other records of those people: the marks of one value stand together,
  // upwards by key version, and the next value begins where the version does not grow.
  [[nodiscard]] virtual std::vector<PersonMark> every_mark(const Node& record, const FieldNode& fields) const = 0;
  // What a person who is asked for may be found by: one mark for each key version. `value` is personal data. Errors:
  // person.kind, and person.value when it cannot be such a value.
  [[nodiscard]] virtual Result<std::vector<PersonMark>> marks_of(std::string_view kind,
                                                                 std::string_view value) const = 0;
};

}  // namespace tongqu
