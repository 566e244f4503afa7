#include "transforms/mapping/expression_compiler.hpp"

#include <algorithm>
#include <array>

#include "gateway/core/text.hpp"
#include "transforms/mapping/mapping_codes.hpp"
#include "transforms/mapping/parser.hpp"

namespace tongqu::mapping {
namespace {

// Sets a value and puts the old one back at the end of the block.
template <class T>
class Restore {
 public:
  Restore(T& place, T value) : place_(place), old_(std::exchange(place, value)) {}
  ~Restore() { place_ = old_; }
  Restore(const Restore&) = delete;
  Restore& operator=(const Restore&) = delete;

 private:
  T& place_;
  T old_;
};

std::vector<std::string> member_names(const FieldNode& field) {
  std::vector<std::string> names;
  names.reserve(field.members.size());
  for (const FieldNode& member : field.members) names.push_back(member.name);
  return names;
}

bool is_ordered(FieldType type) {
  return type == FieldType::kInteger || type == FieldType::kDecimal || type == FieldType::kInstant;
}
bool is_scalar(FieldType type) { return type < FieldType::kList; }

}  // namespace

std::string describe(const Type& type) {
  std::string text(name_of(type.kind));
  if (type.kind == FieldType::kList) text.append(" of ").append(name_of(type.element));
  return text;
}

std::string suggest(std::string_view found, const std::vector<std::string>& words) {
  const std::vector<std::string_view> views(words.begin(), words.end());
  const std::string near = nearest_word(found, views.data(), views.size());
  return near.empty() ? std::string(found) : std::string(found) + " → " + near;
}

void ExpressionCompiler::fault(Position position, const ErrorCode& code, std::string param, std::string path,
                               std::string field_zh) {
  if (out_.faults.size() >= kMaxLoadFaults) return;
  out_.faults.push_back({&code, std::move(path), std::move(field_zh), std::move(param), position, Grade::kError});
}

void ExpressionCompiler::emit(Op op, std::uint32_t a, std::uint32_t b, int stack_change) {
  out_.program.code.push_back({op, a, b});
  depth_ += stack_change;
  if (depth_ > static_cast<int>(kMaxStackValues)) {
    fault({}, codes::kMappingTooLarge, "max_stack_values = " + std::to_string(kMaxStackValues));
    depth_ = 0;
  }
}

std::optional<Type> ExpressionCompiler::compile(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kText:
    case ExprKind::kInteger:
    case ExprKind::kDecimal:
    case ExprKind::kBoolean: return literal(expr);
    case ExprKind::kPath: return path(expr, false);
    case ExprKind::kCall: return expr.text == "exists" ? exists(expr) : call(expr);
    case ExprKind::kCompare: return compare(expr);
    case ExprKind::kIn: return in(expr);
    case ExprKind::kNot:
    case ExprKind::kAnd:
    case ExprKind::kOr: return logic(expr);
    case ExprKind::kOtherwise: return otherwise(expr);
    case ExprKind::kIf: return branch(expr);
  }
  return std::nullopt;
}

std::optional<Type> ExpressionCompiler::literal(const Expr& expr) {
  Program& program = out_.program;
  if (expr.kind == ExprKind::kInteger) {
    program.integers.push_back(expr.integer);
    emit(Op::kInteger, static_cast<std::uint32_t>(program.integers.size() - 1), 0, 1);
    return Type{FieldType::kInteger};
  }
  if (expr.kind == ExprKind::kBoolean) {
    emit(Op::kBoolean, expr.flag ? 1 : 0, 0, 1);
    return Type{FieldType::kBoolean};
  }
  program.texts.push_back(expr.text);
  const bool text = expr.kind == ExprKind::kText;
  emit(text ? Op::kText : Op::kDecimal, static_cast<std::uint32_t>(program.texts.size() - 1), 0, 1);
  return Type{text ? FieldType::kText : FieldType::kDecimal};
}

