#include "security/audit/commitments.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/audit/audit_fixture.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

const Bytes kKey(32, 'k');

RecordCommitment commit(SuiteId id, std::string_view json, std::string_view key = kKey) {
  const auto document = decode_json(json);
  return document.has_value() ? commit_fields(document->root(), *test::suite(id), key) : RecordCommitment{};
}
std::vector<std::string> paths_of(const RecordCommitment& made) {
  std::vector<std::string> paths;
  for (const FieldCommitment& field : made.fields) paths.push_back(field.path);
  return paths;
}

TEST(Commitments, FollowTheFormat) {
  using namespace std::string_view_literals;
  for (const SuiteId id : test::kSuites) {
    const auto s = test::suite(id);
    const RecordCommitment made = commit(id, R"({"target":{"name":"某店"},"amount":12})");
    ASSERT_EQ(made.fields.size(), 2U);
    const FieldCommitment& name = made.fields[1];
    EXPECT_EQ(name.path, "target.name");
    EXPECT_EQ(name.salt, as_text(s->hmac(kKey, {"field\0target.name"sv})).substr(0, 16));
    EXPECT_EQ(name.hash, s->hash({"\2"sv, name.salt, "target.name\0某店"sv}));
    EXPECT_EQ(made.root, s->hash({"\1"sv, as_text(made.fields[0].hash), as_text(made.fields[1].hash)}));
  }
}

TEST(Commitments, PathsAreSortedAndDistinct) {
  const RecordCommitment made = commit(SuiteId::kGm, R"({"b":[{"x":1},{"x":2},"t"],"a":{"b":true,"B":"","n":null},
      "a.b":"dotted","c":{"[0]":1,"":2,"q\"\\":3,"\u0000":4},"e":{},"f":[],"数":5})");
  const std::vector<std::string> expected{"[\"a.b\"]", "a.B",        "a.b",     "b[0].x",         "b[1].x",
                                          "b[2]",      "c[\"[0]\"]", "c[\"\"]", "c[\"\\u0000\"]", "c[\"q\\\"\\\\\"]",
                                          "数"};
  std::vector<std::string> sorted = expected;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(paths_of(made), sorted);
  EXPECT_EQ(std::set<std::string>(sorted.begin(), sorted.end()).size(), sorted.size());
}

TEST(Commitments, OrderOfMembersDoesNotMatter) {
  EXPECT_EQ(commit(SuiteId::kGm, R"({"a":1,"b":2})").root, commit(SuiteId::kGm, R"({"b":2,"a":1})").root);
}

TEST(Commitments, EveryChangeShows) {
  const Digest32 root = commit(SuiteId::kGm, R"({"a":"1","b":"2"})").root;
  for (const std::string_view json : {R"({"a":"2","b":"2"})", R"({"a":"1"})", R"({"a":"1","b":"2","c":""})",
                                      R"({"a":"1","c":"2"})", R"({"a":"2","b":"1"})", R"({})"})
    EXPECT_NE(commit(SuiteId::kGm, json).root, root) << json;
  EXPECT_NE(commit(SuiteId::kGm, R"({"a":"1","b":"2"})", Bytes(32, 'x')).root, root) << "salts come from the key";
  EXPECT_NE(commit(SuiteId::kIntl, R"({"a":"1","b":"2"})").root, root);
}

TEST(Commitments, EmptyRecordHasTheEmptyRoot) {
  for (const std::string_view json : {"{}", "null", R"({"a":null,"b":[],"c":{}})"}) {
    const RecordCommitment made = commit(SuiteId::kGm, json);
    EXPECT_TRUE(made.fields.empty());
    EXPECT_EQ(made.root, merkle::empty_root(*test::suite(SuiteId::kGm)));
  }
}

TEST(Commitments, BodyDigestDependsOnTheKey) {
  for (const SuiteId id : test::kSuites) {
    const auto s = test::suite(id);
    const Digest32 digest = body_digest(*s, kKey, "body");
    EXPECT_EQ(digest, s->hash({as_text(s->hmac(kKey, {"body-salt"})).substr(0, 16), "body"}));
    EXPECT_NE(digest, body_digest(*s, Bytes(32, 'x'), "body"));
    EXPECT_NE(digest, body_digest(*s, kKey, "bodz"));
  }
}

}  // namespace
}  // namespace tongqu
