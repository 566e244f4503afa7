#include "connectors/link/link_fields.hpp"

#include <cstdint>

namespace tongqu {
namespace {

using enum SettingType;
using Word = std::string_view;
using std::int64_t;

constexpr int64_t kSecond = 1000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

constexpr Word kModes[] = {"two-way", "one-way"};
constexpr Word kTypes[] = {"txt", "xml"};

constexpr FieldSpec kLink{
    .name = "link",
    .type = kText,
    .en = "Name of this direction, the same on both sides; a new one begins a new series of numbers.",
    .zh = "本方向链路名，两侧一致；启用新名即重新编号。",
    .required = true,
    .min = 1,
    .max = 40,
    .pattern = "[a-z0-9][a-z0-9-]*",
    .pattern_en = "small letters, digits, dash",
    .pattern_zh = "小写字母、数字、横线",
};
constexpr FieldSpec kKey{
    .name = "key",
    .type = kSecret,
    .en = "Our private key that signs files of the link, PEM.",
    .zh = "本侧签名私钥（PEM）。",
    .required = true,
};
constexpr FieldSpec kPeerKey{
    .name = "peer_key",
    .type = kReference,
    .en = "Public key of the other gateway, PEM.",
    .zh = "对端网关公钥（PEM）。",
    .required = true,
};
constexpr FieldSpec kMode{
    .name = "mode",
    .type = kEnum,
    .en = "one-way: nothing comes back but the reconciliation lists that a person carries.",
    .zh = "one-way（单向）：只有人工携带的对账清单能够返回。",
    .default_text = "two-way",
    .words = kModes,
};
constexpr FieldSpec kType{
    .name = "file_type",
    .type = kEnum,
    .en = "File type that the 网闸 lets through; the files really are of it.",
    .zh = "网闸放行的文件类型，文件内容与类型相符。",
    .default_text = "txt",
    .words = kTypes,
};
constexpr FieldSpec kMaxBundleBytes{
    .name = "max_bundle_bytes",
    .type = kSize,
    .en = "Largest file, either way, as the 网闸 permits and the same on both sides; a message takes 4/3 of its size.",
    .zh = "单个文件大小上限（按网闸限制，两侧一致）；报文编码后为原大小的 4/3。",
    .default_text = "8MiB",
    .min = 64 * 1024,
    .max = int64_t{64} << 20,
};
constexpr FieldSpec kSettle{
    .name = "settle",
    .type = kDuration,
    .en = "A file that cannot be read is bad when it has not changed for so long.",
    .zh = "无法读取的文件多久不再变化即判为损坏。",
    .default_text = "30s",
    .min = 0,
    .max = kHour,
};
constexpr FieldSpec kPoll{
    .name = "poll",
    .type = kDuration,
    .en = "Time between two looks into the folder.",
    .zh = "查看目录的间隔。",
    .default_text = "5s",
    .min = 10,
    .max = kHour,
};
constexpr FieldSpec kOutFolder{
    .name = "folder",
    .type = kPath,
    .en = "Absolute name of the folder that bundles are put into.",
    .zh = "投放数据包的目录（绝对路径）。",
    .required = true,
};
constexpr FieldSpec kOutAckFolder{
    .name = "ack_folder",
    .type = kPath,
    .en = "Absolute name of the folder where the other side's answers and lists arrive.",
    .zh = "接收对端回执与对账清单的目录（绝对路径）。",
    .required = true,
};
constexpr FieldSpec kMaxMessages{
    .name = "max_messages",
    .type = kInteger,
    .en = "Messages that close a bundle.",
    .zh = "单包报文数上限。",
    .default_text = "500",
    .min = 1,
    .max = 10'000,
};
constexpr FieldSpec kMaxDelay{
    .name = "max_delay",
    .type = kDuration,
    .en = "How long the first message waits for others; less than timeout.",
    .zh = "首条报文等待成包的最长时间，须小于 timeout。",
    .default_text = "3s",
    .min = 1,
    .max = 10 * kMinute,
};
constexpr FieldSpec kResendAfter{
    .name = "resend_after",
    .type = kDuration,
    .en = "An unanswered bundle is put into the folder again after this; not with one-way.",
    .zh = "未获回执的包多久后重发；单向模式不适用。",
    .default_text = "10m",
    .min = 100,
    .max = 7 * kDay,
};
constexpr FieldSpec kAskAgain{
    .name = "ask_again",
    .type = kDuration,
    .en = "How often the delivery of a message whose answer is awaited is looked at.",
    .zh = "等待回执的报文多久查询一次。",
    .default_text = "1m",
    .min = 10,
    .max = kDay,
};
constexpr FieldSpec kMaxOpenMessages{
    .name = "max_open_messages",
    .type = kInteger,
    .en = "Messages without answer; further ones wait in the outbox.",
    .zh = "未获回执的报文数上限，其余在发件箱等待。",
    .default_text = "10000",
    .min = 1,
    .max = 100'000,
};
constexpr FieldSpec kInFolder{
    .name = "folder",
    .type = kPath,
    .en = "Absolute name of the folder where bundles arrive.",
    .zh = "接收数据包的目录（绝对路径）。",
    .required = true,
};
constexpr FieldSpec kInAckFolder{
    .name = "ack_folder",
    .type = kPath,
    .en = "Absolute name of the folder that answers (one-way: lists) are put into.",
    .zh = "投放回执（单向模式为对账清单）的目录（绝对路径）。",
    .required = true,
};
constexpr FieldSpec kParallel{
    .name = "parallel_entries",
    .type = kInteger,
    .en = "Entries handed to the line at once.",
    .zh = "同时入库的报文数上限。",
    .default_text = "16",
    .min = 1,
    .max = 256,
};
constexpr FieldSpec kAskEvery{
    .name = "ask_every",
    .type = kDuration,
    .en = "Time between two requests for a missing bundle.",
    .zh = "缺包重发请求的间隔。",
    .default_text = "5m",
    .min = 10,
    .max = kDay,
};
constexpr FieldSpec kListEvery{
    .name = "list_every",
    .type = kDuration,
    .en = "One-way: how often the reconciliation list of the day is written.",
    .zh = "单向模式：当日对账清单的生成间隔。",
    .default_text = "10m",
    .min = 10,
    .max = kDay,
};

constexpr FieldSpec kOutFields[] = {kLink,     kOutFolder, kOutAckFolder,   kKey,         kPeerKey,
                                    kMode,     kType,      kSettle,         kPoll,        kMaxMessages,
                                    kMaxDelay, kAskAgain,  kMaxBundleBytes, kResendAfter, kMaxOpenMessages};
constexpr FieldSpec kInFields[] = {kLink,   kInFolder, kInAckFolder, kKey,      kPeerKey,   kMode,          kType,
                                   kSettle, kPoll,     kParallel,    kAskEvery, kListEvery, kMaxBundleBytes};

}  // namespace

constinit const PluginSpec kLinkConnectorSpec{.kind = "connector",
                                              .variant = "link",
                                              .en = "Another gateway that only files reach, by signed bundles.",
                                              .zh = "经网闸以签名数据包发往对端网关。",
                                              .fields = kOutFields};
constinit const PluginSpec kLinkIntakeSpec{.kind = "intake",
                                           .variant = "link",
                                           .en = "Another gateway that only files reach, by signed bundles.",
                                           .zh = "经网闸以签名数据包接收对端网关。",
                                           .fields = kInFields};

}  // namespace tongqu