// The field of a path, or nullptr with a fault. `path` becomes the steps as text.
const FieldNode* ExpressionCompiler::follow(const Expr& expr, std::string& path) {
  const Scope& scope = expr.flag ? scopes_.front() : scopes_.back();
  const FieldNode* field = scope.field;
  for (const PathStep& step : expr.steps) {
    if (step.name.empty()) {
      path += "[" + std::to_string(step.index) + "]";
      if (field->type != FieldType::kList) {
        fault(expr.position, codes::kMappingType, "list ← " + std::string(name_of(field->type)), "$" + path);
        return nullptr;
      }
      if (field->element.empty()) {
        fault(expr.position, codes::kMappingUntyped, "$" + path, "$" + path);
        return nullptr;
      }
      field = &field->element.front();
      continue;
    }
    if (field->type == FieldType::kList) {
      fault(expr.position, codes::kMappingNeedsIndex, "$" + path, "$" + path, field->title_zh);
      return nullptr;
    }
    path += "." + step.name;
    const FieldNode* member = field->find(step.name);
    if (member == nullptr) {
      fault(expr.position, codes::kMappingUnknownSource, suggest(step.name, member_names(*field)), "$" + path);
      return nullptr;
    }
    field = member;
  }
  return field;
}

std::optional<Type> ExpressionCompiler::path(const Expr& expr, bool exists) {
  std::string steps;
  const FieldNode* field = follow(expr, steps);
  if (field == nullptr) return std::nullopt;
  const Scope& scope = expr.flag ? scopes_.front() : scopes_.back();
  PathCode code;
  code.from_root = expr.flag || scopes_.size() == 1;
  code.steps = expr.steps;
  code.type = field->type;
  code.empty_absent = field->empty_absent;
  code.text = steps;
  code.title_zh = field->title_zh;
  Type type{field->type, FieldType::kAny, false, nullptr};
  if (field->type == FieldType::kList && !field->element.empty()) {
    const FieldNode& element = field->element.front();
    type = {FieldType::kList, element.type, element.empty_absent, &element};
    code.element = element.type;
    code.empty_absent = element.empty_absent;
  }
  if (!exists && field->type == FieldType::kAny) {
    fault(expr.position, codes::kMappingUntyped, "$" + steps, "$" + steps, field->title_zh);
    return std::nullopt;
  }
  if (!exists && field->type == FieldType::kObject) {
    fault(expr.position, codes::kMappingWholeObject, "$" + steps, "$" + steps, field->title_zh);
    return std::nullopt;
  }
  SourceFlow flow;
  flow.choice = choice_;
  if (reduced_ || exists) flow.flow = LabelFlow::kReduces;
  for (auto call = chain_.rbegin(); call != chain_.rend(); ++call) {
    flow.functions.emplace_back((*call)->info->name);
    if (!(*call)->table_version.empty()) flow.tables.push_back((*call)->table_version);
    if (flow.flow == LabelFlow::kPasses) flow.flow = (*call)->info->flow;
  }
  for (const std::string& scope_path : scope.paths) {
    flow.path = scope_path + steps;
    sources_.push_back(flow);
  }
  out_.program.paths.push_back(std::move(code));
  emit(exists ? Op::kExists : Op::kPath, static_cast<std::uint32_t>(out_.program.paths.size() - 1), 0, 1);
  return type;
}

std::optional<Type> ExpressionCompiler::exists(const Expr& expr) {
  const bool fits = expr.arguments.size() == 1 && expr.arguments[0].value != nullptr &&
                    expr.arguments[0].value->kind == ExprKind::kPath && expr.arguments[0].name.empty();
  if (!fits) {
    fault(expr.position, codes::kMappingArguments, "exists(path) → boolean");
    return std::nullopt;
  }
  if (!path(*expr.arguments[0].value, true)) return std::nullopt;
  return Type{FieldType::kBoolean};
}

bool ExpressionCompiler::expect_type(const Expr& expr, const std::optional<Type>& found, FieldType wanted) {
  if (!found) return false;
  if (found->kind == wanted) return true;
  fault(expr.position, codes::kMappingType, std::string(name_of(wanted)) + " ← " + describe(*found));
  return false;
}

std::optional<Type> ExpressionCompiler::compare(const Expr& expr) {
  const Restore reduced(reduced_, true);
  const auto left = compile(*expr.operands[0]);
  const auto right = compile(*expr.operands[1]);
  if (!left || !right) return std::nullopt;
  if (left->kind != right->kind || !is_scalar(left->kind)) {
    fault(expr.position, codes::kMappingCompare, describe(*left) + ", " + describe(*right));
    return std::nullopt;
  }
  if (expr.op > CompareOp::kUnequal && !is_ordered(left->kind)) {
    fault(expr.position, codes::kMappingOrder, describe(*left));
    return std::nullopt;
  }
  emit(Op::kCompare, static_cast<std::uint32_t>(expr.op), 0, -1);
  return Type{FieldType::kBoolean};
}

