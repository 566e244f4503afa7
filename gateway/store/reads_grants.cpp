#include <algorithm>

#include "gateway/store/grant_writer.hpp"
#include "gateway/store/reads.hpp"

namespace tongqu::sql::reads {

Result<std::vector<GrantRow>> grants(ReadSession& session, const GrantFilter& filter, Instant now) {
  std::string text = std::string(kGrantColumns) + "WHERE ?1 IS ?1 AND ?2 IS ?2";
  if (!filter.all) text += " AND state < 2 AND until_ms > ?2";
  if (!filter.before.empty()) text += " AND id < ?1";
  text += " ORDER BY id DESC LIMIT ?3";
  Query rows(session.statement(text), filter.before, now.ms, std::min(filter.limit, kPageLimit));
  std::vector<GrantRow> out;
  while (rows.next()) out.push_back(grant_of(rows));
  return out;
}

Result<GrantRow> grant(ReadSession& session, const std::string& id) {
  static const std::string kOne = std::string(kGrantColumns) + "WHERE id = ?";
  Query rows(session.statement(kOne), id);
  if (!rows.next()) return make_error(codes::kNotFound, "grant");
  return grant_of(rows);
}

}  // namespace tongqu::sql::reads
