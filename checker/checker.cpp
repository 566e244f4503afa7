#include "checker/checker.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>

#include "checker/fields.hpp"
#include "checker/map_reader.hpp"
#include "checker/refusal.hpp"
#include "checker/sha256.hpp"

namespace tongqu::checker {
namespace {

constexpr std::string_view kFirstLine = "tongqu-disclosure-certificate 1";

std::string digest(const Files& files) {
  std::string list;
  for (const auto& [path, bytes] : files) {
    if (counts(path)) list += sha256_hex(bytes) + "  " + path + "\n";
  }
  return sha256_hex(list);
}

std::string clean(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text.empty() ? "-" : text;
}
std::string line(std::initializer_list<std::string> parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "\t") + clean(part);
  return out + "\n";
}

// "$.a[3].b" → "a[].b"
std::string place(std::string_view path) {
  std::string out;
  bool inside = false;
  for (const char c : path.substr(path.substr(0, 2) == "$." ? 2 : 1)) {
    if (c == ']') inside = false;
    if (!inside) out.push_back(c);
    if (c == '[') inside = true;
  }
  return out;
}

std::string joined(const Use& use, bool keeps) {
  std::string out;
  const auto put = [&out](const std::string& step) { out += (out.empty() ? "" : " > ") + step; };
  for (const std::string& call : use.calls) put(call);
  for (const std::string& table : use.tables) put("table:" + table);
  if (keeps) put("on fault keep");
  return out;
}

class Computer {
 public:
  explicit Computer(const Files& files) : files_(files), settings_(read_settings(files)) {
    if (const auto found = files.find("services/common.json"); found != files.end()) {
      shared_ = read_json(found->second, found->first);
    }
  }

  // The certificate as it has to be.
  std::string expected() {
    for (const Way& way : settings_.ways) one(way);
    for (const Condition& condition : settings_.conditions) route(condition);
    std::string out = std::string(kFirstLine) + "\n" + line({"configuration", digest(files_)});
    std::size_t claims = 0;
    for (const auto& [way, lines] : claims_) {
      out += way;
      for (const std::string& claim : lines) out += claim;
      claims += lines.size();
    }
    return out + line({"end", std::to_string(claims_.size()), std::to_string(claims)});
  }

 private:
  const Leaves& schema(const std::string& name) {
    const auto [found, fresh] = schemas_.try_emplace(name);
    if (!fresh) return found->second;
    for (const char* folder : {"services/", "partners/"}) {
      const auto file = files_.find(folder + name + ".json");
      if (file == files_.end()) continue;
      found->second = read_leaves(read_json(file->second, file->first), shared_ ? &*shared_ : nullptr, file->first);
      return found->second;
    }
    refuse("no schema " + name);
  }

  const MapText& mapping(const std::string& name) {
    const auto [found, fresh] = maps_.try_emplace(name);
    if (!fresh) return found->second;
    const std::string path = "mappings/" + name + ".map";
    const auto file = files_.find(path);
    if (file == files_.end()) refuse("no mapping " + name);
    found->second = read_map(file->second, path);
    if (found->second.name != name) refuse(path + ": the mapping has another name");
    return found->second;
  }

  // The most that a rule lets go, in words: what a person may release counts as clear, a condition as met.
  static std::string form_of(const Rule& rule, const Leaf& leaf) {
    const auto possible = [&leaf](const std::string& treatment) {
      const bool fits = treatment == "clear" || treatment == "release" || leaf.texts;  // no number holds the texts
      return fits && !treatment.empty() ? treatment : std::string("drop");
    };
    const std::string most = possible(rule.treatment);
    if (most == "release") return "clear after release";
    if (rule.when.empty() || most == "drop") return most;
    // Of an informant nothing but what is sealed to a named officer on an approved request.
    if (rule.subject == "informant" && (rule.when != "approved" || most != "seal"))
      refuse("a condition for informants");
    if (most != "clear" && most != "seal") refuse("a condition at the treatment " + most);
    const std::string least = possible(rule.otherwise);
    if (least == most || least == "clear" || least == "release") refuse("a condition without anything weaker");
    return most + (rule.when == "approved" ? " when approved" : " when danger is confirmed") + ", otherwise " + least;
  }

