#pragma once
// Checks and emits expressions. Used by the compiler of the rules only.
#include <optional>

#include "transforms/mapping/compiler.hpp"

namespace tongqu::mapping {

struct Type {
  FieldType kind = FieldType::kText;
  FieldType element = FieldType::kAny;       // of a list
  bool empty_absent = false;                 // of its elements
  const FieldNode* element_field = nullptr;  // of a list of objects
};
[[nodiscard]] std::string describe(const Type& type);  // "text", "list of text"

// What `$` means: the document, or the element of an each.
struct Scope {
  const FieldNode* field = nullptr;
  std::vector<std::string> paths;  // "$", "$.items[]"; several when the list of an each is one or the other
};

class ExpressionCompiler {
 public:
  ExpressionCompiler(Compiled& out, const FieldNode& source, const TableSet& tables)
      : out_(out), tables_(tables), scopes_{Scope{&source, {"$"}}} {}

  // Emits the expression; its type, or nothing when faults were added.
  std::optional<Type> compile(const Expr& expr);
  // Sources met since the last call. Ends a rule: what it leaves on the stack is taken by whoever runs it.
  [[nodiscard]] std::vector<SourceFlow> take_sources() {
    depth_ = 0;
    return std::exchange(sources_, {});
  }
  void enter(Scope scope) { scopes_.push_back(std::move(scope)); }
  void leave() { scopes_.pop_back(); }
  [[nodiscard]] const Scope& scope() const { return scopes_.back(); }
  void set_choice(bool choice) { choice_ = choice; }
  void fault(Position position, const ErrorCode& code, std::string param = {}, std::string path = {},
             std::string field_zh = {});

 private:
  std::optional<Type> literal(const Expr& expr);
  std::optional<Type> path(const Expr& expr, bool exists);
  std::optional<Type> call(const Expr& expr);
  std::optional<Type> exists(const Expr& expr);
  std::optional<Type> compare(const Expr& expr);
  std::optional<Type> in(const Expr& expr);
  std::optional<Type> logic(const Expr& expr);
  std::optional<Type> branch(const Expr& expr);
  std::optional<Type> otherwise(const Expr& expr);
  bool expect_type(const Expr& expr, const std::optional<Type>& found, FieldType wanted);
  bool bind(const Argument& argument, Param param, const FunctionInfo& info, CallCode& code,
            std::vector<Type>& evaluated);
  bool bind_constant(const Argument& argument, Param param, const FunctionInfo& info, CallCode& code,
                     std::size_t& texts);
  bool bind_unit(const Argument& argument, CallCode& code);
  bool bind_table(const Argument& argument, CallCode& code);
  const FieldNode* follow(const Expr& expr, std::string& path);
  void emit(Op op, std::uint32_t a, std::uint32_t b, int stack_change);
  std::uint32_t here() const { return static_cast<std::uint32_t>(out_.program.code.size()); }

  Compiled& out_;
  const TableSet& tables_;
  std::vector<Scope> scopes_;
  std::vector<SourceFlow> sources_;
  std::vector<const CallCode*> chain_;  // calls around the expression, outermost first
  int depth_ = 0;                       // values on the stack
  bool choice_ = false;
  bool reduced_ = false;
};

}  // namespace tongqu::mapping
