#pragma once
// View, then render: what a recipient may see is built from the canonical record by policy, and bytes for the
// recipient can be made from nothing else. What a recipient may not see is not there (PIPL Art. 6; Order 121 Art. 37).
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/field_tree.hpp"
#include "gateway/core/ids.hpp"

namespace tongqu {

// Form in which a field leaves.
//   kRef    an opaque handle (代号), random for each record and recipient, never derived from the person; one subject
//   of
//           one record has one
//   kScrub  a free text in which what names or reaches a person is hidden (自由文本脱敏): measured, not proven
//   kToken  a keyed hash: the same value in the same role gives the same token to one recipient, unrelated ones to two;
//           never for informants (假名令牌)
//   kSeal   encrypted to the recipient's key or to that of a named officer (定向加密)
//   kRelease  the whole message waits until a named person released it (释放); what leaves then has one of the other
//             forms. In a rule only, never in a disclosure
//   kSummary  what a person wrote in the field's place (线索摘要). In a disclosure only, never in a rule
enum class Treatment : std::uint8_t { kDrop, kMask, kClear, kRef, kScrub, kToken, kSeal, kRelease, kSummary };
[[nodiscard]] std::string_view name_of(Treatment treatment);

// What has to hold beside a rule. Never derived from a message: persons decide, gateway/core/grants.hpp.
//   kApproved  one person asked, with a reason and an end date, and a second one approved
//   kDanger    a named person confirmed danger to life
enum class Condition : std::uint8_t { kNone, kApproved, kDanger };
[[nodiscard]] std::string_view name_of(Condition condition);  // "", "approved", "danger"

// One labelled field that leaves, or that was withheld.
struct DisclosedField {
  std::string path;  // canonical path, list elements as "[]"
  Label label;
  Treatment form = Treatment::kDrop;       // with a condition: the form when it holds, the most that can leave
  Condition when = Condition::kNone;       // of a rule; in a disclosure always kNone: there `form` is what left
  Treatment otherwise = Treatment::kDrop;  // with a condition: the form when it does not hold
  std::string rule;                        // the policy's rule that decided: "policies/p12315.yaml:12", or "default"
  std::string decided;  // what a person decided about it: "release" or "grant 12"; empty: the rule alone
  std::string entry;    // the field's object in the ledger, see ledger_entry; empty for what does not leave
};
// {form,kind,path,subject}, and `decided` when a person decided, as canonical JSON; empty for a field that is dropped.
[[nodiscard]] std::string ledger_entry(const DisclosedField& field);
// "mask", "clear after release", "clear when approved, otherwise mask": in certificates, matrices and explanations.
[[nodiscard]] std::string form_text(Treatment form, Condition when, Treatment otherwise);

// How a named person released a message that waited for it.
enum class ReleaseAs : std::uint8_t {
  kWhole,     // the waiting fields as they are
  kScrubbed,  // those that are free text scrubbed, the others not at all
  kSummary,   // the person's own text in the place of the first that is free text, the others not at all
  kWithout    // none of them
};
[[nodiscard]] std::string_view name_of(ReleaseAs as);  // "whole", "scrubbed", "summary", "without"
[[nodiscard]] std::optional<ReleaseAs> release_as_of(std::string_view name);

struct Release {
  ReleaseAs as = ReleaseAs::kWithout;
  std::string summary;  // kSummary
  std::string task;     // number of the task that the decision finished
  std::string actor;
};

// A grant in force for the message at hand (gateway/core/grants.hpp).
struct GrantInForce {
  std::string id;
  Condition kind = Condition::kApproved;
  std::vector<std::string> labels;  // "phone/complainant"; empty: every label but those of informants
  [[nodiscard]] bool covers(const Label& label) const;
};

// What persons decided about one message for one recipient, beyond the rules.
struct Decisions {
  std::optional<Release> release;  // nothing: what waits for a release waits
  std::vector<GrantInForce> grants;
};

// Why data may leave on a route (政务数据共享条例 Art. 25, PIPL Art. 23).
struct Basis {
  std::string purpose;      // 用途
  std::string legal_basis;  // 依据
  bool onward = false;      // may the recipient pass it on? default no
};

class ViewPolicy;

// Ledger entry of one (exchange, recipient): which labels leave in which form – never a value. Only a ViewPolicy makes
// one, and no bytes for a recipient can be made without one, so no connector can forget it.
class Disclosure {
 public:
  Disclosure(Disclosure&&) = default;
  Disclosure& operator=(Disclosure&&) = default;
  Disclosure(const Disclosure&) = delete;
  Disclosure& operator=(const Disclosure&) = delete;