  // What a policy does to one leaf: the form and the place of its rule.
  std::pair<std::string, std::string> treatment(const std::string& policy, const Leaf& leaf) const {
    const std::pair<std::string, std::string> dropped{"drop", "default"};
    const auto found = settings_.policies.find(policy);
    if (found == settings_.policies.end()) refuse("no policy " + policy);
    if (leaf.label == "secret") return dropped;
    const auto slash = leaf.label.find('/');
    const std::string kind = leaf.label.substr(0, slash);
    const std::string subject = slash == std::string::npos ? "" : leaf.label.substr(slash + 1);
    for (const Rule& rule : found->second) {
      const bool whose = rule.subject.empty() ? subject != "informant" : rule.subject == subject;
      if (rule.kind != kind || !whose || (!rule.path.empty() && rule.path != leaf.path)) continue;
      return {form_of(rule, leaf), rule.place};
    }
    return kind == "none" ? std::pair<std::string, std::string>{"clear", "label none"} : dropped;
  }

  void one(const Way& way) {
    const MapText& map = mapping(way.mapping);
    std::set<std::string>* lines = nullptr;
    if (way.out()) {
      lines = &claims_[line({"way", way.kind, way.partner, way.service, way.route, way.policy, way.mapping, way.purpose,
                             way.basis, way.onward})];
    }
    for (const MapRule& rule : map.rules) {
      std::set<LabelText> holders{"none"};
      if (!rule.output.empty()) {
        holders.clear();
        for (const Leaf& leaf : leaves_at(schema(map.to), place("$." + rule.output))) holders.insert(leaf.label);
        if (holders.empty()) refuse(way.mapping + ".map: no field " + rule.output);
      }
      for (const Use& use : rule.uses) judge(way, map, rule, use, least(holders), lines);
    }
  }

  // Without those that are more protected than another: the least protected shows that something is there.
  static std::set<LabelText> least(const std::set<LabelText>& labels) {
    std::set<LabelText> out;
    for (const LabelText& one : labels) {
      const bool above = std::any_of(labels.begin(), labels.end(), [&one = one](const LabelText& other) {
        return other != one && may_hold(one, other) && !may_hold(other, one);
      });
      if (!above) out.insert(one);
    }
    return out;
  }

  void judge(const Way& way, const MapText& map, const MapRule& rule, const Use& use,
             const std::set<LabelText>& holders, std::set<std::string>* lines) {
    const std::string path = place(use.path);
    std::set<LabelText> labels;
    std::pair<std::string, std::string> form;
    std::vector<Leaf> leaves = leaves_at(schema(map.from), path);
    if (leaves.empty()) leaves.push_back({path, "secret", true});
    for (const Leaf& leaf : leaves) {
      auto decided = way.out() ? treatment(way.policy, leaf) : std::pair<std::string, std::string>{"clear", ""};
      if (decided.first == "drop") continue;
      if (labels.empty()) form = std::move(decided);
      labels.insert(leaf.label);
    }
    if (labels.empty() || labels.count("none") > 0) return;
    const How how = rule.keeps ? How::kPasses : use.how;
    const bool steers = form.first == "ref" || how == How::kReduces || how == How::kChoice;
    const bool fits = may_hold(holders, labels);
    const bool permitted = steers ? settings_.steers.count({"mapping " + way.mapping, use.path}) > 0
                                  : !way.out() && by_role(way, map, rule, holders, labels);
    if (!fits && !permitted) {
      refuse("not permitted: " + way.mapping + ".map:" + std::to_string(rule.line) + ": " + use.path + " → " +
             (rule.output.empty() ? "when" : rule.output) + " → " + way.partner);
    }
    if (lines == nullptr) return;
    std::string label;
    for (const LabelText& text : labels) label += (label.empty() ? "" : "+") + text;
    lines->insert(
        line({"claim", path, label, form.first, std::string(name_of(how)), rule.output, joined(use, rule.keeps),
              std::to_string(rule.line), form.second, fits ? "holds" : "declassified"}));
  }

