#pragma once
// The document: one shape for JSON, XML, CSV rows and table rows, so that every stage after decoding is blind to
// the format.
//
//   object, list, or scalar as text with its kind and its place in the source.
//
// XML: element = object; attribute = member "@name"; character data = member "#text"; mixed content and repeated
// children = list (which of the two is decided by the schema). CSV and tables: one object a row.
//
// All nodes and texts live in the arena of one Document and die with it. Not thread-safe while it is being built;
// afterwards any number of threads may read it.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu {

enum class Kind : std::uint8_t { kNull, kBoolean, kNumber, kText, kList, kObject };

// A value. Children are a singly linked list in source order: appending never moves what others point to.
struct Node {
  Kind kind = Kind::kNull;
  std::uint32_t count = 0;  // number of children
  Position position;        // where the value begins in the source; 0 when it was computed
  std::string_view name;    // member name when the parent is an object, else empty
  std::string_view text;    // scalar: kText unescaped UTF-8; kNumber exactly as written; kBoolean "true"/"false"
  Node* first = nullptr;
  Node* last = nullptr;
  Node* next = nullptr;  // next sibling

  [[nodiscard]] bool is_scalar() const { return kind < Kind::kList; }
  // First member of that name; nullptr if there is none or this is no object.
  [[nodiscard]] const Node* find(std::string_view member) const;
  [[nodiscard]] Node* find(std::string_view member);
};

// Iterates over the children: for (const Node& child : children(node)).
template <class N>
struct ChildRange {
  struct Iterator {
    N* at;
    N& operator*() const { return *at; }
    Iterator& operator++() {
      at = at->next;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at != other.at; }
  };
  N* head;
  [[nodiscard]] Iterator begin() const { return {head}; }
  [[nodiscard]] Iterator end() const { return {nullptr}; }
};
inline ChildRange<const Node> children(const Node& node) { return {node.first}; }
inline ChildRange<Node> children(Node& node) { return {node.first}; }

// Owner of nodes and texts. Movable, not copyable. `clear` keeps the first block, so a reused Document allocates
// nothing for messages up to `kFirstBlockBytes`.
class Document {
 public:
  static constexpr std::size_t kFirstBlockBytes = 16 * 1024;

  Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  ~Document();

  // The root; a null value until set_root was called.
  [[nodiscard]] const Node& root() const { return *root_; }
  [[nodiscard]] Node& root() { return *root_; }
  void set_root(Node* node) { root_ = node; }

  [[nodiscard]] Node* make(Kind kind, std::string_view text = {}, Position position = {});  // copies `text`
  [[nodiscard]] std::string_view copy(std::string_view text);                               // into the arena
  // Uninitialised room for `size` characters, for producers that know the length before the text.
  [[nodiscard]] char* allocate(std::size_t size);

  // Appends `child` (of this document, not yet placed) to the object or list `parent`. `name` is copied.
  // The caller guarantees that the name is new in the object.
  Node* append(Node& parent, Node* child, std::string_view name = {});
  // make + append.
  Node* add_text(Node& parent, std::string_view name, std::string_view text);
  Node* add_number(Node& parent, std::string_view name, std::int64_t value);
  Node* add_object(Node& parent, std::string_view name = {});
  Node* add_list(Node& parent, std::string_view name = {});
  // Deep copy of a node of any document; positions are kept.
  [[nodiscard]] Node* clone(const Node& source);

  // Drops all nodes.
  void clear();

 private:
  struct Arena;
  std::unique_ptr<Arena> arena_;
  Node* root_;
};

// The node at a dotted path with [n] for list elements ("target.name", "attachments[0].url"); nullptr if absent.
[[nodiscard]] const Node* at_path(const Node& root, std::string_view path);

}  // namespace tongqu
