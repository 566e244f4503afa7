// inbound with connector: http-poll.
#include "connectors/http/http_codes.hpp"
#include "connectors/http/http_poll.hpp"
#include "gateway/settings/http_fields.hpp"
#include "gateway/settings/settings_codes.hpp"
#include "gateway/settings/shared_fields.hpp"

namespace tongqu {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kHour = 3600 * kSecond;
constexpr Word kMethods[] = {"GET", "POST"};
constexpr Word kPositions[] = {"cursor", "page"};

constexpr FieldSpec kParameter{.name = "parameter", .en = "Value.", .zh = "值。", .max = 200};
constexpr FieldSpec kPositionFields[] = {
    {.name = "kind",
     .type = kEnum,
     .en = "cursor: the answer names the next position; page: a full page is followed by the next.",
     .zh = "cursor：应答给出下一位置；page：满页后取下一页。",
     .default_text = "cursor",
     .words = kPositions},
    {.name = "parameter",
     .en = "Name of the parameter that carries the position.",
     .zh = "携带位置的参数名。",
     .required = true,
     .min = 1,
     .max = 60},
    {.name = "first",
     .en = "Position of the very first request; empty: the parameter is left out. A page number for page.",
     .zh = "首次请求的位置；为空则不带该参数。按页时为页码。",
     .max = 200},
    {.name = "next",
     .en = "cursor: where the answer names the next position.",
     .zh = "cursor：应答中下一位置的路径。",
     .max = 200},
};
constexpr FieldSpec kAcknowledgeFields[] = {
    {.name = "path",
     .en = "Path and query on the same host, called by POST.",
     .zh = "同一主机上的路径，以 POST 调用。",
     .required = true,
     .min = 1,
     .max = 1000,
     .pattern = "/[\\x21-\\x7e]*",
     .pattern_en = "a path that begins with /",
     .pattern_zh = "以 / 开头的路径"},
    {.name = "ids",
     .en = "Member with the list of keys.",
     .zh = "编号列表字段。",
     .default_text = "ids",
     .min = 1,
     .max = 60},
    {.name = "failed",
     .en = "Member with [{id, code}] of what was turned back; without it those stand among the keys.",
     .zh = "拒收条目 [{id, code}] 的字段；不设则并入编号列表。",
     .max = 60},
};

constexpr FieldSpec kFields[] = {
    {.name = "url", .type = kUrl, .en = "The list.", .zh = "列表地址。", .required = true},
    {.name = "method",
     .type = kEnum,
     .en = "GET: parameters in the query; POST: members of a JSON object.",
     .zh = "GET：参数在查询串中；POST：参数为 JSON 对象成员。",
     .default_text = "GET",
     .words = kMethods},
    {.name = "service",
     .en = "Service of the entries, one of `services`.",
     .zh = "条目所属服务，须在 services 中。",
     .required = true,
     .refers_to = "service"},
    {.name = "parameters",
     .type = kMap,
     .en = "Constant parameters.",
     .zh = "固定参数。",
     .max = 50,
     .item = &kParameter},
    {.name = "position",
     .type = kObject,
     .en = "How the list is read on.",
     .zh = "如何续读列表。",
     .required = true,
     .fields = kPositionFields},
    {.name = "items",
     .en = "The list in the answer; empty = the answer itself.",
     .zh = "应答中的列表路径，空为应答本身。",
     .max = 200},
    {.name = "key",
     .en = "In an entry: what tells it from all others; the idempotency key.",
     .zh = "条目中唯一标识的路径，用作幂等键。",
     .required = true,
     .min = 1,
     .max = 200},
    {.name = "acknowledge",
     .type = kObject,
     .en = "What the partner is told after the entries are on disk.",
     .zh = "条目落库后如何告知对方。",
     .fields = kAcknowledgeFields},
    {.name = "max_items",
     .type = kInteger,
     .en = "Entries in one answer; more are refused. By page: what a full page has.",
     .zh = "单次应答条目上限，超出不收；按页时为满页条数。",
     .default_text = "100",
     .min = 1,
     .max = 5000,
     .unit = "entries"},
    {.name = "max_answer_bytes",
     .type = kSize,
     .en = "Size of an answer.",
     .zh = "应答大小上限。",
     .default_text = "4MiB",
     .min = 1024,
     .max = 16 * 1024 * 1024},
    {.name = "interval",
     .type = kDuration,
     .en = "Between two looks when nothing more is there.",
     .zh = "无新条目时的轮询间隔。",
     .default_text = "60s",
     .min = 100,
     .max = 24 * kHour},
    {.name = "timeout",
     .type = kDuration,
     .en = "Of one request.",
     .zh = "单次请求时限。",
     .default_text = "10s",
     .min = 10,
     .max = 600 * kSecond},
    {.name = "backoff_first",
     .type = kDuration,
     .en = "Wait after a failure; doubles with each further one.",
     .zh = "失败后的等待，连续失败逐次加倍。",
     .default_text = "1s",
     .min = 10,
     .max = kHour},
    {.name = "backoff_max",
     .type = kDuration,
     .en = "Longest wait after failures.",
     .zh = "失败后的最长等待。",
     .default_text = "5m",
     .min = 10,
     .max = 24 * kHour},
    {.name = "window",
     .type = kWindow,
     .en = "Hours in which the partner may be asked, Beijing time.",
     .zh = "允许轮询的时段（北京时间）。"},
    kClientTlsField,
    kSignField,
    kEnvelopeField,
    kHeadersField,
    kRedirectsField,
    kProxyField,
};

PollOptions poll_options(const Setting& inbound, std::string target) {
  PollOptions options;
  options.method = inbound.text("method");
  options.target = std::move(target);
  options.headers = constant_headers(inbound);
  for (const Setting& entry : inbound.map("parameters")) options.parameters.emplace_back(entry.key(), entry.text());
  const Setting& position = inbound.object("position");
  const bool page = position.text("kind") == "page";
  options.position = page ? PollOptions::Position::kPage : PollOptions::Position::kCursor;
  options.position_parameter = position.text("parameter");
  options.first_position = position.text("first");
  if (page && options.first_position.empty()) options.first_position = "1";
  options.next_path = position.text("next");
  options.items_path = inbound.text("items");
  options.key_path = inbound.text("key");
  options.max_items = static_cast<std::size_t>(inbound.integer("max_items"));
  const Setting& acknowledge = inbound.object("acknowledge");
  if (acknowledge.present()) {
    options.ack_target = acknowledge.text("path");
    options.ack_ids = acknowledge.text("ids");
    options.ack_failed = acknowledge.text("failed");
  }
  return options;
}

// What the field list cannot say.
Status check(const Setting& inbound) {
  const Setting& position = inbound.object("position");
  const std::string& first = position.text("first");
  const bool page = position.text("kind") == "page";
  if (page && !first.empty() && (first.size() > 9 || !parse_integer(first) || first.starts_with('-')))
    return error_at(position, make_error(codes::kSettingsWrongType, "first"));
  if (!page && position.text("next").empty()) return error_at(position, make_error(codes::kSettingsMissingKey, "next"));
  for (const Setting& entry : inbound.list("services")) {
    if (entry.text("service") == inbound.text("service")) return {};
  }
  return error_at(inbound, make_error(codes::kSettingsMissingKey, "services: " + inbound.text("service")));
}

Result<std::shared_ptr<InboundConnector>> make_inbound(const Setting& inbound, const ConnectorContext& context,
                                                       Intake& intake) {
  if (auto status = check(inbound); status.has_error()) return status.error();
  HttpPartsOptions sizes;
  sizes.max_connections = 1;
  sizes.max_answer_bytes = static_cast<std::size_t>(inbound.size_bytes("max_answer_bytes"));
  auto parts = make_http_parts(inbound, context, sizes);
  if (parts.has_error()) return parts.error();
  HttpPollOptions options;
  options.partner = context.partner;
  options.service = ServiceId(inbound.text("service"));
  options.interval_ms = inbound.duration_ms("interval");
  options.timeout_ms = inbound.duration_ms("timeout");
  options.backoff_first_ms = inbound.duration_ms("backoff_first");
  options.backoff_max_ms = inbound.duration_ms("backoff_max");
  options.window = inbound.window("window");
  PollSession session(poll_options(inbound, parts->target), context.json);
  // Shared: the set of inbound connectors and what reads it (inbound_set.hpp).
  return std::shared_ptr<InboundConnector>(std::make_shared<HttpPoll>(
      std::move(options), std::move(session), PollPosition(context.state), std::move(*parts), intake, context.clock));
}

}  // namespace

constinit const PluginSpec kHttpPollIntakeSpec{.kind = "intake",
                                               .variant = "http-poll",
                                               .en = "The gateway asks the partner for its messages over HTTP/1.1.",
                                               .zh = "网关以 HTTP/1.1 向对方轮询报文。",
                                               .fields = kFields};
constinit const ConnectorType kHttpPollConnector{.name = "http-poll",
                                                 .outbound_spec = nullptr,
                                                 .make_outbound = nullptr,
                                                 .inbound_spec = &kHttpPollIntakeSpec,
                                                 .make_inbound = make_inbound,
                                                 .make_query = nullptr};

}  // namespace tongqu
