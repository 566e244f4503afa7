#include "transforms/mapping/parser.hpp"

#include <charconv>

#include "gateway/core/text.hpp"
#include "transforms/mapping/mapping_codes.hpp"

namespace tongqu::mapping {
namespace {

class Parser {
 public:
  Parser(const Lexed& lexed, std::vector<Fault>& faults) : tokens_(lexed.tokens), faults_(faults) {}

  SyntaxTree run() {
    header("mapping", tree_.mapping);
    header("from", tree_.from);
    header("to", tree_.to);
    while (now().kind != TokenKind::kEnd) {
      const bool fine = word("when") ? when() : statement(tree_.rules, 1);
      if (!fine) recover();
      if (++rules_ > kMaxRules) {
        fail(codes::kMappingTooLarge, "max_rules = " + std::to_string(kMaxRules));
        break;
      }
    }
    return std::move(tree_);
  }

 private:
  const Token& now() const { return tokens_[at_]; }
  const Token& ahead(std::size_t by) const { return tokens_[std::min(at_ + by, tokens_.size() - 1)]; }
  bool word(std::string_view text) const { return now().kind == TokenKind::kWord && now().text == text; }
  bool symbol(std::string_view text) const { return now().kind == TokenKind::kSymbol && now().text == text; }
  void step() {
    if (at_ + 1 < tokens_.size()) ++at_;
  }
  bool accept_symbol(std::string_view text) {
    if (!symbol(text)) return false;
    step();
    return true;
  }
  bool accept_word(std::string_view text) {
    if (!word(text)) return false;
    step();
    return true;
  }

  // Always false, so that a rule can end with it.
  bool fail(const ErrorCode& code, std::string param = {}) { return fail_at(now().position, code, std::move(param)); }
  bool fail_at(Position position, const ErrorCode& code, std::string param = {}) {
    if (faults_.size() < kMaxLoadFaults) {
      faults_.push_back({.code = &code, .path = {}, .field_zh = {}, .param = std::move(param), .position = position});
    }
    return false;
  }
  bool expect(std::string_view text) {
    return accept_symbol(text) || accept_word(text) || fail(codes::kMappingExpected, std::string(text));
  }

  // Skips the broken statement: to the next line that begins at the left edge, as statements do.
  void recover() {
    const std::uint32_t line = now().position.line;
    while (now().kind != TokenKind::kEnd) {
      const bool statement_start = now().first_on_line && now().position.column == 1 && !symbol("}");
      if (statement_start && (now().position.line > line || at_ > last_start_)) break;
      step();
    }
  }

  void header(std::string_view name, Header& header) {
    header.word = name;
    header.position = now().position;
    if (!word(name)) {
      fail(codes::kMappingExpected, std::string(name));
      return;
    }
    step();
    if (now().kind != TokenKind::kSchema) {
      fail(codes::kMappingExpectedName);
      return;
    }
    header.name = std::string(now().text);
    header.position = now().position;
    step();
  }

  bool when() {
    last_start_ = at_;
    When rule;
    rule.position = now().position;
    rule.begin = at_;
    if (!tree_.rules.empty()) fail(codes::kMappingWhenLate);
    step();
    if (!expression(rule.condition, 0)) return false;
    rule.verdict = at_;
    rule.refuse = word("refuse");
    if (!rule.refuse && !word("hold")) return fail(codes::kMappingExpected, "hold | refuse");
    step();
    if (now().kind != TokenKind::kText) return fail(codes::kMappingExpectedText);
    rule.reason = now().value;
    step();
    rule.end = at_;
    tree_.whens.push_back(std::move(rule));
    return true;
  }

  bool target(Assignment& rule) {
    const bool quoted = now().kind == TokenKind::kText;
    if (!quoted && (now().kind != TokenKind::kWord || is_reserved(now().text)))
      return fail(codes::kMappingExpectedName);
    rule.target.emplace_back(quoted ? std::string_view(now().value) : now().text);
    step();
    while (accept_symbol(".")) {
      if (now().kind != TokenKind::kMember) return fail(codes::kMappingExpectedName);
      rule.target.push_back(now().value);
      step();
    }
    if (rule.target.size() > kMaxExpressionDepth)
      return fail(codes::kMappingTooLarge, "max_depth = " + std::to_string(kMaxExpressionDepth));
    return true;
  }

