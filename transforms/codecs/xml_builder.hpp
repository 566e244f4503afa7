#pragma once
// Elements, attributes and texts in source order → nodes of a document, shaped by the schema.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/codec.hpp"
#include "gateway/core/field_tree.hpp"

namespace tongqu::xml {

// One document. Every step returns false when it refuses; then `failure` says why and no further step may follow.
class Builder {
 public:
  Builder(std::string_view root, const FieldNode& fields, const DecodeLimits& limits, Document& document);

  [[nodiscard]] bool open(std::string_view name, Position position);
  // Belongs to the element opened last, before anything else came. `name` with its "@".
  [[nodiscard]] bool attribute(std::string_view name, std::string_view value, Position position);
  // Attribute of xsi; `name` as `attribute` takes it.
  [[nodiscard]] bool schema_attribute(std::string_view name, std::string_view value, Position position);
  [[nodiscard]] bool text(std::string_view piece, Position position);
  [[nodiscard]] bool close(Position end);

  [[nodiscard]] Error take_failure() { return std::move(failure_); }
  // Path of the element that is open.
  [[nodiscard]] std::string path() const;

 private:
  // What stands in an element: an attribute or element (node with name) or a text.
  struct Item {
    Node* node = nullptr;
    std::string_view text;
    Position position;
    bool is_attribute = false;
  };
  struct Frame {
    std::string_view name;
    Position position;
    const FieldNode* field = nullptr;  // of the element itself; of the list's element where the schema has a list
    std::size_t first_item = 0;
    bool is_nil = false;
  };
  // What the items of an element are, taken together.
  struct Content {
    bool elements = false;
    bool words = false;  // text that is not all white space
    std::string_view text;
  };

  bool fail(const ErrorCode& code, Position position, std::string param = {});
  Node* make(Kind kind, std::string_view text, Position position);
  bool fits(std::size_t size, Position position);
  void end_text();
  [[nodiscard]] Content content_of(const Frame& frame) const;
  Node* shape(const Frame& frame);
  bool add_attributes(Node& object, const Frame& frame);
  bool add_mixed(Node& object, const Frame& frame);
  bool add_elements(Node& object, const Frame& frame);
  bool add_element(Node& object, const Frame& frame, Node& element);
  Node* find_member(const Node& object, std::string_view name);
  void add_member(Node& object, Node& member);

  std::string_view root_;
  const FieldNode& fields_;
  const DecodeLimits& limits_;
  std::size_t max_depth_;
  Document& document_;
  std::vector<Frame> open_;
  std::vector<Item> items_;
  std::string text_;  // that is being read
  Position text_position_;
  std::size_t nodes_ = 0;
  // Members of large objects; small ones are looked through.
  std::map<std::pair<const Node*, std::string_view>, Node*> index_;
  Error failure_;
};

}  // namespace tongqu::xml
