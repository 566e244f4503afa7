#pragma once
// What XmlCodec keeps.
#include "transforms/codecs/xml_codec.hpp"
#include "transforms/codecs/xml_names.hpp"

namespace tongqu {

struct XmlCodec::Parts {
  XmlFormat format;
  xml::Names names;
  const FieldNode& fields;
};

}  // namespace tongqu
