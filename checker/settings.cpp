#include "checker/settings.hpp"

#include <yaml-cpp/yaml.h>

#include "checker/refusal.hpp"

namespace tongqu::checker {
namespace {

std::string text(const YAML::Node& node, const char* name) {
  const YAML::Node member = node[name];
  return member && member.IsScalar() ? member.Scalar() : std::string();
}

// "partners/city-a.yaml" under "partners/" → "city-a"; empty for another file.
std::string id_of(const std::string& path, const std::string& folder) {
  constexpr std::size_t kEnding = 5;
  const bool fits = path.rfind(folder, 0) == 0 && path.size() > folder.size() + kEnding &&
                    path.compare(path.size() - kEnding, kEnding, ".yaml") == 0;
  return fits ? path.substr(folder.size(), path.size() - folder.size() - kEnding) : std::string();
}

Way way_of(std::string kind, std::string partner, std::string service, std::string route, const YAML::Node& at) {
  Way way{std::move(kind), std::move(partner), std::move(service), std::move(route), {}, {}, {}, {}, {}};
  way.mapping = text(at, "mapping");
  if (!way.out()) return way;
  way.policy = text(at, "policy");
  way.purpose = text(at, "purpose");
  way.basis = text(at, "legal_basis");
  way.onward = text(at, "onward") == "true" ? "onward" : "no-onward";
  return way;
}

class Reader {
 public:
  explicit Reader(const Files& files) {
    for (const auto& [path, bytes] : files) {
      if (const std::string id = id_of(path, "partners/"); !id.empty()) partners_[id] = YAML::Load(bytes);
    }
    for (const auto& [path, bytes] : files) {
      if (const std::string id = id_of(path, "services/"); !id.empty()) {
        out_.schemas[id] = text(YAML::Load(bytes), "schema");
      } else if (const std::string name = id_of(path, "policies/"); !name.empty()) {
        policy(name, path, YAML::Load(bytes));
      } else if (const std::string route = id_of(path, "routes/"); !route.empty()) {
        this->route(route, YAML::Load(bytes));
      } else if (!id_of(path, "declassify/").empty()) {
        declassify(YAML::Load(bytes));
      }
    }
    for (const auto& [id, partner] : partners_) inbound(id, partner);
  }

  Settings take() { return std::move(out_); }

 private:
  void policy(const std::string& name, const std::string& path, const YAML::Node& file) {
    std::vector<Rule>& rules = out_.policies[name];
    for (const YAML::Node& rule : file["rules"]) {
      rules.push_back({text(rule, "kind"), text(rule, "subject"), text(rule, "path"), text(rule, "treatment"),
                       text(rule, "when"), text(rule, "otherwise"), path + ":" + std::to_string(rule.Mark().line + 1)});
    }
  }

  void route(const std::string& name, const YAML::Node& file) {
    const std::string service = text(file, "service");
    for (const YAML::Node& condition : file["when"]) {
      out_.conditions.push_back({name, service, text(condition, "path")});
    }
    for (const YAML::Node& entry : file["recipients"]) {
      const std::string partner = text(entry, "partner");
      const auto found = partners_.find(partner);
      if (found == partners_.end()) refuse("route " + name + ": no partner " + partner);
      const bool pushed = found->second["outbound"].IsDefined();
      out_.ways.push_back(way_of(pushed ? "route" : "pull", partner, text(entry, "service"), name, entry));
      const YAML::Node answer = entry["answer"];
      if (!answer) continue;
      out_.ways.push_back(way_of("registry-answer", partner, service, name, answer));
      for (const YAML::Node& form : answer["other_forms"]) {
        out_.ways.push_back(way_of("registry-answer", partner, service, name, form));
      }
    }
  }

  void inbound(const std::string& id, const YAML::Node& partner) {
    if (!partner["inbound"]) return;
    for (const YAML::Node& entry : partner["inbound"]["services"]) {
      const std::string service = text(entry, "service");
      out_.ways.push_back(way_of("in", id, service, "", entry));
      for (const YAML::Node& form : entry["other_forms"]) out_.ways.push_back(way_of("in", id, service, "", form));
      if (entry["answer"]) out_.ways.push_back(way_of("answer", id, service, "", entry["answer"]));
    }
  }

  void declassify(const YAML::Node& file) {
    for (const YAML::Node& entry : file["entries"]) {
      if (text(entry, "reason").empty()) refuse("a declassify entry without reason");
      const std::string mapping = text(entry, "mapping");
      out_.steers.emplace(mapping.empty() ? "route " + text(entry, "route") : "mapping " + mapping,
                          text(entry, "field"));
    }
    for (const YAML::Node& role : file["roles"]) {
      if (text(role, "reason").empty()) refuse("a role without reason");
      out_.steers.emplace("role " + text(role, "mapping"), text(role, "field"));
    }
  }

  std::map<std::string, YAML::Node> partners_;
  Settings out_;
};

}  // namespace

Settings read_settings(const Files& files) { return Reader(files).take(); }

}  // namespace tongqu::checker