  bool statement(std::vector<Assignment>& into, std::size_t each_depth) {
    if (each_depth == 1) last_start_ = at_;
    Assignment rule;
    rule.position = now().position;
    rule.begin = at_;
    if (!target(rule)) return false;
    rule.equals = at_;
    if (!expect("=")) return false;
    rule.each = accept_word("each");
    if (!expression(rule.value, 0)) return false;
    if (rule.each && !block(rule, each_depth)) return false;
    if (accept_word("on") && !on_fault(rule)) return false;
    rule.end = at_;
    into.push_back(std::move(rule));
    return true;
  }

  bool on_fault(Assignment& rule) {
    if (!expect("fault")) return false;
    if (accept_word("keep")) {
      rule.on_fault = OnFault::kKeep;
      return expect(",") && expect("flag");
    }
    if (!accept_word("refuse")) return fail(codes::kMappingExpected, "keep, flag | refuse");
    rule.on_fault = OnFault::kRefuse;
    // A text on the next line begins a rule for a quoted field.
    if (now().kind == TokenKind::kText && !now().first_on_line) {
      rule.refusal = now().value;
      step();
    }
    return true;
  }

  bool block(Assignment& rule, std::size_t each_depth) {
    if (each_depth > kMaxEachDepth)
      return fail(codes::kMappingTooLarge, "max_each_depth = " + std::to_string(kMaxEachDepth));
    rule.open = at_;
    if (!expect("{")) return false;
    while (!symbol("}")) {
      if (now().kind == TokenKind::kEnd) return fail(codes::kMappingExpected, "}");
      if (++rules_ > kMaxRules) return fail(codes::kMappingTooLarge, "max_rules = " + std::to_string(kMaxRules));
      if (!statement(rule.block, each_depth + 1)) return false;
      accept_symbol(",");
    }
    rule.close = at_;
    step();
    return true;
  }

  ExprPtr make(ExprKind kind, Position position) const {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->position = position;
    return expr;
  }

  bool expression(ExprPtr& out, std::size_t depth) {
    if (depth > kMaxExpressionDepth)
      return fail(codes::kMappingTooLarge, "max_expression_depth = " + std::to_string(kMaxExpressionDepth));
    if (!word("if")) return binary(out, 0, depth);
    out = make(ExprKind::kIf, now().position);
    step();
    out->operands.resize(3);
    return expression(out->operands[0], depth + 1) && expect("then") && expression(out->operands[1], depth + 1) &&
           (!word("else") || (expect("else") && expression(out->operands[2], depth + 1)));
  }

  // otherwise < or < and, all from the left.
  bool binary(ExprPtr& out, std::size_t level, std::size_t depth) {
    static constexpr std::array<std::string_view, 3> kWords{"otherwise", "or", "and"};
    static constexpr std::array<ExprKind, 3> kKinds{ExprKind::kOtherwise, ExprKind::kOr, ExprKind::kAnd};
    if (level == kWords.size()) return negation(out, depth);
    if (!binary(out, level + 1, depth)) return false;
    for (std::size_t links = 0; word(kWords[level]); ++links) {
      if (links + depth >= kMaxExpressionDepth)
        return fail(codes::kMappingTooLarge, "max_expression_depth = " + std::to_string(kMaxExpressionDepth));
      ExprPtr joined = make(kKinds[level], now().position);
      step();
      joined->operands.push_back(std::move(out));
      joined->operands.emplace_back();
      if (!binary(joined->operands[1], level + 1, depth)) return false;
      out = std::move(joined);
    }
    return true;
  }

  bool negation(ExprPtr& out, std::size_t depth) {
    if (depth > kMaxExpressionDepth)
      return fail(codes::kMappingTooLarge, "max_expression_depth = " + std::to_string(kMaxExpressionDepth));
    if (!word("not")) return comparison(out, depth);
    out = make(ExprKind::kNot, now().position);
    step();
    out->operands.emplace_back();
    return negation(out->operands[0], depth + 1);
  }

  bool comparison(ExprPtr& out, std::size_t depth) {
    static constexpr std::array<std::string_view, 6> kOps{"==", "!=", "<", "<=", ">", ">="};
    if (!primary(out, depth)) return false;
    for (std::size_t op = 0; op < kOps.size(); ++op) {
      if (!symbol(kOps[op])) continue;
      ExprPtr compared = make(ExprKind::kCompare, now().position);
      step();
      compared->op = static_cast<CompareOp>(op);
      compared->operands.push_back(std::move(out));
      compared->operands.emplace_back();
      if (!primary(compared->operands[1], depth)) return false;
      out = std::move(compared);
      return true;
    }
    const bool negated = word("not") && ahead(1).kind == TokenKind::kWord && ahead(1).text == "in";
    if (!negated && !word("in")) return true;
    ExprPtr in = make(ExprKind::kIn, now().position);
    in->flag = negated;
    if (negated) step();
    step();
    in->operands.push_back(std::move(out));
    out = std::move(in);
    return literals(*out);
  }

