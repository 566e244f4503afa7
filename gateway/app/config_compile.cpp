#include "gateway/app/config_compile.hpp"

#include "gateway/app/app_codes.hpp"
#include "gateway/app/certificate.hpp"
#include "gateway/app/config_advice.hpp"
#include "gateway/app/config_plan.hpp"
#include "gateway/app/config_rules.hpp"
#include "gateway/app/config_units.hpp"
#include "gateway/app/legacy_terms.hpp"
#include "gateway/app/publisher.hpp"
#include "security/crypto/suites.hpp"
#include "transforms/codecs/make_codec.hpp"
#include "transforms/mapping/mapping.hpp"
#include "transforms/schema/json_schema.hpp"

namespace tongqu {
namespace {

bool within(const std::string& path, std::string_view folder, std::string_view extension) {
  return path.starts_with(folder) && path.ends_with(extension);
}

std::string stem(const std::string& path, std::string_view folder, std::string_view extension) {
  return path.substr(folder.size(), path.size() - folder.size() - extension.size());
}

// Lets mappings look up the fields of schemas by name.
class Lookup final : public SchemaLookup {
 public:
  explicit Lookup(const std::map<std::string, std::shared_ptr<const Schema>>& schemas) : schemas_(schemas) {}
  [[nodiscard]] const FieldNode* find_fields(std::string_view name) const override {
    const auto found = schemas_.find(std::string(name));
    return found == schemas_.end() ? nullptr : &found->second->fields();
  }
  [[nodiscard]] std::vector<std::string> names() const override {
    std::vector<std::string> all;
    all.reserve(schemas_.size());
    for (const auto& [name, schema] : schemas_) all.push_back(name);
    return all;
  }

 private:
  const std::map<std::string, std::shared_ptr<const Schema>>& schemas_;
};

// Only the day counts.
Instant noon(std::string_view date) { return parse_rfc3339(std::string(date) + "T12:00:00+08:00").value_or(Instant{}); }

class Compiler {
 public:
  Compiler(const Snapshot& snapshot, const Codec& json, const KeySource& keys, CertificateWriter write)
      : json_(json),
        keys_(keys),
        write_(write),
        config_(std::make_shared<CompiledConfig>(
            CompiledConfig{snapshot, {}, {}, {}, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, {}})) {}

  CompileReport run(std::string_view today) {
    load_schemas();
    load_tables(today);
    load_mappings();
    load_rules();
    advise(config_->snapshot.settings, *config_->workdays, today, faults_);
    if (!has_errors(faults_)) app::check_publications(*config_, faults_);
    app::check_legacy(config_->snapshot.settings, noon(today), faults_);
    if (!has_errors(faults_)) build_plan();
    if (!has_errors(faults_)) certify();
    if (has_errors(faults_)) return {nullptr, std::move(faults_)};
    return {config_, std::move(faults_)};
  }

 private:
  void add(const std::string& file, const Error& error) {
    for (const Fault& fault : error.faults) add(file, fault);
    if (error.faults.empty()) add(file, Fault{error.code, {}, {}, error.param, {}, Grade::kError});
  }
  void add(const std::string& file, const Fault& fault) {
    SettingsFault out;
    out.code = fault.code;
    out.file = file;
    out.position = fault.position;
    out.path = fault.path;
    out.param = {fault.param, fault.param};
    out.grade = fault.grade;
    faults_.push_back(std::move(out));
  }

  // Its path is the file, not a field.
  void add_in_its_file(Fault fault) {
    const std::string file = std::exchange(fault.path, {});
    add(file, fault);
  }

  void load_schemas() {
    const ConfigImage& image = config_->snapshot.settings.image();
    Document common;
    const ConfigFile* shared = image.find("services/common.json");
    if (shared != nullptr) {
      if (auto status = json_.decode(shared->bytes, DecodeLimits{}, common); status.has_error())
        add(shared->path, status.error());
    }
    for (const ConfigFile& file : image.files()) {
      const bool service = within(file.path, "services/", ".json");
      if ((!service && !within(file.path, "partners/", ".json")) || &file == shared) continue;
      Document document;
      if (auto status = json_.decode(file.bytes, DecodeLimits{}, document); status.has_error()) {
        add(file.path, status.error());
        continue;
      }
      const std::string name = stem(file.path, service ? "services/" : "partners/", ".json");
      auto schema = JsonSchema::compile(name, document.root(), identifier_formats(),
                                        shared == nullptr ? nullptr : &common.root());
      if (schema.has_error()) {
        add(file.path, schema.error());
        continue;
      }
      config_->schemas[name] = std::move(*schema);
      add_codec(file, name, document.root());
    }
  }

