#include "gateway/settings/yaml_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <istream>
#include <streambuf>

#include "gateway/core/text.hpp"
#include "gateway/settings/settings_codes.hpp"

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

std::vector<std::size_t> line_starts_of(std::string_view text) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts.push_back(i + 1);
  }
  return starts;
}

// The text with its lines; yaml-cpp counts bytes from 0, people count characters from 1.
class Source {
 public:
  Source(const std::string& file, std::string_view text, FaultSink& sink)
      : file_(file), text_(text), starts_(line_starts_of(text)), sink_(sink) {}

  [[nodiscard]] Position at_offset(std::size_t offset) const {
    const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
    const std::size_t line = static_cast<std::size_t>(next - starts_.begin()) - 1;
    const std::size_t column = count_code_points(text_.substr(starts_[line], offset - starts_[line]));
    return {static_cast<std::uint32_t>(line + 1), static_cast<std::uint32_t>(column + 1)};
  }
  [[nodiscard]] std::size_t offset_of(const YAML::Mark& mark) const {
    if (mark.line < 0 || mark.column < 0) return 0;
    const std::size_t line = std::min(static_cast<std::size_t>(mark.line), starts_.size() - 1);
    return std::min(starts_[line] + static_cast<std::size_t>(mark.column), text_.size());
  }
  [[nodiscard]] Position at(const YAML::Mark& mark) const { return at_offset(offset_of(mark)); }
  [[nodiscard]] std::uint32_t last_line() const { return static_cast<std::uint32_t>(starts_.size()); }
  [[nodiscard]] std::string_view text() const { return text_; }

  void fault(const ErrorCode& code, Position position, Words param = {}, Words expected = {}) {
    sink_.add({.code = &code,
               .file = file_,
               .position = position,
               .param = std::move(param),
               .expected = std::move(expected)});
  }

 private:
  const std::string& file_;
  std::string_view text_;
  std::vector<std::size_t> starts_;
  FaultSink& sink_;
};

// Offset just behind the closing quotation mark of the text that opens at `open`, if it closes on its line.
std::optional<std::size_t> closing_quote(std::string_view text, std::size_t open) {
  const char quote = text[open];
  for (std::size_t i = open + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 >= text.size() || text[i + 1] != '\'') return i + 1;
      ++i;
    }
  }
  return std::nullopt;
}

// Takes yaml-cpp's events and grows the tree. One frame for each open list or map.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(Source& source, const YamlLimits& limits) : source_(source), limits_(limits) {}

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
  };

  void note_event(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (++values_ > limits_.max_values) {
      source_.fault(codes::kSettingsTooManyValues, source_.at(mark), number(limits_.max_values));
      throw StopReading{};
    }
    last_offset_ = source_.offset_of(mark);
    event_offsets_.push_back(last_offset_);
    if (anchor != YAML::NullAnchor)
      source_.fault(codes::kSettingsAlias, source_.at(mark), {}, {"the value itself", "直接写出的值"});
    if (!tag.empty() && tag != "?" && tag != "!")
      source_.fault(codes::kSettingsTag, source_.at(mark), {}, {"the value without a tag", "不带标签的值"});
  }

  void scalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value,
              bool null) {
    note_event(mark, tag, anchor);
    const std::size_t offset = last_offset_;
    const char first = offset < source_.text().size() ? source_.text()[offset] : '\0';
    if (tag == "!" && (first == '"' || first == '\'') && !closing_quote(source_.text(), offset)) {
      saw_unclosed_quote_ = true;
      source_.fault(codes::kSettingsUnclosedQuote, source_.at(mark));
    }
    SettingsNode node;
    node.kind = null ? SettingsNode::Kind::kNull : SettingsNode::Kind::kScalar;
    node.quoted = tag == "!";
    node.text = value;
    node.position = source_.at(mark);
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
      source_.fault(codes::kSettingsTooDeep, source_.at(mark), number(limits_.max_depth));
      throw StopReading{};
    }
    Frame frame;
    frame.node.kind = kind;
    frame.node.position = source_.at(mark);
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
    const auto& members = frame.node.members;
    const auto first = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.key == key.text; });
    frame.keep_value = first == members.end();
    if (!frame.keep_value) source_.fault(codes::kSettingsDuplicateKey, key.position, number(first->key_position.line));
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

  Source& source_;
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
  explicit NoMoreDocuments(Source& source) : source_(source) {}
  void OnDocumentStart(const YAML::Mark& mark) override {
    source_.fault(codes::kSettingsManyDocuments, source_.at(mark), {}, {"one document a file", "每个文件一个文档"});
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
  Source& source_;
};

