#pragma once
// Walks a document along its rules and writes down what does not fit.
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/document.hpp"
#include "transforms/schema/rule.hpp"

namespace tongqu::schema {

// A value and how it was reached; lives on the stack while the value is checked.
struct Place {
  const Place* parent = nullptr;
  const Node* node = nullptr;
  std::size_t index = 0;  // in the list that holds it
  std::string_view title;
  std::optional<Grade> grade;  // of the outermost rule that says one
  // No rule names this member: its name is the sender's word, and may be a person's. In a path it stands only when it
  // is of ASCII, as names of fields that somebody misspelt are.
  bool undeclared = false;
};

// One validation. Allocates only for faults, for uniqueItems, and when a list or an object is compared with another.
class Checker {
 public:
  // Faults go to `sink` until it has `max_faults` more than before; without a sink the first fault ends the walk.
  Checker(std::vector<Fault>* sink, std::size_t max_faults);
  // True when `node` fits.
  bool check(const Rule& rule, const Node& node, const Place& place);
  // Was there a fault of grade error, written down or not?
  [[nodiscard]] bool has_error() const { return has_error_; }

 private:
  using Values = std::vector<const Rule*>;
  [[nodiscard]] bool is_done() const;
  bool report(const ErrorCode& code, const Rule& rule, const Place& place, std::string_view param = {});
  bool report_limit(const ErrorCode& code, const Rule& rule, const Place& place, std::uint64_t limit);
  void write_down(const ErrorCode& code, const Place& place, Grade grade, std::string_view param);
  bool check_type(const Rule& rule, const Node& node, const Place& place);
  bool check_values(const Rule& rule, const Node& node, const Place& place);
  bool check_text(const Rule& rule, const Node& node, const Place& place);
  bool check_length(const Rule& rule, const Node& node, const Place& place);
  bool check_number(const Rule& rule, const Node& node, const Place& place);
  bool check_list(const Rule& rule, const Node& node, const Place& place);
  bool check_object(const Rule& rule, const Node& node, const Place& place);
  bool check_undeclared(const Rule& rule, const Node& member, const Place& place);
  bool report_missing(const Rule& rule, const Property& property, const Place& place);
  bool check_applicators(const Rule& rule, const Node& node, const Place& place);
  bool check_condition(const Rule& rule, const Node& node, const Place& place);

  std::vector<Fault>* sink_;
  std::size_t full_at_ = 0;
  bool has_error_ = false;
};

}  // namespace tongqu::schema
