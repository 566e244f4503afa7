#pragma once
// One request to the admin interface, and the answers that need no document. For the sources of AdminApi alone.
#include <charconv>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "gateway/admin/admin_api.hpp"
#include "gateway/net/problem.hpp"

namespace tongqu {

struct AdminApi::Call {
  HttpRequest request;
  std::string path;  // below /admin/v1/
  std::map<std::string, std::string> query;
  Done done;
  std::shared_ptr<const AdminPeople> people;  // keeps `person` through a reload
  const AdminPerson* person = nullptr;        // null: the installation's token

  [[nodiscard]] Lang lang() const { return preferred_language(header(request.headers, "Accept-Language")); }
  [[nodiscard]] std::string text(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
  }
  // The number of a parameter, `fallback` when it is absent; empty when it is no number from 0 to `max`.
  [[nodiscard]] std::optional<std::int64_t> number(const std::string& name, std::int64_t fallback,
                                                   std::int64_t max) const {
    const std::string value = text(name);
    if (value.empty()) return fallback;
    std::int64_t parsed = 0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (failed != std::errc{} || end != value.data() + value.size() || parsed < 0 || parsed > max) return std::nullopt;
    return parsed;
  }
};

// Status, content type and body; never cached.
[[nodiscard]] HttpResponse plain(int status, std::string_view type, std::string body);
// "id/verb" in two.
[[nodiscard]] std::pair<std::string, std::string_view> split_verb(std::string_view rest);

}  // namespace tongqu
