#pragma once
// XML Schema 1.0 (XSD), on libxml2: for partners that bind themselves to a published schema.
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "gateway/core/codec.hpp"
#include "gateway/core/error.hpp"
#include "transforms/codecs/charset.hpp"

namespace tongqu {

// A compiled schema. Loading may take seconds: once for each file, not once for each message. Thread-safe afterwards.
class XmlSchema {
 public:
  // Includes and imports are read from files beside `file`; nothing is fetched from a network, and an import that is
  // not found is an error. Fails with xsd.load and a fault xsd.load for every reason, with line and the number of
  // libxml2's error.
  [[nodiscard]] static Result<std::unique_ptr<const XmlSchema>> load(const std::filesystem::path& file);
  ~XmlSchema();

  // Appends every fault, at most `max_faults`: xsd.root, xsd.content, xsd.value, xsd.attribute, xsd.rule, with the path
  // of the element by local names and the place of its start tag. True when there is none. An error – as
  // XmlCodec::decode – when the bytes are no XML that we read. `fallback` as XmlFormat::charset.
  [[nodiscard]] Result<bool> validate(std::string_view bytes, Charset fallback, const DecodeLimits& limits,
                                      std::vector<Fault>& faults, std::size_t max_faults = 100) const;

 private:
  struct Parts;
  explicit XmlSchema(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tongqu
