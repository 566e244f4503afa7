#include "gateway/core/grants.hpp"

#include <array>

namespace tongqu {
namespace {

std::string folded(std::string_view name) {
  const auto first = name.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  name = name.substr(first, name.find_last_not_of(" \t\r\n") - first + 1);
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

std::string_view name_of(GrantState state) {
  static constexpr std::array<std::string_view, 4> kNames{"asked", "in-force", "refused", "withdrawn"};
  return kNames[static_cast<std::size_t>(state)];
}

bool covers(const GrantRow& grant, const GrantQuestion& message) {
  if (grant.recipient != message.recipient || grant.service != message.service) return false;
  if (!grant.exchange.empty()) return grant.exchange == message.exchange;
  return !grant.matter.empty() && grant.matter == message.matter && grant.partner == message.partner;
}

bool same_person(std::string_view one, std::string_view other) { return folded(one) == folded(other); }

namespace codes {

const ErrorCode kGrantSamePerson{"grants.same-person", ErrorKind::kForbidden,
                                 "Whoever asked for it cannot approve it: a second person has to.",
                                 "申请人不能批准自己的申请，须由另一人批准。"};
const ErrorCode kGrantOver{"grants.over", ErrorKind::kConflict, "The end of this grant has passed.",
                           "该准予的截止时间已过。"};
const ErrorCode kGrantLimit{"grants.limit", ErrorKind::kConflict,
                            "{} grants are asked for or in force; that is the limit.",
                            "待批与有效的准予已达上限 {} 项。"};

std::span<const ErrorCode* const> grant_codes() {
  static constexpr std::array<const ErrorCode*, 3> kAll{&kGrantSamePerson, &kGrantOver, &kGrantLimit};
  return kAll;
}

}  // namespace codes
}  // namespace tongqu
