// An address out of a message: what is allowed lies below the prefix and has nothing that two readers read differently.
// Then the rest as Content-Range and Retry-After of an answer.
#include <cstdint>
#include <cstdlib>

#include "connectors/fetch/fetch_rules.hpp"
#include "connectors/fetch/http_fetch.hpp"

namespace {

using tongqu::fetch::FetchFrom;

void check_address(std::string_view url) {
  static const auto rules = tongqu::fetch::FetchRules::create({"https://files.example/photos/"}, {});
  const auto address = rules->http_address(url);
  if (address.has_value() != (rules->judge(url) == tongqu::FetchVerdict::kAllowed)) std::abort();
  if (!address) return;
  const std::string_view target = address->target;
  const auto path = target.substr(0, target.find('?'));
  const bool below = address->origin == tongqu::net::Origin{"files.example", 443, true} && path.starts_with("/photos/");
  const bool plain = path.find("/../") == path.npos && !path.ends_with("/..") && target.find('\\') == target.npos;
  const bool visible = target.find_first_of(std::string_view("\r\n \t#\0", 6)) == target.npos;
  if (!below || !plain || !visible) std::abort();
}

void check_answer(std::string_view value) {
  const FetchFrom from{3, 10, "\"a\""};
  for (const int status : {200, 206, 429}) {
    const std::string text(value);
    const auto verdict = tongqu::fetch::judge_head(
        from, {status, {{"Content-Range", text}, {"Retry-After", text}, {"ETag", text}, {"Last-Modified", text}}, {}},
        7, {1'800'000'000'000});
    if (!verdict.content) continue;
    if (verdict.content->offset_bytes != 0 && verdict.content->offset_bytes != from.offset_bytes) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto line = input.find('\n');
  check_address(input.substr(0, line));
  if (line != input.npos) check_answer(input.substr(line + 1));
  (void)tongqu::fetch::is_public_address(std::string(input));
  return 0;
}
