#include "gateway/app/legacy_terms.hpp"

#include <algorithm>

#include "gateway/app/app_codes.hpp"

namespace tongqu::app {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::int64_t kLongestDays = 731;  // two years, one of them a leap year
constexpr std::int64_t kWidestV4 = 8;
constexpr std::int64_t kWidestV6 = 32;

// The loader saw that it is a date.
Instant midnight(std::string_view date) {
  return parse_rfc3339(std::string(date) + "T00:00:00+08:00").value_or(Instant{});
}

LegacyTerms terms_of(const Setting& listener) {
  LegacyTerms terms;
  terms.listener = listener.text("name");
  terms.protocol = listener.text("protocol");
  terms.address = listener.text("address");
  terms.port = listener.integer("port");
  terms.partner = listener.text("partner");
  const auto networks = listener.texts("networks");
  if (!networks.empty()) terms.network = networks.front();
  terms.until = listener.text("until");
  terms.approved_by = listener.text("approved_by");
  terms.closes_at = {midnight(terms.until).ms + kDayMs};
  return terms;
}

class LegacyCheck {
 public:
  LegacyCheck(const Settings& settings, Instant now, std::vector<SettingsFault>& faults)
      : settings_(settings), now_(now), faults_(faults) {}

  void look_at(const Setting& listener, std::size_t index) {
    listener_ = &listener;
    path_ = "listeners[" + std::to_string(index) + "]";
    const LegacyTerms terms = terms_of(listener);
    const std::int64_t left = days_left(terms, now_);
    tell(left < 0 ? codes::kConfigLegacyOver : codes::kConfigLegacyOpen, legacy_in_words(terms, now_));
    if (left > kLongestDays) fault("until", {"until is more than two years ahead", "到期日不得超过两年"});
    check_network(terms);
    check_tls(terms);
    check_partner(terms);
  }

 private:
  [[nodiscard]] SettingsFault at(const std::string& member) const {
    const auto members = listener_->members();
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const Setting& one) { return one.key() == member; });
    SettingsFault fault;
    fault.file = listener_->file();
    fault.position = found != members.end() && found->position().line > 0 ? found->position() : listener_->position();
    fault.path = member.empty() ? path_ : path_ + "." + member;
    return fault;
  }

  void fault(const std::string& member, Words what) {
    SettingsFault fault = at(member);
    fault.code = &codes::kConfigLegacy;
    fault.param = std::move(what);
    faults_.push_back(std::move(fault));
  }

  void tell(const ErrorCode& code, Words what) {
    SettingsFault fault = at("");
    fault.code = &code;
    fault.param = std::move(what);
    fault.grade = Grade::kWarning;
    fault.loud = true;
    faults_.push_back(std::move(fault));
  }

  void check_network(const LegacyTerms& terms) {
    const auto slash = terms.network.find('/');
    if (slash == std::string::npos) return;
    const auto prefix = parse_integer(std::string_view(terms.network).substr(slash + 1));
    const bool v6 = terms.network.find(':') != std::string::npos;
    if (prefix.value_or(0) < (v6 ? kWidestV6 : kWidestV4))
      fault("networks", {"networks is wider than /8 (IPv6: /32)", "网段过宽：IPv4 不得宽于 /8，IPv6 不得宽于 /32"});
  }

  void check_tls(const LegacyTerms& terms) {
    const bool plain = terms.protocol == "plain";
    if (plain && listener_->has("tls")) fault("tls", {"protocol plain has no tls", "protocol 为 plain 时不得填写 tls"});
    if (listener_->object("tls").has("min_version"))
      fault("tls",
            {"protocol says the versions, not tls.min_version", "TLS 版本由 protocol 决定，不得填写 tls.min_version"});
    if (!plain && !listener_->has("tls"))
      fault("protocol",
            {"protocol " + terms.protocol + " needs tls", "protocol 为 " + terms.protocol + " 时必须填写 tls"});
  }

  void check_partner(const LegacyTerms& terms) {
    const Setting* partner = settings_.find("partner", terms.partner);
    if (partner == nullptr) return;  // the loader's fault
    const Setting& inbound = partner->object("inbound");
    const std::string connector = inbound.present() ? inbound.text("connector") : std::string();
    if (connector != "http" && connector != "soap")
      return fault("partner", {"partner " + terms.partner + " does not come in over http or soap",
                               "接入方 " + terms.partner + " 不是以 http 或 soap 接入"});
    if (!inbound.has("auth")) return;
    const Setting& auth = inbound.object("auth");
    if (auth.text("scheme") != "mtls" && !auth.has("certificate_sha256")) return;
    const bool shows = listener_->has("tls") && listener_->object("tls").text("client_auth") != "none";
    if (!shows)
      fault("partner",
            {"the credentials of " + terms.partner + " need a client certificate, which this listener does not take",
             "接入方 " + terms.partner + " 的认证需要客户端证书，而本端口不验证客户端证书"});
  }

  const Settings& settings_;
  Instant now_;
  std::vector<SettingsFault>& faults_;
  const Setting* listener_ = nullptr;
  std::string path_;
};

}  // namespace

std::vector<LegacyTerms> legacy_terms_of(const Setting& gateway) {
  std::vector<LegacyTerms> all;
  for (const Setting& listener : gateway.list("listeners")) {
    if (listener.text("kind") == "legacy") all.push_back(terms_of(listener));
  }
  return all;
}

std::int64_t days_left(const LegacyTerms& terms, Instant now) {
  const std::int64_t ms = terms.closes_at.ms - now.ms;
  return ms > 0 ? (ms - 1) / kDayMs : -((-ms) / kDayMs) - 1;
}

Words legacy_in_words(const LegacyTerms& terms, Instant now) {
  const std::int64_t left = days_left(terms, now);
  const std::string days = std::to_string(left < 0 ? -left : left);
  const std::string head = terms.listener + ": " + terms.protocol + ", ";
  return {head + "partner " + terms.partner + " from " + terms.network + ", until " + terms.until +
              (left < 0 ? " (over for " + days + " days)" : " (" + days + " days left)"),
          head + "接入方 " + terms.partner + "，网段 " + terms.network + "，截止 " + terms.until +
              (left < 0 ? "（已过期 " + days + " 天）" : "（剩余 " + days + " 天）")};
}

void check_legacy(const Settings& settings, Instant now, std::vector<SettingsFault>& faults) {
  LegacyCheck check(settings, now, faults);
  std::size_t index = 0;
  for (const Setting& listener : settings.single("gateway").list("listeners")) {
    if (listener.text("kind") == "legacy") check.look_at(listener, index);
    ++index;
  }
}

}  // namespace tongqu::app
