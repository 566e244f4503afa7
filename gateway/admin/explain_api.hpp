#pragma once
// The part of the admin interface that explains a stored exchange field by field; the caller has checked the token.
//
//   GET  exchanges/{id}/explain?under=then|now              no value in it
//   POST exchanges/{id}/explain  {reason, under: "then"|"now"}  with the values that the asker's clearance permits
//
// Reading values is for named persons with a clearance, and is an entry in the audit log before it is answered: who,
// why (as digest), which exchange, by which clearance (个人信息查看留痕).
#include <functional>
#include <string>
#include <string_view>

#include "gateway/admin/admin_people.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/document.hpp"
#include "gateway/core/store.hpp"
#include "gateway/pipeline/rework.hpp"

namespace tongqu {

// Thread-safe.
class ExplainApi {
 public:
  // Under the configuration of then or of now; `clearance` empty = without values.
  using Explain =
      std::function<Result<Document>(const ExchangeId&, bool then, Lang lang, const std::string& clearance)>;
  struct Parts {
    Store& store;
    const Suite& suite;
    const Clock& clock;
    Explain explain;
  };
  // References outlive this.
  explicit ExplainApi(Parts parts) : parts_(std::move(parts)) {}

  // `under`: empty = then. Errors: admin.parameter, and those of the explanation.
  [[nodiscard]] Result<Document> get(const ExchangeId& exchange, std::string_view under, Lang lang);
  // `person`: null = the installation's token. Errors besides: admin.person (it belongs to nobody), admin.clearance
  // (the person may read no content), gateway.unavailable (the entry cannot be written; nothing is shown).
  [[nodiscard]] Result<Document> post(const ExchangeId& exchange, const Node& body, Lang lang,
                                      const AdminPerson* person, const ActBy& by);

 private:
  const Parts parts_;
};

}  // namespace tongqu
