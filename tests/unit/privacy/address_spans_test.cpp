#include "security/privacy/address_spans.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "security/privacy/address_parts.hpp"
#include "security/privacy/number_spans.hpp"
#include "tests/support/data.hpp"
#include "tests/unit/privacy/span_support.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

// What is to be found stands in marks; nothing else is.
constexpr const char* kCases[] = {
    "我家住历下区[ADDRESS|泉城路15号3栋2单元501室]，来电投诉",
    "收货地址：山东省济南市历下区[ADDRESS|文化西路20号阳光花园5号楼1单元302]",
    "家庭地址是[ADDRESS|柳树巷12号]。",
    "请寄到[ADDRESS|青年街8号院2栋301室]，谢谢",
    "现住址：济南市历下区[ADDRESS|幸福小区三号楼二单元五零一室]",
    "他住在[ADDRESS|王官庄小区]。",
    "历下区[ADDRESS|泉城路15号3栋2单元501室]的邻居",
    "山东省济南市历下区[ADDRESS|泉城路15号幸福小区3栋2单元501室]",
    "浙江省杭州市余杭区良渚街道[ADDRESS|金德路191号赞成美树14-9-1456室]",
    "[ADDRESS|幸福路12号3幢202]",
    "在历下区泉城路188号的某某超市购买了牛奶",
    "位于泉城路15号的饭店，卫生差",
    "店铺地址：历下区泉城路188号，公司地址：文化路3号",
    "商家在文化西路20号开店",
    "住院三天，住宿费，忍住没说，知道了，街道办答复，市场里买的",
    "他说这条路不好走，道歉也没有，一道题，空调得弄一弄",
    "被投诉方地址：历下区泉城路15号",
    "该店位于历下区泉城路15号3栋101室",
    "我在历下区文化东路36号银座超市买的",
    "快递送到了济南市历城区[ADDRESS|华信路3号鑫苑国际5号楼2003]，少了一件",
    "地址是:北京市朝阳区[ADDRESS|建国门外大街甲6号]，请查",
    "上海市静安区[ADDRESS|南京西路1266弄5号602室]的住户反映",
    "联系地址 浙江省温州市鹿城区五马街道[ADDRESS|解放北路八十八号]",
    "济南市历下区",
    "快递单元格里写错，3楼电梯坏了，每栋都坏",
};

TEST(AddressSpans, Cases) {
  for (const char* const one : kCases) {
    const auto expected = test::marked(one);
    const FoldedText text(expected.text);
    EXPECT_EQ(test::with_marks(text, find_addresses(text)), one);
  }
}

struct PartsCase {
  const char* address;
  const char* parts;  // D division, R road, P place, N number
};

constexpr PartsCase kParts[] = {
    {"山东省济南市历下区舜耕街道舜耕路15号", "D山东省 D济南市 D历下区 D舜耕街道 R舜耕路 N15号"},
    {"幸福花园小区3号楼2单元501室", "P幸福花园小区 N3号楼 N2单元 N501室"},
    {"五一路二十号", "R五一路 N二十号"},
    {"三里屯路12弄5号", "R三里屯路 N12弄 N5号"},
    {"赞成美树14-9-1456", "P赞成美树 N14 N9 N1456"},
    {"", ""},
};

TEST(AddressParts, Cases) {
  for (const PartsCase& one : kParts) {
    const FoldedText text(one.address);
    std::string found;
    for (const AddressPart& part : parts_of_address(text.folded())) {
      if (!found.empty()) found += ' ';
      found += "DRPN"[static_cast<std::size_t>(part.kind)];
      found += test::utf8_of(std::u32string_view(text.text()).substr(part.begin, part.end - part.begin));
    }
    EXPECT_EQ(found, one.parts);
  }
}

std::vector<bool> hidden_in(const FoldedText& text, const std::vector<TextSpan>& spans) {
  std::vector<bool> out(text.size());
  for (const TextSpan& span : spans) std::fill(out.begin() + span.begin, out.begin() + span.end, true);
  return out;
}

TEST(AddressSpans, AddressesOfDeliveries) {
  static constexpr std::string_view kOpen[] = {"road",   "roadno",  "subroad", "subroadno", "poi",
                                               "subpoi", "houseno", "cellno",  "floorno",   "roomno"};
  std::size_t wanted = 0, hidden = 0;
  for (const std::string& line : test::data_lines("pii-ner/address-parsing.dev.jsonl")) {
    const auto document = decode_json(line);
    ASSERT_TRUE(document.has_value());
    const FoldedText text(document->root().find("text")->text);
    const auto found = hidden_in(text, find_addresses(text));
    for (const Node& span : children(*document->root().find("spans"))) {
      if (std::ranges::find(kOpen, span.find("type")->text.substr(5)) == std::end(kOpen)) continue;
      const std::size_t end = std::stoul(std::string(span.find("end")->text));
      for (std::size_t i = std::stoul(std::string(span.find("start")->text)); i < end; ++i)
        ++wanted, hidden += found[i];
    }
  }
  if (wanted == 0) GTEST_SKIP() << "no test data";
  const double share = static_cast<double>(hidden) / static_cast<double>(wanted);
  std::cout << "addresses: " << share << " of " << wanted << " characters from the road downward hidden\n";
  EXPECT_GE(share, 0.90);
}

TEST(AddressSpans, ReviewsHoldHardlyAnything) {
  std::size_t length = 0, hidden = 0;
  for (const std::string& line : test::data_lines("complaints/consumer-reviews-negative.dev.jsonl")) {
    const auto document = decode_json(line);
    ASSERT_TRUE(document.has_value());
    const FoldedText text(document->root().find("text")->text);
    const auto numbers = hidden_in(text, find_numbers(text));
    const auto addresses = hidden_in(text, find_addresses(text));
    length += text.size();
    for (std::size_t i = 0; i < text.size(); ++i) hidden += numbers[i] || addresses[i];
  }
  if (length == 0) GTEST_SKIP() << "no test data";
  std::cout << "reviews: " << hidden << " of " << length << " characters hidden\n";
  EXPECT_LE(1000.0 * static_cast<double>(hidden), 2.0 * static_cast<double>(length));
}

TEST(AddressSpans, LongTextsInTimeThatGrowsWithTheirLength) {
  for (const std::string part :
       {"路", "住", "1号", "泉城路1号", "幢", "十", "A", "小区", "街道路", "家住泉城路5号，"}) {
    std::string long_text;
    while (long_text.size() < 1'000'000) long_text += part;
    const auto begin = std::chrono::steady_clock::now();
    const FoldedText text(long_text);
    const auto spans = find_addresses(text);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << "repeated: " << part;
    for (std::size_t i = 1; i < spans.size(); ++i) ASSERT_LE(spans[i - 1].end, spans[i].begin);
  }
}

}  // namespace
}  // namespace tongqu
