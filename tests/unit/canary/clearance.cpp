#include "tests/unit/canary/clearance.hpp"

#include <sstream>

namespace tongqu::canary_test {
namespace {

// The value of `member` in "{kind: name, subject: …}".
std::string member_of(const std::string& line, const std::string& member) {
  auto at = line.find("{" + member + ": ");
  if (at == std::string::npos) at = line.find(", " + member + ": ");
  if (at == std::string::npos) return {};
  at = line.find(": ", at) + 2;
  std::string value = line.substr(at, line.find_first_of(",}", at) - at);
  if (value.size() > 1 && value.front() == '"') value = value.substr(1, value.size() - 2);
  return value;
}

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

}  // namespace

Clearance::Clearance(const CompiledConfig& config) {
  for (const ConfigFile& file : config.snapshot.settings.image().files()) {
    if (!file.path.starts_with("policies/")) continue;
    auto& rules = policies_[file.path.substr(9, file.path.size() - 14)];
    std::istringstream in(file.bytes);
    for (std::string line; std::getline(in, line);) {
      if (line.find("- {kind: ") == std::string::npos) continue;
      line.erase(0, line.find('{'));
      rules.push_back(
          {member_of(line, "kind"), member_of(line, "subject"), member_of(line, "path"), member_of(line, "treatment")});
    }
  }
  std::istringstream in(config.certificate);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("way\t")) continue;
    const auto parts = split(line, '\t');
    const std::string route = parts[1] == "answer" ? "" : parts[4];
    ways_[parts[2] + '|' + parts[3] + '|' + route] = parts[5];
  }
}

std::string Clearance::treatment(const std::string& recipient, const std::string& service, const std::string& route,
                                 const Label& label, const std::string& path) const {
  const auto way = ways_.find(recipient + '|' + service + '|' + route);
  if (way == ways_.end()) return "drop";
  for (const Rule& rule : policies_.at(way->second)) {
    const bool subject = rule.subject == label.subject || (rule.subject.empty() && label.subject != "informant");
    if (rule.kind == label.kind && subject && (rule.path.empty() || rule.path == path)) return rule.treatment;
  }
  return "drop";
}

}  // namespace tongqu::canary_test
