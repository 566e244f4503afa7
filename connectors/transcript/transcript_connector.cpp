#include "connectors/transcript/transcript_connector.hpp"

namespace tongqu {
namespace {

using enum SettingType;

constexpr FieldSpec kOutboundFields[] = {
    {.name = "number_min_digits",
     .type = kInteger,
     .en = "Fewest digits of the national number.",
     .zh = "登记编号的最少位数。",
     .default_text = "20",
     .min = 1,
     .max = 64},
    {.name = "number_max_digits",
     .type = kInteger,
     .en = "Most digits of the national number; not below number_min_digits.",
     .zh = "登记编号的最多位数，不得小于 number_min_digits。",
     .default_text = "32",
     .min = 1,
     .max = 64},
    {.name = "remind_after_hours",
     .type = kInteger,
     .en = "After this a message without number is reminded of, once, in log and audit; 0 = never.",
     .zh = "报文超过多少小时仍无登记编号时提醒一次（日志与审计）；0 为不提醒。",
     .default_text = "0",
     .min = 0,
     .max = 8760,
     .unit = "h"},
};

constexpr PluginSpec kOutboundSpec{
    .kind = "connector",
    .variant = "transcript",
    .en =
        "A person copies the messages into the partner's pages (tongqu transcript); nothing is pushed, so timeout, "
        "retry, breaker and window have no effect.",
    .zh = "由人工抄录到对方系统（tongqu transcript），不主动投递，timeout、retry、breaker、window 不起作用。",
    .fields = kOutboundFields};
constexpr PluginSpec kInboundSpec{
    .kind = "intake",
    .variant = "transcript",
    .en = "What a person types back: a message of the first service for each national number entered.",
    .zh = "人工回填：每填入一个登记编号，按第一项服务产生一条报文。",
    .fields = {}};

}  // namespace

const ConnectorType kTranscriptConnector{
    .name = "transcript", .outbound_spec = &kOutboundSpec, .inbound_spec = &kInboundSpec};

}  // namespace tongqu
