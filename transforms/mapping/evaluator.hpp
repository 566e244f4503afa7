#pragma once
// One run of a program over one document. Lives on the stack of Mapping::map; takes no heap memory but for flags and
// traces.
#include <array>

#include "transforms/mapping/program.hpp"

namespace tongqu::mapping {

constexpr std::size_t kMaxFlags = 1000;  // of one message; further faults count, but are not listed

class Evaluator {
 public:
  Evaluator(const Program& program, const Node& in, Document& out, MapOutcome& outcome, std::vector<MapTrace>* trace)
      : program_(program), in_(in), out_(out), outcome_(outcome), trace_(trace), scratch_(out) {}

  void run();

 private:
  // An element of a list that is being mapped; `path` led to the list.
  struct Frame {
    const Node* element = nullptr;
    std::uint32_t path = kNoOrigin;
    std::uint32_t index = 0;
    bool piece = false;  // a piece of a text: its path is the text's
    std::uint32_t output_index = 0;
    const Rule* rule = nullptr;
  };

  bool decide();
  void run_block(const Block& block, Node& object);
  void run_rule(const Rule& rule, Node& object);
  Value run_each(const Rule& rule, const Value& list, Node& object);
  void settle_fault(const Rule& rule, const Value& fault, Node& object);
  void keep(const Rule& rule, const Value& fault, Node& object, Fault& flag);

  Value evaluate(std::uint32_t begin, std::uint32_t end);
  void execute(const Instruction& at, std::size_t& top);
  Value read(std::uint32_t path);
  Value read_list(const PathCode& path, const Node& node);
  bool exists(std::uint32_t path);
  Value call(const CallCode& code, std::span<const Value> arguments);
  // nullptr with `wrong` false: absent; with `wrong` true: something stands in the way that is no object.
  const Node* resolve(const PathCode& path, bool& wrong) const;

  bool write(const Rule& rule, const Value& value, Node& object);
  Node* make_scalar(const Value& value);
  Node* make_list(const Rule& rule, const Value& value, Value& fault);
  Node& container(const Rule& rule, Node& object);
  bool spend_node();

  [[nodiscard]] Fault describe_fault(const Value& fault) const;
  void flag(Fault fault);
  [[nodiscard]] std::string path_text(std::uint32_t path) const;
  [[nodiscard]] std::string frame_text(std::size_t depth) const;
  [[nodiscard]] std::string output_text(std::string_view target) const;
  void note(const Rule& rule, bool present, std::string why);
  void note_unassigned(const Block& block, const std::string& prefix);
  void note_block(const Block& block, const std::string& prefix, const std::string& why);

  const Program& program_;
  const Node& in_;
  Document& out_;
  MapOutcome& outcome_;
  std::vector<MapTrace>* trace_;
  Scratch scratch_;
  std::array<Value, kMaxStackValues + 1> stack_;
  std::array<Frame, 6> frames_;
  std::size_t depth_ = 0;  // frames in use
  std::size_t steps_ = 0;
  std::size_t nodes_ = 0;
  bool stopped_ = false;
  bool refused_ = false;
  MapTrace reading_;           // what the rule that runs has read, when traced
  bool chose_absent_ = false;  // the rule's value is absent because a condition without else was false
};

}  // namespace tongqu::mapping
