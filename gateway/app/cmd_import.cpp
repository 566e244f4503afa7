// tongqu import check: the dry run of a file (or of a front database, import_tables.cpp) as its partner's connector
// would bring it in, row by row through the line's steps, without storing anything. The report is the partner's:
// counts, reasons, lines and columns, never a value.
#include <unistd.h>

#include <iostream>

#include "connectors/file/file_connector.hpp"
#include "connectors/file/importer.hpp"
#include "connectors/support/local_files.hpp"
#include "gateway/app/app_codes.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/import_report.hpp"
#include "gateway/app/import_tables.hpp"
#include "gateway/app/secrets.hpp"
#include "security/crypto/suites.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kShownErrors = 20;

struct ImportCheckOptions {
  std::string directory;
  std::string secrets;
  std::string partner;
  std::string file;
  std::string errors;  // where the list of errors goes; empty = its beginning is printed
};

// A folder for the copies of one run, for its owner only; gone with this.
class WorkFolder {
 public:
  WorkFolder() {
    std::error_code failed;
    std::string name = (fs::temp_directory_path(failed) / "tongqu-import-XXXXXX").string();
    if (!failed && ::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  ~WorkFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }  // empty when it could not be made

 private:
  fs::path path_;
};

// The file, and what the partner puts beside it, under their own names in the inbox of the work folder.
Status lay_out(const fs::path& file, const file::ImportOptions& options, const fs::path& root,
               std::vector<std::string>& companions) {
  std::error_code failed;
  fs::create_directories(root / options.inbox, failed);
  const auto bring = [&](const fs::path& from) {
    fs::copy_file(from, root / options.inbox / from.filename(), failed);
    return !failed;
  };
  if (failed || !bring(file)) return make_error(codes::kImportFile, file.filename().string());
  if (options.manifest != file::ManifestUse::kSidecar) return {};
  const fs::path manifest = file.string() + ".manifest";
  if (!bring(manifest)) return make_error(codes::kImportFile, manifest.filename().string());
  companions.push_back(manifest.filename().string());
  return {};
}

int print_outcome(const fs::path& reports, const std::string& name, const ImportCheckOptions& options,
                  const RehearsalCounts& counts, const file::ImportCounts& rows, const Command& command) {
  auto result = read_input((reports / (name + ".result.csv")).string());
  if (result.has_error()) return report(result.error(), command);
  std::cout << *result;
  print_findings(counts, command.lang);
  const fs::path errors_file = reports / (name + ".errors.csv");
  std::error_code failed;
  if (rows.turned_back > 0 && !options.errors.empty()) {
    fs::copy_file(errors_file, options.errors, fs::copy_options::overwrite_existing, failed);
    if (failed) return report(make_error(codes::kImportFile, options.errors), command);
  } else if (rows.turned_back > 0) {
    auto errors = read_input(errors_file.string());
    if (errors.has_error()) return report(errors.error(), command);
    std::size_t end = 0;
    for (std::size_t line = 0; line <= kShownErrors && end != std::string::npos; ++line) {
      end = errors->find('\n', end == 0 ? 0 : end + 1);
    }
    std::cout << '\n' << errors->substr(0, end) << (end == std::string::npos ? "" : "\n…\n");
  }
  return rows.turned_back > 0 ? kFoundWrong : kDone;
}

int check_import(const ImportCheckOptions& options, const Command& command) {
  const JsonCodec json;
  const OpenedConfig opened = open_config(options.directory, json);
  if (opened.config == nullptr) {
    print_faults(std::cerr, opened.faults, command.lang);
    return kFoundWrong;
  }
  const Setting* partner = opened.settings->find("partner", options.partner);
  if (partner == nullptr) return report(make_error(codes::kImportPartner, options.partner), command);
  if (partner->object("inbound").text("connector") == "database" && options.file.empty())
    return check_import_tables(opened, options.directory, options.secrets, PartnerId(options.partner), command);
  if (options.file.empty()) return report(make_error(codes::kImportFile, "FILE"), command);
  const auto import = file_import_options(partner->object("inbound"), PartnerId(options.partner));
  if (!import) return report(make_error(codes::kImportPartner, options.partner), command);
  auto suite = make_suite(suite_of(opened.settings->single("gateway")));
  if (suite.has_error()) return report(suite.error(), command);

  const WorkFolder work;
  std::vector<std::string> companions;
  const fs::path file = options.file;
  if (work.path().empty()) return report(make_error(codes::kImportFile, "TMPDIR"), command);
  if (auto status = lay_out(file, *import, work.path(), companions); status.has_error())
    return report(status.error(), command);
  const fs::path spool_root = work.path() / ".spool";
  fs::create_directory(spool_root);
  const auto there = file::make_local_files(work.path(), false);
  const auto spool = file::make_local_files(spool_root, false);
  const SystemClock clock;
  RehearsalIntake intake(*opened.config, **suite);
  file::ImportCounts counts;
  file::Importer importer(*import, *there, *spool, spool_root, **suite, clock, intake, counts);
  {
    const Progress progress([&counts] { return counts.accepted + counts.turned_back; });
    auto info = there->info((fs::path(import->inbox) / file.filename()).string());
    if (info.has_error()) return report(info.error(), command);
    if (!*info) return report(make_error(codes::kImportFile, file.filename().string()), command);
    if (auto status = importer.run(**info, companions); status.has_error()) return report(status.error(), command);
  }
  return print_outcome(work.path() / import->reports, file.filename().string(), options, intake.counts(), counts,
                       command);
}

}  // namespace

void add_import(CLI::App& app, Command& command) {
  auto options = std::make_shared<ImportCheckOptions>();  // second owner: the callback
  auto* group = app.add_subcommand("import", "历史数据导入 / imports of partners");
  group->require_subcommand(1);
  auto* check = group->add_subcommand(
      "check", "试导入：逐行校验并映射，不入库 / dry run: each row is checked and mapped, nothing is stored");
  check->add_option("-c,--config", options->directory, "配置目录 / configuration directory")->required();
  check->add_option("--partner", options->partner, "发送方 / the partner that the file is of")->required();
  check->add_option("--errors", options->errors, "错误清单写入该文件 / where the list of errors goes");
  check->add_option("--secrets", options->secrets, "密钥目录（前置库口令） / folder of secrets, for a front database");
  check->add_option(
      "FILE", options->file,
      "文件，清单在其旁；前置库接入方无此项 / the file, its manifest beside it; none for a partner with a "
      "front database");
  check->callback(
      [options, &command] { command.run = [options, &command] { return check_import(*options, command); }; });
}

}  // namespace tongqu::app
