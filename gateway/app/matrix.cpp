#include "gateway/app/matrix.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <ostream>
#include <set>
#include <tuple>

#include "gateway/app/commands.hpp"

namespace tongqu::app {
namespace {

constexpr std::string_view kScopeZh =
    "证明范围：结构化字段的去向由静态证明得出，并经第二校验程序接受；自由文本与图片中的个人信息只能测量，不能证明。";
constexpr std::string_view kScopeEn =
    "Scope: where structured fields go is proven, and the second checker accepted the proof; what free text and images "
    "hold is measured, not proven.";

std::string way_text(const ProofWay& way) {
  return way.route.empty() ? std::string(name_of(way.kind)) : std::string(name_of(way.kind)) + " " + way.route;
}

// A field that only decides does not go itself, in whatever form the policy has it.
std::string form_of(const ProofClaim& claim) {
  const bool only_decides = claim.how == Carriage::kChoice || claim.how == Carriage::kReduces;
  return only_decides ? "choice" : form_text(claim.form, claim.when, claim.otherwise);
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : "; ") + text;
  return out;
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out.push_back(c);
    }
  }
  return out;
}

std::string form_zh(const std::string& form) {
  static const std::map<std::string, std::string> kWords{{"clear", "明文"},
                                                         {"mask", "脱敏"},
                                                         {"ref", "代号"},
                                                         {"scrub", "文本脱敏"},
                                                         {"token", "令牌"},
                                                         {"seal", "定向加密"},
                                                         {"original", "原件"},
                                                         {"original on release", "释放后的原件"},
                                                         {"derivative", "去元数据的副本"},
                                                         {"withheld", "不提供"},
                                                         {"choice", "仅影响输出"},
                                                         {"drop", "不提供"},
                                                         {"clear after release", "人员释放后明文"}};
  if (const auto found = kWords.find(form); found != kWords.end()) return found->second;
  for (const auto& [en, zh] :
       {std::pair<std::string, std::string>{" when approved, otherwise ", "经审批"},
        std::pair<std::string, std::string>{" when danger is confirmed, otherwise ", "人员确认危及生命时"}}) {
    if (const auto at = form.find(en); at != std::string::npos)
      return zh + form_zh(form.substr(0, at)) + "，否则" + form_zh(form.substr(at + en.size()));
  }
  return form;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kHeads{{{"接收方", "recipient"},
                                                                                {"服务", "service"},
                                                                                {"途径", "way"},
                                                                                {"标签", "label"},
                                                                                {"字段", "field"},
                                                                                {"形式", "form"},
                                                                                {"对方字段", "output fields"},
                                                                                {"用途", "purpose"},
                                                                                {"依据", "legal basis"},
                                                                                {"规则位置", "rule"},
                                                                                {"放行理由", "declassified because"}}};

std::vector<std::string> cells(const MatrixRow& row, bool chinese) {
  return {chinese ? row.recipient + " " + row.recipient_zh : row.recipient,
          row.service,
          row.way,
          row.label,
          chinese ? row.field + " " + row.field_zh : row.field,
          chinese ? form_zh(row.form) + " " + row.form : row.form,
          joined(row.outputs),
          row.purpose,
          row.legal_basis + (row.onward ? "（可转供 onward）" : ""),
          row.rule,
          row.reasons};
}

std::vector<std::string> words_of(const Declassified& entry) {
  return {entry.mapping.empty() ? "routes/" + entry.route : entry.mapping, entry.field,
          entry.role ? "区分举报人 role" : "影响输出 steers", entry.reason,
          entry.file + ":" + std::to_string(entry.position.line)};
}

void print_csv(std::ostream& out, const std::vector<MatrixRow>& rows) {
  std::string head;
  for (const auto& [zh, en] : kHeads) head += (head.empty() ? "" : ",") + std::string(en);
  out << head << '\n';
  for (const MatrixRow& row : rows) {
    std::string line;
    for (const std::string& cell : cells(row, false)) line += csv_cell(cell) + ",";
    line.pop_back();
    out << line << '\n';
  }
}

void print_html(std::ostream& out, const std::vector<MatrixRow>& rows, const CompiledConfig& config) {
  out << "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>披露矩阵 – disclosure matrix"
         "</title>\n<style>\nbody{font:14px/1.6 \"Noto Sans CJK SC\",\"Microsoft "
         "YaHei\",sans-serif;margin:2rem;color:#222}\n"
         "table{border-collapse:collapse;width:100%}\nth,td{border:1px solid #999;padding:.25rem .5rem;text-align:left;"
         "vertical-align:top;overflow-wrap:anywhere}\nth{background:#eef2f7}\n.en{color:#666;font-size:.85em}\n"
         ".scope{border-left:4px solid #b45309;padding:.5rem 1rem;background:#fff7ed}\n@media print{body{margin:0}}\n"
         "</style>\n</head>\n<body>\n<h1>披露矩阵 <span class=\"en\">disclosure matrix</span></h1>\n<p>配置摘要 <span "
         "class=\"en\">configuration</span>: <code>"
      << html_text(config.snapshot.id.str()) << "</code></p>\n<p class=\"scope\">" << kScopeZh
      << "<br><span class=\"en\">" << kScopeEn << "</span></p>\n<table>\n<thead><tr>";
  for (const auto& [zh, en] : kHeads)
    out << "<th scope=\"col\">" << zh << "<br><span class=\"en\">" << en << "</span></th>";
  out << "</tr></thead>\n<tbody>\n";
  for (const MatrixRow& row : rows) {
    out << "<tr>";
    for (const std::string& cell : cells(row, true)) out << "<td>" << html_text(cell) << "</td>";
    out << "</tr>\n";
  }
  out << "</tbody>\n</table>\n<h2>人工放行 <span class=\"en\">what persons permitted "
         "(declassify)</span></h2>\n<table>\n"
         "<thead><tr><th>映射或路由<br><span class=\"en\">mapping or route</span></th><th>字段<br><span "
         "class=\"en\">field</span></th><th>类型<br><span class=\"en\">kind</span></th><th>理由<br><span "
         "class=\"en\">reason</span></th><th>位置<br><span class=\"en\">place</span></th></tr></thead>\n<tbody>\n";
  for (const Declassified& entry : config.proof->input.declassified) {
    out << "<tr>";
    for (const std::string& cell : words_of(entry)) out << "<td>" << html_text(cell) << "</td>";
    out << "</tr>\n";
  }
  out << "</tbody>\n</table>\n<p>安全管理员签字 <span class=\"en\">signed by the security administrator</span>: "
         "________________ 日期 <span class=\"en\">date</span>: ____________</p>\n</body>\n</html>\n";
}

// Rows by (recipient, service, way, field, form).
class Maker {
 public:
  explicit Maker(const CompiledConfig& config) : config_(config) {}

  std::vector<MatrixRow> run() {
    const ProofInput& input = config_.proof->input;
    for (const ProofWay& way : input.ways) {
      if (way.kind >= WayKind::kRoute) leaves(way, *way.mapping->source, {});
    }
    for (const ProofClaim& claim : config_.proof->result.claims) add(input.ways[claim.way], claim);
    for (const ProofWay& way : input.ways) add_attachments(way);
    std::vector<MatrixRow> out;
    out.reserve(rows_.size());
    for (auto& [key, row] : rows_) out.push_back(std::move(row));
    return out;
  }

 private:
  MatrixRow& row(const ProofWay& way, const std::string& field, const std::string& form) {
    MatrixRow& row = rows_[{way.partner, way.service, way_text(way), field, form}];
    if (!row.recipient.empty()) return row;
    const Setting* partner = config_.snapshot.settings.find("partner", way.partner);
    row.recipient = way.partner;
    if (partner != nullptr) row.recipient_zh = partner->text("title_zh");
    row.way = way_text(way);
    row.service = way.service;
    row.field = field;
    row.form = form;
    row.purpose = way.basis.purpose;
    row.legal_basis = way.basis.legal_basis;
    row.onward = way.basis.onward;
    return row;
  }

  // Every labelled field has a row, also when it is dropped or the mapping does not read it.
  void leaves(const ProofWay& way, const FieldNode& field, const std::string& path) {
    for (const FieldNode& member : field.members)
      leaves(way, member, path.empty() ? member.name : path + "." + member.name);
    for (const FieldNode& one : field.element) leaves(way, one, path + "[]");
    if (!field.members.empty() || !field.element.empty() || is_open(field.label)) return;
    const DisclosedField decided = way.policy->decide(path, field);
    MatrixRow& made = row(way, path, form_text(decided.form, decided.when, decided.otherwise));
    made.field_zh = field.title_zh;
    made.label = text_of(field.label);
    made.rule = decided.rule;
  }

  void add(const ProofWay& way, const ProofClaim& claim) {
    MatrixRow& made = row(way, claim.source, form_of(claim));
    made.field_zh = claim.title_zh;
    made.label = text_of(claim.label);
    made.rule = claim.rule;
    const std::string output = claim.output.empty() ? "when" : claim.output;
    if (std::find(made.outputs.begin(), made.outputs.end(), output) == made.outputs.end())
      made.outputs.push_back(output);
    if (!claim.reason.empty() && made.reasons.find(claim.reason) == std::string::npos)
      made.reasons += (made.reasons.empty() ? "" : "; ") + claim.reason;
  }

  // Which bytes the recipient may read, by type; the address of an attachment is a field like any other.
  void add_attachments(const ProofWay& way) {
    const RecipientPlan* recipient = recipient_of(way);
    const FieldNode* url = recipient == nullptr ? nullptr : field_at(*way.mapping->source, "attachments[].url");
    if (url == nullptr || !url->label) return;
    bool rest = true;
    for (const AttachmentRule& rule : recipient->attachments.rules()) {
      const bool fits = rule.subject.empty() ? url->label->subject != "informant" : rule.subject == url->label->subject;
      if (!fits || !rest) continue;
      add_file(way, *url, rule.type, rule.on_release ? "original on release" : std::string(name_of(rule.form)),
               rule.place);
      rest = rule.type != "*";
    }
    if (rest) add_file(way, *url, "*", std::string(name_of(AttachmentForm::kWithheld)), "default");
  }

  void add_file(const ProofWay& way, const FieldNode& url, const std::string& type, const std::string& form,
                const std::string& rule) {
    std::vector<std::string> outputs;
    for (const auto& [key, other] : rows_) {
      const bool same = other.recipient == way.partner && other.service == way.service && other.way == way_text(way);
      if (same && other.field == "attachments[].url" && other.form != "drop" && other.form != "choice")
        outputs.insert(outputs.end(), other.outputs.begin(), other.outputs.end());
    }
    MatrixRow& made = row(way, "attachments " + type, form);
    made.field_zh = "附件内容";
    made.label = "file/" + url.label->subject;
    made.rule = rule;
    made.outputs = std::move(outputs);
  }

  const RecipientPlan* recipient_of(const ProofWay& way) const {
    if (way.kind < WayKind::kRoute || way.route.empty()) return nullptr;
    for (const auto& [service, routes] : config_.plan->routes) {
      for (const RoutePlan& route : routes) {
        if (route.name != way.route) continue;
        for (const RecipientPlan& one : route.recipients)
          if (one.partner.str() == way.partner && one.service.str() == way.service) return &one;
      }
    }
    return nullptr;
  }

  const CompiledConfig& config_;
  std::map<std::tuple<std::string, std::string, std::string, std::string, std::string>, MatrixRow> rows_;
};

// ---- difference -------------------------------------------------------------------------------------------------

using Key = std::tuple<std::string, std::string, std::string>;  // recipient, service, field

struct Reach {
  std::string title, label;
  std::set<std::string> forms, outputs;
};

std::map<Key, Reach> reach_of(const std::vector<MatrixRow>& rows) {
  std::map<Key, Reach> out;
  for (const MatrixRow& row : rows) {
    if (row.outputs.empty()) continue;
    Reach& reach = out[{row.recipient, row.service, row.field}];
    reach.title = row.field_zh;
    reach.label = row.label;
    reach.forms.insert(row.form);
    reach.outputs.insert(row.outputs.begin(), row.outputs.end());
  }
  return out;
}

std::string joined(const std::set<std::string>& texts) {
  return joined(std::vector<std::string>(texts.begin(), texts.end()));
}

std::string rule_words(const Setting& rule) {
  std::string out = rule.text("treatment");
  if (rule.has("when")) out += " when " + rule.text("when") + ", otherwise " + rule.text("otherwise");
  return out;
}

// "policies/x: phone/complainant → mask" of each rule that decides about a field of something that leaves.
std::set<std::string> firing_rules(const CompiledConfig& config) {
  std::map<std::string, std::string> texts;
  for (const NamedSetting& policy : config.snapshot.settings.all("policy")) {
    for (const Setting& rule : policy.value.list("rules")) {
      std::string text = "policies/" + policy.id + ": " + rule.text("kind") + "/" + rule.text("subject");
      if (!rule.text("path").empty()) text += " " + rule.text("path");
      texts[rule.file() + ":" + std::to_string(rule.position().line)] = text + " → " + rule_words(rule);
    }
  }
  std::set<std::string> firing;
  const auto walk = [&](const auto& self, const ProofWay& way, const FieldNode& field,
                        const std::string& path) -> void {
    for (const FieldNode& member : field.members)
      self(self, way, member, path.empty() ? member.name : path + "." + member.name);
    for (const FieldNode& one : field.element) self(self, way, one, path + "[]");
    if (!field.members.empty() || !field.element.empty()) return;
    if (const auto found = texts.find(way.policy->decide(path, field).rule); found != texts.end())
      firing.insert(found->second);
  };
  for (const ProofWay& way : config.proof->input.ways) {
    if (way.kind >= WayKind::kRoute) walk(walk, way, *way.mapping->source, {});
  }
  return firing;
}

}  // namespace

