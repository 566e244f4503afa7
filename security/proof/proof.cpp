// Takes the ways in and out, gives the claims and what is wrong with them.
#include "security/proof/proof.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "security/proof/proof_codes.hpp"

namespace tongqu {
namespace {

// "$.a[3].b" → "a[].b".
std::string plain_path(std::string_view path) {
  if (path.starts_with('$')) path.remove_prefix(1);
  if (path.starts_with('.')) path.remove_prefix(1);
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    out.push_back(path[i]);
    if (path[i] != '[') continue;
    while (i + 1 < path.size() && path[i + 1] != ']') ++i;
  }
  return out;
}

bool is_leaf(const FieldNode& field) { return field.members.empty() && field.element.empty(); }
bool is_out(WayKind kind) { return kind >= WayKind::kRoute; }

// What of a source field is left in the view, and how.
struct Seen {
  const FieldNode* field = nullptr;
  Shape label;
  Treatment form = Treatment::kClear;
  Condition when = Condition::kNone;
  Treatment otherwise = Treatment::kDrop;
  std::string rule;
  bool dropped = false;
};

struct Resolved {
  std::string path;
  const FieldNode* field = nullptr;  // null: the schema has no such place
};

class Prover {
 public:
  explicit Prover(const ProofInput& input) : input_(input), used_(input.declassified.size()) {
    for (std::size_t i = 0; i < input.declassified.size(); ++i) {
      const Declassified& entry = input.declassified[i];
      const std::string_view kind = entry.role ? "role" : entry.route.empty() ? "m" : "r";
      permits_.emplace(key(kind, entry.route + entry.mapping, entry.field), i);
    }
  }

  ProofResult run() {
    for (std::size_t i = 0; i < input_.ways.size(); ++i) way(i);
    for (const ProofCondition& condition : input_.conditions) steer_route(condition);
    for (std::size_t i = 0; i < used_.size(); ++i) {
      const Declassified& entry = input_.declassified[i];
      // A mapping that nobody uses needs no word about it.
      const bool lies_idle = std::none_of(input_.ways.begin(), input_.ways.end(),
                                          [&entry](const ProofWay& way) { return way.mapping->name == entry.mapping; });
      if (used_[i] || (entry.route.empty() && lies_idle)) continue;
      fault(codes::kProofUnused, entry.file, entry.position, entry.field, Grade::kWarning);
    }
    return std::move(result_);
  }

 private:
  static std::string key(std::string_view kind, std::string_view name, std::string_view field) {
    return std::string(kind).append("\n").append(name).append("\n").append(field);
  }

  void fault(const ErrorCode& code, const std::string& file, Position at, std::string text,
             Grade grade = Grade::kError) {
    // A mapping that several ways share is wrong once for each text.
    if (!told_.insert(file + std::to_string(at.line) + text).second) return;
    result_.faults.push_back({&code, file, {}, std::move(text), at, grade});
  }

  const Declassified* permit(std::string_view kind, std::string_view name, std::string_view field) {
    const auto found = permits_.find(key(kind, name, field));
    if (found == permits_.end()) return nullptr;
    used_[found->second] = true;
    return &input_.declassified[found->second];
  }

  void way(std::size_t index) {
    const ProofWay& way = input_.ways[index];
    seen_.clear();
    guards_.clear();
    auto resolved = resolve(*way.mapping).begin();
    for (const ProofFlow& flow : way.mapping->flows) {
      note_guards(way, flow);
      for (const ProofSource& source : flow.sources) judge(index, flow, source, *resolved++);
    }
  }

  // Where the sources of a mapping stand, in its order; the same for all ways that share it.
  const std::vector<Resolved>& resolve(const ProofMapping& mapping) {
    const auto [found, fresh] = resolved_.try_emplace(&mapping);
    if (!fresh) return found->second;
    for (const ProofFlow& flow : mapping.flows) {
      for (const ProofSource& source : flow.sources) found->second.push_back(resolve(mapping, source.path));
    }
    return found->second;
  }
  static Resolved resolve(const ProofMapping& mapping, const std::string& source) {
    Resolved out{plain_path(source), nullptr};
    out.field = field_at(*mapping.source, out.path);
    return out;
  }

