// Input: a schema, a line feed, a message. Without one the input is a message for a schema with every keyword.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "transforms/codecs/json_codec.hpp"
#include "transforms/schema/json_schema.hpp"

namespace {

using tongqu::JsonSchema;

constexpr std::string_view kEveryKeyword = R"({"type":["object","null"],"x-empty":"absent","x-null":"absent",
 "properties":{"t":{"type":"string","minLength":1,"maxLength":5,"pattern":"^[a-z]+$","enum":["a","bc"]},
  "n":{"type":"number","minimum":-1.5,"exclusiveMaximum":1e3,"multipleOf":0.01},"d":{"format":"date-time","x-grade":"hint"},
  "c":{"format":"citizen-id"},"u":{"format":"uscc"},"p":{"format":"phone"},"y":{"format":"date"},"e":{"format":"decimal"},
  "l":{"type":"array","items":{"$ref":"#/$defs/x"},"minItems":1,"maxItems":4,"uniqueItems":true},
  "k":{"const":{"a":[1,2.0,{"b":null}]}},"o":{"oneOf":[{"type":"integer"},{"minimum":2}],"not":{"const":7}}},
 "required":["t","zz"],"additionalProperties":{"anyOf":[{"type":"string"},{"type":"object","maxProperties":2}]},
 "if":{"required":["n"]},"then":{"minProperties":2},"else":{"allOf":[{"maxProperties":9}]},
 "$defs":{"x":{"title":"元素","type":["integer","string","array"]}}})";

void validate(const tongqu::Schema& schema, std::string_view message) {
  const auto document = tongqu::decode_json(message);
  if (document.has_error()) return;
  constexpr std::size_t kMaxFaults = 20;
  std::vector<tongqu::Fault> faults;
  const bool valid = schema.validate(document->root(), faults, kMaxFaults);
  if (faults.size() > kMaxFaults || (!valid && faults.empty())) std::abort();
  for (const tongqu::Fault& fault : faults) {
    if (fault.code == nullptr || !fault.path.starts_with('$')) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto every =
      JsonSchema::compile("every", tongqu::decode_json(kEveryKeyword).value().root(), tongqu::identifier_formats());
  if (every.has_error()) std::abort();
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  if (line == std::string_view::npos) {
    validate(**every, input);
    return 0;
  }
  const auto schema_document = tongqu::decode_json(input.substr(0, line));
  if (schema_document.has_error()) return 0;
  const auto schema = JsonSchema::compile("fuzzed", schema_document->root(), tongqu::identifier_formats());
  if (schema.has_value()) validate(**schema, input.substr(line + 1));
  return 0;
}