  bool literals(Expr& in) {
    if (!expect("[")) return false;
    do {
      in.operands.emplace_back();
      if (!literal(in.operands.back()))
        return faults_.size() >= kMaxLoadFaults ? false : fail(codes::kMappingExpectedText);
      if (in.operands.size() > 1000) return fail(codes::kMappingTooLarge, "max_in_values = 1000");
    } while (accept_symbol(","));
    return expect("]");
  }

  // False without a fault when no literal stands here.
  bool literal(ExprPtr& out) {
    const Token& token = now();
    if (token.kind == TokenKind::kText) {
      out = make(ExprKind::kText, token.position);
      out->text = token.value;
    } else if (token.kind == TokenKind::kDecimal) {
      out = make(ExprKind::kDecimal, token.position);
      out->text = std::string(token.text);
      if (out->text.size() > 38) fail(codes::kMappingNumber, "decimal");
    } else if (token.kind == TokenKind::kInteger) {
      out = make(ExprKind::kInteger, token.position);
      const auto [end, failed] =
          std::from_chars(token.text.data(), token.text.data() + token.text.size(), out->integer);
      if (failed != std::errc{}) fail(codes::kMappingNumber, "integer");
    } else if (word("true") || word("false")) {
      out = make(ExprKind::kBoolean, token.position);
      out->flag = word("true");
    } else {
      return false;
    }
    step();
    return true;
  }

  bool primary(ExprPtr& out, std::size_t depth) {
    if (literal(out)) return true;
    if (symbol("$") || symbol("$$")) return path(out);
    if (accept_symbol("(")) return expression(out, depth + 1) && expect(")");
    if (word("each")) return fail(codes::kMappingEachInside);
    if (now().kind == TokenKind::kWord && !is_reserved(now().text) && ahead(1).text == "(") return call(out, depth);
    return fail(codes::kMappingExpectedExpression);
  }

  bool path(ExprPtr& out) {
    out = make(ExprKind::kPath, now().position);
    out->flag = symbol("$$");
    step();
    while (true) {
      if (accept_symbol(".")) {
        if (now().kind != TokenKind::kMember || now().value.empty()) return fail(codes::kMappingExpectedName);
        out->steps.push_back({now().value, 0});
        step();
      } else if (symbol("[")) {
        step();
        PathStep index;
        const auto text = now().text;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), index.index);
        if (now().kind != TokenKind::kInteger || failed != std::errc{}) return fail(codes::kMappingExpectedNumber);
        step();
        out->steps.push_back(index);
        if (!expect("]")) return false;
      } else {
        break;
      }
      if (out->steps.size() > kMaxExpressionDepth)
        return fail(codes::kMappingTooLarge, "max_depth = " + std::to_string(kMaxExpressionDepth));
    }
    return true;
  }

  bool call(ExprPtr& out, std::size_t depth) {
    out = make(ExprKind::kCall, now().position);
    out->text = std::string(now().text);
    step();
    step();
    while (!symbol(")")) {
      out->arguments.emplace_back();
      if (!argument(out->arguments.back(), depth + 1)) return false;
      if (out->arguments.size() > 16) return fail(codes::kMappingTooLarge, "max_arguments = 16");
      if (!symbol(")") && !expect(",")) return false;
    }
    step();
    return true;
  }

  bool argument(Argument& argument, std::size_t depth) {
    argument.position = now().position;
    if (now().kind == TokenKind::kWord && ahead(1).text == ":" && ahead(1).kind == TokenKind::kSymbol) {
      argument.name = std::string(now().text);
      step();
      step();
      argument.position = now().position;
    }
    const bool bare = now().kind == TokenKind::kWord && !is_reserved(now().text) && ahead(1).text != "(";
    if (!bare) return expression(argument.value, depth);
    argument.word = std::string(now().text);
    step();
    return true;
  }

  const std::vector<Token>& tokens_;
  std::vector<Fault>& faults_;
  SyntaxTree tree_;
  std::size_t at_ = 0;
  std::size_t last_start_ = 0;
  std::size_t rules_ = 0;
};

}  // namespace

SyntaxTree parse(const Lexed& lexed, std::vector<Fault>& faults) {
  faults.insert(faults.end(), lexed.faults.begin(), lexed.faults.end());
  if (faults.size() > kMaxLoadFaults) faults.resize(kMaxLoadFaults);
  return Parser(lexed, faults).run();
}

}  // namespace tongqu::mapping
