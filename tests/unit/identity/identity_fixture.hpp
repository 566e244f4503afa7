#pragma once
// Requests for the tests of security/identity.
#include <functional>
#include <string>

#include "gateway/core/identity.hpp"
#include "security/identity/credentials.hpp"
#include "tests/support/manual_clock.hpp"

namespace tongqu::test {

inline HttpRequest request(std::string body = "{}") {
  HttpRequest made;
  made.method = "POST";
  made.target = "/exchange/v1/workorder.transfer?round=1";
  made.headers = {{"Host", "gateway.example.cn"}, {"Content-Type", "application/json"}, {"Idempotency-Key", "key-1"}};
  made.body = std::move(body);
  made.peer.address = "10.1.2.3";
  return made;
}

inline void replace(HttpRequest& request, std::string_view name, std::string value) {
  set_header(request.headers, name, std::move(value));
}
inline void drop(HttpRequest& request, std::string_view name) {
  std::erase_if(request.headers, [name](const auto& h) { return header_count({h}, name) != 0; });
}
inline void repeat(HttpRequest& request, std::string name) {
  request.headers.emplace_back(name, std::string(header(request.headers, name)));
}

struct Alteration {
  std::string_view name;
  std::function<void(HttpRequest&)> apply;
};

inline const ErrorCode* code_of(const Result<Identity>& result) {
  return result.has_error() ? result.error().code : nullptr;
}

}  // namespace tongqu::test
