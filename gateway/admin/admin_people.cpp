#include "gateway/admin/admin_people.hpp"

#include "gateway/core/text.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kBearer = "Bearer ";

}  // namespace

std::optional<AdminPeople::Asker> AdminPeople::who(std::string_view authorization) const {
  if (!authorization.starts_with(kBearer)) return std::nullopt;
  const std::string_view token = authorization.substr(kBearer.size());
  if (token.empty()) return std::nullopt;
  std::optional<Asker> found;
  if (equal_constant_time(token, installation_)) found.emplace();
  const Instant now = clock_.now();
  for (const AdminPerson& person : people_) {
    const bool equal = equal_constant_time(token, person.token);
    const bool counts = person.until.ms == 0 || now < person.until;
    if (equal && counts && !found) found = Asker{&person};
  }
  return found;
}

}  // namespace tongqu
