#include "gateway/app/take_up.hpp"

#include <algorithm>

#include "gateway/app/app_codes.hpp"
#include "gateway/pipeline/pipeline_codes.hpp"

namespace tongqu::app {
namespace {

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_table_name(std::string_view text) {
  const auto slash = text.find('/');
  return slash != std::string_view::npos && is_word(text.substr(0, slash)) && is_word(text.substr(slash + 1));
}

std::string own_name(const Directory& directory, const std::string& partner) {
  if (directory.kind == DirectoryKind::kUnits) return partner;
  return partner + "/" + directory.table.substr(directory.table.rfind('/') + 1);
}

// Rows of the active table of that name, of whatever version; those of a table that maps codes are its targets.
DirectoryRows rows_of_table(const CompiledConfig& config, const std::string& name) {
  const CodeTable* found = config.tables->find_table(name);
  for (const auto& table : config.tables->tables()) {
    if (table.get() == found) return directory_of(*table).rows;
  }
  return {};
}

// All files of units are one directory; what is compared is the one that this name has.
DirectoryRows rows_of_units(const CompiledConfig& config, const std::string& file, const std::string& partner) {
  for (const ConfigFile& one : config.snapshot.settings.image().files()) {
    if (one.path != file) continue;
    const UnitFile only{file, file, one.bytes};
    auto units = UnitTable::parse({&only, 1}, nullptr);
    return units.has_error() ? DirectoryRows() : directory_of(**units, partner).rows;
  }
  return {};
}

}  // namespace

struct TakeUp::Seen {
  TaskRow task;
  Received received;
  std::string name;    // of the table or the units
  std::string file;    // "tables/national/problem-category.csv"
  std::string digest;  // as the sender gives it
  std::string form;
};

Result<TakeUp::Seen> TakeUp::look(std::int64_t id, const std::string& as) {
  auto task = parts_.store.task(id);
  if (task.has_error()) return task.error();
  if (task->finished_ms != 0) return make_error(codes::kTaskClosed);
  auto record = parts_.rework.record(task->exchange);
  if (record.has_error()) return record.error();
  Seen seen;
  seen.task = std::move(*task);
  const Node* digest = record->root().find("digest");
  const Node* form = record->root().find("form");
  if (digest == nullptr || form == nullptr) return make_error(codes::kDirectoryRecord);
  seen.digest = digest->text;
  seen.form = form->text;
  const bool units = record->root().find("table") == nullptr;
  const std::string partner = seen.task.partner.str();
  Directory named;
  named.kind = units ? DirectoryKind::kUnits : DirectoryKind::kCodes;
  if (!units) named.table = record->root().find("table")->text;
  seen.name = as.empty() ? own_name(named, partner) : as;
  if (units ? !is_word(seen.name) : !is_table_name(seen.name))
    return make_error(codes::kDirectoryName, as.empty() ? "?" : as);
  seen.file = (units ? "units/" : "tables/") + seen.name + ".csv";
  const auto config = parts_.config();
  auto received = read_publication(
      record->root(), units ? rows_of_units(*config, seen.file, partner) : rows_of_table(*config, seen.name),
      parts_.hash);
  if (received.has_error()) return received.error();
  seen.received = std::move(*received);
  return seen;
}

Result<Document> TakeUp::show(std::int64_t task, const std::string& as) {
  auto seen = look(task, as);
  if (seen.has_error()) return seen.error();
  const std::string partner = seen->task.partner.str();
  Document out;
  out.set_root(out.make(Kind::kObject));
  Node& root = out.root();
  out.add_number(root, "task", task);
  out.add_text(root, "partner", partner);
  out.add_text(root, "service", seen->task.service.str());
  out.add_text(root, "file", seen->file);
  out.add_text(root, "version", seen->received.directory.version);
  out.add_text(root, "form", seen->form);
  out.add_text(root, "digest", seen->digest);
  out.add_number(root, "rows", static_cast<std::int64_t>(seen->received.directory.rows.size()));
  out.add_number(root, "added", static_cast<std::int64_t>(seen->received.added));
  out.add_number(root, "removed", static_cast<std::int64_t>(seen->received.removed));
  out.add_text(root, "csv", directory_csv(seen->received.directory, seen->name, partner));
  return out;
}

void TakeUp::finish(std::int64_t task, const std::string& as, const ActBy& by, const Rework::Done& done) {
  auto seen = look(task, as);
  if (seen.has_error()) return done(seen.error());
  parts_.rework.take_up(task, {seen->file, seen->received.directory.version, seen->digest}, by, done);
}

}  // namespace tongqu::app
