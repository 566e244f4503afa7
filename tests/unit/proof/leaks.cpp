#include "tests/unit/proof/leaks.hpp"

#include <algorithm>

namespace tongqu::proof_test {
namespace {

Recipient& any(World& world, Random& random) { return world.recipients[random() % world.recipients.size()]; }
Recipient& of(World& world, Random& random, How how) {
  std::vector<Recipient*> fit;
  for (Recipient& one : world.recipients) {
    if (one.how == how) fit.push_back(&one);
  }
  return *fit[random() % fit.size()];
}

// A field that this recipient sees, and that is no secret of the other tests: s in clear, i masked, or a lucky one.
std::string seen_field(const World& world, const Recipient& recipient, Random& random) {
  std::vector<std::string> seen;
  for (const FieldText& field : world.record) {
    for (const PolicyLine& line : recipient.policy) {
      const bool visible = line.treatment == "clear" || line.treatment == "mask" || line.treatment == "release";
      if (visible && line.kind == field.kind && line.subject == field.subject) seen.push_back(field.name);
    }
  }
  return seen[random() % seen.size()];
}

// A new rule of the recipient's mapping that writes into a new field labelled none.
Leak write(Recipient& recipient, const std::string& field, const std::string& target, const std::string& expression) {
  recipient.document.push_back({target, "none", ""});
  recipient.map.rules.push_back({target, expression});
  return {"$." + field, target, recipient.id};
}

Leak write_to(World& world, Recipient& recipient, Random& random, const std::string& target, std::string expression) {
  const std::string field = seen_field(world, recipient, random);
  for (std::size_t at = expression.find('@'); at != std::string::npos; at = expression.find('@'))
    expression.replace(at, 1, "$." + field);
  return write(recipient, field, target, expression);
}

Leak copied(World& w, Random& r) { return write_to(w, any(w, r), r, "copy", "@"); }
Leak pulled(World& w, Random& r) { return write_to(w, of(w, r, How::kPulled), r, "copy", "trim(@)"); }
Leak answered(World& w, Random& r) { return write_to(w, of(w, r, How::kAnswered), r, "copy", "lower(@)"); }
Leak file_name(World& w, Random& r) { return write_to(w, any(w, r), r, "file_name", "concat(@, \".xml\")"); }
Leak header(World& w, Random& r) { return write_to(w, any(w, r), r, "header", "concat(\"X-Ref: \", upper(@))"); }
Leak table(World& w, Random& r) { return write_to(w, any(w, r), r, "by_table", "lookup(demo/codes, @)"); }
Leak table_name(World& w, Random& r) {
  return write_to(w, any(w, r), r, "by_table", "lookup_name(demo/codes, substring(trim(@), 0, 1))");
}
Leak constant(World& w, Random& r) {
  return write_to(w, any(w, r), r, "chosen", "if @ == \"1\" then \"a\" else \"b\"");
}
Leak constant_in(World& w, Random& r) {
  return write_to(w, any(w, r), r, "chosen", "concat(if @ in [\"张\", \"王\"] then \"a\" else \"b\", \"c\")");
}
Leak presence(World& w, Random& r) { return write_to(w, any(w, r), r, "flag_there", "exists(@)"); }
Leak absence(World& w, Random& r) { return write_to(w, any(w, r), r, "there", "if not exists(@) then \"no\""); }
Leak length(World& w, Random& r) { return write_to(w, any(w, r), r, "size", "text(length(@))"); }
Leak piece(World& w, Random& r) { return write_to(w, any(w, r), r, "piece", "substring(@, 0, 1)"); }
Leak alternative(World& w, Random& r) { return write_to(w, any(w, r), r, "either", "$.n0 otherwise trim(@)"); }
Leak before(World& w, Random& r) { return write_to(w, any(w, r), r, "either", "@ otherwise $.n0"); }

Leak when(World& world, Random& random) {
  Recipient& recipient = any(world, random);
  const std::string field = seen_field(world, recipient, random);
  recipient.map.whens.push_back("$." + field + " == \"张三\"");
  return {"$." + field, "when", recipient.id};
}

Leak policy_loosened(World& world, Random& random) {
  Recipient& recipient = any(world, random);
  for (PolicyLine& line : recipient.policy) {
    if (line.kind == "address" && line.subject == "respondent") line.treatment = random() % 2 == 0 ? "clear" : "mask";
  }
  return {"$.d", "o_d", recipient.id};
}

// What goes clear on a condition, or after a person released it, counts as clear, whatever goes without.
Leak policy_conditional(World& world, Random& random) {
  Recipient& recipient = any(world, random);
  for (PolicyLine& line : recipient.policy) {
    if (line.kind != "address" || line.subject != "respondent") continue;
    line.treatment = "clear";
    line.when = random() % 2 == 0 ? "approved" : "danger";
    line.otherwise = random() % 2 == 0 ? "mask" : "drop";
  }
  return {"$.d", "o_d", recipient.id};
}

Leak policy_released(World& world, Random& random) {
  Recipient& recipient = of(world, random, random() % 2 == 0 ? How::kPulled : How::kPushed);
  for (PolicyLine& line : recipient.policy) {
    if (line.kind == "address" && line.subject == "respondent") line.treatment = "release";
  }
  return {"$.d", "o_d", recipient.id};
}

Leak label_dropped(World& world, Random& random) {
  Recipient& recipient = any(world, random);
  const std::string field = random() % 2 == 0 ? "s" : "i";
  for (FieldText& to : recipient.document) {
    if (to.name == "o_" + field) to = {to.name, "none", ""};
  }
  return {"$." + field, "o_" + field, recipient.id};
}

Leak other_kind(World& world, Random& random) {
  Recipient& recipient = any(world, random);
  for (FieldText& to : recipient.document) {
    if (to.name == "o_i") to = {to.name, "name", "informant"};
  }
  return {"$.i", "o_i", recipient.id};
}

Leak other_subject(World& world, Random& random) {
  Recipient& recipient = any(world, random);
  for (FieldText& to : recipient.document) {
    if (to.name == "o_i") to = {to.name, "phone", "complainant"};
  }
  return {"$.i", "o_i", recipient.id};
}

Leak list_label(World& world, Random& random) {
  Recipient& recipient = any(world, random);
  recipient.who_kind = "none";
  return {"$.items[].who", "items[].who", recipient.id};
}

Leak list_constant(World& world, Random& random) {
  Recipient& recipient = any(world, random);
  recipient.who_kind = "none";
  for (RuleText& rule : recipient.map.rules) {
    if (rule.target == "items") rule.expression = "each $.items { who = \"一人\" }";
  }
  return {"$.items", "items", recipient.id};
}

// The elements come from the text, whatever chose it.
Leak split_by_choice(World& world, Random& random) {
  Recipient& recipient = any(world, random);
  recipient.who_kind = "none";
  for (RuleText& rule : recipient.map.rules) {
    if (rule.target == "items") rule.expression = "each split(if $.n0 == \"1\" then $.s, \",\") { who = $ }";
  }
  return {"$.s", "items[].who", recipient.id};
}

// Somebody's word that a field may choose is no word that its raw value may go.
Leak kept(World& world, Random& random) {
  Recipient& recipient = any(world, random);
  const std::string mapping = recipient.how == How::kAnswered ? "src/out" : recipient.id + "/out";
  world.declassified.push_back({mapping, "$.s"});
  return write(recipient, "s", "kept_raw", "if $.s == \"1\" then $.n0 on fault keep, flag");
}

Leak inbound_open(World& world, Random& random) {
  const std::string field = random() % 2 == 0 ? "s" : "d";
  for (FieldText& to : world.record) {
    if (to.name == field) to = {field, "none", ""};
  }
  return {"$." + field, field, "src"};
}

Leak inbound_swapped(World& world, Random&) {
  for (RuleText& rule : world.in.rules) {
    if (rule.target == "s") rule.expression = "phone($.i)";
  }
  return {"$.i", "s", "src"};
}

Leak inbound_unlabelled(World& world, Random&) {
  world.received.push_back({"extra", "", ""});
  for (RuleText& rule : world.in.rules) {
    if (rule.target == "n0") rule.expression = "trim($.extra)";
  }
  return {"$.extra", "n0", "src"};
}

Leak inbound_choice(World& world, Random& random) {
  for (RuleText& rule : world.in.rules) {
    if (rule.target == "flag0") rule.expression = random() % 2 == 0 ? "exists($.i)" : "$.i == \"1\"";
  }
  return {"$.i", "flag0", "src"};
}

Leak inbound_kept(World& world, Random&) {
  world.declassified.push_back({"src/in", "$.i"});
  for (RuleText& rule : world.in.rules) {
    if (rule.target == "n0") rule.expression = "if $.i == \"1\" then $.n0 on fault keep, flag";
  }
  return {"$.i", "n0", "src"};
}

Leak route(World& world, Random& random) {
  world.condition = random() % 2 == 0 ? "s" : "i";
  return {world.condition, "route main", "route main"};
}

}  // namespace

const std::vector<LeakKind>& leak_kinds() {
  static const std::vector<LeakKind> kAll{{"copied", copied},
                                          {"pull inbox", pulled},
                                          {"answer", answered},
                                          {"file name", file_name},
                                          {"header", header},
                                          {"table", table},
                                          {"table name", table_name},
                                          {"constant", constant},
                                          {"constant in a call", constant_in},
                                          {"presence", presence},
                                          {"absence", absence},
                                          {"length", length},
                                          {"piece", piece},
                                          {"alternative", alternative},
                                          {"before otherwise", before},
                                          {"when", when},
                                          {"policy loosened", policy_loosened},
                                          {"clear on a condition", policy_conditional},
                                          {"clear after release", policy_released},
                                          {"label dropped", label_dropped},
                                          {"other kind", other_kind},
                                          {"other subject", other_subject},
                                          {"label of a list", list_label},
                                          {"length of a list", list_constant},
                                          {"split by choice", split_by_choice},
                                          {"kept", kept},
                                          {"inbound open", inbound_open},
                                          {"inbound swapped", inbound_swapped},
                                          {"inbound unlabelled", inbound_unlabelled},
                                          {"inbound choice", inbound_choice},
                                          {"inbound kept", inbound_kept},
                                          {"route", route}};
  return kAll;
}

}  // namespace tongqu::proof_test
