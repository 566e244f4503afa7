#pragma once
// Errors of libxml2 and libxslt on this thread.
#include <libxml/xmlerror.h>

#include <vector>

#include "gateway/core/error.hpp"

namespace tongqu::xml {

// Faults of one schema or stylesheet that does not load.
inline constexpr std::size_t kMaxLoadFaults = 100;

// While it lives, what the libraries report on this thread goes to `handler` – also from the parsers that they make
// themselves while they read a schema or a stylesheet. Afterwards nothing of a document is kept as "last error".
class ThreadErrors {
 public:
  ThreadErrors(xmlStructuredErrorFunc handler, void* data);
  ThreadErrors(const ThreadErrors&) = delete;
  ThreadErrors& operator=(const ThreadErrors&) = delete;
  ~ThreadErrors();

 private:
  xmlStructuredErrorFunc before_;
  void* data_before_;
};

// Appends a fault with the library's number as parameter and the line, without its text, which quotes the document.
// Beyond kMaxLoadFaults nothing is added.
void collect_load_error(std::vector<Fault>& faults, const ErrorCode& code, const xmlError& error);

}  // namespace tongqu::xml
