#include "gateway/core/audit.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cstdlib>

#include "gateway/core/jcs.hpp"

namespace tongqu {

// The salt keeps erased or guessable contents from being confirmed by hashing guesses against the public leaf.
AuditEntryBuilder::AuditEntryBuilder(std::string_view kind, Instant at) : kind_(kind), salt_(16, '\0') {
  if (getrandom(salt_.data(), salt_.size(), 0) != static_cast<ssize_t>(salt_.size())) std::abort();
  members_.reserve(16);
  text("kind", kind);
  text("at", to_beijing_text(at));
  number("v", 1);
}

AuditEntryBuilder& AuditEntryBuilder::text(std::string_view name, std::string_view value) {
  std::string json;
  json.reserve(value.size() + 2);
  append_json_string(json, value);
  members_.emplace_back(name, std::move(json));
  return *this;
}

AuditEntryBuilder& AuditEntryBuilder::number(std::string_view name, std::int64_t value) {
  members_.emplace_back(name, std::to_string(value));
  return *this;
}

AuditEntryBuilder& AuditEntryBuilder::canonical(std::string_view name, std::string_view json) {
  members_.emplace_back(name, json);
  return *this;
}

AuditDraft AuditEntryBuilder::finish() {
  text("salt", to_base64(salt_));
  std::sort(members_.begin(), members_.end());
  AuditDraft draft{std::move(kind_), "{"};
  for (const auto& [name, json] : members_) {
    if (draft.entry.size() > 1) draft.entry.push_back(',');
    append_json_string(draft.entry, name);
    draft.entry.push_back(':');
    draft.entry += json;
  }
  draft.entry.push_back('}');
  members_.clear();
  return draft;
}

}  // namespace tongqu
