// What gateway.yaml may say about a legacy listener, and how its days are counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "connectors/all_connectors.hpp"
#include "gateway/app/app_codes.hpp"
#include "gateway/app/legacy_listener.hpp"
#include "gateway/settings/settings_loader.hpp"
#include "tests/support/manual_clock.hpp"

namespace tongqu::app {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kGood =
    "{name: old, kind: legacy, port: 0, protocol: plain, partner: bureau, networks: [10.1.2.0/24], until: 2026-12-31, "
    "approved_by: 王建国, reason: Axis 1.4 until it is replaced}";
constexpr std::string_view kBasic =
    "inbound:\n  connector: http\n  auth: {scheme: api-key, key: \"${file:k}\"}\n  networks: [10.1.2.0/24]\n  "
    "services: []\n";

Instant at(std::string_view text) { return parse_rfc3339(text).value(); }

std::string changed(std::string_view from, std::string_view to) {
  std::string listener(kGood);
  listener.replace(listener.find(from), from.size(), to);
  return listener;
}

// Faults of a configuration with one listener as written: "line code path" each.
std::vector<std::string> faults_of(std::string_view listener, std::string_view inbound = kBasic) {
  const std::vector<ConfigFile> files{
      {"gateway.yaml",
       "state_dir: ../state\nlisteners:\n  - {name: partners, kind: partner, port: 0}\n  - " + std::string(listener) +
           "\naudit: {origin: test/log, key: \"${file:a}\"}\nseal: {master_key: \"${file:m}\"}\nadmin: {token: "
           "\"${file:t}\"}\n"},
      {"partners/bureau.yaml",
       "title_zh: 局\ntitle_en: bureau\nbasis: \"assumed: x\"\ntested_against: nothing\n" + std::string(inbound)}};
  LoadReport report =
      load_settings(ConfigImage("/config", files), all_specs(), [](std::string_view) { return std::string("00"); });
  std::vector<SettingsFault> faults = std::move(report.faults);
  if (report.settings) check_legacy(*report.settings, at("2026-11-26T12:00:00+08:00"), faults);
  std::vector<std::string> lines;
  for (const SettingsFault& fault : faults) {
    lines.push_back(std::to_string(fault.position.line) + " " + std::string(name_of(fault.grade)) + " " +
                    std::string(fault.code->id) + " " + fault.path);
  }
  return lines;
}

TEST(LegacyTerms, AGoodOneIsALoudWarningAndNothingElse) {
  EXPECT_THAT(faults_of(kGood), ElementsAre("4 warning config.legacy-open listeners[1]"));
}

TEST(LegacyTerms, EachThingThatIsMissingIsNamed) {
  for (const auto& [field, written] :
       std::vector<std::pair<std::string, std::string>>{{"protocol", "protocol: plain, "},
                                                        {"partner", "partner: bureau, "},
                                                        {"networks", "networks: [10.1.2.0/24], "},
                                                        {"until", "until: 2026-12-31, "},
                                                        {"approved_by", "approved_by: 王建国, "},
                                                        {"reason", ", reason: Axis 1.4 until it is replaced"}}) {
    EXPECT_THAT(faults_of(changed(written, "")), Contains("4 error settings.missing-key listeners[1]." + field))
        << field;
  }
}

TEST(LegacyTerms, OnePartnerOneNetworkOneDate) {
  const auto only = [](std::string_view code, std::string_view path) {
    return ElementsAre("4 error " + std::string(code) + " listeners[1]." + std::string(path));
  };
  EXPECT_THAT(faults_of(changed("partner: bureau", "partner: [bureau, other]")),
              only("settings.wrong-type", "partner"));
  EXPECT_THAT(faults_of(changed("partner: bureau", "partner: nobody")), Contains(HasSubstr("listeners[1].partner")));
  EXPECT_THAT(faults_of(changed("[10.1.2.0/24]", "[10.1.2.0/24, 10.1.3.0/24]")),
              only("settings.out-of-range", "networks"));
  EXPECT_THAT(faults_of(changed("[10.1.2.0/24]", "[]")), only("settings.out-of-range", "networks"));
  EXPECT_THAT(faults_of(changed("10.1.2.0/24", "10.1.2.0")), only("settings.bad-form", "networks[0]"));
  EXPECT_THAT(faults_of(changed("2026-12-31", "2026-02-30")), only("settings.bad-form", "until"));
  EXPECT_THAT(faults_of(changed("2026-12-31", "tomorrow")), only("settings.bad-form", "until"));
  EXPECT_THAT(faults_of(changed("plain", "tls0.9")), only("settings.unknown-word", "protocol"));
  EXPECT_THAT(faults_of(changed("port: 0", "port: 0, min_version: \"1.2\"")),
              only("settings.unknown-key", "min_version"));
}

TEST(LegacyTerms, FieldsOfALegacyListenerAreUnknownOnOthers) {
  EXPECT_THAT(faults_of("{name: p2, kind: partner, port: 0, partner: bureau}"),
              ElementsAre("4 error settings.unknown-key listeners[1].partner"));
}

TEST(LegacyTerms, WhatCannotBeTogetherIsAnError) {
  const auto also = [](std::string_view path) {
    return ElementsAre("4 warning config.legacy-open listeners[1]",
                       "4 error config.legacy listeners[1]." + std::string(path));
  };
  EXPECT_THAT(faults_of(changed("2026-12-31", "2028-11-28")), also("until"));
  EXPECT_THAT(faults_of(changed("10.1.2.0/24", "0.0.0.0/0")), also("networks"));
  EXPECT_THAT(faults_of(changed("10.1.2.0/24", "2000::/3")), also("networks"));
  EXPECT_THAT(faults_of(changed("plain", "tls1.0")), also("protocol"));
  const std::string tls = ", tls: {certificate: \"${file:c}\", key: \"${file:k}\"";
  EXPECT_THAT(faults_of(changed("port: 0", "port: 0" + tls + "}")), also("tls"));
  EXPECT_THAT(faults_of(changed("plain", "tls1.0" + tls + ", min_version: \"1.3\"}")), also("tls"));
  const std::string_view mtls =
      "inbound:\n  connector: http\n  auth: {scheme: mtls, certificate_sha256: \"${file:pin}\"}\n  services: []\n";
  EXPECT_THAT(faults_of(kGood, mtls), also("partner"));
  const std::string over_tls = changed("plain", "tls1.0" + tls + "}");
  EXPECT_THAT(faults_of(over_tls, mtls), also("partner"));
  EXPECT_THAT(faults_of(changed("plain", "tls1.0" + tls + ", client_ca: \"${file:ca}\", client_auth: required}"), mtls),
              ElementsAre("4 warning config.legacy-open listeners[1]"));
  EXPECT_THAT(faults_of(kGood, "pull: {enabled: true}\n"), also("partner"));
}

TEST(LegacyTerms, BehindItsDateItIsAWarningSoThatTheGatewayStarts) {
  EXPECT_THAT(faults_of(changed("2026-12-31", "2026-11-25")), ElementsAre("4 warning config.legacy-over listeners[1]"));
  EXPECT_THAT(faults_of(changed("2026-12-31", "2026-11-26")), ElementsAre("4 warning config.legacy-open listeners[1]"));
}

TEST(LegacyTerms, DaysAreCountedInBeijing) {
  LegacyTerms terms;
  terms.closes_at = at("2027-01-01T00:00:00+08:00");
  EXPECT_EQ(days_left(terms, at("2026-12-01T00:00:00+08:00")), 30);
  EXPECT_EQ(days_left(terms, at("2026-12-30T23:59:59.999+08:00")), 1);
  EXPECT_EQ(days_left(terms, at("2026-12-31T00:00:00+08:00")), 0);
  EXPECT_EQ(days_left(terms, at("2026-12-31T23:59:59.999+08:00")), 0);
  EXPECT_EQ(days_left(terms, at("2027-01-01T00:00:00+08:00")), -1);
  EXPECT_EQ(days_left(terms, at("2027-01-02T00:00:00+08:00")), -2);
}

TEST(LegacyGate, ClosesToTheMillisecondAndOnlyForItsNetwork) {
  test::ManualClock clock(at("2026-12-31T23:59:59.000+08:00"));
  const std::vector<std::string> blocks{"10.1.2.0/24"};
  const LegacyGate gate(at("2027-01-01T00:00:00+08:00"), NetworkList::create(blocks).value(), clock);
  EXPECT_TRUE(gate.admits("10.1.2.3"));
  EXPECT_FALSE(gate.admits("10.1.3.3"));
  EXPECT_FALSE(gate.admits("no address"));
  clock.advance(999);
  EXPECT_TRUE(gate.admits("10.1.2.3"));
  clock.advance(1);
  EXPECT_TRUE(gate.is_over());
  EXPECT_FALSE(gate.admits("10.1.2.3"));
}

TEST(LegacyTerms, ALoudFaultIsRedWhereThereAreColours) {
  SettingsFault fault;
  fault.code = &codes::kConfigLegacyOpen;
  fault.file = "gateway.yaml";
  fault.loud = true;
  std::ostringstream red;
  print_faults(red, {fault}, Lang::kEnglish, true);
  EXPECT_THAT(red.str(), HasSubstr("\033[1;31mgateway.yaml"));
  std::ostringstream plain;
  print_faults(plain, {fault}, Lang::kEnglish);
  EXPECT_EQ(plain.str().find('\033'), std::string::npos);
}

}  // namespace
}  // namespace tongqu::app
