#include "transforms/codecs/xslt_stylesheet.hpp"

#include <libxml/parser.h>
#include <libxml/xmlsave.h>
#include <libxslt/documents.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/xslt.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>

#include <algorithm>
#include <array>
#include <climits>
#include <mutex>
#include <vector>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/refusal.hpp"
#include "transforms/codecs/xml_errors.hpp"
#include "transforms/codecs/xml_parser.hpp"

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
using OwnedDocument = Owned<xmlDoc, xmlFreeDoc>;

// A message went through the codec's own limits before, which HUGE's absence would double; a stylesheet did not.
constexpr int kMessageOptions = XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_NOENT | XML_PARSE_HUGE;
constexpr int kStylesheetOptions = XML_PARSE_NONET;

std::string_view view(const xmlChar* text) { return text == nullptr ? "" : reinterpret_cast<const char*>(text); }

// What libxml2 and libxslt say quotes the document, so nothing of it is kept but numbers.
void ignore_text(void*, const char*, ...) {}
void ignore_error(void*, xmlErrorPtr) {}

void collect_load_error(void* data, xmlErrorPtr error) {
  xml::collect_load_error(*static_cast<std::vector<Fault>*>(data), codes::kXsltLoad, *error);
}

void initialise() {
  xml::initialise_library();
  static std::once_flag once;
  std::call_once(once, [] {
    xsltInit();
    xsltSetGenericErrorFunc(nullptr, ignore_text);
    xsltSetLoaderFunc([](const xmlChar*, xmlDictPtr, int, void*, xsltLoadType) -> xmlDocPtr { return nullptr; });
    // From here on libxml2 asks each thread's own hook at every new node.
    xmlRegisterNodeDefault(nullptr);
  });
}

xsltSecurityPrefs* nothing_allowed() {
  static const Owned<xsltSecurityPrefs, xsltFreeSecurityPrefs> kPrefs = [] {
    Owned<xsltSecurityPrefs, xsltFreeSecurityPrefs> prefs(xsltNewSecurityPrefs());
    for (const xsltSecurityOption option :
         {XSLT_SECPREF_READ_FILE, XSLT_SECPREF_WRITE_FILE, XSLT_SECPREF_CREATE_DIRECTORY, XSLT_SECPREF_READ_NETWORK,
          XSLT_SECPREF_WRITE_NETWORK}) {
      xsltSetSecurityPrefs(prefs.get(), option, xsltSecurityForbid);
    }
    return prefs;
  }();
  return kPrefs.get();
}

OwnedDocument parse_tree(std::string_view utf8, int options) {
  if (utf8.size() > INT_MAX) return nullptr;
  return OwnedDocument(xmlReadMemory(utf8.data(), static_cast<int>(utf8.size()), nullptr, nullptr, options));
}

// What a stylesheet may not say; libxslt would refuse most of it only when it comes to that place.
class ForbiddenWords {
 public:
  explicit ForbiddenWords(std::vector<Fault>& faults) : faults_(faults) {}

  void look_through(const xmlNode& root) {
    const xmlNode* at = &root;
    while (at != nullptr) {
      if (at->type == XML_ELEMENT_NODE) look_at(*at);
      at = next(at, root);
    }
  }

 private:
  static const xmlNode* next(const xmlNode* at, const xmlNode& root) {
    if (at->type == XML_ELEMENT_NODE && at->children != nullptr) return at->children;
    while (at != nullptr && at != &root && at->next == nullptr) at = at->parent;
    return at == nullptr || at == &root ? nullptr : at->next;
  }
  static bool is_xslt(const xmlNs* space) { return space != nullptr && view(space->href) == view(XSLT_NAMESPACE); }