  // A partner's schema also says how its bytes are written; services are stored as JSON.
  void add_codec(const ConfigFile& file, const std::string& name, const Node& document) {
    const Node* format = within(file.path, "services/", ".json") ? nullptr : document.find("x-format");
    const auto stylesheets = [this](std::string_view wanted) -> std::optional<std::string_view> {
      const ConfigFile* found = config_->snapshot.settings.image().find("stylesheets/" + std::string(wanted) + ".xsl");
      return found == nullptr ? std::nullopt : std::optional<std::string_view>(found->bytes);
    };
    auto codec = make_codec(format, config_->schemas[name]->fields(), stylesheets);
    if (codec.has_error()) {
      add(file.path, codec.error());
    } else {
      config_->codecs[name] = std::move(*codec);
    }
  }

  void load_tables(std::string_view today) {
    auto tables = FolderTables::load(config_->snapshot.settings.image().directory() / "tables", today);
    if (tables.has_error()) {
      add("tables", tables.error());
      return;
    }
    load_units(**tables, today);
    config_->tables = std::move(*tables);
  }

  void load_rules() {
    config_->workdays = app::read_workdays(config_->snapshot.settings.image(), faults_);
    config_->rules = app::read_rules(config_->snapshot.settings, *config_->workdays, faults_);
  }

  // What partners call the units becomes look-ups beside the code tables.
  void load_units(FolderTables& tables, std::string_view today) {
    const ConfigImage& image = config_->snapshot.settings.image();
    auto units = app::read_units(image);
    if (units.has_error()) {
      const Error error = units.error();
      for (const Fault& fault : error.faults) add_in_its_file(fault);
      if (error.faults.empty()) add("units", error);
      return;
    }
    for (const Fault& warning : (*units)->warnings()) add_in_its_file(warning);
    for (const Fault& warning : app::strange_columns(**units, config_->snapshot.settings)) add_in_its_file(warning);
    for (auto& table : (*units)->lookups(today)) {
      if (auto status = tables.add(std::move(table)); status.has_error()) add("units", status.error());
    }
    config_->units = std::move(*units);
  }

  void load_mappings() {
    if (config_->tables == nullptr) return;
    const Lookup lookup(config_->schemas);
    auto made = make_suite(SuiteId::kGm);
    if (made.has_error()) {
      add("mappings", made.error());
      return;
    }
    const std::unique_ptr<Suite> suite = std::move(*made);
    for (const ConfigFile& file : config_->snapshot.settings.image().files()) {
      if (!within(file.path, "mappings/", ".map")) continue;
      auto mapping = compile_mapping(file.bytes, file.path, lookup, *config_->tables, suite.get());
      if (mapping.has_error()) {
        add(file.path, mapping.error());
        continue;
      }
      const std::string name = stem(file.path, "mappings/", ".map");
      // The envelope is written by the line, never by a mapping.
      for (const Fault& finding : (*mapping)->findings()) {
        if (!finding.path.starts_with("envelope")) add(file.path, finding);
      }
      for (const FieldFlow& flow : (*mapping)->flows()) {
        if (flow.output == "envelope" || flow.output.starts_with("envelope.")) {
          add(file.path, Fault{&codes::kConfigEnvelope, flow.output, {}, flow.output, {flow.line, 1}, Grade::kError});
        }
      }
      if ((*mapping)->name() != name) add(file.path, make_error(codes::kConfigMapping, name));
      config_->mappings[name] = std::move(*mapping);
    }
  }

  void build_plan() {
    const PrivacyKeys keys = PrivacyKeys::open(config_->snapshot.settings, keys_, faults_);
    if (has_errors(faults_)) return;
    auto plan = make_plan(*config_, keys);
    if (plan.has_error()) {
      const Error error = plan.error();
      for (const Fault& fault : error.faults)
        add(fault.path, Fault{fault.code, {}, {}, fault.param, fault.position, fault.grade});
      return;
    }
    config_->plan = std::move(*plan);
    auto proof = prove_config(*config_);
    for (const Fault& fault : proof->result.faults) add_in_its_file(fault);
    config_->proof = std::move(proof);
  }

  // A configuration without an accepted certificate is none (design section 6.2).
  void certify() {
    const ConfigImage& image = config_->snapshot.settings.image();
    config_->certificate = write_(*config_->proof, image);
    if (auto status = check_certificate(image, config_->certificate); status.has_error()) add("", status.error());
  }

  const Codec& json_;
  const KeySource& keys_;
  const CertificateWriter write_;
  std::shared_ptr<CompiledConfig> config_;
  std::vector<SettingsFault> faults_;
};

}  // namespace

CompileReport compile_config(const Snapshot& snapshot, const Codec& json, std::string_view today, const KeySource& keys,
                             CertificateWriter write) {
  return Compiler(snapshot, json, keys, write).run(today);
}

std::string beijing_date(Instant at) { return to_beijing_text(at).substr(0, 10); }

}  // namespace tongqu
