#include "transforms/mapping/formatter.hpp"

#include <algorithm>
#include <tuple>

#include "gateway/core/text.hpp"
#include "transforms/mapping/mapping_codes.hpp"
#include "transforms/mapping/parser.hpp"

namespace tongqu {
namespace {

using mapping::Assignment;
using mapping::Comment;
using mapping::Lexed;
using mapping::Token;
using mapping::TokenKind;
using mapping::When;

bool before(Position a, Position b) { return std::tie(a.line, a.column) < std::tie(b.line, b.column); }

// A line to be written; `left` is padded to the widest of its group when there is a right side.
struct Line {
  std::size_t indent = 0;
  std::string left, right, comment;
  bool blank_before = false;
  bool breaks_group = false;
};

class Formatter {
 public:
  Formatter(const Lexed& lexed, const mapping::SyntaxTree& tree)
      : lexed_(lexed), tree_(tree), used_(lexed.comments.size(), false) {}

  std::string run() {
    header();
    blank_ = true;
    std::size_t when = 0;
    std::size_t rule = 0;
    while (when < tree_.whens.size() || rule < tree_.rules.size()) {
      const bool next_when = when < tree_.whens.size() &&
                             (rule == tree_.rules.size() || tree_.whens[when].begin < tree_.rules[rule].begin);
      if (next_when) {
        write_when(tree_.whens[when++]);
      } else {
        write_rule(tree_.rules[rule++], 0);
      }
    }
    leading(lexed_.tokens.back().position, 0, true);
    return join_lines();
  }

 private:
  const Token& token(std::size_t at) const { return lexed_.tokens[at]; }

  void header() {
    for (std::size_t at = 0; at < 6; at += 2) {
      leading(token(at).position, 0);
      std::string word(token(at).text);
      if (word == "to") word += "  ";
      add({0, word + " " + std::string(token(at + 1).text), {}, trailing(at + 1), false, true}, token(at),
          token(at + 1));
    }
  }

  void add(Line line, const Token& first, const Token& last) {
    line.blank_before = blank_ || (last_line_ != 0 && first.position.line > last_line_ + 1);
    blank_ = false;
    last_line_ = last.end_line;
    lines_.push_back(std::move(line));
  }

  void own_line(std::size_t which, std::size_t indent) {
    const Comment& comment = lexed_.comments[which];
    used_[which] = true;
    const bool blank = comment.own_line && last_line_ != 0 && comment.position.line > last_line_ + 1;
    lines_.push_back({indent, std::string(comment.text), {}, {}, blank_ || blank, true});
    blank_ = false;
    if (comment.own_line) last_line_ = comment.position.line;
  }

  // Comments in front of a statement.
  void leading(Position statement, std::size_t indent, bool all = false) {
    for (std::size_t i = 0; i < used_.size(); ++i) {
      if (!used_[i] && (all || before(lexed_.comments[i].position, statement))) own_line(i, indent);
    }
  }

  // Comments from inside a statement, but for those in its block.
  void hoist(std::size_t begin, std::size_t end, std::size_t open, std::size_t close, std::size_t indent) {
    for (std::size_t i = 0; i < used_.size(); ++i) {
      const Position at = lexed_.comments[i].position;
      const bool inside = before(token(begin).position, at) && before(at, token(end - 1).position);
      const bool in_block = open != 0 && before(token(open).position, at) && before(at, token(close).position);
      if (inside && !in_block && !used_[i]) own_line(i, indent);
    }
  }

  // The comment behind the last token of a statement, on its line.
  std::string trailing(std::size_t last) {
    for (std::size_t i = 0; i < used_.size(); ++i) {
      const Comment& comment = lexed_.comments[i];
      if (used_[i] || comment.position.line != token(last).end_line || before(comment.position, token(last).position))
        continue;
      if (last + 1 < lexed_.tokens.size() && before(token(last + 1).position, comment.position)) continue;
      used_[i] = true;
      return std::string(comment.text);
    }
    return {};
  }

  bool touches(std::size_t at) const {
    const Token& left = token(at - 1);
    const Token& right = token(at);
    const auto is = [](const Token& one, std::string_view symbol) {
      return one.kind == TokenKind::kSymbol && one.text == symbol;
    };
    if (is(left, "(") || is(left, "[") || is(left, ".")) return true;
    if (is(right, ")") || is(right, "]") || is(right, ",") || is(right, ":") || is(right, ".")) return true;
    if (is(right, "(")) return left.kind == TokenKind::kWord && !mapping::is_reserved(left.text);
    if (is(right, "[")) return left.kind == TokenKind::kMember || is(left, "]") || is(left, "$") || is(left, "$$");
    return false;
  }

  std::string words(std::size_t begin, std::size_t end) const {
    std::string text;
    for (std::size_t at = begin; at < end; ++at) {
      if (at > begin && !touches(at)) text += ' ';
      text += token(at).text;
    }
    return text;
  }

