#pragma once
// Who asks the admin interface. The installation's token belongs to no person and opens no content; each named person
// (具名人员) has a token of their own, and what is asked or done with it stands in the audit log under that name.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/clock.hpp"

namespace tongqu {

struct AdminPerson {
  std::string name;       // as it stands in the audit log
  std::string clearance;  // what of a record this person may read; empty = no content at all
  std::string token;      // never empty
  Instant until{};        // the first instant at which the token is of no use; 0 = it does not end
};

// Immutable, thread-safe.
class AdminPeople {
 public:
  static constexpr std::size_t kMinTokenBytes = 16;
  static constexpr std::size_t kMaxPeople = 1'000;

  // `clock` outlives this. Names and tokens are each there once (see settings).
  AdminPeople(std::string installation_token, std::vector<AdminPerson> people, const Clock& clock)
      : installation_(std::move(installation_token)), people_(std::move(people)), clock_(clock) {}

  struct Asker {
    const AdminPerson* person = nullptr;  // null: the installation's token; lives as long as this
  };
  // `authorization`: the header's value. Empty for anything but a token that counts now. Every token is compared, each
  // in constant time, so that the time says nothing of which one was nearly right.
  [[nodiscard]] std::optional<Asker> who(std::string_view authorization) const;

 private:
  std::string installation_;
  std::vector<AdminPerson> people_;
  const Clock& clock_;
};

}  // namespace tongqu
