#include "security/privacy/address_spans.hpp"

#include <algorithm>

#include "security/privacy/address_parts.hpp"

namespace tongqu {
namespace {

using Kind = AddressPartKind;
using View = std::u32string_view;

// Longer ones are no address; the rest of the text is looked at as well.
constexpr std::size_t kMaxWhole = 80;
constexpr std::size_t kMaxName = 10;
constexpr std::size_t kNear = 16;

constexpr View kSentenceSigns = U"。；！？;!?，,、:：\n\r“”\"…~";
// Not in names of roads and estates: behind the last of them the name begins.
constexpr View kNotInName = U"得在去到住从于是的了我至寄送往给把被你他她它们这那个说买卖叫让跟就都也没不很还有和与及用";
// In whole addresses of deliveries some of these stand in names.
constexpr View kNotInWhole = U"的了我你吗吧很说买她他这没呢么住寄址在";
constexpr View kSentence = U"。！？!?,，：:；;";
constexpr View kHomeCues[] = {U"住址",     U"家住",     U"居住地",   U"现住",     U"住在",     U"住于",     U"租住",
                              U"居住在",   U"居住",     U"住",       U"收货地址", U"收件地址", U"家庭地址", U"联系地址",
                              U"通讯地址", U"通信地址", U"送货地址", U"寄到",     U"寄往",     U"寄至",     U"邮寄至",
                              U"寄",       U"送到",     U"送至",     U"发到",     U"家在",     U"我家",     U"户籍地址",
                              U"户籍",     U"户口",     U"地址",     U"配送到",   U"搬到"};
// A 地址 or 住 of these is none of a person.
constexpr View kMatterBefore[] = {U"商",   U"酒",   U"买",   U"店里", U"方",     U"对象",   U"主体", U"商户", U"店铺",
                                  U"门店", U"公司", U"商家", U"经营", U"注册",   U"企业",   U"单位", U"店",   U"厂家",
                                  U"厂",   U"商户", U"网站", U"网址", U"被投诉", U"被举报", U"生产", U"发货"};
constexpr View kShops[] = {U"店",   U"超市", U"公司", U"商场", U"市场",   U"酒店",   U"饭店", U"餐厅",
                           U"宾馆", U"药房", U"医院", U"银行", U"学校",   U"幼儿园", U"4S",   U"专柜",
                           U"柜台", U"商铺", U"铺",   U"馆",   U"中心",   U"门诊",   U"厂",   U"商城",
                           U"购物", U"网吧", U"会所", U"健身", U"加油站", U"菜场"};
constexpr View kAtPlace[] = {U"位于", U"开在", U"坐落", U"设在", U"商家", U"店", U"公司", U"超市"};

bool has(View set, char32_t c) { return set.find(c) != View::npos; }

class AddressFinder {
 public:
  explicit AddressFinder(const FoldedText& text) : text_(text.folded()) {}

  std::vector<TextSpan> run() {
    if (whole()) return std::move(spans_);
    for (std::size_t begin = 0; begin < text_.size();) {
      std::size_t end = begin;
      bool unit = false;  // a character with which the words of roads, houses and rooms begin
      while (end < text_.size() && !has_sign(end)) unit = unit || is_hint(text_[end]), ++end;
      if (unit) segment(begin, end);
      begin = end + 1;
    }
    return std::move(spans_);
  }

 private:
  struct Chain {
    std::size_t first = 0, last = 0;  // parts
    std::size_t begin = 0;            // character where its first name begins
  };

  [[nodiscard]] static bool is_hint(char32_t c) {
    return c >= 0x3400 && has(U"路街巷弄道村庄区园苑号幢栋单室座寓府庭湾", c);
  }
  [[nodiscard]] bool has_sign(std::size_t i) const {
    const char32_t c = text_[i];
    if (c >= 0x3400 && c < 0xFF00) return false;
    return has(kSentenceSigns, c);
  }

  // The text is an address and nothing else.
  bool whole() {
    if (text_.size() < 6 || text_.size() > kMaxWhole) return false;
    for (const char32_t c : text_) {
      if (has(kNotInWhole, c) || has(kSentence, c)) return false;
    }
    for (const View word : {U"位于", U"坐落", U"商家", U"该店", U"发生"}) {
      if (text_.find(word) != std::u32string::npos) return false;
    }
    const auto parts = parts_of_address(text_);
    std::size_t first = 0;
    while (first < parts.size() && parts[first].kind == Kind::kDivision) ++first;
    if (first == parts.size()) return false;
    std::size_t named = 0;
    std::size_t numbers = 0;
    for (const AddressPart& part : parts) {
      named += part.kind == Kind::kRoad || (part.kind == Kind::kPlace && part.unit_size > 0);
      numbers += part.kind == Kind::kNumber;
    }
    const bool led = first >= 1 && parts[0].end - parts[0].begin <= kMaxName;
    if (!(first >= 2) && !(led && named + numbers > 0) && !(named > 0 && numbers > 0)) return false;
    add(parts[first].begin, text_.size(), "address as the whole text");
    return true;
  }

  void segment(std::size_t begin, std::size_t end) {
    const View view = View(text_).substr(begin, end - begin);
    auto parts = parts_of_address(view);
    for (AddressPart& part : parts) part.begin += begin, part.end += begin;
    for (std::size_t i = 0; i < parts.size();) {
      Chain chain = chain_at(parts, i);
      judge(parts, chain, end);
      i = chain.last + 1;
    }
  }

