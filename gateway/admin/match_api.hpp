#pragma once
// The part of the admin interface that asks whether other matters have the same person, phone or address, without
// reading a value (domain: match without clear text); the caller has checked the token.
//
//   POST exchanges/{id}/matches  {actor, reason, kind: "phone"|"id"|"name"|"address", role}, the last two optional
//
// A value is compared with values of the same role only, and an informant's only when the role is said: that somebody
// who complains also reported is an informant's secret. Each question is an entry in the audit log before it is
// answered. What the counts mean is for a person to say (Order 121 Art. 17).
#include <functional>

#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/disclosures.hpp"
#include "gateway/pipeline/rework.hpp"

namespace tongqu {

// Thread-safe.
class MatchApi {
 public:
  struct Parts {
    DisclosureStore& disclosures;
    Store& store;
    const Suite& suite;
    const Clock& clock;
    // PersonMarker::every_mark of the exchange's record as it is stored.
    std::function<Result<std::vector<PersonMark>>(const ExchangeId&)> marks;
  };
  // References outlive this.
  explicit MatchApi(Parts parts) : parts_(std::move(parts)) {}

  // {matches: [{kind, role, count, atLeast, exchanges: [newest, …]}]}, one for each value of the exchange's persons
  // that is asked for, in the order of the record; `atLeast` true: counting ended there. Errors: admin.parameter, those
  // of the record, gateway.unavailable (also: the entry cannot be written), store.read.
  [[nodiscard]] Result<Document> ask(const ExchangeId& exchange, const Node& body, const ActBy& by);

 private:
  const Parts parts_;
};

}  // namespace tongqu