  // Fields that choose a rule, and all rules inside it: an each comes before what is in its braces.
  void note_guards(const ProofWay& way, const ProofFlow& flow) {
    if (is_out(way.kind)) return;
    std::vector<std::string> guards;
    if (const auto inside = flow.output.rfind("[]."); inside != std::string::npos)
      guards = guards_[flow.output.substr(0, inside)];
    for (const ProofSource& source : flow.sources) {
      if (source.how == Carriage::kChoice) guards.push_back(source.path);
    }
    guards_[flow.output] = std::move(guards);
  }

  // May the informant's data be the complainant's here, because something open says that nobody informs?
  bool by_role(const ProofWay& way, const ProofFlow& flow, const Shape& holder, const Shape& value) {
    Shape complainant = value;
    for (MaybeLabel& label : complainant) {
      if (label && label->subject == "informant") label->subject = "complainant";
    }
    if (is_out(way.kind) || !covers(holder, complainant)) return false;
    for (const std::string& guard : guards_[flow.output]) {
      if (is_open(see(way, resolve(*way.mapping, guard)).label) && permit("role", way.mapping->name, guard) != nullptr)
        return true;
    }
    return false;
  }

  const Seen& see(const ProofWay& way, const Resolved& source) {
    const auto [found, fresh] = seen_.try_emplace(source.path);
    if (!fresh) return found->second;
    Seen& seen = found->second;
    seen.field = source.field;
    if (seen.field == nullptr) {
      seen.label = {std::nullopt};  // what nobody knows is secret
      return seen;
    }
    if (!is_out(way.kind)) {
      seen.label = shape_of(*seen.field);
      return seen;
    }
    std::vector<std::pair<std::string, const FieldNode*>> leaves;
    collect(*seen.field, source.path, leaves);
    view(way, leaves, seen);
    std::sort(seen.label.begin(), seen.label.end(),
              [](const MaybeLabel& a, const MaybeLabel& b) { return text_of(a) < text_of(b); });
    return seen;
  }

  static void collect(const FieldNode& field, const std::string& path,
                      std::vector<std::pair<std::string, const FieldNode*>>& leaves) {
    for (const FieldNode& member : field.members) {
      collect(member, path.empty() ? member.name : path + "." + member.name, leaves);
    }
    for (const FieldNode& one : field.element) collect(one, path + "[]", leaves);
    if (is_leaf(field)) leaves.emplace_back(path, &field);
  }

  // A container is seen as far as one of its leaves is: the least protected that is left shows it.
  static void view(const ProofWay& way, const std::vector<std::pair<std::string, const FieldNode*>>& leaves,
                   Seen& seen) {
    seen.dropped = true;
    for (const auto& [path, leaf] : leaves) {
      const DisclosedField decided = way.policy->decide(path, *leaf);
      if (decided.form == Treatment::kDrop) continue;
      if (seen.dropped || is_open(leaf->label)) {
        seen.form = decided.form;
        seen.when = decided.when;
        seen.otherwise = decided.otherwise;
        seen.rule = decided.rule;
      }
      seen.dropped = false;
      if (is_open(leaf->label)) {
        seen.label = {leaf->label};
        return;
      }
      if (std::find(seen.label.begin(), seen.label.end(), leaf->label) == seen.label.end()) {
        seen.label.push_back(leaf->label);
      }
    }
  }

  void judge(std::size_t index, const ProofFlow& flow, const ProofSource& source, const Resolved& from) {
    if (from.field != nullptr && is_leaf(*from.field) && is_open(from.field->label)) return;
    const ProofWay& way = input_.ways[index];
    const Seen& seen = see(way, from);
    if (seen.dropped || is_open(seen.label)) return;
    const Carriage how = flow.keeps ? Carriage::kPasses : source.how;
    // The verdict of a `when` is no field: everybody sees whether a message came.
    const FieldNode* output = flow.output.empty() ? nullptr : field_at(*way.mapping->target, flow.output);
    const Shape holder = output == nullptr ? Shape{Label{"none", {}}} : shape_of(*output);
    // A reference (代号) is random: nothing of the person is in it, only that there is one. What waits for a release or
    // has a condition counts as if it were released and the condition held: `form` is the most that can leave.
    const bool opaque = seen.form == Treatment::kRef;
    bool fine = covers(holder, seen.label);
    const Declassified* entry = nullptr;
    const bool steers = opaque || how == Carriage::kReduces || how == Carriage::kChoice;
    if (!fine && !steers) fine = by_role(way, flow, holder, seen.label);
    if (!fine && steers) {
      entry = permit("m", way.mapping->name, source.path);
      fine = entry != nullptr;
    }
    if (is_out(way.kind)) claim(index, flow, source, seen, from.path, how, entry);
    if (fine) return;
    const ErrorCode& code = steers             ? codes::kProofSteers
                            : is_out(way.kind) ? codes::kProofDisclosure
                                               : codes::kProofDowngrade;
    fault(code, way.mapping->file, {flow.line, 1}, whole_path(way, flow, source, seen, how, holder));
  }

