// An envelope that is read has a payload that reads again, as an element and inside another envelope, to the same.
#include <cstdint>
#include <cstdlib>

#include "transforms/codecs/soap_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tongqu;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const XmlSoapCodec codec;
  const SoapAttachment parts[] = {{"a", "attachment"}};
  SoapReadOptions options;
  options.attachments = parts;
  auto first = codec.read(bytes, options);
  if (first.has_error() || first->payload.empty()) return 0;
  if (codec.element(first->payload, {}).has_error()) std::abort();
  auto shaped = codec.element(first->payload, {.root = SoapName{"urn:c", "send"}, .typed = true});
  if (shaped.has_error() || codec.element(*shaped, {}).has_error()) std::abort();
  const std::string again =
      "<s:Envelope xmlns:s=\"" + std::string(kSoap11Uri) + "\"><s:Body>" + first->payload + "</s:Body></s:Envelope>";
  options.limits.max_bytes *= 8;
  auto second = codec.read(again, options);
  if (second.has_error() || second->parameters.size() != first->parameters.size()) std::abort();
  if (codec.encode(again, first->charset).has_error()) std::abort();
  return 0;
}
