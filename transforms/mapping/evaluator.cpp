// Instructions and paths.
#include "transforms/mapping/evaluator.hpp"

#include <algorithm>

#include "transforms/mapping/mapping_codes.hpp"

namespace tongqu::mapping {
namespace {

bool holds(CompareOp op, int order) {
  switch (op) {
    case CompareOp::kEqual: return order == 0;
    case CompareOp::kUnequal: return order != 0;
    case CompareOp::kLess: return order < 0;
    case CompareOp::kLessEqual: return order <= 0;
    case CompareOp::kGreater: return order > 0;
    case CompareOp::kGreaterEqual: return order >= 0;
  }
  return false;
}

int order_of(const Value& a, const Value& b) {
  if (a.type == FieldType::kText) return a.text == b.text ? 0 : 1;
  if (a.type == FieldType::kDecimal) return compare_decimals(a.text, b.text);
  return a.integer < b.integer ? -1 : a.integer > b.integer ? 1 : 0;
}

bool is_member(const InSet& set, const Value& value) {
  if (value.type == FieldType::kText)
    return std::find(set.texts.begin(), set.texts.end(), value.text) != set.texts.end();
  if (value.type == FieldType::kDecimal) {
    return std::any_of(set.texts.begin(), set.texts.end(),
                       [&](const std::string& text) { return compare_decimals(text, value.text) == 0; });
  }
  return std::find(set.integers.begin(), set.integers.end(), value.integer) != set.integers.end();
}

// What passes on when an operand is no value: the first fault, else absent. nullptr: all are values.
const Value* obstacle(std::span<const Value> operands) {
  const Value* found = nullptr;
  for (const Value& operand : operands) {
    if (operand.state == State::kFault) return &operand;
    if (operand.state == State::kAbsent && found == nullptr) found = &operand;
  }
  return found;
}

std::uint32_t origin_of(std::span<const Value> operands) {
  for (const Value& operand : operands) {
    if (operand.origin != kNoOrigin) return operand.origin;
  }
  return kNoOrigin;
}

// and: `decisive` false; or: true. One side may decide whatever the other is.
Value connect(const Value& a, const Value& b, bool decisive) {
  const std::array<Value, 2> both{a, b};
  for (const Value& side : both) {
    if (side.state == State::kValue && (side.integer != 0) == decisive) return side;
  }
  const Value* blocked = obstacle(both);
  return blocked != nullptr ? *blocked : a;
}

}  // namespace

Value Evaluator::evaluate(std::uint32_t begin, std::uint32_t end) {
  std::size_t top = 0;
  for (std::uint32_t at = begin; at < end; ++at) {
    if (stopped_ || ++steps_ > kMaxSteps) {
      stopped_ = true;
      return Value::of_fault(codes::kMapLimitSteps, "1000000");
    }
    const Instruction& now = program_.code[at];
    switch (now.op) {
      case Op::kOtherwise:
        if (stack_[top - 1].state == State::kAbsent) {
          --top;
        } else {
          at = now.a - 1;
        }
        break;
      case Op::kBranch: {
        const Value& condition = stack_[top - 1];
        if (condition.state != State::kValue) {
          at = now.b - 1;
        } else {
          if (condition.integer == 0) at = now.a - 1;
          --top;
        }
        break;
      }
      case Op::kJump: at = now.a - 1; break;
      case Op::kAbsent:
        stack_[top++] = Value::absent();
        chose_absent_ = true;
        break;
      default: execute(now, top);
    }
  }
  return top == 0 ? Value::absent() : stack_[top - 1];
}

void Evaluator::execute(const Instruction& now, std::size_t& top) {
  switch (now.op) {
    case Op::kText: stack_[top++] = Value::of_text(program_.texts[now.a]); break;
    case Op::kInteger: stack_[top++] = Value::of_integer(program_.integers[now.a]); break;
    case Op::kDecimal: stack_[top++] = Value::of_decimal(program_.texts[now.a]); break;
    case Op::kBoolean: stack_[top++] = Value::of_boolean(now.a != 0); break;
    case Op::kPath: stack_[top++] = read(now.a); break;
    case Op::kExists: {
      Value value = Value::of_boolean(exists(now.a));
      value.origin = now.a;
      stack_[top++] = value;
      break;
    }
    case Op::kCall: {
      top -= now.b;
      const Value result = call(program_.calls[now.a], {stack_.data() + top, now.b});
      stack_[top++] = result;
      break;
    }
    case Op::kCompare: {
      top -= 2;
      const std::span<const Value> sides{stack_.data() + top, 2};
      const Value* blocked = obstacle(sides);
      Value result = blocked != nullptr
                         ? *blocked
                         : Value::of_boolean(holds(static_cast<CompareOp>(now.a), order_of(sides[0], sides[1])));
      if (blocked == nullptr) result.origin = origin_of(sides);
      stack_[top++] = result;
      break;
    }
    case Op::kIn: {
      Value& value = stack_[top - 1];
      if (value.state != State::kValue) break;
      Value result = Value::of_boolean(is_member(program_.sets[now.a], value) != (now.b != 0));
      result.origin = value.origin;
      value = result;
      break;
    }
    case Op::kNot:
      if (stack_[top - 1].state == State::kValue) stack_[top - 1].integer = stack_[top - 1].integer == 0 ? 1 : 0;
      break;
    case Op::kAnd:
    case Op::kOr: {
      --top;
      const Value joined = connect(stack_[top - 1], stack_[top], now.op == Op::kOr);
      stack_[top - 1] = joined;
      break;
    }
    default: break;
  }
}

const Node* Evaluator::resolve(const PathCode& path, bool& wrong) const {
  const Node* node = path.from_root || depth_ == 0 ? &in_ : frames_[depth_ - 1].element;
  for (const PathStep& step : path.steps) {
    if (node->kind == Kind::kNull) return nullptr;
    const Node* next = nullptr;
    if (step.name.empty()) {
      // A single value where the schema says list is a list of one.
      if (node->kind != Kind::kList) {
        next = step.index == 0 ? node : nullptr;
      } else {
        next = node->first;
        for (std::uint32_t i = 0; i < step.index && next != nullptr; ++i) next = next->next;
      }
    } else if (node->kind == Kind::kObject) {
      next = node->find(step.name);
    } else if (node->kind == Kind::kText && (step.name == "#text" || node->text.empty())) {
      // XML: an element with nothing but text, an empty element.
      next = step.name == "#text" ? node : nullptr;
    } else {
      wrong = true;
    }
    if (next == nullptr) return nullptr;
    node = next;
  }
  return node;
}

Value Evaluator::read_list(const PathCode& path, const Node& node) {
  Value list;
  list.state = State::kValue;
  list.type = FieldType::kList;
  const bool many = node.kind == Kind::kList;
  if (node.kind == Kind::kText && node.text.empty() && (path.empty_absent || path.element == FieldType::kObject))
    return Value::absent();
  list.list = many ? node.first : &node;
  list.count = many ? node.count : 1;
  return list.count > kMaxListElements ? list_too_long() : list;
}

Value Evaluator::read(std::uint32_t id) {
  const PathCode& path = program_.paths[id];
  if (trace_ != nullptr) reading_.sources.push_back(path_text(id));
  bool wrong = false;
  const Node* node = resolve(path, wrong);
  Value value;
  if (wrong) {
    value = Value::of_fault(codes::kMapSourceType, "object");
  } else if (node != nullptr && node->kind != Kind::kNull) {
    value = path.type == FieldType::kList ? read_list(path, *node)
                                          : read_scalar(*node, path.type, path.empty_absent, scratch_);
  }
  value.origin = id;
  return value;
}

bool Evaluator::exists(std::uint32_t id) {
  const PathCode& path = program_.paths[id];
  if (trace_ != nullptr) reading_.sources.push_back(path_text(id));
  bool wrong = false;
  const Node* node = resolve(path, wrong);
  if (node == nullptr || node->kind == Kind::kNull) return wrong;
  if (path.type < FieldType::kList)
    return read_scalar(*node, path.type, path.empty_absent, scratch_).state != State::kAbsent;
  return true;
}

Value Evaluator::call(const CallCode& code, std::span<const Value> arguments) {
  if (trace_ != nullptr) {
    reading_.functions.emplace_back(code.info->name);
    if (!code.table_version.empty()) reading_.tables.push_back(code.table_version);
  }
  const Value* blocked = obstacle(arguments);
  if (blocked != nullptr) return *blocked;
  const std::uint32_t origin = origin_of(arguments);
  Value result = code.info->body(code.constants, arguments, scratch_);
  result.origin = origin;
  // Long texts and lists cost as much as many instructions.
  for (const Value& argument : arguments) steps_ += argument.text.size() / 1024 + argument.count / 16;
  return result;
}

}  // namespace tongqu::mapping
