// Reads a mapping from left to right and, for every expression, gives back the uses of source fields in it. There is no
// syntax tree: an operator changes the uses of its operands and hands them on.
#include "checker/map_reader.hpp"

#include <algorithm>
#include <map>

#include "checker/refusal.hpp"

namespace tongqu::checker {
namespace {

constexpr int kMaxDepth = 100;
using Uses = std::vector<Use>;

struct Token {
  enum class Kind : unsigned char { kEnd, kWord, kMember, kText, kNumber, kSymbol, kName };
  Kind kind = Kind::kEnd;
  std::string text;
  unsigned line = 1;
  bool begins_line = false;
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_inner(char c) { return is_letter(c) || is_digit(c) || c == '-'; }

class Splitter {
 public:
  Splitter(std::string_view text, const std::string& file) : text_(text), file_(file) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
  }

  std::vector<Token> run() {
    while (blank()) one();
    out_.push_back({Token::Kind::kEnd, "", line_, true});
    return std::move(out_);
  }

 private:
  char at(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool behind_point() const {
    return !out_.empty() && out_.back().kind == Token::Kind::kSymbol && out_.back().text == ".";
  }

  bool blank() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
        fresh_ = true;
      } else if (c == '#' && !behind_point()) {
        while (at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return true;
      }
    }
    return false;
  }

  void push(Token::Kind kind, std::string text) {
    out_.push_back({kind, std::move(text), line_, fresh_});
    fresh_ = false;
  }

  // Behind mapping, from and to at the beginning of a line a name stands that may hold nearly everything.
  bool names_file() const {
    if (out_.empty() || fresh_) return false;
    const Token& last = out_.back();
    const bool word = last.kind == Token::Kind::kWord && last.begins_line;
    return word && (last.text == "mapping" || last.text == "from" || last.text == "to") && at() != '=' && at() != '.';
  }

  void one() {
    std::size_t end = at_;
    const auto take = [&](Token::Kind kind) {
      push(kind, std::string(text_.substr(at_, end - at_)));
      at_ = end;
    };
    const auto letter = [&](std::size_t i) { return i < text_.size() ? text_[i] : '\0'; };
    if (names_file()) {
      while (end < text_.size() && static_cast<unsigned char>(text_[end]) > ' ' && text_[end] != '#') ++end;
      return take(Token::Kind::kName);
    }
    if (at() == '"') return quoted();
    if (behind_point() && (is_letter(at()) || is_digit(at()) || at() == '@' || at() == '#')) {
      ++end;
      while (is_inner(letter(end)) || (letter(end) == ':' && is_letter(letter(end + 1)))) ++end;
      return take(Token::Kind::kMember);
    }
    if (is_letter(at())) {
      while (is_inner(letter(end)) || (letter(end) == '/' && is_inner(letter(end + 1)))) ++end;
      return take(Token::Kind::kWord);
    }
    if (is_digit(at()) || (at() == '-' && is_digit(at(1)))) {
      ++end;
      while (is_digit(letter(end)) || (letter(end) == '.' && is_digit(letter(end + 1)))) ++end;
      return take(Token::Kind::kNumber);
    }
    const std::string_view two = text_.substr(at_, 2);
    end += two == "$$" || two == "==" || two == "!=" || two == "<=" || two == ">=" ? 2 : 1;
    take(Token::Kind::kSymbol);
  }

  void quoted() {
    const bool member = behind_point();
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\n') refuse(file_ + ":" + std::to_string(line_) + ": a text without end");
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value.push_back(text_[at_]);
    }
    if (at_ >= text_.size()) refuse(file_ + ": a text without end");
    ++at_;
    push(member ? Token::Kind::kMember : Token::Kind::kText, std::move(value));
  }

  std::string_view text_;
  const std::string& file_;
  std::vector<Token> out_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  bool fresh_ = true;
};

// What a function leaves of its arguments. A function that is not here is refused.
const std::map<std::string, How, std::less<>>& functions() {
  static const std::map<std::string, How, std::less<>> kAll = [] {
    std::map<std::string, How, std::less<>> all;
    for (const char* name : {"basename",   "concat",       "datetime",  "decimal", "fen",   "first", "format_datetime",
                             "half_width", "html_to_text", "integer",   "join",    "lower", "phone", "plus_months",
                             "replace",    "split",        "substring", "text",    "trim",  "upper", "uscc",
                             "wan",        "yuan"})
      all[name] = How::kPasses;
    all["length"] = How::kReduces;
    all["lookup"] = all["lookup_name"] = How::kTable;
    return all;
  }();
  return kAll;
}

