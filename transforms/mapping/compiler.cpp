#include "transforms/mapping/compiler.hpp"

#include <algorithm>
#include <set>

#include "transforms/mapping/expression_compiler.hpp"
#include "transforms/mapping/mapping_codes.hpp"
#include "transforms/mapping/parser.hpp"

namespace tongqu::mapping {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ".") + name;
  return text;
}

// Fields below an object that hold values: scalars and lists.
void collect_leaves(const FieldNode& object, const std::string& prefix, bool required,
                    std::vector<std::pair<std::string, const FieldNode*>>& leaves,
                    std::set<std::string>& required_ones) {
  for (const FieldNode& member : object.members) {
    const std::string path = prefix.empty() ? member.name : prefix + "." + member.name;
    const bool needed = required && member.required;
    if (member.type == FieldType::kObject && !member.members.empty()) {
      collect_leaves(member, path, needed, leaves, required_ones);
      continue;
    }
    leaves.emplace_back(path, &member);
    if (needed) required_ones.insert(path);
  }
}

class Compiler {
 public:
  Compiler(Compiled& out, const FieldNode& source, const TableSet& tables)
      : out_(out), expressions_(out, source, tables) {}

  void whens(const std::vector<When>& rules) {
    for (const When& rule : rules) {
      WhenCode code{here(), 0, rule.position.line, rule.refuse, rule.reason};
      expressions_.set_choice(true);
      const auto type = expressions_.compile(*rule.condition);
      expressions_.set_choice(false);
      if (type && type->kind != FieldType::kBoolean)
        expressions_.fault(rule.condition->position, codes::kMappingType, "boolean ← " + describe(*type));
      code.end = here();
      out_.flows.push_back({{}, rule.position.line, false, expressions_.take_sources()});
      out_.program.whens.push_back(std::move(code));
    }
  }

  void block(const std::vector<Assignment>& rules, const FieldNode& target, const std::string& prefix, Position where,
             Block& into) {
    std::vector<std::pair<std::string, std::uint32_t>> assigned;
    for (const Assignment& rule : rules) {
      const std::string path = joined(rule.target);
      const FieldNode* field = find_target(rule, target, prefix);
      if (!check_twice(rule, path, prefix, assigned)) continue;
      Rule code;
      code.target = rule.target;
      code.target_text = path;
      code.on_fault = rule.on_fault;
      code.refusal = rule.refusal;
      code.line = rule.position.line;
      code.each = rule.each;
      if (field != nullptr) code.type = field->type;
      value(rule, field, prefix + path, code);
      into.rules.push_back(std::move(code));
    }
    leftovers(target, prefix, where, assigned, into);
  }

 private:
  std::uint32_t here() const { return static_cast<std::uint32_t>(out_.program.code.size()); }

  const FieldNode* find_target(const Assignment& rule, const FieldNode& target, const std::string& prefix) {
    const FieldNode* field = &target;
    std::string path = prefix;
    if (prefix.empty() && rule.target[0] == "kept") {
      expressions_.fault(rule.position, codes::kMappingReserved, "kept", "kept");
      return nullptr;
    }
    for (std::size_t i = 0; i < rule.target.size(); ++i) {
      const FieldNode* member = field->find(rule.target[i]);
      path += (i == 0 ? "" : ".") + rule.target[i];
      if (member == nullptr) {
        std::vector<std::string> names;
        names.reserve(field->members.size());
        for (const FieldNode& one : field->members) names.push_back(one.name);
        expressions_.fault(rule.position, codes::kMappingUnknownTarget, suggest(rule.target[i], names), path);
        return nullptr;
      }
      if (i + 1 < rule.target.size() && member->type == FieldType::kList) {
        expressions_.fault(rule.position, codes::kMappingNeedsIndex, path, path, member->title_zh);
        return nullptr;
      }
      field = member;
    }
    if (field->type == FieldType::kObject) {
      expressions_.fault(rule.position, codes::kMappingWholeObject, path, path, field->title_zh);
      return nullptr;
    }
    if (field->type == FieldType::kAny) {
      expressions_.fault(rule.position, codes::kMappingUntyped, path, path, field->title_zh);
      return nullptr;
    }
    return field;
  }

  bool check_twice(const Assignment& rule, const std::string& path, const std::string& prefix,
                   std::vector<std::pair<std::string, std::uint32_t>>& assigned) {
    for (const auto& [other, line] : assigned) {
      if (other != path) continue;
      expressions_.fault(rule.position, codes::kMappingAssignedTwice, path + ", " + std::to_string(line),
                         prefix + path);
      return false;
    }
    assigned.emplace_back(path, rule.position.line);
    return true;
  }

