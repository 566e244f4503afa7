#include "gateway/settings/yaml_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>
#include <unordered_map>

#include "gateway/settings/settings_codes.hpp"
#include "gateway/settings/yaml_source.hpp"

namespace tongqu {
namespace {

// Thrown through yaml-cpp, which has no other way to be stopped; caught in read_yaml.
struct StopReading {};

class TextBuffer final : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // NOLINT: read only, streambuf asks for char*
    setg(begin, begin, begin + text.size());
  }
};

Words number(std::size_t value) { return {std::to_string(value), std::to_string(value)}; }

// Takes yaml-cpp's events and grows the tree. One frame for each open list or map.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(YamlSource& source, const YamlLimits& limits) : source_(source), limits_(limits) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { scalar(mark, "?", anchor, {}, true); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    scalar(mark, tag, anchor, value, false);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { scalar(mark, "?", 1, {}, true); }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, SettingsNode::Kind::kList);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, SettingsNode::Kind::kMap);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

  [[nodiscard]] std::optional<SettingsNode> take() {
    if (root_) finish(*root_);
    return std::move(root_);
  }
  // A quoted text that ran over its line was reported; what the parser says afterwards follows from it.
  [[nodiscard]] bool saw_unclosed_quote() const { return saw_unclosed_quote_; }
  [[nodiscard]] std::size_t last_offset() const { return last_offset_; }

 private:
  struct Frame {
    SettingsNode node;
    bool wants_key = false;
    bool keep_value = true;  // false: the key was refused, its value is read and dropped
    std::string key;
    Position key_position;
    std::unordered_map<std::string, std::uint32_t> key_lines;  // where each key of the map stands
  };

  void note_event(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (++values_ > limits_.max_values) {
      source_.fault(codes::kSettingsTooManyValues, source_.at(mark.line, mark.column), number(limits_.max_values));
      throw StopReading{};
    }
    last_offset_ = source_.offset_of(mark.line, mark.column);
    event_offsets_.push_back(last_offset_);
    if (anchor != YAML::NullAnchor)
      source_.fault(codes::kSettingsAlias, source_.at(mark.line, mark.column), {},
                    {"the value itself", "直接写出的值"});
    if (!tag.empty() && tag != "?" && tag != "!")
      source_.fault(codes::kSettingsTag, source_.at(mark.line, mark.column), {},
                    {"the value without a tag", "不带标签的值"});
  }

  void scalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value,
              bool null) {
    note_event(mark, tag, anchor);
    const std::size_t offset = last_offset_;
    const char first = offset < source_.text().size() ? source_.text()[offset] : '\0';
    if (tag == "!" && (first == '"' || first == '\'') && !closing_quote(source_.text(), offset)) {
      saw_unclosed_quote_ = true;
      source_.fault(codes::kSettingsUnclosedQuote, source_.at(mark.line, mark.column));
    }
    SettingsNode node;
    node.kind = null ? SettingsNode::Kind::kNull : SettingsNode::Kind::kScalar;
    node.quoted = tag == "!";
    node.text = value;
    node.position = source_.at(mark.line, mark.column);
    node.last_line = static_cast<std::uint32_t>(event_offsets_.size() - 1);  // index of its event until finish()
    if (!frames_.empty() && frames_.back().wants_key) {
      take_key(std::move(node));
    } else {
      attach(std::move(node));
    }
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, SettingsNode::Kind kind) {
    note_event(mark, tag, anchor);
    if (frames_.size() >= limits_.max_depth) {
      source_.fault(codes::kSettingsTooDeep, source_.at(mark.line, mark.column), number(limits_.max_depth));
      throw StopReading{};
    }
    Frame frame;
    frame.node.kind = kind;
    frame.node.position = source_.at(mark.line, mark.column);
    frame.wants_key = kind == SettingsNode::Kind::kMap;
    frames_.push_back(std::move(frame));
  }

  void close() {
    SettingsNode node = std::move(frames_.back().node);
    frames_.pop_back();
    if (!frames_.empty() && frames_.back().wants_key) {
      refuse_key(node.position);
    } else {
      attach(std::move(node));
    }
  }

  void refuse_key(Position position) {
    source_.fault(codes::kSettingsBadKey, position, {}, {"a word and a colon", "一个词加冒号"});
    frames_.back().wants_key = false;
    frames_.back().keep_value = false;
  }

  void take_key(SettingsNode key) {
    Frame& frame = frames_.back();
    if (key.kind != SettingsNode::Kind::kScalar || key.text.empty()) return refuse_key(key.position);
    const auto [first, is_new] = frame.key_lines.emplace(key.text, key.position.line);
    frame.keep_value = is_new;
    if (!is_new) source_.fault(codes::kSettingsDuplicateKey, key.position, number(first->second));
    frame.wants_key = false;
    frame.key = std::move(key.text);
    frame.key_position = key.position;
  }

  void attach(SettingsNode node) {
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = frames_.back();
    if (frame.node.kind == SettingsNode::Kind::kList) {
      frame.node.items.push_back(std::move(node));
      return;
    }
    // The parser places an empty value at whatever comes next; people look for it at its key.
    if (node.kind == SettingsNode::Kind::kNull) node.position = frame.key_position;
    if (frame.keep_value) frame.node.members.push_back({std::move(frame.key), frame.key_position, std::move(node)});
    frame.key.clear();
    frame.wants_key = true;
  }

  // Last lines: a scalar may reach up to the next event; the line of that event counts unless it begins with it.
  [[nodiscard]] std::uint32_t last_line_before(std::size_t event) const {
    if (event >= event_offsets_.size()) return source_.last_line();
    const std::size_t offset = event_offsets_[event];
    const std::string_view before = source_.text().substr(0, offset);
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 = 0
    const bool begins_line = before.find_first_not_of(" -?", line_start) == std::string_view::npos;
    return source_.at_offset(offset).line - (begins_line ? 1 : 0);
  }

  void finish(SettingsNode& node) {
    if (node.kind == SettingsNode::Kind::kScalar || node.kind == SettingsNode::Kind::kNull) {
      node.last_line = std::max(node.position.line, last_line_before(node.last_line + std::size_t{1}));
      return;
    }
    node.last_line = node.position.line;
    for (SettingsNode& item : node.items) finish(item);
    for (SettingsMember& member : node.members) finish(member.value);
    if (!node.items.empty()) node.last_line = std::max(node.last_line, node.items.back().last_line);
    if (!node.members.empty()) node.last_line = std::max(node.last_line, node.members.back().value.last_line);
  }

  YamlSource& source_;
  const YamlLimits& limits_;
  std::vector<Frame> frames_;
  std::optional<SettingsNode> root_;
  std::vector<std::size_t> event_offsets_;
  std::size_t values_ = 0;
  std::size_t last_offset_ = 0;
  bool saw_unclosed_quote_ = false;
};

