#pragma once
// Errors as values. A code says what happened and, through its kind, what the caller does next.
//
// Contract: an Error or a Fault never carries a value taken from a message. Parameters are names, limits,
// positions and expectations only, so that every error may be logged, stored and shown.
#include <boost/system/result.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongqu {

// What the caller does next. HTTP status, retry and alert derive from it and from nothing else.
enum class ErrorKind : std::uint8_t {
  kInvalid,          // 400/422: the sender mends the message; never retried as it is
  kUnauthenticated,  // 401: the sender mends its credentials or its clock
  kForbidden,        // 403: a grant is missing
  kNotFound,         // 404
  kConflict,         // 409: same key, other content
  kTooLarge,         // 413: above a limit that the code names
  kRateLimited,      // 429: later, with Retry-After
  kUnavailable,      // 503: later; nothing was stored
  kDeadline,         // 504: the answer did not come in time; effect unknown
  kCorrupt,          // stored data or a proof does not fit; stop and look
  kInternal          // 500: a defect of the gateway
};

enum class Lang : std::uint8_t { kEnglish, kChinese };

// One error that can happen, declared once as a constexpr object and referred to by address.
// `id` is stable ("json.duplicate-key"): lower case, a dot, words with hyphens. Texts are constants; "{}" stands
// for the parameter.
struct ErrorCode {
  std::string_view id;
  ErrorKind kind = ErrorKind::kInternal;
  std::string_view en;
  std::string_view zh;
};

// A place in a text: 1-based line and column, column in code points; 0 = unknown.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  friend bool operator==(Position, Position) = default;
};

// Grade of a finding in a message (design section 2, "validate").
enum class Grade : std::uint8_t { kError, kWarning, kHint };

// One fault of one message: which rule, where, how bad.
struct Fault {
  const ErrorCode* code = nullptr;  // never null
  std::string path;                 // JSON path of the field in the received document, "$" = whole document
  std::string field_zh;             // Chinese field name from the schema, empty if it has none
  std::string param;                // replaces "{}" in the text: a limit, an expectation, a table's name; never a value
  Position position;
  Grade grade = Grade::kError;

  [[nodiscard]] std::string text(Lang lang) const;
};

// The one error type between stages.
struct Error {
  const ErrorCode* code = nullptr;  // never null
  std::string param;                // as in Fault
  std::vector<Fault> faults;        // all of them at once; may be empty
  std::int64_t retry_after_ms = 0;  // when it may be tried again, if that is known; 0 = not known

  [[nodiscard]] ErrorKind kind() const { return code->kind; }
  // True when the same request may succeed later unchanged.
  [[nodiscard]] bool retryable() const;
  [[nodiscard]] std::string text(Lang lang) const;
};

// Never called: values are read after has_value() only. Present because boost::system::result asks for it.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, Error>;
using Status = Result<void>;

// Builds an Error from a code. `param` as in Fault.
[[nodiscard]] Error make_error(const ErrorCode& code, std::string param = {});

// Replaces the first "{}" of `text` by `param`.
[[nodiscard]] std::string format_message(std::string_view text, std::string_view param);

[[nodiscard]] std::string_view name_of(ErrorKind kind);  // "invalid", "unauthenticated", …
[[nodiscard]] std::string_view name_of(Grade grade);     // "error", "warning", "hint"
[[nodiscard]] int http_status(ErrorKind kind);

// Codes that more than one folder raises. Every other folder declares its own in "<folder>_codes.hpp" with a
// `std::span<const ErrorCode* const> xxx_codes()`, which app joins for the reference page.
namespace codes {
extern const ErrorCode kUnavailable;
extern const ErrorCode kDeadlinePassed;
extern const ErrorCode kInternal;
extern const ErrorCode kNotFound;
extern const ErrorCode kLimitBytes;
std::span<const ErrorCode* const> core_codes();
}  // namespace codes

}  // namespace tongqu
