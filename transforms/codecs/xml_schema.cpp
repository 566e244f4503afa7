#include "transforms/codecs/xml_schema.hpp"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlschemas.h>

#include <algorithm>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/json_path.hpp"
#include "transforms/codecs/text_position.hpp"
#include "transforms/codecs/xml_codec.hpp"
#include "transforms/codecs/xml_errors.hpp"
#include "transforms/codecs/xml_parser.hpp"
#include "transforms/codecs/xml_text.hpp"

namespace tongqu {
namespace {

template <auto kFree>
struct Free {
  template <class T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};
template <class T, auto kFree>
using Owned = std::unique_ptr<T, Free<kFree>>;

constexpr std::size_t kMaxExpectedBytes = 400;

void collect_load_error(void* data, xmlErrorPtr error) {
  xml::collect_load_error(*static_cast<std::vector<Fault>*>(data), codes::kXsdLoad, *error);
}

const ErrorCode& code_of(int error) {
  switch (error) {
    case XML_SCHEMAV_CVC_ELT_1: return codes::kXsdRoot;
    case XML_SCHEMAV_ELEMENT_CONTENT:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_2:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_4: return codes::kXsdContent;
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_1:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_4: return codes::kXsdAttribute;
    default: break;
  }
  const bool is_value = error >= XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1 && error <= XML_SCHEMAV_CVC_ENUMERATION_VALID &&
                        error != XML_SCHEMAV_CVC_TYPE_3_1_1 && error != XML_SCHEMAV_CVC_TYPE_3_1_2;
  return is_value ? codes::kXsdValue : codes::kXsdRule;
}

// libxml2's text quotes the document up to "Expected is"; behind it are names of the schema.
std::string expectation(const xmlError& error) {
  const std::string_view text = error.message == nullptr ? "" : error.message;
  const auto found = text.rfind("Expected is");
  if (error.code != XML_SCHEMAV_ELEMENT_CONTENT || found == std::string_view::npos) return "–";
  const auto begin = text.find('(', found);
  const auto end = text.find(" )", found);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin + 2) return "–";
  return std::string(text.substr(begin + 2, std::min(end - begin - 2, kMaxExpectedBytes)));
}

// Runs beside the validation and knows where it is.
class Tracker {
 public:
  Tracker(std::string_view text, xmlParserCtxt& context, std::vector<Fault>& faults, std::size_t max_faults)
      : text_(text), context_(context), positions_(text), faults_(faults), max_faults_(max_faults) {}

  void open(std::string_view local) {
    leave();
    const xmlParserInput& input = *context_.input;
    const std::size_t offset =
        std::min(input.consumed + static_cast<std::size_t>(input.cur - input.base), text_.size());
    const std::size_t begin = text_.rfind('<', offset == 0 ? 0 : offset - 1);
    open_.push_back({path_.size(), positions_.at(begin == std::string_view::npos ? 0 : begin)});
    if (open_.size() > 1) append_path_member(path_, local);
  }
  void text() { leave(); }
  // The validation looks at an end tag after this, so the element is left at the next event.
  void close() {
    leave();
    is_closing_ = true;
  }
  void error(const xmlError& error) {
    has_fault_ = true;
    if (faults_.size() >= max_faults_) return;
    const ErrorCode& code = code_of(error.code);
    std::string param = &code == &codes::kXsdContent ? expectation(error) : std::to_string(error.code);
    const Position position = open_.empty() ? Position{} : open_.back().position;
    faults_.push_back({&code, path_, {}, std::move(param), position, Grade::kError});
  }
  [[nodiscard]] bool has_fault() const { return has_fault_; }

 private:
  struct Open {
    std::size_t path_before = 0;
    Position position;
  };
  void leave() {
    if (!is_closing_) return;
    path_.resize(open_.back().path_before);
    open_.pop_back();
    is_closing_ = false;
  }

  std::string_view text_;
  xmlParserCtxt& context_;
  PositionCounter positions_;
  std::vector<Fault>& faults_;
  std::size_t max_faults_;
  std::vector<Open> open_;
  std::string path_ = "$";
  bool is_closing_ = false;
  bool has_fault_ = false;
};

void ignore_error(void*, xmlErrorPtr) {}

}  // namespace

