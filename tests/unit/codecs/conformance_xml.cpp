#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <sstream>
#include <vector>

#include "gateway/core/text.hpp"
#include "tests/support/data.hpp"
#include "tests/unit/codecs/codec_support.hpp"
#include "tests/unit/codecs/conformance_page.hpp"
#include "transforms/codecs/xml_codec.hpp"

namespace tongqu::test {
namespace {

namespace fs = std::filesystem;

constexpr Deviation kSuiteDeviations[] = {
    {"o-p04pass1", "`xml.namespace`", "a name that ends in a colon: XML 1.0 allows it, Namespaces in XML does not"},
    {"o-p05pass1", "`xml.namespace`", "names that begin with a colon, as above"},
};
// The set counts these as having a DOCTYPE; it stands in a comment or a processing instruction or CDATA.
constexpr std::string_view kNoDoctype[] = {"o-p15pass1", "o-p16pass1", "o-p18pass1"};

constexpr Deviation kFileDeviations[] = {
    {"Dummy__should_extract_envelope_from_response/response.xml", "`xml.empty`", "a MIME message, not XML"},
    {"getAttachments__should_handle_MTOM_response/response.xml", "`xml.empty`", "a MIME message, not XML"},
    {"attachments__should_send_binary_data/soap.wsdl", "`xml.namespace`", "prefix `xmime` is not declared"},
    {"login__complex_schema_xmlns_with_array_and_any_type_and_other_types/soap.platform.core.xsd", "`xml.namespace`",
     "prefix `xs` is not declared"},
    {"SetResource__should_correctly_set_element_if_complex-type_has_same_name/response.xml", "`xml.namespace`",
     "prefix `ns` is not declared"},
    {"Dummy__should_use_defined_xml_key_in_first_level_for_rpc/soap.wsdl", "`xml.namespace`",
     "prefix `soap12` is not declared"},
    {"fooOp__should_return_back_good_response_object/response.xml", "`xml.tag`",
     "`responseHeader` is closed as `requestHeader`"},
};

const FieldNode& any_field() {
  static const FieldNode kAny;
  return kAny;
}

DecodeLimits wide_limits() {
  DecodeLimits limits;
  limits.max_bytes = limits.max_text_bytes = std::size_t{64} << 20U;
  limits.max_nodes = 1'000'000;
  return limits;
}

// "accepted", or the code.
std::string outcome_of(std::string_view bytes, bool bare_doctype, Document& out) {
  const XmlCodec codec({"", {}, Charset::kUtf8, bare_doctype, {}, {}}, any_field());
  const Status status = codec.decode(bytes, wide_limits(), out);
  return status.has_error() ? "`" + std::string(status.error().code->id) + "`" : "accepted";
}

std::string outcome_of(std::string_view bytes, bool bare_doctype = false) {
  Document out;
  return outcome_of(bytes, bare_doctype, out);
}

const Deviation* deviation_of(const Deviation* begin, const Deviation* end, std::string_view id) {
  const auto found = std::find_if(begin, end, [id](const Deviation& deviation) { return deviation.id == id; });
  return found == end ? nullptr : found;
}

std::string member(const Document& record, std::string_view name) {
  const Node* node = record.root().find(name);
  return node == nullptr ? std::string{} : std::string(node->text);
}

void run_with_doctype(const std::string& id, const std::string& type, const std::string& bytes, Counts& counts) {
  const std::string refused = outcome_of(bytes);
  if (std::find(std::begin(kNoDoctype), std::end(kNoDoctype), id) != std::end(kNoDoctype)) {
    EXPECT_EQ(refused, "accepted") << id;
    ++counts["no doctype"];
    return;
  }
  EXPECT_NE(refused, "accepted") << id;
  ++counts[refused == "`xml.doctype`" ? "doctype" : "doctype after a fault"];
  if (outcome_of(bytes, true) != "accepted") return;
  ++counts["bare"];
  EXPECT_NE(type, "not-wf") << id;
}

void run_case(const Document& record, Counts& counts) {
  const std::string id = member(record, "id");
  const std::string type = member(record, "type");
  const std::string edition = member(record, "edition");
  const std::string bytes = from_base64(member(record, "b64")).value_or("");
  if (member(record, "has_doctype") == "true") return run_with_doctype(id, type, bytes, counts);
  const std::string outcome = outcome_of(bytes);
  const bool is_outside = member(record, "recommendation").find("1.1") != std::string::npos || type == "error" ||
                          (!edition.empty() && edition.find('5') == std::string::npos);
  if (is_outside) {
    ++counts[outcome == "accepted" ? "outside, accepted" : "outside, refused"];
    return;
  }
  const std::string expected = type == "not-wf" ? "refuse" : "accept";
  ++counts[expected];
  if ((expected == "accept") == (outcome == "accepted")) {
    ++counts[expected + " done"];
    return;
  }
  const Deviation* known = deviation_of(std::begin(kSuiteDeviations), std::end(kSuiteDeviations), id);
  EXPECT_TRUE(known != nullptr && known->outcome == outcome) << id << ' ' << outcome;
}

// Name of the root element as a document has it: "{uri}local".
std::string root_name(std::string_view bytes) {
  // The codec does not give the root's name away, so the start tag is looked at.
  std::size_t at = bytes.find('<');
  while (at != std::string_view::npos && (bytes[at + 1] == '?' || bytes[at + 1] == '!')) {
    at = bytes.find('<', bytes.substr(at).starts_with("<!--") ? bytes.find("-->", at) : at + 1);
  }
  const std::string_view tag = bytes.substr(at + 1, bytes.find('>', at) - at - 1);
  const std::string name(tag.substr(0, tag.find_first_of(" \t\r\n/")));
  const auto colon = name.find(':');
  const std::string declaration = colon == std::string::npos ? "xmlns=" : "xmlns:" + name.substr(0, colon) + "=";
  const auto declared = tag.find(declaration);
  const std::string local = colon == std::string::npos ? name : name.substr(colon + 1);
  if (declared == std::string_view::npos) return local;
  const std::size_t begin = declared + declaration.size() + 1;
  return "{" + std::string(tag.substr(begin, tag.find(tag[begin - 1], begin) - begin)) + "}" + local;
}

void expect_round_trip(const Document& first, std::string_view bytes, const fs::path& file) {
  for (const Charset charset : {Charset::kUtf8, Charset::kGb2312, Charset::kUtf16}) {
    const XmlCodec codec({root_name(bytes), {}, charset, false, {}, {}}, any_field());
    std::string once;
    ASSERT_TRUE(codec.encode(first.root(), once).has_value()) << file;
    Document second;
    const Status decoded = codec.decode(once, wide_limits(), second);
    ASSERT_TRUE(decoded.has_value()) << file << ' ' << fault_text(decoded.error());
    EXPECT_EQ(to_json(first.root()), to_json(second.root())) << file;
  }
}

std::vector<fs::path> xml_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension == ".xml" || extension == ".cap" || extension == ".wsdl" || extension == ".xsd") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::string deviation_rows(const Deviation* begin, const Deviation* end) {
  std::string rows;
  for (; begin != end; ++begin) {
    rows.append("| `").append(begin->id).append("` | ").append(begin->outcome).append(" | ").append(begin->reason);
    rows += " |\n";
  }
  return rows;
}

std::string xml_suite_section() {
  Counts counts;
  for (const std::string& line : data_lines("xml-conformance/w3c-xmlconf.dev.jsonl")) run_case(json(line), counts);
  std::ostringstream out;
  out << "## XML 1.0\n\nW3C XML Conformance Test Suite, main documents, with `doctype: refuse`.\n\n"
      << "| cases | go as the suite says |\n|---|---|\n"
      << "| well-formed, no DOCTYPE: accepted | " << counts["accept done"] << " of " << counts["accept"] << " |\n"
      << "| not well-formed, no DOCTYPE: refused | " << counts["refuse done"] << " of " << counts["refuse"] << " |\n"
      << "| with a DOCTYPE: refused | " << counts["doctype"] + counts["doctype after a fault"] << " of "
      << counts["doctype"] + counts["doctype after a fault"] << ", " << counts["doctype after a fault"]
      << " of them for a fault in front of it |\n"
      << "| counted as DOCTYPE by the set, but it stands in a comment or the like: accepted | " << counts["no doctype"]
      << " |\n"
      << "| with `doctype: bare`: accepted, none of them not well-formed | " << counts["bare"] << " |\n"
      << "| outside (XML 1.1, older editions only, either outcome allowed) | " << counts["outside, accepted"]
      << " accepted, " << counts["outside, refused"] << " refused |\n\n"
      << "| deviation | outcome | reason |\n|---|---|---|\n"
      << deviation_rows(std::begin(kSuiteDeviations), std::end(kSuiteDeviations)) << '\n'
      << "Where the standard leaves a choice: a DOCTYPE is refused, so there are no entities but the five predefined "
         "and no\n"
      << "defaults of attributes; names follow Namespaces in XML 1.0; a version 1.x is read as 1.0; comments and "
         "processing\n"
      << "instructions are read over; the byte order mark wins over the declaration, and UTF-16 declared in a document "
         "of one\n"
      << "byte a character (or the other way round) is a fault.\n\n";
  return out.str();
}

std::string xml_files_section() {
  std::ostringstream out;
  out << "## XML of others\n\nRead without a schema; what is accepted is written in UTF-8, GB2312 and UTF-16 and read "
         "again to the same document.\n\n| set | files | accepted |\n|---|---|---|\n";
  std::set<std::string_view> seen;
  for (const char* set : {"soap", "cap", "ip-xml"}) {
    const fs::path folder = *data_folder() / set;
    int accepted = 0;
    const std::vector<fs::path> files = xml_files(folder);
    for (const fs::path& file : files) {
      const std::string bytes = read_file(file);
      Document document;
      const std::string outcome = outcome_of(bytes, false, document);
      if (outcome == "accepted") {
        ++accepted;
        expect_round_trip(document, bytes, file);
        continue;
      }
      const std::string id = file.parent_path().filename().string() + "/" + file.filename().string();
      const Deviation* known = deviation_of(std::begin(kFileDeviations), std::end(kFileDeviations), id);
      EXPECT_TRUE(known != nullptr && known->outcome == outcome) << file << ' ' << outcome;
      if (known != nullptr) seen.insert(known->id);
    }
    out << "| " << set << " | " << files.size() << " | " << accepted << " |\n";
  }
  EXPECT_EQ(seen.size(), std::size(kFileDeviations));
  out << "\n| refused | outcome | reason |\n|---|---|---|\n"
      << deviation_rows(std::begin(kFileDeviations), std::end(kFileDeviations)) << '\n';
  return out.str();
}

}  // namespace tongqu::test
