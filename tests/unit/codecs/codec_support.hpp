#pragma once
// A codec as a configuration makes it: a schema with x-format, compiled.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "gateway/core/schema.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/codecs/make_codec.hpp"
#include "transforms/schema/json_schema.hpp"

namespace tongqu::test {

inline Document json(std::string_view text) {
  DecodeLimits limits;
  limits.max_depth = kMaxJsonDepth;
  auto document = decode_json(text, limits);
  EXPECT_TRUE(document.has_value()) << text;
  return document.has_value() ? std::move(document).value() : Document();
}

inline std::string to_json(const Node& node) {
  std::string out;
  EXPECT_TRUE(JsonCodec().encode(node, out).has_value());
  return out;
}

// "xml.repeated $.a 1:8": code, path and place of the first fault.
inline std::string fault_text(const Error& error) {
  std::string text(error.code->id);
  if (error.faults.empty()) return text;
  const Fault& fault = error.faults.front();
  EXPECT_EQ(fault.code, error.code);
  text += ' ' + fault.path;
  if (fault.position.line == 0) return text;
  return text + ' ' + std::to_string(fault.position.line) + ':' + std::to_string(fault.position.column);
}

struct SchemaCodec {
  std::unique_ptr<Schema> schema;
  std::shared_ptr<const Codec> codec;

  explicit SchemaCodec(std::string_view schema_json, const StylesheetSource& stylesheets = {}) {
    const Document document = json(schema_json);
    auto compiled = JsonSchema::compile("test@1", document.root());
    EXPECT_TRUE(compiled.has_value()) << schema_json;
    if (compiled.has_error()) return;
    schema = std::move(compiled).value();
    auto made = make_codec(document.root().find("x-format"), schema->fields(), stylesheets);
    EXPECT_TRUE(made.has_value()) << schema_json;
    if (made.has_value()) codec = std::move(made).value();
  }

  // The document as JSON, or the fault.
  [[nodiscard]] std::string decode(std::string_view bytes, const DecodeLimits& limits = {}) const {
    Document out;
    const Status status = codec->decode(bytes, limits, out);
    return status.has_error() ? fault_text(status.error()) : to_json(out.root());
  }
  // The bytes, or the fault.
  [[nodiscard]] std::string encode(std::string_view json_text) const {
    const Document document = json(json_text);
    std::string out = "kept:";
    const Status status = codec->encode(document.root(), out);
    EXPECT_TRUE(out.starts_with("kept:"));
    if (status.has_value()) return out.substr(5);
    EXPECT_EQ(out, "kept:");
    return fault_text(status.error());
  }
};

}  // namespace tongqu::test
