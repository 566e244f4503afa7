#include "security/privacy/person_hash.hpp"

#include <algorithm>
#include <array>

#include "security/crypto/random.hpp"
#include "security/privacy/person_form.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kDomain{"tongqu-person 1\0", 16};

// Calls `use` with each number of a field that holds several.
template <class Use>
void each_number(std::string_view text, Use&& use) {
  static constexpr std::array<std::string_view, 9> kBetween{"、", "，", ",", "；", ";", "/", "／", "或", "\n"};
  while (true) {
    std::size_t end = text.size();
    std::size_t size = 0;
    for (const std::string_view mark : kBetween) {
      const auto at = text.find(mark);
      if (at < end) {
        end = at;
        size = mark.size();
      }
    }
    use(text.substr(0, end));
    if (size == 0) return;
    text.remove_prefix(end + size);
  }
}

// 投诉人、举报人、代理人
bool is_party(std::string_view subject) {
  return subject == "complainant" || subject == "informant" || subject == "agent";
}

}  // namespace

PersonHasher::PersonHasher(const Suite& suite, std::vector<PersonKey> keys) : suite_(suite), keys_(std::move(keys)) {}

PersonHasher::~PersonHasher() {
  for (PersonKey& key : keys_) cleanse(key.secret);
}

Bytes PersonHasher::hash(const PersonKey& key, std::string_view kind, std::string_view form) const {
  const Digest32 whole = suite_.hmac(key.secret, {kDomain, kind, std::string_view("\0", 1), form});
  return Bytes(as_text(whole).substr(0, kHashBytes));
}

void PersonHasher::mark(Keys keys, const Label& label, std::string_view value, std::vector<PersonMark>& out) const {
  const auto form = person_form(label.kind, value);
  if (form.has_error() || out.size() + keys.size() > kMaxMarks) return;
  std::vector<PersonMark> made;
  for (const PersonKey& key : keys)
    made.push_back({label.kind, label.subject, key.version, hash(key, label.kind, *form)});
  if (std::find(out.begin(), out.end(), made.front()) != out.end()) return;
  out.insert(out.end(), made.begin(), made.end());
}

void PersonHasher::walk(Keys keys, const Node& node, const FieldNode& field, std::vector<PersonMark>& out) const {
  if (node.kind == Kind::kObject) {
    for (const Node& member : children(node)) {
      if (const FieldNode* known = field.find(member.name)) walk(keys, member, *known, out);
    }
  } else if (node.kind == Kind::kList) {
    if (field.element.empty()) return;
    for (const Node& element : children(node)) walk(keys, element, field.element.front(), out);
  } else if (node.kind != Kind::kNull && field.label && !field.label->subject.empty()) {
    const Label& label = *field.label;
    if (label.kind == "phone") {
      each_number(node.text, [&](std::string_view one) { mark(keys, label, one, out); });
    } else if (label.kind == "id" || ((label.kind == "name" || label.kind == "address") && is_party(label.subject))) {
      mark(keys, label, node.text, out);
    }
  }
}

std::vector<PersonMark> PersonHasher::marks(const Node& record, const FieldNode& fields) const {
  std::vector<PersonMark> out;
  walk(Keys(keys_).last(1), record, fields, out);
  return out;
}

std::vector<PersonMark> PersonHasher::every_mark(const Node& record, const FieldNode& fields) const {
  std::vector<PersonMark> out;
  walk(keys_, record, fields, out);
  return out;
}

Result<std::vector<PersonMark>> PersonHasher::marks_of(std::string_view kind, std::string_view value) const {
  const auto form = person_form(kind, value);
  if (form.has_error()) return form.error();
  std::vector<PersonMark> out;
  out.reserve(keys_.size());
  for (const PersonKey& key : keys_) out.push_back({std::string(kind), {}, key.version, hash(key, kind, *form)});
  return out;
}

}  // namespace tongqu
