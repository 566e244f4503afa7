// Rules: what becomes of values and faults, and what is told about it.
#include <algorithm>
#include <charconv>

#include "transforms/mapping/evaluator.hpp"
#include "transforms/mapping/mapping_codes.hpp"

namespace tongqu::mapping {

void Evaluator::run() {
  Node* root = out_.make(Kind::kObject);
  out_.set_root(root);
  if (!decide()) return;
  run_block(program_.root, *root);
  if (trace_ != nullptr) note_unassigned(program_.root, {});
  if (stopped_) {
    Fault fault{.code = nodes_ > kMaxOutputNodes ? &codes::kMapLimitNodes : &codes::kMapLimitSteps,
                .path = "$",
                .field_zh = {},
                .param = std::to_string(nodes_ > kMaxOutputNodes ? kMaxOutputNodes : kMaxSteps),
                .position = {}};
    flag(std::move(fault));
  }
  if (refused_) {
    outcome_.verdict = MapVerdict::kRefused;
    out_.set_root(out_.make(Kind::kObject));
  }
}

// The first `when` that is true decides. False when nothing is to be mapped.
bool Evaluator::decide() {
  for (const WhenCode& when : program_.whens) {
    const Value condition = evaluate(when.begin, when.end);
    reading_ = {};
    if (condition.state == State::kFault) {
      flag(describe_fault(condition));
    }
    if (condition.state != State::kValue || condition.integer == 0) continue;
    outcome_.verdict = when.refuse ? MapVerdict::kRefused : MapVerdict::kHeld;
    outcome_.reason = when.reason;
    return !when.refuse;
  }
  return true;
}

void Evaluator::run_block(const Block& block, Node& object) {
  for (const Rule& rule : block.rules) {
    if (stopped_) return;
    run_rule(rule, object);
  }
}

void Evaluator::run_rule(const Rule& rule, Node& object) {
  if (trace_ != nullptr) reading_ = {};
  chose_absent_ = false;
  Value value = evaluate(rule.begin, rule.end);
  MapTrace of_list = trace_ != nullptr && rule.each ? reading_ : MapTrace{};
  if (value.state == State::kValue && rule.each) value = run_each(rule, value, object);
  if (trace_ != nullptr && rule.each) reading_ = std::move(of_list);
  if (value.state == State::kValue && !rule.each && !write(rule, value, object)) return;
  if (value.state == State::kFault) return settle_fault(rule, value, object);
  if (trace_ == nullptr) return;
  if (value.state == State::kValue) return note(rule, true, {});
  note(rule, false, chose_absent_ ? "condition is false" : reading_.sources.empty() ? "absent" : "source absent");
  if (rule.each) note_block(rule.block, output_text(rule.target_text) + "[].", "list absent");
}

Value Evaluator::run_each(const Rule& rule, const Value& list, Node& object) {
  Node& parent = container(rule, object);
  Node* const target = out_.add_list(parent, rule.target.back());
  if (!spend_node()) return Value::absent();
  const bool piece = list.origin != kNoOrigin && program_.paths[list.origin].type != FieldType::kList;
  Frame& frame = frames_[depth_];
  frame = {nullptr, list.origin, 0, piece, 0, &rule};
  ++depth_;
  const Node* element = list.list;
  for (std::uint32_t i = 0; i < list.count && !stopped_; ++i, element = element->next) {
    if (++steps_ > kMaxSteps) stopped_ = true;
    if (element->kind == Kind::kNull) continue;
    frame.element = element;
    frame.index = i;
    Node* const made = out_.make(Kind::kObject);
    run_block(rule.block, *made);
    if (made->count == 0) continue;
    if (!spend_node()) break;
    out_.append(*target, made);
    if (trace_ != nullptr) note_unassigned(rule.block, output_text(""));
    ++frame.output_index;
  }
  --depth_;
  if (trace_ != nullptr && list.count == 0) note_block(rule.block, output_text(rule.target_text) + "[].", "list empty");
  return list;
}

void Evaluator::settle_fault(const Rule& rule, const Value& fault, Node& object) {
  Fault flagged = describe_fault(fault);
  if (rule.on_fault == OnFault::kRefuse) {
    if (!refused_) outcome_.reason = rule.refusal.empty() ? std::string(fault.fault->zh) : rule.refusal;
    refused_ = true;
    if (trace_ != nullptr) note(rule, false, "refused: " + std::string(fault.fault->id));
  } else if (rule.on_fault == OnFault::kKeep && fault.origin != kNoOrigin) {
    keep(rule, fault, object, flagged);
  } else if (trace_ != nullptr) {
    note(rule, false, "fault: " + std::string(fault.fault->id));
  }
  flag(std::move(flagged));
}

void Evaluator::keep(const Rule& rule, const Value& fault, Node& object, Fault& flagged) {
  bool wrong = false;
  const Node* raw = resolve(program_.paths[fault.origin], wrong);
  flagged.grade = Grade::kWarning;
  if (trace_ != nullptr) note(rule, rule.type == FieldType::kText, "kept: " + std::string(fault.fault->id));
  if (raw == nullptr || !spend_node()) return;
  if (rule.type == FieldType::kText && raw->is_scalar()) {
    out_.add_text(container(rule, object), rule.target.back(), raw->text);
    return;
  }
  Node& root = out_.root();
  Node* kept = root.find("kept");
  if (kept == nullptr) kept = out_.add_list(root, "kept");
  Node* const entry = out_.add_object(*kept);
  out_.add_text(*entry, "field", output_text(rule.target_text));
  out_.add_text(*entry, "source", flagged.path);
  out_.append(*entry, out_.clone(*raw), "value");
}

Node& Evaluator::container(const Rule& rule, Node& object) {
  Node* at = &object;
  for (std::size_t i = 0; i + 1 < rule.target.size(); ++i) {
    Node* next = at->find(rule.target[i]);
    at = next != nullptr ? next : out_.add_object(*at, rule.target[i]);
  }
  return *at;
}

bool Evaluator::spend_node() {
  if (++nodes_ > kMaxOutputNodes) stopped_ = true;
  return !stopped_;
}

Node* Evaluator::make_scalar(const Value& value) {
  switch (value.type) {
    case FieldType::kText: return out_.make(Kind::kText, value.text);
    case FieldType::kDecimal: return out_.make(Kind::kNumber, value.text);
    case FieldType::kBoolean: return out_.make(Kind::kBoolean, value.integer != 0 ? "true" : "false");
    case FieldType::kInstant: return out_.make(Kind::kText, instant_text(value.integer, scratch_).text);
    default: break;
  }
  std::array<char, 24> digits{};
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), value.integer).ptr;
  return out_.make(Kind::kNumber, {digits.data(), static_cast<std::size_t>(end - digits.data())});
}

