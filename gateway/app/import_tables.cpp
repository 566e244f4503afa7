#include "gateway/app/import_tables.hpp"

#include <algorithm>
#include <atomic>
#include <iostream>

#include "connectors/database/database_connector.hpp"
#include "gateway/app/import_report.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/wiring.hpp"
#include "security/crypto/suites.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

// As the result file of an import by files has it.
void print_tables(const std::vector<database::TableCounts>& tables) {
  for (const database::TableCounts& table : tables) {
    std::cout << "item,value\ntable," << table.table << "\nrows," << table.rows << "\nimported," << table.taken
              << "\nrefused," << table.refused << '\n';
    for (const auto& [code, rows] : table.reasons) std::cout << "reason:" << code << ',' << rows << '\n';
  }
}

}  // namespace

int check_import_tables(const OpenedConfig& opened, const std::string& directory, const std::string& secrets,
                        const PartnerId& partner, const Command& command) {
  const Setting& gateway = opened.settings->single("gateway");
  auto suite = make_suite(suite_of(gateway));
  if (suite.has_error()) return report(suite.error(), command);
  const std::filesystem::path secrets_at = secrets_folder(directory, secrets);
  const std::filesystem::path state = state_folder(gateway, directory);
  const SystemClock clock;
  const JsonCodec json;
  net::IoPool pool(1);
  const ConnectorContext context = connector_context(partner, {secrets_at, state, clock, json, **suite, pool, nullptr});
  RehearsalIntake intake(*opened.config, **suite);
  std::vector<database::TableCounts> tables;
  std::atomic<std::uint64_t> seen = 0;
  Status status;
  {
    const Progress progress([&seen] { return seen.load(); });
    const Setting& inbound = opened.settings->find("partner", partner.str())->object("inbound");
    status = check_database_tables(inbound, context, intake, tables, [&seen] { ++seen; });
  }
  print_tables(tables);
  print_findings(intake.counts(), command.lang);
  if (status.has_error()) return report(status.error(), command);
  const auto refused = [](const database::TableCounts& table) { return table.refused > 0; };
  return std::any_of(tables.begin(), tables.end(), refused) ? kFoundWrong : kDone;
}

}  // namespace tongqu::app
