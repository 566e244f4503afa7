#include "connectors/http/multipart.hpp"

#include <gtest/gtest.h>

#include "connectors/http/http_codes.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=xyz";

std::string part(std::string_view disposition, std::string_view body, std::string_view more = "") {
  return "--xyz\r\nContent-Disposition: " + std::string(disposition) + "\r\n" + std::string(more) + "\r\n" +
         std::string(body) + "\r\n";
}

TEST(Multipart, ReadsPartsInOrder) {
  const std::string body =
      part("form-data; name=\"document\"", "{\"a\":1}", "Content-Type: Application/JSON; charset=utf-8\r\n") +
      part("form-data; name=\"f\"; filename=\"a;b\\\".jpg\"", "\r\n--xy\r\n", "Content-Type: image/jpeg\r\n") +
      "--xyz--\r\n";
  const auto parts = parse_multipart(kType, body);
  ASSERT_TRUE(parts.has_value());
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ((*parts)[0].name, "document");
  EXPECT_EQ((*parts)[0].content_type, "application/json");
  EXPECT_EQ((*parts)[0].body, "{\"a\":1}");
  EXPECT_FALSE((*parts)[0].is_file);
  EXPECT_TRUE((*parts)[1].is_file);
  EXPECT_EQ((*parts)[1].body, "\r\n--xy\r\n");
  EXPECT_EQ((*parts)[1].file_name, "a;b\".jpg");
  EXPECT_EQ(document_part(*parts).value(), 0U);
}

TEST(Multipart, TakesAQuotedBoundaryAndEmptyParts) {
  const auto parts = parse_multipart("multipart/form-data; charset=utf-8; boundary=\"xyz\"",
                                     part("form-data; name=a", "") + "--xyz--");
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ((*parts)[0].body, "");
  EXPECT_EQ((*parts)[0].name, "a");
}

struct Bad {
  std::string_view what;
  std::string_view type;
  std::string body;
};

TEST(Multipart, RefusesWhatTwoReadersCouldReadInTwoWays) {
  const std::string good = part("form-data; name=a", "x");
  std::string many;
  for (std::size_t i = 0; i <= kMaxParts; ++i) many += good;
  for (const Bad& c : {
           Bad{"no boundary", "multipart/form-data", good + "--xyz--"},
           Bad{"two boundaries", "multipart/form-data; boundary=xyz; boundary=abc", good + "--xyz--"},
           Bad{"boundary with a control byte", "multipart/form-data; boundary=\"x\tz\"", good + "--xyz--"},
           Bad{"unclosed quote", "multipart/form-data; boundary=\"xyz", good + "--xyz--"},
           Bad{"other boundary", kType, "--abc\r\n\r\n--abc--"},
           Bad{"preamble", kType, "hello\r\n" + good + "--xyz--"},
           Bad{"no end", kType, good},
           Bad{"cut in the head", kType, "--xyz\r\nContent-Disposition: form-data; name=a"},
           Bad{"cut in the body", kType, "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nx"},
           Bad{"bytes behind the end", kType, good + "--xyz--\r\nmore"},
           Bad{"bytes behind a boundary", kType, "--xyz garbage\r\n\r\n\r\n--xyz--"},
           Bad{"no disposition", kType, "--xyz\r\nContent-Type: text/plain\r\n\r\nx\r\n--xyz--"},
           Bad{"disposition twice", kType,
               part("form-data; name=a", "x", "Content-Disposition: form-data; name=b\r\n") + "--xyz--"},
           Bad{"name twice", kType, part("form-data; name=a; name=b", "x") + "--xyz--"},
           Bad{"no form data", kType, part("attachment; name=a", "x") + "--xyz--"},
           Bad{"base64", kType, part("form-data; name=a", "eA==", "Content-Transfer-Encoding: base64\r\n") + "--xyz--"},
           Bad{"folded header", kType, part("form-data; name=a", "x", "X-A: 1\r\n 2\r\n") + "--xyz--"},
           Bad{"long head", kType, part("form-data; name=a", "x", "X: " + std::string(5000, 'x') + "\r\n") + "--xyz--"},
           Bad{"many parts", kType, many + "--xyz--"},
           Bad{"nothing", kType, ""},
       }) {
    const auto parts = parse_multipart(c.type, c.body);
    ASSERT_TRUE(parts.has_error()) << c.what;
    EXPECT_EQ(parts.error().code, &codes::kMultipart) << c.what;
  }
}

TEST(Multipart, KnowsTheDocument) {
  const FormPart document{"document", false, "", ""};
  const FormPart file{"photo", true, "image/png", ""};
  const FormPart plain{"json", false, "", ""};
  EXPECT_EQ(document_part({file, plain}).value(), 1U);
  EXPECT_EQ(document_part({plain, plain, document}).value(), 2U);
  for (const std::vector<FormPart>& parts :
       {std::vector<FormPart>{}, {file}, {plain, plain}, {plain, plain, plain}, {document, document}})
    EXPECT_EQ(document_part(parts).error().code, &codes::kMultipartDocument) << parts.size();
}

}  // namespace
}  // namespace tongqu
