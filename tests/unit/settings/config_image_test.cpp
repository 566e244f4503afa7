#include "gateway/settings/config_image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/all_connectors.hpp"
#include "tests/unit/settings/settings_support.hpp"

namespace tongqu {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> paths_of(const ConfigImage& image) {
  std::vector<std::string> paths;
  for (const ConfigFile& file : image.files()) paths.push_back(file.path);
  return paths;
}

ConfigImage read(const fs::path& folder, const ConfigLimits& limits = {}) {
  FaultSink sink;
  ConfigImage image = ConfigImage::read(folder, limits, sink);
  EXPECT_THAT(test::brief(sink.take()), IsEmpty());
  return image;
}

std::vector<std::string> faults_of(const fs::path& folder, const ConfigLimits& limits = {}) {
  FaultSink sink;
  static_cast<void>(ConfigImage::read(folder, limits, sink));
  return test::brief(sink.take());
}

TEST(ConfigImage, ReadsWhatCountsAndLeavesOutTheRest) {
  const fs::path folder = test::on_disk({{"gateway.yaml", "a: 1"},
                                         {"mappings/x/in.map", "…"},
                                         {"tables/t.csv", ""},
                                         {"partners/p.json", "{}"},
                                         {"secrets/key", "canary"},
                                         {"cases/a/in.json", "{}"},
                                         {".git/config", ""},
                                         {"partners/.p.yaml.swp", ""},
                                         {"partners/p.yaml~", ""},
                                         {"units/cases/u.csv", ""}});
  fs::create_symlink(folder / "partners/p.json", folder / "partners/q.json");
  fs::create_directory_symlink(folder / "mappings", folder / "more");
  const ConfigImage image = read(folder);
  EXPECT_THAT(paths_of(image), ElementsAre("gateway.yaml", "mappings/x/in.map", "partners/p.json", "partners/q.json",
                                           "tables/t.csv", "units/cases/u.csv"));
  ASSERT_NE(image.find("partners/q.json"), nullptr);
  EXPECT_EQ(image.find("partners/q.json")->bytes, "{}");
  EXPECT_EQ(image.find("partners"), nullptr);
  EXPECT_EQ(image.find(""), nullptr);
}

TEST(ConfigImage, DigestSeesEveryChangeOfWhatCountsAndNothingElse) {
  const std::vector<ConfigFile> files{{"a.yaml", "a: 1"}, {"b/c.map", "x"}, {"b/d.csv", ""}};
  const fs::path folder = test::on_disk(files);
  const ConfigId before = read(folder).digest(test::test_hash);
  EXPECT_EQ(ConfigImage("/elsewhere", {files[2], files[0], files[1]}).digest(test::test_hash), before);
  const std::vector<std::vector<ConfigFile>> others{{{"a.yaml", "a: 2"}, files[1], files[2]},
                                                    {{"A.yaml", "a: 1"}, files[1], files[2]},
                                                    {files[0], files[1]},
                                                    {files[0], {"b/c.map", ""}, {"b/d.csv", "x"}},
                                                    {files[0], {"b/c", "x"}, files[2]},
                                                    {files[0], files[1], files[2], {"e", ""}}};
  for (const auto& other : others) EXPECT_NE(ConfigImage("/", other).digest(test::test_hash), before);
  const fs::path same =
      test::on_disk({{"secrets/k", "canary"}, {"cases/c", ""}, {".x", ""}, files[0], files[1], files[2]});
  EXPECT_EQ(read(same).digest(test::test_hash), before);
}

TEST(ConfigImage, DigestHasTheFormOfTheFormatsPage) {
  const ConfigImage image("/", {{"b/c.map", "x\n"}, {"a.yaml", "a: 1\n"}});
  const auto shown = [](std::string_view bytes) { return "<" + std::string(bytes) + ">"; };
  EXPECT_EQ(image.digest(shown).str(), "<tongqu-config 1\n<a: 1\n> 5 a.yaml\n<x\n> 2 b/c.map\n>");
}

TEST(ConfigImage, LimitsHoldAtBothSides) {
  const fs::path folder = test::on_disk({{"a.yaml", "12345"}, {"b.map", "1234567"}});
  ConfigLimits limits{.max_files = 2, .max_yaml_bytes = 5, .max_total_bytes = 12, .max_folder_depth = 8};
  EXPECT_THAT(faults_of(folder, limits), IsEmpty());
  limits.max_files = 1;
  EXPECT_THAT(faults_of(folder, limits), ElementsAre(":0:0 settings.too-many-files"));
  limits.max_files = 2;
  limits.max_yaml_bytes = 4;
  EXPECT_THAT(faults_of(folder, limits), ElementsAre("a.yaml:0:0 settings.file-too-large"));
  limits.max_yaml_bytes = 5;
  limits.max_total_bytes = 11;
  EXPECT_THAT(faults_of(folder, limits), ElementsAre(":0:0 settings.total-too-large"));
}

TEST(ConfigImage, NamesWhatCannotBeRead) {
  EXPECT_THAT(faults_of("/nowhere/at/all"), ElementsAre(":0:0 settings.unreadable"));
  const fs::path folder = test::on_disk({{"a/b/c/x.map", ""}});
  fs::create_symlink(folder / "absent", folder / "dangling.yaml");
  ConfigLimits limits;
  limits.max_folder_depth = 2;
  EXPECT_THAT(faults_of(folder, limits),
              ElementsAre("a/b/c:0:0 settings.unreadable", "dangling.yaml:0:0 settings.unreadable"));
  const LoadReport report = load_settings(folder, all_specs(), test::test_hash);
  EXPECT_TRUE(report.id.empty());
  EXPECT_FALSE(report.settings.has_value());
}

}  // namespace
}  // namespace tongqu
