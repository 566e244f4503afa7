#include "checker/fields.hpp"

#include <algorithm>

#include "checker/refusal.hpp"

namespace tongqu::checker {
namespace {

constexpr int kMaxDepth = 60;
using Parts = std::vector<const Json*>;

class Walk {
 public:
  Walk(const Json& schema, const Json* shared, const std::string& name)
      : own_(schema.find("$defs")), shared_(shared == nullptr ? nullptr : shared->find("$defs")), name_(name) {}

  void go(const Parts& parts, const LabelText& above, const std::string& path, int depth) {
    if (depth > kMaxDepth) refuse(name_ + ": the schema is nested too deep at " + path);
    Parts all;
    for (const Json* part : parts) flatten(*part, all, 0);
    const LabelText label = label_of(all, above);
    const std::string type = type_of(all);
    const std::size_t before = out.all.size();
    if (type == "array") go(collect(all, "items"), label, path + "[]", depth + 1);
    if (type == "object" || type == "any") members(all, label, path, depth);
    if (out.all.size() == before) {
      const bool texts = type == "text" || type == "any" || type == "object";
      out.all.push_back({path, label, texts});
    }
    out.ranges[path] = {before, out.all.size()};
  }

  Leaves out;

 private:
  void flatten(const Json& part, Parts& all, int depth) {
    if (part.kind != Json::Kind::kObject) return;
    if (depth > kMaxDepth) refuse(name_ + ": references lead in a circle");
    all.push_back(&part);
    if (const Json* reference = part.find("$ref"); reference != nullptr)
      flatten(target(reference->text), all, depth + 1);
    if (const Json* several = part.find("allOf"); several != nullptr) {
      for (const Json& one : several->items) flatten(one, all, depth + 1);
    }
  }

  const Json& target(std::string_view reference) {
    constexpr std::string_view kPrefix = "#/$defs/";
    if (reference.substr(0, kPrefix.size()) != kPrefix || reference.find_first_of("~%") != std::string_view::npos)
      refuse(name_ + ": a reference that this checker does not read");
    const std::string_view wanted = reference.substr(kPrefix.size());
    for (const Json* group : {own_, shared_}) {
      const Json* found = group == nullptr ? nullptr : group->find(wanted);
      if (found != nullptr) return *found;
    }
    refuse(name_ + ": a reference that leads nowhere");
  }

  static Parts collect(const Parts& all, std::string_view keyword) {
    Parts found;
    for (const Json* part : all) {
      if (const Json* value = part->find(keyword); value != nullptr) found.push_back(value);
    }
    return found;
  }
  static std::string text(const Parts& all, std::string_view keyword) {
    const Parts found = collect(all, keyword);
    return found.empty() || found[0]->kind != Json::Kind::kText ? std::string() : found[0]->text;
  }

  LabelText label_of(const Parts& all, const LabelText& above) const {
    const Parts found = collect(all, "x-privacy");
    if (found.empty()) return above;
    const std::string kind(found[0]->text_of("kind"));
    const std::string subject(found[0]->text_of("subject"));
    if (kind.empty() || (kind == "none") != subject.empty())
      refuse(name_ + ": a label that this checker does not read");
    return kind == "none" ? kind : kind + "/" + subject;
  }

  // "array", "object", "text", "any", or "other" for what holds no text.
  static std::string type_of(const Parts& all) {
    const std::string own = text(all, "x-type");
    if (own == "text") return "text";
    if (own == "integer" || own == "decimal" || own == "instant") return "other";
    std::string type = text(all, "type");
    if (const Parts types = collect(all, "type"); !types.empty() && types[0]->kind == Json::Kind::kList) {
      for (const Json& one : types[0]->items) {
        if (one.text == "null") continue;
        if (!type.empty()) return "any";
        type = one.text;
      }
    }
    if (type == "string") return text(all, "format") == "date-time" ? "other" : "text";
    if (type == "integer" || type == "number" || type == "boolean") return "other";
    return type == "array" || type == "object" ? type : "any";
  }

  void members(const Parts& all, const LabelText& label, const std::string& path, int depth) {
    std::vector<std::pair<std::string, Parts>> found;
    for (const Json* properties : collect(all, "properties")) {
      for (const Json& schema : properties->members) {
        const auto known =
            std::find_if(found.begin(), found.end(), [&schema](const auto& f) { return f.first == schema.name; });
        if (known == found.end()) {
          found.emplace_back(schema.name, Parts{&schema});
        } else {
          known->second.push_back(&schema);
        }
      }
    }
    for (const auto& [name, parts] : found) {
      if (name.find_first_of(".[]") != std::string::npos) refuse(name_ + ": a member's name with a point or bracket");
      go(parts, label, path.empty() ? name : path + "." + name, depth + 1);
    }
  }

  const Json* own_;
  const Json* shared_;
  const std::string& name_;
};

}  // namespace

Leaves read_leaves(const Json& schema, const Json* shared, const std::string& name) {
  Walk walk(schema, shared, name);
  walk.go({&schema}, "secret", "", 0);
  return std::move(walk.out);
}

std::vector<Leaf> leaves_at(const Leaves& leaves, const std::string& path) {
  const auto found = leaves.ranges.find(path);
  if (found == leaves.ranges.end()) return {};
  const auto at = [&leaves](std::size_t i) { return leaves.all.begin() + static_cast<std::ptrdiff_t>(i); };
  return {at(found->second.first), at(found->second.second)};
}

bool may_hold(const LabelText& holder, const LabelText& value) {
  if (value == "none" || holder == "secret" || holder == value) return true;
  if (value == "secret" || holder == "none") return false;
  const auto slash = holder.find('/');
  return holder.substr(slash) == "/informant" && value.substr(0, value.find('/')) == holder.substr(0, slash);
}

bool may_hold(const std::set<LabelText>& holders, const std::set<LabelText>& values) {
  return std::all_of(holders.begin(), holders.end(), [&](const LabelText& holder) {
    return std::any_of(values.begin(), values.end(), [&](const LabelText& value) { return may_hold(holder, value); });
  });
}

}  // namespace tongqu::checker
