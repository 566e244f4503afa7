#pragma once
// The part of the admin interface that takes what persons grant (gateway/core/grants.hpp); the caller has checked the
// token and the reason.
//
//   GET  grants?all=true&before=ID&limit=N     without reasons
//   GET  grants/ID                             one, with the reason that the decider has to read
//   POST grants/ask             {actor, reason, recipient, service, exchange | partner + matter, labels, until}
//   POST grants/confirm-danger  the same, without labels: in force at once
//   POST grants/ID/approve | refuse | withdraw {actor, reason}
//   POST grants/ID/resend       {actor, reason, message}: renders the message again under the grant; new id, supersedes
//
// Actors are the names that the callers give: whoever holds the token of the admin interface vouches for them.
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/grants.hpp"
#include "gateway/core/store.hpp"
#include "gateway/pipeline/rework.hpp"

namespace tongqu {

// gateway.yaml, `grants`.
struct GrantLimits {
  std::int64_t default_ms = 0;  // of an approval that names no end
  std::int64_t max_ms = 0;
  std::int64_t danger_ms = 0;  // default and limit of a danger
  std::size_t max_open = 0;    // asked or in force
};

// Thread-safe.
class GrantApi {
 public:
  static constexpr std::size_t kMaxPageRows = 1000;
  static constexpr std::size_t kMaxLabels = 20;

  struct Parts {
    GrantStore& grants;
    Store& store;
    Rework& rework;
    const Suite& suite;
    const Clock& clock;
    std::function<GrantLimits()> limits;
    // "kind/subject" of the active rules for recipient and service that have this condition.
    std::function<std::vector<std::string>(const PartnerId&, const ServiceId&, Condition)> conditional;
  };
  using Done = std::function<void(Result<Document>)>;
  // References outlive this.
  explicit GrantApi(Parts parts) : parts_(std::move(parts)) {}

  // `path` below "grants", without the slash. Errors: admin.parameter, admin.path, kNotFound, gateway.unavailable.
  [[nodiscard]] Result<Document> get(std::string_view path, const std::map<std::string, std::string>& query);
  // {done, grant}. Errors: those of GrantStore::grant, admin.parameter, grants.no-rule, grants.label, grants.end,
  // grants.informant, grants.other-message, and those of Rework::replace. `done` from any thread.
  void post(std::string_view path, const Node& body, const ActBy& by, const Done& done);

 private:
  void open(const Node& body, Condition kind, const ActBy& by, const Done& done);
  void decide(const std::string& id, GrantAct::Kind kind, const ActBy& by, const Done& done);
  void resend(const std::string& id, const Node& body, const ActBy& by, const Done& done);
  [[nodiscard]] Result<GrantRow> row_of(const Node& body, Condition kind) const;
  [[nodiscard]] Status fits(const GrantRow& row, Instant now) const;
  // Says in the log that somebody came too late, then answers with grants.over.
  void note_over(const GrantRow& row, const ActBy& by, const Done& done);
  void submit(GrantAct act, const GrantRow& row, std::string_view kind, const ActBy& by, const Done& done);

  const Parts parts_;
};

namespace codes {
extern const ErrorCode kGrantNoRule;        // no rule for this recipient and service has the condition
extern const ErrorCode kGrantLabel;         // parameter = the label that no such rule has
extern const ErrorCode kGrantEnd;           // parameter = longest time in hours
extern const ErrorCode kGrantInformant;     // informants: an approval for one exchange alone
extern const ErrorCode kGrantOtherMessage;  // the grant is for another message, or not in force
std::span<const ErrorCode* const> grant_api_codes();
}  // namespace codes

}  // namespace tongqu
