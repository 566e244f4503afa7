#include "connectors/support/folder_codes.hpp"

namespace tongqu::codes {

const ErrorCode kFileIo{"file.io", ErrorKind::kUnavailable, "The folder cannot be worked with ({}).",
                        "目录读写失败（{}）。"};
const ErrorCode kFileFull{"file.full", ErrorKind::kUnavailable, "There is no space left ({}).", "存储空间已满（{}）。"};
const ErrorCode kFileDenied{"file.denied", ErrorKind::kUnavailable, "Access is not permitted ({}).",
                            "没有访问权限（{}）。"};
const ErrorCode kFileMissing{"file.missing", ErrorKind::kNotFound, "There is no such file or folder ({}).",
                             "文件或目录不存在（{}）。"};
const ErrorCode kFileTooLarge{"file.too-large", ErrorKind::kTooLarge, "The file is larger than {} bytes.",
                              "文件大小超过 {} 字节。"};

}  // namespace tongqu::codes
