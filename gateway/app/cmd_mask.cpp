// tongqu mask: free texts as a recipient would see them, one JSON object a line in and out. The scrubber is the one of
// the line; nothing is stored, nothing is logged.
#include <fstream>
#include <iostream>

#include "gateway/app/app_codes.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/input_lines.hpp"
#include "gateway/core/jcs.hpp"
#include "security/privacy/text_scrubber.hpp"
#include "security/privacy/text_stream.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

constexpr std::size_t kBatchLines = 256;           // searched together: the network likes company
constexpr std::size_t kBatchBytes = 4U << 20U;     // at most one line more than that is in memory
constexpr std::size_t kMaxLineBytes = 16U << 20U;  // a longer one is an error in its place

struct MaskOptions {
  std::string directory;
  std::string policy;
  std::string model;
  std::string file = "-";
  std::string spans;  // where --plain writes them; empty: nowhere
  bool why = false;
  bool plain = false;
};

// Which of the values that come with a text the recipient may see anyway.
class Clearance {
 public:
  Clearance() = default;
  explicit Clearance(const Setting& policy) : rules_(policy.list("rules").begin(), policy.list("rules").end()) {}

  // `key` is a kind ("name") or a subject and a kind ("respondent.name"). Without subject nobody is cleared.
  [[nodiscard]] bool shows(std::string_view key) const {
    const std::size_t dot = key.find('.');
    if (dot == std::string_view::npos) return false;
    for (const Setting& rule : rules_) {
      if (rule.text("kind") != key.substr(dot + 1) || rule.text("subject") != key.substr(0, dot)) continue;
      if (!rule.text("path").empty()) continue;
      return rule.text("treatment") == "clear";
    }
    return false;
  }

 private:
  std::vector<Setting> rules_;
};

struct Line {
  Document document;
  std::string_view text;
  KnownPersons known;
  std::string error;  // empty: the line is fine
};

// False: a member is no text, or of a kind that nobody has.
bool add_known(const Node& known, const Clearance& clearance, KnownPersons& out) {
  if (known.kind != Kind::kObject) return false;
  for (const Node& member : children(known)) {
    const std::string_view key = member.name;
    const std::size_t dot = key.find('.');
    const auto kind = known_kind_of(dot == std::string_view::npos ? key : key.substr(dot + 1));
    if (!kind) return false;
    const auto add = [&](const Node& value) {
      if (value.kind != Kind::kText) return false;
      if (clearance.shows(key)) {
        out.shown.emplace_back(value.text);
      } else {
        out.hidden.push_back({*kind, std::string(value.text)});
      }
      return true;
    };
    if (member.kind != Kind::kList) {
      if (!add(member)) return false;
      continue;
    }
    for (const Node& one : children(member)) {
      if (!add(one)) return false;
    }
  }
  return true;
}

