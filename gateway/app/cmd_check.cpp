// tongqu check, tongqu test: the configuration before it runs.
#include <iostream>
#include <map>

#include "gateway/app/commands.hpp"
#include "gateway/app/config_compile.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/matrix.hpp"
#include "gateway/pipeline/steps.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

struct CheckOptions {
  std::string directory;
  std::string secrets;
  std::string matrix;
  std::string certificate;
  std::string against;
  bool no_secrets = false;
};

// What changed since the configuration in `directory`, which has to pass itself.
int compare(const std::string& directory, const CompiledConfig& config, const Command& command) {
  const JsonCodec json;
  const OpenedConfig before = open_config(directory, json);
  if (before.config == nullptr) {
    print_faults(std::cerr, before.faults, command.lang, has_colours(2));
    return kFoundWrong;
  }
  print_difference(std::cout, *before.config, config);
  return kDone;
}

int check(const CheckOptions& options, const Command& command) {
  const JsonCodec json;
  OpenedConfig opened = open_config(options.directory, json);
  if (!options.no_secrets && opened.settings) {
    const std::filesystem::path secrets = secrets_folder(options.directory, options.secrets);
    std::vector<SettingsFault> missing = check_secrets(*opened.settings, secrets);
    // Keys that can be read are tried as well.
    const SystemClock clock;
    if (!has_errors(missing)) static_cast<void>(PrivacyKeys::open(*opened.settings, {secrets, &clock}, missing));
    for (SettingsFault& fault : missing) opened.faults.push_back(std::move(fault));
  }
  if (command.format == "json") {
    std::cout << faults_to_json(opened.faults) << '\n';
  } else {
    print_faults(std::cerr, opened.faults, command.lang, has_colours(2));
  }
  if (has_errors(opened.faults) || opened.config == nullptr) return kFoundWrong;
  if (!options.certificate.empty()) {
    auto written = write_output(options.certificate, opened.config->certificate, false);
    if (written.has_error()) return report(written.error(), command);
  }
  if (!options.against.empty()) return compare(options.against, *opened.config, command);
  if (!options.matrix.empty()) {
    print_matrix(std::cout, *opened.config, options.matrix);
  } else if (command.format != "json") {
    std::cout << (command.lang == Lang::kChinese ? "配置通过检查：" : "configuration passed: ")
              << opened.config->snapshot.id.str() << '\n';
  }
  return kDone;
}

// ---- cases ------------------------------------------------------------------------------------------------------

struct Case {
  std::string mapping;
  std::string name;
  std::filesystem::path input;
  std::filesystem::path expected;
};

std::vector<Case> find_cases(const std::filesystem::path& folder) {
  std::vector<Case> cases;
  if (!std::filesystem::is_directory(folder)) return cases;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    const auto mark = file.rfind(".in.");
    if (!entry.is_regular_file() || mark == std::string::npos) continue;
    const std::string name = file.substr(0, mark);
    const auto mapping = std::filesystem::relative(entry.path().parent_path(), folder).generic_string();
    cases.push_back({mapping, name, entry.path(), entry.path().parent_path() / (name + ".out.json")});
  }
  std::sort(cases.begin(), cases.end(),
            [](const Case& a, const Case& b) { return std::tie(a.mapping, a.name) < std::tie(b.mapping, b.name); });
  return cases;
}

// NAME.in.json is a document written as JSON whatever the partner's format is; NAME.in.xml, .in.csv … are the partner's
// own bytes.
Status read_case(const Case& c, const Mapping& mapping, const CompiledConfig& config, const JsonCodec& json,
                 Document& out) {
  auto input = read_input(c.input.string());
  if (input.has_error()) return input.error();
  const bool own = c.input.extension() != ".json";
  const auto codec = config.codecs.find(mapping.source_schema());
  const Codec& reader = own && codec != config.codecs.end() ? *codec->second : static_cast<const Codec&>(json);
  return reader.decode(*input, DecodeLimits{}, out);
}

// What a case expects: {"verdict", "flags": [{"code","path"}], "record": {…}}, pretty-printed; empty record when
// refused.
std::string outcome_of(const Mapper& mapper, const Node& input, Document& record, MapOutcome& outcome) {
  mapper.map(input, record, outcome, nullptr);
  Document out;
  out.set_root(out.make(Kind::kObject));
  static constexpr std::array<std::string_view, 3> kVerdicts{"mapped", "held", "refused"};
  out.add_text(out.root(), "verdict", kVerdicts[static_cast<std::size_t>(outcome.verdict)]);
  if (!outcome.reason.empty()) out.add_text(out.root(), "reason", outcome.reason);
  Node* flags = out.add_list(out.root(), "flags");
  for (const Fault& flag : outcome.flags) {
    Node& item = *out.add_object(*flags);
    out.add_text(item, "code", flag.code->id);
    out.add_text(item, "path", flag.path);
  }
  out.append(out.root(), out.clone(record.root()), "record");
  return to_pretty_json(out.root());
}