// Refuses everything behind the first document.
class NoMoreDocuments final : public YAML::EventHandler {
 public:
  explicit NoMoreDocuments(YamlSource& source) : source_(source) {}
  void OnDocumentStart(const YAML::Mark& mark) override {
    source_.fault(codes::kSettingsManyDocuments, source_.at(mark.line, mark.column), {},
                  {"one document a file", "每个文件一个文档"});
    throw StopReading{};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  YamlSource& source_;
};

// True when the document was read to its end.
bool parse(YamlSource& source, TreeBuilder& builder) {
  try {
    TextBuffer buffer(source.text());
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return true;
    NoMoreDocuments no_more(source);
    while (parser.HandleNextDocument(no_more)) {
    }
    return true;
  } catch (const StopReading&) {
    return false;
  } catch (const YAML::Exception& exception) {
    // What follows an unclosed quotation mark is its consequence.
    if (!builder.saw_unclosed_quote())
      report_syntax(source, exception.msg, source.offset_of(exception.mark.line, exception.mark.column),
                    builder.last_offset());
  } catch (const std::exception&) {
    source.fault(codes::kSettingsSyntax, {}, {"the parser gave up", "解析器无法继续"});
  }
  return false;
}

}  // namespace

std::optional<SettingsNode> read_yaml(const std::string& file, std::string_view text, const YamlLimits& limits,
                                      FaultSink& sink) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  YamlSource source(file, text, sink);
  if (text.size() > limits.max_bytes) {
    source.fault(codes::kSettingsFileTooLarge, {}, number(limits.max_bytes));
    return std::nullopt;
  }
  if (!check_bytes(source, limits.max_line_bytes)) return std::nullopt;
  TreeBuilder builder(source, limits);
  if (!parse(source, builder) || builder.saw_unclosed_quote()) return std::nullopt;
  std::optional<SettingsNode> root = builder.take();
  if (!root || root->kind == SettingsNode::Kind::kNull) {
    root.emplace();
    root->kind = SettingsNode::Kind::kMap;
    root->position = {1, 1};
    root->last_line = source.last_line();
  }
  if (root->kind != SettingsNode::Kind::kMap) {
    source.fault(codes::kSettingsSyntax, root->position, {"the file is no list of fields", "文件不是由字段组成"},
                 {"name: value", "名称: 值"});
    return std::nullopt;
  }
  return root;
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::uint32_t i = 1; i < line; ++i) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  std::string_view found = text.substr(0, text.find('\n'));
  if (found.ends_with('\r')) found.remove_suffix(1);
  return found;
}

}  // namespace tongqu
