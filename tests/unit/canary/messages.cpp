#include "tests/unit/canary/messages.hpp"

#include <array>

#include "gateway/core/jcs.hpp"

namespace tongqu::canary_test {
namespace {

using proof_test::FieldText;
using proof_test::Random;
using proof_test::World;

struct Member {
  std::string name;
  std::string json;
  Label label = {};  // empty kind = secret
  bool open = true;  // anybody may know it
};

std::string json_text(const std::string& text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

class Writer {
 public:
  Writer(Random& random, std::uint32_t& next_number, std::vector<Canary>& canaries)
      : random_(random), next_number_(next_number), canaries_(canaries) {}

  const std::string& canary(const std::string& kind, const std::string& subject, const std::string& field) {
    canaries_.push_back(make_canary({kind, subject}, next_number_++));
    canaries_.back().field = field;
    return canaries_.back().value;
  }

  std::string unlabelled(const std::string& looks_like, const std::string& field) {
    const std::string value = canary(looks_like, "", field);
    canaries_.back().label = {};
    return value;
  }

  std::vector<Member> members(const std::vector<FieldText>& fields) {
    std::vector<Member> out;
    for (const FieldText& field : fields) {
      if (field.name.starts_with("flag")) {
        out.push_back({field.name, random_() % 2 == 0 ? "true" : "false"});
      } else if (field.name == "no") {
        out.push_back({field.name, json_text(std::to_string(next_number_++))});
      } else if (field.kind == "none") {
        static constexpr std::array<const char*, 6> kOpen{"1", "1", "1", "2", "7", "9"};
        out.push_back({field.name, json_text(kOpen[random_() % kOpen.size()])});
      } else if (random_() % 8 != 0) {
        out.push_back(
            {field.name, json_text(canary(field.kind, field.subject, field.name)), {field.kind, field.subject}, false});
      }
    }
    std::string items = "[";
    for (std::size_t i = random_() % 3; i > 0; --i) {
      if (items.size() > 1) items += ",";
      items += R"({"who":)" + json_text(canary("name", "complainant", "items[].who")) + "}";
    }
    out.push_back({"items", items + "]", {}, false});
    return out;
  }

  std::string body(std::vector<Member> members, const char*& fault) {
    if (random_() % 3 == 0) return faulty(std::move(members), fault);
    return joined(members);
  }

 private:
  static std::string joined(const std::vector<Member>& members) {
    std::string out = "{";
    for (const Member& one : members) {
      if (out.size() > 1) out += ",";
      out += json_text(one.name) + ":" + one.json;
    }
    return out + "}";
  }

  std::string faulty(std::vector<Member> members, const char*& fault) {
    static constexpr std::array<const char*, 11> kFaults{
        "object for text", "list for text", "number for text",  "unknown member", "cut",      "member twice",
        "no utf-8",        "text for flag", "canary for items", "too long",       "no object"};
    const std::size_t which = random_() % kFaults.size();
    fault = kFaults[which];
    // What a sender writes into an open field is open.
    std::size_t at = random_() % members.size();
    while (members[at].open) at = random_() % members.size();
    Member& one = members[at];
    // What has no label is secret, whatever it looks like: a person's name here, also where it names a member.
    const std::string secret = unlabelled("name", "unlabelled");
    // Stands in that member's place, so it is as secret as that.
    const std::string other = json_text(unlabelled("phone", "misplaced"));
    if (which != 3) canaries_.back().label = one.label;
    if (which == 1) canaries_[canaries_.size() - 2].label = one.label;
    switch (which) {
      case 0: one.json = "{" + json_text(secret) + ":" + one.json + "}"; return joined(members);
      case 1: one.json = "[" + one.json + "," + json_text(secret) + "]"; return joined(members);
      case 2: one.json = other.substr(1, other.size() - 2); return joined(members);
      case 3: members.push_back({secret, "{" + json_text(secret) + ":" + other + "}"}); return joined(members);
      case 4: {
        const std::string whole = joined(members);
        return whole.substr(0, random_() % whole.size());
      }
      case 5: {
        // A name that no contract has, or one that it has.
        const std::string name = random_() % 2 == 0 ? one.name : unlabelled("name", "name of a member");
        if (name != one.name) members.push_back({name, "1"});
        members.push_back({name, other});
        return joined(members);
      }
      case 6: one.json = "\"" + secret + "\xC4\xE3\xBA\xC3\""; return joined(members);
      case 7:
        members.erase(members.begin() + 1);
        members.push_back({"flag0", json_text(secret)});
        return joined(members);
      case 8: members.back().json = json_text(secret); return joined(members);
      case 9: one.json = json_text(std::string(1U << 20U, 'x') + secret); return joined(members);
      default: return "[" + joined(members) + "," + json_text(secret) + "]";
    }
  }

  Random& random_;
  std::uint32_t& next_number_;
  std::vector<Canary>& canaries_;
};

}  // namespace

Message make_message(const World& world, Random& random, std::uint32_t& next_number) {
  Message out;
  out.partner = "src";
  out.content_type = "application/json";
  out.is_query = random() % 8 == 0;
  Writer writer(random, next_number, out.canaries);
  if (out.is_query) {
    out.target = "/exchange/v1/q.ask";
    out.number = std::to_string(next_number++);
    out.body = "{\"n0\":" + json_text(out.number) + "}";
    std::vector<Member> members = writer.members(world.record);
    members.push_back({"result", "\"found\""});
    out.answer = writer.body(std::move(members), out.fault);
    return out;
  }
  out.target = "/exchange/v1/m.send";
  out.body = writer.body(writer.members(world.received), out.fault);
  if (random() % 40 == 0) {
    out.fault = "unknown service";
    out.target = "/exchange/v1/" + writer.canary("", "", "service");
  }
  return out;
}

}  // namespace tongqu::canary_test
