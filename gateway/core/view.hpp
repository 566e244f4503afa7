#pragma once
// View, then render: what a recipient may see is built from the canonical record by policy, and bytes for the
// recipient can be made from nothing else. What a recipient may not see is not there (PIPL Art. 6; Order 121 Art. 37).
#include <memory>
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
enum class Treatment : std::uint8_t { kDrop, kMask, kClear, kRef, kScrub, kToken, kSeal };
[[nodiscard]] std::string_view name_of(Treatment treatment);

// One labelled field that leaves, or that was withheld.
struct DisclosedField {
  std::string path;  // canonical path, list elements as "[]"
  Label label;
  Treatment form = Treatment::kDrop;
  std::string rule;   // the policy's rule that decided: "policies/p12315.yaml:12", or "default"
  std::string entry;  // the field's object in the ledger, see ledger_entry; empty for what does not leave
};
// {form,kind,path,subject} as canonical JSON; empty for a field that is dropped.
[[nodiscard]] std::string ledger_entry(const DisclosedField& field);

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
  // Canonical JSON for the ledger: {to, service, purpose, basis, onward, fields:[{path,kind,subject,form}]};
  // dropped fields are left out.
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
  std::shared_ptr<const void> texts_;  // shared with the policy that decided: what fields_ points into
};

// The record as one recipient may see it, with its ledger entry.
class View {
 public:
  View(View&&) = default;
  View& operator=(View&&) = default;
  [[nodiscard]] const Node& root() const { return document_.root(); }
  [[nodiscard]] const Disclosure& disclosure() const { return disclosure_; }

 private:
  friend class ViewPolicy;
  friend class OutboundBytes;
  View(Document document, Disclosure disclosure) : document_(std::move(document)), disclosure_(std::move(disclosure)) {}
  Document document_;
  Disclosure disclosure_;
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
  [[nodiscard]] virtual Result<View> view(const Node& record, const FieldNode& fields) const = 0;
  // The treatment of one field, for explain and for the disclosure matrix.
  [[nodiscard]] virtual DisclosedField decide(std::string_view path, const FieldNode& field) const = 0;

 protected:
  [[nodiscard]] static Disclosure start(PartnerId recipient, ServiceId service, Basis basis) {
    return {std::move(recipient), std::move(service), std::move(basis)};
  }
  // `field` has its `entry`, and lives as long as what `keep` was given.
  static void note(Disclosure& disclosure, const DisclosedField& field) { disclosure.fields_.push_back(&field); }
  static void keep(Disclosure& disclosure, std::shared_ptr<const void> texts) { disclosure.texts_ = std::move(texts); }
  [[nodiscard]] static View finish(Document document, Disclosure disclosure) {
    return {std::move(document), std::move(disclosure)};
  }
};

}  // namespace tongqu
