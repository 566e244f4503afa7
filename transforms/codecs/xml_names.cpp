#include "transforms/codecs/xml_names.hpp"

#include <libxml/tree.h>

namespace tongqu::xml {

Names::Names(const std::vector<XmlNamespace>& configured) : all_(configured) {
  all_.push_back({"xsi", std::string(kXsiUri)});
  all_.push_back({"xml", std::string(kXmlUri)});
}

void Names::append_member(std::string& out, std::string_view uri, std::string_view local) const {
  if (!uri.empty()) {
    bool known = false;
    for (const XmlNamespace& entry : all_) {
      if (entry.uri != uri) continue;
      out.append(entry.prefix).push_back(':');
      known = true;
      break;
    }
    if (!known) out.append("{").append(uri).append("}");
  }
  out += local;
}

std::optional<Names::Split> Names::split(std::string_view member) const {
  Split name;
  name.local = member;
  if (member.starts_with('{')) {
    const auto end = member.rfind('}');
    if (end == std::string_view::npos || end == 1) return std::nullopt;
    name.uri = member.substr(1, end - 1);
    name.local = member.substr(end + 1);
  } else if (const auto colon = member.find(':'); colon != std::string_view::npos) {
    name.prefix = member.substr(0, colon);
    name.local = member.substr(colon + 1);
    for (const XmlNamespace& entry : all_) {
      if (entry.prefix == name.prefix) name.uri = entry.uri;
    }
    if (name.uri.empty()) return std::nullopt;
  }
  if (!is_local_name(name.local)) return std::nullopt;
  return name;
}

bool is_local_name(std::string_view name) {
  if (name.empty() || name.find('\0') != std::string_view::npos) return false;
  const std::string terminated(name);
  return xmlValidateNCName(reinterpret_cast<const xmlChar*>(terminated.c_str()), 0) == 0;
}

}  // namespace tongqu::xml