std::optional<Type> ExpressionCompiler::in(const Expr& expr) {
  const Restore reduced(reduced_, true);
  const auto value = compile(*expr.operands[0]);
  InSet set;
  bool fine = value.has_value();
  for (std::size_t i = 1; i < expr.operands.size(); ++i) {
    const Expr& literal = *expr.operands[i];
    static constexpr std::array<FieldType, 4> kTypes{FieldType::kText, FieldType::kInteger, FieldType::kDecimal,
                                                     FieldType::kBoolean};
    const FieldType type = kTypes[static_cast<std::size_t>(literal.kind)];
    if (value && value->kind != type) {
      fault(literal.position, codes::kMappingCompare, describe(*value) + ", " + std::string(name_of(type)));
      fine = false;
    }
    if (type == FieldType::kText || type == FieldType::kDecimal) {
      set.texts.push_back(literal.text);
    } else {
      set.integers.push_back(type == FieldType::kBoolean ? (literal.flag ? 1 : 0) : literal.integer);
    }
  }
  if (!fine) return std::nullopt;
  out_.program.sets.push_back(std::move(set));
  emit(Op::kIn, static_cast<std::uint32_t>(out_.program.sets.size() - 1), expr.flag ? 1 : 0, 0);
  return Type{FieldType::kBoolean};
}

std::optional<Type> ExpressionCompiler::logic(const Expr& expr) {
  const Restore reduced(reduced_, true);
  bool fine = true;
  for (const ExprPtr& operand : expr.operands)
    fine = expect_type(*operand, compile(*operand), FieldType::kBoolean) && fine;
  if (!fine) return std::nullopt;
  if (expr.kind == ExprKind::kNot) {
    emit(Op::kNot, 0, 0, 0);
  } else {
    emit(expr.kind == ExprKind::kAnd ? Op::kAnd : Op::kOr, 0, 0, -1);
  }
  return Type{FieldType::kBoolean};
}

std::optional<Type> ExpressionCompiler::branch(const Expr& expr) {
  bool fine = true;
  {
    const Restore choice(choice_, true);
    const Restore reduced(reduced_, true);
    fine = expect_type(*expr.operands[0], compile(*expr.operands[0]), FieldType::kBoolean);
  }
  const std::uint32_t condition = here();
  emit(Op::kBranch, 0, 0, -1);
  const int depth = depth_;
  const auto yes = compile(*expr.operands[1]);
  const std::uint32_t jump = here();
  emit(Op::kJump, 0, 0, 0);
  depth_ = depth;
  const std::uint32_t other = here();
  const bool has_else = expr.operands[2] != nullptr;
  if (!has_else) emit(Op::kAbsent, 0, 0, 1);
  const auto no = has_else ? compile(*expr.operands[2]) : yes;
  out_.program.code[condition].a = other;
  out_.program.code[condition].b = out_.program.code[jump].a = here();
  if (!fine || !yes || !no) return std::nullopt;
  if (describe(*yes) != describe(*no)) {
    fault(expr.operands[2]->position, codes::kMappingType, describe(*yes) + " ← " + describe(*no));
    return std::nullopt;
  }
  return yes;
}

std::optional<Type> ExpressionCompiler::otherwise(const Expr& expr) {
  const std::size_t first_source = sources_.size();
  const auto left = compile(*expr.operands[0]);
  // Whether the left side is there decides about the right side.
  for (std::size_t i = first_source, end = sources_.size(); i < end; ++i) {
    SourceFlow presence = sources_[i];
    presence.choice = true;
    presence.flow = LabelFlow::kReduces;
    sources_.push_back(std::move(presence));
  }
  const std::uint32_t jump = here();
  emit(Op::kOtherwise, 0, 0, -1);
  const auto right = compile(*expr.operands[1]);
  out_.program.code[jump].a = here();
  if (!left || !right) return std::nullopt;
  if (describe(*left) != describe(*right)) {
    fault(expr.operands[1]->position, codes::kMappingType, describe(*left) + " ← " + describe(*right));
    return std::nullopt;
  }
  return left;
}

}  // namespace tongqu::mapping
