#include "gateway/settings/settings_codes.hpp"

#include <array>

namespace tongqu::codes {

const ErrorCode kSettingsInvalid{"settings.invalid", ErrorKind::kInvalid, "The configuration has {} errors.",
                                 "配置有 {} 处错误。"};
const ErrorCode kSettingsUnreadable{"settings.unreadable", ErrorKind::kInvalid, "Cannot be read: {}.",
                                    "无法读取：{}。"};
const ErrorCode kSettingsTooManyFiles{"settings.too-many-files", ErrorKind::kInvalid,
                                      "The configuration has more than {} files.", "配置文件超过 {} 个。"};
const ErrorCode kSettingsFileTooLarge{"settings.file-too-large", ErrorKind::kInvalid,
                                      "The file has more than {} bytes.", "文件超过 {} 字节。"};
const ErrorCode kSettingsTotalTooLarge{"settings.total-too-large", ErrorKind::kInvalid,
                                       "All files together have more than {} bytes.", "全部文件合计超过 {} 字节。"};
const ErrorCode kSettingsUnexpectedFile{"settings.unexpected-file", ErrorKind::kInvalid,
                                        "Nothing reads a YAML file at this place.", "此处的 YAML 文件不会被读取。"};
const ErrorCode kSettingsBadFileName{"settings.bad-file-name", ErrorKind::kInvalid,
                                     "The file name cannot be the name of a {}.", "文件名不能作为 {} 的名称。"};
const ErrorCode kSettingsFileMissing{"settings.file-missing", ErrorKind::kInvalid, "There is no file {}.",
                                     "缺少文件 {}。"};
const ErrorCode kSettingsMoreFaults{"settings.more-faults", ErrorKind::kInvalid, "{} more errors are not listed.",
                                    "另有 {} 处错误未列出。"};

const ErrorCode kSettingsNotUtf8{"settings.not-utf8", ErrorKind::kInvalid, "The file is not UTF-8 from here on.",
                                 "从此处起不是 UTF-8 编码。"};
const ErrorCode kSettingsControlCharacter{"settings.control-character", ErrorKind::kInvalid,
                                          "A control character stands here.", "此处有控制字符。"};
const ErrorCode kSettingsTab{"settings.tab", ErrorKind::kInvalid, "A tab stands here.", "此处有制表符。"};
const ErrorCode kSettingsLineTooLong{"settings.line-too-long", ErrorKind::kInvalid, "The line has more than {} bytes.",
                                     "本行超过 {} 字节。"};
const ErrorCode kSettingsSyntax{"settings.syntax", ErrorKind::kInvalid, "This is not well-formed YAML: {}.",
                                "YAML 格式错误：{}。"};
const ErrorCode kSettingsUnclosedQuote{"settings.unclosed-quote", ErrorKind::kInvalid,
                                       "This quotation mark is not closed on its line.", "引号在本行没有闭合。"};
const ErrorCode kSettingsDuplicateKey{"settings.duplicate-key", ErrorKind::kInvalid,
                                      "This key stands here a second time; the first is on line {}.",
                                      "键重复，第一次出现在第 {} 行。"};
const ErrorCode kSettingsAlias{"settings.alias", ErrorKind::kInvalid, "Anchors (&) and aliases (*) are not allowed.",
                               "不允许使用锚点（&）和别名（*）。"};
const ErrorCode kSettingsTag{"settings.tag", ErrorKind::kInvalid, "Tags (!) are not allowed.",
                             "不允许使用类型标签（!）。"};
const ErrorCode kSettingsManyDocuments{"settings.many-documents", ErrorKind::kInvalid, "A second document begins here.",
                                       "此处开始了第二个文档。"};
const ErrorCode kSettingsTooDeep{"settings.too-deep", ErrorKind::kInvalid, "Nested deeper than {} levels.",
                                 "嵌套超过 {} 层。"};
const ErrorCode kSettingsTooManyValues{"settings.too-many-values", ErrorKind::kInvalid,
                                       "The file holds more than {} values.", "文件中的值超过 {} 个。"};
const ErrorCode kSettingsBadKey{"settings.bad-key", ErrorKind::kInvalid, "A key has to be a word.", "键必须是一个词。"};

const ErrorCode kSettingsUnknownKey{"settings.unknown-key", ErrorKind::kInvalid, "{} has no such field.",
                                    "{}中没有此字段。"};
const ErrorCode kSettingsMissingKey{"settings.missing-key", ErrorKind::kInvalid, "The field \"{}\" is missing.",
                                    "缺少字段“{}”。"};
const ErrorCode kSettingsWrongType{"settings.wrong-type", ErrorKind::kInvalid, "\"{}\" is of another type.",
                                   "“{}”的类型不对。"};
const ErrorCode kSettingsUnknownWord{"settings.unknown-word", ErrorKind::kInvalid, "\"{}\" does not know this word.",
                                     "“{}”不认识这个词。"};
const ErrorCode kSettingsOutOfRange{"settings.out-of-range", ErrorKind::kInvalid, "\"{}\" is out of its range.",
                                    "“{}”超出范围。"};
const ErrorCode kSettingsBadForm{"settings.bad-form", ErrorKind::kInvalid, "\"{}\" has another form.",
                                 "“{}”的写法不对。"};
const ErrorCode kSettingsExactlyOne{"settings.exactly-one", ErrorKind::kInvalid, "Exactly one of {} has to be set.",
                                    "{} 中必须且只能填写一个。"};
const ErrorCode kSettingsDuplicateName{"settings.duplicate-name", ErrorKind::kInvalid,
                                       "Another entry of this list has the same \"{}\".",
                                       "列表中另有一项的“{}”与此相同。"};
const ErrorCode kSettingsUnknownReference{"settings.unknown-reference", ErrorKind::kInvalid,
                                          "There is no {} of this name.", "不存在该名称的 {}。"};
const ErrorCode kSettingsStrayReference{"settings.stray-reference", ErrorKind::kInvalid,
                                        "\"{}\" is not a secret; references are read in secret fields only.",
                                        "“{}”不是密钥字段，只有密钥字段才读取引用。"};

const ErrorCode kSecretLiteral{"secret.literal", ErrorKind::kInvalid,
                               "\"{}\" is a secret; it must not stand in the configuration.",
                               "“{}”是密钥，不得直接写在配置中。"};
const ErrorCode kSecretBadReference{"secret.bad-reference", ErrorKind::kInvalid,
                                    "\"{}\" is not a reference that can be read.", "“{}”不是可读取的引用。"};
const ErrorCode kSecretPkcs11{"secret.pkcs11", ErrorKind::kInvalid,
                              "Keys in a hardware module (pkcs11:) are not available in this build.",
                              "本版本不支持硬件密码模块（pkcs11:）中的密钥。"};
const ErrorCode kSecretPlace{"secret.place", ErrorKind::kInvalid,
                             "A secret inside the configuration directory has to lie in its folder secrets/.",
                             "放在配置目录内的密钥文件必须位于 secrets/ 文件夹。"};
const ErrorCode kSecretUnreadable{"secret.unreadable", ErrorKind::kInvalid, "The secret {} cannot be read.",
                                  "无法读取密钥 {}。"};
const ErrorCode kSecretTooLarge{"secret.too-large", ErrorKind::kInvalid, "The secret has more than {} bytes.",
                                "密钥超过 {} 字节。"};
const ErrorCode kSecretEmpty{"secret.empty", ErrorKind::kInvalid, "The secret {} is empty.", "密钥 {} 为空。"};
const ErrorCode kSecretFileMode{"secret.file-mode", ErrorKind::kInvalid,
                                "The secret {} is readable for other users of this machine.",
                                "密钥 {} 可被本机其他用户读取。"};

const ErrorCode kCopyNotKept{"settings.copy-not-kept", ErrorKind::kUnavailable,
                             "The configuration could not be kept: {}.", "无法保存配置副本：{}。"};
const ErrorCode kCopyMissing{"settings.copy-missing", ErrorKind::kNotFound,
                             "There is no kept configuration with this digest.", "没有该摘要对应的配置副本。"};
const ErrorCode kCopyAltered{"settings.copy-altered", ErrorKind::kCorrupt,
                             "The kept configuration no longer has its digest.", "配置副本与其摘要不符。"};

std::span<const ErrorCode* const> settings_codes() {
  static constexpr std::array kAll{&kSettingsInvalid,
                                   &kSettingsUnreadable,
                                   &kSettingsTooManyFiles,
                                   &kSettingsFileTooLarge,
                                   &kSettingsTotalTooLarge,
                                   &kSettingsUnexpectedFile,
                                   &kSettingsBadFileName,
                                   &kSettingsFileMissing,
                                   &kSettingsMoreFaults,
                                   &kSettingsNotUtf8,
                                   &kSettingsControlCharacter,
                                   &kSettingsTab,
                                   &kSettingsLineTooLong,
                                   &kSettingsSyntax,
                                   &kSettingsUnclosedQuote,
                                   &kSettingsDuplicateKey,
                                   &kSettingsAlias,
                                   &kSettingsTag,
                                   &kSettingsManyDocuments,
                                   &kSettingsTooDeep,
                                   &kSettingsTooManyValues,
                                   &kSettingsBadKey,
                                   &kSettingsUnknownKey,
                                   &kSettingsMissingKey,
                                   &kSettingsWrongType,
                                   &kSettingsUnknownWord,
                                   &kSettingsOutOfRange,
                                   &kSettingsBadForm,
                                   &kSettingsExactlyOne,
                                   &kSettingsDuplicateName,
                                   &kSettingsUnknownReference,
                                   &kSettingsStrayReference,
                                   &kSecretLiteral,
                                   &kSecretBadReference,
                                   &kSecretPkcs11,
                                   &kSecretPlace,
                                   &kSecretUnreadable,
                                   &kSecretTooLarge,
                                   &kSecretEmpty,
                                   &kSecretFileMode,
                                   &kCopyNotKept,
                                   &kCopyMissing,
                                   &kCopyAltered};
  return kAll;
}

}  // namespace tongqu::codes
