#pragma once
// Private to policy.cpp: the decided field tree, and one walk through one record. Every branch that does not know its
// case ends in a drop.
#include <deque>
#include <map>
#include <optional>

#include "security/privacy/masks.hpp"
#include "security/privacy/policy.hpp"
#include "security/privacy/sealed_values.hpp"
#include "security/privacy/text_scrubber.hpp"

namespace tongqu {

struct RulePolicy::Rule {
  const PolicyRule* text = nullptr;
  std::optional<MaskFormat> mask;
  const ValueSealer* sealer = nullptr;
};

// The field tree with what was decided for each field.
struct RulePolicy::Plan {
  const FieldNode* field = nullptr;
  // What a disclosure may name of this field, made once for all records.
  DisclosedField decided;               // scalars
  DisclosedField dropped;               // the value did not fit what was decided
  DisclosedField unknown;               // a member that the schema does not have
  const MaskFormat* mask = nullptr;     // for kMask
  const ValueSealer* sealer = nullptr;  // for kSeal
  std::size_t number = 0;               // within the tree, from 0
  std::vector<Plan> members;
  std::vector<Plan> element;

  // Members mostly come in schema order: the search starts behind the last hit.
  [[nodiscard]] const Plan* find(std::string_view name, std::size_t& cursor) const {
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::size_t at = cursor + i < members.size() ? cursor + i : cursor + i - members.size();
      if (members[at].field->name != name) continue;
      cursor = at + 1 < members.size() ? at + 1 : 0;
      return &members[at];
    }
    return nullptr;
  }

  std::size_t number_from(std::size_t next) {
    number = next++;
    for (Plan& member : members) next = member.number_from(next);
    for (Plan& one : element) next = one.number_from(next);
    return next;
  }
};

// One walk through one record.
class RulePolicy::Walk {
 public:
  Walk(const RulePolicy& policy, Document& out, Disclosure& disclosure, const Decisions& decisions)
      : policy_(policy), out_(out), disclosure_(disclosure), decisions_(decisions) {}

  // Paths of what waits for a person, each once.
  std::vector<std::string> waiting;
  // Made for this record: what a person decided about a field. Empty for nearly every record.
  std::shared_ptr<std::deque<DisclosedField>> own;

  Node* whole(const Node& record, const Plan& plan);

  // The visible part of `node`; nullptr when nothing of it is left.
  Node* copy(const Node& node, const Plan& plan);
  Node* copy_object(const Node& node, const Plan& plan);

 private:
  // What becomes of the field of this record: the rule's treatment, or what persons decided for this message.
  [[nodiscard]] Treatment form_of(const Plan& plan) const;
  [[nodiscard]] Treatment released(const Plan& plan) const;
  [[nodiscard]] const GrantInForce* grant_for(const DisclosedField& decided) const;
  void wait(const Plan& plan);

  // A token or a sealed value. When there is none, for whatever reason, nothing leaves.
  Node* replace(const Node& node, const Plan& plan, Treatment form);
  Node* copy_list(const Node& node, const Plan& plan);
  Node* keep(const Node& node, std::string_view text);
  Node* drop(const Plan& plan);
  void note(const Plan& plan, Treatment form);
  void note_own(const Plan& plan, Treatment form);
  void note_unknown(const Plan& plan);
  [[nodiscard]] const TextScrubber* scrubber() const;

  // What the record says of its persons: the same for all texts of it.
  const RecordPersons& known();
  void collect(const Node& node, const Plan& plan, KnownPersons& out) const;
  const std::string& reference_to(const std::string& subject);
  bool first_time(std::size_t number, unsigned bit);

  static constexpr unsigned kUnknownMember = 1U << 15U;
  const RulePolicy& policy_;
  Document& out_;
  Disclosure& disclosure_;
  const Decisions& decisions_;
  bool summary_used_ = false;
  const Node* record_ = nullptr;
  const Plan* record_plan_ = nullptr;
  std::optional<RecordPersons> known_;
  std::vector<std::uint16_t> noted_;               // by Plan::number, one bit for each form
  std::map<std::string, std::string> references_;  // by subject
};

}  // namespace tongqu
