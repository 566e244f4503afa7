#include "gateway/app/explain_text.hpp"

#include <ostream>

#include "gateway/app/commands.hpp"

namespace tongqu::app {
namespace {

std::string joined(const Node* list) {
  std::string text;
  if (list == nullptr) return text;
  for (const Node& item : children(*list)) {
    if (!text.empty()) text += ", ";
    text += item.text;
  }
  return text;
}

std::string text_of(const Node& row, std::string_view name) {
  const Node* member = row.find(name);
  return member == nullptr ? std::string() : std::string(member->text);
}

void print_rows(const Node& rows, bool with_treatment, std::ostream& out) {
  std::vector<std::string> heads{"field", "from", "functions", "tables", "line"};
  if (with_treatment) heads.insert(heads.end(), {"treatment", "rule"});
  heads.push_back("absent because");
  TextTable table(heads);
  for (const Node& row : children(rows)) {
    std::vector<std::string> cells{text_of(row, "field"), joined(row.find("sources")), joined(row.find("functions")),
                                   joined(row.find("tables")), text_of(row, "line")};
    if (with_treatment) cells.insert(cells.end(), {text_of(row, "treatment"), text_of(row, "rule")});
    cells.push_back(text_of(row, "why"));
    table.add(std::move(cells));
  }
  table.print(out);
}

}  // namespace

void print_explanation(const Node& root, std::ostream& out) {
  out << "# " << text_of(root, "mapping") << " → " << text_of(root, "state") << '\n';
  print_rows(*root.find("record"), false, out);
  if (const Node* findings = root.find("findings"); findings->count > 0) {
    out << "\n# findings\n";
    for (const Node& finding : children(*findings)) {
      out << text_of(finding, "grade") << ' ' << text_of(finding, "path") << ": " << text_of(finding, "message") << " ["
          << text_of(finding, "code") << "]\n";
    }
  }
  for (const Node& recipient : children(*root.find("recipients"))) {
    out << "\n# " << text_of(recipient, "recipient") << " ← " << text_of(recipient, "mapping") << '\n';
    print_rows(*recipient.find("fields"), true, out);
    if (recipient.find("body") != nullptr) out << "\n" << text_of(recipient, "body") << '\n';
  }
}

}  // namespace tongqu::app
