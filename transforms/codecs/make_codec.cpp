#include "transforms/codecs/make_codec.hpp"

#include <algorithm>
#include <array>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/csv_codec.hpp"
#include "transforms/codecs/form_codec.hpp"
#include "transforms/codecs/format_reader.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/codecs/json_path.hpp"
#include "transforms/codecs/xml_codec.hpp"
#include "transforms/codecs/xml_names.hpp"

namespace tongqu {
namespace {

using Made = Result<std::shared_ptr<const Codec>>;

Made make_json(FormatReader& reader, const FieldNode&, const StylesheetSource&) {
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

std::shared_ptr<const XsltStylesheet> read_stylesheet(FormatReader& reader, std::string_view member,
                                                      const StylesheetSource& stylesheets) {
  const std::string name = reader.text(member);
  if (name.empty()) return nullptr;
  const auto bytes = stylesheets ? stylesheets(name) : std::nullopt;
  if (!bytes) {
    reader.fault(codes::kFormatValue, member, "a file stylesheets/….xsl");
    return nullptr;
  }
  auto made = XsltStylesheet::compile(*bytes);
  if (made.has_value()) return std::move(*made);
  // The place is one of the stylesheet, so it stands in the words.
  for (const Fault& fault : made.error().faults) {
    const std::string line =
        fault.position.line == 0 ? "" : " (" + name + ".xsl:" + std::to_string(fault.position.line) + ")";
    reader.fault(*fault.code, member, fault.param + line);
  }
  return nullptr;
}

// A stylesheet can move a value from one field to another, and the labels of the schema stand at the fields behind it:
// until somebody compared the two and put a name to it, nothing may rely on them.
void check_review(FormatReader& reader) {
  static constexpr std::string_view kForm = "YYYY-MM-DD";
  const std::string by = reader.text("labels_reviewed_by");
  const std::string on = reader.text("labels_reviewed_on");
  const bool is_date = on.size() == kForm.size() &&
                       std::all_of(on.begin(), on.end(), [](char c) { return c == '-' || (c >= '0' && c <= '9'); });
  if (by.empty() || !is_date) reader.fault(codes::kFormatReview, "xslt_in", {});
}

Made make_xml(FormatReader& reader, const FieldNode& fields, const StylesheetSource& stylesheets) {
  static constexpr std::array<std::string_view, 9> kMembers{
      "type",    "root",     "namespaces",         "charset",           "doctype",
      "xslt_in", "xslt_out", "labels_reviewed_by", "labels_reviewed_on"};
  static constexpr std::array<std::string_view, 2> kDoctypes{"refuse", "bare"};
  reader.expect_members(kMembers);
  XmlFormat format;
  format.root = reader.required_text("root");
  format.charset = reader.charset(Charset::kUtf8);
  format.bare_doctype = reader.choice("doctype", kDoctypes) == 1;
  read_namespaces(reader, format);
  format.before_decode = read_stylesheet(reader, "xslt_in", stylesheets);
  format.after_encode = read_stylesheet(reader, "xslt_out", stylesheets);
  if (reader.format().find("xslt_in") != nullptr) check_review(reader);
  XmlFieldCheck check(reader, format);
  if (!format.root.empty()) check.check_name(format.root, "$.x-format.root");
  check.check(fields, "$");
  if (!reader.good()) return reader.take_error();
  return std::make_shared<const XmlCodec>(std::move(format), fields);
}

bool is_scalar(const FieldNode& field) {
  return field.type != FieldType::kObject && field.type != FieldType::kList && field.members.empty();
}

// Formats of one level: the root's members are scalars or, where `lists` says so, lists of them.
void check_flat(FormatReader& reader, const FieldNode& fields, bool lists) {
  for (const FieldNode& member : fields.members) {
    const bool is_list =
        lists && member.type == FieldType::kList && (member.element.empty() || is_scalar(member.element.front()));
    if (is_scalar(member) || is_list) continue;
    std::string path = "$";
    append_path_member(path, member.name);
    reader.field_fault(codes::kFormatStructure, path, "a field that is no text");
  }
}

void check_headings(FormatReader& reader, const FieldNode& fields, CsvHeader header) {
  if (fields.members.empty()) reader.field_fault(codes::kFormatStructure, "$", "a schema without properties");
  if (header != CsvHeader::kTitles) return;
  for (const FieldNode& member : fields.members) {
    const auto same = std::count_if(fields.members.begin(), fields.members.end(),
                                    [&](const FieldNode& other) { return other.title_zh == member.title_zh; });
    if (!member.title_zh.empty() && same == 1) continue;
    std::string path = "$";
    append_path_member(path, member.name);
    reader.field_fault(codes::kFormatStructure, path, "a column without a title of its own");
  }
}

Made make_csv(FormatReader& reader, const FieldNode& fields, const StylesheetSource&) {
  static constexpr std::array<std::string_view, 5> kMembers{"type", "header", "separator", "charset", "bom"};
  static constexpr std::array<std::string_view, 3> kHeaders{"names", "titles", "none"};
  static constexpr std::array<std::string_view, 3> kSeparators{",", ";", "\t"};
  reader.expect_members(kMembers);
  CsvFormat format;
  format.header = static_cast<CsvHeader>(reader.choice("header", kHeaders));
  format.dialect.separator = kSeparators[reader.choice("separator", kSeparators)].front();
  format.dialect.charset = reader.charset(Charset::kUtf8);
  format.mark = reader.flag("bom");
  if (format.mark && format.dialect.charset != Charset::kUtf8) {
    reader.fault(codes::kFormatValue, "bom", "true with charset UTF-8 only");
  }
  check_flat(reader, fields, false);
  check_headings(reader, fields, format.header);
  if (!reader.good()) return reader.take_error();
  return std::make_shared<const CsvCodec>(format, fields);
}

Made make_form(FormatReader& reader, const FieldNode& fields, const StylesheetSource&) {
  static constexpr std::array<std::string_view, 2> kMembers{"type", "charset"};
  reader.expect_members(kMembers);
  const Charset charset = reader.charset(Charset::kUtf8);
  if (charset == Charset::kUtf16 || charset == Charset::kUtf16Le || charset == Charset::kUtf16Be) {
    reader.fault(codes::kFormatValue, "charset", "a charset that contains ASCII");
  }
  check_flat(reader, fields, true);
  if (!reader.good()) return reader.take_error();
  return std::make_shared<const FormCodec>(charset, fields);
}

struct Type {
  std::string_view name;
  Made (*make)(FormatReader& reader, const FieldNode& fields, const StylesheetSource& stylesheets);
};
constexpr std::array<Type, 4> kTypes{{{"json", make_json}, {"xml", make_xml}, {"csv", make_csv}, {"form", make_form}}};

}  // namespace

Result<std::shared_ptr<const Codec>> make_codec(const Node* format, const FieldNode& fields,
                                                const StylesheetSource& stylesheets) {
  if (format == nullptr) return std::make_shared<const JsonCodec>();
  FormatReader reader(*format);
  if (format->kind != Kind::kObject) {
    reader.fault(codes::kFormatValue, {}, "{type, …}");
    return reader.take_error();
  }
  const std::string wanted = reader.required_text("type");
  std::string names;
  for (const Type& type : kTypes) {
    if (type.name == wanted) return type.make(reader, fields, stylesheets);
    names.append(names.empty() ? "" : " / ").append(type.name);
  }
  if (reader.good()) reader.fault(codes::kFormatType, "type", names);
  return reader.take_error();
}

}  // namespace tongqu
