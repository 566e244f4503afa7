#include "security/privacy/family_names.hpp"

#include <array>
#include <cstdint>

namespace tongqu {
namespace {

constexpr std::u32string_view kFamilyNames =
    U"王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
    U"姜范姚谭廖邹熊陆郝孔崔邱秦江史顾侯邵孟龙段雷钱汤尹黎武贺赖龚肖闫殷庄倪聂章鲁岳翟詹申耿关焦俞欧伍游鲍裴葛柯翁"
    U"阮骆霍覃祝隋兰左管柴涂焉冉蒙柳路尤纪娄凌邢牟艾项欧邬窦蔺宁卞苗裘缪宗应郁单杭洪诸滕荀羊於惠甄曲封芮羿储靳汲邴"
    U"糜松井乌焦巴弓牧隗山谷车侯宓蓬仰秋仲伊宫仇栾暴甘钭厉戎祖符景詹束幸司韶郜黎蓟薄印宿蒲邰鄂索咸籍卓屠池乔胥能"
    U"苍双闻莘党贡劳逄姬扶堵宰郦雍璩桑桂濮寿边扈燕冀郏浦尚农温别晏瞿习宦艾容向古易慎戈庾终暨居衡步都满弘匡国文寇广"
    U"禄阙欧殳沃利蔚越夔隆师巩厍晁勾敖融冷訾辛阚那简饶空毋沙乜养鞠须丰巢相查荆红竺权逯盖益桓公佟楚帅谌付闵邝冼蔄"
    U"岑樊毕齐康伏戚喻严童盛刁麻娄危梅滑郎奚昌凤花费廉柏窦鱼俞酆平米贝明臧计成谈茅庞纪舒屈祁卜元湛金白高马方石万"
    U"常安乐于时皮卞康伍余和穆萧水云强支干解应虞经房裘缪全班仰朱申叶司宋包谭迟原苑商牛佘佴伯赏墨哈谯年爱阳火铁连"
    U"展母修初冒桃淡覃亓仝仉区占撒官布门衣佀么亢代冶凃刀初卿矫兀雪揭邸蹇邱逢闭开光操敬鹿隽岩阴才由晋竹海相";

// Of these the ones that are ordinary words or parts of words; with them alone nothing is a name.
constexpr std::u32string_view kWords =
    U"和于方时万安乐成平明元金白高马石常应经全班包商牛年爱阳火连展母修初冒淡区占官布门衣么代开光操敬由海相水云强支干解"
    U"原文国广利越师融冷那空养须丰红权益公帅伏危花费计谈路管左关单双能党劳别向易终居步都满容古边尚印幸司暴甘索池寿"
    U"车山谷松井巴弓牧秋应游任余章田江夏龙黄雷钱项惠封宁鱼米贝皮祝宗洪毕齐康盛麻梅滑昌凤房桃雪竹阴才岩逢闭揭铁"
    U"查简盖隆国温农居衡景祖符薄宿苍闻戈庾墨哈赏伯支叶林何段武史汤申伍欧纪凌艾桑桂舒屈严童喻柏诸伊宫仇柳蒙兰白";

constexpr std::array<std::u32string_view, 64> kCompound{
    U"欧阳", U"司马", U"上官", U"诸葛", U"夏侯", U"东方", U"皇甫", U"尉迟", U"公孙", U"慕容", U"长孙", U"宇文", U"司徒",
    U"司空", U"令狐", U"钟离", U"闾丘", U"南宫", U"西门", U"独孤", U"端木", U"轩辕", U"百里", U"呼延", U"淳于", U"单于",
    U"太叔", U"申屠", U"公羊", U"澹台", U"公冶", U"宗政", U"濮阳", U"赫连", U"拓跋", U"夹谷", U"宰父", U"谷梁", U"段干",
    U"东郭", U"南门", U"羊舌", U"微生", U"梁丘", U"左丘", U"东门", U"第五", U"万俟", U"闻人", U"鲜于", U"仲孙", U"亓官",
    U"司寇", U"子车", U"颛孙", U"巫马", U"公西", U"漆雕", U"乐正", U"壤驷", U"公良", U"纳兰", U"完颜", U"爱新"};

constexpr std::u32string_view kTranscribing =
    U"安埃爱奥昂敖彻慈川措得第翠狄钓赫茵妥姬伽嘉迦珈及坚京靖喀坷垦空匡累良隆满茂弥牟内讷普切青钦塞坦忒腾途为翁修叙雅"
    U"卜泽哲果蕾薇黛妲姗仑茜婕琪蓓莲霍涅雪"
    U"阿巴比伯布波勃博贝彼宾本班邦鲍保拜白柏北毕边别查昌楚茨茲达大戴丹道德登邓迪蒂丁顿东杜敦多朵厄恩尔耳法凡范方菲"
    U"费芬丰冯佛夫弗福富盖甘冈高戈哥格葛根贡古瓜圭果哈海汉翰豪何赫黑亨洪胡华怀惠霍基吉季加佳贾简江杰捷金津久居卡凯"
    U"坎康考柯科克肯孔库夸奎昆拉腊莱来赖兰朗劳勒雷蕾黎里理李丽利莉力列林琳灵留刘龙娄卢鲁陆路露伦罗洛吕略马玛迈麦曼芒毛"
    U"梅门"
    U"蒙米密敏明缪莫默姆木穆那娜纳乃奈南瑙内尼妮年涅宁纽农努诺欧帕潘庞佩彭皮平坡珀蒲普奇齐契恰钱强乔琼丘让热仁日荣"
    U"茹儒瑞若撒萨塞赛桑瑟森沙莎山绍舍申圣施什石史士瓦舒朔思斯丝松苏孙索塔泰坦汤唐陶特滕提田廷汀通图土托脱瓦万旺威"
    U"韦维伟魏温文翁沃乌武伍西希锡席夏香逊谢辛欣休许雪雅亚延扬杨尧耶叶伊依易因英永尤尼于约宰赞泽曾扎詹张珍芝治兹子宗"
    U"祖佐买艾热尔古扎吾则旦措巴桑卓玛嘉央曲吐孜孜逊都拥措依姆江拉提苏阿不木沙合提肉孜麦麦蒙巴图其格乐苏和额敦";

struct Tables {
  // By code point of the block that holds all of them.
  static constexpr char32_t kFirst = 0x4E00;
  static constexpr char32_t kLast = 0x9FFF;
  std::array<std::uint8_t, kLast - kFirst + 1> flags{};
  static constexpr std::uint8_t kIsFamily = 1, kIsWord = 2, kIsTranscribing = 4, kBeginsCompound = 8;
};

constexpr Tables make_tables() {
  Tables out;
  const auto mark = [&out](std::u32string_view characters, std::uint8_t flag) {
    for (const char32_t c : characters) out.flags[c - Tables::kFirst] |= flag;
  };
  mark(kFamilyNames, Tables::kIsFamily);
  mark(kWords, Tables::kIsFamily | Tables::kIsWord);
  mark(kTranscribing, Tables::kIsTranscribing);
  for (const auto& name : kCompound) mark(name.substr(0, 1), Tables::kBeginsCompound);
  return out;
}

std::uint8_t flags_of(char32_t c) {
  static constexpr Tables kTables = make_tables();
  return c < Tables::kFirst || c > Tables::kLast ? std::uint8_t{0} : kTables.flags[c - Tables::kFirst];
}

}  // namespace

FamilyName family_name(char32_t c) {
  const std::uint8_t flags = flags_of(c);
  if ((flags & Tables::kIsFamily) == 0) return FamilyName::kNone;
  return (flags & Tables::kIsWord) != 0 ? FamilyName::kWord : FamilyName::kCommon;
}

bool begins_with_compound_family_name(std::u32string_view text) {
  if (text.size() < 2 || (flags_of(text.front()) & Tables::kBeginsCompound) == 0) return false;
  for (const auto& name : kCompound) {
    if (text.starts_with(name)) return true;
  }
  return false;
}

bool transcribes(char32_t c) { return (flags_of(c) & Tables::kIsTranscribing) != 0; }

}  // namespace tongqu