Node* Evaluator::make_list(const Rule& rule, const Value& value, Value& fault) {
  Node* const list = out_.make(Kind::kList);
  const Node* node = value.list;
  for (std::uint32_t i = 0; i < value.count; ++i, node = node->next) {
    const Value element = read_scalar(*node, rule.element, rule.element_empty_absent, scratch_);
    if (element.state == State::kAbsent) continue;
    if (element.state == State::kFault) {
      fault = element;
      fault.origin = value.origin;
      return nullptr;
    }
    if (!spend_node()) return nullptr;
    out_.append(*list, make_scalar(element));
  }
  return list;
}

// False when a fault was settled instead.
bool Evaluator::write(const Rule& rule, const Value& value, Node& object) {
  if (!spend_node()) return false;
  Node* made = nullptr;
  if (value.type == FieldType::kList) {
    Value fault;
    made = make_list(rule, value, fault);
    if (made == nullptr) {
      if (fault.state == State::kFault) settle_fault(rule, fault, object);
      return false;
    }
  } else {
    made = make_scalar(value);
  }
  out_.append(container(rule, object), made, rule.target.back());
  return true;
}

// Path, name and place of the first source field that went in.
Fault Evaluator::describe_fault(const Value& fault) const {
  Fault flagged;
  flagged.code = fault.fault;
  flagged.path = path_text(fault.origin);
  flagged.param = std::string(fault.text);
  if (fault.origin == kNoOrigin) return flagged;
  const PathCode& path = program_.paths[fault.origin];
  flagged.field_zh = path.title_zh;
  bool wrong = false;
  const Node* raw = resolve(path, wrong);
  if (raw != nullptr) flagged.position = raw->position;
  return flagged;
}

void Evaluator::flag(Fault fault) {
  if (outcome_.flags.size() < kMaxFlags) outcome_.flags.push_back(std::move(fault));
}

// "$", or the element of the frame: "$.items[2]".
std::string Evaluator::frame_text(std::size_t depth) const {
  if (depth == 0) return "$";
  const Frame& frame = frames_[depth - 1];
  if (frame.path == kNoOrigin) return "$";
  const PathCode& path = program_.paths[frame.path];
  std::string text = (path.from_root ? "$" : frame_text(depth - 1)) + path.text;
  if (!frame.piece) text += "[" + std::to_string(frame.index) + "]";
  return text;
}

std::string Evaluator::path_text(std::uint32_t id) const {
  if (id == kNoOrigin) return "$";
  const PathCode& path = program_.paths[id];
  return (path.from_root ? "$" : frame_text(depth_)) + path.text;
}

std::string Evaluator::output_text(std::string_view target) const {
  std::string text;
  for (std::size_t i = 0; i < depth_; ++i)
    text += frames_[i].rule->target_text + "[" + std::to_string(frames_[i].output_index) + "].";
  return text.append(target);
}

void Evaluator::note(const Rule& rule, bool present, std::string why) {
  MapTrace trace = std::move(reading_);
  reading_ = {};
  // A source that is read twice is told once.
  std::vector<std::string> once;
  for (std::string& source : trace.sources) {
    if (std::find(once.begin(), once.end(), source) == once.end()) once.push_back(std::move(source));
  }
  trace.sources = std::move(once);
  trace.output = output_text(rule.target_text);
  trace.line = rule.line;
  trace.present = present;
  trace.why = std::move(why);
  trace_->push_back(std::move(trace));
}

void Evaluator::note_unassigned(const Block& block, const std::string& prefix) {
  for (const std::string& field : block.unassigned) {
    MapTrace trace;
    trace.output = prefix + field;
    trace.why = "no rule assigns it";
    trace_->push_back(std::move(trace));
  }
}

void Evaluator::note_block(const Block& block, const std::string& prefix, const std::string& why) {
  for (const Rule& rule : block.rules) {
    MapTrace trace;
    trace.output = prefix + rule.target_text;
    trace.line = rule.line;
    trace.why = why;
    trace_->push_back(std::move(trace));
  }
  note_unassigned(block, prefix);
}

}  // namespace tongqu::mapping
