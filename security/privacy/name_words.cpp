#include "security/privacy/name_words.hpp"

#include <algorithm>

namespace tongqu {

WordSet::WordSet(std::u32string_view words) {
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(U' ', at), words.size());
    const auto word = words.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    by_first_[word.front()].push_back(word);
    by_last_[word.back()].push_back(word);
  }
  for (ByCharacter* const map : {&by_first_, &by_last_}) {
    for (auto& [character, list] : *map) {
      std::sort(list.begin(), list.end(),
                [](auto a, auto b) { return a.size() != b.size() ? a.size() > b.size() : a < b; });
    }
  }
}

std::size_t WordSet::at_begin(std::u32string_view text) const {
  if (text.empty()) return 0;
  const auto found = by_first_.find(text.front());
  if (found == by_first_.end()) return 0;
  for (const auto& word : found->second) {
    if (text.starts_with(word)) return word.size();
  }
  return 0;
}

std::size_t WordSet::at_end(std::u32string_view text) const {
  if (text.empty()) return 0;
  const auto found = by_last_.find(text.back());
  if (found == by_last_.end()) return 0;
  for (const auto& word : found->second) {
    if (text.ends_with(word)) return word.size();
  }
  return 0;
}

bool WordSet::holds(std::u32string_view word) const { return !word.empty() && at_begin(word) == word.size(); }

