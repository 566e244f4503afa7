#include "gateway/core/error.hpp"

#include <array>
#include <cstdlib>

namespace tongqu {

namespace codes {
const ErrorCode kUnavailable{"gateway.unavailable", ErrorKind::kUnavailable,
                             "The gateway cannot store now; nothing was stored. Try again later.",
                             "网关暂时无法落库，本次请求未保存，请稍后重试。"};
const ErrorCode kDeadlinePassed{"gateway.deadline", ErrorKind::kDeadline, "No answer within {} ms.",
                                "在 {} 毫秒内没有得到应答。"};
const ErrorCode kInternal{"gateway.internal", ErrorKind::kInternal, "A defect of the gateway: {}.",
                          "网关内部缺陷：{}。"};
const ErrorCode kNotFound{"gateway.not-found", ErrorKind::kNotFound, "There is no such {}.", "找不到：{}。"};
const ErrorCode kLimitBytes{"gateway.limit-bytes", ErrorKind::kTooLarge, "More than {} bytes.", "超过 {} 字节的上限。"};

std::span<const ErrorCode* const> core_codes() {
  static constexpr std::array<const ErrorCode*, 5> kAll{&kUnavailable, &kDeadlinePassed, &kInternal, &kNotFound,
                                                        &kLimitBytes};
  return kAll;
}
}  // namespace codes

std::string format_message(std::string_view text, std::string_view param) {
  const auto at = text.find("{}");
  if (at == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size() + param.size());
  out.append(text.substr(0, at)).append(param).append(text.substr(at + 2));
  return out;
}

std::string Fault::text(Lang lang) const { return format_message(lang == Lang::kChinese ? code->zh : code->en, param); }

std::string Error::text(Lang lang) const { return format_message(lang == Lang::kChinese ? code->zh : code->en, param); }

bool Error::retryable() const {
  return kind() == ErrorKind::kUnavailable || kind() == ErrorKind::kRateLimited || kind() == ErrorKind::kDeadline;
}

void throw_exception_from_error(const Error&, const boost::source_location&) { std::abort(); }

Error make_error(const ErrorCode& code, std::string param) { return Error{&code, std::move(param), {}}; }

std::string_view name_of(ErrorKind kind) {
  static constexpr std::array<std::string_view, 11> kNames{"invalid",  "unauthenticated", "forbidden",    "not-found",
                                                           "conflict", "too-large",       "rate-limited", "unavailable",
                                                           "deadline", "corrupt",         "internal"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Grade grade) {
  static constexpr std::array<std::string_view, 3> kNames{"error", "warning", "hint"};
  return kNames[static_cast<std::size_t>(grade)];
}

int http_status(ErrorKind kind) {
  static constexpr std::array<int, 11> kStatus{400, 401, 403, 404, 409, 413, 429, 503, 504, 500, 500};
  return kStatus[static_cast<std::size_t>(kind)];
}

}  // namespace tongqu
