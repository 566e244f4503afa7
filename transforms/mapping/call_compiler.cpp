// Calls: names, numbers and kinds of arguments, constants.
#include <algorithm>
#include <array>

#include "transforms/mapping/expression_compiler.hpp"
#include "transforms/mapping/mapping_codes.hpp"

namespace tongqu::mapping {
namespace {

bool is_constant(ParamKind kind) { return kind >= ParamKind::kConstText; }

bool accepts(ParamKind kind, const Type& type) {
  const FieldType t = type.kind;
  switch (kind) {
    case ParamKind::kText: return t == FieldType::kText;
    case ParamKind::kInteger: return t == FieldType::kInteger;
    case ParamKind::kInstant: return t == FieldType::kInstant;
    case ParamKind::kTextOrInteger: return t == FieldType::kText || t == FieldType::kInteger;
    case ParamKind::kTextOrDecimal: return t == FieldType::kText || t == FieldType::kDecimal;
    case ParamKind::kNumberOrText: return t == FieldType::kText || t == FieldType::kInteger || t == FieldType::kDecimal;
    case ParamKind::kScalar: return t < FieldType::kList;
    case ParamKind::kScalarList: return t == FieldType::kList && type.element < FieldType::kList;
    case ParamKind::kTextList: return t == FieldType::kList && type.element == FieldType::kText;
    case ParamKind::kTextOrList: return t == FieldType::kText || t == FieldType::kList;
    default: return false;
  }
}

std::vector<std::string> function_names() {
  std::vector<std::string> names{"exists"};
  for (const FunctionInfo& info : functions()) names.emplace_back(info.name);
  return names;
}

}  // namespace

bool ExpressionCompiler::bind_unit(const Argument& argument, CallCode& code) {
  static constexpr std::array<MoneyUnit, 3> kUnits{MoneyUnit::kYuan, MoneyUnit::kWan, MoneyUnit::kFen};
  if (!argument.name.empty() && argument.name != "unit") {
    fault(argument.position, codes::kMappingUnknownWord, argument.name + " → unit");
    return false;
  }
  for (const MoneyUnit unit : kUnits) {
    if (argument.word != name_of(unit)) continue;
    code.constants.unit = unit;
    return true;
  }
  fault(argument.position, codes::kMappingUnknownWord, argument.word + " → yuan | wan | fen");
  return false;
}

bool ExpressionCompiler::bind_table(const Argument& argument, CallCode& code) {
  const bool text = argument.value != nullptr && argument.value->kind == ExprKind::kText;
  const std::string& name = text ? argument.value->text : argument.word;
  code.constants.table = name.empty() ? nullptr : tables_.find_table(name);
  if (code.constants.table == nullptr) {
    fault(argument.position, codes::kMappingUnknownTable, name);
    return false;
  }
  code.table_version = code.constants.table->name() + "@" + code.constants.table->version();
  if (std::find(out_.tables.begin(), out_.tables.end(), code.table_version) == out_.tables.end())
    out_.tables.push_back(code.table_version);
  return true;
}

bool ExpressionCompiler::bind_constant(const Argument& argument, Param param, const FunctionInfo& info, CallCode& code,
                                       std::size_t& texts) {
  if (param.kind == ParamKind::kUnit && argument.value == nullptr) return bind_unit(argument, code);
  if (param.kind == ParamKind::kTable) return bind_table(argument, code);
  const Expr* literal = argument.value.get();
  const auto wanted = param.kind == ParamKind::kConstCount ? ExprKind::kInteger : ExprKind::kText;
  bool fits = literal != nullptr && literal->kind == wanted && param.kind != ParamKind::kUnit;
  if (fits && param.kind == ParamKind::kConstCount) {
    fits = literal->integer >= 0 && literal->integer <= static_cast<std::int64_t>(kMaxTextBytes);
    auto& place = param.optional ? code.constants.count : code.constants.from;
    if (fits) place = static_cast<std::uint32_t>(literal->integer);
  } else if (fits && param.kind == ParamKind::kPattern) {
    auto pattern = DatePattern::create(literal->text);
    if (!pattern) {
      fault(argument.position, codes::kMappingPattern, literal->text);
      return false;
    }
    code.pattern = std::make_unique<DatePattern>(std::move(*pattern));
    code.constants.pattern = code.pattern.get();
  } else if (fits) {
    // Nothing can be looked for by an empty text; what replaces or joins may be empty.
    const bool second = texts++ > 0;
    fits = !literal->text.empty() || second || info.name == "join";
    (second ? code.constants.second : code.constants.first) = literal->text;
  }
  if (!fits) fault(argument.position, codes::kMappingConstant, std::string(info.signature));
  return fits;
}

bool ExpressionCompiler::bind(const Argument& argument, Param param, const FunctionInfo& info, CallCode& code,
                              std::vector<Type>& evaluated) {
  if (argument.value == nullptr || !argument.name.empty()) {
    fault(argument.position, codes::kMappingArguments, std::string(info.signature));
    return false;
  }
  const auto type = compile(*argument.value);
  if (!type) return false;
  if (!accepts(param.kind, *type)) {
    fault(argument.value->position, codes::kMappingType, std::string(info.signature) + " ← " + describe(*type));
    return false;
  }
  if (type->kind == FieldType::kList) {
    code.constants.element = type->element;
    code.constants.empty_absent = type->empty_absent;
  }
  evaluated.push_back(*type);
  return true;
}

std::optional<Type> ExpressionCompiler::call(const Expr& expr) {
  const FunctionInfo* info = find_function(expr.text);
  if (info == nullptr) {
    fault(expr.position, codes::kMappingUnknownFunction, suggest(expr.text, function_names()));
    return std::nullopt;
  }
  const auto least = static_cast<std::size_t>(
      std::count_if(info->params.begin(), info->params.end(), [](const Param& p) { return !p.optional; }));
  if (expr.arguments.size() < least || (expr.arguments.size() > info->params.size() && !info->variadic)) {
    fault(expr.position, codes::kMappingArguments, std::string(info->signature));
    return std::nullopt;
  }
  CallCode code;
  code.info = info;
  const auto param_at = [info](std::size_t i) -> const Param& {
    return info->params[std::min(i, info->params.size() - 1)];
  };
  // Constants first: the table of a look-up belongs to the flow of its argument.
  bool fine = true;
  std::size_t texts = 0;
  for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
    if (!is_constant(param_at(i).kind)) continue;
    fine = bind_constant(expr.arguments[i], param_at(i), *info, code, texts) && fine;
  }
  std::vector<Type> evaluated;
  chain_.push_back(&code);
  for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
    if (!is_constant(param_at(i).kind)) fine = bind(expr.arguments[i], param_at(i), *info, code, evaluated) && fine;
  }
  chain_.pop_back();
  if (!fine) return std::nullopt;
  Type result{info->result};
  if (info->result == FieldType::kAny) result.kind = code.constants.element;
  if (info->result == FieldType::kList) result.element = FieldType::kText;
  const auto count = static_cast<std::uint32_t>(evaluated.size());
  out_.program.calls.push_back(std::move(code));
  emit(Op::kCall, static_cast<std::uint32_t>(out_.program.calls.size() - 1), count, 1 - static_cast<int>(count));
  return result;
}

}  // namespace tongqu::mapping
