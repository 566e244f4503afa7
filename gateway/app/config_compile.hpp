#pragma once
// A checked configuration → what runs: schemas, tables, mappings, policies, and the plan of the line. All faults of all
// files at once; nothing is half compiled.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/app/certificate.hpp"
#include "gateway/app/config_proof.hpp"
#include "gateway/app/privacy_keys.hpp"
#include "gateway/casework/rule_book.hpp"
#include "gateway/casework/work_calendar.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/pipeline/plan.hpp"
#include "gateway/settings/config_source.hpp"
#include "transforms/mapping/mapping.hpp"
#include "transforms/tables/file_table.hpp"
#include "transforms/tables/unit_table.hpp"

namespace tongqu {

// Immutable; shared by everything that is in flight under it.
struct CompiledConfig {
  Snapshot snapshot;
  std::map<std::string, std::shared_ptr<const Schema>> schemas;    // "workorder.transfer@1", "city-a.workorder@1"
  std::map<std::string, std::shared_ptr<const Codec>> codecs;      // by schema, as its x-format says
  std::map<std::string, std::shared_ptr<const Mapping>> mappings;  // "city-a/workorder-in"
  std::shared_ptr<const FolderTables> tables;
  std::shared_ptr<const WorkCalendar> workdays;  // rules/workdays/<year>.csv
  std::shared_ptr<const RuleBook> rules;         // rules/*.yaml
  std::shared_ptr<const UnitTable> units;
  std::shared_ptr<const Plan> plan;
  std::shared_ptr<const ConfigProof> proof;  // what reaches whom
  std::string certificate;                   // of the proof, accepted by the second checker
};

struct CompileReport {
  std::shared_ptr<const CompiledConfig> config;  // empty when a fault of grade error was found
  std::vector<SettingsFault> faults;
};

// `json` outlives the result. `today` is YYYY-MM-DD in Beijing: which versions of tables are in force.
// `keys`: without it keys for a rehearsal, so that no secret is opened. `write`: what is written is judged by the
// second checker in any case; another one is for the tests that try to get past it.
using CertificateWriter = std::string (*)(const ConfigProof& proof, const ConfigImage& image);
[[nodiscard]] CompileReport compile_config(const Snapshot& snapshot, const Codec& json, std::string_view today,
                                           const KeySource& keys = {}, CertificateWriter write = write_certificate);

// The date in Beijing, YYYY-MM-DD.
[[nodiscard]] std::string beijing_date(Instant at);

}  // namespace tongqu
