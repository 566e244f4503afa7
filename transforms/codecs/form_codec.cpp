// bytes of a form ↔ a document of one level, may turn back with form.* and charset.*
#include "transforms/codecs/form_codec.hpp"

#include <algorithm>
#include <map>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/json_path.hpp"
#include "transforms/codecs/refusal.hpp"

namespace tongqu {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Position at_byte(std::size_t offset) { return {1, static_cast<std::uint32_t>(offset + 1)}; }

class Reader {
 public:
  Reader(Charset charset, const FieldNode& fields, const DecodeLimits& limits, Document& document)
      : charset_(charset), fields_(fields), limits_(limits), document_(document) {}

  Status read(std::string_view bytes) {
    Node* object = document_.make(Kind::kObject, {}, at_byte(0));
    document_.set_root(object);
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t end = std::min(bytes.find('&', at), bytes.size());
      if (end > at) {
        if (Status added = add(*object, bytes.substr(at, end - at), at); added.has_error()) return added;
      }
      at = end + 1;
    }
    return {};
  }

 private:
  Result<std::string> unescape(std::string_view text, std::size_t offset) const {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') {
        bytes.push_back(text[i] == '+' ? ' ' : text[i]);
        continue;
      }
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return refusal(codes::kFormEscape, "$", at_byte(offset + i));
      bytes.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
    std::string utf8;
    if (Status decoded = decode_charset(bytes, charset_, utf8); decoded.has_error()) {
      return refusal(*decoded.error().code, "$", at_byte(offset), decoded.error().param);
    }
    if (utf8.size() <= limits_.max_text_bytes) return utf8;
    return refusal(codes::kFormTextBytes, "$", at_byte(offset), std::to_string(limits_.max_text_bytes));
  }

  Status add(Node& object, std::string_view piece, std::size_t offset) {
    const std::size_t equals = std::min(piece.find('='), piece.size());
    const auto name = unescape(piece.substr(0, equals), offset);
    if (name.has_error()) return name.error();
    const std::size_t behind = std::min(equals + 1, piece.size());
    const auto text = unescape(piece.substr(behind), offset + behind);
    if (text.has_error()) return text.error();
    if (++nodes_ > limits_.max_nodes) {
      return refusal(codes::kFormNodes, "$", at_byte(offset), std::to_string(limits_.max_nodes));
    }
    return place(object, *name, document_.make(Kind::kText, *text, at_byte(offset)));
  }

  Status place(Node& object, const std::string& name, Node* value) {
    const FieldNode* field = fields_.find(name);
    const bool is_list = field != nullptr && field->type == FieldType::kList;
    Node*& known = known_[name];
    if (known == nullptr) {
      known = is_list ? document_.append(object, document_.make(Kind::kList, {}, value->position), name)
                      : document_.append(object, value, name);
      if (!is_list) return {};
    }
    if (known->kind != Kind::kList) {
      if (field != nullptr && field->type != FieldType::kAny) {
        std::string path = "$";
        append_sent_member(path, name);
        return refusal(codes::kFormRepeated, path, value->position);
      }
      Node* first = document_.make(Kind::kText, {}, known->position);
      first->text = known->text;
      known->kind = Kind::kList;
      known->text = {};
      document_.append(*known, first);
    }
    document_.append(*known, value);
    return {};
  }

  Charset charset_;
  const FieldNode& fields_;
  const DecodeLimits& limits_;
  Document& document_;
  std::map<std::string, Node*> known_;
  std::size_t nodes_ = 0;
};

class Writer {
 public:
  Writer(Charset charset, std::string& out) : charset_(charset), out_(out) {}

  Status write(const Node& member) {
    std::string path = "$";
    append_path_member(path, member.name);
    if (member.kind == Kind::kObject) return refusal(codes::kFormEncodeShape, path, {}, "an object in a form");
    if (member.kind != Kind::kList) return write_pair(path, member.name, member);
    for (const Node& element : children(member)) {
      if (!element.is_scalar()) return refusal(codes::kFormEncodeShape, path, {}, "a list of other than texts");
      if (Status written = write_pair(path, member.name, element); written.has_error()) return written;
    }
    return {};
  }

 private:
  Status write_pair(std::string_view path, std::string_view name, const Node& value) {
    if (value.kind == Kind::kNull) return {};
    if (!out_.empty()) out_.push_back('&');
    Status written = write_escaped(path, name);
    out_.push_back('=');
    return written.has_error() ? written : write_escaped(path, value.text);
  }

  Status write_escaped(std::string_view path, std::string_view text) {
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string bytes;
    if (Status encoded = encode_charset(text, charset_, Unencodable::kRefuse, bytes); encoded.has_error()) {
      return refusal(*encoded.error().code, path, {}, encoded.error().param);
    }
    for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                            c == '.' || c == '_' || c == '*';
      if (is_plain || c == ' ') {
        out_.push_back(is_plain ? c : '+');
        continue;
      }
      out_.push_back('%');
      out_.push_back(kHex[byte >> 4U]);
      out_.push_back(kHex[byte & 15U]);
    }
    return {};
  }

  Charset charset_;
  std::string& out_;
};

}  // namespace

Status FormCodec::decode(std::string_view bytes, const DecodeLimits& limits, Document& out) const {
  out.clear();
  if (bytes.size() > limits.max_bytes) return refusal(codes::kFormBytes, "$", {}, std::to_string(limits.max_bytes));
  return Reader(charset_, fields_, limits, out).read(bytes);
}

Status FormCodec::encode(const Node& node, std::string& out) const {
  if (node.kind != Kind::kObject) return refusal(codes::kFormEncodeShape, "$", {}, "a form that is no object");
  std::string form;
  Writer writer(charset_, form);
  for (const FieldNode& field : fields_.members) {
    const Node* member = node.find(field.name);
    if (member == nullptr) continue;
    if (Status written = writer.write(*member); written.has_error()) return written;
  }
  for (const Node& member : children(node)) {
    if (fields_.find(member.name) != nullptr) continue;
    if (Status written = writer.write(member); written.has_error()) return written;
  }
  out += form;
  return {};
}

}  // namespace tongqu
