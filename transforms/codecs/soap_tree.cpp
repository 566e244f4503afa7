#include "transforms/codecs/soap_tree.hpp"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <climits>

#include "transforms/codecs/charset.hpp"
#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/refusal.hpp"
#include "transforms/codecs/xml_codec.hpp"
#include "transforms/codecs/xml_parser.hpp"
#include "transforms/codecs/xml_text.hpp"

namespace tongqu::xml {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// Counts while libxml2 builds the tree, and stops it at the first fault.
struct Watch {
  xmlParserCtxt& context;
  std::size_t max_depth;
  std::size_t max_nodes;
  std::size_t depth = 0;
  std::size_t nodes = 0;
  std::vector<std::size_t> declared;
  std::size_t in_force = 0;
  Error failure;

  [[nodiscard]] bool failed() const { return failure.code != nullptr; }
  [[nodiscard]] Position here() const {
    const xmlParserInput* input = context.input;
    if (input == nullptr) return {};
    return {static_cast<std::uint32_t>(input->line), static_cast<std::uint32_t>(input->col)};
  }
  void refuse(const ErrorCode& code, Position position, std::string param = {}) {
    if (failed()) return;
    failure = refusal(code, "$", position, std::move(param));
    xmlStopParser(&context);
  }
  bool open(std::size_t declarations, std::size_t attributes) {
    if (failed()) return false;
    nodes += 1 + attributes;
    declared.push_back(declarations);
    in_force += declarations;
    if (++depth > max_depth) {
      refuse(codes::kXmlDepth, here(), std::to_string(max_depth));
    } else if (nodes > max_nodes) {
      refuse(codes::kXmlNodes, here(), std::to_string(max_nodes));
    } else if (in_force > kMaxXmlNamespaces) {
      refuse(codes::kXmlNamespaces, here(), std::to_string(kMaxXmlNamespaces));
    }
    return !failed();
  }
  void close() {
    if (depth == 0 || declared.empty()) return;
    --depth;
    in_force -= declared.back();
    declared.pop_back();
  }
};

Watch& watch(void* context) { return *static_cast<Watch*>(static_cast<xmlParserCtxt*>(context)->_private); }

void take_handlers(xmlSAXHandler& sax) {
  sax.startElementNs = [](void* context, const xmlChar* local, const xmlChar* prefix, const xmlChar* uri, int declared,
                          const xmlChar** namespaces, int attributes, int defaulted, const xmlChar** values) {
    if (!watch(context).open(static_cast<std::size_t>(declared), static_cast<std::size_t>(attributes))) return;
    xmlSAX2StartElementNs(context, local, prefix, uri, declared, namespaces, attributes, defaulted, values);
  };
  sax.endElementNs = [](void* context, const xmlChar* local, const xmlChar* prefix, const xmlChar* uri) {
    if (watch(context).failed()) return;
    watch(context).close();
    xmlSAX2EndElementNs(context, local, prefix, uri);
  };
  sax.internalSubset = [](void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    watch(context).refuse(codes::kXmlDoctype, watch(context).here());
  };
  sax.comment = nullptr;
  sax.processingInstruction = nullptr;
  sax.serror = [](void* data, xmlErrorPtr error) {
    auto* context = static_cast<xmlParserCtxt*>(data);
    if (context == nullptr || context->_private == nullptr) return;
    if (error->level < XML_ERR_ERROR && error->code != XML_WAR_UNDECLARED_ENTITY) return;
    const ErrorCode& code = code_of(error->code);
    const Position place{static_cast<std::uint32_t>(std::max(error->line, 0)),
                         static_cast<std::uint32_t>(std::max(error->int2, 0))};
    watch(context).refuse(code, place, &code == &codes::kXmlSyntax ? std::to_string(error->code) : std::string{});
  };
}

struct FreeContext {
  void operator()(xmlParserCtxt* context) const { xmlFreeParserCtxt(context); }
};

}  // namespace