  void claim(std::size_t index, const ProofFlow& flow, const ProofSource& source, const Seen& seen,
             const std::string& path, Carriage how, const Declassified* entry) {
    ProofClaim out;
    out.way = index;
    out.source = path;
    if (seen.field != nullptr) out.title_zh = seen.field->title_zh;
    out.label = seen.label;
    out.form = seen.form;
    out.when = seen.when;
    out.otherwise = seen.otherwise;
    out.how = how;
    out.output = flow.output;
    out.through = source.through;
    if (flow.keeps) out.through.emplace_back("on fault keep");
    out.line = flow.line;
    out.rule = seen.rule;
    if (entry != nullptr) out.reason = entry->reason;
    result_.claims.push_back(std::move(out));
  }

  // "$.phone (phone/complainant, clear by policies/x.yaml:5) → phone() → tel (none) → partner city-a".
  static std::string whole_path(const ProofWay& way, const ProofFlow& flow, const ProofSource& source, const Seen& seen,
                                Carriage how, const Shape& holder) {
    std::string text = way.partner + ": " + source.path + " (" + text_of(seen.label);
    if (is_out(way.kind)) {
      text.append(", ").append(form_text(seen.form, seen.when, seen.otherwise)).append(", ").append(seen.rule);
    }
    text += ")";
    for (const std::string& step : source.through) text += " → " + step;
    if (how != Carriage::kPasses) text.append(" → [").append(name_of(how)).append("]");
    if (flow.keeps) text += " → [on fault keep]";
    text += " → " + (flow.output.empty() ? std::string("when") : flow.output) + " (" + text_of(holder) + ")";
    if (!way.route.empty()) text += " → route " + way.route;
    return text + (is_out(way.kind) ? " → " + way.partner : " → record of " + way.service);
  }

  void steer_route(const ProofCondition& condition) {
    const std::string path = plain_path(condition.path);
    const FieldNode* field = field_at(*condition.record, path);
    const Shape label = field == nullptr ? Shape{std::nullopt} : shape_of(*field);
    if (is_open(label) || permit("r", condition.route, condition.path) != nullptr) return;
    fault(codes::kProofSteers, condition.file, condition.position,
          condition.path + " (" + text_of(label) + ") → [choice] → route " + condition.route);
  }

  const ProofInput& input_;
  ProofResult result_;
  std::map<std::string, std::size_t> permits_;
  std::vector<bool> used_;
  std::map<const ProofMapping*, std::vector<Resolved>> resolved_;
  std::unordered_map<std::string, Seen> seen_;              // of the way at hand
  std::map<std::string, std::vector<std::string>> guards_;  // by output, of the way at hand
  std::set<std::string> told_;
};

}  // namespace

std::string_view name_of(Carriage how) {
  switch (how) {
    case Carriage::kPasses: return "passes";
    case Carriage::kTable: return "table";
    case Carriage::kReduces: return "reduces";
    case Carriage::kChoice: return "choice";
  }
  return "";
}

std::string_view name_of(WayKind kind) {
  switch (kind) {
    case WayKind::kIn: return "in";
    case WayKind::kRegistryAnswer: return "registry-answer";
    case WayKind::kRoute: return "route";
    case WayKind::kPull: return "pull";
    case WayKind::kAnswer: return "answer";
  }
  return "";
}

ProofResult prove(const ProofInput& input) { return Prover(input).run(); }

}  // namespace tongqu
