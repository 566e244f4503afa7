#pragma once
// Reads the members of an `x-format` and collects what is wrong with them.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"
#include "transforms/codecs/charset.hpp"

namespace tongqu {

class FormatReader {
 public:
  explicit FormatReader(const Node& format) : format_(format) {}

  // A fault for each member that is not among `known`.
  void expect_members(std::span<const std::string_view> known);
  // The text of a member; `otherwise` when it is absent. A member that is no text is a fault.
  [[nodiscard]] std::string text(std::string_view member, std::string_view otherwise = {});
  // As `text`; a fault when it is absent.
  [[nodiscard]] std::string required_text(std::string_view member);
  // One of `words`, by index; the first when absent.
  [[nodiscard]] std::size_t choice(std::string_view member, std::span<const std::string_view> words);
  [[nodiscard]] bool flag(std::string_view member);
  // Member "charset"; `otherwise` when absent.
  [[nodiscard]] Charset charset(Charset otherwise);

  [[nodiscard]] const Node& format() const { return format_; }
  // A fault at a member of the format, or at the format itself when `member` is empty.
  void fault(const ErrorCode& code, std::string_view member, std::string param);
  // A fault at a field of the message.
  void field_fault(const ErrorCode& code, std::string path, std::string param);
  [[nodiscard]] bool good() const { return faults_.empty(); }
  // codecs.format with the faults.
  [[nodiscard]] Error take_error();

 private:
  const Node& format_;
  std::vector<Fault> faults_;
};

}  // namespace tongqu