  void look_at(const xmlNode& element) {
    const std::string_view name = view(element.name);
    if (is_xslt(element.ns) && std::find(kWords.begin(), kWords.end(), name) == kWords.end())
      fault(element, "xsl:" + std::string(name));
    for (const xmlAttr* one = element.properties; one != nullptr; one = one->next) {
      const std::string_view attribute = view(one->name);
      const Owned<xmlChar, free_text> value(xmlNodeListGetString(element.doc, one->children, 1));
      if (attribute == "extension-element-prefixes") fault(element, std::string(attribute));
      if (is_xslt(element.ns) && name == "output" && attribute == "method" && view(value.get()) != "xml")
        fault(element, "xsl:output method");
      if (attribute == "disable-output-escaping" && view(value.get()) == "yes") fault(element, std::string(attribute));
      if (calls_document(view(value.get()))) fault(element, "document()");
    }
  }
  static void free_text(xmlChar* text) { xmlFree(text); }
  // "document", maybe blanks, "(".
  static bool calls_document(std::string_view text) {
    for (auto at = text.find("document"); at != std::string_view::npos; at = text.find("document", at + 1)) {
      const auto behind = text.find_first_not_of(" \t\r\n", at + 8);
      if (behind != std::string_view::npos && text[behind] == '(') return true;
    }
    return false;
  }
  void fault(const xmlNode& element, std::string what) {
    if (faults_.size() >= xml::kMaxLoadFaults) return;
    const auto line = static_cast<std::uint32_t>(std::max(xmlGetLineNo(&element), 0L));
    faults_.push_back({&codes::kXsltForbidden, "$", {}, std::move(what), {line, line > 0 ? 1U : 0U}, Grade::kError});
  }

  // The elements of XSLT 1.0 but for import and include.
  static constexpr auto kWords = std::to_array<std::string_view>({"apply-imports",
                                                                  "apply-templates",
                                                                  "attribute",
                                                                  "attribute-set",
                                                                  "call-template",
                                                                  "choose",
                                                                  "comment",
                                                                  "copy",
                                                                  "copy-of",
                                                                  "decimal-format",
                                                                  "element",
                                                                  "fallback",
                                                                  "for-each",
                                                                  "if",
                                                                  "key",
                                                                  "message",
                                                                  "namespace-alias",
                                                                  "number",
                                                                  "otherwise",
                                                                  "output",
                                                                  "param",
                                                                  "preserve-space",
                                                                  "processing-instruction",
                                                                  "sort",
                                                                  "strip-space",
                                                                  "stylesheet",
                                                                  "template",
                                                                  "text",
                                                                  "transform",
                                                                  "value-of",
                                                                  "variable",
                                                                  "when",
                                                                  "with-param"});

  std::vector<Fault>& faults_;
};

// Counts what a transformation makes, in the thread that runs it, and stops it.
class Budget {
 public:
  Budget(xsltTransformContext& context, const XsltLimits& limits)
      : context_(context), limits_(limits), before_(current()), hook_before_(xmlRegisterNodeDefaultValue) {
    current() = this;
    xmlRegisterNodeDefaultValue = [](xmlNodePtr node) { current()->take(*node); };
  }
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;
  ~Budget() {
    current() = before_;
    xmlRegisterNodeDefaultValue = hook_before_;
  }
  // Empty when none was passed.
  [[nodiscard]] std::string passed() const {
    if (nodes_ > limits_.nodes) return std::to_string(limits_.nodes) + " nodes";
    if (bytes_ > limits_.bytes) return std::to_string(limits_.bytes) + " bytes";
    if (context_.opCount >= limits_.operations ||
        (context_.xpathCtxt != nullptr && context_.xpathCtxt->opCount >= limits_.operations))
      return std::to_string(limits_.operations) + " operations";
    return {};
  }

 private:
  static Budget*& current() {
    thread_local Budget* budget = nullptr;
    return budget;
  }
  void take(const xmlNode& node) {
    ++nodes_;
    const bool text = node.type == XML_TEXT_NODE || node.type == XML_CDATA_SECTION_NODE ||
                      node.type == XML_COMMENT_NODE || node.type == XML_PI_NODE;
    if (text) bytes_ += view(node.content).size();
    if (nodes_ > limits_.nodes || bytes_ > limits_.bytes) context_.state = XSLT_STATE_STOPPED;
  }

