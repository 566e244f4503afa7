// tongqu partner add: the files of a new partner, to be filled in. Nothing that exists is overwritten.
#include <iostream>
#include <sstream>

#include "connectors/all_connectors.hpp"
#include "gateway/app/app_codes.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/core/jcs.hpp"
#include "gateway/settings/partner_template.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

struct AddOptions {
  std::string directory;
  PartnerTemplate partner;
};

bool is_partner_id(std::string_view id) {
  const auto sound = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !id.empty() && id.size() <= 40 && std::all_of(id.begin(), id.end(), sound);
}

std::string last_of(const std::string& service) { return service.substr(service.rfind('.') + 1); }

// A schema with the one field that every message needs; the rest is the integrator's.
std::string schema_text(const std::string& name, const std::string& title) {
  std::string out = "{\n \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n \"$id\": ";
  append_json_string(out, name);
  out += ",\n \"title\": ";
  append_json_string(out, title);
  out +=
      ",\n \"x-format\": {\"type\": \"json\"},\n \"type\": \"object\",\n \"properties\": {\n  \"number\": {\"title\": "
      "\"事项编号\", \"type\": \"string\", \"minLength\": 1, \"maxLength\": 40, \"x-privacy\": {\"kind\": \"none\"}}\n "
      "},\n"
      " \"required\": [\"number\"],\n \"additionalProperties\": false\n}\n";
  return out;
}

void list_targets(const FieldNode& node, const std::string& prefix, std::ostream& out) {
  for (const FieldNode& field : node.members) {
    const std::string path = prefix + field.name;
    if (path == "envelope" || path == "kept") continue;
    if (field.type == FieldType::kObject) {
      list_targets(field, path + ".", out);
    } else {
      out << "# " << path << " = $.…   " << field.title_zh << (field.required ? "（必填 required）" : "") << '\n';
    }
  }
}

std::string mapping_text(const AddOptions& options, const std::string& service, const Schema& canonical) {
  std::ostringstream out;
  out << "# 目标字段见下，去掉注释并写明来源（docs/mapping.md）。Every target field; take off the comment and name the "
         "source.\n"
      << "mapping " << options.partner.id << '/' << last_of(service) << "-in\nfrom " << options.partner.id << '.'
      << last_of(service) << "@1\nto   " << canonical.name() << "\n\n";
  list_targets(canonical.fields(), "", out);
  return out.str();
}

// Writes what is not there yet; tells either way.
bool write_new(const std::filesystem::path& file, const std::string& text, const Command& command) {
  const bool zh = command.lang == Lang::kChinese;
  if (std::filesystem::exists(file)) {
    std::cout << file.string() << (zh ? "：已存在，未改动\n" : ": exists, left as it is\n");
    return true;
  }
  std::error_code failed;
  std::filesystem::create_directories(file.parent_path(), failed);
  if (auto status = write_output(file.string(), text, false); status.has_error()) {
    report(status.error(), command);
    return false;
  }
  std::cout << file.string() << (zh ? "：已生成\n" : ": written\n");
  return true;
}

int add(const AddOptions& options, const Command& command) {
  if (!is_partner_id(options.partner.id)) return report(make_error(codes::kPartnerId), command);
  const JsonCodec json;
  const OpenedConfig opened = open_config(options.directory, json);
  if (opened.config == nullptr) {
    print_faults(std::cerr, opened.faults, command.lang);
    return kFoundWrong;
  }
  for (const std::string& service : options.partner.services) {
    if (!opened.config->plan->canonical.contains(service))
      return report(make_error(codes::kConfigFile, service), command);
  }
  const std::filesystem::path directory = options.directory;
  std::ostringstream yaml;
  write_partner_template(yaml, options.partner, all_specs());
  for (const std::string& service : options.partner.services) {
    const std::string name = options.partner.id + "." + last_of(service) + "@1";
    const Schema& canonical = *opened.config->plan->canonical.at(service);
    if (!write_new(directory / "partners" / (name + ".json"), schema_text(name, options.partner.title_zh), command) ||
        !write_new(directory / "mappings" / options.partner.id / (last_of(service) + "-in.map"),
                   mapping_text(options, service, canonical), command))
      return kFoundWrong;
  }
  if (!write_new(directory / "partners" / (options.partner.id + ".yaml"), yaml.str(), command)) return kFoundWrong;
  std::cout << (command.lang == Lang::kChinese ? "下一步：填写以上文件，然后运行 tongqu check -c "
                                               : "next: fill these in, then tongqu check -c ")
            << options.directory << '\n';
  return kDone;
}

std::vector<std::string> connector_names(bool inbound) {
  std::vector<std::string> names;
  for (const ConnectorType* type : all_connectors()) {
    if ((inbound ? type->inbound_spec : type->outbound_spec) != nullptr) names.emplace_back(type->name);
  }
  return names;
}

}  // namespace

void add_partner_add(CLI::App& app, Command& command) {
  auto options = std::make_shared<AddOptions>();  // second owner: the callback
  auto* sub = app.get_subcommand("partner")->add_subcommand(
      "add", "生成新接入方的配置文件 / write the files of a new partner, to be filled in");
  sub->add_option("ID", options->partner.id, "标识：小写字母、数字、连字符 / lower case letters, digits, hyphens")
      ->required();
  sub->add_option("-c,--config", options->directory, "配置目录 / configuration directory")->required();
  sub->add_option("--title-zh", options->partner.title_zh, "中文名称 / title in Chinese")->required();
  sub->add_option("--title-en", options->partner.title_en, "英文名称 / title in English")->required();
  sub->add_option("--in", options->partner.inbound, "接入方式 / how its messages come in")
      ->check(CLI::IsMember(connector_names(true)));
  sub->add_option("--out", options->partner.outbound, "投递方式 / how it is sent messages")
      ->check(CLI::IsMember(connector_names(false)));
  sub->add_option("--service", options->partner.services, "对方发送的服务，可重复 / service that it sends, repeatable");
  sub->callback([options, &command] { command.run = [options, &command] { return add(*options, command); }; });
}

}  // namespace tongqu::app
