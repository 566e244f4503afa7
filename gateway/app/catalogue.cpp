#include "gateway/app/catalogue.hpp"

#include "connectors/http/http_codes.hpp"
#include "gateway/core/jcs.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::app {
namespace {

constexpr std::string_view kNational = "national/";
constexpr std::string_view kCodes = "codes";
constexpr std::string_view kUnits = "units";

// Writes one JSON object after another.
class ObjectWriter {
 public:
  ObjectWriter& text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(out_, value);
    return *this;
  }
  ObjectWriter& raw(std::string_view name, std::string_view json) {
    key(name);
    out_ += json;
    return *this;
  }
  [[nodiscard]] std::string finish() { return std::exchange(out_, "{") + "}"; }

 private:
  void key(std::string_view name) {
    if (out_.size() > 1) out_ += ',';
    append_json_string(out_, name);
    out_ += ':';
  }
  std::string out_ = "{";
};

class ListWriter {
 public:
  void add(std::string_view json) { out_.append(out_.size() > 1 ? "," : "").append(json); }
  void add_text(std::string_view text) {
    std::string quoted;
    append_json_string(quoted, text);
    add(quoted);
  }
  [[nodiscard]] std::string finish() { return std::exchange(out_, "[") + "]"; }

 private:
  std::string out_ = "[";
};

std::string units_json(const UnitTable& table, const std::string& partner) {
  ListWriter units;
  for (const Unit& unit : table.units()) {
    ListWriter divisions;
    for (const std::string& code : unit.divisions) divisions.add_text(code);
    const auto code = unit.codes.find(partner);
    units.add(ObjectWriter()
                  .text("id", unit.id)
                  .text("name", unit.name)
                  .raw("level", std::to_string(static_cast<int>(unit.level)))
                  .text("parent", unit.parent)
                  .raw("divisions", divisions.finish())
                  .raw("zone", unit.zone ? "true" : "false")
                  .text("actsInNameOf", unit.acts_in_name_of)
                  .text("validFrom", unit.valid_from)
                  .text("validTo", unit.valid_to)
                  .text("code", code == unit.codes.end() ? std::string_view{} : std::string_view(code->second))
                  .finish());
  }
  return ObjectWriter().text("version", table.version()).raw("units", units.finish()).finish();
}

ObjectWriter head_of(const FileTable& table) {
  ObjectWriter out;
  out.text("table", table.name().substr(kNational.size()))
      .text("title", table.head().title)
      .text("version", table.version())
      .text("validFrom", table.head().valid_from);
  return out;
}

// Only what is in force; other versions have ended or will come.
const FileTable* national(const FolderTables& tables, const std::string& name) {
  const CodeTable* found = tables.find_table(name);
  for (const auto& table : tables.tables()) {
    if (table.get() == found) return table.get();
  }
  return nullptr;
}

std::string tables_json(const FolderTables& tables) {
  ListWriter list;
  for (const auto& table : tables.tables()) {
    if (!table->name().starts_with(kNational) || national(tables, table->name()) != table.get()) continue;
    list.add(head_of(*table).raw("rows", std::to_string(table->rows().size())).finish());
  }
  return ObjectWriter().raw("tables", list.finish()).finish();
}

std::string codes_json(const FileTable& table) {
  ListWriter codes;
  for (const TableRow& row : table.rows()) {
    codes.add(ObjectWriter().text("code", row.to_code).text("name", row.to_name).text("note", row.note).finish());
  }
  return head_of(table).text("source", table.head().source).raw("codes", codes.finish()).finish();
}

Result<std::string> make_page(const CompiledConfig& config, const PartnerId& partner, std::string_view what) {
  const bool units = what == kUnits;
  const bool list = what == kCodes;
  if (!units && !list && !what.starts_with("codes/")) return make_error(codes::kNoSuchPath);
  const Setting* setting = config.snapshot.settings.find("partner", partner.str());
  if (setting == nullptr || !setting->object("reads").boolean(units ? kUnits : kCodes))
    return make_error(codes::kCatalogue);
  if (units) return config.units == nullptr ? std::string() : units_json(*config.units, partner.str());
  if (list) return tables_json(*config.tables);
  const FileTable* table = national(*config.tables, std::string(kNational) + std::string(what.substr(6)));
  if (table == nullptr || what.find('@') != std::string_view::npos) return make_error(codes::kNoSuchPath);
  return codes_json(*table);
}

}  // namespace

Result<CataloguePage> Catalogue::page(std::shared_ptr<const CompiledConfig> config, const PartnerId& partner,
                                      std::string_view what) {
  const std::lock_guard lock(mutex_);
  if (config_ != config) {
    pages_.clear();
    config_ = std::move(config);
  }
  const std::string key = partner.str() + " " + std::string(what);
  if (const auto kept = pages_.find(key); kept != pages_.end()) return kept->second;
  auto json = make_page(*config_, partner, what);
  if (json.has_error()) return json.error();
  auto body = std::make_shared<const std::string>(std::move(*json));
  const std::string tag = '"' + to_hex(as_text(suite_.hash({*body}))).substr(0, 32) + '"';
  return pages_.emplace(key, CataloguePage{std::move(body), tag}).first->second;
}

}  // namespace tongqu::app