Result<Tree> parse_tree(std::string_view utf8, const DecodeLimits& limits) {
  initialise_library();
  if (utf8.empty()) return refusal(codes::kXmlEmpty, "$", {1, 1});
  if (utf8.size() > std::min<std::size_t>(limits.max_bytes * 2, INT_MAX)) {
    return refusal(codes::kXmlBytes, "$", {}, std::to_string(limits.max_bytes));
  }
  if (auto sound = check_text(utf8); sound.has_error()) return sound.error();
  const std::unique_ptr<xmlParserCtxt, FreeContext> context(
      xmlCreateMemoryParserCtxt(utf8.data(), static_cast<int>(utf8.size())));
  if (context == nullptr) return make_error(codes::kInternal);
  Watch guard{*context, std::min(limits.max_depth, kMaxXmlDepth), limits.max_nodes, 0, 0, {}, 0, {}};
  context->_private = &guard;
  take_handlers(*context->sax);
  // HUGE lifts limits of libxml2 that ours replace; without a DOCTYPE there are no entities, and nothing can grow.
  xmlCtxtUseOptions(context.get(),
                    XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_HUGE | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
  context->sax->cdataBlock = context->sax->characters;
  xmlParseDocument(context.get());
  Tree tree(context->myDoc);
  context->myDoc = nullptr;
  // libxml2 keeps the text of the last error of a thread, and it quotes the document.
  xmlResetLastError();
  if (guard.failed()) return std::move(guard.failure);
  if (context->wellFormed == 0 || tree == nullptr || xmlDocGetRootElement(tree.get()) == nullptr) {
    return refusal(codes::kXmlSyntax, "$", guard.here(), std::to_string(context->errNo));
  }
  return tree;
}

Result<Decoded> decode_bytes(std::string_view bytes, std::string_view preferred, std::size_t max_bytes) {
  if (bytes.size() > max_bytes) return refusal(codes::kXmlBytes, "$", {}, std::to_string(max_bytes));
  Decoded out;
  const auto label = charset_of(preferred);
  if (label && !find_byte_order_mark(bytes) && decode_charset(bytes, *label, out.utf8).has_value()) {
    out.charset = name_of(*label);
    return out;
  }
  out.utf8.clear();
  if (auto status = to_utf8(bytes, Charset::kUtf8, out.utf8); status.has_error()) return status.error();
  const auto declared = charset_of(declared_encoding(out.utf8));
  // An answer in UTF-16 helps nobody who did not ask for it.
  const bool wide = declared == Charset::kUtf16 || declared == Charset::kUtf16Le || declared == Charset::kUtf16Be;
  out.charset = name_of(declared && !wide && !find_byte_order_mark(bytes) ? *declared : Charset::kUtf8);
  return out;
}

const xmlNode* next_element(const xmlNode& node) {
  const xmlNode* next = node.next;
  while (next != nullptr && next->type != XML_ELEMENT_NODE) next = next->next;
  return next;
}

const xmlNode* first_element(const xmlNode& parent) {
  const xmlNode* child = parent.children;
  while (child != nullptr && child->type != XML_ELEMENT_NODE) child = child->next;
  return child;
}

const xmlNode* find_element(const xmlNode& parent, std::string_view uri, std::string_view local) {
  for (const xmlNode* child = first_element(parent); child != nullptr; child = next_element(*child)) {
    if (is(*child, uri, local)) return child;
  }
  return nullptr;
}

std::string text_in(const xmlNode& element) {
  std::string text;
  for (const xmlNode* child = element.children; child != nullptr; child = child->next) {
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) text += view(child->content);
  }
  return text;
}

std::string trimmed_text_in(const xmlNode& element) {
  std::string text = text_in(element);
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string attribute_of(const xmlNode& element, std::string_view uri, std::string_view local) {
  for (const xmlAttr* attribute = element.properties; attribute != nullptr; attribute = attribute->next) {
    const std::string_view ns = attribute->ns == nullptr ? std::string_view{} : view(attribute->ns->href);
    if (ns != uri || view(attribute->name) != local) continue;
    return text_in(*reinterpret_cast<const xmlNode*>(attribute));
  }
  return {};
}

Position position_of(const xmlNode& node) {
  const long line = xmlGetLineNo(&node);
  return {line > 0 ? static_cast<std::uint32_t>(line) : 0, 0};
}

void append_xml_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\r': out += "&#13;"; break;
      default: out.push_back(c);
    }
  }
}

}  // namespace tongqu::xml
