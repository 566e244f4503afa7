// Settings of the admin interface → who may ask it.
#include <set>

#include "gateway/app/app_codes.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/wiring.hpp"

namespace tongqu::app {
namespace {

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;

// The loader saw that it is a date.
Instant end_of(const std::string& day) {
  const auto midnight = parse_rfc3339(day + "T00:00:00+08:00");
  return midnight ? Instant{midnight->ms + kDayMs} : Instant{};
}

}  // namespace

Result<std::shared_ptr<const AdminPeople>> make_people(const CompiledConfig& config, const Surroundings& with) {
  const Setting& admin = config.snapshot.settings.single("gateway").object("admin");
  auto installation = secret_text(admin.secret("token"), with.secrets);
  if (installation.has_error()) return installation.error();
  std::set<std::string> taken{*installation};
  std::vector<AdminPerson> people;
  for (const Setting& entry : admin.list("people")) {
    auto token = secret_text(entry.secret("token"), with.secrets);
    if (token.has_error()) return error_at(entry, token.error());
    if (token->size() < AdminPeople::kMinTokenBytes || !taken.insert(*token).second)
      return error_at(entry, make_error(codes::kConfigPersonToken, entry.text("name")));
    people.push_back({.name = entry.text("name"),
                      .clearance = entry.text("clearance"),
                      .token = std::move(*token),
                      .until = entry.has("until") ? end_of(entry.text("until")) : Instant{}});
  }
  return std::shared_ptr<const AdminPeople>(
      std::make_shared<AdminPeople>(std::move(*installation), std::move(people), with.clock));
}

}  // namespace tongqu::app
