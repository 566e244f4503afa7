// tongqu tables|units|mapping export|import: code tables, units and mappings as spreadsheets and back. An
// import is checked as the configuration would be; what it replaces stays beside it with "~" at its end.
#include <iostream>

#include "gateway/app/app_codes.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/app/config_units.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/mapping/formatter.hpp"
#include "transforms/sheets/mapping_sheet.hpp"
#include "transforms/sheets/sheets_codes.hpp"
#include "transforms/sheets/table_sheet.hpp"
#include "transforms/tables/csv_reader.hpp"

namespace tongqu::app {
namespace {

struct SheetOptions {
  std::string directory;
  std::string name;  // of a table or a mapping
  std::string file;  // .xlsx
  bool dry_run = false;
};

// A name of the configuration: "city-a/problem", "city-a/problem@2026-01"; nothing that leaves its folder.
bool is_name(std::string_view name) {
  return !name.empty() && name.find("..") == std::string_view::npos && !name.starts_with('/') &&
         name.find('\\') == std::string_view::npos;
}

// Puts `text` in the place of `target` and keeps what was there.
int replace(const std::filesystem::path& target, const std::string& text, bool dry_run, const Command& command) {
  auto before = read_input(target.string());
  const bool same = before.has_value() && *before == text;
  const bool zh = command.lang == Lang::kChinese;
  if (!same && !dry_run) {
    std::error_code failed;
    std::filesystem::create_directories(target.parent_path(), failed);
    if (before.has_value()) {
      if (auto kept = write_output(target.string() + "~", *before, false); kept.has_error())
        return report(kept.error(), command);
    }
    if (auto written = write_output(target.string(), text, false); written.has_error())
      return report(written.error(), command);
  }
  std::cout << target.string() << ": "
            << (same      ? (zh ? "无变化" : "unchanged")
                : dry_run ? (zh ? "校验通过，将被替换（未写入）" : "passed, would be replaced (nothing was written)")
                          : (zh ? "已导入，原文件保留为 ~" : "imported; what was there is kept as ~"))
            << '\n';
  return kDone;
}

int export_table(const SheetOptions& options, const Command& command) {
  const std::filesystem::path file = std::filesystem::path(options.directory) / "tables" / (options.name + ".csv");
  if (!is_name(options.name)) return report(make_error(codes::kConfigFile, options.name), command);
  auto text = read_table_file(file);
  if (text.has_error()) return report(text.error(), command);
  auto sheet = table_to_sheet(*text, file.string());
  if (sheet.has_error()) return report(sheet.error(), command);
  if (auto status = write_workbook({std::move(*sheet)}, 0, options.file); status.has_error())
    return report(status.error(), command);
  std::cout << options.file << '\n';
  return kDone;
}

Result<std::vector<Sheet>> read_sheets(const std::string& file) {
  auto bytes = read_input(file);
  if (bytes.has_error()) return bytes.error();
  return read_workbook(*bytes);
}

int import_table(const SheetOptions& options, const Command& command) {
  auto sheets = read_sheets(options.file);
  if (sheets.has_error()) return report(sheets.error(), command);
  auto text = sheet_to_table(*sheets);
  if (text.has_error()) return report(text.error(), command);
  auto table = FileTable::parse(*text, options.file);
  if (table.has_error()) return report(in_words_of_sheet(table.error(), *sheets), command);
  const std::string& name = (*table)->head().name;
  const std::filesystem::path folder = std::filesystem::path(options.directory) / "tables";
  // Several versions side by side have their version in the name; the file that holds this one is replaced.
  const auto versioned = folder / (name + "@" + (*table)->version() + ".csv");
  return replace(std::filesystem::exists(versioned) ? versioned : folder / (name + ".csv"), *text, options.dry_run,
                 command);
}

// The one file of units, where nobody says which.
std::string units_name(const SheetOptions& options) {
  if (!options.name.empty()) return options.name;
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(options.directory) / "units", ignored)) {
    if (entry.path().extension() == ".csv") names.push_back(entry.path().stem().string());
  }
  return names.size() == 1 ? names.front() : std::string();
}

int export_units(const SheetOptions& options, const Command& command) {
  const std::string name = units_name(options);
  if (!is_name(name)) return report(make_error(codes::kConfigFile, "units/" + name), command);
  const auto file = std::filesystem::path(options.directory) / "units" / (name + ".csv");
  auto text = read_table_file(file);
  if (text.has_error()) return report(text.error(), command);
  auto sheet = table_to_sheet(*text, file.string(), kUnitWords);
  if (sheet.has_error()) return report(sheet.error(), command);
  if (auto status = write_workbook({std::move(*sheet)}, 0, options.file); status.has_error())
    return report(status.error(), command);
  std::cout << options.file << '\n';
  return kDone;
}

// The name that a file of units says it has; empty when it says none.
std::string units_name_in(std::string_view text) {
  constexpr std::string_view kWord = "#units,";
  if (!text.starts_with(kWord)) return {};
  return std::string(text.substr(kWord.size(), text.find_first_of("\r\n,", kWord.size()) - kWord.size()));
}

