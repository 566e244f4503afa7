#include "connectors/catalogue/catalogue_connector.hpp"

namespace tongqu {
namespace {

using enum SettingType;
using Word = std::string_view;

constexpr Word kForms[] = {"whole", "delta"};

constexpr FieldSpec kPublicationFields[] = {
    {.name = "to", .en = "Who is told.", .zh = "发布对象。", .required = true, .refers_to = "partner"},
    {.name = "service",
     .en = "Service of this partner that carries it.",
     .zh = "承载该目录的服务，须列于 services。",
     .required = true,
     .refers_to = "service"},
    {.name = "table",
     .en = "Code table, such as national/problem-category: the version in force. Without it the units.",
     .zh = "代码表，例如 national/problem-category，取现行版本；不填则为组织机构。",
     .max = 80},
    {.name = "form",
     .type = kEnum,
     .en = "delta: what changed since the last message that the partner acknowledged, else the whole; whole: always.",
     .zh = "delta：自对方最近一次确认以来的变化，无法确定时为全量；whole：总是全量。",
     .default_text = "whole",
     .words = kForms},
};
constexpr FieldSpec kPublication{.name = "publication",
                                 .type = kObject,
                                 .en = "One directory for one partner.",
                                 .zh = "向一方发布一份目录。",
                                 .fields = kPublicationFields};

constexpr FieldSpec kInboundFields[] = {
    {.name = "at",
     .type = kTime,
     .en = "Time of day, Beijing, at which what changed is published; without it only `tongqu directory publish` does.",
     .zh = "每日发布变化的时刻（北京时间）；不填则仅由 tongqu directory publish 发布。"},
    {.name = "publish",
     .type = kList,
     .en = "What is published to whom.",
     .zh = "向谁发布什么。",
     .required = true,
     .min = 1,
     .max = 500,
     .item = &kPublication},
};

constexpr PluginSpec kInboundSpec{
    .kind = "intake",
    .variant = "catalogue",
    .en = "The gateway itself: its code tables and units are published to other partners (docs/directories.md).",
    .zh = "本网关自身：向其他接入方发布代码表和组织机构目录（docs/directories.md）。",
    .fields = kInboundFields};

}  // namespace

const ConnectorType kCatalogueConnector{.name = "catalogue", .inbound_spec = &kInboundSpec};

}  // namespace tongqu
