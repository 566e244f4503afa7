// Which label may hold which.
#include "security/proof/label_order.hpp"

#include <gtest/gtest.h>

#include "checker/fields.hpp"

namespace tongqu {
namespace {

MaybeLabel label(const std::string& text) {
  if (text == "secret") return std::nullopt;
  const auto slash = text.find('/');
  return Label{text.substr(0, slash), slash == std::string::npos ? "" : text.substr(slash + 1)};
}

struct Case {
  const char* holder;
  const char* value;
  bool covers;
};
constexpr Case kCases[] = {
    {"none", "none", true},
    {"none", "phone/complainant", false},
    {"none", "secret", false},
    {"secret", "none", true},
    {"secret", "phone/informant", true},
    {"secret", "secret", true},
    {"phone/complainant", "none", true},
    {"phone/complainant", "phone/complainant", true},
    {"phone/complainant", "secret", false},
    {"phone/complainant", "phone/officer", false},
    {"phone/complainant", "phone/informant", false},
    {"phone/informant", "phone/complainant", true},
    {"phone/informant", "phone/officer", true},
    {"phone/informant", "secret", false},
    {"phone/informant", "name/informant", false},
    {"name/complainant", "phone/complainant", false},
    {"free-text/complainant", "phone/complainant", false},
};

TEST(LabelOrder, BothCheckersHaveTheSame) {
  for (const Case& c : kCases) {
    EXPECT_EQ(covers(label(c.holder), label(c.value)), c.covers) << c.holder << " ← " << c.value;
    EXPECT_EQ(checker::may_hold(checker::LabelText(c.holder), checker::LabelText(c.value)), c.covers)
        << c.holder << " ← " << c.value;
  }
}

FieldNode leaf(const char* text) {
  FieldNode field;
  field.name = text;
  field.label = label(text);
  return field;
}

TEST(LabelOrder, AContainerIsAsProtectedAsItsLeastProtectedField) {
  struct Shaped {
    std::vector<const char*> leaves;
    const char* shape;
  };
  const Shaped all[] = {{{"phone/complainant"}, "phone/complainant"},
                        {{"phone/informant", "phone/complainant"}, "phone/complainant"},
                        {{"phone/complainant", "none"}, "none"},
                        {{"secret", "phone/complainant"}, "phone/complainant"},
                        {{"secret"}, "secret"},
                        {{"phone/complainant", "name/complainant"}, "phone/complainant+name/complainant"}};
  for (const Shaped& one : all) {
    FieldNode object;
    for (const char* text : one.leaves) object.members.push_back(leaf(text));
    EXPECT_EQ(text_of(shape_of(object)), one.shape);
  }
}

}  // namespace
}  // namespace tongqu
