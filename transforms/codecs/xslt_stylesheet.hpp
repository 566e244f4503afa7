#pragma once
// XSLT 1.0 on libxslt, for XML that the mapping language cannot reach: mixed order, keys across branches, tables in one
// direction that belong in the other. The mapping stays the last step; a stylesheet only brings XML into a shape that a
// schema can describe.
//
// A stylesheet is part of the configuration and as trusted as a mapping; the message that runs through it is not.
// Nothing is read, written or fetched: no document(), import, include, extension element, and no output method but
// XML.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"

namespace tongqu {

// Of one application.
struct XsltLimits {
  std::size_t operations = 500'000;      // instructions, and as many steps of XPath
  std::size_t template_depth = 200;      // templates within templates
  std::size_t template_variables = 500;  // variables and parameters in sight
  std::size_t nodes = 200'000;           // of the result and of every tree made on the way
  std::size_t bytes = 4U << 20U;         // texts of those nodes, and the result as text
};

// Compiled once, applied to many documents. Thread-safe.
class XsltStylesheet {
 public:
  // Fails with xslt.load – one fault xslt.load (libxslt's number) or xslt.forbidden for each reason, with its line.
  [[nodiscard]] static Result<std::shared_ptr<const XsltStylesheet>> compile(std::string_view bytes);
  ~XsltStylesheet();

  // `utf8`: a document that the XML codec's parser took (no DOCTYPE that declares anything). Gives the result without
  // XML declaration, in UTF-8. Errors: xslt.failed (a wrong name, or the result has no root element), xslt.refused
  // (xsl:message with terminate="yes", or template_depth passed: libxslt tells them apart in words only), xslt.limit
  // (which one).
  [[nodiscard]] Result<std::string> apply(std::string_view utf8, const XsltLimits& limits = {}) const;

 private:
  struct Parts;
  explicit XsltStylesheet(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tongqu