// What yaml-cpp says, without anything it took from the text.
struct Saying {
  std::string_view theirs;
  const ErrorCode* code;
  std::string_view en;
  std::string_view zh;
};
const std::array<Saying, 22>& sayings() {
  static const std::array<Saying, 22> kSayings{{
      {"illegal EOF in scalar", &codes::kSettingsUnclosedQuote, "", ""},
      {"invalid character in single-quoted string", &codes::kSettingsUnclosedQuote, "", ""},
      {"the referenced anchor is not defined", &codes::kSettingsAlias, "", ""},
      {"alias not found after *", &codes::kSettingsAlias, "", ""},
      {"anchor not found after &", &codes::kSettingsAlias, "", ""},
      {"illegal character found while scanning a", &codes::kSettingsAlias, "", ""},
      {"cannot assign multiple a", &codes::kSettingsAlias, "", ""},
      {"aliases can't have any content", &codes::kSettingsAlias, "", ""},
      {"illegal character found while scanning tag", &codes::kSettingsTag, "", ""},
      {"tag handle with no suffix", &codes::kSettingsTag, "", ""},
      {"end of verbatim tag not found", &codes::kSettingsTag, "", ""},
      {"cannot assign multiple tags", &codes::kSettingsTag, "", ""},
      {"end of map flow not found", &codes::kSettingsSyntax, "\"{\" without \"}\"", "“{”没有对应的“}”"},
      {"end of sequence flow not found", &codes::kSettingsSyntax, "\"[\" without \"]\"", "“[”没有对应的“]”"},
      {"illegal flow end", &codes::kSettingsSyntax, "a closing bracket without its opening one", "多余的右括号"},
      {"end of map not found", &codes::kSettingsSyntax, "the indentation does not fit, or a colon is missing",
       "缩进不一致或缺少冒号"},
      {"end of sequence not found", &codes::kSettingsSyntax, "the indentation of the list does not fit",
       "列表的缩进不一致"},
      {"illegal block entry", &codes::kSettingsSyntax, "a \"-\" where no list can begin", "此处不能开始列表（“-”）"},
      {"illegal map key", &codes::kSettingsSyntax, "a key where none can stand", "此处不能出现键"},
      {"illegal map value", &codes::kSettingsSyntax, "a second colon on the line, or the indentation does not fit",
       "同一行出现第二个冒号，或缩进不一致"},
      {"unknown escape character", &codes::kSettingsSyntax, "an unknown escape behind \"\\\"", "“\\”后的转义无法识别"},
      {"illegal document indicator in scalar", &codes::kSettingsUnclosedQuote, "", ""},
  }};
  return kSayings;
}

// A parser that met the end inside a quoted text names the end; people look for its beginning.
std::size_t opening_quote(std::string_view text, std::size_t from) {
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] != '"' && text[i] != '\'') continue;
    if (i > 0 && std::string_view(" \n[{,").find(text[i - 1]) == std::string_view::npos) continue;
    const auto close = closing_quote(text, i);
    if (!close) return i;
    i = *close - 1;
  }
  return text.empty() ? 0 : from;
}

void report(Source& source, const TreeBuilder& builder, const YAML::Exception& exception) {
  if (builder.saw_unclosed_quote()) return;
  const auto& known = sayings();
  const auto saying = std::find_if(known.begin(), known.end(), [&](const Saying& s) {
    return std::string_view(exception.msg).starts_with(s.theirs);
  });
  if (saying == known.end()) {
    source.fault(codes::kSettingsSyntax, source.at(exception.mark),
                 {"something that cannot stand here", "此处的内容无法识别"});
    return;
  }
  const bool quote = saying->code == &codes::kSettingsUnclosedQuote;
  const Position position =
      quote ? source.at_offset(opening_quote(source.text(), builder.last_offset())) : source.at(exception.mark);
  source.fault(*saying->code, position, {std::string(saying->en), std::string(saying->zh)});
}

// Bytes that no configuration may hold, before the parser sees them. All tabs are named, at most one of the others.
bool check_bytes(Source& source) {
  const std::string_view text = source.text();
  bool good = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    const auto code_point = next_code_point(text, at);
    if (!code_point) {
      source.fault(codes::kSettingsNotUtf8, source.at_offset(here), {},
                   {"a file saved as UTF-8", "以 UTF-8 保存的文件"});
      return false;
    }
    if (*code_point == '\t') {
      source.fault(codes::kSettingsTab, source.at_offset(here), {}, {"spaces", "空格"});
      good = false;
    } else if ((*code_point < 0x20 && *code_point != '\n' && *code_point != '\r') ||
               (*code_point >= 0x7F && *code_point < 0xA0) || *code_point == 0xFEFF ||
               (*code_point == '\r' && (at >= text.size() || text[at] != '\n'))) {
      source.fault(codes::kSettingsControlCharacter, source.at_offset(here), {}, {"printable text", "可见字符"});
      return false;
    }
  }
  return good;
}

// True when the document was read to its end.
bool parse(Source& source, TreeBuilder& builder) {
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
    report(source, builder, exception);
  } catch (const std::exception&) {
    source.fault(codes::kSettingsSyntax, {}, {"the parser gave up", "解析器无法继续"});
  }
  return false;
}

}  // namespace

std::optional<SettingsNode> read_yaml(const std::string& file, std::string_view text, const YamlLimits& limits,
                                      FaultSink& sink) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Source source(file, text, sink);
  if (text.size() > limits.max_bytes) {
    source.fault(codes::kSettingsFileTooLarge, {}, number(limits.max_bytes));
    return std::nullopt;
  }
  if (!check_bytes(source)) return std::nullopt;
  TreeBuilder builder(source, limits);
  if (!parse(source, builder)) return std::nullopt;
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
