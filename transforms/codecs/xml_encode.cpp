// takes a document, gives bytes, may turn back with xml.encode-*, xml.depth, charset.unencodable
#include <array>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/json_path.hpp"
#include "transforms/codecs/refusal.hpp"
#include "transforms/codecs/xml_codec.hpp"
#include "transforms/codecs/xml_parts.hpp"
#include "transforms/codecs/xml_text.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kText = "#text";
constexpr std::string_view kMixed = "#mixed";

bool has_full_repertoire(Charset charset) {
  return charset != Charset::kGbk && charset != Charset::kGb2312 && charset != Charset::kLatin1 &&
         charset != Charset::kAscii;
}

void append_escaped(std::string& out, std::string_view text, bool in_attribute) {
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '\r': out += "&#13;"; break;
      case '"': out += in_attribute ? "&quot;" : "\""; break;
      case '\n': out += in_attribute ? "&#10;" : "\n"; break;
      case '\t': out += in_attribute ? "&#9;" : "\t"; break;
      default: out.push_back(c);
    }
  }
}

std::string declaration(Charset charset) {
  return "<?xml version=\"1.0\" encoding=\"" + std::string(name_of(charset)) + "\"?>\n";
}

// True when xsi must be declared at the root.
bool uses_xsi(const Node& node, std::size_t depth) {
  if (node.name.starts_with('@') && node.kind == Kind::kNull) return false;
  if (node.kind == Kind::kNull || node.name.starts_with("xsi:") || node.name.starts_with("@xsi:")) return true;
  if (depth == 0) return false;
  for (const Node& child : children(node)) {
    if (uses_xsi(child, depth - 1)) return true;
  }
  return false;
}

const FieldNode* find_field(const FieldNode* field, std::string_view name) {
  return field == nullptr ? nullptr : field->find(name);
}
const FieldNode* element_of(const FieldNode* field) {
  return field != nullptr && field->type == FieldType::kList && !field->element.empty() ? &field->element.front()
                                                                                        : field;
}

// Writes UTF-8; every step returns false when it refuses.
class Writer {
 public:
  Writer(const XmlFormat& format, const xml::Names& names, std::string& out)
      : format_(format), names_(names), out_(out) {}

  bool write_document(const Node& root, const FieldNode& fields) {
    out_ += declaration(format_.charset);
    if (root.kind == Kind::kList) return fail(codes::kXmlEncodeShape, "a list as root");
    for (const XmlNamespace& one : format_.namespaces) declare(one.prefix, one.uri);
    if (uses_xsi(root, kMaxXmlDepth * 3)) declare("xsi", xml::kXsiUri);
    return write_element(format_.root, root, &fields);
  }
  [[nodiscard]] Error take_failure() { return std::move(failure_); }

 private:
  bool fail(const ErrorCode& code, std::string param = {}) {
    failure_ = refusal(code, path_, {}, std::move(param));
    return false;
  }

  void declare(std::string_view prefix, std::string_view uri) {
    declarations_.append(" xmlns:").append(prefix).append("=\"");
    append_escaped(declarations_, uri, true);
    declarations_.push_back('"');
  }

  // The name as it stands in a tag. A namespace that is not configured is declared at the element.
  bool tag_name(std::string_view member, std::size_t& locals, std::string& out) {
    const auto name = names_.split(member);
    if (!name || !xml::has_only_xml_characters(name->uri)) return fail(codes::kXmlEncodeName);
    std::string ignored;
    if (!has_full_repertoire(format_.charset) &&
        encode_charset(member, format_.charset, Unencodable::kRefuse, ignored).has_error()) {
      return fail(codes::kCharsetUnencodable, std::string(name_of(format_.charset)));
    }
    std::string prefix(name->prefix);
    if (prefix.empty() && !name->uri.empty()) {
      prefix = "_" + std::to_string(locals++);
      declare(prefix, name->uri);
    }
    if (!prefix.empty()) out.append(prefix).push_back(':');
    out += name->local;
    return true;
  }

  bool write_text(std::string_view text, bool in_attribute, std::string& out) {
    if (!xml::has_only_xml_characters(text)) return fail(codes::kXmlEncodeCharacter);
    append_escaped(out, text, in_attribute);
    return true;
  }

  bool write_attributes(const Node& value, std::size_t& locals, std::string& out) {
    for (const Node& member : children(value)) {
      if (!member.name.starts_with('@') || member.kind == Kind::kNull) continue;
      if (!member.is_scalar()) return fail(codes::kXmlEncodeShape, "an attribute that is no scalar");
      std::string name;
      if (!tag_name(member.name.substr(1), locals, name)) return false;
      out.append(" ").append(name).append("=\"");
      if (!write_text(member.text, true, out)) return false;
      out.push_back('"');
    }
    return true;
  }

