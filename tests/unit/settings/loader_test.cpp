#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "connectors/all_connectors.hpp"
#include "gateway/core/text.hpp"
#include "gateway/settings/settings_codes.hpp"
#include "tests/support/data.hpp"
#include "tests/unit/settings/settings_support.hpp"

namespace tongqu {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kPartner =
    "title_zh: 城市甲\n"
    "title_en: city A\n"
    "basis: assumed\n"
    "tested_against: stand-in\n"
    "outbound:\n"
    "  connector: http\n"
    "  url: https://127.0.0.1:1/x\n"
    "  timeout: 1500ms\n"
    "  window: 22:00-06:00\n"
    "  headers: {x-system: tongqu, X-Zone: \"3\"}\n"
    "  sign: {scheme: none}\n"
    "inbound:\n"
    "  connector: http\n"
    "  auth: {scheme: hmac, key_id: a, key: \"${env:KEY_A}\"}\n"
    "  networks: [10.0.0.0/8, \"::1/128\"]\n"
    "  services: []\n";

Settings loaded(std::vector<ConfigFile> files) {
  LoadReport report = test::load_files(std::move(files));
  EXPECT_THAT(test::brief(report.faults), IsEmpty());
  return std::move(report.settings).value();
}

TEST(Loader, FillsInTheDefaultsOfTheFieldLists) {
  const Settings settings = loaded(test::small_config());
  const Setting& gateway = settings.single("gateway");
  EXPECT_EQ(gateway.text("suite"), "gm");
  EXPECT_FALSE(gateway.has("suite"));
  EXPECT_EQ(gateway.integer("io_threads"), 2);
  EXPECT_FALSE(gateway.has("store"));
  EXPECT_EQ(gateway.object("store").integer("batch_max_items"), 512);
  EXPECT_EQ(gateway.object("store").size_bytes("reserve_free_bytes"), 256LL << 20U);
  EXPECT_EQ(gateway.object("shutdown").duration_ms("grace"), 10'000);
  EXPECT_EQ(gateway.object("seal").secret("master_key").text(), "${env:TONGQU_MASTER}");
}

TEST(Loader, GivesTypedValuesOfEveryKind) {
  const Settings settings = loaded(test::small_config_with("partners/city-a.yaml", kPartner));
  const Setting* partner = settings.find("partner", "city-a");
  ASSERT_NE(partner, nullptr);
  EXPECT_EQ(settings.find("partner", "city-b"), nullptr);
  const Setting& outbound = partner->object("outbound");
  EXPECT_TRUE(partner->has("outbound"));
  EXPECT_FALSE(partner->has("pull"));
  EXPECT_EQ(outbound.text("connector"), "http");
  EXPECT_EQ(outbound.text("url"), "https://127.0.0.1:1/x");
  EXPECT_EQ(outbound.text("method"), "POST");
  EXPECT_EQ(outbound.duration_ms("timeout"), 1500);
  EXPECT_FALSE(outbound.boolean("workdays_only"));
  ASSERT_TRUE(outbound.window("window").has_value());
  EXPECT_EQ(outbound.window("window")->to_minute, 360);
  ASSERT_EQ(outbound.map("headers").size(), 2U);
  EXPECT_EQ(outbound.map("headers")[1].key(), "X-Zone");
  EXPECT_EQ(outbound.map("headers")[1].text(), "3");
  const Setting& auth = partner->object("inbound").object("auth");
  EXPECT_EQ(auth.secret("key"), (SecretRef{SecretRef::Scheme::kEnv, "KEY_A"}));
  EXPECT_TRUE(auth.secret("certificate_sha256").empty());
  EXPECT_EQ(auth.position(), (Position{14, 9}));
  EXPECT_EQ(auth.file(), "partners/city-a.yaml");
  EXPECT_THAT(partner->object("inbound").texts("networks"), ElementsAre("10.0.0.0/8", "::1/128"));
}

TEST(Loader, SortsObjectsByTheirNames) {
  std::vector<ConfigFile> files = test::small_config();
  for (const char* id : {"b", "a-b", "a", "a1"})
    files.push_back({std::string("policies/") + id + ".yaml", "title_zh: 名称\nrules: []\n"});
  const Settings settings = loaded(std::move(files));
  std::vector<std::string> ids;
  for (const NamedSetting& policy : settings.all("policy")) ids.push_back(policy.id);
  EXPECT_THAT(ids, ElementsAre("a", "a-b", "a1", "b"));
  for (const std::string& id : ids) EXPECT_NE(settings.find("policy", id), nullptr) << id;
}

TEST(Loader, NamesFaultsOfAllFilesAtOnceInOrder) {
  std::vector<ConfigFile> files = test::small_config_with("policies/b.yaml", "title_zh: [\n");
  files.push_back({"policies/a.yaml", "title_zh: 名称\nrules: []\nextra: 1\n"});
  files.push_back({"services/x.yaml", "title_zh: 名称\nversion: 0\n"});
  const LoadReport report = test::load_files(std::move(files));
  EXPECT_FALSE(report.settings.has_value());
  EXPECT_FALSE(report.id.empty());
  EXPECT_THAT(test::brief(report.faults),
              ElementsAre("policies/a.yaml:3:1 settings.unknown-key extra", "policies/b.yaml:2:1 settings.syntax",
                          "services/x.yaml:1:1 settings.missing-key schema",
                          "services/x.yaml:1:1 settings.missing-key title_en",
                          "services/x.yaml:2:10 settings.out-of-range version"));
  const Error error = to_error(report.faults);
  EXPECT_EQ(error.code, &codes::kSettingsInvalid);
  EXPECT_EQ(error.param, "5");
  ASSERT_EQ(error.faults.size(), 5U);
  EXPECT_EQ(error.faults[4].path, "services/x.yaml: version");
  EXPECT_EQ(error.faults[4].position, (Position{2, 10}));
}

TEST(Loader, StopsListingFaultsAtItsLimitAndCountsTheRest) {
  std::string many = "title_zh: 名称\nrules: []\n";
  for (int i = 0; i < 1500; ++i) many += "key" + std::to_string(i) + ": 1\n";
  const LoadReport report = test::load_files(test::small_config_with("policies/a.yaml", many));
  ASSERT_EQ(report.faults.size(), FaultSink::kMaxFaults + 1);
  EXPECT_EQ(report.faults.back().code, &codes::kSettingsMoreFaults);
  EXPECT_EQ(report.faults.back().param.en, "500");
}

TEST(Loader, ARouteMayNameOnlyWhatExists) {
  std::vector<ConfigFile> files = test::small_config_with("partners/city-a.yaml", kPartner);
  files.push_back({"services/a.b.yaml", "title_zh: 名\ntitle_en: name\nversion: 1\nschema: a.b@1\n"});
  files.push_back({"services/a.b@1.json", "{}"});
  files.push_back({"policies/p.yaml", "title_zh: 名称\nrules: [{kind: name, subject: officer, treatment: drop}]\n"});
  files.push_back({"mappings/city-a/out.map", "…"});
  files.push_back({"routes/r.yaml",
                   "service: a.b\nrecipients:\n  - {partner: city-a, service: a.b, mapping: city-a/out, policy: p, "
                   "purpose: 用途, legal_basis: 依据}\n"});
  const Settings settings = loaded(files);
  const Setting& recipient = settings.find("route", "r")->list("recipients")[0];
  EXPECT_EQ(recipient.integer("priority"), 0);
  EXPECT_FALSE(recipient.boolean("onward"));
  EXPECT_EQ(recipient.duration_ms("deadline"), 259'200'000);
  EXPECT_NE(settings.image().find("mappings/city-a/out.map"), nullptr);
}

TEST(Loader, VisitsEveryValueWithItsPath) {
  const Settings settings = loaded(test::small_config_with("partners/city-a.yaml", kPartner));
  std::set<std::string> paths;
  settings.for_each([&](const std::string& path, const Setting&) { paths.insert(path); });
  for (const char* path : {"", "listeners[0].tls.key", "audit.key", "outbound.headers.x-system", "inbound.networks[1]"})
    EXPECT_TRUE(paths.contains(path)) << path;
}

TEST(Faults, HaveAFormForPrograms) {
  const LoadReport report = test::load_files(test::small_config_with("policies/a.yaml", "title_zh: 名称\nrulse: []\n"));
  const std::string json = faults_to_json(report.faults);
  EXPECT_THAT(json, HasSubstr(R"({"file":"policies/a.yaml","line":2,"column":1,"grade":"error",)"
                              R"("code":"settings.unknown-key","path":"rulse",)"
                              R"("message_en":"This file has no such field.","message_zh":"本文件中没有此字段。",)"
                              R"("nearest":"rules"})"));
  EXPECT_EQ(faults_to_json({}), "[]");
}

TEST(Faults, PlaceTheCaretUnderWideCharacters) {
  SettingsFault fault{.code = &codes::kSettingsTab, .file = "a.yaml", .position = {3, 4}, .source = "中a：b"};
  std::ostringstream out;
  print_faults(out, {fault}, Lang::kEnglish);
  EXPECT_EQ(out.str(), "a.yaml:3:4: error[settings.tab]: A tab stands here.\n  3 | 中a：b\n    |      ^\n");
}

TEST(FieldLists, HaveNoDefects) { EXPECT_THAT(defects_of(all_specs()), IsEmpty()); }

TEST(FieldLists, NameTheirDefects) {
  static constexpr FieldSpec kFields[] = {
      {.name = "Upper", .type = SettingType::kText, .en = "x", .zh = "x"},
      {.name = "a", .type = SettingType::kInteger, .en = "x", .zh = "x"},
      {.name = "a", .type = SettingType::kEnum, .en = "x", .zh = ""},
      {.name = "b",
       .type = SettingType::kDuration,
       .en = "x",
       .zh = "x",
       .default_text = "1h",
       .required = true,
       .max = 5},
      {.name = "c", .type = SettingType::kList, .en = "x", .zh = "x"},
      {.name = "d", .type = SettingType::kObject, .en = "x", .zh = "x", .variant_kind = "connector", .selector = "e"},
      {.name = "f", .type = SettingType::kText, .en = "x", .zh = "x", .pattern = "["},
  };
  static constexpr PluginSpec kSpec{.kind = "k", .en = "x", .zh = "x", .fields = kFields};
  static constexpr const PluginSpec* kSpecs[] = {&kSpec};
  EXPECT_THAT(
      defects_of(kSpecs),
      ElementsAre("k.Upper is not snake_case", "k.a has no range", "k.a is declared twice",
                  "k.a has no help in both languages", "k.a is an enum without words",
                  "k.b is required and has a default", "k.b refuses its own default",
                  "k.c needs an item if, and only if, it is a list or a map", "k.d is an object without fields",
                  "k.d has variants but no required enum that selects one",
                  "k.f has a pattern that is no regular expression", "k.f does not put its pattern into words"));
}

TEST(FieldLists, MayAskForExactlyOneOfSeveralMembers) {
  static constexpr std::string_view kOneOf[] = {"partner", "origin"};
  static constexpr FieldSpec kMembers[] = {
      {.name = "partner", .type = SettingType::kText, .en = "x", .zh = "x"},
      {.name = "origin", .type = SettingType::kBoolean, .en = "x", .zh = "x"},
  };
  static constexpr FieldSpec kFields[] = {
      {.name = "to", .type = SettingType::kObject, .en = "x", .zh = "x", .fields = kMembers, .exactly_one = kOneOf}};
  static constexpr PluginSpec kSpec{
      .kind = "k", .en = "x", .zh = "x", .place = SpecPlace::kFile, .where = "k.yaml", .fields = kFields};
  static constexpr const PluginSpec* kSpecs[] = {&kSpec};
  const std::pair<const char*, bool> cases[] = {{"to: {partner: a}", true},
                                                {"to: {origin: true}", true},
                                                {"to: {}", false},
                                                {"to: {partner: a, origin: false}", false},
                                                {"", true}};
  for (const auto& [text, good] : cases) {
    const LoadReport report = load_settings(ConfigImage("/", {{"k.yaml", text}}), kSpecs, test::test_hash);
    EXPECT_EQ(report.settings.has_value(), good) << text;
    if (good) continue;
    EXPECT_THAT(test::brief(report.faults), ElementsAre("k.yaml:1:5 settings.exactly-one to")) << text;
    EXPECT_EQ(report.faults[0].param.en, "partner | origin");
  }
}

TEST(SettingsCodes, AreStableWordsInBothLanguages) {
  std::set<std::string_view> ids;
  for (const ErrorCode* code : codes::settings_codes()) {
    EXPECT_TRUE(ids.insert(code->id).second) << code->id;
    EXPECT_TRUE(code->id.starts_with("settings.") || code->id.starts_with("secret.")) << code->id;
    EXPECT_FALSE(code->en.empty() || code->zh.empty()) << code->id;
    EXPECT_EQ(code->en.find("{}") == std::string_view::npos, code->zh.find("{}") == std::string_view::npos) << code->id;
  }
}

using SettingDeathTest = testing::Test;
TEST(SettingDeathTest, AskingForWhatIsNotDeclaredIsADefect) {
  const Settings settings = loaded(test::small_config());
  EXPECT_DEATH(static_cast<void>(settings.single("gateway").text("no_such")), "no field \"no_such\"");
  EXPECT_DEATH(static_cast<void>(settings.single("gateway").text("io_threads")), "no text is declared");
  EXPECT_DEATH(static_cast<void>(settings.single("gateway").integer("suite")), "another type is declared");
  EXPECT_DEATH(static_cast<void>(settings.single("partner")), "no single object");
  EXPECT_DEATH(static_cast<void>(settings.all("nothing")), "no field list has the kind");
}

}  // namespace
}  // namespace tongqu
