#pragma once
// The static proof of disclosure (docs/proof.md): which labelled field of a record can reach which field of which
// recipient, in which form, computed from the configuration alone. A pure function over plain structs; gateway/app
// fills them from mappings, schemas, policies and routes.
#include <cstdint>
#include <string>
#include <vector>

#include "gateway/core/error.hpp"
#include "gateway/core/view.hpp"
#include "security/proof/label_order.hpp"

namespace tongqu {

// How much of a field goes on.
enum class Carriage : std::uint8_t {
  kPasses,   // the value
  kTable,    // the entry of a code table that it chooses
  kReduces,  // a length, a presence, the outcome of a comparison
  kChoice,   // nothing of it, but it decides what is written, or whether
};
[[nodiscard]] std::string_view name_of(Carriage how);  // "passes", "table", "reduces", "choice"

struct ProofSource {
  std::string path;                  // "$.a.b", list elements as "[]" or "[0]"
  std::vector<std::string> through;  // functions, then tables ("table:city-a/problem@2024-01")
  Carriage how = Carriage::kPasses;
};
struct ProofFlow {
  std::string output;  // "attachments[].url"; empty: the verdict of a `when`
  std::uint32_t line = 0;
  bool keeps = false;  // `on fault keep`: the raw value of each source may go, whatever the functions do
  std::vector<ProofSource> sources;
};
struct ProofMapping {
  std::string name;  // "city-a/workorder-in"
  std::string file;  // "mappings/city-a/workorder-in.map"
  const FieldNode* source = nullptr;
  const FieldNode* target = nullptr;
  std::vector<ProofFlow> flows;
};

// One place where data changes hands. In: a partner's message, or a registry's answer, becomes a record. Out: a view
// of a record becomes a partner's document.
enum class WayKind : std::uint8_t { kIn, kRegistryAnswer, kRoute, kPull, kAnswer };
[[nodiscard]] std::string_view name_of(WayKind kind);  // "in", "registry-answer", "route", "pull", "answer"

struct ProofWay {
  WayKind kind = WayKind::kRoute;
  std::string route;  // name; empty for in and answer
  std::string partner;
  std::string service;
  std::string policy_name;  // out only
  Basis basis;              // out only
  const ViewPolicy* policy = nullptr;
  const ProofMapping* mapping = nullptr;  // never null
};
struct ProofCondition {
  std::string route;
  std::string file;  // "routes/x.yaml"
  Position position;
  std::string path;  // canonical
  const FieldNode* record = nullptr;
};
// A person's word: that a labelled field may steer; or, with `role`, that a field without protection says whether the
// sender's person is an informant, so that in rules which it chooses data with the informant's label may become the
// complainant's data of the same kind.
struct Declassified {
  bool role = false;
  std::string mapping;  // one of the two is set
  std::string route;
  std::string field;  // "$.type" in a mapping, "type" in a route
  std::string reason;
  std::string file;
  Position position;
};
struct ProofInput {
  std::vector<ProofWay> ways;
  std::vector<ProofCondition> conditions;
  std::vector<Declassified> declassified;
};

// One labelled field that reaches a recipient, or that steers what reaches one. Of what is labelled `none` there is
// none.
struct ProofClaim {
  std::size_t way = 0;                 // index into ProofInput::ways
  std::string source;                  // canonical path, list elements as "[]"
  std::string title_zh;                // of the source
  Shape label;                         // of the source
  Treatment form = Treatment::kClear;  // the most that can leave
  Condition when = Condition::kNone;   // under which `form` leaves; else `otherwise`
  Treatment otherwise = Treatment::kDrop;
  Carriage how = Carriage::kPasses;
  std::string output;  // field of the partner's document; empty: whether a message goes at all
  std::vector<std::string> through;
  std::uint32_t line = 0;  // in the mapping
  std::string rule;        // place of the policy's rule
  std::string reason;      // of the declassify entry that permits it, if it needed one
};
struct ProofResult {
  std::vector<ProofClaim> claims;  // of the ways out; by way, then as in the mapping
  // proof.downgrade, proof.disclosure, proof.steers; warnings: proof.unused. Fault::path is the file.
  std::vector<Fault> faults;
};

// Thread-safe. Everything that `input` points to outlives the call.
[[nodiscard]] ProofResult prove(const ProofInput& input);

}  // namespace tongqu
