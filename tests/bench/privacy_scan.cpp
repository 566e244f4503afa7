// Throughput of the detectors of free text, in bytes of UTF-8 for one core:
//   build/release/bench_privacy_scan
// The texts are made here: ordinary complaints, in Chinese and in Latin letters, a personal value in every second one.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "security/privacy/address_spans.hpp"
#include "security/privacy/known_values.hpp"
#include "security/privacy/number_spans.hpp"

namespace {

using namespace tongqu;  // NOLINT

const std::vector<KnownValue>& record() {
  static const std::vector<KnownValue> kRecord{
      {KnownKind::kName, "张小明"},
      {KnownKind::kPhone, "13800138000"},
      {KnownKind::kId, "11010519491231002X"},
      {KnownKind::kAddress, "山东省济南市历下区泉城路15号幸福小区3号楼2单元501室"},
      {KnownKind::kEmail, "zhang.xm@qq.com"}};
  return kRecord;
}

const std::string& chinese() {
  static const std::string kText = [] {
    static constexpr const char* kSentences[] = {
        "消费者于11月15日在该店购买了一台电饭煲，使用三天后无法加热，多次联系商家均以各种理由推脱，",
        "商家称产品已过退货期限，只同意维修，不同意更换，消费者认为该行为侵犯了自己的合法权益，",
        "现要求商家按照承诺全额退款并赔偿损失，希望市场监管部门介入处理，谢谢。",
        "发票金额为1299.00元，订单编号为202611150012345678901234，购买时销售人员承诺七天无理由退货，",
        "本人电话13800138000，张先生，家住泉城路15号，请尽快回复。",
        "该店环境卫生较差，食品标签没有生产日期，货架上的牛奶已经过期两天，店员态度恶劣。"};
    std::string out;
    for (std::size_t i = 0; out.size() < 1 << 20; ++i) out += kSentences[i * 7 % std::size(kSentences)];
    return out;
  }();
  return kText;
}

const std::string& latin() {
  static const std::string kText = [] {
    static constexpr const char* kSentences[] = {
        "The order was paid on 15 November and the parcel never came, the seller does not answer any more. ",
        "Please call me back, my number is 13800138000, between nine and five. ",
        "I bought a rice cooker in this shop; after three days it did not heat any longer. "};
    std::string out;
    for (std::size_t i = 0; out.size() < 1 << 20; ++i) out += kSentences[i % std::size(kSentences)];
    return out;
  }();
  return kText;
}

enum Step : int { kFold = 0, kNumbers = 1, kKnown = 2, kNumbersAndKnown = 3, kAddresses = 4, kAll = 7 };

void scan(benchmark::State& state, const std::string& text) {
  const KnownValues known(record());
  const auto steps = static_cast<int>(state.range(0));
  for (auto _ : state) {
    const FoldedText folded(text);
    benchmark::DoNotOptimize(folded.folded().data());
    if ((steps & kNumbers) != 0) benchmark::DoNotOptimize(find_numbers(folded));
    if ((steps & kKnown) != 0) benchmark::DoNotOptimize(known.find(folded));
    if ((steps & kAddresses) != 0) benchmark::DoNotOptimize(find_addresses(folded));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

void chinese_text(benchmark::State& state) { scan(state, chinese()); }
void latin_text(benchmark::State& state) { scan(state, latin()); }
void build_record(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(KnownValues(record()));
}

BENCHMARK(chinese_text)->Arg(kFold)->Arg(kNumbers)->Arg(kKnown)->Arg(kNumbersAndKnown)->Arg(kAddresses)->Arg(kAll);
BENCHMARK(latin_text)->Arg(kFold)->Arg(kNumbersAndKnown)->Arg(kAll);
BENCHMARK(build_record);

}  // namespace

BENCHMARK_MAIN();
