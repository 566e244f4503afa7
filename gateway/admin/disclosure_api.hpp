#pragma once
// The part of the admin interface that answers questions about the disclosure ledger; the caller has checked the token.
// POST, so that nothing of a person stands in an address, a log of addresses or a history:
//
//   POST disclosures  {actor, reason, person: {kind: "phone"|"id", value}, role, recipient, label: "phone" or
//                      "complainant.phone", from, to (ms), before, limit}, each but the first two optional
//
// The value of a person is hashed in memory and goes nowhere. Every question is an entry in the audit log before it is
// answered: who, why (as digest), by which criteria, how many rows; no value and no hash.
#include "gateway/core/clock.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/disclosures.hpp"
#include "gateway/pipeline/rework.hpp"

namespace tongqu {

// Thread-safe.
class DisclosureApi {
 public:
  static constexpr std::size_t kMaxPageRows = 1000;
  static constexpr std::size_t kDefaultPageRows = 100;

  struct Parts {
    DisclosureStore& disclosures;
    Store& store;
    const PersonMarker& persons;
    const Suite& suite;
    const Codec& json;
    const Clock& clock;
  };
  // References outlive this.
  explicit DisclosureApi(const Parts& parts) : parts_(parts) {}

  // {disclosures: [{at, exchange, recipient, service, message, state, purpose, basis, onward, config, index, fields:
  // [{path, kind, subject, form}]}], scanned, next}; `next` 0 = that was all, else `before` of the next page. Asked by
  // person, `fields` are those of that person's role, and rows without any are left out.
  // Errors: admin.parameter, person.value, gateway.unavailable (also: the entry cannot be written), store.read.
  [[nodiscard]] Result<Document> ask(const Node& body, const ActBy& by);

 private:
  [[nodiscard]] Result<DisclosureFilter> filter_of(const Node& body) const;
  [[nodiscard]] Status note(const DisclosureFilter& filter, std::size_t rows, const ActBy& by);
  // False: nothing of what was asked for left in this row.
  [[nodiscard]] bool put(Document& out, Node& list, const DisclosureRow& row, const DisclosureFilter& filter) const;

  const Parts parts_;
};

}  // namespace tongqu
