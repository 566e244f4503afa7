// Part of the step "canonicalise": names of attachments become names that tell nothing.
#include <algorithm>

#include "gateway/pipeline/steps.hpp"

namespace tongqu::steps {
namespace {

std::string_view text_of(const Node& item, std::string_view member) {
  const Node* node = item.find(member);
  return node != nullptr && node->kind == Kind::kText ? node->text : std::string_view();
}

// By the type that was said, else by the sender's ending when that is one of a type that is known.
std::string ending_of(const Node& item, std::string_view name) {
  std::string_view ending = file_ending(media_type_name(text_of(item, "type")));
  if (is_file_ending(ending)) return "." + std::string(ending);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return {};
  std::string said(name.substr(dot + 1));
  std::ranges::transform(said, said.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (said == "jpeg") said = "jpg";
  return is_file_ending(said) ? "." + said : std::string();
}

}  // namespace

void name_attachments(Exchange& exchange) {
  Node* list = exchange.record.root().kind == Kind::kObject ? exchange.record.root().find("attachments") : nullptr;
  if (list == nullptr || list->kind != Kind::kList) return;
  std::size_t place = 0;
  for (Node& item : children(*list)) {
    ++place;
    if (item.kind != Kind::kObject) continue;
    Node* name = item.find("name");
    if (name == nullptr || name->kind != Kind::kText) continue;
    name->text = exchange.record.copy("attachment-" + std::to_string(place) + ending_of(item, name->text));
  }
}

}  // namespace tongqu::steps