  void write_when(const When& rule) {
    leading(token(rule.begin).position, 0);
    hoist(rule.begin, rule.end, 0, 0, 0);
    add({0,
         words(rule.begin, rule.verdict) + "  " + words(rule.verdict, rule.end),
         {},
         trailing(rule.end - 1),
         false,
         true},
        token(rule.begin), token(rule.end - 1));
  }

  // Where `on fault` begins, or the end.
  std::size_t tail_of(const Assignment& rule) const {
    std::size_t at = rule.each ? rule.close + 1 : rule.end;
    if (rule.each || rule.on_fault == mapping::OnFault::kAbsent) return at;
    while (token(at - 1).text != "on" || token(at).text != "fault") --at;
    return at - 1;
  }

  std::string tail(const Assignment& rule) const {
    const std::size_t begin = tail_of(rule);
    return begin == rule.end ? std::string() : "  " + words(begin, rule.end);
  }

  bool one_line(const Assignment& rule) const {
    const Token& open = token(rule.open);
    const Token& close = token(rule.close);
    if (open.position.line != close.position.line) return false;
    return std::all_of(rule.block.begin(), rule.block.end(),
                       [this](const Assignment& inner) { return !inner.each || one_line(inner); });
  }

  std::string inline_rule(const Assignment& rule) const {
    return words(rule.begin, rule.equals) + " = " + right_side(rule) + tail(rule);
  }

  std::string right_side(const Assignment& rule) const {
    if (!rule.each) return words(rule.equals + 1, tail_of(rule));
    std::string text = words(rule.equals + 1, rule.open) + " {";
    for (std::size_t i = 0; i < rule.block.size(); ++i) text += (i == 0 ? " " : ", ") + inline_rule(rule.block[i]);
    return text + " }";
  }

  void write_rule(const Assignment& rule, std::size_t indent) {
    leading(token(rule.begin).position, indent);
    hoist(rule.begin, rule.end, rule.open, rule.close, indent);
    const std::string left = words(rule.begin, rule.equals);
    // A comma that ends an inner rule goes, the comment behind it stays with the rule.
    const bool comma = token(rule.end).kind == TokenKind::kSymbol && token(rule.end).text == ",";
    const std::size_t last = comma ? rule.end : rule.end - 1;
    if (!rule.each || one_line(rule)) {
      add({indent, left, right_side(rule) + tail(rule), trailing(last)}, token(rule.begin), token(last));
      return;
    }
    add({indent, left, words(rule.equals + 1, rule.open + 1), {}}, token(rule.begin), token(rule.open));
    lines_.push_back({.indent = indent + 2, .left = {}, .right = {}, .comment = {}, .breaks_group = true});
    for (const Assignment& inner : rule.block) write_rule(inner, indent + 2);
    leading(token(rule.close).position, indent + 2);
    last_line_ = token(rule.close).position.line;
    add({indent, "}" + tail(rule), {}, trailing(last), false, true}, token(rule.close), token(last));
    lines_.back().blank_before = false;
  }

  std::string join_lines() {
    std::string out;
    for (std::size_t begin = 0; begin < lines_.size();) {
      std::size_t end = begin + 1;
      if (!lines_[begin].breaks_group) {
        while (end < lines_.size() && !lines_[end].breaks_group && !lines_[end].blank_before &&
               lines_[end].indent == lines_[begin].indent)
          ++end;
      }
      write_group(begin, end, out);
      begin = end;
    }
    return out;
  }

  void write_group(std::size_t begin, std::size_t end, std::string& out) const {
    std::size_t width = 0;
    for (std::size_t i = begin; i < end; ++i) width = std::max(width, count_code_points(lines_[i].left));
    for (std::size_t i = begin; i < end; ++i) {
      const Line& line = lines_[i];
      if (line.left.empty()) continue;  // the end of a group
      if (line.blank_before && !out.empty()) out += '\n';
      out.append(line.indent, ' ').append(line.left);
      if (!line.right.empty()) out.append(width - count_code_points(line.left), ' ').append(" = ").append(line.right);
      if (!line.comment.empty()) out.append("  ").append(line.comment);
      out += '\n';
    }
  }

  const Lexed& lexed_;
  const mapping::SyntaxTree& tree_;
  std::vector<bool> used_;
  std::vector<Line> lines_;
  std::uint32_t last_line_ = 0;
  bool blank_ = false;
};

}  // namespace

Result<std::string> format_mapping(std::string_view text) {
  std::vector<Fault> faults;
  const Lexed lexed = mapping::lex(text);
  const mapping::SyntaxTree tree = mapping::parse(lexed, faults);
  if (!faults.empty()) {
    Error error = make_error(codes::kMappingInvalid);
    error.faults = std::move(faults);
    return error;
  }
  return Formatter(lexed, tree).run();
}

}  // namespace tongqu
