// How long the static proof of disclosure takes: routes × fields × recipients, three fields of ten labelled as in the
// shipped configuration. Prints one line of JSON.
#include <chrono>
#include <cstdlib>
#include <iostream>

#include "security/privacy/policy.hpp"
#include "security/proof/proof.hpp"

namespace {

using namespace tongqu;

constexpr std::size_t kGroups = 40;

FieldNode make_record(std::size_t fields) {
  FieldNode root;
  root.type = FieldType::kObject;
  for (std::size_t g = 0; g < kGroups; ++g) {
    FieldNode& group = root.members.emplace_back();
    group.name = "group" + std::to_string(g);
    group.type = FieldType::kObject;
    for (std::size_t f = 0; f < fields / kGroups; ++f) {
      FieldNode& field = group.members.emplace_back();
      field.name = "field" + std::to_string(f);
      field.title_zh = "字段";
      field.type = FieldType::kText;
      field.label = f % 10 < 3 ? Label{f % 2 == 0 ? "name" : "phone", "complainant"} : Label{"none", ""};
    }
  }
  return root;
}

ProofMapping make_mapping(const std::string& name, const FieldNode& record) {
  ProofMapping mapping{name, "mappings/" + name + ".map", &record, &record, {}};
  std::uint32_t line = 5;
  for (const FieldNode& group : record.members) {
    for (const FieldNode& field : group.members) {
      const std::string path = group.name + "." + field.name;
      mapping.flows.push_back({path, ++line, false, {{"$." + path, {"trim"}, Carriage::kPasses}}});
    }
  }
  return mapping;
}

std::size_t number(int count, char** arguments, int at, std::size_t standard) {
  return count > at ? std::strtoul(arguments[at], nullptr, 10) : standard;
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t routes = number(count, arguments, 1, 500);
  const std::size_t fields = number(count, arguments, 2, 2000);
  const std::size_t recipients = number(count, arguments, 3, 100);
  const FieldNode record = make_record(fields);
  std::vector<ProofMapping> mappings;
  std::vector<std::unique_ptr<ViewPolicy>> policies;
  for (std::size_t i = 0; i < recipients; ++i) {
    mappings.push_back(make_mapping("r" + std::to_string(i) + "/out", record));
    PolicySpec spec{PartnerId("r" + std::to_string(i)), ServiceId("s"), {"purpose", "basis", false}, "p", {}};
    for (const char* kind : {"id", "address", "email", "name", "phone"})
      spec.rules.push_back({kind, "complainant", {}, Treatment::kClear, {}, "policies/p.yaml:3"});
    auto made = RulePolicy::create(std::move(spec), record);
    if (made.has_error()) return 1;
    policies.push_back(std::move(*made));
  }
  ProofInput input;
  for (std::size_t i = 0; i < routes; ++i) {
    const std::size_t to = i % recipients;
    ProofWay way;
    way.route = "route" + std::to_string(i);
    way.partner = "r" + std::to_string(to);
    way.service = "s";
    way.policy = policies[to].get();
    way.mapping = &mappings[to];
    input.ways.push_back(std::move(way));
  }
  const auto begin = std::chrono::steady_clock::now();
  const ProofResult result = prove(input);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  std::cout << R"({"routes":)" << routes << R"(,"fields":)" << fields << R"(,"recipients":)" << recipients
            << R"(,"claims":)" << result.claims.size() << R"(,"faults":)" << result.faults.size() << R"(,"seconds":)"
            << seconds.count() << "}\n";
  return 0;
}
