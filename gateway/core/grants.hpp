#pragma once
// Grants: what persons decided so that a rule with a condition (`when`) may give more than its fallback.
//
//   approval   somebody asks, with a reason and an end; a second person approves or refuses; never the same one
//   danger     a named person confirms danger to life; in force at once, with a short end
//
// Both name recipient, service and one exchange or one matter of a sender; of informants an approval alone, for one
// exchange, with the label said. Neither is ever made of anything that came in: urgency fields grant nothing.
// Each step is one transaction with its audit entry. After the end, or withdrawn, everything is as before.
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "gateway/core/audit.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/view.hpp"

namespace tongqu {

enum class GrantState : std::uint8_t { kAsked, kInForce, kRefused, kWithdrawn };
[[nodiscard]] std::string_view name_of(GrantState state);  // "asked", "in-force", "refused", "withdrawn"

struct GrantRow {
  std::string id;  // 26 characters, like an exchange's
  Condition kind = Condition::kApproved;
  GrantState state = GrantState::kAsked;
  PartnerId recipient;
  ServiceId service;    // at the recipient
  ExchangeId exchange;  // one of the two
  PartnerId partner;    // with `matter`: the sender whose number it is
  MatterNo matter;
  std::vector<std::string> labels;  // "phone/complainant"; empty: every label but those of informants
  std::string reason;               // why it was asked for, or confirmed: for the person who decides
  std::string asked_by;
  std::int64_t asked_ms = 0;
  std::string decided_by;  // who approved, refused or withdrew it last; of a danger: who confirmed
  std::int64_t decided_ms = 0;
  std::int64_t until_ms = 0;  // end, exclusive
};

struct GrantAct {
  enum class Kind : std::uint8_t {
    kAsk,       // `row` is asked for
    kConfirm,   // `row` of a danger is in force
    kApprove,   // asked → in force; `actor` is not who asked; not after its end
    kRefuse,    // asked → refused
    kWithdraw,  // asked | in force → withdrawn
    kExpired,   // somebody wanted to use or approve it after its end: nothing but the entry
  };
  Kind kind = Kind::kAsk;
  GrantRow row;              // kAsk, kConfirm
  std::string id;            // the others
  std::string actor;         // user name
  std::string reason;        // typed by a person; in the audit entry as salted digest only
  std::size_t max_open = 0;  // kAsk, kConfirm: how many may be asked or in force at a time
  Instant at;
  AuditDraft entry;
};

// What a message at hand is, for the look-up.
struct GrantQuestion {
  const PartnerId& recipient;
  const ServiceId& service;
  const ExchangeId& exchange;
  const PartnerId& partner;  // sender
  const MatterNo& matter;    // its number there; empty = none
};
// Does it cover the message, whatever its state and end?
[[nodiscard]] bool covers(const GrantRow& grant, const GrantQuestion& message);

// What is in force, in memory. Thread-safe; with no grant in force a look-up is one atomic read.
class GrantBook {
 public:
  virtual ~GrantBook() = default;
  [[nodiscard]] virtual std::vector<GrantInForce> in_force(const GrantQuestion& message, Instant now) const = 0;
};

struct GrantFilter {
  bool all = false;        // also refused, withdrawn and over
  std::string before;      // keyset page, newest first: ids smaller than this
  std::size_t limit = 50;  // at most 1000
};

// Beside Store, by the same object. Reads block, any thread.
class GrantStore : public GrantBook {
 public:
  // `done` on the writer thread; an answered look-up of `in_force` sees the act. Errors: kNotFound, store.wrong-state
  // (somebody was faster; parameter = the state it has), grants.same-person, grants.over, grants.limit,
  // gateway.unavailable. Nothing is changed then.
  virtual void grant(GrantAct act, std::function<void(Status)> done) = 0;
  [[nodiscard]] virtual Result<std::vector<GrantRow>> grants(const GrantFilter& filter, Instant now) = 0;
  [[nodiscard]] virtual Result<GrantRow> grant_row(const std::string& id) = 0;
};

// One person under two spellings is one person: white space around a name and the case of ASCII letters do not count.
[[nodiscard]] bool same_person(std::string_view one, std::string_view other);

namespace codes {
extern const ErrorCode kGrantSamePerson;
extern const ErrorCode kGrantOver;   // its end has passed
extern const ErrorCode kGrantLimit;  // {} = how many may be asked or in force
std::span<const ErrorCode* const> grant_codes();
}  // namespace codes

}  // namespace tongqu
