#pragma once
// Keyed hashes of what identifies a person (domain: "match without clear text"): HMAC of the suite over the normalised
// value. Without the key nothing can be tried out against them; equal text of two kinds gives unrelated hashes.
//
//   hash = first 16 bytes of HMAC-H(key, "tongqu-person 1" ‖ 0x00 ‖ kind ‖ 0x00 ‖ person_form(kind, value))
#include <memory>
#include <span>

#include "gateway/core/crypto.hpp"
#include "gateway/core/person_index.hpp"

namespace tongqu {

struct PersonKey {
  std::int32_t version = 1;
  Bytes secret;  // 32 bytes
};

// Immutable, thread-safe.
class PersonHasher final : public PersonMarker {
 public:
  static constexpr std::size_t kHashBytes = 16;
  static constexpr std::size_t kMaxMarks = 256;  // of one record

  // The last key of `keys` (not empty, versions ascending) marks; all of them are asked with. `suite` outlives this.
  PersonHasher(const Suite& suite, std::vector<PersonKey> keys);
  ~PersonHasher() override;

  // Telephone and id numbers of everybody, names and addresses of those who complain, report, or act for them: the
  // others' belong to a trader or an office. A field may hold several telephone numbers (、 ， ； / 或): each has its
  // mark.
  [[nodiscard]] std::vector<PersonMark> marks(const Node& record, const FieldNode& fields) const override;
  [[nodiscard]] std::vector<PersonMark> every_mark(const Node& record, const FieldNode& fields) const override;
  [[nodiscard]] Result<std::vector<PersonMark>> marks_of(std::string_view kind, std::string_view value) const override;

 private:
  [[nodiscard]] Bytes hash(const PersonKey& key, std::string_view kind, std::string_view form) const;
  using Keys = std::span<const PersonKey>;
  void mark(Keys keys, const Label& label, std::string_view value, std::vector<PersonMark>& out) const;
  void walk(Keys keys, const Node& node, const FieldNode& field, std::vector<PersonMark>& out) const;

  const Suite& suite_;
  std::vector<PersonKey> keys_;
};

}  // namespace tongqu
