// The published cases of node-soap: what one of its clients must send, and what it must be able to read. The result is
// docs/conformance-soap.md; TONGQU_WRITE_DOCS=1 writes it anew.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>

#include "connectors/soap/multipart.hpp"
#include "tests/support/data.hpp"
#include "transforms/codecs/soap_codec.hpp"

namespace tongqu::test {
namespace {

namespace fs = std::filesystem;

struct Deviation {
  std::string_view name;  // case and file
  std::string_view code;  // why it is refused
  std::string_view reason;
};
constexpr std::array<Deviation, 1> kDeviations{
    {{"SetResource__should_correctly_set_element_if_complex-type_has_same_name/response.xml", "xml.namespace",
      "its prefix ns is declared nowhere; whoever reads on guesses whose name it is"}}};

struct Row {
  std::string name;
  std::string expected;
  std::string got;
};

// The envelope of a file: some hold a whole multipart/related body.
Result<SoapMessage> read_case(const std::string& bytes) {
  const XmlSoapCodec codec;
  const std::string_view text = soap::trimmed(bytes);
  if (!text.starts_with("--")) return codec.read(bytes, {});
  const std::string boundary(soap::trimmed(text.substr(2, text.find('\n') - 2)));
  auto related = soap::parse_related(soap::parse_media_type("multipart/related; boundary=\"" + boundary + "\""), text);
  if (related.has_error()) return related.error();
  return codec.read(related->root.body, {});
}

std::string outcome(const Result<SoapMessage>& message) {
  if (message.has_error()) return "refused, `" + std::string(message.error().code->id) + "`";
  if (message->fault) return "fault";
  return message->operation.local.empty() ? "accepted, empty body" : "accepted";
}

// response.json tells what is read out of a response, error_response.json that it is a fault; a response without either
// is malformed on purpose.
std::string expected_of(const fs::path& folder, const std::string& file) {
  if (file == "request.xml" || fs::exists(folder / "response.json")) return "accepted";
  return fs::exists(folder / "error_response.json") ? "fault" : "refused";
}

std::string document_of(const std::vector<Row>& rows) {
  std::string text =
      "# Conformance: SOAP\n\nWritten by `tests/unit/soap/soap_conformance_test.cpp` (`TONGQU_WRITE_DOCS=1`). Cases: "
      "the "
      "developers' half of node-soap's\nrequest-response samples. A request is what a client must send, a response "
      "what a "
      "client must read; one is malformed on purpose.\n\n| case | file | the set says | here |\n|---|---|---|---|\n";
  for (const Row& row : rows) {
    const auto slash = row.name.rfind('/');
    text += "| " + row.name.substr(0, slash) + " | " + row.name.substr(slash + 1) + " | " + row.expected + " | " +
            row.got + " |\n";
  }
  text += "\nDeviations: ";
  if (kDeviations.empty()) text += "none.\n";
  for (const Deviation& one : kDeviations) {
    text.append("\n* ").append(one.name).append(" – `").append(one.code).append("`: ").append(one.reason).append("\n");
  }
  return text;
}

TEST(SoapConformance, EveryCaseIsAcceptedOrRefusedAsTheSetSays) {
  const auto data = data_folder();
  if (!data || !fs::exists(*data / "soap/node-soap")) GTEST_SKIP() << "test data soap/node-soap is absent";
  std::set<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(*data / "soap/node-soap")) folders.insert(entry.path());
  std::vector<Row> rows;
  for (const fs::path& folder : folders) {
    for (const std::string file : {"request.xml", "response.xml"}) {
      if (!fs::exists(folder / file)) continue;
      const std::string name = folder.filename().string() + "/" + file;
      const std::string expected = expected_of(folder, file);
      const std::string got = outcome(read_case(read_file(folder / file)));
      rows.push_back({name, expected, got});
      const auto* deviation = std::find_if(std::begin(kDeviations), std::end(kDeviations),
                                           [&name](const Deviation& one) { return one.name == name; });
      if (deviation != std::end(kDeviations)) {
        EXPECT_EQ(got, "refused, `" + std::string(deviation->code) + "`") << name;
      } else {
        EXPECT_TRUE(got.starts_with(expected)) << name << ": " << got;
      }
    }
  }
  std::cout << rows.size() << " files of " << folders.size() << " cases\n";
  const fs::path page = source_folder() / "docs/conformance-soap.md";
  const std::string text = document_of(rows);
  if (std::getenv("TONGQU_WRITE_DOCS") != nullptr) std::ofstream(page) << text;
  // Another selection of the set has other rows; the page shows one.
  const std::string written = read_file(page);
  if (written.find("| " + folders.begin()->filename().string() + " |") != std::string::npos) EXPECT_EQ(written, text);
}

}  // namespace
}  // namespace tongqu::test
