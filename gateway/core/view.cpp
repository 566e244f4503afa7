#include "gateway/core/view.hpp"

#include <algorithm>
#include <array>

#include "gateway/core/jcs.hpp"

namespace tongqu {

std::string_view name_of(Treatment treatment) {
  static constexpr std::array<std::string_view, 9> kNames{"drop",  "mask", "clear",   "ref",    "scrub",
                                                          "token", "seal", "release", "summary"};
  return kNames[static_cast<std::size_t>(treatment)];
}

std::string_view name_of(Condition condition) {
  static constexpr std::array<std::string_view, 3> kNames{"", "approved", "danger"};
  return kNames[static_cast<std::size_t>(condition)];
}

namespace {
constexpr std::array<std::string_view, 4> kReleases{"whole", "scrubbed", "summary", "without"};
}

std::string_view name_of(ReleaseAs as) { return kReleases[static_cast<std::size_t>(as)]; }

std::optional<ReleaseAs> release_as_of(std::string_view name) {
  for (std::size_t i = 0; i < kReleases.size(); ++i) {
    if (kReleases[i] == name) return static_cast<ReleaseAs>(i);
  }
  return std::nullopt;
}

std::string form_text(Treatment form, Condition when, Treatment otherwise) {
  if (form == Treatment::kRelease) return "clear after release";
  std::string out(name_of(form));
  if (when == Condition::kNone) return out;
  out += when == Condition::kApproved ? " when approved" : " when danger is confirmed";
  return out.append(", otherwise ").append(name_of(otherwise));
}

// Who reported somebody is in no grant that does not say so (Order 121 Art. 37).
bool GrantInForce::covers(const Label& label) const {
  if (labels.empty()) return label.subject != "informant";
  return std::find(labels.begin(), labels.end(), label.kind + "/" + label.subject) != labels.end();
}

std::string ledger_entry(const DisclosedField& field) {
  std::string out;
  if (field.form == Treatment::kDrop) return out;
  out.push_back('{');
  if (!field.decided.empty()) {
    out += "\"decided\":";
    append_json_string(out, field.decided);
    out.push_back(',');
  }
  out += "\"form\":";
  append_json_string(out, name_of(field.form));
  out += ",\"kind\":";
  append_json_string(out, field.label.kind);
  out += ",\"path\":";
  append_json_string(out, field.path);
  out += ",\"subject\":";
  append_json_string(out, field.label.subject);
  out.push_back('}');
  return out;
}

void ViewPolicy::released(Disclosure& disclosure, const Release& release) {
  std::string& out = disclosure.release_;
  out = "{\"actor\":";
  append_json_string(out, release.actor);
  out += ",\"as\":";
  append_json_string(out, name_of(release.as));
  out += ",\"task\":";
  append_json_string(out, release.task);
  out.push_back('}');
}

// Written directly in canonical member order (basis, fields, onward, purpose, release, service, to): one allocation, as
// this runs for every recipient of every message.
std::string Disclosure::to_ledger() const {
  std::string out;
  out.reserve(256 + fields_.size() * 96);
  out += "{\"basis\":";
  append_json_string(out, basis_.legal_basis);
  out += ",\"fields\":[";
  bool first = true;
  for (const DisclosedField* field : fields_) {
    if (field->form == Treatment::kDrop) continue;
    if (!first) out.push_back(',');
    first = false;
    out += field->entry;
  }
  out += "],\"onward\":";
  out += basis_.onward ? "true" : "false";
  out += ",\"purpose\":";
  append_json_string(out, basis_.purpose);
  if (!release_.empty()) out += ",\"release\":" + release_;
  out += ",\"service\":";
  append_json_string(out, service_.str());
  out += ",\"to\":";
  append_json_string(out, recipient_.str());
  out.push_back('}');
  return out;
}

std::size_t Disclosure::masked_count() const {
  return static_cast<std::size_t>(std::count_if(fields_.begin(), fields_.end(),
                                                [](const DisclosedField* f) { return f->form == Treatment::kMask; }));
}

}  // namespace tongqu
