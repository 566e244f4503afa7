#include "connectors/http/form_files.hpp"

#include <gtest/gtest.h>

#include "connectors/http/http_codes.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

FormPart file(std::string name, std::string type, std::string_view body) {
  return {.name = "f", .is_file = true, .content_type = std::move(type), .body = body, .file_name = std::move(name)};
}

TEST(FormFiles, BecomeTheLastMemberAndTheRestStaysAsItIs) {
  const std::vector<FormPart> two{file("现场\".jpg", "image/jpeg", "\xff\xd8"), file("", "", "abc")};
  const std::string list =
      R"([{"name":"现场\".jpg","type":"image/jpeg","content":"/9g="},{"type":"application/octet-stream","content":"YWJj"}])";
  EXPECT_EQ(*document_with_files(R"({"a": 1.0 })", "photos", two), R"({"a": 1.0 ,"photos":)" + list + "}");
  EXPECT_EQ(*document_with_files("\r\n{ }\n", "photos", two), R"({ "photos":)" + list + "}");
  EXPECT_EQ(*document_with_files(" [1] ", "photos", {}), " [1] ") << "without files nothing is looked at";
}

TEST(FormFiles, NeedAnObject) {
  for (const std::string_view document : {"", " ", "{", "}", "[]", "\"{}\"", "{}x", "null"}) {
    const auto whole = document_with_files(document, "photos", {file("a", "image/jpeg", "x")});
    ASSERT_TRUE(whole.has_error()) << document;
    EXPECT_EQ(whole.error().code, &codes::kFilesDocument);
  }
}

// The text is not parsed here, so what was no document before must not become one by what is added.
TEST(FormFiles, WhatIsNoDocumentStaysNone) {
  const JsonCodec json;
  const auto decodes = [&json](std::string_view text) {
    Document out;
    return json.decode(text, DecodeLimits{}, out).has_value();
  };
  for (const std::string_view document : {R"({"a":{})", R"({"a":"})", R"({"a":[1})", R"({"a":1,})", R"({"a":1}})",
                                          R"({"a"})", R"({"p":1})", R"({"a":"\"})"}) {
    const auto whole = document_with_files(document, "p", {file("\"}]}", "image/jpeg", "x")});
    ASSERT_TRUE(whole.has_value());
    EXPECT_FALSE(decodes(*whole)) << *whole;
  }
  EXPECT_TRUE(decodes(*document_with_files(R"({"a":"}"})", "p", {file("\"}]}", "image/jpeg", "x")})));
}

TEST(FormFiles, ANameIsTheLastPartOfAPathOrNothing) {
  const auto name_of = [](std::string_view disposition) {
    const std::string body =
        "--x\r\nContent-Disposition: form-data; name=f; " + std::string(disposition) + "\r\n\r\nb\r\n--x--";
    const auto parts = parse_multipart("multipart/form-data; boundary=x", body);
    EXPECT_TRUE(parts.has_value() && parts->front().is_file) << disposition;
    return parts.has_value() ? parts->front().file_name : std::string("?");
  };
  EXPECT_EQ(name_of("filename=\"现场.jpg\""), "现场.jpg");
  EXPECT_EQ(name_of("filename=\"/home/a/b.jpg\""), "b.jpg");
  EXPECT_EQ(name_of(R"(filename="C:\\a\\b.jpg")"), "b.jpg");
  EXPECT_EQ(name_of("filename=\"\""), "");
  EXPECT_EQ(name_of("filename=\"\xcf\xd6.jpg\""), "") << "GBK";
  EXPECT_EQ(name_of("filename=\"a\tb\""), "");
  EXPECT_EQ(name_of("filename=" + std::string(256, 'x')), "");
  EXPECT_EQ(name_of("filename*=UTF-8''a"), "");
}

}  // namespace
}  // namespace tongqu
