#include "transforms/schema/labels.hpp"

#include <algorithm>
#include <array>

namespace tongqu {
namespace {

std::string join(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) out.append(out.empty() ? "" : " / ").append(word);
  return out;
}

bool is_one_of(const Node* value, std::span<const std::string_view> words) {
  return value != nullptr && value->kind == Kind::kText &&
         std::find(words.begin(), words.end(), value->text) != words.end();
}

}  // namespace

std::span<const std::string_view> label_kinds() {
  static constexpr std::array<std::string_view, 14> kAll{"none",  "name",  "phone", "id",        "address",
                                                         "bank",  "email", "plate", "free-text", "order",
                                                         "place", "time",  "code",  "link"};
  return kAll;
}

std::span<const std::string_view> label_subjects() {
  static constexpr std::array<std::string_view, 5> kAll{"complainant", "informant", "agent", "respondent", "officer"};
  return kAll;
}

std::string read_label(const Node& value, Label& label) {
  if (value.kind != Kind::kObject) return "{kind, subject}";
  const Node* kind = value.find("kind");
  const Node* subject = value.find("subject");
  if (!is_one_of(kind, label_kinds())) return "kind: " + join(label_kinds());
  if (kind->text == "none") {
    if (value.count != 1) return "kind: none";
    label = {"none", ""};
    return {};
  }
  if (!is_one_of(subject, label_subjects())) return "subject: " + join(label_subjects());
  if (value.count != 2) return "kind, subject";
  label = {std::string(kind->text), std::string(subject->text)};
  return {};
}

}  // namespace tongqu
