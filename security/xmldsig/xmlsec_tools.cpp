#include "security/xmldsig/xmlsec_tools.hpp"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/valid.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/xmlsec.h>

#include <algorithm>
#include <climits>
#include <mutex>

namespace tongqu::xmlsec {
namespace {

constexpr std::string_view kSoapUris[] = {"http://schemas.xmlsoap.org/soap/envelope/",
                                          "http://www.w3.org/2003/05/soap-envelope"};

std::string_view uri_of(const xmlNode& node) { return node.ns == nullptr ? std::string_view{} : view(node.ns->href); }

// The Body that stands directly in the envelope.
bool is_body(const xmlNode& element) {
  return view(element.name) == "Body" && element.parent != nullptr && element.doc != nullptr &&
         element.parent == xmlDocGetRootElement(element.doc);
}

xmlAttr* id_attribute(const xmlNode& element) {
  for (xmlAttr* attribute = element.properties; attribute != nullptr; attribute = attribute->next) {
    if (attribute->ns != nullptr && view(attribute->ns->href) == kWsuUri && view(attribute->name) == "Id")
      return attribute;
  }
  // Some clients write a bare Id where the standard has wsu:Id. In a payload such a name is the sender's business.
  const bool structural = view(element.name) == "Timestamp" ? uri_of(element) == kWsuUri : is_body(element);
  return structural ? xmlHasNsProp(const_cast<xmlNode*>(&element), reinterpret_cast<const xmlChar*>("Id"), nullptr)
                    : nullptr;
}

bool register_below(xmlDoc& document, xmlNode& element, int depth) {
  if (depth > kMaxDepth) return false;
  if (xmlAttr* attribute = id_attribute(element); attribute != nullptr) {
    const std::string id = id_of(element);
    const auto* name = reinterpret_cast<const xmlChar*>(id.c_str());
    if (!is_plain_name(id) || xmlGetID(&document, name) != nullptr) return false;
    if (xmlAddID(nullptr, &document, name, attribute) == nullptr) return false;
  }
  for (xmlNode* child = element.children; child != nullptr; child = child->next) {
    if (child->type == XML_ELEMENT_NODE && !register_below(document, *child, depth + 1)) return false;
  }
  return true;
}

struct FreeParser {
  void operator()(xmlParserCtxt* parser) const { xmlFreeParserCtxt(parser); }
};

bool start_libraries() {
  xmlInitParser();
  if (xmlSecInit() != 0 || xmlSecCryptoAppInit(nullptr) != 0 || xmlSecCryptoInit() != 0) return false;
  // Its messages quote what was signed.
  xmlSecErrorsSetCallback([](const char*, int, const char*, const char*, const char*, int, const char*) {});
  return true;
}

}  // namespace

bool initialise() {
  static const bool works = start_libraries();
  return works;
}

bool is_plain_name(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
  });
}

const xmlNode* referenced(xmlDoc& document, std::string_view uri) {
  if (!uri.starts_with('#') || !is_plain_name(uri.substr(1))) return nullptr;
  const std::string id(uri.substr(1));
  const xmlAttr* attribute = xmlGetID(&document, reinterpret_cast<const xmlChar*>(id.c_str()));
  return attribute == nullptr ? nullptr : attribute->parent;
}

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

Tree parse(std::string_view utf8) {
  if (utf8.empty() || utf8.size() > INT_MAX) return nullptr;
  const std::unique_ptr<xmlParserCtxt, FreeParser> parser(
      xmlCreateMemoryParserCtxt(utf8.data(), static_cast<int>(utf8.size())));
  if (parser == nullptr) return nullptr;
  // HUGE: a text may be longer than libxml2's limit; without a DOCTYPE nothing can grow.
  xmlCtxtUseOptions(parser.get(),
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE | XML_PARSE_IGNORE_ENC);
  parser->sax->internalSubset = [](void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    auto* stopped = static_cast<xmlParserCtxt*>(context);
    stopped->wellFormed = 0;
    xmlStopParser(stopped);
  };
  xmlParseDocument(parser.get());
  Tree tree(parser->myDoc);
  parser->myDoc = nullptr;
  xmlResetLastError();
  return parser->wellFormed == 1 ? std::move(tree) : nullptr;
}

bool is(const xmlNode& node, std::string_view uri, std::string_view local) {
  return node.type == XML_ELEMENT_NODE && view(node.name) == local && uri_of(node) == uri;
}

xmlNode* only_child(const xmlNode& parent, std::string_view uri, std::string_view local) {
  xmlNode* found = nullptr;
  for (xmlNode* child = parent.children; child != nullptr; child = child->next) {
    if (!is(*child, uri, local)) continue;
    if (found != nullptr) return nullptr;
    found = child;
  }
  return found;
}

bool has_child(const xmlNode& parent, std::string_view uri, std::string_view local) {
  for (const xmlNode* child = parent.children; child != nullptr; child = child->next) {
    if (is(*child, uri, local)) return true;
  }
  return false;
}

std::string text_in(const xmlNode& element) {
  std::string text;
  for (const xmlNode* child = element.children; child != nullptr; child = child->next) {
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) text += view(child->content);
  }
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string id_of(const xmlNode& element) {
  const xmlAttr* attribute = id_attribute(element);
  return attribute == nullptr ? std::string() : text_in(*reinterpret_cast<const xmlNode*>(attribute));
}

bool register_ids(xmlDoc& document) {
  xmlNode* root = xmlDocGetRootElement(&document);
  return root != nullptr && register_below(document, *root, 1);
}

xmlNode* envelope_part(xmlDoc& document, std::string_view local) {
  const xmlNode* root = xmlDocGetRootElement(&document);
  for (const std::string_view uri : kSoapUris) {
    if (root != nullptr && is(*root, uri, "Envelope")) return only_child(*root, uri, local);
  }
  return nullptr;
}

}  // namespace tongqu::xmlsec