std::vector<MatrixRow> matrix_of(const CompiledConfig& config) { return Maker(config).run(); }

void print_matrix(std::ostream& out, const CompiledConfig& config, const std::string& form) {
  const std::vector<MatrixRow> rows = matrix_of(config);
  if (form == "csv") return print_csv(out, rows);
  if (form == "html") return print_html(out, rows, config);
  std::vector<std::string> heads;
  heads.reserve(kHeads.size());
  for (const auto& [zh, en] : kHeads) heads.emplace_back(zh);
  TextTable table(heads);
  for (const MatrixRow& row : rows) table.add(cells(row, true));
  table.print(out);
  out << '\n';
  TextTable words({"人工放行", "字段", "类型", "理由", "位置"});
  for (const Declassified& entry : config.proof->input.declassified) words.add(words_of(entry));
  words.print(out);
  out << kScopeZh << '\n' << kScopeEn << '\n';
}

void print_difference(std::ostream& out, const CompiledConfig& before, const CompiledConfig& after) {
  const auto old_reach = reach_of(matrix_of(before));
  const auto new_reach = reach_of(matrix_of(after));
  std::size_t changes = 0;
  for (const auto& [key, reach] : new_reach) {
    const auto& [recipient, service, field] = key;
    const std::string what = field + "（" + reach.title + "，" + reach.label + "）";
    const auto old = old_reach.find(key);
    if (old != old_reach.end() && old->second.forms == reach.forms && old->second.outputs == reach.outputs) continue;
    ++changes;
    if (old == old_reach.end()) {
      out << "新增：" << recipient << " 在 " << service << " 中将得到 " << what << "，形式 " << joined(reach.forms)
          << "，对方字段 " << joined(reach.outputs) << "。\n  new: " << recipient << " newly gets " << field << " ("
          << reach.label << ") with " << service << " as " << joined(reach.forms) << " in " << joined(reach.outputs)
          << ".\n";
    } else {
      out << "变化：" << recipient << " 在 " << service << " 中得到的 " << what << "，形式 "
          << joined(old->second.forms) << " → " << joined(reach.forms) << "，对方字段 " << joined(old->second.outputs)
          << " → " << joined(reach.outputs) << "。\n  changed: " << field << " for " << recipient << " with " << service
          << ": " << joined(old->second.forms) << " → " << joined(reach.forms) << " in " << joined(reach.outputs)
          << ".\n";
    }
  }
  for (const auto& [key, reach] : old_reach) {
    if (new_reach.contains(key)) continue;
    const auto& [recipient, service, field] = key;
    ++changes;
    out << "不再提供：" << recipient << " 在 " << service << " 中不再得到 " << field << "（" << reach.title << "，"
        << reach.label << "）。\n  no longer: " << recipient << " no longer gets " << field << " (" << reach.label
        << ") with " << service << ".\n";
  }
  const std::set<std::string> firing = firing_rules(after);
  for (const std::string& rule : firing_rules(before)) {
    if (firing.contains(rule)) continue;
    ++changes;
    out << "规则不再生效：" << rule << "。\n  no longer decides about anything: " << rule << ".\n";
  }
  if (changes == 0) out << "披露内容没有变化。\n  nothing changed in what reaches whom.\n";
}

}  // namespace tongqu::app
