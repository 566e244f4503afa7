#include "gateway/core/audit.hpp"

#include <algorithm>

#include "gateway/core/jcs.hpp"
#include "gateway/core/random.hpp"

namespace tongqu {

// The salt keeps erased or guessable contents from being confirmed by hashing guesses against the public leaf.
AuditEntryBuilder::AuditEntryBuilder(std::string_view kind, Instant at) : kind_(kind), salt_(16, '\0') {
  fill_random(salt_.data(), salt_.size());
  members_.reserve(16);
  text_.reserve(512);
  text("kind", kind);
  text("at", to_beijing_text(at));
  number("v", 1);
}

AuditEntryBuilder& AuditEntryBuilder::text(std::string_view name, std::string_view value) {
  begin(name);
  append_json_string(text_, value);
  return *this;
}

AuditEntryBuilder& AuditEntryBuilder::number(std::string_view name, std::int64_t value) {
  begin(name);
  text_ += std::to_string(value);
  return *this;
}

AuditEntryBuilder& AuditEntryBuilder::canonical(std::string_view name, std::string_view json) {
  begin(name);
  text_ += json;
  return *this;
}

void AuditEntryBuilder::begin(std::string_view name) {
  members_.push_back({text_.size(), name.size()});
  text_ += name;
}

AuditDraft AuditEntryBuilder::finish() {
  text("salt", to_base64(salt_));
  struct Part {
    std::string_view name, json;
  };
  std::vector<Part> parts(members_.size());
  const std::string_view all = text_;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const auto [at, name_size] = members_[i];
    const std::size_t end = i + 1 < members_.size() ? members_[i + 1].at : all.size();
    parts[i] = {all.substr(at, name_size), all.substr(at + name_size, end - at - name_size)};
  }
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.name < b.name; });
  AuditDraft draft{std::move(kind_), {}};
  draft.entry.reserve(all.size() + members_.size() * 4 + 2);
  draft.entry.push_back('{');
  for (const Part& part : parts) {
    if (draft.entry.size() > 1) draft.entry.push_back(',');
    append_json_string(draft.entry, part.name);
    draft.entry.push_back(':');
    draft.entry += part.json;
  }
  draft.entry.push_back('}');
  members_.clear();
  text_.clear();
  return draft;
}

}  // namespace tongqu
