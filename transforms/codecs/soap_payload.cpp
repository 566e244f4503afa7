#include "transforms/codecs/soap_payload.hpp"

#include <algorithm>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/refusal.hpp"
#include "transforms/codecs/xml_codec.hpp"
#include "transforms/codecs/xml_names.hpp"

namespace tongqu::xml {
namespace {

constexpr std::string_view kXopUri = "http://www.w3.org/2004/08/xop/include";
constexpr std::string_view kXsdUri = "http://www.w3.org/2001/XMLSchema";
// Attributes of these namespaces say how the message travels, not what it says.
constexpr std::string_view kTransportUris[] = {
    kSoap11Uri,
    kSoap12Uri,
    "http://schemas.xmlsoap.org/soap/encoding/",
    "http://www.w3.org/2003/05/soap-encoding",
    "http://www.w3.org/2005/05/xmlmime",
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
};

bool is_transport(std::string_view uri) {
  return std::find(std::begin(kTransportUris), std::end(kTransportUris), uri) != std::end(kTransportUris);
}

std::string_view uri_of(const xmlNs* space) { return space == nullptr ? std::string_view{} : view(space->href); }

// "#id" of SOAP 1.1's href or 1.2's enc:ref; empty when the element is no reference.
std::string reference_of(const xmlNode& element) {
  std::string href = attribute_of(element, {}, "href");
  if (href.size() > 1 && href.front() == '#') return href.substr(1);
  std::string ref = attribute_of(element, "http://www.w3.org/2003/05/soap-encoding", "ref");
  return ref.starts_with('#') ? ref.substr(1) : ref;
}

// The Content-ID that "cid:…" means (RFC 2392): its percent codes are those of a URL. (Some senders leave it as it is.)
std::string content_id_of(std::string_view href) {
  std::string id;
  for (std::size_t at = 4; at < href.size(); ++at) {
    const auto byte = href[at] == '%' && at + 2 < href.size() ? from_hex(href.substr(at + 1, 2)) : std::nullopt;
    id += byte ? *byte : std::string(1, href[at]);
    if (byte) at += 2;
  }
  return id;
}

bool is_leaf(const xmlNode& element) { return first_element(element) == nullptr; }

bool is_blank(const xmlNode& element) {
  return is_leaf(element) && text_in(element).find_first_not_of(" \t\r\n") == std::string::npos;
}

}  // namespace

const xmlNode& resolved(const xmlNode& element, const Targets& targets) {
  const auto found = is_blank(element) ? targets.find(reference_of(element)) : targets.end();
  return found == targets.end() ? element : *found->second;
}

bool PayloadWriter::fail(const ErrorCode& code, const xmlNode& at, std::string param) {
  failure_ = refusal(code, "$", position_of(at), std::move(param));
  return false;
}

Result<std::string> PayloadWriter::write(const xmlNode& root) {
  if (!write_element(root, 0)) return std::move(failure_);
  return std::move(out_);
}

bool PayloadWriter::skips(const xmlAttr& attribute) const {
  const std::string_view uri = uri_of(attribute.ns);
  const std::string_view name = view(attribute.name);
  if (!options_.drop_encoding) return false;
  if (uri == kXsiUri) return name != "nil";
  if (is_transport(uri)) return true;
  if (!uri.empty()) return false;
  const bool encoded = options_.targets != nullptr && !options_.targets->empty();
  if (name == "id") return encoded;
  if (name != "href") return false;
  const std::string href = text_in(*reinterpret_cast<const xmlNode*>(&attribute));
  return href.starts_with("cid:") || (encoded && href.starts_with('#'));
}

std::string_view PayloadWriter::in_force(std::string_view prefix) const {
  for (auto at = namespaces_.rbegin(); at != namespaces_.rend(); ++at) {
    if (at->first == prefix) return at->second;
  }
  return {};
}

std::string PayloadWriter::bind(std::string prefix, std::string_view uri, Tag& tag) {
  const auto clashes = [&](const auto& one) { return one.first == prefix && one.second != uri; };
  while (std::any_of(tag.used.begin(), tag.used.end(), clashes)) prefix.push_back('_');
  tag.used.emplace_back(prefix, uri);
  if (in_force(prefix) != uri) {
    namespaces_.emplace_back(prefix, uri);
    tag.declarations.append(" xmlns").append(prefix.empty() ? "" : ":").append(prefix).append("=\"");
    append_xml_escaped(tag.declarations, uri);
    tag.declarations.push_back('"');
  }
  return prefix;
}

std::string PayloadWriter::prefix_for(const xmlNs* space, Tag& tag) {
  const std::string_view uri = uri_of(space);
  if (uri == kXmlUri) return "xml:";
  const std::string prefix = bind(std::string(space == nullptr ? std::string_view{} : view(space->prefix)), uri, tag);
  return prefix.empty() ? prefix : prefix + ":";
}

std::string PayloadWriter::start_tag(const xmlNode& element, const xmlNode& content, std::size_t depth) {
  Tag tag;
  std::string attributes;
  std::string name;
  if (depth == 0 && options_.shape.root) {
    const SoapName& root = *options_.shape.root;
    name = (root.uri.empty() ? "" : bind("op", root.uri, tag) + ":") + root.local;
  } else {
    if (!options_.drop_namespaces) name = prefix_for(element.ns, tag);
    name += local_of(element);
  }
  for (const xmlAttr* attribute = content.properties; attribute != nullptr; attribute = attribute->next) {
    if (skips(*attribute)) continue;
    const bool bare = attribute->ns == nullptr || (options_.drop_namespaces && uri_of(attribute->ns) != kXsiUri);
    attributes.append(" ").append(bare ? std::string() : prefix_for(attribute->ns, tag));
    attributes.append(view(attribute->name)).append("=\"");
    append_xml_escaped(attributes, text_in(*reinterpret_cast<const xmlNode*>(attribute)));
    attributes.push_back('"');
  }
  if (options_.shape.typed && is_leaf(content)) {
    attributes.append(" ").append(bind("xsi", kXsiUri, tag)).append(":type=\"");
    attributes.append(bind("xsd", kXsdUri, tag)).append(":string\"");
  }
  out_.append("<").append(name).append(tag.declarations).append(attributes).append(">");
  return name;
}

const xmlNode* PayloadWriter::resolve(const xmlNode& element) {
  if (options_.targets == nullptr || !is_blank(element)) return &element;
  const std::string id = reference_of(element);
  if (id.empty()) return &element;
  const auto found = options_.targets->find(id);
  if (found == options_.targets->end() ||
      std::find(resolving_.begin(), resolving_.end(), found->second) != resolving_.end()) {
    fail(codes::kEnvelopeReference, element);
    return nullptr;
  }
  return found->second;
}

bool PayloadWriter::write_included(const xmlNode& element, std::string_view href) {
  const std::string id = content_id_of(href);
  const auto found = std::find_if(
      options_.attachments.begin(), options_.attachments.end(),
      [&](const SoapAttachment& part) { return part.content_id == id || part.content_id == href.substr(4); });
  if (found == options_.attachments.end()) return fail(codes::kEnvelopeAttachment, element);
  used_.insert(&*found);
  inlined_bytes_ += found->bytes.size();
  if (inlined_bytes_ > options_.max_inline_bytes) {
    return fail(codes::kEnvelopeBytes, element, std::to_string(options_.max_inline_bytes));
  }
  out_ += to_base64(found->bytes);
  return true;
}

bool PayloadWriter::write_content(const xmlNode& element, std::size_t depth) {
  if (const std::string href = attribute_of(element, {}, "href"); href.starts_with("cid:") && is_blank(element)) {
    return write_included(element, href);
  }
  for (const xmlNode* child = element.children; child != nullptr; child = child->next) {
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
      append_xml_escaped(out_, view(child->content));
    } else if (child->type == XML_ELEMENT_NODE) {
      const std::string_view name = local_of(*child);
      if (is(*child, kXopUri, "Include")) {
        const std::string href = attribute_of(*child, {}, "href");
        if (!href.starts_with("cid:")) return fail(codes::kEnvelopeAttachment, *child);
        if (!write_included(*child, href)) return false;
      } else if (depth > 0 ||
                 std::find(options_.set_apart.begin(), options_.set_apart.end(), name) == options_.set_apart.end()) {
        if (!write_element(*child, depth + 1)) return false;
      }
    }
    if (out_.size() > options_.max_bytes) {
      return fail(codes::kXmlBytes, *child, std::to_string(options_.max_bytes));
    }
  }
  return true;
}

bool PayloadWriter::write_element(const xmlNode& element, std::size_t depth) {
  if (depth >= kMaxXmlDepth) return fail(codes::kXmlDepth, element, std::to_string(kMaxXmlDepth));
  const xmlNode* content = resolve(element);
  if (content == nullptr) return false;
  const std::size_t before = namespaces_.size();
  const std::string name = start_tag(element, *content, depth);
  resolving_.push_back(content);
  if (!write_content(*content, depth)) return false;
  resolving_.pop_back();
  out_.append("</").append(name).append(">");
  namespaces_.resize(before);
  return true;
}

}  // namespace tongqu::xml
