#pragma once
// An element of a tree → a document of its own.
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/core/soap.hpp"
#include "transforms/codecs/soap_tree.hpp"

namespace tongqu::xml {

// Elements that others refer to by their id.
using Targets = std::map<std::string, const xmlNode*, std::less<>>;

struct PayloadOptions {
  const Targets* targets = nullptr;  // nullptr: href is an ordinary attribute
  std::span<const SoapAttachment> attachments;
  std::size_t max_inline_bytes = 0;
  std::span<const std::string> set_apart;  // children of the root that are left out
  bool drop_namespaces = false;
  bool drop_encoding = true;  // xsi:type, encoding attributes, security ids
  std::size_t max_bytes = 0;  // of the result
  SoapElementOptions shape;
};

// Writes one element. Not for two documents.
class PayloadWriter {
 public:
  explicit PayloadWriter(const PayloadOptions& options) : options_(options) {}
  // Fails with envelope.reference, envelope.attachment, envelope.attachment-size, xml.bytes, xml.depth.
  [[nodiscard]] Result<std::string> write(const xmlNode& root);
  // Attachments that were written, each counted once.
  [[nodiscard]] std::size_t attachments_used() const { return used_.size(); }

 private:
  bool fail(const ErrorCode& code, const xmlNode& at, std::string param = {});
  bool write_element(const xmlNode& element, std::size_t depth);
  bool write_content(const xmlNode& element, std::size_t depth);
  bool write_included(const xmlNode& element, std::string_view href);
  // The element that this one stands for: itself, or what its href names. nullptr: failed.
  const xmlNode* resolve(const xmlNode& element);
  [[nodiscard]] bool skips(const xmlAttr& attribute) const;
  std::string start_tag(const xmlNode& element, const xmlNode& content, std::size_t depth);
  struct Tag {
    std::string declarations;
    std::vector<std::pair<std::string, std::string>> used;  // prefix → uri
  };
  // `prefix`, or one like it when the tag has it for another namespace (the attributes of a reference's target stand
  // beside the reference's name); declared when it is not in force.
  std::string bind(std::string prefix, std::string_view uri, Tag& tag);
  // Prefix with colon of a name.
  std::string prefix_for(const xmlNs* space, Tag& tag);
  [[nodiscard]] std::string_view in_force(std::string_view prefix) const;

  const PayloadOptions& options_;
  std::string out_;
  std::vector<std::pair<std::string, std::string>> namespaces_;  // prefix → uri, innermost last
  std::vector<const xmlNode*> resolving_;
  std::set<const SoapAttachment*> used_;
  std::size_t inlined_bytes_ = 0;
  Error failure_;
};

// What the element with this id of a multi-reference encoding says: its character data, through href.
[[nodiscard]] const xmlNode& resolved(const xmlNode& element, const Targets& targets);

}  // namespace tongqu::xml