  xsltTransformContext& context_;
  const XsltLimits& limits_;
  Budget* before_;
  xmlRegisterNodeFunc hook_before_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

Result<std::string> text_of(const xmlDoc& document, std::size_t max_bytes) {
  const xmlNode* root = xmlDocGetRootElement(&document);
  if (root == nullptr) return refusal(codes::kXsltFailed, "$", {});
  const Owned<xmlBuffer, xmlBufferFree> buffer(xmlBufferCreate());
  xmlSaveCtxt* save = xmlSaveToBuffer(buffer.get(), "UTF-8", XML_SAVE_NO_DECL);
  if (save == nullptr) return make_error(codes::kInternal);
  xmlSaveTree(save, const_cast<xmlNode*>(root));
  xmlSaveClose(save);
  const std::string_view text(reinterpret_cast<const char*>(xmlBufferContent(buffer.get())),
                              static_cast<std::size_t>(xmlBufferLength(buffer.get())));
  if (text.size() > max_bytes) return refusal(codes::kXsltLimit, "$", {}, std::to_string(max_bytes) + " bytes");
  return std::string(text);
}

}  // namespace

struct XsltStylesheet::Parts {
  explicit Parts(xsltStylesheet* made) : stylesheet(made) {}
  Owned<xsltStylesheet, xsltFreeStylesheet> stylesheet;
};

XsltStylesheet::XsltStylesheet(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
XsltStylesheet::~XsltStylesheet() = default;

Result<std::shared_ptr<const XsltStylesheet>> XsltStylesheet::compile(std::string_view bytes) {
  initialise();
  Error error = make_error(codes::kXsltLoad);
  const xml::ThreadErrors collect(collect_load_error, &error.faults);
  OwnedDocument document = parse_tree(bytes, kStylesheetOptions);
  if (document != nullptr && xmlGetIntSubset(document.get()) != nullptr)
    error.faults.push_back({&codes::kXsltForbidden, "$", {}, "DOCTYPE", {1, 1}, Grade::kError});
  if (document != nullptr && xmlDocGetRootElement(document.get()) != nullptr)
    ForbiddenWords(error.faults).look_through(*xmlDocGetRootElement(document.get()));
  if (document == nullptr || !error.faults.empty()) return error;
  xmlDoc* given = document.release();
  auto parts = std::make_unique<Parts>(xsltParseStylesheetDoc(given));
  // It is the stylesheet's from here on, if there is one.
  if (parts->stylesheet == nullptr) document.reset(given);
  if (parts->stylesheet == nullptr || parts->stylesheet->errors != 0 || !error.faults.empty()) {
    if (error.faults.empty()) error.faults.push_back({&codes::kXsltLoad, "$", {}, "0", {}, Grade::kError});
    return error;
  }
  return std::shared_ptr<const XsltStylesheet>(new XsltStylesheet(std::move(parts)));
}

Result<std::string> XsltStylesheet::apply(std::string_view utf8, const XsltLimits& limits) const {
  initialise();
  const xml::ThreadErrors silent(ignore_error, nullptr);
  const OwnedDocument document = parse_tree(utf8, kMessageOptions);
  if (document == nullptr) return refusal(codes::kXsltFailed, "$", {});
  xsltStylesheet* stylesheet = parts_->stylesheet.get();
  const Owned<xsltTransformContext, xsltFreeTransformContext> context(
      xsltNewTransformContext(stylesheet, document.get()));
  if (context == nullptr) return make_error(codes::kInternal);
  context->opLimit = limits.operations;
  context->xpathCtxt->opLimit = limits.operations;
  context->maxTemplateDepth = static_cast<int>(limits.template_depth);
  context->maxTemplateVars = static_cast<int>(limits.template_variables);
  xsltSetTransformErrorFunc(context.get(), nullptr, ignore_text);
  if (xsltSetCtxtSecurityPrefs(nothing_allowed(), context.get()) != 0) return make_error(codes::kInternal);
  const Budget budget(*context, limits);
  const OwnedDocument result(
      xsltApplyStylesheetUser(stylesheet, document.get(), nullptr, nullptr, nullptr, context.get()));
  if (const std::string passed = budget.passed(); !passed.empty()) return refusal(codes::kXsltLimit, "$", {}, passed);
  if (context->state == XSLT_STATE_STOPPED) return refusal(codes::kXsltRefused, "$", {});
  if (context->state != XSLT_STATE_OK || result == nullptr) return refusal(codes::kXsltFailed, "$", {});
  return text_of(*result, limits.bytes);
}

}  // namespace tongqu