  [[nodiscard]] const PartnerId& recipient() const { return recipient_; }
  [[nodiscard]] const ServiceId& service() const { return service_; }
  [[nodiscard]] const Basis& basis() const { return basis_; }
  // In the order of the record; never null, valid as long as this.
  [[nodiscard]] const std::vector<const DisclosedField*>& fields() const { return fields_; }
  // Canonical JSON for the ledger: {to, service, purpose, basis, onward, fields:[{path,kind,subject,form}]}, and
  // release:{actor,as,task} of a message that a person released; dropped fields are left out.
  [[nodiscard]] std::string to_ledger() const;
  // How many fields left masked; for the traffic table.
  [[nodiscard]] std::size_t masked_count() const;

 private:
  friend class ViewPolicy;
  Disclosure(PartnerId recipient, ServiceId service, Basis basis)
      : recipient_(std::move(recipient)), service_(std::move(service)), basis_(std::move(basis)) {}
  PartnerId recipient_;
  ServiceId service_;
  Basis basis_;
  std::vector<const DisclosedField*> fields_;
  std::string release_;                // canonical JSON; empty: nobody had to release it
  std::shared_ptr<const void> texts_;  // shared with the policy that decided: what fields_ points into
};

// The record as one recipient may see it, with its ledger entry.
class View {
 public:
  View(View&&) = default;
  View& operator=(View&&) = default;
  [[nodiscard]] const Node& root() const { return document_.root(); }
  [[nodiscard]] const Disclosure& disclosure() const { return disclosure_; }
  // Paths of the record's fields that wait for a named person. Not empty: the message is not to be made yet; the
  // fields are not in the view.
  [[nodiscard]] const std::vector<std::string>& waiting() const { return waiting_; }

 private:
  friend class ViewPolicy;
  friend class OutboundBytes;
  View(Document document, Disclosure disclosure, std::vector<std::string> waiting)
      : document_(std::move(document)), disclosure_(std::move(disclosure)), waiting_(std::move(waiting)) {}
  Document document_;
  Disclosure disclosure_;
  std::vector<std::string> waiting_;
};

// Bytes that may leave: made by consuming a View, so each has exactly one ledger entry.
class OutboundBytes {
 public:
  OutboundBytes(View view, std::string bytes, std::string content_type)
      : disclosure_(std::move(view.disclosure_)), bytes_(std::move(bytes)), content_type_(std::move(content_type)) {}
  [[nodiscard]] const Disclosure& disclosure() const { return disclosure_; }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  [[nodiscard]] const std::string& content_type() const { return content_type_; }

 private:
  Disclosure disclosure_;
  std::string bytes_;
  std::string content_type_;
};

// Builds views for one (recipient, service). Immutable, thread-safe.
class ViewPolicy {
 public:
  virtual ~ViewPolicy() = default;
  // `record` is valid under the schema that `fields` came from. A field without label is dropped, a label without
  // rule is dropped, a member that the schema does not name is dropped. Fails only as a whole (nothing leaves).
  [[nodiscard]] virtual Result<View> view(const Node& record, const FieldNode& fields,
                                          const Decisions& decisions) const = 0;
  // Nobody decided anything.
  [[nodiscard]] Result<View> view(const Node& record, const FieldNode& fields) const {
    return view(record, fields, Decisions());
  }
  // The treatment of one field, for explain and for the disclosure matrix.
  [[nodiscard]] virtual DisclosedField decide(std::string_view path, const FieldNode& field) const = 0;

 protected:
  [[nodiscard]] static Disclosure start(PartnerId recipient, ServiceId service, Basis basis) {
    return {std::move(recipient), std::move(service), std::move(basis)};
  }
  // `field` has its `entry`, and lives as long as what `keep` was given.
  static void note(Disclosure& disclosure, const DisclosedField& field) { disclosure.fields_.push_back(&field); }
  static void keep(Disclosure& disclosure, std::shared_ptr<const void> texts) { disclosure.texts_ = std::move(texts); }
  static void released(Disclosure& disclosure, const Release& release);
  [[nodiscard]] static View finish(Document document, Disclosure disclosure, std::vector<std::string> waiting) {
    return {std::move(document), std::move(disclosure), std::move(waiting)};
  }
};

}  // namespace tongqu