int import_units(const SheetOptions& options, const Command& command) {
  auto sheets = read_sheets(options.file);
  if (sheets.has_error()) return report(sheets.error(), command);
  auto text = sheet_to_table(*sheets, kUnitWords);
  if (text.has_error()) return report(text.error(), command);
  const std::string name = units_name_in(*text);
  if (!is_name(name) || name.find('/') != std::string::npos)
    return report(make_error(codes::kSheetHead, "机构表"), command);
  FaultSink sink;
  const ConfigImage image = ConfigImage::read(options.directory, {}, sink);
  const ConfigFile file{"units/" + name + ".csv", std::move(*text)};
  auto units = read_units(image, &file);
  if (units.has_error()) {
    // Faults of the other files keep their own places.
    Error own = units.error();
    Error others = own;
    std::erase_if(own.faults, [&](const Fault& fault) { return fault.path != file.path; });
    std::erase_if(others.faults, [&](const Fault& fault) { return fault.path == file.path; });
    Error told = in_words_of_sheet(own, *sheets, kUnitWords);
    told.faults.insert(told.faults.end(), others.faults.begin(), others.faults.end());
    return report(told, command);
  }
  return replace(std::filesystem::path(options.directory) / "units" / (name + ".csv"), file.bytes, options.dry_run,
                 command);
}

// The compiled configuration, or what is wrong with it on standard error.
std::shared_ptr<const CompiledConfig> opened(const std::string& directory, const JsonCodec& json,
                                             const Command& command) {
  OpenedConfig config = open_config(directory, json);
  if (config.config == nullptr) print_faults(std::cerr, config.faults, command.lang);
  return config.config;
}

int export_mapping(const SheetOptions& options, const Command& command) {
  const JsonCodec json;
  const auto config = opened(options.directory, json, command);
  if (config == nullptr) return kFoundWrong;
  const auto mapping = config->mappings.find(options.name);
  if (mapping == config->mappings.end()) return report(make_error(codes::kConfigFile, options.name), command);
  auto text = read_input((std::filesystem::path(options.directory) / "mappings" / (options.name + ".map")).string());
  if (text.has_error()) return report(text.error(), command);
  auto sheet =
      mapping_to_sheet(*text, *mapping->second, config->schemas.at(mapping->second->target_schema())->fields());
  if (sheet.has_error()) return report(sheet.error(), command);
  if (auto status = write_workbook({std::move(*sheet)}, 5, options.file); status.has_error())
    return report(status.error(), command);
  std::cout << options.file << '\n';
  return kDone;
}

class SchemasOf final : public SchemaLookup {
 public:
  explicit SchemasOf(const CompiledConfig& config) : config_(config) {}
  [[nodiscard]] const FieldNode* find_fields(std::string_view name) const override {
    const auto found = config_.schemas.find(std::string(name));
    return found == config_.schemas.end() ? nullptr : &found->second->fields();
  }

 private:
  const CompiledConfig& config_;
};

int import_mapping(const SheetOptions& options, const Command& command) {
  const JsonCodec json;
  const auto config = opened(options.directory, json, command);
  if (config == nullptr) return kFoundWrong;
  auto sheets = read_sheets(options.file);
  if (sheets.has_error()) return report(sheets.error(), command);
  auto text = sheet_to_mapping(*sheets);
  if (text.has_error()) return report(text.error(), command);
  const SchemasOf schemas(*config);
  auto mapping = compile_mapping(text->text, options.file, schemas, *config->tables);
  if (mapping.has_error()) return report(in_rows(mapping.error(), *text), command);
  auto formatted = format_mapping(text->text);
  if (formatted.has_error()) return report(in_rows(formatted.error(), *text), command);
  if (!is_name((*mapping)->name())) return report(make_error(codes::kConfigFile, (*mapping)->name()), command);
  const auto target = std::filesystem::path(options.directory) / "mappings" / ((*mapping)->name() + ".map");
  return replace(target, *formatted, options.dry_run, command);
}

using Run = int (*)(const SheetOptions&, const Command&);

void add_pair(CLI::App& parent, Command& command, std::string_view thing, Run write, Run read, bool named = true) {
  auto options = std::make_shared<SheetOptions>();  // second owner: the callbacks
  auto* out = parent.add_subcommand("export", "导出为 .xlsx / write as .xlsx");
  out->add_option("NAME", options->name, std::string(thing))->required(named);
  out->add_option("-c,--config", options->directory, "配置目录 / configuration directory")->required();
  out->add_option("-o,--output,--out", options->file, "输出文件 / output file")->required();
  out->callback([=, &command] { command.run = [=, &command] { return write(*options, command); }; });
  auto* in = parent.add_subcommand("import", "从 .xlsx 导入，先校验 / read from .xlsx, checked first");
  in->add_option("FILE", options->file, ".xlsx")->required();
  in->add_option("-c,--config", options->directory, "配置目录 / configuration directory")->required();
  in->add_flag("--dry-run", options->dry_run, "只校验不写入 / check only, write nothing");
  in->callback([=, &command] { command.run = [=, &command] { return read(*options, command); }; });
}

}  // namespace

void add_sheets(CLI::App& app, Command& command) {
  auto* tables = app.add_subcommand("tables", "代码表 / code tables");
  tables->require_subcommand(1);
  add_pair(*tables, command, "表名，例如 city-a/problem / name of the table", export_table, import_table);
  auto* units = app.add_subcommand("units", "组织机构 / units");
  units->require_subcommand(1);
  add_pair(*units, command, "机构表名，只有一个文件时可省略 / name of the file, where there are several", export_units,
           import_units, false);
  add_pair(*app.get_subcommand("mapping"), command, "映射名，例如 city-a/workorder-in / name of the mapping",
           export_mapping, import_mapping);
}

}  // namespace tongqu::app
