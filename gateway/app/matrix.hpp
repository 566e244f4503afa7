#pragma once
// The disclosure matrix (披露矩阵): what of whose data reaches whom, for the person who signs it off; and what changed
// since another configuration.
#include <iosfwd>
#include <string>
#include <vector>

#include "gateway/app/config_compile.hpp"

namespace tongqu::app {

// One labelled field and what one recipient gets of it.
struct MatrixRow {
  std::string recipient, recipient_zh;
  std::string way;  // "route x", "pull x", "answer"
  std::string service;
  std::string label;                 // "phone/complainant"
  std::string field, field_zh;       // canonical
  std::string form;                  // "clear", "mask", …; "choice" when the field only decides
  std::vector<std::string> outputs;  // of the recipient's document; "when" = whether a message comes
  std::string purpose, legal_basis;
  bool onward = false;
  std::string rule;     // place of the policy's rule
  std::string reasons;  // of declassify entries
};

// Sorted by recipient, service, way and field.
[[nodiscard]] std::vector<MatrixRow> matrix_of(const CompiledConfig& config);

// `form`: terminal, csv or html (one file that needs nothing else); terminal and html also list the declassify entries.
void print_matrix(std::ostream& out, const CompiledConfig& config, const std::string& form);

// In plain words, Chinese and English: which fields newly reach whom, which no longer do, which come in another form,
// and which rules of policies decide about nothing any more. "没有变化" when there is nothing.
void print_difference(std::ostream& out, const CompiledConfig& before, const CompiledConfig& after);

}  // namespace tongqu::app
