// An explanation is true: with the shipped mappings and their cases, changing a source that a field's explanation names
// changes the field, and changing any other source does not.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "gateway/app/config_open.hpp"
#include "tests/support/data.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

constexpr int kCases = 10'000;

// "items[3].no" → "items[].no": an explanation speaks of all elements.
std::string of_all(std::string_view path) {
  std::string out;
  bool inside = false;
  for (const char c : path) {
    if (c == '[') out.push_back(c);
    inside = c == '[' || (inside && c != ']');
    if (!inside) out.push_back(c);
  }
  return out;
}

std::string joined(const std::string& parent, std::string_view name, std::size_t index) {
  if (name.empty()) return parent + "[" + std::to_string(index) + "]";
  return parent.empty() ? std::string(name) : parent + "." + std::string(name);
}

void find_leaves(Node& node, const std::string& path, std::vector<std::pair<std::string, Node*>>& out) {
  if (node.is_scalar()) return out.emplace_back(path, &node), void();
  std::size_t index = 0;
  for (Node& child : children(node)) find_leaves(child, joined(path, child.name, index++), out);
}

using Values = std::map<std::string, std::string>;

struct Outcome {
  MapVerdict verdict = MapVerdict::kMapped;
  Values values;                                       // by output path; the lists' lengths are there as well
  std::map<std::string, std::set<std::string>> named;  // output path → source paths, without "$."
  std::set<std::string> present;                       // outputs that have a value
};

void find_values(const Node& node, const std::string& path, Values& out) {
  out[path] = node.is_scalar() ? std::string(node.text) : "#" + std::to_string(node.count);
  std::size_t index = 0;
  for (const Node& child : children(node)) find_values(child, joined(path, child.name, index++), out);
}

Outcome run(const Mapper& mapper, const Node& input) {
  Outcome out;
  Document record;
  MapOutcome outcome;
  std::vector<MapTrace> traces;
  mapper.map(input, record, outcome, &traces);
  out.verdict = outcome.verdict;
  find_values(record.root(), "", out.values);
  for (const MapTrace& trace : traces) {
    if (trace.present) out.present.insert(of_all(trace.output));
    for (const std::string& source : trace.sources)
      out.named[of_all(trace.output)].insert(of_all(source.starts_with("$.") ? source.substr(2) : source));
  }
  return out;
}

// Output paths that differ. What was kept beside the record stands in the field's own explanation; a container that
// changed because a member came or went is told by the member.
std::set<std::string> changed(const Outcome& a, const Outcome& b) {
  std::set<std::string> out;
  const auto compare = [&](const Values& one, const Values& other) {
    for (const auto& [path, value] : one) {
      if (path.empty() || path == "kept" || path.starts_with("kept[") || value.starts_with("#")) continue;
      const auto found = other.find(path);
      if (found == other.end() || found->second != value) out.insert(of_all(path));
    }
  };
  compare(a.values, b.values);
  compare(b.values, a.values);
  return out;
}

bool within(std::string_view path, std::string_view ancestor) {
  return path == ancestor ||
         (path.starts_with(ancestor) && (path[ancestor.size()] == '.' || path[ancestor.size()] == '['));
}

// Does the explanation of `output`, or of something around or in it, name `source` or something around it?
bool names(const Outcome& outcome, const std::string& output, const std::string& source) {
  for (const auto& [field, sources] : outcome.named) {
    if (!within(output, field) && !within(field, output)) continue;
    for (const std::string& one : sources) {
      if (one == "$" || within(source, one) || within(one, source)) return true;
    }
  }
  return false;
}

struct Case {
  std::string name;
  const Mapper* mapper = nullptr;
  Document input;
};

class ExplainTruth : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::filesystem::path config = test::source_folder() / "config";
    opened = new app::OpenedConfig(app::open_config(config, json));
    ASSERT_NE(opened->config, nullptr);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(config / "cases")) {
      if (!entry.path().string().ends_with(".in.json")) continue;
      const auto mapping = std::filesystem::relative(entry.path().parent_path(), config / "cases").generic_string();
      const auto mapper = opened->config->mappings.find(mapping);
      if (mapper == opened->config->mappings.end()) continue;
      std::ifstream file(entry.path());
      std::stringstream text;
      text << file.rdbuf();
      Case one{mapping + " " + entry.path().filename().string(), mapper->second.get(), {}};
      ASSERT_TRUE(json.decode(text.str(), {}, one.input).has_value()) << one.name;
      cases.push_back(std::move(one));
    }
    std::sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
    ASSERT_GT(cases.size(), 100U);
  }
  static void TearDownTestSuite() {
    cases.clear();
    delete opened;
  }
  inline static const JsonCodec json;
  inline static app::OpenedConfig* opened = nullptr;
  inline static std::vector<Case> cases;
};