Line read_line(const std::string& bytes, std::size_t number, const Clearance& clearance, Lang lang) {
  Line line;
  const auto fail = [&](const ErrorCode& code, const std::string& param) {
    line.error = make_error(code, param).text(lang);
  };
  const std::string place = std::to_string(number);
  if (bytes.size() > kMaxLineBytes) {
    fail(codes::kMaskLength, place);
    return line;
  }
  auto decoded = decode_json(bytes, {kMaxLineBytes, 16, 100'000, kMaxLineBytes});
  if (decoded.has_error()) {
    fail(codes::kMaskLine, place);
    return line;
  }
  line.document = std::move(*decoded);
  const Node& root = line.document.root();
  const Node* text = root.kind == Kind::kObject ? root.find("text") : nullptr;
  if (text == nullptr || text->kind != Kind::kText) {
    fail(codes::kMaskText, place);
    return line;
  }
  line.text = text->text;
  if (const Node* known = root.find("known"); known != nullptr && !add_known(*known, clearance, line.known))
    fail(codes::kMaskKnown, place);
  return line;
}

// `base`: code points of the text before those that the span counts from.
void append_span(const TextSpan& span, std::uint64_t base, bool why, std::string& out) {
  out +=
      "{\"start\":" + std::to_string(base + span.begin) + ",\"end\":" + std::to_string(base + span.end) + ",\"type\":";
  append_json_string(out, name_of(span.type));
  if (why) {
    out += ",\"why\":";
    append_json_string(out, span.reason);
  }
  out.push_back('}');
}

void write_line(const Line& line, const TextScrubber& scrubber, bool why, std::string& out) {
  if (!line.error.empty()) {
    out += "{\"error\":";
    append_json_string(out, line.error);
    out += "}\n";
    return;
  }
  const Scrubbed scrubbed = scrubber.scrub(line.text, RecordPersons(line.known));
  out += "{\"text\":";
  append_json_string(out, scrubbed.text);
  out += ",\"spans\":[";
  bool first = true;
  for (const TextSpan& span : scrubbed.spans) {
    if (!first) out.push_back(',');
    first = false;
    append_span(span, 0, why, out);
  }
  out += "]}\n";
}

// All lines of `in`; false when one of them could not be read.
bool mask_lines(std::istream& in, const TextScrubber& scrubber, const Clearance& clearance, bool why, Lang lang) {
  std::size_t number = 0;
  bool good = true;
  for (bool more = true; more;) {
    std::vector<Line> batch;
    std::string bytes;
    std::size_t held_bytes = 0;
    while (batch.size() < kBatchLines && held_bytes < kBatchBytes && (more = next_line(in, bytes, kMaxLineBytes))) {
      held_bytes += bytes.size();
      batch.push_back(read_line(bytes, ++number, clearance, lang));
      good = good && batch.back().error.empty();
    }
    std::vector<std::string_view> texts;
    texts.reserve(batch.size());
    for (const Line& line : batch) texts.push_back(line.text);
    scrubber.search_ahead(texts);
    std::string out;
    for (const Line& line : batch) write_line(line, scrubber, why, out);
    std::cout << out << std::flush;
  }
  return good;
}

// All of `in` is one text, of any length: what comes out goes on while it comes in.
int mask_plain(std::istream& in, const TextScrubber& scrubber, const MaskOptions& options, const Command& command) {
  std::ofstream spans;
  if (!options.spans.empty()) {
    spans.open(options.spans, std::ios::binary | std::ios::trunc);
    if (!spans) return report(make_error(codes::kMaskWrite, options.spans), command);
  }
  const RecordPersons nobody;
  TextStream stream(scrubber, nobody, [&](const StreamedPart& part) {
    std::cout << part.scrubbed.text << std::flush;
    std::string lines;
    for (const TextSpan& span : part.scrubbed.spans) {
      append_span(span, part.begin, options.why, lines);
      lines.push_back('\n');
    }
    spans << lines;
  });
  std::string block(64U << 10U, '\0');
  bool good = true;
  while (good && (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0))
    good = stream.push(std::string_view(block).substr(0, static_cast<std::size_t>(in.gcount())));
  if (!good || !stream.finish()) return report(make_error(codes::kMaskUtf8, options.file), command);
  if (in.bad()) return report(make_error(codes::kMaskFile, options.file), command);
  if (!options.spans.empty() && !spans.flush()) return report(make_error(codes::kMaskWrite, options.spans), command);
  return std::cout ? kDone : kFoundWrong;
}

int mask(const MaskOptions& options, const Command& command) {
  Clearance clearance;
  std::string model = options.model;
  if (!options.policy.empty()) {
    const JsonCodec json;
    const OpenedConfig opened = open_config(options.directory, json);
    if (!opened.settings) {
      print_faults(std::cerr, opened.faults, command.lang);
      return kFoundWrong;
    }
    const Setting* policy = opened.settings->find("policy", options.policy);
    if (policy == nullptr) return report(make_error(codes::kMaskPolicy, options.policy), command);
    clearance = Clearance(*policy);
    if (model.empty()) model = opened.settings->single("gateway").object("privacy").text("names_model");
  }
  if (model.empty()) model = kDefaultNamesModel;
  auto scrubber = open_text_scrubber(model);
  if (scrubber.has_error()) return report(scrubber.error(), command);
  const auto run = [&](std::istream& in) {
    if (options.plain) return mask_plain(in, **scrubber, options, command);
    return mask_lines(in, **scrubber, clearance, options.why, command.lang) ? kDone : kFoundWrong;
  };
  if (options.file == "-") return run(std::cin);
  std::ifstream file(options.file, std::ios::binary);
  if (!file) return report(make_error(codes::kMaskFile, options.file), command);
  return run(file);
}

}  // namespace

void add_mask(CLI::App& app, Command& command) {
  auto options = std::make_shared<MaskOptions>();  // second owner: the callback
  auto* mask_command = app.add_subcommand(
      "mask", "自由文本脱敏：每行一个 JSON（text、known），输出脱敏文本与位置 / free text, one JSON object a line");
  mask_command->add_option("FILE", options->file, "JSONL 文件，默认标准输入 / a JSONL file, default standard input");
  auto* policy = mask_command->add_option(
      "--policy", options->policy, "隐私策略：其明文可见的已知值不遮盖 / what this policy shows clear stays readable");
  auto* directory = mask_command->add_option("-c,--config", options->directory, "配置目录 / configuration directory");
  policy->needs(directory);
  auto* plain = mask_command->add_flag(
      "--plain", options->plain,
      "输入为一整篇 UTF-8 文本，长度不限，边读边输出 / one text of any length, put out while it is read");
  plain->excludes(policy);
  mask_command
      ->add_option("--spans", options->spans, "--plain 的位置写入此文件 / file for the spans of --plain, one a line")
      ->needs(plain);
  mask_command->add_flag("--why", options->why, "每处附理由 / the reason of each span");
  mask_command->add_option("--model", options->model, "姓名识别模型文件夹 / folder of the network for names");
  mask_command->footer(
      "输入 / in:  {\"text\": \"…\", \"known\": {\"name\": \"…\", \"phone\": [\"…\"], \"respondent.name\": \"…\"}}\n"
      "输出 / out: {\"text\": \"…〔姓名〕…\", \"spans\": [{\"start\", \"end\", \"type\"}]}；位置为输入的码点 / offsets "
      "in code "
      "points of the input");
  mask_command->callback(
      [options, &command] { command.run = [options, &command] { return mask(*options, command); }; });
}

}  // namespace tongqu::app
