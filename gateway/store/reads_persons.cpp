#include <algorithm>
#include <array>

#include "gateway/store/person_writer.hpp"
#include "gateway/store/reads.hpp"

namespace tongqu::sql::reads {
namespace {

bool is_one_of(const PersonMark& mark, const std::vector<PersonMark>& marks) {
  return std::any_of(marks.begin(), marks.end(), [&](const PersonMark& one) { return one.hash == mark.hash; });
}

}  // namespace

WaitingRoles waiting_roles(ReadSession& session, const std::vector<PersonMark>& marks) {
  constexpr std::string_view kText =
      "SELECT exchange, marks FROM persons_waiting WHERE instr(marks, ?1) > 0 ORDER BY id DESC LIMIT ?2";
  WaitingRoles out;
  for (const PersonMark& mark : marks) {
    Query rows(session.statement(std::string(kText)), Blob{mark.hash}, PersonMatches::kMaxCounted);
    while (rows.next()) {
      // The bytes may stand across two marks by chance: what counts is the mark.
      for (const PersonMark& found : unpack_marks(rows.view(1))) {
        if (is_one_of(found, marks)) out[rows.text(0)].insert(found.role);
      }
    }
  }
  return out;
}

Result<PersonMatches> matches(ReadSession& session, const std::vector<PersonMark>& marks, const ExchangeId& except) {
  const Snapshot snapshot(session);
  PersonMatches out;
  if (marks.empty()) return out;
  const std::string& role = marks.front().role;
  std::set<std::string, std::greater<>> exchanges;  // their ids ascend with time
  for (const auto& [exchange, roles] : waiting_roles(session, marks)) {
    if (roles.contains(role)) exchanges.insert(exchange);
  }
  constexpr std::string_view kText =
      "SELECT exchange FROM persons WHERE hash = ?1 AND role = ?2 ORDER BY exchange DESC LIMIT ?3";
  for (const PersonMark& mark : marks) {
    Query rows(session.statement(std::string(kText)), Blob{mark.hash}, role, PersonMatches::kMaxCounted + 1);
    while (rows.next()) exchanges.insert(rows.text(0));
  }
  exchanges.erase(except.str());
  out.count = std::min(static_cast<std::int64_t>(exchanges.size()), PersonMatches::kMaxCounted);
  for (const std::string& exchange : exchanges) {
    if (out.exchanges.size() == PersonMatches::kMaxShown) break;
    out.exchanges.emplace_back(exchange);
  }
  return out;
}

}  // namespace tongqu::sql::reads
