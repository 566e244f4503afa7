// clamd's answer: clean is one text only.
#include <cstdint>
#include <cstdlib>

#include "connectors/scan/clamd_protocol.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view answer(reinterpret_cast<const char*>(data), size);
  const auto verdict = tongqu::scan::clamd_verdict(answer);
  const bool clean = answer == "stream: OK" || answer == std::string_view("stream: OK\0", 11);
  if ((verdict == tongqu::ScanVerdict::kClean) != clean) std::abort();
  return 0;
}
