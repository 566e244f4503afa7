#include "gateway/core/view.hpp"

#include <algorithm>
#include <array>

#include "gateway/core/jcs.hpp"

namespace tongqu {

std::string_view name_of(Treatment treatment) {
  static constexpr std::array<std::string_view, 7> kNames{"drop", "mask", "clear", "ref", "scrub", "token", "seal"};
  return kNames[static_cast<std::size_t>(treatment)];
}

std::string ledger_entry(const DisclosedField& field) {
  std::string out;
  if (field.form == Treatment::kDrop) return out;
  out += "{\"form\":";
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

// Written directly in canonical member order (basis, fields, onward, purpose, service, to): one allocation, as this
// runs for every recipient of every message.
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
