#pragma once
// Schema document → rules. Finds all faults of the schema at once.
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transforms/schema/definitions.hpp"
#include "transforms/schema/rule.hpp"

namespace tongqu::schema {

inline constexpr std::size_t kMaxRules = 20'000;  // after every reference was put in
inline constexpr std::size_t kMaxRuleDepth = 64;
inline constexpr std::size_t kMaxLoadFaults = 200;

class RuleCompiler {
 public:
  RuleCompiler(Definitions definitions, std::span<const FormatCheck> formats)
      : definitions_(definitions), formats_(formats) {}

  // The rule of the whole document; own definitions are checked even when nothing refers to them. Meaningless when
  // faults() is not empty afterwards.
  const Rule* compile_document(const Node& document);
  [[nodiscard]] std::vector<Fault>& faults() { return faults_; }
  // Gives the rules away; addresses stay.
  [[nodiscard]] std::deque<Rule> take_rules() { return std::move(rules_); }

 private:
  struct Where {
    std::string path;
    bool null_absent = false;
    bool empty_absent = false;
    std::size_t depth = 0;
    [[nodiscard]] Where below(std::string_view step) const;
    [[nodiscard]] Where below(std::string_view step, std::size_t index) const;
  };
  struct Keyword {
    std::string_view name;
    void (RuleCompiler::*read)(Rule& rule, const Node& value, const Where& where);
  };
  static std::span<const Keyword> keywords();
  static std::span<const std::string_view> keyword_names();

  const Rule* compile(const Node& node, const Where& where);
  void read_keywords(Rule& rule, const Node& node, const Where& where);
  void read_flags(Rule& rule, const Node& node, Where& where);
  void finish(Rule& rule, const Node& node);
  void fault(const ErrorCode& code, const Node& node, const Where& where, std::string param);
  bool expect(Kind kind, const Node& value, const Where& where, std::string_view what);
  void read_rules(std::vector<const Rule*>& out, const Node& value, const Where& where);
  void read_count(std::uint64_t& out, const Node& value, const Where& where);
  void read_bound(std::optional<Bound>& out, const Node& value, const Where& where);

  // One for each keyword, in rule_keywords.cpp and rule_applicators.cpp.
  void read_nothing(Rule&, const Node&, const Where&) {}
  void read_text(Rule&, const Node& value, const Where& where);
  void read_schema(Rule&, const Node& value, const Where& where);
  void read_id(Rule&, const Node& value, const Where& where);
  void read_defs(Rule&, const Node& value, const Where& where);
  void read_ref(Rule& rule, const Node& value, const Where& where);
  void read_title(Rule& rule, const Node& value, const Where& where);
  void read_type(Rule& rule, const Node& value, const Where& where);
  void read_enum(Rule& rule, const Node& value, const Where& where);
  void read_const(Rule& rule, const Node& value, const Where& where);
  void read_min_length(Rule& rule, const Node& value, const Where& where);
  void read_max_length(Rule& rule, const Node& value, const Where& where);
  void read_pattern(Rule& rule, const Node& value, const Where& where);
  void read_pattern_name(Rule& rule, const Node& value, const Where& where);
  void read_format(Rule& rule, const Node& value, const Where& where);
  void read_minimum(Rule& rule, const Node& value, const Where& where);
  void read_maximum(Rule& rule, const Node& value, const Where& where);
  void read_above(Rule& rule, const Node& value, const Where& where);
  void read_below(Rule& rule, const Node& value, const Where& where);
  void read_multiple_of(Rule& rule, const Node& value, const Where& where);
  void read_items(Rule& rule, const Node& value, const Where& where);
  void read_min_items(Rule& rule, const Node& value, const Where& where);
  void read_max_items(Rule& rule, const Node& value, const Where& where);
  void read_unique_items(Rule& rule, const Node& value, const Where& where);
  void read_properties(Rule& rule, const Node& value, const Where& where);
  void read_required(Rule& rule, const Node& value, const Where& where);
  void read_additional(Rule& rule, const Node& value, const Where& where);
  void read_min_properties(Rule& rule, const Node& value, const Where& where);
  void read_max_properties(Rule& rule, const Node& value, const Where& where);
  void read_all_of(Rule& rule, const Node& value, const Where& where);
  void read_any_of(Rule& rule, const Node& value, const Where& where);
  void read_one_of(Rule& rule, const Node& value, const Where& where);
  void read_not(Rule& rule, const Node& value, const Where& where);
  void read_if(Rule& rule, const Node& value, const Where& where);
  void read_then(Rule& rule, const Node& value, const Where& where);
  void read_else(Rule& rule, const Node& value, const Where& where);
  void read_privacy(Rule&, const Node& value, const Where& where);
  void read_grade(Rule& rule, const Node& value, const Where& where);
  void read_field_type(Rule&, const Node& value, const Where& where);

  Definitions definitions_;
  std::span<const FormatCheck> formats_;
  std::deque<Rule> rules_;
  std::vector<Fault> faults_;
  std::vector<const Node*> open_references_;  // definitions that are being compiled
  bool too_large_ = false;
};

}  // namespace tongqu::schema
