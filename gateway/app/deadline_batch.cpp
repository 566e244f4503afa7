#include "gateway/app/deadline_batch.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <istream>
#include <ostream>

#include "gateway/app/app_codes.hpp"
#include "gateway/app/input_lines.hpp"
#include "gateway/casework/casework_codes.hpp"
#include "gateway/core/jcs.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

constexpr std::array<std::string_view, 6> kOthers{"from", "rule", "received", "pauses", "extensions", "id"};
constexpr DecodeLimits kLimits{.max_bytes = kMaxQuestionLineBytes, .max_depth = 8, .max_nodes = 10'000};

std::optional<std::int64_t> whole_number(const Node& node) {
  std::int64_t value = 0;
  const char* end = node.text.data() + node.text.size();
  if (node.kind != Kind::kNumber || std::from_chars(node.text.data(), end, value).ptr != end) return std::nullopt;
  return value;
}

// One question out of one line.
class QuestionReader {
 public:
  explicit QuestionReader(const Node& root) : root_(root) {}

  Result<DeadlineQuestion> read() {
    if (root_.kind != Kind::kObject) return make_error(codes::kDeadlineLine);
    for (const Node& member : children(root_)) {
      const bool other = std::find(kOthers.begin(), kOthers.end(), member.name) != kOthers.end();
      if (!other && !time_unit(member.name)) fault(codes::kDeadlineMember, "");
    }
    text("from", question_.from);
    if (root_.find("from") == nullptr) fault(codes::kDeadlineMoment, "from");
    text("received", question_.received);
    read_period();
    read_pauses();
    read_extensions();
    if (faults_.empty()) return std::move(question_);
    Error error = make_error(*faults_.front().code, faults_.front().param);
    error.faults = std::move(faults_);
    return error;
  }

 private:
  void fault(const ErrorCode& code, std::string path) {
    faults_.push_back({&code, std::move(path), {}, {}, {}, Grade::kError});
  }

  void text(std::string_view name, std::string& out) {
    const Node* node = root_.find(name);
    if (node == nullptr) return;
    if (node->kind == Kind::kText) {
      out = node->text;
    } else {
      fault(codes::kDeadlineMoment, std::string(name));
    }
  }

  void read_period() {
    int given = 0;
    for (const Node& member : children(root_)) {
      const auto unit = time_unit(member.name);
      if (member.name == "rule") {
        ++given;
        if (member.kind != Kind::kText || member.text.empty()) fault(codes::kRulesName, "rule");
        question_.rule = member.kind == Kind::kText ? member.text : "";
      } else if (unit) {
        ++given;
        const auto length = whole_number(member);
        if (!length) fault(codes::kDeadlineLength, std::string(member.name));
        question_.unit = *unit;
        question_.length = length.value_or(1);
      }
    }
    if (given != 1) fault(codes::kDeadlinePeriod, "");
  }

  void read_pauses() {
    const Node* pauses = root_.find("pauses");
    if (pauses == nullptr) return;
    if (pauses->kind != Kind::kList) return fault(codes::kDeadlinePause, "pauses");
    std::size_t i = 0;
    for (const Node& pause : children(*pauses)) {
      if (pause.kind != Kind::kText) fault(codes::kDeadlinePause, "pauses[" + std::to_string(i) + "]");
      question_.pauses.emplace_back(pause.text);
      ++i;
    }
  }

  void read_extensions() {
    const Node* extensions = root_.find("extensions");
    if (extensions == nullptr) return;
    if (const auto count = whole_number(*extensions)) {
      if (*count < 0 || *count > static_cast<std::int64_t>(kMaxExtensions))
        return fault(codes::kDeadlineExtensionForm, "extensions");
      question_.extensions.resize(static_cast<std::size_t>(*count));
      return;
    }
    if (extensions->kind != Kind::kList) return fault(codes::kDeadlineExtensionForm, "extensions");
    for (const Node& extension : children(*extensions)) {
      if (!read_extension(extension))
        fault(codes::kDeadlineExtensionForm, "extensions[" + std::to_string(question_.extensions.size()) + "]");
      question_.extensions.push_back(std::move(extension_));
    }
  }

  bool read_extension(const Node& node) {
    extension_ = {};
    if (node.kind == Kind::kText) {
      extension_.on = node.text;
      return true;
    }
    if (node.kind != Kind::kObject) return false;
    for (const Node& member : children(node)) {
      if (member.name == "on" && member.kind == Kind::kText) {
        extension_.on = member.text;
      } else if (const auto length = whole_number(member); member.name == "length" && length && *length > 0) {
        extension_.length = *length;
      } else {
        return false;
      }
    }
    return true;
  }

  const Node& root_;
  DeadlineQuestion question_;
  DeadlineQuestion::Extension extension_;
  std::vector<Fault> faults_;
};

void append_error(std::string& out, std::size_t number, const Error& error) {
  out += "{\"line\":" + std::to_string(number) + ",\"error\":{\"code\":";
  append_json_string(out, error.code->id);
  out += ",\"path\":";
  append_json_string(out, error.faults.empty() ? "" : error.faults.front().path);
  out += ",\"zh\":";
  append_json_string(out, error.text(Lang::kChinese));
  out += ",\"en\":";
  append_json_string(out, error.text(Lang::kEnglish));
  out += "}}";
}

// The id as it came, "" when there is none or it is no text and no number.
std::string id_of(const Node& root) {
  const Node* id = root.kind == Kind::kObject ? root.find("id") : nullptr;
  std::string text;
  if (id != nullptr && id->kind == Kind::kText) append_json_string(text, id->text);
  if (id != nullptr && id->kind == Kind::kNumber) text = id->text;
  return text;
}

// False: an error took the answer's place.
bool answer_line(const std::string& line, std::size_t number, const RuleBook& rules, const WorkCalendar& calendar,
                 bool days, std::string& out) {
  const auto fail = [&](const Error& error) {
    append_error(out, number, error);
    return false;
  };
  if (line.size() > kMaxQuestionLineBytes) return fail(make_error(codes::kDeadlineLineLength, "256 KiB"));
  const auto document = decode_json(line, kLimits);
  if (document.has_error()) return fail(make_error(codes::kDeadlineLine));
  auto question = QuestionReader(document->root()).read();
  if (question.has_error()) return fail(question.error());
  auto answer = answer_deadline(rules, calendar, *question);
  if (answer.has_error()) return fail(answer.error());
  const std::size_t begin = out.size();
  append_json(out, *answer, days, std::nullopt);
  if (const std::string id = id_of(document->root()); !id.empty()) out.insert(begin + 1, "\"id\":" + id + ",");
  return true;
}

}  // namespace

bool answer_lines(std::istream& in, std::ostream& out, const RuleBook& rules, const WorkCalendar& calendar, bool days) {
  std::string line, answer;
  bool good = true;
  for (std::size_t number = 1; next_line(in, line, kMaxQuestionLineBytes); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    answer.clear();
    good = answer_line(line, number, rules, calendar, days, answer) && good;
    out << answer << '\n';
    if (in.rdbuf()->in_avail() <= 0) out.flush();  // somebody may be waiting for it before the next line
  }
  out.flush();
  return good;
}

}  // namespace tongqu::app
