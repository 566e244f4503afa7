// What people write in many ways is one value, and what is hashed of it tells nothing.
#include "security/privacy/person_hash.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "security/crypto/suites.hpp"
#include "security/privacy/person_form.hpp"

namespace tongqu {
namespace {

struct FormCase {
  const char* kind;
  std::string value;
  std::string expected;  // empty: person.value
};

TEST(PersonForm, OneSpellingForMany) {
  const std::vector<FormCase> cases{
      {"phone", "18049531999", "18049531999"},
      {"phone", "180 4953 1999", "18049531999"},
      {"phone", "180-4953-1999", "18049531999"},
      {"phone", "１８０４９５３１９９９", "18049531999"},
      {"phone", "+8618049531999", "18049531999"},
      {"phone", "＋８６ 180-4953-1999", "18049531999"},
      {"phone", "008618049531999", "18049531999"},
      {"phone", "8618049531999", "18049531999"},
      {"phone", "(86)18049531999", "18049531999"},
      {"phone", "018049531999", "18049531999"},
      {"phone", "\u200B18049531999", "18049531999"},
      {"phone", "0915-7518479", "09157518479"},
      {"phone", "（0915）7518479", "09157518479"},
      {"phone", "+86 915 7518479", "09157518479"},
      {"phone", "+86 (0)915 7518479", "09157518479"},
      {"phone", "010-65000000转8801", "01065000000"},
      {"phone", "010-65000000 ext. 8801", "01065000000"},
      {"phone", "86123456", "86123456"},  // a landline that begins so
      {"phone", "无", ""},
      {"phone", "见备注13", ""},
      {"phone", "1234", ""},
      {"phone", std::string(21, '1'), ""},
      {"phone", "", ""},
      {"id", "51343620000320711X", "51343620000320711X"},
      {"id", "51343620000320711x", "51343620000320711X"},
      {"id", "５１３４３６２００００３２０７１１Ｘ", "51343620000320711X"},
      {"id", "513436 20000320 711x", "51343620000320711X"},
      {"id", "610104620927690", "610104196209276908"},
      {"id", "610104-620927-690", "610104196209276908"},
      {"id", "51343620000320711", "51343620000320711"},  // mistyped: as it is
      {"id", "e12345678", "E12345678"},
      {"id", "H1234567890", "H1234567890"},
      {"id", "身份证不详", ""},
      {"id", "123", ""},
      {"id", std::string(31, '1'), ""},
      {"name", "段正淳", "段正淳"},
      {"name", " 段 正\u3000淳 ", "段正淳"},
      {"name", "买买提·吐尔逊", "买买提吐尔逊"},
      {"name", "买买提•吐尔逊", "买买提吐尔逊"},
      {"name", "买买提・吐尔逊", "买买提吐尔逊"},
      {"name", "买买提．吐尔逊", "买买提吐尔逊"},
      {"name", "买买提‧吐尔逊", "买买提吐尔逊"},
      {"name", "John SMITH", "johnsmith"},
      {"name", "ＪＯＨＮ Smith", "johnsmith"},
      {"name", "𠮷田太郎", "𠮷田太郎"},
      {"name", "王", ""},
      {"name", "***", ""},
      {"address", "海淀区马连洼街道289号", "海淀区马连洼街道289号"},
      {"address", "海淀区 马连洼街道２８９号。", "海淀区马连洼街道289号"},
      {"address", "海淀区马连洼街道289号（Ａ座）", "海淀区马连洼街道289号a座"},
      {"address", "海淀", ""},
      {"name", "\xff\xfe", ""},
      {"name", std::string(kMaxPersonValueBytes + 1, 'a'), ""},
  };
  for (const FormCase& one : cases) {
    const auto form = person_form(one.kind, one.value);
    if (one.expected.empty()) {
      ASSERT_TRUE(form.has_error()) << one.kind << ' ' << one.value;
      EXPECT_EQ(form.error().code->id, std::string("person.value"));
      EXPECT_EQ(form.error().param, one.kind) << "an error carries no value";
    } else {
      ASSERT_TRUE(form.has_value()) << one.kind << ' ' << one.value;
      EXPECT_EQ(*form, one.expected) << one.kind << ' ' << one.value;
    }
  }
  EXPECT_EQ(person_form("plate", "苏D40000").error().code->id, std::string("person.kind"));
}

class PersonHash : public testing::TestWithParam<SuiteId> {
 protected:
  std::unique_ptr<Suite> suite = *make_suite(GetParam());
  Bytes secret = Bytes(32, 'k');
  static std::set<Bytes> hashes(const std::vector<PersonMark>& marks) {
    std::set<Bytes> out;
    for (const PersonMark& mark : marks) out.insert(mark.hash);
    return out;
  }
};

TEST_P(PersonHash, IsTheHmacThatTheFormatSays) {
  const PersonHasher hasher(*suite, {{1, secret}});
  const auto marks = hasher.marks_of("phone", "+86 180 4953 1999");
  ASSERT_TRUE(marks.has_value());
  ASSERT_EQ(marks->size(), 1U);
  const Digest32 expected = suite->hmac(secret, {std::string_view("tongqu-person 1\0phone\0", 22), "18049531999"});
  EXPECT_EQ(marks->front().hash, Bytes(as_text(expected).substr(0, 16)));
  EXPECT_EQ(marks->front().key_version, 1);
  EXPECT_EQ(to_hex(marks->front().hash),
            GetParam() == SuiteId::kGm ? "cfb1ca6e7d06e26eafede12fe990455b" : "d4f16423ac65e6d90d61edba7e432106");
}

TEST_P(PersonHash, EqualTextOfTwoKindsOrUnderTwoKeysIsUnrelated) {
  const PersonHasher one(*suite, {{1, secret}});
  const PersonHasher both(*suite, {{1, secret}, {2, Bytes(32, 'l')}});
  const auto phone = one.marks_of("phone", "18049531999");
  const auto id = one.marks_of("id", "18049531999");
  EXPECT_NE(phone->front().hash, id->front().hash);
  const auto asked = both.marks_of("phone", "18049531999");
  ASSERT_EQ(asked->size(), 2U) << "older records are found after the key changed";
  EXPECT_EQ(asked->front(), phone->front());
  EXPECT_NE(asked->back().hash, phone->front().hash);
}

FieldNode field(const std::string& name, const std::string& kind, const std::string& subject) {
  FieldNode out;
  out.name = name;
  out.type = FieldType::kText;
  out.label = Label{kind, subject};
  return out;
}

TEST_P(PersonHash, EveryLabelledValueOfARecordHasOneMark) {
  FieldNode fields;
  fields.type = FieldType::kObject;
  fields.members = {field("phone", "phone", "complainant"),   field("again", "phone", "complainant"),
                    field("reporter", "phone", "informant"),  field("id", "id", "complainant"),
                    field("place", "place", "complainant"),   field("company", "name", ""),
                    field("unreadable", "id", "complainant"), field("boss", "name", "respondent")};
  FieldNode agents;
  agents.name = "agents";
  agents.type = FieldType::kList;
  agents.element = {field("", "name", "agent")};
  fields.members.push_back(agents);
  Document record;
  record.set_root(record.make(Kind::kObject));
  record.add_text(record.root(), "phone", "18049531999、0915-7518479");
  record.add_text(record.root(), "again", "180 4953 1999");
  record.add_text(record.root(), "reporter", "18049531999");
  record.add_text(record.root(), "id", "51343620000320711x");
  record.add_text(record.root(), "place", "某处某处某处");
  record.add_text(record.root(), "company", "某某火锅店");
  record.add_text(record.root(), "unreadable", "不详");
  record.add_text(record.root(), "boss", "李四");
  record.add_text(record.root(), "unknown", "18049531998");
  Node* list = record.add_list(record.root(), "agents");
  record.append(*list, record.make(Kind::kText, "刘芳"));
  record.append(*list, record.make(Kind::kText, "张 三"));

  const PersonHasher hasher(*suite, {{1, Bytes(32, 'o')}, {7, secret}});
  const auto marks = hasher.marks(record.root(), fields);
  std::vector<std::string> seen;
  for (const PersonMark& mark : marks) {
    EXPECT_EQ(mark.key_version, 7);
    EXPECT_EQ(mark.hash.size(), PersonHasher::kHashBytes);
    seen.push_back(mark.kind + ' ' + mark.role);
  }
  EXPECT_THAT(seen, testing::UnorderedElementsAre("phone complainant", "phone complainant", "phone informant",
                                                  "id complainant", "name agent", "name agent"))
      << "names and addresses of parties are marked, those of others are not";
  EXPECT_EQ(marks.front().hash, hasher.marks_of("phone", "１８０４９５３１９９９")->back().hash);
  EXPECT_EQ(hashes(marks).size(), 5U) << "the same number in two roles is one hash, found apart by its role";
}

TEST_P(PersonHash, EveryMarkHasThoseOfOneValueTogether) {
  FieldNode fields;
  fields.type = FieldType::kObject;
  fields.members = {field("phone", "phone", "complainant"), field("home", "address", "complainant")};
  Document record;
  record.set_root(record.make(Kind::kObject));
  record.add_text(record.root(), "phone", "18049531999、0915-7518479");
  record.add_text(record.root(), "home", "海淀区马连洼街道289号");
  const PersonHasher hasher(*suite, {{1, Bytes(32, 'o')}, {7, secret}});
  std::vector<std::string> seen;
  for (const PersonMark& mark : hasher.every_mark(record.root(), fields))
    seen.push_back(mark.kind + ' ' + std::to_string(mark.key_version));
  EXPECT_THAT(seen, testing::ElementsAre("phone 1", "phone 7", "phone 1", "phone 7", "address 1", "address 7"));
  EXPECT_EQ(hasher.every_mark(record.root(), fields)[1], hasher.marks(record.root(), fields).front());
}

INSTANTIATE_TEST_SUITE_P(Suites, PersonHash, testing::Values(SuiteId::kGm, SuiteId::kIntl),
                         [](const auto& info) { return info.param == SuiteId::kGm ? "gm" : "intl"; });

}  // namespace
}  // namespace tongqu