namespace name_words {

const WordSet& labels() {
  static const WordSet kWords(
      U"姓名 名字 联系人 联系方 投诉人 举报人 申诉人 反映人 被投诉人 被举报人 来电人 诉求人 收货人 收件人 寄件人 "
      U"发货人 户名 "
      U"开户名 开户人 账户名 持卡人 收款人 付款人 汇款人 车主 业主 户主 法定代表人 法人代表 法人 负责人 经办人 承办人 "
      U"办理人 "
      U"受理人 记录人 审核人 审批人 签发人 经营者 经营人 当事人 受害人 申请人 委托人 受托人 代理人 被申请人 原告 被告 "
      U"证人 "
      U"签收人 购买人 购买者 消费者 登记人 预约人 入住人 乘机人 乘客 旅客 患者 病人 就诊人 学员 会员 参保人 承租人 "
      U"出租人 "
      U"甲方 乙方 监护人 家长 家属 对接人 联络人 签字 签名 署名 作者 编剧 导演 主演 演员 记者 文 图 摄影 主持人 "
      U"实际控制人 "
      U"股东 董事长 总经理 董事 监事");
  return kWords;
}

const WordSet& roles() {
  static const WordSet kWords(
      U"店主 店长 店员 老板 老板娘 掌柜 经理 总经理 副总经理 主管 主任 副主任 科长 处长 局长 副局长 所长 队长 组长 "
      U"站长 院长 "
      U"校长 民警 警察 警官 辅警 协警 交警 城管 医生 大夫 护士 医师 药师 客服 客服人员 专员 律师 老师 教师 教练 讲师 "
      U"导师 司机 "
      U"师傅 房东 中介 经纪人 销售 销售员 业务员 推销员 导购 导购员 顾问 收银员 服务员 营业员 快递员 外卖员 骑手 "
      U"送货员 维修工 "
      U"维修员 技师 美容师 理发师 设计师 工程师 工作人员 执法人员 保安 保洁 物业经理 网红 主播 男子 女子 市民 村民 "
      U"居民 邻居 "
      U"同事 朋友 男友 女友 丈夫 妻子 老公 老婆 儿子 女儿 父亲 母亲 爸爸 妈妈 弟弟 哥哥 姐姐 妹妹 前夫 前妻 负责人 "
      U"投诉人 "
      U"消费者 当事人 嫌疑人 被告人 联系人 收货人 法定代表人 法人 经办人 名叫 名为 自称 叫做 我叫 他叫 她叫 名字叫 "
      U"名字是 "
      U"姓名是 记者 导演 演员 歌手 主演 主帅 作家 教授 球员 队员 选手 球星 影星 明星 艺人 同学 总裁 董事长 首席执行官 "
      U"院士 "
      U"指挥官 总监 制作人 主持人 编剧 制片人 画家 理财师 培训师 建筑师 车手 助理 解说 创始人 研究员 分析师 通讯员 "
      U"秘书 秘书长 副总裁 "
      U"参谋长 司令 司令员 发言人 法官 检察官 干事 总干事 将军 上将 中将 少将 元帅 天王 天后 女星 男星 老将 小将 名将 "
      U"前锋 边锋 后腰 "
      U"前腰 国脚 主教练 教练员 评论员 委员 代表 船王 大师 画师 摄影师 化妆师 指导 "
      U"博士 先锋 后卫 中锋 门将 总书记 书记 主席 副主席 总理 副总理 部长 副部长 省长 市长 县长 镇长 村长 总统 首相 "
      U"外长 大使 会长 副会长 社长 理事长 议长 议员 大臣 总督 国王 女王 师长 军长 旅长 团长 连长 排长 班长 战士 舰长 "
      U"船长 "
      U"机长 飞行员 驾驶员 乘务员 值班员 支书 干警 主编 总编 诗人 牧师 烈士 劳模 任命 追授 授予");
  return kWords;
}

const WordSet& titles() {
  static const WordSet kWords(
      U"先生 女士 小姐 太太 夫人 师傅 阿姨 大爷 大妈 大叔 大哥 大姐 叔叔 奶奶 爷爷 婆婆 老师 医生 大夫 护士 主任 经理 "
      U"总经理 "
      U"老板 老板娘 店长 主管 队长 组长 科长 处长 局长 所长 站长 院长 校长 园长 厂长 警官 律师 教练 教授 博士 同学 "
      U"同志 会计 "
      U"上将 中将 少将 大将 元帅 将军 上校 少校 总督 首相 大使 外长 国王 女王 公主 王子 爵士 神父 "
      U"书记 主席 总理 总统 部长 省长 市长 县长 镇长 村长 董事长 总裁 总监 法官 检察官 委员 副总 总 哥 姐 某 某某");
  return kWords;
}

const WordSet& personal_titles() {
  static const WordSet kWords(U"先生 女士 小姐 太太 夫人 同志 师傅 阿姨 大爷 大妈 叔叔 同学 老师 医生 律师 警官 教授");
  return kWords;
}

const WordSet& owners() {
  static const WordSet kWords(
      U"公司 有限 股份 集团 企业 工厂 商店 商行 商城 商场 商铺 商贸 超市 便利店 酒店 宾馆 饭店 餐厅 餐饮 饭馆 面馆 "
      U"酒楼 酒家 火锅 "
      U"烧烤 麻辣烫 奶茶 咖啡 蛋糕 烘焙 面包店 小吃 美食 包子 烤鸭 烤鱼 烤肉 牛肉面 米线 米粉店 拉面 水饺 饺子馆 凉皮 "
      U"肉夹馍 卤味 "
      U"鸭脖 炒饭 盖饭 炸鸡 汉堡 水果店 品牌 旗舰 专卖 专柜 连锁 加盟 大街 大道 胡同 小区 花园 大厦 广场 大桥 码头 "
      U"机场 车站 法院 "
      U"医院 诊所 药房 药店 大药房 学校 大学 中学 小学 幼儿园 银行 派出所 事务所 工作室 俱乐部 美容院 美发 理发店 "
      U"健身房 养生馆 足浴 "
      U"药业 电器 家具 家居 服饰 服装店 鞋业 珠宝 眼镜店 影楼 婚纱 汽修 汽贸 驾校 基金会 音乐厅 文学奖 新闻奖 纪念馆 "
      U"故居 公园 "
      U"牌子 菜馆 菜刀 剪刀 酸奶 奶粉 运动鞋 洗发水 沐浴露");
  return kWords;
}

const WordSet& owner_endings() {
  static const WordSet kWords(U"店 厂 牌 奖 杯 路 街 巷 村 镇 县 市 省 区 乡 庄 桥 集 粥 酒 茶 家");
  return kWords;
}

const WordSet& speaking() {
  static const WordSet kWords(
      U"说 称 表示 透露 认为 指出 告诉 介绍 反映 强调 坦言 回忆 回答 承认 解释 补充 宣布 交代 提到 谈到 写道 接受采访 "
      U"直言 笑言 感叹 "
      U"拒绝 答应 承诺 声称 自称 辩称 要求 打电话 来电 致电");
  return kWords;
}

const WordSet& works_of_persons() {
  static const WordSet kWords(
      U"传 传奇 传记 自传 评传 外传 正传 别传 画传 新传 全传 年谱 日记 书信 家书 遗书 回忆录 口述 文集 文选 文存 选集 "
      U"全集 "
      U"诗集 诗选 诗词 散文 杂文 语录 论著 著作 画集 作品集 演讲 访谈 故事 轶事 生平 纪念");
  return kWords;
}

constexpr std::u32string_view kNotNames =
    U"康师傅 老干妈 老板 老板娘 李宁 张小泉 王致和 王老吉 王守义 张裕 李锦记 周大福 周大生 周六福 周黑鸭 谢瑞麟 "
    U"潮宏基 老凤祥 "
    U"六福 马应龙 陈克明 金龙鱼 鲁花 福临门 海飞丝 潘婷 飘柔 沙宣 清扬 霸王 舒蕾 吕 施华蔻 欧莱雅 资生堂 多芬 力士 "
    U"舒肤佳 蒙牛 "
    U"伊利 光明 三元 君乐宝 特仑苏 安慕希 金典 雀巢 惠氏 贝因美 飞鹤 雅培 美素佳儿 华为 小米 苹果 三星 联想 戴尔 "
    U"惠普 华硕 "
    U"索尼 海尔 美的 格力 康佳 海信 苏泊尔 九阳 史密斯 万和 万家乐 方太 华帝 艾美特 林内 耐克 阿迪达斯 安踏 特步 "
    U"匹克 乔丹 "
    U"彪马 森马 罗莱 富安娜 水星 南极人 恒源祥 雅戈尔 柒牌 海澜之家 劲霸 七匹狼 肯德基 麦当劳 必胜客 德克士 海底捞 "
    U"真功夫 "
    U"永和大王 吉野家 华莱士 江小白 茅台 五粮液 郎酒 杜康 古井贡 顺丰 圆通 申通 中通 韵达 百世 宅急送 德邦 京东 淘宝 "
    U"天猫 "
    U"苏宁 国美 易迅 当当 亚马逊 唯品会 聚美 美团 百度 饿了么 阿里巴巴 支付宝 腾讯 微信 于是 于今 和平 和谐 方便 "
    U"方面 方法 "
    U"方式 方案 时间 时候 时代 安全 安装 安排 安静 成功 成本 成为 成都 明显 明白 明天 明年 金额 金融 金属 高兴 高度 "
    U"高级 高手 "
    U"高速 白色 白天 马上 马路 马虎 常常 应该 应当 经常 经过 经济 经验 全部 全国 全家 全新 平时 平台 平安 元旦 石头 "
    U"石油 包装 "
    U"包括 包邮 包裹 商品 商家 商店 商场 年底 年货 年轻 水果 水分 强烈 强行 强制 支持 支付 温度 温馨 温柔 计算 计划 "
    U"谈判 "
    U"管理 管道 单位 单位 单独 单价 党员 劳动 能够 别人 向来 向前 易损 终于 满意 满足 容易 古代 尚未 印象 幸好 幸福 "
    U"车辆 "
    U"车主 山东 山西 江苏 江西 江南 夏天 龙虾 龙头 黄瓜 黄色 黄河 黄金 雷达 钱包 项目 惠普 封面 宁可 宁愿 宁夏 鱼肉 "
    U"米饭 "
    U"米粉 祝福 祝愿 洪水 齐全 健康 盛大 麻烦 麻辣 费用 花费 花钱 花样 路上 路由 路过 左右 关于 关键 关系 关注 关心 "
    U"双方 "
    U"双十一 任何 任务 游戏 余额 文件 文化 国家 国产 国内 国际 国庆 广告 广州 广东 广大 利用 利润 师傅 师资 沙发 "
    U"沙拉 空间 "
    U"空调 养老 须知 丰富 红色 红枣 红酒 权利 权益 毛病 毛孔 毛巾 毛衣 严重 严格 严厉 童鞋 童装 童话 武汉 武术 田园 "
    U"汤汁 "
    U"段时间 段落 史上 宋体 唐山 郑州 徐州 苏州 杭州 兰州 韩国 韩版 秦皇岛 曾经 谢谢 许多 许可 何况 何必 何时 何处 "
    U"梁山 冯小 "
    U"程度 程序 沈阳 吕布 蒋介 余生 万一 万分 顾客 顾虑 侯门 尹人 毛毛 "
    U"宝宝 贝贝 "
    U"亲亲 妈妈 爸爸 姐姐 妹妹 哥哥 弟弟 爷爷 奶奶 老婆 老公 小妹 小哥 大姐 大哥 大妈 大爷 阿姨 亲们 贾先生 白马 "
    U"圣诞 元宵 玛雅 哈密 巴拉 阿胶 阿姆斯特丹 匿名 保密 不详 本人 无名 未知 未留 某某 张贴 张开 李子 杨梅 "
    U"杨桃 "
    U"白瞎 白搭 白费 白痴 皮厚 皮薄 牛逼 牛X 牛掰 尼玛 小强 小黑 小白 星冰乐 "
    U""
    U"施华寇 经理 加热 慎重 携程 党委 纪委 党组 纪检 公司 常务 Win WiFi Wifi WIFI Vista Windows Linux "
    U"Internet Android "
    U"Java Office Word Excel Word Lenovo Intel Kindle App "
    U"香格里拉 王府井 阿尔卡特 徐福记 哈曼卡顿 轩尼诗 庞氏 罗嗦 心理咨询师 丁点儿 南斯拉夫 扎伊尔 马拉维 "
    U"格鲁吉亚 乌兹别克斯坦 "
    U"塔吉克斯坦 土库曼斯坦 吉尔吉斯斯坦 哈萨克斯坦 巴基斯坦 阿尔巴尼亚 马来西亚 马达加斯加 阿根廷 哥伦比亚 委内瑞拉 "
    U"古巴 巴拿马 "
    U"加拿大 意大利 比利时 瑞士 瑞典 丹麦 芬兰 希腊 荷兰 波兰 匈牙利 罗马尼亚 保加利亚 塞尔维亚 克罗地亚 乌克兰 "
    U"白俄罗斯 埃及 利比亚 "
    U"苏丹 肯尼亚 尼日利亚 安哥拉 伊拉克 伊朗 叙利亚 黎巴嫩 土耳其 尼泊尔 斯里兰卡 曼谷 吉隆坡 莫斯科 拉斯维加斯 "
    U"蒙特利尔 马德里 "
    U"巴塞罗那 米兰 罗马 柏林 巴黎 苏维埃 布尔什维克 法西斯 基本法 卡迪拉克 雪佛莱 雪佛兰 凯迪拉克 法拉利 兰博基尼 "
    U"劳斯莱斯 "
    U"玛莎拉蒂 保时捷 宾利 林肯 大众 丰田 马自达 "
    U"林业 林地 周边 周围 周末 周期 周年 周到 周转 周一 周二 周三 周四 周五 周六 周日 陈旧 陈列 陈皮 陈述 陈醋 吴中 "
    U"胡同 "
    U"胡子 胡说 胡萝卜 罗列 董事 董事长 董事会 邓州 任职 任命 温州 湖州 许昌 邢台 邵阳 萧山 毕节 江阴 汪清 曲阜 "
    U"曾任 历任 现任 主任 高级工程师 任期 江门 江湖 夏令营 "
    U"方正 姜汁 "
    U"姜片 石榴 叶子 汪汪 钟头 钟点 秦岭 雷锋 雷同 贺卡 贺岁 章程 章鱼 柳州 洪湖 牛肉 牛奶 柴油 柴火 蓝牙 连接 连忙 "
    U"连续 "
    U"潘苹果 黄太吉 格林豪泰 汉庭 如家 维也纳 锦江 蜜雪冰城 瑞幸 喜茶 星巴克 卡布奇诺 拿铁 摩卡 玛奇朵 提拉米苏 "
    U"马卡龙 曲奇 奥利奥 乌冬面 花生米 毛血旺 毛豆 麻婆豆腐 小灵通 冷冰冰 白花花 白哗哗 白毛毛 白送 爱理不理 "
    U"爱搭不理 明明 皮蛋 牛腩 牛排 牛蛙 牛杂 鱼丸 鱼香 米酒 姜蒜 葱姜蒜";

const WordSet& not_names() {
  static const WordSet kWords(kNotNames);
  return kWords;
}

}  // namespace name_words

bool never_in_given_name(char32_t c) {
  static constexpr std::u32string_view kNever =
      U"的了是在与说称向对把被从给让将到去来没要会也就还很这那我你他她它们个吗呢吧啊么什谁哪拒打问告找叫收卖买送退换赔"
      U"骂推处"
      U"以及或等并且于因做拿取下反应该认承诺答表示协商已又再才只都未无其此该某时后前里中间先女士师太经副男第时候给兼任"
      U"味货费当值价钱吃喝玩看听走跑很太真最更越比姓";
  return kNever.find(c) != std::u32string_view::npos;
}

}  // namespace tongqu
