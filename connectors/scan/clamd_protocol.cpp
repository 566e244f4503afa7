#include "connectors/scan/clamd_protocol.hpp"

namespace tongqu::scan {

std::string clamd_chunk(std::string_view bytes) {
  std::string chunk;
  chunk.reserve(4 + bytes.size());
  for (const unsigned shift : {24U, 16U, 8U, 0U}) chunk.push_back(static_cast<char>(bytes.size() >> shift & 255U));
  return chunk.append(bytes);
}

std::optional<ScanVerdict> clamd_verdict(std::string_view answer) {
  constexpr std::string_view kBegin = "stream: ";
  constexpr std::string_view kFound = " FOUND";
  if (answer.ends_with('\0')) answer.remove_suffix(1);
  if (!answer.starts_with(kBegin) || answer.size() > kMaxAnswerBytes) return std::nullopt;
  answer.remove_prefix(kBegin.size());
  if (answer.find_first_of(std::string_view("\0\r\n", 3)) != std::string_view::npos) return std::nullopt;
  if (answer == "OK") return ScanVerdict::kClean;
  if (answer.size() > kFound.size() && answer.ends_with(kFound)) return ScanVerdict::kInfected;
  return std::nullopt;
}

}  // namespace tongqu::scan