  // Where the name of a part begins: behind the last word of the language in it.
  [[nodiscard]] std::size_t name_begin(const AddressPart& part) const {
    if (part.kind == Kind::kNumber) return part.begin;
    const std::size_t stop = part.end - part.unit_size;
    std::size_t begin = part.begin;
    for (std::size_t i = part.begin; i < stop; ++i) {
      if (has(kNotInName, text_[i])) begin = i + 1;
    }
    return begin;
  }

  // Parts from `first` on that follow each other directly, each a name without other words in it.
  [[nodiscard]] Chain chain_at(const std::vector<AddressPart>& parts, std::size_t first) const {
    Chain chain{first, first, name_begin(parts[first])};
    if (parts[first].kind == Kind::kPlace && parts[first].unit_size == 0) return chain;
    for (std::size_t i = first + 1; i < parts.size(); ++i) {
      const AddressPart& part = parts[i];
      // A single character belongs to the number: 甲6号.
      const bool bare = part.kind == Kind::kPlace && part.unit_size == 0 && part.end - part.begin > 1;
      const bool before_number = i + 1 < parts.size() && parts[i + 1].kind == Kind::kNumber;
      if (part.begin > parts[i - 1].end + 2 || name_begin(part) != part.begin || part.end - part.begin > kMaxName ||
          (part.kind == Kind::kDivision && parts[i - 1].kind != Kind::kDivision) ||
          (bare && (!before_number || parts[i - 1].kind == Kind::kRoad)))
        break;
      chain.last = i;
    }
    return chain;
  }

  void judge(const std::vector<AddressPart>& parts, const Chain& chain, std::size_t segment_end) {
    std::size_t first = chain.first;
    while (first <= chain.last && parts[first].kind == Kind::kDivision) ++first;
    if (first > chain.last) return;
    const std::size_t begin = first == chain.first ? chain.begin : parts[first].begin;
    std::size_t roads = 0;
    std::size_t places = 0;
    std::size_t numbers = 0;
    std::size_t houses = 0;
    for (std::size_t i = first; i <= chain.last; ++i) {
      const AddressPart& part = parts[i];
      const std::size_t name = part.end - part.unit_size - (i == first ? begin : part.begin);
      if (name < 1 || name > kMaxName) continue;
      roads += part.kind == Kind::kRoad && is_road(part.end - part.unit_size - name, part.end);
      places += part.kind == Kind::kPlace && part.unit_size > 0 && name + part.unit_size >= 3;
      if (part.kind != Kind::kNumber) continue;
      const View unit = View(text_).substr(part.end - part.unit_size, part.unit_size);
      numbers += i > first || chain.first != first;
      houses += unit == U"幢" || unit == U"栋" || unit == U"单元" || unit == U"室" || unit == U"号楼";
    }
    const bool divided = first > chain.first;
    const Cue cue = cue_before(chain.begin);
    const std::size_t end = parts[chain.last].end;
    if (cue == Cue::kMatter) return;
    if (cue == Cue::kHome) {
      if (roads + places > 0 || houses > 0 || (divided && numbers > 0)) add(begin, end, "address after a cue word");
      return;
    }
    const bool shaped = (roads + places > 0 && numbers > 0 && (houses > 0 || roads > 0)) || houses >= 2;
    if (!shaped || (!divided && houses == 0 && places == 0 && roads == 0)) return;
    if (!is_of_matter(chain.begin, end, segment_end)) add(begin, end, "address by its shape");
  }

  // 一路, 一道, 3路 are none.
  [[nodiscard]] bool is_road(std::size_t begin, std::size_t end) const {
    if (text_[end - 1] == U'道' && end - begin < 3) return false;
    for (std::size_t i = begin; i + 1 < end; ++i) {
      const char32_t c = text_[i];
      if (!(c >= U'0' && c <= U'9') && digit_of(c) == U'\0') return true;
    }
    return false;
  }

  enum class Cue : std::uint8_t { kNone, kHome, kMatter };

  // The cue word that ends right before `at`.
  [[nodiscard]] Cue cue_before(std::size_t at) const {
    static constexpr View kBetween = U":：是在为于到至了 的";
    std::size_t end = at;
    while (end > 0 && at - end < 4 && (is_blank(text_[end - 1]) || has(kBetween, text_[end - 1]))) --end;
    for (const std::size_t from : {end, std::min(at, end + 1)}) {
      const std::size_t reach = std::min<std::size_t>(from, kNear);
      View before = View(text_).substr(from - reach, reach);
      for (const View cue : kHomeCues) {
        if (!before.ends_with(cue)) continue;
        before.remove_suffix(cue.size());
        const bool matter = std::ranges::any_of(kMatterBefore, [&](View word) { return before.ends_with(word); });
        return matter ? Cue::kMatter : Cue::kHome;
      }
    }
    return Cue::kNone;
  }

  // Words of a shop behind it in the same sentence, or before it.
  [[nodiscard]] bool is_of_matter(std::size_t begin, std::size_t end, std::size_t segment_end) const {
    const View behind = View(text_).substr(end, std::min(segment_end - end, kNear));
    const std::size_t reach = std::min<std::size_t>(begin, kNear);
    const View before = View(text_).substr(begin - reach, reach);
    return std::ranges::any_of(kShops, [&](View word) { return behind.find(word) != View::npos; }) ||
           std::ranges::any_of(kAtPlace, [&](View word) { return before.find(word) != View::npos; });
  }

  void add(std::size_t begin, std::size_t end, std::string_view reason) {
    spans_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), SpanType::kAddress, reason});
  }

  const std::u32string& text_;
  std::vector<TextSpan> spans_;
};

}  // namespace

std::vector<TextSpan> find_addresses(const FoldedText& text) { return AddressFinder(text).run(); }

}  // namespace tongqu