  bool write_element(std::string_view member, const Node& value, const FieldNode* field) {
    if (value.kind == Kind::kList) return fail(codes::kXmlEncodeShape, "a list in a list");
    if (depth_ >= kMaxXmlDepth) return fail(codes::kXmlDepth, std::to_string(kMaxXmlDepth));
    std::size_t locals = 0;
    std::string name;
    std::string attributes;
    if (!tag_name(member, locals, name)) return false;
    const Node* text = value.find(kText);
    if (value.kind == Kind::kObject && !write_attributes(value, locals, attributes)) return false;
    if (value.kind == Kind::kNull || (text != nullptr && text->kind == Kind::kNull)) attributes += " xsi:nil=\"true\"";
    out_.append("<").append(name).append(declarations_).append(attributes);
    declarations_.clear();
    const std::size_t tag_end = out_.size();
    out_.push_back('>');
    ++depth_;
    if (!write_content(value, field)) return false;
    --depth_;
    if (out_.size() == tag_end + 1) {
      out_.back() = '/';
      out_.push_back('>');
    } else {
      out_.append("</").append(name).append(">");
    }
    return true;
  }

  bool write_content(const Node& value, const FieldNode* field) {
    if (value.is_scalar()) return write_text(value.text, false, out_);
    const Node* text = value.find(kText);
    const Node* mixed = value.find(kMixed);
    std::size_t elements = 0;
    for (const Node& member : children(value)) elements += member.name.starts_with('@') ? 0U : 1U;
    if ((text != nullptr || mixed != nullptr) && elements > 1) {
      return fail(codes::kXmlEncodeShape, "#text or #mixed beside elements");
    }
    if (text != nullptr) {
      return text->is_scalar() ? write_text(text->text, false, out_)
                               : fail(codes::kXmlEncodeShape, "#text that is no scalar");
    }
    if (mixed != nullptr) return write_mixed(*mixed, element_of(find_field(field, kMixed)));
    if (field != nullptr) {
      for (const FieldNode& known : field->members) {
        const Node* member = value.find(known.name);
        if (member != nullptr && !write_member(*member, &known)) return false;
      }
    }
    for (const Node& member : children(value)) {
      if (find_field(field, member.name) == nullptr && !write_member(member, nullptr)) return false;
    }
    return true;
  }

  bool write_mixed(const Node& mixed, const FieldNode* field) {
    if (mixed.kind != Kind::kList) return fail(codes::kXmlEncodeShape, "#mixed that is no list");
    for (const Node& entry : children(mixed)) {
      if (entry.kind == Kind::kList) return fail(codes::kXmlEncodeShape, "a list in #mixed");
      if (entry.is_scalar()) {
        if (!write_text(entry.text, false, out_)) return false;
        continue;
      }
      for (const Node& member : children(entry)) {
        if (member.name.starts_with('@')) return fail(codes::kXmlEncodeShape, "an attribute in #mixed");
        if (!write_member(member, find_field(field, member.name))) return false;
      }
    }
    return true;
  }

  bool write_member(const Node& member, const FieldNode* field) {
    if (member.name.starts_with('@')) return true;
    const std::size_t before = path_.size();
    append_path_member(path_, member.name);
    if (member.kind != Kind::kList) {
      if (!write_element(member.name, member, element_of(field))) return false;
    } else {
      std::size_t index = 0;
      const std::size_t behind_name = path_.size();
      for (const Node& element : children(member)) {
        append_path_index(path_, index++);
        if (!write_element(member.name, element, element_of(field))) return false;
        path_.resize(behind_name);
      }
    }
    path_.resize(before);
    return true;
  }

  const XmlFormat& format_;
  const xml::Names& names_;
  std::string& out_;
  std::string declarations_;  // for the next tag
  std::string path_ = "$";
  std::size_t depth_ = 0;
  Error failure_;
};

}  // namespace

Status XmlCodec::encode(const Node& node, std::string& out) const {
  std::string utf8;
  Writer writer(parts_->format, parts_->names, utf8);
  if (!writer.write_document(node, parts_->fields)) return writer.take_failure();
  if (parts_->format.after_encode != nullptr) {
    auto shaped = parts_->format.after_encode->apply(utf8);
    if (shaped.has_error()) return shaped.error();
    utf8 = declaration(parts_->format.charset) + *shaped;
  }
  return encode_charset(utf8, parts_->format.charset, Unencodable::kCharacterReference, out);
}

}  // namespace tongqu
