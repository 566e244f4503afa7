#include "transforms/codecs/xml_parser.hpp"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlschemastypes.h>

#include <climits>
#include <memory>
#include <mutex>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/refusal.hpp"
#include "transforms/codecs/text_position.hpp"
#include "transforms/codecs/xml_codec.hpp"

namespace tongqu::xml {
namespace {

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

// Where each attribute of a start tag begins, without the declarations of namespaces.
class AttributePlaces {
 public:
  // `tag` begins with '<' and is well-formed up to its end.
  explicit AttributePlaces(std::string_view tag) : tag_(tag) { at_ = tag_.find_first_of(kBlanks); }
  // Offset in the tag; 0 when there is none left.
  std::size_t next() {
    while (at_ < tag_.size()) {
      const std::size_t begin = tag_.find_first_not_of(kBlanks, at_);
      if (begin == std::string_view::npos) return 0;
      const std::size_t quote = tag_.find_first_of("\"'", begin);
      if (quote == std::string_view::npos) return 0;
      const std::size_t end = tag_.find(tag_[quote], quote + 1);
      at_ = end == std::string_view::npos ? tag_.size() : end + 1;
      const std::string_view name = tag_.substr(begin, tag_.find_first_of("= \t\r\n", begin) - begin);
      if (name != "xmlns" && !name.starts_with("xmlns:")) return begin;
    }
    return 0;
  }

 private:
  static constexpr std::string_view kBlanks = " \t\r\n";
  std::string_view tag_;
  std::size_t at_ = 0;
};

class Driver {
 public:
  Driver(std::string_view text, const Names& names, bool bare_doctype, Builder& builder, xmlParserCtxt& context)
      : text_(text),
        names_(names),
        bare_doctype_(bare_doctype),
        builder_(builder),
        context_(context),
        positions_(text) {}

  [[nodiscard]] bool failed() const { return failure_.code != nullptr; }
  [[nodiscard]] Error take_failure() { return std::move(failure_); }

  void open(const xmlChar* local, const xmlChar* uri, int declarations, int attribute_count,
            const xmlChar** attributes) {
    if (failed()) return;
    const std::size_t end = offset();
    const std::size_t begin = text_.rfind('<', end == 0 ? 0 : end - 1);
    if (begin == std::string_view::npos) return refuse(codes::kInternal, {}, {});
    const Position position = positions_.at(begin);
    namespaces_in_force_ += static_cast<std::size_t>(declarations);
    declarations_.push_back(static_cast<std::size_t>(declarations));
    if (namespaces_in_force_ > kMaxXmlNamespaces) {
      return refuse(codes::kXmlNamespaces, position, std::to_string(kMaxXmlNamespaces));
    }
    name_.clear();
    names_.append_member(name_, view(uri), view(local));
    if (!builder_.open(name_, position)) return stop();
    AttributePlaces places(text_.substr(begin, end - begin));
    for (int i = 0; i < attribute_count && !failed(); ++i) {
      const std::size_t place = places.next();
      add_attribute(attributes + std::ptrdiff_t{5} * i, place == 0 ? position : positions_.at(begin + place));
    }
    text_begin_ = end + 1;
  }
  void close() {
    if (failed()) return;
    namespaces_in_force_ -= declarations_.back();
    declarations_.pop_back();
    text_begin_ = offset();
    if (!builder_.close(positions_.at(text_begin_))) stop();
  }
  void text(std::string_view piece) {
    if (failed()) return;
    // libxml2 may have read ahead when it gives the text; it begins where the markup before it ended.
    if (!builder_.text(piece, positions_.at(text_begin_))) stop();
  }
  void doctype(bool external) {
    if (failed()) return;
    // Called in front of the internal subset or of '>'.
    if (bare_doctype_ && !external && *context_.input->cur != '[') return;
    refuse(codes::kXmlDoctype, positions_.at(offset()), {});
  }
  void error(const xmlError& error) {
    if (failed()) return;
    if (error.level < XML_ERR_ERROR && error.code != XML_WAR_UNDECLARED_ENTITY) return;
    const ErrorCode& code = code_of(error.code);
    const Position position = positions_.at(std::min(std::max(offset(), text_begin_), text_.size()));
    refuse(code, position, &code == &codes::kXmlSyntax ? std::to_string(error.code) : std::string{});
  }

 private:
  [[nodiscard]] std::size_t offset() const {
    const xmlParserInput* input = context_.input;
    if (input == nullptr || input->buf == nullptr) return text_.size();
    return std::min(input->consumed + static_cast<std::size_t>(input->cur - input->base), text_.size());
  }
  void refuse(const ErrorCode& code, Position position, std::string param) {
    failure_ = refusal(code, builder_.path(), position, std::move(param));
    xmlStopParser(&context_);
  }
  void stop() {
    failure_ = builder_.take_failure();
    xmlStopParser(&context_);
  }
  // local name, prefix, uri, begin and end of the value.
  void add_attribute(const xmlChar** parts, Position position) {
    const std::string_view value(reinterpret_cast<const char*>(parts[3]),
                                 static_cast<std::size_t>(parts[4] - parts[3]));
    name_ = "@";
    names_.append_member(name_, view(parts[2]), view(parts[0]));
    const bool added = view(parts[2]) == kXsiUri ? builder_.schema_attribute(name_, value, position)
                                                 : builder_.attribute(name_, value, position);
    if (!added) stop();
  }

