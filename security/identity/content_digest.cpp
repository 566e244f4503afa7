#include "security/identity/content_digest.hpp"

#include "security/crypto/suites.hpp"
#include "security/identity/credentials.hpp"
#include "security/identity/identity_codes.hpp"
#include "security/identity/structured_fields.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kHeader = "Content-Digest";

}  // namespace

Result<ContentDigest> ContentDigest::create() {
  auto gm = make_suite(SuiteId::kGm);
  if (gm.has_error()) return gm.error();
  auto intl = make_suite(SuiteId::kIntl);
  if (intl.has_error()) return intl.error();
  ContentDigest made;
  made.gm_ = std::move(*gm);
  made.intl_ = std::move(*intl);
  return made;
}

Status ContentDigest::check(const HttpRequest& request) const {
  if (header_count(request.headers, kHeader) == 0) return {};
  const auto mismatch = [] { return make_error(codes::kIdentityContentDigest); };
  const auto field = only_header(request.headers, kHeader);
  if (!field) return mismatch();
  const auto digests = sf::parse_dictionary(*field);
  if (!digests || digests->repeated) return mismatch();
  bool checked = false;
  for (const Suite* suite : {gm_.get(), intl_.get()}) {
    const sf::Member* member = digests->find(suite->hash_name());
    if (member == nullptr) continue;
    const auto* digest = member->is_list ? nullptr : std::get_if<sf::Binary>(&member->items.front().value);
    if (digest == nullptr || digest->bytes.size() != Digest32().size()) return mismatch();
    if (!request.body_follows && !equal_constant_time(digest->bytes, as_text(suite->hash({request.body}))))
      return mismatch();
    checked = true;
  }
  return checked ? Status{} : Status{mismatch()};
}

std::vector<BodyDigest> ContentDigest::expected(const HttpRequest& request) const {
  std::vector<BodyDigest> all;
  const auto field = only_header(request.headers, kHeader);
  const auto digests = field ? sf::parse_dictionary(*field) : std::nullopt;
  if (!digests || digests->repeated) return all;
  for (const Suite* suite : {gm_.get(), intl_.get()}) {
    const sf::Member* member = digests->find(suite->hash_name());
    const auto* value =
        member == nullptr || member->is_list ? nullptr : std::get_if<sf::Binary>(&member->items.front().value);
    BodyDigest digest{suite->id(), {}};
    if (value == nullptr || value->bytes.size() != digest.digest.size()) continue;
    std::copy(value->bytes.begin(), value->bytes.end(), digest.digest.begin());
    all.push_back(digest);
  }
  return all;
}

std::optional<Digest32> ContentDigest::body_hash(SuiteId hash, const HttpRequest& request) const {
  if (!request.body_follows) return suite(hash).hash({request.body});
  for (const BodyDigest& declared : expected(request)) {
    if (declared.hash == hash) return declared.digest;
  }
  return std::nullopt;
}

std::string ContentDigest::make(SuiteId hash, std::string_view body) const {
  const Suite& chosen = suite(hash);
  return std::string(chosen.hash_name()) + "=:" + to_base64(as_text(chosen.hash({body}))) + ":";
}

}  // namespace tongqu
