#pragma once
// A small configuration as data: a record, who sends it, who gets what of it. Tests make sound ones by chance and then
// spoil them in one place.
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "gateway/settings/config_image.hpp"

namespace tongqu::proof_test {

struct FieldText {
  std::string name;
  std::string kind;  // empty: no label
  std::string subject;
};
struct RuleText {
  std::string target;
  std::string expression;  // all that stands behind "="
};
struct MapTextFile {
  std::vector<std::string> whens;
  std::vector<RuleText> rules;
};
struct PolicyLine {
  std::string kind, subject, treatment;
  std::string when = {}, otherwise = {};  // both or none
};
enum class How : std::uint8_t { kPushed, kPulled, kAnswered };
struct Recipient {
  std::string id;  // partner
  How how = How::kPushed;
  std::vector<FieldText> document;  // beside items
  std::string who_kind = "name";    // label of items[].who in the document
  MapTextFile map;
  std::vector<PolicyLine> policy;
};
struct DeclassifyLine {
  std::string mapping, field;
};
struct World {
  std::vector<FieldText> record;    // of the canonical record and answer, beside items
  std::vector<FieldText> received;  // the sender's own schema
  MapTextFile in;
  std::vector<Recipient> recipients;
  std::string condition;  // field of the record, empty = none
  std::vector<DeclassifyLine> declassified;
  std::vector<DeclassifyLine> roles;
};

using Random = std::mt19937;

// Sound by construction: every label fits.
[[nodiscard]] World make_world(Random& random);
// `tables` exists as a folder of `directory`.
[[nodiscard]] ConfigImage image_of(const World& world, const std::string& directory);
// Writes tables/demo/codes.csv.
void write_tables(const std::string& directory);

}  // namespace tongqu::proof_test
