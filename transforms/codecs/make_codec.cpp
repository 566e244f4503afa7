#include "transforms/codecs/make_codec.hpp"

#include <algorithm>
#include <array>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/format_reader.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/codecs/json_path.hpp"
#include "transforms/codecs/xml_codec.hpp"
#include "transforms/codecs/xml_names.hpp"

namespace tongqu {
namespace {

using Made = Result<std::shared_ptr<const Codec>>;

Made make_json(FormatReader& reader, const FieldNode&) {
  static constexpr std::array<std::string_view, 1> kMembers{"type"};
  reader.expect_members(kMembers);
  if (!reader.good()) return reader.take_error();
  return std::make_shared<const JsonCodec>();
}

void read_namespaces(FormatReader& reader, XmlFormat& out) {
  const Node* namespaces = reader.format().find("namespaces");
  if (namespaces == nullptr) return;
  if (namespaces->kind != Kind::kObject) return reader.fault(codes::kFormatValue, "namespaces", "{prefix: uri}");
  for (const Node& one : children(*namespaces)) {
    const bool taken = one.name == "xml" || one.name == "xsi" || one.name == "xmlns" || one.name.starts_with('_');
    const bool again = std::any_of(out.namespaces.begin(), out.namespaces.end(),
                                   [&](const XmlNamespace& other) { return other.uri == one.text; });
    if (taken || !xml::is_local_name(one.name)) {
      reader.fault(codes::kFormatValue, "namespaces", "a prefix other than xml, xsi, xmlns, _…");
    } else if (one.kind != Kind::kText || one.text.empty() || one.text == xml::kXmlUri || one.text == xml::kXsiUri) {
      reader.fault(codes::kFormatValue, "namespaces", "a URI for " + std::string(one.name));
    } else if (again) {
      reader.fault(codes::kFormatValue, "namespaces", "one prefix for a URI: " + std::string(one.name));
    }
    out.namespaces.push_back({std::string(one.name), std::string(one.text)});
  }
}

// Every name that the schema gives must be one that XML can write.
class XmlFieldCheck {
 public:
  XmlFieldCheck(FormatReader& reader, const XmlFormat& format) : reader_(reader), names_(format.namespaces) {}

  void check_name(std::string_view name, const std::string& path) {
    if (name.starts_with('@')) name.remove_prefix(1);
    if (names_.split(name)) return;
    const auto colon = name.find(':');
    if (colon != std::string_view::npos && !name.starts_with('{') && xml::is_local_name(name.substr(0, colon)) &&
        xml::is_local_name(name.substr(colon + 1))) {
      reader_.field_fault(codes::kFormatPrefix, path, std::string(name.substr(0, colon)));
    } else {
      reader_.field_fault(codes::kFormatStructure, path, "a name that XML does not allow");
    }
  }
  void check(const FieldNode& field, const std::string& path) {
    for (const FieldNode& member : field.members) {
      std::string below = path;
      append_path_member(below, member.name);
      if (member.name == "#mixed") {
        if (member.type != FieldType::kList) {
          reader_.field_fault(codes::kFormatStructure, below, "#mixed that is no list");
        }
      } else if (member.name != "#text") {
        check_name(member.name, below);
      }
      check(member, below);
    }
    for (const FieldNode& element : field.element) {
      if (element.type == FieldType::kList) reader_.field_fault(codes::kFormatStructure, path, "a list in a list");
      check(element, path + "[]");
    }
  }

 private:
  FormatReader& reader_;
  xml::Names names_;
};

Made make_xml(FormatReader& reader, const FieldNode& fields) {
  static constexpr std::array<std::string_view, 5> kMembers{"type", "root", "namespaces", "charset", "doctype"};
  static constexpr std::array<std::string_view, 2> kDoctypes{"refuse", "bare"};
  reader.expect_members(kMembers);
  XmlFormat format;
  format.root = reader.required_text("root");
  format.charset = reader.charset(Charset::kUtf8);
  format.bare_doctype = reader.choice("doctype", kDoctypes) == 1;
  read_namespaces(reader, format);
  XmlFieldCheck check(reader, format);
  if (!format.root.empty()) check.check_name(format.root, "$.x-format.root");
  check.check(fields, "$");
  if (!reader.good()) return reader.take_error();
  return std::make_shared<const XmlCodec>(std::move(format), fields);
}

struct Type {
  std::string_view name;
  Made (*make)(FormatReader& reader, const FieldNode& fields);
};
constexpr std::array<Type, 2> kTypes{{{"json", make_json}, {"xml", make_xml}}};

}  // namespace

Result<std::shared_ptr<const Codec>> make_codec(const Node* format, const FieldNode& fields) {
  if (format == nullptr) return std::make_shared<const JsonCodec>();
  FormatReader reader(*format);
  if (format->kind != Kind::kObject) {
    reader.fault(codes::kFormatValue, {}, "{type, …}");
    return reader.take_error();
  }
  const std::string wanted = reader.required_text("type");
  std::string names;
  for (const Type& type : kTypes) {
    if (type.name == wanted) return type.make(reader, fields);
    names.append(names.empty() ? "" : " / ").append(type.name);
  }
  if (reader.good()) reader.fault(codes::kFormatType, "type", names);
  return reader.take_error();
}

}  // namespace tongqu