void add(Uses& to, Uses from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}
Uses as(Uses uses, How how) {
  for (Use& use : uses) {
    if (use.how != How::kChoice) use.how = how;
  }
  return uses;
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& file) : file_(file), tokens_(Splitter(text, file).run()) {}

  MapText run() {
    out_.name = header("mapping");
    out_.from = header("from");
    out_.to = header("to");
    while (now().kind != Token::Kind::kEnd) {
      if (word("when")) {
        when();
      } else {
        statement("", 0);
      }
    }
    return std::move(out_);
  }

 private:
  [[noreturn]] void bad(const std::string& what) { refuse(file_ + ":" + std::to_string(now().line) + ": " + what); }
  const Token& now(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  bool word(std::string_view text, std::size_t ahead = 0) const {
    return now(ahead).kind == Token::Kind::kWord && now(ahead).text == text;
  }
  bool symbol(std::string_view text, std::size_t ahead = 0) const {
    return now(ahead).kind == Token::Kind::kSymbol && now(ahead).text == text;
  }
  bool accept(std::string_view text) {
    if (!word(text) && !symbol(text)) return false;
    ++at_;
    return true;
  }
  void expect(std::string_view text) {
    if (!accept(text)) bad("expected " + std::string(text));
  }
  std::string take(Token::Kind kind) {
    if (now().kind != kind) bad("unexpected");
    return tokens_[at_++].text;
  }

  std::string header(std::string_view name) {
    expect(name);
    return take(Token::Kind::kName);
  }

  void when() {
    MapRule rule{"", now().line, false, {}, {}};
    ++at_;
    rule.uses = as(expression(0), How::kChoice);
    if (!accept("hold") && !accept("refuse")) bad("expected hold or refuse");
    take(Token::Kind::kText);
    out_.rules.push_back(std::move(rule));
  }

  void statement(const std::string& prefix, int depth, const std::vector<std::string>& around = {}) {
    if (depth > kMaxDepth) bad("too deep");
    MapRule rule{prefix, now().line, false, {}, around};
    rule.output += now().kind == Token::Kind::kText ? take(Token::Kind::kText) : take(Token::Kind::kWord);
    while (accept(".")) rule.output += "." + take(Token::Kind::kMember);
    expect("=");
    const bool each = accept("each");
    rule.uses = expression(0);
    std::vector<std::string> lists;
    if (each) {
      // Elements come from whatever the list passes on, not from what chose it.
      for (const Use& use : rule.uses) {
        if (use.how != How::kPasses && use.how != How::kTable) continue;
        // The pieces of a text that was split are the text's own.
        const std::string list = use.calls.empty() ? use.path + "[]" : use.path;
        if (std::find(lists.begin(), lists.end(), list) == lists.end()) lists.push_back(list);
      }
      rule.uses = as(std::move(rule.uses), How::kChoice);
    }
    for (const Use& use : rule.uses) {
      if (use.how == How::kChoice) rule.guards.push_back(use.path);
    }
    const std::string output = rule.output;
    const std::vector<std::string> guards = rule.guards;
    const std::size_t place = out_.rules.size();
    out_.rules.push_back(std::move(rule));
    if (each) block(output, lists, depth, guards);
    if (accept("on")) out_.rules[place].keeps = on_fault();
  }

  void block(const std::string& output, const std::vector<std::string>& lists, int depth,
             const std::vector<std::string>& guards) {
    expect("{");
    scopes_.push_back(lists);
    while (!accept("}")) {
      if (now().kind == Token::Kind::kEnd) bad("expected }");
      statement(output + "[].", depth + 1, guards);
      accept(",");
    }
    scopes_.pop_back();
  }

  bool on_fault() {
    expect("fault");
    if (accept("keep")) {
      expect(",");
      expect("flag");
      return true;
    }
    expect("refuse");
    if (now().kind == Token::Kind::kText && !now().begins_line) ++at_;
    return false;
  }

  Uses expression(int depth) {
    if (depth > kMaxDepth) bad("too deep");
    if (!accept("if")) return alternatives(depth + 1);
    Uses uses = as(expression(depth + 1), How::kChoice);
    expect("then");
    add(uses, expression(depth + 1));
    if (accept("else")) add(uses, expression(depth + 1));
    return uses;
  }

  Uses alternatives(int depth) {
    Uses uses = conditions(depth);
    while (accept("otherwise")) {
      Uses presence = as(uses, How::kChoice);
      add(uses, std::move(presence));
      add(uses, conditions(depth));
    }
    return uses;
  }

  // or and and leave the same of their operands, so their order does not matter here.
  Uses conditions(int depth) {
    Uses uses = negation(depth);
    bool joined = false;
    while (accept("or") || accept("and")) {
      joined = true;
      add(uses, negation(depth));
    }
    return joined ? as(std::move(uses), How::kReduces) : uses;
  }

  Uses negation(int depth) {
    if (depth > kMaxDepth) bad("too deep");
    if (accept("not")) return as(negation(depth + 1), How::kReduces);
    Uses uses = primary(depth);
    for (const std::string_view op : {"==", "!=", "<", "<=", ">", ">="}) {
      if (!symbol(op)) continue;
      ++at_;
      add(uses, primary(depth));
      return as(std::move(uses), How::kReduces);
    }
    if (word("not") && word("in", 1)) ++at_;
    if (!accept("in")) return uses;
    expect("[");
    while (!accept("]")) {
      if (now().kind == Token::Kind::kEnd) bad("expected ]");
      ++at_;
    }
    return as(std::move(uses), How::kReduces);
  }

  Uses primary(int depth) {
    const Token::Kind kind = now().kind;
    if (kind == Token::Kind::kText || kind == Token::Kind::kNumber || word("true") || word("false")) {
      ++at_;
      return {};
    }
    if (symbol("$") || symbol("$$")) return path();
    if (accept("(")) {
      Uses uses = expression(depth + 1);
      expect(")");
      return uses;
    }
    if (kind == Token::Kind::kWord && symbol("(", 1)) return call(depth + 1);
    bad("an expression that this checker does not read");
  }

  Uses path() {
    const bool root = symbol("$$") || scopes_.empty();
    ++at_;
    std::string steps;
    while (true) {
      if (accept(".")) {
        const std::string name = take(Token::Kind::kMember);
        if (name.find_first_of(".[]") != std::string::npos) bad("a member's name with a point or bracket");
        steps += "." + name;
      } else if (symbol("[") && now(1).kind == Token::Kind::kNumber) {
        steps += "[" + now(1).text + "]";
        at_ += 2;
        expect("]");
      } else {
        break;
      }
    }
    if (root) return {Use{"$" + steps, {}, {}, How::kPasses}};
    Uses uses;
    for (const std::string& list : scopes_.back()) uses.push_back({list + steps, {}, {}, How::kPasses});
    return uses;
  }

  Uses call(int depth) {
    const std::string name = take(Token::Kind::kWord);
    expect("(");
    if (name == "exists") {
      Uses uses = as(path(), How::kReduces);
      expect(")");
      return uses;
    }
    const auto known = functions().find(name);
    if (known == functions().end()) bad("a function that this checker does not know: " + name);
    std::string table;
    Uses uses;
    for (std::size_t number = 0; !accept(")"); ++number) {
      if (number > 0) expect(",");
      if (now().kind == Token::Kind::kWord && symbol(":", 1)) at_ += 2;
      const bool bare = now().kind == Token::Kind::kWord && (symbol(",", 1) || symbol(")", 1));
      const bool names_table = known->second == How::kTable && number == 0;
      if (names_table) table = now().text;
      if (bare || names_table) {
        ++at_;
      } else {
        add(uses, expression(depth));
      }
    }
    for (Use& use : uses) {
      use.calls.push_back(name);
      if (!table.empty()) use.tables.push_back(table);
      if (use.how == How::kPasses) use.how = known->second;
    }
    return uses;
  }

  const std::string& file_;
  std::vector<Token> tokens_;
  std::vector<std::vector<std::string>> scopes_;  // where `$` stands inside each
  MapText out_;
  std::size_t at_ = 0;
};

}  // namespace

std::string_view name_of(How how) {
  constexpr std::string_view kNames[] = {"passes", "table", "reduces", "choice"};
  return kNames[static_cast<std::size_t>(how)];
}

MapText read_map(std::string_view text, const std::string& file) { return Reader(text, file).run(); }

}  // namespace tongqu::checker