  std::string_view text_;
  const Names& names_;
  bool bare_doctype_;
  Builder& builder_;
  xmlParserCtxt& context_;
  PositionCounter positions_;
  std::string name_;
  std::vector<std::size_t> declarations_;  // of each open element
  std::size_t namespaces_in_force_ = 0;
  std::size_t text_begin_ = 0;
  Error failure_;
};

Driver& driver(void* data) { return *static_cast<Driver*>(data); }

xmlSAXHandler handler() {
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = [](void* data, const xmlChar* local, const xmlChar*, const xmlChar* uri, int declarations,
                          const xmlChar**, int attribute_count, int, const xmlChar** attributes) {
    driver(data).open(local, uri, declarations, attribute_count, attributes);
  };
  sax.endElementNs = [](void* data, const xmlChar*, const xmlChar*, const xmlChar*) { driver(data).close(); };
  sax.characters = [](void* data, const xmlChar* text, int size) {
    driver(data).text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
  };
  sax.ignorableWhitespace = sax.characters;
  sax.cdataBlock = sax.characters;
  sax.internalSubset = [](void* data, const xmlChar*, const xmlChar* public_id, const xmlChar* system_id) {
    driver(data).doctype(public_id != nullptr || system_id != nullptr);
  };
  sax.serror = [](void* data, xmlErrorPtr error) { driver(data).error(*error); };
  return sax;
}

struct FreeContext {
  void operator()(xmlParserCtxt* context) const { xmlFreeParserCtxt(context); }
};

}  // namespace

const ErrorCode& code_of(int error) {
  switch (error) {
    case XML_ERR_DOCUMENT_EMPTY:
    case XML_ERR_DOCUMENT_START: return codes::kXmlEmpty;
    case XML_ERR_DOCUMENT_END: return codes::kXmlTrailing;
    case XML_ERR_TAG_NAME_MISMATCH: return codes::kXmlTag;
    case XML_ERR_TAG_NOT_FINISHED:
    case XML_ERR_CDATA_NOT_FINISHED:
    case XML_ERR_COMMENT_NOT_FINISHED:
    case XML_ERR_PI_NOT_FINISHED: return codes::kXmlUnclosed;
    case XML_ERR_INVALID_CHAR:
    case XML_ERR_INVALID_CHARREF: return codes::kXmlCharacter;
    case XML_ERR_UNDECLARED_ENTITY:
    case XML_WAR_UNDECLARED_ENTITY: return codes::kXmlEntity;
    case XML_ERR_ATTRIBUTE_REDEFINED:
    case XML_NS_ERR_ATTRIBUTE_REDEFINED: return codes::kXmlDuplicateAttribute;
    case XML_NS_ERR_XML_NAMESPACE:
    case XML_NS_ERR_UNDEFINED_NAMESPACE:
    case XML_NS_ERR_QNAME:
    case XML_NS_ERR_EMPTY:
    case XML_NS_ERR_COLON: return codes::kXmlNamespace;
    default: return codes::kXmlSyntax;
  }
}

void initialise_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    xmlInitParser();
    xmlSchemaInitTypes();
    xmlSetExternalEntityLoader(xmlNoNetExternalEntityLoader);
  });
}

Status parse(std::string_view utf8, const Names& names, bool bare_doctype, Builder& builder) {
  initialise_library();
  if (utf8.empty()) return refusal(codes::kXmlEmpty, "$", {1, 1});
  if (utf8.size() > INT_MAX) return refusal(codes::kXmlBytes, "$", {}, std::to_string(INT_MAX));
  const std::unique_ptr<xmlParserCtxt, FreeContext> context(
      xmlCreateMemoryParserCtxt(utf8.data(), static_cast<int>(utf8.size())));
  if (context == nullptr) return make_error(codes::kInternal);
  Driver events(utf8, names, bare_doctype, builder, *context);
  *context->sax = handler();
  context->userData = &events;
  // HUGE lifts limits of libxml2 that ours replace: bytes, depth, text, attributes, namespaces; without entities
  // nothing can grow. Without NOENT libxml2 gives &amp; in an attribute as the text "&#38;"; there is no other entity
  // that it could put in.
  xmlCtxtUseOptions(context.get(), XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_HUGE | XML_PARSE_NOENT);
  xmlParseDocument(context.get());
  // libxml2 keeps the text of the last error of a thread, and it quotes the document.
  xmlResetLastError();
  if (events.failed()) return events.take_failure();
  if (context->wellFormed == 0) {
    return refusal(codes::kXmlSyntax, "$", position_at(utf8, utf8.size()), std::to_string(context->errNo));
  }
  return {};
}

}  // namespace tongqu::xml