  void value(const Assignment& rule, const FieldNode* field, const std::string& path, Rule& code) {
    code.begin = here();
    expressions_.set_choice(rule.each);
    const auto type = expressions_.compile(*rule.value);
    expressions_.set_choice(false);
    code.end = here();
    FieldFlow flow{path, rule.position.line, rule.on_fault == OnFault::kKeep, expressions_.take_sources()};
    const std::vector<std::string> lists = lists_of(flow);
    out_.flows.push_back(std::move(flow));
    if (type) {
      code.element = type->element;
      code.element_empty_absent = type->empty_absent;
    }
    if (rule.each) {
      each(rule, field, path, lists, type, code);
    } else if (type && field != nullptr) {
      check_type(rule, *field, path, *type);
    }
  }

  // Where the elements of an each come from: what the list passes on, not what decides which list it is.
  static std::vector<std::string> lists_of(const FieldFlow& flow) {
    std::vector<std::string> lists;
    for (const SourceFlow& source : flow.sources) {
      if (source.flow != LabelFlow::kReduces && std::find(lists.begin(), lists.end(), source.path) == lists.end())
        lists.push_back(source.path);
    }
    if (lists.empty()) lists.emplace_back("$");
    return lists;
  }

  void check_type(const Assignment& rule, const FieldNode& field, const std::string& path, const Type& type) {
    Type wanted{field.type, FieldType::kAny, false, nullptr};
    if (field.type == FieldType::kList && !field.element.empty()) wanted.element = field.element.front().type;
    const bool objects = type.kind == FieldType::kList && type.element >= FieldType::kList;
    if (describe(wanted) == describe(type) && !objects) return;
    expressions_.fault(rule.value->position, codes::kMappingType, describe(wanted) + " ← " + describe(type), path,
                       field.title_zh);
  }

  void each(const Assignment& rule, const FieldNode* field, const std::string& path, std::vector<std::string> lists,
            const std::optional<Type>& type, Rule& code) {
    if (type && type->kind != FieldType::kList) {
      expressions_.fault(rule.value->position, codes::kMappingType, "list ← " + describe(*type));
      return;
    }
    if (!type || field == nullptr) return;
    if (field->type != FieldType::kList || field->element.empty() ||
        field->element.front().type != FieldType::kObject) {
      expressions_.fault(rule.position, codes::kMappingType, std::string(name_of(field->type)) + " ← list of object",
                         path, field->title_zh);
      return;
    }
    static const FieldNode kText = [] {
      FieldNode text;
      text.type = FieldType::kText;
      return text;
    }();
    const FieldNode* element = type->element_field != nullptr ? type->element_field : &kText;
    if (element->type == FieldType::kList || element->type == FieldType::kAny) {
      expressions_.fault(rule.value->position, codes::kMappingUntyped, lists.front());
      return;
    }
    // A piece of a text is the text's own field.
    if (type->element_field != nullptr) {
      for (std::string& list : lists) list += "[]";
    }
    expressions_.enter({element, std::move(lists)});
    block(rule.block, field->element.front(), path + "[].", rule.position, code.block);
    expressions_.leave();
  }

  // Fields without a rule: named in explanations, a warning where they are required.
  void leftovers(const FieldNode& target, const std::string& prefix, Position where,
                 const std::vector<std::pair<std::string, std::uint32_t>>& assigned, Block& into) {
    std::vector<std::pair<std::string, const FieldNode*>> leaves;
    std::set<std::string> required;
    collect_leaves(target, {}, true, leaves, required);
    std::set<std::string> done;
    for (const auto& rule : assigned) done.insert(rule.first);
    for (const auto& [path, field] : leaves) {
      if (done.contains(path)) continue;
      into.unassigned.push_back(path);
      if (!required.contains(path) || out_.faults.size() >= kMaxLoadFaults) continue;
      out_.faults.push_back(
          {&codes::kMappingRequired, prefix + path, field->title_zh, prefix + path, where, Grade::kWarning});
    }
  }

  Compiled& out_;
  ExpressionCompiler expressions_;
};

}  // namespace

Compiled compile(const SyntaxTree& tree, const FieldNode& source, const FieldNode& target, const TableSet& tables) {
  Compiled out;
  Compiler compiler(out, source, tables);
  compiler.whens(tree.whens);
  compiler.block(tree.rules, target, {}, tree.to.position, out.program.root);
  return out;
}

}  // namespace tongqu::mapping
