#include "transforms/codecs/xml_schema.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "tests/support/data.hpp"
#include "tests/unit/codecs/codec_support.hpp"

namespace tongqu {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kXsd = R"(<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t"
    xmlns:t="urn:t" elementFormDefault="qualified">
  <element name="r"><complexType><sequence>
    <element name="a" type="int"/>
    <element name="b" minOccurs="0"><simpleType><restriction base="string"><enumeration value="x"/></restriction></simpleType></element>
    <element name="c" minOccurs="0"><complexType><attribute name="k" use="required"/></complexType></element>
  </sequence></complexType></element>
</schema>)";

fs::path write(const fs::path& folder, const std::string& name, std::string_view text) {
  std::ofstream(folder / name, std::ios::binary) << text;
  return folder / name;
}

std::unique_ptr<const XmlSchema> load(const fs::path& file) {
  auto schema = XmlSchema::load(file);
  EXPECT_TRUE(schema.has_value()) << file;
  return schema.has_value() ? std::move(schema).value() : nullptr;
}

// "valid", the error, or "xsd.value $.a 2:3; …".
std::string outcome(const XmlSchema& schema, std::string_view xml, std::size_t max_faults = 100) {
  std::vector<Fault> faults;
  const auto valid = schema.validate(xml, Charset::kUtf8, {}, faults, max_faults);
  if (valid.has_error()) return test::fault_text(valid.error());
  EXPECT_TRUE(!*valid || faults.empty());
  if (*valid) return "valid";
  std::string text;
  for (const Fault& fault : faults) {
    text += (text.empty() ? "" : "; ") + std::string(fault.code->id) + ' ' + fault.path + ' ' +
            std::to_string(fault.position.line) + ':' + std::to_string(fault.position.column);
    if (fault.code->id == "xsd.content") text += ' ' + fault.param;
    EXPECT_EQ(fault.param.find("secret"), std::string::npos);
  }
  return text;
}

struct Case {
  std::string_view xml;
  std::string_view expected;
};

TEST(XmlSchema, NamesEveryFaultWithItsPlace) {
  const auto schema = load(write(test::temporary_folder("xsd"), "t.xsd", kXsd));
  ASSERT_NE(schema, nullptr);
  const Case cases[] = {
      {"<r xmlns='urn:t'><a>1</a><b>x</b><c k=''/></r>", "valid"},
      {"<s/>", "xsd.root $ 1:1"},
      {"<r xmlns='urn:t'>\n <a>secret</a>\n <b>secret</b><c/></r>",
       "xsd.value $.a 2:2; xsd.value $.b 3:2; xsd.attribute $.c 3:15"},
      {"<r xmlns='urn:t'/>", "xsd.content $ 1:1 {urn:t}a"},
      {"<r xmlns='urn:t'><secret/></r>", "xsd.content $.secret 1:18 {urn:t}a"},
      {"<r xmlns='urn:t'><a>1</a>secret</r>", "xsd.content $ 1:1 –"},
      {"<r xmlns='urn:t'><a>1</a><c k='' secret='secret'/></r>", "xsd.attribute $.c 1:26"},
      {"<r>", "xml.unclosed $ 1:4"},
      {"<!DOCTYPE r [<!ENTITY a 'b'>]><r/>", "xml.doctype $ 1:13"},
      {"<r xmlns='urn:t'><a>\xFF</a></r>", "charset.malformed $ 1:21"},
  };
  for (const Case& c : cases) EXPECT_EQ(outcome(*schema, c.xml), c.expected) << c.xml;
  EXPECT_EQ(outcome(*schema, "<r xmlns='urn:t'><a>x</a><b>y</b></r>", 1), "xsd.value $.a 1:18");
}

TEST(XmlSchema, LoadsWhatLiesBesideAndNothingElse) {
  const fs::path folder = test::temporary_folder("xsd-load");
  write(folder, "t.xsd", kXsd);
  const auto with = [&](const std::string& name, std::string_view location) {
    return write(folder, name,
                 "<schema xmlns='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t'>"
                 "<import namespace='urn:t' schemaLocation='" +
                     std::string(location) + "'/><element name='o' type='string'/></schema>");
  };
  EXPECT_TRUE(XmlSchema::load(with("beside.xsd", "t.xsd")).has_value());
  const std::string cases[] = {with("absent.xsd", "absent-too.xsd"), with("network.xsd", "http://127.0.0.1:1/t.xsd"),
                               write(folder, "broken.xsd", "<schema"), write(folder, "wrong.xsd", "<x/>"),
                               folder / "missing.xsd"};
  for (const std::string& file : cases) {
    const auto loaded = XmlSchema::load(file);
    ASSERT_TRUE(loaded.has_error()) << file;
    EXPECT_EQ(loaded.error().code->id, "xsd.load");
    EXPECT_FALSE(loaded.error().faults.empty());
  }
}

TEST(XmlSchema, AgreesWithTheSetOfAlerts) {
  const auto folder = test::data_folder();
  if (!folder) GTEST_SKIP() << "test data is absent";
  const auto schema = load(*folder / "cap/CAP-v1.2.xsd");
  ASSERT_NE(schema, nullptr);
  const Document manifest = test::json(test::read_file(*folder / "cap/manifest.json"));
  for (const Node& record : children(manifest.root())) {
    const std::string name(record.find("file")->text);
    const fs::path file = *folder / "cap/alerts" / name;
    if (!fs::exists(file)) continue;
    const std::string found = outcome(*schema, test::read_file(file));
    EXPECT_EQ(found == "valid", record.find("valid_against_cap12_xsd")->text == "true") << name << ' ' << found;
    // xmllint's message begins with the file and the line of the first fault.
    const std::string message(record.find("xsd_message")->text);
    if (found == "valid" || message.empty()) continue;
    const std::string line = message.substr(name.size() + 1, message.find(':', name.size() + 1) - name.size() - 1);
    EXPECT_NE(found.find(' ' + line + ':'), std::string::npos) << name << ' ' << found;
  }
}

TEST(XmlSchema, IsSharedByThreads) {
  const auto schema = load(write(test::temporary_folder("xsd-threads"), "t.xsd", kXsd));
  ASSERT_NE(schema, nullptr);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        std::vector<Fault> faults;
        const std::string_view xml = i % 2 == 0 ? "<r xmlns='urn:t'><a>1</a></r>" : "<r xmlns='urn:t'><a>x</a></r>";
        const auto valid = schema->validate(xml, Charset::kUtf8, {}, faults);
        if (valid.has_error() || *valid != (i % 2 == 0)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace tongqu
