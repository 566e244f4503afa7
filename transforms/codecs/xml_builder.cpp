#include "transforms/codecs/xml_builder.hpp"

#include <algorithm>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/json_path.hpp"
#include "transforms/codecs/refusal.hpp"
#include "transforms/codecs/xml_codec.hpp"

namespace tongqu::xml {
namespace {

constexpr std::string_view kText = "#text";
constexpr std::string_view kMixed = "#mixed";
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::uint32_t kMaxMembersLookedThrough = 32;

bool is_blank(std::string_view text) { return text.find_first_not_of(kBlanks) == std::string_view::npos; }

const FieldNode* find_field(const FieldNode* field, std::string_view name) {
  return field == nullptr ? nullptr : field->find(name);
}

bool is_list(const FieldNode* field) { return field != nullptr && field->type == FieldType::kList; }

// The field of one element where `field` stands for all of that name.
const FieldNode* one_of(const FieldNode* field) {
  return is_list(field) && !field->element.empty() ? &field->element.front() : field;
}

bool is_object(const FieldNode* field) {
  return field != nullptr && (field->type == FieldType::kObject || !field->members.empty());
}

}  // namespace

Builder::Builder(std::string_view root, const FieldNode& fields, const DecodeLimits& limits, Document& document)
    : root_(root),
      fields_(fields),
      limits_(limits),
      max_depth_(std::min(limits.max_depth, kMaxXmlDepth)),
      document_(document) {}

bool Builder::fail(const ErrorCode& code, Position position, std::string param) {
  failure_ = refusal(code, path(), position, std::move(param));
  return false;
}

std::string Builder::path() const {
  std::string path = "$";
  for (std::size_t i = 1; i < open_.size(); ++i) {
    append_sent_member(path, open_[i].name);
    if (!is_list(find_field(open_[i - 1].field, open_[i].name))) continue;
    // Earlier elements of the name lie between the parent's first item and this element's.
    const auto first = items_.begin() + static_cast<std::ptrdiff_t>(open_[i - 1].first_item);
    const auto last = items_.begin() + static_cast<std::ptrdiff_t>(std::min(open_[i].first_item, items_.size()));
    append_path_index(path, static_cast<std::size_t>(std::count_if(first, last, [&](const Item& item) {
                        return item.node != nullptr && item.node->name == open_[i].name;
                      })));
  }
  return path;
}

Node* Builder::make(Kind kind, std::string_view text, Position position) {
  if (++nodes_ > limits_.max_nodes) {
    fail(codes::kXmlNodes, position, std::to_string(limits_.max_nodes));
    return nullptr;
  }
  Node* node = document_.make(kind, {}, position);
  node->text = text;
  return node;
}

bool Builder::fits(std::size_t size, Position position) {
  return size <= limits_.max_text_bytes || fail(codes::kXmlTextBytes, position, std::to_string(limits_.max_text_bytes));
}

void Builder::end_text() {
  if (text_.empty()) return;
  items_.push_back({nullptr, document_.copy(text_), text_position_});
  text_.clear();
}

bool Builder::open(std::string_view name, Position position) {
  end_text();
  if (open_.empty() && !root_.empty() && name != root_) return fail(codes::kXmlRoot, position, std::string(root_));
  if (!fits(name.size(), position)) return false;
  const FieldNode* field = &fields_;
  if (!open_.empty()) {
    const FieldNode* parent = open_.back().field;
    const FieldNode* mixed = one_of(find_field(parent, kMixed));
    field = one_of(find_field(mixed != nullptr ? mixed : parent, name));
  }
  open_.push_back({document_.copy(name), position, field, items_.size(), false});
  return open_.size() <= max_depth_ || fail(codes::kXmlDepth, position, std::to_string(max_depth_));
}

bool Builder::attribute(std::string_view name, std::string_view value, Position position) {
  if (!fits(name.size(), position) || !fits(value.size(), position)) return false;
  Node* node = make(Kind::kText, document_.copy(value), position);
  if (node == nullptr) return false;
  node->name = document_.copy(name);
  items_.push_back({node, {}, position, true});
  return true;
}

bool Builder::schema_attribute(std::string_view name, std::string_view value, Position position) {
  if (name == "@xsi:nil") {
    const auto begin = std::min(value.find_first_not_of(kBlanks), value.size());
    const std::string_view word = value.substr(begin, value.find_last_not_of(kBlanks) + 1 - begin);
    const bool yes = word == "true" || word == "1";
    if (!yes && word != "false" && word != "0") return fail(codes::kXmlNil, position);
    open_.back().is_nil = yes;
    return true;
  }
  return find_field(open_.back().field, name) == nullptr || attribute(name, value, position);
}

bool Builder::text(std::string_view piece, Position position) {
  if (text_.empty()) text_position_ = position;
  if (!fits(text_.size() + piece.size(), text_position_)) return false;
  text_ += piece;
  return true;
}

bool Builder::close(Position end) {
  end_text();
  const Frame frame = open_.back();
  Node* value = shape(frame);
  if (value == nullptr) {
    if (failure_.code == nullptr) fail(codes::kXmlNil, end);
    return false;
  }
  value->name = frame.name;
  items_.resize(frame.first_item);
  open_.pop_back();
  if (!open_.empty()) {
    items_.push_back({value, {}, frame.position});
    return true;
  }
  value->name = {};
  document_.set_root(value);
  return true;
}

Builder::Content Builder::content_of(const Frame& frame) const {
  Content content;
  for (std::size_t i = frame.first_item; i < items_.size(); ++i) {
    const Item& item = items_[i];
    if (item.node != nullptr) {
      content.elements = content.elements || !item.is_attribute;
    } else {
      content.text = item.text;  // the only one when there are no elements
      content.words = content.words || !is_blank(item.text);
    }
  }
  return content;
}

// nullptr without a failure: xsi:nil with content.
Node* Builder::shape(const Frame& frame) {
  const Content content = content_of(frame);
  const bool has_attributes = frame.first_item < items_.size() && items_[frame.first_item].is_attribute;
  if (frame.is_nil && (content.elements || !content.text.empty())) return nullptr;
  if (frame.is_nil && !has_attributes) return make(Kind::kNull, {}, frame.position);
  const bool is_mixed = find_field(frame.field, kMixed) != nullptr || (content.elements && content.words);
  if (!is_mixed && !content.elements && !has_attributes && !is_object(frame.field)) {
    return make(Kind::kText, content.text, frame.position);
  }
  Node* object = make(Kind::kObject, {}, frame.position);
  if (object == nullptr || !add_attributes(*object, frame)) return nullptr;
  if (is_mixed) return add_mixed(*object, frame) ? object : nullptr;
  if (content.elements) return add_elements(*object, frame) ? object : nullptr;
  const bool wants_text = find_field(frame.field, kText) != nullptr;
  const bool has_text = is_object(frame.field) ? wants_text || content.words : !content.text.empty();
  if (!has_text && !frame.is_nil) return object;
  Node* text = make(frame.is_nil ? Kind::kNull : Kind::kText, content.text, frame.position);
  if (text == nullptr) return nullptr;
  text->name = kText;
  add_member(*object, *text);
  return object;
}

bool Builder::add_attributes(Node& object, const Frame& frame) {
  for (std::size_t i = frame.first_item; i < items_.size() && items_[i].is_attribute; ++i) {
    add_member(object, *items_[i].node);
  }
  return true;
}

bool Builder::add_mixed(Node& object, const Frame& frame) {
  Node* list = make(Kind::kList, {}, frame.position);
  if (list == nullptr) return false;
  list->name = kMixed;
  add_member(object, *list);
  for (std::size_t i = frame.first_item; i < items_.size(); ++i) {
    const Item& item = items_[i];
    if (item.is_attribute) continue;
    Node* entry =
        item.node != nullptr ? make(Kind::kObject, {}, item.position) : make(Kind::kText, item.text, item.position);
    if (entry == nullptr) return false;
    if (item.node != nullptr) add_member(*entry, *item.node);
    document_.append(*list, entry);
  }
  return true;
}

bool Builder::add_elements(Node& object, const Frame& frame) {
  for (std::size_t i = frame.first_item; i < items_.size(); ++i) {
    const Item& item = items_[i];
    if (item.node != nullptr && !item.is_attribute && !add_element(object, frame, *item.node)) return false;
  }
  return true;
}

bool Builder::add_element(Node& object, const Frame& frame, Node& element) {
  const FieldNode* field = find_field(frame.field, element.name);
  Node* known = find_member(object, element.name);
  if (known == nullptr && !is_list(field)) {
    add_member(object, element);
    return true;
  }
  if (known == nullptr) {
    Node* list = make(Kind::kList, {}, element.position);
    if (list == nullptr) return false;
    list->name = element.name;
    add_member(object, *list);
    known = list;
  } else if (known->kind != Kind::kList) {
    if (field != nullptr && (field->type != FieldType::kAny || !field->members.empty())) {
      fail(codes::kXmlRepeated, element.position);
      append_path_member(failure_.faults.front().path, element.name);
      return false;
    }
    Node* first = make(known->kind, known->text, known->position);
    if (first == nullptr) return false;
    first->first = known->first;
    first->last = known->last;
    first->count = known->count;
    known->kind = Kind::kList;
    known->text = {};
    known->first = known->last = first;
    known->count = 1;
  }
  element.name = {};
  document_.append(*known, &element);
  return true;
}

Node* Builder::find_member(const Node& object, std::string_view name) {
  if (object.count <= kMaxMembersLookedThrough) return const_cast<Node*>(object.find(name));
  const auto found = index_.find({&object, name});
  return found == index_.end() ? nullptr : found->second;
}

// `member` has its name already: append would copy it.
void Builder::add_member(Node& object, Node& member) {
  const std::string_view name = member.name;
  document_.append(object, &member);
  member.name = name;
  if (object.count < kMaxMembersLookedThrough) return;
  if (object.count == kMaxMembersLookedThrough) {
    for (Node* one = object.first; one != nullptr; one = one->next) index_[{&object, one->name}] = one;
  }
  index_[{&object, name}] = &member;
}

}  // namespace tongqu::xml