  // The informant's data as the complainant's, in a rule that a field chooses which a person named for it.
  bool by_role(const Way& way, const MapText& map, const MapRule& rule, const std::set<LabelText>& holders,
               const std::set<LabelText>& labels) {
    std::set<LabelText> others;
    for (const LabelText& label : labels) {
      const auto slash = label.find('/');
      others.insert(label.substr(0, slash) + (label.substr(std::min(slash, label.size())) == "/informant"
                                                  ? "/complainant"
                                                  : label.substr(std::min(slash, label.size()))));
    }
    if (!may_hold(holders, others)) return false;
    return std::any_of(rule.guards.begin(), rule.guards.end(), [&](const std::string& guard) {
      const std::vector<Leaf> leaves = leaves_at(schema(map.from), place(guard));
      const bool open =
          std::any_of(leaves.begin(), leaves.end(), [](const Leaf& leaf) { return leaf.label == "none"; });
      return open && settings_.steers.count({"role " + way.mapping, guard}) > 0;
    });
  }

  void route(const Condition& condition) {
    const auto service = settings_.schemas.find(condition.service);
    if (service == settings_.schemas.end()) refuse("no service " + condition.service);
    const std::vector<Leaf> leaves = leaves_at(schema(service->second), place("$." + condition.path));
    const bool open = std::any_of(leaves.begin(), leaves.end(), [](const Leaf& leaf) { return leaf.label == "none"; });
    if (open || settings_.steers.count({"route " + condition.route, condition.path}) > 0) return;
    refuse("not permitted: " + condition.path + " → route " + condition.route);
  }

  const Files& files_;
  Settings settings_;
  std::optional<Json> shared_;
  std::map<std::string, Leaves> schemas_;
  std::map<std::string, MapText> maps_;
  std::map<std::string, std::set<std::string>> claims_;  // by the line of their way
};

// The first line in which the two differ.
void compare(std::string_view certificate, std::string_view expected) {
  for (std::size_t number = 1; !expected.empty() || !certificate.empty(); ++number) {
    const auto take = [](std::string_view& text) {
      const std::string_view one =
          text.substr(0, text.find('\n') == std::string_view::npos ? text.size() : text.find('\n') + 1);
      text.remove_prefix(one.size());
      return one;
    };
    const std::string_view found = take(certificate);
    const std::string_view wanted = take(expected);
    if (found == wanted) continue;
    std::string reason = "line " + std::to_string(number) + " of the certificate is not what the configuration gives";
    if (found.empty()) reason = "the certificate ends before line " + std::to_string(number);
    if (wanted.empty()) reason = "the certificate goes on behind its end";
    if (number == 2 && !found.empty()) reason = "the certificate belongs to another configuration";
    refuse(std::move(reason));
  }
}

}  // namespace

bool counts(std::string_view path) {
  constexpr std::array<std::string_view, 9> kFolders{"services/", "partners/",   "routes/", "mappings/",   "policies/",
                                                     "tables/",   "declassify/", "units/",  "stylesheets/"};
  const bool inside = std::any_of(kFolders.begin(), kFolders.end(),
                                  [path](std::string_view f) { return path.substr(0, f.size()) == f; });
  return inside && path.find("/.") == std::string_view::npos && path.back() != '~' &&
         path.find("~/") == std::string_view::npos;
}

Verdict check_certificate(const Files& files, std::string_view certificate) {
  try {
    compare(certificate, Computer(files).expected());
    return {true, {}};
  } catch (const Refusal& refusal) {
    return {false, refusal.reason};
  } catch (const std::exception& error) {
    return {false, error.what()};
  }
}

}  // namespace tongqu::checker