struct XmlSchema::Parts {
  Owned<xmlSchema, xmlSchemaFree> compiled;
};

XmlSchema::XmlSchema(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
XmlSchema::~XmlSchema() = default;

Result<std::unique_ptr<const XmlSchema>> XmlSchema::load(const std::filesystem::path& file) {
  xml::initialise_library();
  Error failure = make_error(codes::kXsdLoad);
  auto parts = std::make_unique<Parts>();
  {
    const xml::ThreadErrors errors(collect_load_error, &failure.faults);
    const Owned<xmlSchemaParserCtxt, xmlSchemaFreeParserCtxt> parser(xmlSchemaNewParserCtxt(file.c_str()));
    if (parser == nullptr) return make_error(codes::kInternal);
    xmlSchemaSetParserStructuredErrors(parser.get(), collect_load_error, &failure.faults);
    parts->compiled.reset(xmlSchemaParse(parser.get()));
  }
  // A warning too: an import that was not found is one.
  if (parts->compiled != nullptr && failure.faults.empty()) {
    return std::unique_ptr<const XmlSchema>(new XmlSchema(std::move(parts)));
  }
  if (failure.faults.empty()) failure.faults.push_back({&codes::kXsdLoad, "$", {}, "0", {}, Grade::kError});
  failure.param = failure.faults.front().param;
  return failure;
}

Result<bool> XmlSchema::validate(std::string_view bytes, Charset fallback, const DecodeLimits& limits,
                                 std::vector<Fault>& faults, std::size_t max_faults) const {
  // Our own reader goes first: behind it the text is well-formed, within the limits, and declares nothing.
  static const FieldNode kAnything;
  Document ignored;
  const XmlCodec reader({"", {}, fallback, true, {}, {}}, kAnything);
  if (Status read = reader.decode(bytes, limits, ignored); read.has_error()) return read.error();
  std::string utf8;
  if (Status decoded = xml::to_utf8(bytes, fallback, utf8); decoded.has_error()) return decoded.error();

  const Owned<xmlParserCtxt, xmlFreeParserCtxt> context(
      xmlCreateMemoryParserCtxt(utf8.data(), static_cast<int>(utf8.size())));
  const Owned<xmlSchemaValidCtxt, xmlSchemaFreeValidCtxt> validation(xmlSchemaNewValidCtxt(parts_->compiled.get()));
  if (context == nullptr || validation == nullptr) return make_error(codes::kInternal);
  Tracker tracker(utf8, *context, faults, max_faults);
  xmlSAXHandler events{};
  events.initialized = XML_SAX2_MAGIC;
  events.startElementNs = [](void* data, const xmlChar* local, const xmlChar*, const xmlChar*, int, const xmlChar**,
                             int, int, const xmlChar**) {
    static_cast<Tracker*>(data)->open(reinterpret_cast<const char*>(local));
  };
  events.endElementNs = [](void* data, const xmlChar*, const xmlChar*, const xmlChar*) {
    static_cast<Tracker*>(data)->close();
  };
  events.characters = [](void* data, const xmlChar*, int) { static_cast<Tracker*>(data)->text(); };
  events.cdataBlock = events.characters;
  events.serror = ignore_error;
  *context->sax = events;
  context->userData = &tracker;
  xmlCtxtUseOptions(context.get(), XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_HUGE | XML_PARSE_NOENT);
  xmlSchemaSetValidStructuredErrors(
      validation.get(), [](void* data, xmlErrorPtr error) { static_cast<Tracker*>(data)->error(*error); }, &tracker);
  xmlSchemaSAXPlugPtr plug = xmlSchemaSAXPlug(validation.get(), &context->sax, &context->userData);
  if (plug == nullptr) return make_error(codes::kInternal);
  // The plug's own handler has no place for errors; without one they go to standard error.
  context->sax->serror = ignore_error;
  xmlParseDocument(context.get());
  xmlSchemaSAXUnplug(plug);
  xmlResetLastError();
  if (context->wellFormed == 0) return make_error(codes::kInternal);
  return !tracker.has_fault() && xmlSchemaIsValid(validation.get()) == 1;
}

}  // namespace tongqu
