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

// Whether values were asked for: then each row that has one says what, or that it is withheld.
bool has_values(const Node& rows) {
  for (const Node& row : children(rows)) {
    if (row.find("value") != nullptr || row.find("withheld") != nullptr) return true;
  }
  return false;
}

void print_rows(const Node& rows, bool with_treatment, Lang lang, std::ostream& out) {
  const bool zh = lang == Lang::kChinese;
  const bool with_value = has_values(rows);
  std::vector<std::string> heads = zh ? std::vector<std::string>{"字段", "来源", "函数", "码表", "行"}
                                      : std::vector<std::string>{"field", "from", "functions", "tables", "line"};
  if (with_treatment) {
    heads.emplace_back(zh ? "处理方式" : "treatment");
    heads.emplace_back(zh ? "规则" : "rule");
  }
  if (with_value) heads.emplace_back(zh ? "值" : "value");
  heads.emplace_back(zh ? "缺失原因" : "absent because");
  TextTable table(heads);
  for (const Node& row : children(rows)) {
    std::vector<std::string> cells{text_of(row, "field"), joined(row.find("sources")), joined(row.find("functions")),
                                   joined(row.find("tables")), text_of(row, "line")};
    if (with_treatment) cells.insert(cells.end(), {text_of(row, "treatment"), text_of(row, "rule")});
    if (with_value) {
      const bool withheld = row.find("withheld") != nullptr;
      cells.push_back(!withheld ? text_of(row, "value") : zh ? "（无权查看）" : "(withheld)");
    }
    cells.push_back(text_of(row, "why"));
    table.add(std::move(cells));
  }
  table.print(out);
}

// What leaves only when a person decides so, and whether somebody did.
void print_conditions(const Node* conditions, Lang lang, std::ostream& out) {
  if (conditions == nullptr || conditions->count == 0) return;
  const bool zh = lang == Lang::kChinese;
  TextTable table(zh ? std::vector<std::string>{"字段", "条件", "是否满足", "规则"}
                     : std::vector<std::string>{"field", "condition", "met", "rule"});
  for (const Node& row : children(*conditions))
    table.add({text_of(row, "path"), text_of(row, "condition"), text_of(row, "met"), text_of(row, "rule")});
  out << '\n';
  table.print(out);
}

}  // namespace

void print_explanation(const Node& root, Lang lang, std::ostream& out) {
  out << "# " << text_of(root, "mapping") << " → " << text_of(root, "state") << '\n';
  print_rows(*root.find("record"), false, lang, out);
  if (const Node* findings = root.find("findings"); findings->count > 0) {
    out << (lang == Lang::kChinese ? "\n# 发现的问题\n" : "\n# findings\n");
    for (const Node& finding : children(*findings)) {
      out << text_of(finding, "grade") << ' ' << text_of(finding, "path") << ": " << text_of(finding, "message") << " ["
          << text_of(finding, "code") << "]\n";
    }
  }
  for (const Node& recipient : children(*root.find("recipients"))) {
    out << "\n# " << text_of(recipient, "recipient") << " ← " << text_of(recipient, "mapping") << '\n';
    print_rows(*recipient.find("fields"), true, lang, out);
    print_conditions(recipient.find("conditions"), lang, out);
    if (recipient.find("body") != nullptr) out << "\n" << text_of(recipient, "body") << '\n';
  }
}

}  // namespace tongqu::app
