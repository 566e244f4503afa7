#include "connectors/registry/registry_connector.hpp"

#include "connectors/registry/registry_codes.hpp"
#include "connectors/registry/registry_desk.hpp"

namespace tongqu {
namespace {

using enum SettingType;
using namespace registry;  // NOLINT(google-build-using-namespace)

constexpr FieldSpec kPathItem{.name = "path",
                              .en = "A path in the document, dotted; [*] stands for every element of a list.",
                              .zh = "文档中的路径，以点分隔；[*] 表示列表的每个元素。",
                              .min = 1,
                              .max = 200};
constexpr FieldSpec kKeyFields[] = {
    {.name = "record",
     .type = kList,
     .en = "Fields of the stored document; a record that lacks one of them is not found by this key.",
     .zh = "入库文档的字段；缺任一字段的记录不能按此键查到。",
     .required = true,
     .max = 8,
     .item = &kPathItem},
    {.name = "question",
     .type = kList,
     .en = "Fields of the question that they are compared with, in the same order.",
     .zh = "查询报文中与之对应的字段，顺序相同。",
     .required = true,
     .max = 8,
     .item = &kPathItem},
};
constexpr FieldSpec kKey{
    .name = "key", .type = kObject, .en = "One way to find a record.", .zh = "一种查找方式。", .fields = kKeyFields};
constexpr FieldSpec kFields[] = {
    {.name = "identity",
     .type = kList,
     .en = "Fields that make two documents the same record: the later one replaces the earlier.",
     .zh = "判定为同一记录的字段；较新的替换较旧的。",
     .required = true,
     .max = 8,
     .item = &kPathItem},
    {.name = "order",
     .type = kList,
     .en = "What says which of two is later: the first of these fields that is there, as text (RFC 3339, or any form "
           "that sorts); then as_of, then the order of coming.",
     .zh = "判定新旧的字段，取第一个存在的，按文本比较（RFC 3339 等可排序格式）；相同时依次比较 as_of 与到达顺序。",
     .max = 8,
     .item = &kPathItem},
    {.name = "as_of",
     .en = "Field that says of when the record is; answers carry it.",
     .zh = "记录数据截至时间的字段，应答中给出。",
     .max = 200},
    {.name = "keys",
     .type = kList,
     .en = "How records are found; the first key whose fields the question has is taken.",
     .zh = "查找方式；取查询条件齐全的第一组键。",
     .required = true,
     .max = 16,
     .item = &kKey},
    {.name = "max_records",
     .type = kInteger,
     .en = "Records that the base holds; further ones wait (registry.full).",
     .zh = "本地库记录数上限，超出的等待重试（registry.full）。",
     .default_text = "1000000",
     .min = 1,
     .max = 100'000'000},
    {.name = "max_bytes",
     .type = kSize,
     .en = "Size of all their contents.",
     .zh = "全部记录内容的大小上限。",
     .default_text = "8GiB",
     .min = 1024,
     .max = std::int64_t{1} << 42},
};
constexpr PluginSpec kSpec{.kind = "connector",
                           .variant = "registry",
                           .en = "A base of the gateway's own: messages are stored, questions are answered from it.",
                           .zh = "网关本地库：报文入库，查询由其应答。",
                           .fields = kFields};

bool is_path(const std::string& path) {
  const auto each = path.find("[*]");
  return !path.empty() && (each == std::string::npos || path.find("[*]", each + 1) == std::string::npos);
}

Result<DeskOptions> read_options(const Setting& outbound, const PartnerId& partner) {
  const auto wrong = [](const Setting& at, const char* name) {
    return error_at(at, make_error(codes::kRegistrySetting, name));
  };
  DeskOptions options;
  options.base = partner;
  options.rules.identity = outbound.texts("identity");
  options.rules.order = outbound.texts("order");
  options.rules.as_of = outbound.text("as_of");
  if (options.rules.identity.empty()) return wrong(outbound, "identity");
  std::vector<std::string> paths = options.rules.identity;
  paths.insert(paths.end(), options.rules.order.begin(), options.rules.order.end());
  for (const Setting& entry : outbound.list("keys")) {
    KeyRule rule{entry.texts("record"), entry.texts("question")};
    if (rule.record.empty() || rule.record.size() != rule.question.size()) return wrong(entry, "record, question");
    paths.insert(paths.end(), rule.record.begin(), rule.record.end());
    options.rules.keys.push_back(std::move(rule));
  }
  if (options.rules.keys.empty()) return wrong(outbound, "keys");
  for (const std::string& path : paths) {
    if (!is_path(path)) return wrong(outbound, "[*]");
  }
  options.limits.max_records = static_cast<std::uint64_t>(outbound.integer("max_records"));
  options.limits.max_bytes = static_cast<std::uint64_t>(outbound.size_bytes("max_bytes"));
  return options;
}

Result<std::shared_ptr<RegistryDesk>> make_desk(const Setting& outbound, const ConnectorContext& context) {
  auto options = read_options(outbound, context.partner);
  if (options.has_error()) return options.error();
  if (context.references == nullptr) return error_at(outbound, make_error(codes::kUnavailable));
  // Shared: the lane and the calls in flight.
  return std::make_shared<RegistryDesk>(std::move(*options), *context.references, context.json, context.clock);
}

Result<std::shared_ptr<OutboundConnector>> make_outbound(const Setting& outbound, const ConnectorContext& context) {
  auto desk = make_desk(outbound, context);
  if (desk.has_error()) return desk.error();
  return std::shared_ptr<OutboundConnector>(std::move(*desk));
}

Result<std::shared_ptr<QueryConnector>> make_query(const Setting& outbound, const ConnectorContext& context) {
  auto desk = make_desk(outbound, context);
  if (desk.has_error()) return desk.error();
  return std::shared_ptr<QueryConnector>(std::move(*desk));
}

}  // namespace

constinit const ConnectorType kRegistryConnector{
    .name = "registry", .outbound_spec = &kSpec, .make_outbound = make_outbound, .make_query = make_query};

}  // namespace tongqu
