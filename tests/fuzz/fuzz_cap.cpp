// CAP 1.2 as the shipped partner takes it: bytes → x-format codec → schema. What the schema passes has to encode, and
// that has to decode and pass again.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "transforms/codecs/json_codec.hpp"
#include "transforms/codecs/make_codec.hpp"
#include "transforms/schema/json_schema.hpp"

namespace {

using namespace tongqu;  // NOLINT

struct Alert {
  std::unique_ptr<Schema> schema;
  std::shared_ptr<const Codec> codec;
};

// Run in the folder of the project.
Alert alert() {
  std::ifstream in("config/partners/emergency-cap.alert-in@1.json");
  std::ostringstream text;
  text << in.rdbuf();
  static const auto kDocument = decode_json(text.str());
  if (kDocument.has_error()) std::abort();
  auto schema = JsonSchema::compile("emergency-cap.alert-in@1", kDocument->root(), identifier_formats());
  if (schema.has_error()) std::abort();
  auto codec = make_codec(kDocument->root().find("x-format"), (*schema)->fields());
  if (codec.has_error()) std::abort();
  return {std::move(*schema), std::move(*codec)};
}

bool passes(const Alert& cap, std::string_view bytes, Document& document) {
  std::vector<Fault> faults;
  return !cap.codec->decode(bytes, {}, document).has_error() && cap.schema->validate(document.root(), faults);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Alert kCap = alert();
  Document first;
  if (!passes(kCap, {reinterpret_cast<const char*>(data), size}, first)) return 0;
  std::string bytes;
  if (kCap.codec->encode(first.root(), bytes).has_error()) std::abort();
  Document second;
  if (!passes(kCap, bytes, second)) std::abort();
  return 0;
}
