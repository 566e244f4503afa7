#include "transforms/identifiers/identifiers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "transforms/identifiers/identifiers_codes.hpp"

namespace tongqu {
namespace {

class FakeDivisions final : public DivisionSet {
 public:
  [[nodiscard]] Standing standing(std::string_view code) const override {
    if (code == "110105" || code == "440524" || code == "350100" || code == "310000") return Standing::kCurrent;
    return code == "610104" || code == "110103" ? Standing::kRetired : Standing::kUnknown;
  }
};

struct UsccCase {
  const char* value;
  IdResult result;
  IdResult mended;
  unsigned slips;
  const char* text;
};

TEST(Uscc, TellsOfTheValueAsItCameAndOfTheMendedOne) {
  const std::vector<UsccCase> cases{
      {"91350100M000100Y43", IdResult::kValid, IdResult::kValid, kNoSlip, "91350100M000100Y43"},
      {"91340000711771143J", IdResult::kValid, IdResult::kValid, kNoSlip, "91340000711771143J"},
      {"91440115618712245T", IdResult::kValid, IdResult::kValid, kNoSlip, "91440115618712245T"},
      {"91110108MA00478Q15", IdResult::kValid, IdResult::kValid, kNoSlip, "91110108MA00478Q15"},
      {"91350100M000100Y44", IdResult::kBadCheckDigit, IdResult::kBadCheckDigit, kNoSlip, "91350100M000100Y44"},
      {"91350211M00013FA1N", IdResult::kBadCheckDigit, IdResult::kBadCheckDigit, kNoSlip, "91350211M00013FA1N"},
      {"91350100m000100y43", IdResult::kBadForm, IdResult::kValid, kLowerCase, "91350100M000100Y43"},
      {"９１350100M000100Y43", IdResult::kBadForm, IdResult::kValid, kFullWidth, "91350100M000100Y43"},
      {"9135O1OOM000100Y43", IdResult::kBadForm, IdResult::kValid, kLetterO, "91350100M000100Y43"},
      {"9I350100M000l00Y43", IdResult::kBadForm, IdResult::kValid, kLetterI, "91350100M000100Y43"},
      {" 91350100 M000100Y-43\t", IdResult::kBadForm, IdResult::kValid, kSeparators, "91350100M000100Y43"},
      {"91350100M000100Y4", IdResult::kBadForm, IdResult::kBadForm, kNoSlip, "91350100M000100Y4"},
      {"91350100S000100Y43", IdResult::kBadForm, IdResult::kBadForm, kNoSlip, "91350100S000100Y43"},
      {"9135A100M000100Y43", IdResult::kBadForm, IdResult::kBadForm, kNoSlip, "9135A100M000100Y43"},
      {"", IdResult::kBadForm, IdResult::kBadForm, kNoSlip, ""},
      {"某某公司", IdResult::kBadForm, IdResult::kBadForm, kNoSlip, ""},
      {"\xFF\xFE", IdResult::kBadForm, IdResult::kBadForm, kNoSlip, ""},
  };
  for (const UsccCase& c : cases) {
    const UsccCheck check = check_uscc(c.value);
    EXPECT_EQ(name_of(check.result), name_of(c.result)) << c.value;
    EXPECT_EQ(name_of(check.mended), name_of(c.mended)) << c.value;
    EXPECT_EQ(check.slips, c.slips) << c.value;
    EXPECT_EQ(check.text.view(), c.text) << c.value;
  }
}

TEST(Uscc, BadInnerOrganisationCodeIsFoundBehindAGoodCheckCharacter) {
  std::string code = "91350100M000100Y5";  // the inner check character is 4
  code.push_back(*uscc_check_character(code));
  EXPECT_EQ(check_uscc(code).result, IdResult::kBadInnerCode);
}

TEST(Uscc, DivisionIsLookedAtOnlyWhenASetIsGivenAndARetiredOneIsGood) {
  const FakeDivisions divisions;
  const auto code_in = [](const std::string& division) {
    std::string code = "91" + division + "M000100Y4";
    code.push_back(*uscc_check_character(code));
    return code;
  };
  EXPECT_EQ(check_uscc(code_in("350100"), &divisions).result, IdResult::kValid);
  EXPECT_EQ(check_uscc(code_in("110103"), &divisions).result, IdResult::kValid);
  EXPECT_EQ(check_uscc(code_in("999999"), &divisions).result, IdResult::kUnknownDivision);
  EXPECT_EQ(check_uscc(code_in("999999")).result, IdResult::kValid);
}

TEST(Uscc, SmallLMayStandForOneOrForALetter) {
  // A code whose ninth character is L, written small.
  std::string code = "91350100L0001000";
  code.push_back(*organisation_check_character(code.substr(8, 8)));
  code.push_back(*uscc_check_character(code));
  ASSERT_EQ(check_uscc(code).result, IdResult::kValid);
  std::string small = code;
  small[8] = 'l';
  const UsccCheck check = check_uscc(small);
  EXPECT_EQ(check.result, IdResult::kBadForm);
  EXPECT_EQ(check.mended, IdResult::kValid);
  EXPECT_EQ(check.text.view(), code);
}

TEST(Uscc, AnySingleWrongCharacterIsFound) {
  const std::string good = "91350100M000100Y43";
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char c : std::string_view("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
      if (c == good[at]) continue;
      std::string bad = good;
      bad[at] = c;
      EXPECT_NE(check_uscc(bad).result, IdResult::kValid) << bad;
    }
  }
}

TEST(OrganisationCode, FollowsTheStandardsExamples) {
  EXPECT_EQ(organisation_check_character("D2143569"), 'X');
  EXPECT_EQ(organisation_check_character("M000100Y"), '4');
  EXPECT_EQ(organisation_check_character("71177114"), '3');
  EXPECT_EQ(check_organisation_code("D2143569-X"), IdResult::kValid);
  EXPECT_EQ(check_organisation_code("D2143569X"), IdResult::kValid);
  EXPECT_EQ(check_organisation_code("D21435691"), IdResult::kBadCheckDigit);
  for (const char* bad : {"", "D214356", "D2143569Y", "d2143569X", "D2143569+X", "D2143569--X"}) {
    EXPECT_EQ(check_organisation_code(bad), IdResult::kBadForm) << bad;
  }
}

struct CitizenCase {
  const char* value;
  IdResult result;
  IdResult mended;
  CitizenIdKind kind;
  unsigned slips;
};

TEST(CitizenId, TellsFormDateCheckDigitAndDivisionApart) {
  const FakeDivisions divisions;
  using K = CitizenIdKind;
  using R = IdResult;
  const std::vector<CitizenCase> cases{
      {"11010519491231002X", R::kValid, R::kValid, K::kCitizen18, kNoSlip},
      {"11010519491231002x", R::kBadForm, R::kValid, K::kCitizen18, kLowerCase},
      {"110105 19491231 002X", R::kBadForm, R::kValid, K::kCitizen18, kSeparators},
      {"１１０１０５19491231002Ｘ", R::kBadForm, R::kValid, K::kCitizen18, kFullWidth},
      {"11O105194912310O2X", R::kBadForm, R::kValid, K::kCitizen18, kLetterO},
      {"440524188001010014", R::kValid, R::kValid, K::kCitizen18, kNoSlip},
      {"440524188001010024", R::kBadCheckDigit, R::kBadCheckDigit, K::kCitizen18, kNoSlip},
      {"11010519491331002X", R::kBadDate, R::kBadDate, K::kCitizen18, kNoSlip},
      {"110105190002290012", R::kBadDate, R::kBadDate, K::kCitizen18, kNoSlip},
      {"610104620927690", R::kValid, R::kValid, K::kCitizen15, kNoSlip},
      {"610104620231690", R::kBadDate, R::kBadDate, K::kCitizen15, kNoSlip},
      {"610104196209276908", R::kValid, R::kValid, K::kCitizen18, kNoSlip},
      {"810000199408230021", R::kValid, R::kValid, K::kResidencePermit, kNoSlip},
      {"830000199201300022", R::kValid, R::kValid, K::kResidencePermit, kNoSlip},
      {"ABC110105123456", R::kValid, R::kValid, K::kForeignerOld, kNoSlip},
      {"OIC110105123456", R::kValid, R::kValid, K::kForeignerOld, kNoSlip},
      {"1101051949123100", R::kBadForm, R::kBadForm, K::kNone, kNoSlip},
      {"", R::kBadForm, R::kBadForm, K::kNone, kNoSlip},
      {"11010519491231002Y", R::kBadForm, R::kBadForm, K::kNone, kNoSlip},
      {"身份证11010519491231002X", R::kBadForm, R::kBadForm, K::kNone, kNoSlip},
  };
  for (const CitizenCase& c : cases) {
    const CitizenIdCheck check = check_citizen_id(c.value, &divisions, 20260415);
    EXPECT_EQ(name_of(check.result), name_of(c.result)) << c.value;
    EXPECT_EQ(name_of(check.mended), name_of(c.mended)) << c.value;
    EXPECT_EQ(static_cast<int>(check.kind), static_cast<int>(c.kind)) << c.value;
    EXPECT_EQ(check.slips, c.slips) << c.value;
  }
}

TEST(CitizenId, BirthSexAndRetiredDivisionAreRead) {
  const FakeDivisions divisions;
  const CitizenIdCheck old = check_citizen_id("610104196209276908", &divisions);
  EXPECT_TRUE(old.retired_division);
  EXPECT_EQ(old.birth_yyyymmdd, 19620927);
  EXPECT_EQ(old.male, false);
  const CitizenIdCheck man = check_citizen_id("440524188001010014", &divisions);
  EXPECT_FALSE(man.retired_division);
  EXPECT_EQ(man.male, true);
  EXPECT_EQ(check_citizen_id("610104620927690").birth_yyyymmdd, 19620927);
}

TEST(CitizenId, UnknownDivisionAndFutureBirthAreFound) {
  const FakeDivisions divisions;
  std::string nowhere = "11111119990110151";
  nowhere.push_back(*citizen_id_check_character(nowhere));
  EXPECT_EQ(check_citizen_id(nowhere, &divisions).result, IdResult::kUnknownDivision);
  EXPECT_EQ(check_citizen_id(nowhere).result, IdResult::kValid);
  EXPECT_EQ(check_citizen_id("11010519491231002X", nullptr, 19491230).result, IdResult::kBadDate);
  EXPECT_EQ(check_citizen_id("11010519491231002X", nullptr, 19491231).result, IdResult::kValid);
  // A permit of a region that does not issue one, and a province that is none behind the 9 of a foreigner's card.
  EXPECT_EQ(check_citizen_id("810001199408230027").result, IdResult::kBadCheckDigit);
  std::string permit = "81000119940823002";
  permit.push_back(*citizen_id_check_character(permit));
  EXPECT_EQ(check_citizen_id(permit).result, IdResult::kUnknownDivision);
  EXPECT_EQ(check_citizen_id("990426199112010074", &divisions).result, IdResult::kUnknownDivision);
  std::string foreigner = "93184019900101123";
  foreigner.push_back(*citizen_id_check_character(foreigner));
  const CitizenIdCheck card = check_citizen_id(foreigner, &divisions);
  EXPECT_EQ(card.result, IdResult::kValid);
  EXPECT_EQ(card.kind, CitizenIdKind::kForeigner18);
}

TEST(CitizenId, FifteenDigitsBecomeEighteen) {
  const auto long_form = citizen_id_to_18("610104620927690");
  ASSERT_TRUE(long_form.has_value());
  EXPECT_EQ(long_form->view(), "610104196209276908");
  for (const char* bad : {"", "61010462092769", "610104621327690", "61010462092769X", "610104196209276908"}) {
    EXPECT_FALSE(citizen_id_to_18(bad).has_value()) << bad;
  }
}

struct PatentCase {
  const char* value;
  IdResult result;
  IdResult mended;
  char kind;
  int year;
  const char* text;
};

TEST(PatentNumber, ReadsBothFormsWithAndWithoutCountryDotAndCheckDigit) {
  using R = IdResult;
  const std::vector<PatentCase> cases{
      {"CN201811532422.8", R::kValid, R::kValid, '1', 2018, "201811532422.8"},
      {"202111286633.X", R::kValid, R::kValid, '1', 2021, "202111286633.X"},
      {"201410408762.5", R::kValid, R::kValid, '1', 2014, "201410408762.5"},
      {"2014104087625", R::kValid, R::kValid, '1', 2014, "201410408762.5"},
      {"ZL201410408762.5", R::kValid, R::kValid, '1', 2014, "201410408762.5"},
      {"201410408762", R::kNoCheckDigit, R::kNoCheckDigit, '1', 2014, "201410408762"},
      {"201410408762.6", R::kBadCheckDigit, R::kBadCheckDigit, '1', 2014, "201410408762.6"},
      {"cn202111286633.x", R::kBadForm, R::kValid, '1', 2021, "202111286633.X"},
      {"２０1410408762．5", R::kBadForm, R::kValid, '1', 2014, "201410408762.5"},
      {"98100001", R::kNoCheckDigit, R::kNoCheckDigit, '1', 1998, "98100001"},
      {"201440408762.5", R::kBadForm, R::kBadForm, 0, 0, ""},
      {"200210408762.5", R::kBadForm, R::kBadForm, 0, 0, ""},
      {"05100001", R::kBadForm, R::kBadForm, 0, 0, ""},
      {"201410408762.", R::kBadForm, R::kBadForm, 0, 0, ""},
      {"201410408762.55", R::kBadForm, R::kBadForm, 0, 0, ""},
      {"", R::kBadForm, R::kBadForm, 0, 0, ""},
      {"CN", R::kBadForm, R::kBadForm, 0, 0, ""},
  };
  for (const PatentCase& c : cases) {
    const PatentNumberCheck check = check_patent_number(c.value);
    EXPECT_EQ(name_of(check.result), name_of(c.result)) << c.value;
    EXPECT_EQ(name_of(check.mended), name_of(c.mended)) << c.value;
    EXPECT_EQ(check.kind, c.kind) << c.value;
    EXPECT_EQ(check.year, c.year) << c.value;
    EXPECT_EQ(check.text.view(), c.text) << c.value;
  }
  std::string old = "98100001.";
  old.push_back(*patent_check_character("98100001"));
  EXPECT_EQ(check_patent_number(old).result, R::kValid);
}

TEST(BankCard, LuhnDecidesAndGroupsAreAllowed) {
  EXPECT_EQ(check_bank_card("6222021234567890128").result, IdResult::kValid);
  EXPECT_TRUE(check_bank_card("6222021234567890128").union_pay);
  EXPECT_EQ(check_bank_card("6222 0212 3456 7890 128").result, IdResult::kValid);
  EXPECT_EQ(check_bank_card("6222021234567890127").result, IdResult::kBadCheckDigit);
  EXPECT_EQ(check_bank_card("4111111111111111").result, IdResult::kValid);
  EXPECT_FALSE(check_bank_card("4111111111111111").union_pay);
  for (const char* bad : {"", "411111111111111", "62220212345678901280", "622202123456789012A", "卡号"}) {
    EXPECT_EQ(check_bank_card(bad).result, IdResult::kBadForm) << bad;
  }
}

struct PhoneCase {
  const char* value;
  PhoneKind kind;
  const char* normal;  // nullptr: unknown
};

TEST(Phone, IsClassifiedAndBroughtToDigits) {
  using K = PhoneKind;
  const std::vector<PhoneCase> cases{
      {"13812345678", K::kMobile, "13812345678"},
      {"+8613812345678", K::kMobile, "13812345678"},
      {"+86 138-1234-5678", K::kMobile, "13812345678"},
      {"8613812345678", K::kMobile, "13812345678"},
      {"008613812345678", K::kMobile, "13812345678"},
      {"013812345678", K::kMobile, "13812345678"},
      {"（+86）13812345678", K::kMobile, "13812345678"},
      {"１３８１２３４５６７８", K::kMobile, "13812345678"},
      {"138 1234 5678", K::kMobile, "13812345678"},
      {"12812345678", K::kUnknown, nullptr},
      {"1381234567", K::kUnknown, nullptr},
      {"138123456789", K::kUnknown, nullptr},
      {"01086901234", K::kLandline, "01086901234"},
      {"(010)8690-1234", K::kLandline, "01086901234"},
      {"0571-86901234", K::kLandline, "057186901234"},
      {"0571-86901234-801", K::kLandline, "057186901234-801"},
      {"0571-86901234转801", K::kLandline, "057186901234-801"},
      {"0571-8690123 分机８０１", K::kLandline, "05718690123-801"},
      {"+86 571 8690 1234", K::kLandline, "057186901234"},
      {"+86 (0)571 8690 1234", K::kLandline, "057186901234"},
      {"86901234", K::kLandline, "86901234"},
      {"+86-571-86901234-801", K::kLandline, "057186901234-801"},
      {"400-812-3123转8", K::kService, "4008123123-8"},
      {"119转8", K::kUnknown, nullptr},
      {"13812345678转8", K::kUnknown, nullptr},
      {"8690123转4", K::kUnknown, nullptr},
      {"+8613812345678转8", K::kUnknown, nullptr},
      {"86901234-801", K::kLandline, "86901234-801"},
      {"0571-869012-34", K::kLandline, "057186901234"},
      {"09157518479", K::kLandline, "09157518479"},
      {"4008123123", K::kService, "4008123123"},
      {"400-812-3123", K::kService, "4008123123"},
      {"12345", K::kService, "12345"},
      {"12315", K::kService, "12315"},
      {"010-12315", K::kService, "01012315"},
      {"95588", K::kService, "95588"},
      {"962121", K::kService, "962121"},
      {"110", K::kService, "110"},
      {"+852 2345 6789", K::kUnknown, nullptr},
      {"13812345678 13912345678", K::kUnknown, nullptr},
      {"13812345678/13912345678", K::kUnknown, nullptr},
      {"13812345678（微信同号）", K::kUnknown, nullptr},
      {"0571-86901234转", K::kLandline, "057186901234"},
      {"0571-86901234转abc", K::kUnknown, nullptr},
      {"", K::kUnknown, nullptr},
      {"056", K::kUnknown, nullptr},
      {"0571", K::kUnknown, nullptr},
      {"+86 57", K::kUnknown, nullptr},
      {"+", K::kUnknown, nullptr},
      {"转801", K::kUnknown, nullptr},
      {"无", K::kUnknown, nullptr},
      {"00000000000", K::kUnknown, nullptr},
      {"\xC3\x28", K::kUnknown, nullptr},
      {"1381234567813812345678138123456781381234567813812345678", K::kUnknown, nullptr},
  };
  for (const PhoneCase& c : cases) {
    EXPECT_EQ(name_of(check_phone(c.value).kind), name_of(c.kind)) << c.value;
    const auto normal = normalise_phone(c.value);
    ASSERT_EQ(normal.has_value(), c.normal != nullptr) << c.value;
    if (normal) {
      EXPECT_EQ(*normal, c.normal) << c.value;
      EXPECT_EQ(normalise_phone(*normal), normal) << c.value;  // normalising twice changes nothing
    }
  }
}

TEST(Plate, FormsOfOrdinaryNewEnergyAndSpecialPlates) {
  const std::vector<std::pair<const char*, PlateKind>> cases{
      {"苏D40000", PlateKind::kOrdinary},
      {"京A·12345", PlateKind::kOrdinary},
      {"京A 12345", PlateKind::kOrdinary},
      {"陕A12345D", PlateKind::kNewEnergy},
      {"粤BD12345", PlateKind::kNewEnergy},
      {"粤BDF2345", PlateKind::kNewEnergy},
      {"粤Z1234港", PlateKind::kSpecial},
      {"京A1234警", PlateKind::kSpecial},
      {"苏A1234挂", PlateKind::kSpecial},
      {"京A123", PlateKind::kNone},
      {"京O12345", PlateKind::kNone},
      {"京A1234I", PlateKind::kNone},
      {"马A12345", PlateKind::kNone},
      {"粤B123456", PlateKind::kNone},
      {"苏A123456D", PlateKind::kNone},
      {"苏d40000", PlateKind::kNone},
      {"", PlateKind::kNone},
      {"苏", PlateKind::kNone},
      {"苏D4\xFF", PlateKind::kNone},
  };
  for (const auto& [value, kind] : cases) {
    EXPECT_EQ(static_cast<int>(check_plate(value)), static_cast<int>(kind)) << value;
  }
}

TEST(Documents, FormsOfPassportPermitPostcodeAndNiceClass) {
  for (const char* good : {"G12345678", "E12345678", "EA1234567", "D1234567", "DE1234567", "SE1234567", "P1234567"}) {
    EXPECT_TRUE(is_passport(good)) << good;
  }
  for (const char* bad : {"", "E", "EI1234567", "EO1234567", "G1234567", "G123456789", "e12345678", "12345678"}) {
    EXPECT_FALSE(is_passport(bad)) << bad;
  }
  EXPECT_TRUE(is_mainland_permit("H12345678"));
  EXPECT_TRUE(is_mainland_permit("M1234567801"));
  EXPECT_FALSE(is_mainland_permit("H123456789"));
  EXPECT_FALSE(is_mainland_permit(""));
  EXPECT_TRUE(is_taiwan_permit("12345678"));
  EXPECT_FALSE(is_taiwan_permit("1234567"));
  EXPECT_TRUE(is_postcode("100000"));
  EXPECT_FALSE(is_postcode("10000"));
  EXPECT_FALSE(is_postcode("10000A"));
  EXPECT_EQ(nice_class("1"), 1);
  EXPECT_EQ(nice_class("01"), 1);
  EXPECT_EQ(nice_class("45"), 45);
  for (const char* bad : {"", "0", "00", "46", "045", "1a"}) EXPECT_FALSE(nice_class(bad).has_value()) << bad;
}

TEST(IdentifierCodes, EveryFindingHasACodeWithBothTexts) {
  EXPECT_EQ(code_of(IdResult::kValid), nullptr);
  for (const IdResult result : {IdResult::kBadForm, IdResult::kBadDate, IdResult::kBadCheckDigit,
                                IdResult::kBadInnerCode, IdResult::kUnknownDivision, IdResult::kNoCheckDigit}) {
    const ErrorCode* code = code_of(result);
    ASSERT_NE(code, nullptr);
    EXPECT_THAT(codes::identifiers_codes(), testing::Contains(code));
    EXPECT_FALSE(code->en.empty());
    EXPECT_FALSE(code->zh.empty());
  }
}

// Whatever bytes come, every check answers, and a value without slips is judged the same both times.
TEST(Identifiers, AnswerOnAnyBytes) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::vector<std::string> parts{"1",  "3",  "8",   "0",    "9",    "X", "x",  "CN",        ".",
                                       "-",  " ",  "+86", "转",   "京",   "A", "O",  "l",         "（",
                                       "９", "　", "·",   "\xFF", "\xE5", "G", "02", "1101051949"};
  for (int round = 0; round < 20'000; ++round) {
    std::string value;
    for (unsigned i = random() % 24; i > 0; --i) value += parts[random() % parts.size()];
    const UsccCheck uscc = check_uscc(value);
    const CitizenIdCheck id = check_citizen_id(value);
    const PatentNumberCheck patent = check_patent_number(value);
    if (uscc.slips == kNoSlip) {
      ASSERT_EQ(uscc.result, uscc.mended);
    }
    if (id.slips == kNoSlip) {
      ASSERT_EQ(id.result, id.mended);
    }
    if (patent.slips == kNoSlip) {
      ASSERT_EQ(patent.result, patent.mended);
    }
    if (const auto phone = normalise_phone(value); phone) {
      ASSERT_EQ(normalise_phone(*phone), phone);
    }
    (void)check_bank_card(value);
    (void)check_plate(value);
    (void)check_organisation_code(value);
    (void)citizen_id_to_18(value);
    (void)is_passport(value);
    (void)is_mainland_permit(value);
    (void)nice_class(value);
  }
}

TEST(ShortText, NeverGrowsBeyondItsCapacity) {
  ShortText text(std::string(ShortText::kCapacity, 'x'));
  EXPECT_EQ(text.size(), ShortText::kCapacity);
  text.push_back('y');
  EXPECT_TRUE(text.overlong());
  EXPECT_TRUE(text.empty());
  EXPECT_TRUE(ShortText(std::string(4096, 'x')).overlong());
}

}  // namespace
}  // namespace tongqu