// Another value of the same kind; the eleventh way takes it away.
void change(Document& document, Node& leaf, unsigned way) {
  std::string text(leaf.text);
  if (way == 10) {
    leaf.kind = Kind::kNull;
    leaf.text = {};
    return;
  }
  if (leaf.kind == Kind::kBoolean) {
    text = text == "true" ? "false" : "true";
  } else if (leaf.kind == Kind::kNumber || (!text.empty() && way % 2 == 0)) {
    // One digit or letter becomes another one.
    for (std::size_t i = 0, at = way % text.size(); i < text.size(); ++i, at = (at + 1) % text.size()) {
      if (text[at] >= '1' && text[at] <= '8') {
        ++text[at];
        break;
      }
    }
  } else {
    text += "改";
  }
  leaf.text = document.copy(text);
}

TEST_F(ExplainTruth, OnlyNamedSourcesChangeAField) {
  std::mt19937 random(20261126);
  int tried = 0;
  int effects = 0;
  while (tried < kCases) {
    const Case& one = cases[std::uniform_int_distribution<std::size_t>(0, cases.size() - 1)(random)];
    Document input;
    input.set_root(input.clone(one.input.root()));
    std::vector<std::pair<std::string, Node*>> leaves;
    find_leaves(input.root(), "", leaves);
    if (leaves.empty()) continue;
    ++tried;
    const Outcome before = run(*one.mapper, input.root());
    const auto& [path, leaf] = leaves[std::uniform_int_distribution<std::size_t>(0, leaves.size() - 1)(random)];
    change(input, *leaf, std::uniform_int_distribution<unsigned>(0, 10)(random));
    const Outcome after = run(*one.mapper, input.root());
    if (before.verdict != after.verdict) continue;  // `when`: the whole message, not a field
    for (const std::string& output : changed(before, after)) {
      ++effects;
      ASSERT_TRUE(names(before, output, of_all(path)) || names(after, output, of_all(path)))
          << one.name << ": " << path << " changed " << output << ", whose explanation does not name it";
    }
  }
  EXPECT_GT(effects, kCases / 4) << "changes without any effect show nothing";
}

// The values that a source has in any case of the mapping: a condition asks for one of them.
using Pool = std::map<std::string, std::set<std::string>>;

std::set<std::string> effects_of(const Case& one, const Outcome& before, std::size_t leaf, const Pool& pool) {
  std::set<std::string> out;
  const auto note = [&](const Node& input) {
    const Outcome after = run(*one.mapper, input);
    out.merge(changed(before, after));
    if (after.verdict != before.verdict) out.insert("*");
  };
  const auto with = [&](const std::function<void(Document&, const std::string&, Node&)>& act) {
    Document input;
    input.set_root(input.clone(one.input.root()));
    std::vector<std::pair<std::string, Node*>> leaves;
    find_leaves(input.root(), "", leaves);
    act(input, leaves[leaf].first, *leaves[leaf].second);
    note(input.root());
  };
  for (unsigned way = 0; way <= 10; ++way)
    with([&](Document& input, const std::string&, Node& node) { change(input, node, way); });
  std::set<std::string> values;
  with([&](Document&, const std::string& path, Node&) {
    if (const auto found = pool.find(of_all(path)); found != pool.end()) values = found->second;
  });
  for (const std::string& value : values)
    with([&](Document& input, const std::string&, Node& node) { node.text = input.copy(value); });
  return out;
}

TEST_F(ExplainTruth, EveryNamedSourceChangesItsField) {
  std::map<const Mapper*, Pool> pools;
  for (Case& one : cases) {
    std::vector<std::pair<std::string, Node*>> leaves;
    find_leaves(one.input.root(), "", leaves);
    for (const auto& [path, leaf] : leaves) pools[one.mapper][of_all(path)].insert(std::string(leaf->text));
  }
  // By mapping: a pair that shows no effect in one case may show it in another.
  std::map<std::string, bool> effective;
  for (Case& one : cases) {
    const Outcome before = run(*one.mapper, one.input.root());
    if (before.verdict != MapVerdict::kMapped) continue;
    std::vector<std::pair<std::string, Node*>> leaves;
    find_leaves(one.input.root(), "", leaves);
    std::map<std::string, std::set<std::string>> effects;  // source → outputs that it changed
    for (std::size_t i = 0; i < leaves.size(); ++i)
      effects[of_all(leaves[i].first)].merge(effects_of(one, before, i, pools[one.mapper]));
    for (const auto& [output, sources] : before.named) {
      if (!before.present.contains(output)) continue;
      for (const std::string& source : sources) {
        for (const auto& [leaf, outputs] : effects) {
          if (source != "$" && !within(leaf, source)) continue;
          bool& seen = effective[one.mapper->name() + ": " + output + " <- " + source];
          for (const std::string& other : outputs)
            seen = seen || other == "*" || within(other, output) || within(output, other);
        }
      }
    }
  }
  EXPECT_GT(effective.size(), 500U);
  for (const auto& [pair, seen] : effective) EXPECT_TRUE(seen) << pair;
}

}  // namespace
}  // namespace tongqu
