#include "gateway/core/document.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <new>

namespace tongqu {

const Node* Node::find(std::string_view member) const {
  if (kind != Kind::kObject) return nullptr;
  for (const Node* child = first; child != nullptr; child = child->next) {
    if (child->name == member) return child;
  }
  return nullptr;
}

Node* Node::find(std::string_view member) { return const_cast<Node*>(std::as_const(*this).find(member)); }

struct Document::Arena {
  Arena() : resource(block.data(), block.size()) {}
  std::array<std::byte, kFirstBlockBytes> block;
  std::pmr::monotonic_buffer_resource resource;
  Node null_root;
};

Document::Document() : arena_(new Arena), root_(&arena_->null_root) {}
Document::Document(Document&& other) noexcept : arena_(std::move(other.arena_)), root_(other.root_) {
  other.root_ = nullptr;
}
Document& Document::operator=(Document&& other) noexcept {
  if (this != &other) {
    arena_ = std::move(other.arena_);
    root_ = other.root_;
    other.root_ = nullptr;
  }
  return *this;
}
Document::~Document() = default;

void Document::clear() {
  arena_->resource.release();
  arena_->null_root = Node{};
  root_ = &arena_->null_root;
}

char* Document::allocate(std::size_t size) {
  return static_cast<char*>(arena_->resource.allocate(size == 0 ? 1 : size, 1));
}

std::string_view Document::copy(std::string_view text) {
  if (text.empty()) return {};
  char* room = allocate(text.size());
  std::memcpy(room, text.data(), text.size());
  return {room, text.size()};
}

Node* Document::make(Kind kind, std::string_view text, Position position) {
  auto* node = new (arena_->resource.allocate(sizeof(Node), alignof(Node))) Node;
  node->kind = kind;
  node->text = copy(text);
  node->position = position;
  return node;
}

Node* Document::append(Node& parent, Node* child, std::string_view name) {
  child->name = copy(name);
  if (parent.last == nullptr) {
    parent.first = child;
  } else {
    parent.last->next = child;
  }
  parent.last = child;
  ++parent.count;
  return child;
}

Node* Document::add_text(Node& parent, std::string_view name, std::string_view text) {
  return append(parent, make(Kind::kText, text), name);
}

Node* Document::add_number(Node& parent, std::string_view name, std::int64_t value) {
  std::array<char, 24> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return append(parent, make(Kind::kNumber, {buffer.data(), static_cast<std::size_t>(end - buffer.data())}), name);
}

Node* Document::add_object(Node& parent, std::string_view name) { return append(parent, make(Kind::kObject), name); }
Node* Document::add_list(Node& parent, std::string_view name) { return append(parent, make(Kind::kList), name); }

Node* Document::clone(const Node& source) {
  Node* copy_node = make(source.kind, source.text, source.position);
  for (const Node& child : children(source)) append(*copy_node, clone(child), child.name);
  return copy_node;
}

namespace {

const Node* element(const Node& list, std::string_view index_text) {
  std::size_t index = 0;
  const auto [end, failed] = std::from_chars(index_text.data(), index_text.data() + index_text.size(), index);
  if (failed != std::errc{} || end != index_text.data() + index_text.size() || list.kind != Kind::kList) return nullptr;
  for (const Node& child : children(list)) {
    if (index-- == 0) return &child;
  }
  return nullptr;
}

}  // namespace

const Node* at_path(const Node& root, std::string_view path) {
  const Node* node = &root;
  if (path.starts_with('$')) path.remove_prefix(path.size() > 1 && path[1] == '.' ? 2 : 1);
  while (!path.empty() && node != nullptr) {
    if (path[0] == '[') {
      const auto close = path.find(']');
      if (close == std::string_view::npos) return nullptr;
      node = element(*node, path.substr(1, close - 1));
      path.remove_prefix(close + 1);
      if (path.starts_with('.')) path.remove_prefix(1);
      continue;
    }
    const auto stop = path.find_first_of(".[");
    node = node->find(path.substr(0, stop));
    path.remove_prefix(stop == std::string_view::npos ? path.size() : stop + (path[stop] == '.' ? 1 : 0));
  }
  return node;
}

}  // namespace tongqu
