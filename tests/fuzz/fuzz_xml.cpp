// Whatever decodes must encode, in any charset, and decode again to the same; no charset decoder may overrun.
#include <array>
#include <cstdint>
#include <cstdlib>

#include "transforms/codecs/charset.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/codecs/xml_codec.hpp"

namespace {

using namespace tongqu;  // NOLINT

FieldNode field(std::string name, FieldType type, std::vector<FieldNode> members = {}) {
  FieldNode node;
  node.name = std::move(name);
  node.type = type;
  node.members = std::move(members);
  return node;
}

FieldNode list(std::string name, FieldNode element) {
  FieldNode node = field(std::move(name), FieldType::kList);
  node.element.push_back(std::move(element));
  return node;
}

const FieldNode& fields() {
  const auto text = [](std::string name) { return field(std::move(name), FieldType::kText); };
  static const FieldNode kRoot = field(
      "", FieldType::kObject,
      {text("one"), list("many", text("")), list("rows", field("", FieldType::kObject, {text("a"), text("@b")})),
       field("obj", FieldType::kObject, {text("#text"), text("@a")}),
       field("mix", FieldType::kObject, {list("#mixed", field("", FieldType::kObject, {text("b")}))}), text("c:ns")});
  return kRoot;
}

XmlFormat format(Charset charset) { return {"r", {{"c", "urn:c"}}, charset, true, {}, {}}; }

std::string json_of(const Document& document) {
  std::string out;
  if (JsonCodec().encode(document.root(), out).has_error()) std::abort();
  return out;
}

void check_round_trip(const Document& first, const XmlCodec& codec) {
  std::string bytes;
  // A name may lack its character, and names of many namespaces need many declarations.
  if (codec.encode(first.root(), bytes).has_error()) return;
  DecodeLimits limits;
  limits.max_bytes = 16 * limits.max_bytes;
  Document second;
  if (const Status decoded = codec.decode(bytes, limits, second); decoded.has_error()) {
    if (decoded.error().kind() == ErrorKind::kTooLarge) return;
    std::abort();
  }
  std::string again;
  if (codec.encode(second.root(), again).has_error() || bytes != again) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const XmlCodec kUtf8(format(Charset::kUtf8), fields());
  static const XmlCodec kGb18030(format(Charset::kGb18030), fields());
  static const XmlCodec kGb2312(format(Charset::kGb2312), fields());
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const XmlCodec* codec : {&kUtf8, &kGb18030}) {
    Document first;
    if (codec->decode(bytes, {}, first).has_error()) continue;
    static_cast<void>(json_of(first));
    std::string out;
    if (kUtf8.encode(first.root(), out).has_error()) std::abort();
    for (const XmlCodec* target : {&kUtf8, &kGb18030, &kGb2312}) check_round_trip(first, *target);
  }
  return 0;
}
