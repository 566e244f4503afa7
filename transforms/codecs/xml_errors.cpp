#include "transforms/codecs/xml_errors.hpp"

#include <libxml/globals.h>

#include <algorithm>

namespace tongqu::xml {

ThreadErrors::ThreadErrors(xmlStructuredErrorFunc handler, void* data)
    : before_(xmlStructuredError), data_before_(xmlStructuredErrorContext) {
  xmlSetStructuredErrorFunc(data, handler);
}

ThreadErrors::~ThreadErrors() {
  xmlSetStructuredErrorFunc(data_before_, before_);
  xmlResetLastError();
}

void collect_load_error(std::vector<Fault>& faults, const ErrorCode& code, const xmlError& error) {
  if (faults.size() >= kMaxLoadFaults) return;
  const auto line = static_cast<std::uint32_t>(std::max(error.line, 0));
  faults.push_back({&code, "$", {}, std::to_string(error.code), {line, line > 0 ? 1U : 0U}, Grade::kError});
}

}  // namespace tongqu::xml
