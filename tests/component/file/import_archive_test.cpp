// Archives whose files are messages, each of the service that its name says.
#include "connectors/file/archive.hpp"
#include "tests/component/file/import_fixture.hpp"

namespace tongqu::file {
namespace {

using namespace imports;  // NOLINT(google-build-using-namespace): its own fixture

struct BulkPlace : Place {
  BulkPlace() {
    options.content = Content::kMessage;
    options.content_type = "application/xml";
    options.zip = true;
    options.zip_pattern = "*.csv";
    options.max_message_bytes = 60;
    options.dated_by = DatedBy::kName;
    options.members = {{"*.xml|*.XML", ServiceId("ip.bulk"), "application/xml", false},
                       {"*.json", ServiceId("other"), "application/json", false},
                       {"*.tif", ServiceId("ip.bulk"), "application/xml", true}};
  }
  void drop(const std::vector<ZipEntry>& entries) const { put(root / "in/a.csv", *make_zip(entries, 0)); }
};

std::vector<std::string> documents(int count) {
  std::vector<std::string> all;
  all.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) all.push_back("<a>" + std::to_string(i) + "</a>");
  return all;
}

TEST(Import, EachFileOfAnArchiveIsAMessageOfTheServiceThatItsNameSays) {
  BulkPlace place;
  place.drop(
      {{"x/1.xml", "<a/>"}, {"x/1.tif", "picture"}, {"y/2.XML", "<b/>"}, {"y/1.tif", "picture"}, {"3.json", "{}"}});
  FakeIntake intake;
  ASSERT_TRUE(place.go(intake).has_value());
  EXPECT_EQ(intake.bodies, (std::vector<std::string>{"<a/>", "<b/>", "{}"}));
  EXPECT_EQ(intake.last.service.str(), "other");
  EXPECT_EQ(intake.last.content_type, "application/json");
  EXPECT_EQ(intake.last.file, "a.csv/3.json");
  EXPECT_TRUE(has(place.result(), "rows,3\r\nimported,3\r\n")) << place.result();
}

TEST(Import, AMessageThatIsTurnedBackDoesNotStopTheOthersOfItsArchive) {
  BulkPlace place;
  place.drop({{"1.xml", "<a/>"},
              {"x/poison.xml", "<a>\n  REFUSE</a>"},
              {"what.bin", "?"},
              {"large.xml", std::string(61, 'x')},
              {"5.xml", "<e/>"}});
  FakeIntake intake;
  ASSERT_TRUE(place.go(intake).has_value());
  EXPECT_EQ(intake.bodies, (std::vector<std::string>{"<a/>", "<e/>"}));
  EXPECT_TRUE(has(place.result(), "rows,5\r\nimported,2\r\nheld,0\r\nduplicate,0\r\nrefused,3\r\n")) << place.result();
  const std::string errors = read_file(place.root / "reports/a.csv.errors.csv");
  EXPECT_TRUE(has(errors, "line,column,field,code,text,member\r\n")) << errors;
  EXPECT_TRUE(has(errors, "\r\n2,3,field,file.empty,文件没有表头。,x/poison.xml\r\n")) << errors;
  EXPECT_TRUE(has(errors, "\r\n1,,,file.member,")) << errors;
  EXPECT_TRUE(has(errors, ",what.bin\r\n1,,,file.too-large,")) << errors;
  EXPECT_TRUE(fs::exists(place.root / "archive" / place.day() / "a.csv"));
}

TEST(Import, AFileThatIsNoArchiveIsOneMessageBesideThem) {
  BulkPlace place;
  place.options.zip_pattern = "*.zip";
  place.options.members.front().pattern = "a.csv";
  put(place.root / "in/a.csv", "<a/>");
  FakeIntake intake;
  ASSERT_TRUE(place.go(intake).has_value());
  EXPECT_EQ(intake.bodies, std::vector<std::string>{"<a/>"});
  EXPECT_EQ(intake.last.file, "a.csv");
}

// Nine messages and one that is turned back.
void drop_ten(BulkPlace& place) {
  place.options.unpack.max_entries = 11;
  const auto texts = documents(9);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < texts.size(); ++i) names.push_back("CN" + std::to_string(i) + ".xml");
  std::vector<ZipEntry> entries{{"poison.xml", "REFUSE"}, {"1.tif", "picture"}};
  for (std::size_t i = 0; i < texts.size(); ++i) entries.push_back({names[i], texts[i]});
  place.drop(entries);
}

void expect_ten(const BulkPlace& place, const FakeIntake& intake, const std::string& what) {
  ASSERT_EQ(intake.distinct(), 9U) << what;
  ASSERT_TRUE(has(place.result(), "rows,10\r\nimported,9\r\nheld,0\r\nduplicate,0\r\nrefused,1\r\n"))
      << what << place.result();
  const std::string errors = read_file(place.root / "reports/a.csv.errors.csv");
  ASSERT_EQ(std::count(errors.begin(), errors.end(), '\n'), 2) << what << errors;
  ASSERT_TRUE(fs::exists(place.root / "archive" / place.day() / "a.csv")) << what;
}

TEST(Import, AnArchiveOfMessagesGoesOnAfterAFailureOfAnyStep) {
  EXPECT_GT(fail_each_step<BulkPlace>(drop_ten, expect_ten), 80U);
}

TEST(Import, AnArchiveOfMessagesGoesOnAfterAKillBetweenAnyTwoSteps) {
  EXPECT_GT(kill_at_each_step<BulkPlace>(drop_ten, expect_ten, 9), 80U);
}

}  // namespace
}  // namespace tongqu::file