// What the line does with a document before it leaves: only one of a partner's own schema is held against it.
Status check_outbound(const Mapping& mapping, const CompiledConfig& config, const MapOutcome& outcome,
                      Document& record) {
  const std::string file = "partners/" + mapping.target_schema() + ".json";
  const auto& files = config.snapshot.settings.image().files();
  const bool outbound = std::any_of(files.begin(), files.end(), [&](const ConfigFile& f) { return f.path == file; });
  const bool faulty = std::any_of(outcome.flags.begin(), outcome.flags.end(),
                                  [](const Fault& flag) { return flag.grade == Grade::kError; });
  if (!outbound || faulty || outcome.verdict != MapVerdict::kMapped) return {};
  return steps::check_document(record, {config.schemas.at(mapping.target_schema()).get()});
}

int run_case(const Case& c, const CompiledConfig& config, const JsonCodec& json, bool accept, const Command& command) {
  const auto mapper = config.mappings.find(c.mapping);
  if (mapper == config.mappings.end()) {
    std::cout << "not ok " << c.mapping << " " << c.name << ": no such mapping\n";
    return 1;
  }
  Document document;
  if (auto status = read_case(c, *mapper->second, config, json, document); status.has_error()) {
    std::cout << "not ok " << c.mapping << " " << c.name << ": the input cannot be read\n";
    return report(status.error(), command);
  }
  Document record;
  MapOutcome outcome;
  const std::string got = outcome_of(*mapper->second, document.root(), record, outcome);
  if (auto status = check_outbound(*mapper->second, config, outcome, record); status.has_error()) {
    std::cout << "not ok " << c.mapping << " " << c.name << ": the recipient's schema refuses it\n";
    return report(status.error(), command);
  }
  if (accept) return write_output(c.expected.string(), got + "\n", false).has_error() ? 1 : 0;
  auto expected = read_input(c.expected.string());
  if (expected.has_value() && *expected == got + "\n") {
    std::cout << "ok     " << c.mapping << " " << c.name << '\n';
    return 0;
  }
  std::cout << "not ok " << c.mapping << " " << c.name << "\n--- expected\n"
            << (expected.has_value() ? *expected : std::string("(no file)\n")) << "--- got\n"
            << got << '\n';
  return 1;
}

int test(const std::string& directory, const std::vector<std::string>& names, bool accept, const Command& command) {
  const JsonCodec json;
  const OpenedConfig opened = open_config(directory, json);
  if (opened.config == nullptr) {
    print_faults(std::cerr, opened.faults, command.lang);
    return kFoundWrong;
  }
  int passed = 0;
  int failed = 0;
  for (const Case& c : find_cases(std::filesystem::path(directory) / "cases")) {
    const bool wanted = names.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& n) {
                          return c.mapping.starts_with(n) || c.name == n;
                        });
    if (!wanted) continue;
    (run_case(c, *opened.config, json, accept, command) == 0 ? passed : failed) += 1;
  }
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 && passed > 0 ? kDone : kFoundWrong;
}

}  // namespace

void add_check(CLI::App& app, Command& command) {
  auto options = std::make_shared<CheckOptions>();  // second owner: the callback
  auto* check_command =
      app.add_subcommand("check", "检查配置目录，列出全部问题 / check a configuration directory, all faults at once");
  check_command->add_option("-c,--config", options->directory, "配置目录 / configuration directory")->required();
  check_command->add_option("--secrets", options->secrets, "密钥目录（默认 <配置目录>/secrets） / folder of secrets");
  check_command->add_flag("--no-secrets", options->no_secrets, "不检查密钥是否可读 / do not look at secrets");
  check_command->add_option("--matrix", options->matrix, "输出披露矩阵 / print the disclosure matrix")
      ->check(CLI::IsMember({"terminal", "csv", "html"}));
  check_command->add_option("--against", options->against,
                            "与旧配置比较：哪些字段新提供给谁 / what changed since another configuration directory");
  check_command->add_option("--certificate", options->certificate,
                            "写出披露证明文件 / write the certificate of the disclosure proof");
  check_command->add_option("--format", command.format, "text|json")->check(CLI::IsMember({"text", "json"}));
  check_command->callback(
      [options, &command] { command.run = [options, &command] { return check(*options, command); }; });

  struct TestOptions {
    std::string directory;
    std::vector<std::string> names;
    bool accept = false;
  };
  auto tests = std::make_shared<TestOptions>();  // second owner: the callback
  auto* test_command = app.add_subcommand("test", "运行映射用例 / run the cases of the mappings");
  test_command->add_option("-c,--config", tests->directory, "配置目录 / configuration directory")->required();
  test_command->add_option("NAME", tests->names, "映射或用例名 / mappings or cases");
  test_command->add_flag("--accept", tests->accept, "以当前结果为预期结果写回 / write what comes out as expected");
  test_command->callback([tests, &command] {
    command.run = [tests, &command] { return test(tests->directory, tests->names, tests->accept, command); };
  });
}

}  // namespace tongqu::app
