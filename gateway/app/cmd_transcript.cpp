// tongqu transcript: messages that a person copies into a system that no program may call.
//
// An export is five steps, each safe to be killed behind: room for the file is there; the gateway commits the batch
// with its disclosure and hands it out; the file is written beside its place and synced; the gateway notes that it is
// whole; it is renamed. Whatever is missing then, `--again` gives the same batch.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "gateway/app/admin_command.hpp"
#include "gateway/app/app_codes.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/sheets/transcript_sheet.hpp"

namespace tongqu::app {
namespace {

struct TranscriptOptions {
  AdminAddress admin;
  std::string partner;
  std::string actor;
  std::string reason = "transcript";
  std::string file;
  std::string exchange;
  std::string number;
  std::int64_t again = 0;
  std::int64_t limit = 200;
  std::int64_t after = 0;
};

constexpr DecodeLimits kAnswerLimits{.max_bytes = 64U << 20U, .max_nodes = 2'000'000};

std::string text_of(const Node& node, std::string_view name) {
  const Node* member = node.find(name);
  return member != nullptr && member->is_scalar() ? std::string(member->text) : std::string();
}

// One act; the answer's document in `out`. kDone, or the exit status with everything said.
int post(const TranscriptOptions& options, const std::string& verb, const std::function<void(Document&)>& fill,
         const Command& command, Document& out, std::string* refused = nullptr) {
  Document body;
  body.set_root(body.make(Kind::kObject));
  body.add_text(body.root(), "partner", options.partner);
  body.add_text(body.root(), "actor", acting_person(options.actor));
  body.add_text(body.root(), "reason", options.reason);
  fill(body);
  const JsonCodec json;
  std::string text;
  if (auto status = json.encode(body.root(), text); status.has_error()) return report(status.error(), command);
  auto answer = admin_call(options.admin, "POST", "/admin/v1/transcript/" + verb, text);
  if (answer.has_error()) return report(answer.error(), command);
  const bool later = answer->status >= 500;
  if (answer->status != 200 && (refused == nullptr || later)) return problem(answer->body, command);
  if (auto status = json.decode(answer->body, kAnswerLimits, out); status.has_error())
    return report(status.error(), command);
  if (answer->status != 200) *refused = text_of(out.root(), "detail") + " [" + text_of(out.root(), "code") + "]";
  return kDone;
}

std::vector<TranscriptTable> tables_of(const Node& answer) {
  std::vector<TranscriptTable> out;
  for (const Node& form : children(*answer.find("forms"))) {
    TranscriptTable table{text_of(form, "title"), {}, {}};
    for (const Node& column : children(*form.find("columns"))) table.columns.emplace_back(column.text);
    out.push_back(std::move(table));
  }
  for (const Node& row : children(*answer.find("rows"))) {
    const auto form = static_cast<std::size_t>(std::strtoul(text_of(row, "form").c_str(), nullptr, 10));
    if (form >= out.size()) continue;
    TranscriptRowText text{text_of(row, "exchange"),
                           text_of(row, "nationalNo"),
                           text_of(row, "service"),
                           text_of(row, "createdAt"),
                           text_of(row, "batch"),
                           text_of(row, "state") == "delivered",
                           {}};
    for (const Node& value : children(*row.find("values"))) text.values.emplace_back(value.text);
    out[form].rows.push_back(std::move(text));
  }
  return out;
}

bool sync_path(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool good = ::fsync(file) == 0;
  return ::close(file) == 0 && good;
}

// Before anything is handed out: the file is new, and there is room beside it.
Status make_room(const std::string& file, const std::string& part) {
  std::error_code failed;
  if (std::filesystem::exists(file, failed)) return make_error(codes::kTranscriptFile, file);
  return write_output(part, "", true);
}

using WriteFile = Status (*)(const std::vector<TranscriptTable>&, const std::string& heading, const std::string& part);

Status write_sheets(const std::vector<TranscriptTable>& tables, const std::string&, const std::string& part) {
  return write_workbook(transcript_to_sheets(tables), 1, part);
}

Status write_cards(const std::vector<TranscriptTable>& tables, const std::string& heading, const std::string& part) {
  return write_output(part, transcript_to_cards(tables, heading), true);
}

void say_unwritten(const Node& answer, bool zh) {
  for (const Node& batch : children(*answer.find("unwritten"))) {
    const std::string number = text_of(batch, "batch");
    std::cerr << (zh ? "批次 " : "batch ") << number << ' ' << text_of(batch, "at") << ' ' << text_of(batch, "actor")
              << (zh ? "：未确认写成文件，可用 --again " : ": nobody said that its file was written; --again ")
              << number << '\n';
  }
}

int hand_out(const TranscriptOptions& options, WriteFile write, const Command& command) {
  const bool zh = command.lang == Lang::kChinese;
  ::umask(0077);
  const std::string part = options.file + ".part";
  if (auto status = make_room(options.file, part); status.has_error()) return report(status.error(), command);
  Document answer;
  const int handed = post(
      options, "hand-out",
      [&](Document& body) {
        if (options.again > 0) body.add_number(body.root(), "again", options.again);
        body.add_number(body.root(), "limit", options.limit);
      },
      command, answer);
  std::error_code ignored;
  if (handed != kDone) {
    std::filesystem::remove(part, ignored);
    return handed;
  }
  const Node& root = answer.root();
  const std::string batch = text_of(root, "batch");
  say_unwritten(root, zh);
  if (batch == "0") {
    std::filesystem::remove(part, ignored);
    std::cout << (zh ? "没有新的待归集报文" : "nothing new") << '\n';
    return kDone;
  }
  const std::string heading = text_of(root, "partner") + (zh ? " 批次 " : " batch ") + batch;
  Status written = write(tables_of(root), heading, part);
  if (written.has_value() && !sync_path(part)) written = make_error(codes::kTranscriptFile, part);
  if (written.has_error()) {
    std::cerr << heading << (zh ? "：文件未写成，请用 --again " : ": the file was not written; --again ") << batch
              << '\n';
    return report(written.error(), command);
  }
  Document confirmed;
  const int noted =
      post(options, "written", [&](Document& body) { body.add_text(body.root(), "batch", batch); }, command, confirmed);
  if (noted != kDone) return noted;
  std::filesystem::rename(part, options.file, ignored);
  if (ignored) return report(make_error(codes::kTranscriptFile, options.file), command);
  const auto folder = std::filesystem::path(options.file).parent_path();
  static_cast<void>(sync_path(folder.empty() ? "." : folder));
  std::cout << options.file << ": " << heading << (zh ? "，行数 " : ", rows ") << root.find("rows")->count
            << (zh ? "，尚余 " : ", left ") << text_of(root, "more") << '\n';
  return kDone;
}

int list(const TranscriptOptions& options, const Command& command) {
  auto answer = admin_call(options.admin, "GET",
                           "/admin/v1/transcript?partner=" + escaped(options.partner) +
                               "&after=" + std::to_string(options.after) + "&limit=" + std::to_string(options.limit),
                           "");
  if (answer.has_error()) return report(answer.error(), command);
  if (answer->status != 200) return problem(answer->body, command);
  const JsonCodec json;
  Document document;
  if (auto status = json.decode(answer->body, kAnswerLimits, document); status.has_error())
    return report(status.error(), command);
  if (command.format == "json") {
    std::cout << to_pretty_json(document.root()) << '\n';
    return kDone;
  }
  const bool zh = command.lang == Lang::kChinese;
  const auto print = [&](std::string_view name, const std::vector<std::string>& columns,
                         const std::vector<std::string>& heads) {
    TextTable table(zh ? heads : columns);
    for (const Node& row : children(*document.root().find(name))) {
      std::vector<std::string> cells;
      cells.reserve(columns.size());
      for (const std::string& column : columns) cells.push_back(text_of(row, column));
      table.add(std::move(cells));
    }
    table.print(std::cout);
  };
  std::cout << text_of(document.root(), "partner") << (zh ? "：待归集 " : ": to collect ")
            << text_of(document.root(), "toCollect") << (zh ? "，未导出 " : ", new ")
            << text_of(document.root(), "fresh") << (zh ? "，最早 " : ", oldest ") << text_of(document.root(), "oldest")
            << "\n\n";
  print("rows", {"seq", "exchange", "sender", "service", "createdAt", "batch", "nationalNo"},
        {"序号", "交换编号", "来源", "业务", "收到时间", "批次", "已有登记编号"});
  std::cout << '\n';
  print("batches", {"batch", "at", "actor", "rows", "open", "writtenAt"},
        {"批次", "导出时间", "导出人", "行数", "待归集", "文件写成时间"});
  return kDone;
}

int enter(const TranscriptOptions& options, const Command& command) {
  Document answer;
  const int status = post(
      options, "enter",
      [&](Document& body) {
        body.add_text(body.root(), "exchange", options.exchange);
        body.add_text(body.root(), "number", options.number);
      },
      command, answer);
  if (status != kDone) return status;
  const bool before = text_of(answer.root(), "entered") == "before";
  const bool zh = command.lang == Lang::kChinese;
  std::cout << (before ? (zh ? "此前已填同一编号" : "entered before with the same number") : (zh ? "完成" : "done"))
            << '\n';
  return kDone;
}

int revoke(const TranscriptOptions& options, const Command& command) {
  Document answer;
  const int status = post(
      options, "revoke", [&](Document& body) { body.add_text(body.root(), "exchange", options.exchange); }, command,
      answer);
  if (status == kDone)
    std::cout << (command.lang == Lang::kChinese ? "已撤销，重新待归集" : "revoked; it waits again") << '\n';
  return status;
}

Result<NumberSheet> read_numbers(const std::string& file) {
  auto bytes = read_input(file);
  if (bytes.has_error()) return bytes.error();
  if (!bytes->starts_with("PK")) return csv_to_numbers(*bytes);
  std::vector<Fault> faults;
  auto sheets = read_workbook(*bytes, {}, &faults);
  if (sheets.has_error()) return sheets.error();
  return sheets_to_numbers(*sheets, faults);
}

struct ImportCounts {
  std::size_t entered = 0, before = 0, refused = 0, untried = 0;
};

int print_counts(const NumberSheet& sheet, const ImportCounts& counts, const Command& command) {
  const bool zh = command.lang == Lang::kChinese;
  const auto line = [](std::string_view name, std::size_t value) { std::cout << name << ": " << value << '\n'; };
  line(zh ? "行数" : "rows", sheet.rows.size() + sheet.blank);
  line(zh ? "本次填入" : "entered", counts.entered);
  line(zh ? "此前已填（编号相同）" : "entered before, same number", counts.before);
  line(zh ? "拒绝" : "refused", counts.refused);
  line(zh ? "未填" : "blank", sheet.blank);
  line(zh ? "未处理" : "not tried", counts.untried);
  return counts.refused + counts.untried > 0 ? kFoundWrong : kDone;
}

// Row by row, each its own act: what was entered before a kill or an outage is found entered by the next run.
int import(const TranscriptOptions& options, const Command& command) {
  auto sheet = read_numbers(options.file);
  if (sheet.has_error()) return report(sheet.error(), command);
  ImportCounts counts;
  for (std::size_t i = 0; i < sheet->rows.size(); ++i) {
    const NumberRow& row = sheet->rows[i];
    std::string refused;
    Document answer;
    if (row.fault != nullptr) {
      refused = make_error(*row.fault, row.where).text(command.lang) + " [" + std::string(row.fault->id) + "]";
    } else {
      const int status = post(
          options, "enter",
          [&](Document& body) {
            body.add_text(body.root(), "exchange", row.exchange);
            body.add_text(body.root(), "number", row.number);
          },
          command, answer, &refused);
      if (status != kDone) {
        counts.untried = sheet->rows.size() - i;
        break;
      }
    }
    if (!refused.empty()) {
      ++counts.refused;
      std::cerr << row.where << ' ' << kNumberHeading << ": " << refused << '\n';
    } else {
      ++(text_of(answer.root(), "entered") == "before" ? counts.before : counts.entered);
    }
  }
  return print_counts(*sheet, counts, command);
}

using Run = std::function<int(const TranscriptOptions&, const Command&)>;
using Shared = std::shared_ptr<TranscriptOptions>;  // owned by the callbacks of one command

CLI::App* add_verb(CLI::App& parent, const std::string& name, const std::string& help, const Shared& options,
                   Command& command, Run run) {
  auto* sub = add_admin_command(parent, name, help, options->admin, command);
  sub->add_option("--partner", options->partner,
                  "接入方（只有一个人工抄录接入方时可省略） / partner, when there are several");
  sub->callback([options, &command, run = std::move(run)] {
    command.run = [options, &command, run] { return run(*options, command); };
  });
  return sub;
}

void add_actor(CLI::App& sub, const Shared& options) {
  sub.add_option("--actor", options->actor, "操作人（默认登录名） / who acts, default the login name");
}

void add_hand_out(CLI::App& parent, const std::string& name, const std::string& help, const std::string& file,
                  WriteFile write, Command& command) {
  auto options = std::make_shared<TranscriptOptions>();
  auto* sub = add_verb(parent, name, help, options, command,
                       [write](const TranscriptOptions& o, const Command& c) { return hand_out(o, write, c); });
  sub->add_option(file, options->file, "输出文件，不得已存在 / output file, must not exist")->required();
  sub->add_option("--again", options->again, "再次给出此批次 / this batch once more")->check(CLI::PositiveNumber);
  sub->add_option("--limit", options->limit, "本批最多行数 / most rows of the batch")->check(CLI::Range(1, 200));
  add_actor(*sub, options);
}

}  // namespace

void add_transcript(CLI::App& app, Command& command) {
  auto* parent =
      app.add_subcommand("transcript", "人工抄录：待归集、导出、登记编号回填 / messages that people transcribe");
  parent->require_subcommand(1);
  auto listed = std::make_shared<TranscriptOptions>();
  auto* sub = add_verb(*parent, "list", "列出待归集报文与批次 / what waits, and the batches", listed, command, list);
  sub->add_option("--after", listed->after, "翻页：此序号之后 / page: after this seq")->check(CLI::NonNegativeNumber);
  sub->add_option("--limit", listed->limit, "行数 / rows")->check(CLI::Range(1, 1000));
  add_hand_out(*parent, "export", "将未导出的报文导出为 .xlsx，成为一个批次 / what is new as .xlsx, one batch",
               "--xlsx", write_sheets, command);
  add_hand_out(*parent, "cards", "同 export，输出为可逐项复制的网页卡片 / as export, as cards to copy from", "--html",
               write_cards, command);
  auto entered = std::make_shared<TranscriptOptions>();
  sub = add_verb(*parent, "enter", "填入一条报文的登记编号 / the national number of one message", entered, command,
                 enter);
  sub->add_option("EXCHANGE", entered->exchange, "交换编号 / exchange id")->required();
  sub->add_option("NUMBER", entered->number, "登记编号 / national number")->required();
  add_actor(*sub, entered);
  auto imported = std::make_shared<TranscriptOptions>();
  sub = add_verb(*parent, "import", "从 .xlsx 或 .csv 导入登记编号 / national numbers from a sheet", imported, command,
                 import);
  sub->add_option("FILE", imported->file, ".xlsx, .csv")->required();
  add_actor(*sub, imported);
  auto revoked = std::make_shared<TranscriptOptions>();
  sub = add_verb(*parent, "revoke", "撤销填错的登记编号 / take a mistyped number back", revoked, command, revoke);
  sub->add_option("EXCHANGE", revoked->exchange, "交换编号 / exchange id")->required();
  sub->add_option("--reason", revoked->reason, "理由（必填，进入审计） / why; goes to the audit log as digest")
      ->required();
  add_actor(*sub, revoked);
}

}  // namespace tongqu::app
