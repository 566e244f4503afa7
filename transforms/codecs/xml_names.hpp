#pragma once
// Names of the document ↔ names of XML.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transforms/codecs/xml_codec.hpp"

namespace tongqu::xml {

inline constexpr std::string_view kXsiUri = "http://www.w3.org/2001/XMLSchema-instance";
inline constexpr std::string_view kXmlUri = "http://www.w3.org/XML/1998/namespace";

// Immutable, thread-safe.
class Names {
 public:
  explicit Names(const std::vector<XmlNamespace>& configured);

  // Appends the member name of an element or attribute; `uri` is empty when it is in no namespace.
  void append_member(std::string& out, std::string_view uri, std::string_view local) const;

  // A member name taken apart. `prefix` is empty for a bare name and for "{uri}local".
  struct Split {
    std::string_view prefix;
    std::string_view uri;
    std::string_view local;
  };
  // Without the leading "@". Empty when it is no name of XML or its prefix is unknown.
  [[nodiscard]] std::optional<Split> split(std::string_view member) const;

 private:
  std::vector<XmlNamespace> all_;
};

// True for a name without colon (Namespaces in XML, NCName).
[[nodiscard]] bool is_local_name(std::string_view name);

}  // namespace tongqu::xml
