#include "security/privacy/sealed_values.hpp"

#include <algorithm>
#include <array>

#include "security/crypto/crypto_codes.hpp"
#include "security/crypto/suites.hpp"
#include "security/privacy/privacy_codes.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kPrefix = "sealed:v1:";
constexpr std::size_t kMaxNameBytes = 1024;
constexpr std::size_t kMaxTextBytes = 256 * 1024;  // well above what the largest value gives
constexpr std::size_t kLengthBytes = 2;

std::string to_base64url(std::string_view bytes) {
  std::string text = to_base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

// Strict: the alphabet, no padding, no bits left over.
std::optional<Bytes> from_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '-', '+');
  std::replace(plain.begin(), plain.end(), '_', '/');
  plain.append((4 - plain.size() % 4) % 4, '=');
  return from_base64(plain);
}

bool is_name(std::string_view text) {
  return text.size() <= kMaxNameBytes && text.find('\n') == std::string_view::npos;
}

std::string context_of(const SealedPlace& place) { return place.recipient + "\n" + place.service + "\n" + place.path; }

std::optional<SealedPlace> place_of(std::string_view context) {
  const auto first = context.find('\n');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = context.find('\n', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  SealedPlace place{std::string(context.substr(0, first)), std::string(context.substr(first + 1, second - first - 1)),
                    std::string(context.substr(second + 1))};
  if (place.path.find('\n') != std::string::npos) return std::nullopt;
  return place;
}

struct Split {
  std::string_view suite;
  std::string_view key_id;
  std::string_view body;
};

std::optional<Split> split(std::string_view text) {
  if (text.size() > kMaxTextBytes || !text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  const auto suite = text.find(':');
  if (suite == std::string_view::npos) return std::nullopt;
  const auto key = text.find(':', suite + 1);
  if (key == std::string_view::npos) return std::nullopt;
  return Split{text.substr(0, suite), text.substr(suite + 1, key - suite - 1), text.substr(key + 1)};
}

}  // namespace

ValueSealer::ValueSealer(std::unique_ptr<PublicSealer> sealer, std::optional<Instant> expires, const Clock* clock)
    : sealer_(std::move(sealer)), expires_(expires), clock_(clock) {}

Result<std::string> ValueSealer::seal(const SealedPlace& place, std::string_view value) const {
  if (expires_ && (clock_ == nullptr || clock_->now() >= *expires_)) return make_error(codes::kSealExpired);
  if (!is_name(place.recipient) || !is_name(place.service) || !is_name(place.path))
    return make_error(codes::kSealPlace);
  const std::string context = context_of(place);
  auto sealed = sealer_->seal(context, value);
  if (sealed.has_error()) return sealed.error();
  Bytes body{static_cast<char>(context.size() >> 8U), static_cast<char>(context.size() & 0xFFU)};
  body.append(context).append(*sealed);
  std::string out(kPrefix);
  out.append(name_of(sealer_->suite())).append(":").append(sealer_->key_id()).append(":").append(to_base64url(body));
  return out;
}

Result<OpenedValue> open_sealed(const PublicOpener& opener, std::string_view text) {
  const auto parts = split(text);
  if (!parts) return make_error(codes::kSealedForm);
  if (parts->suite != name_of(opener.suite()) || parts->key_id != opener.key_id()) return make_error(codes::kSealedKey);
  const auto body = from_base64url(parts->body);
  if (!body || body->size() < kLengthBytes) return make_error(codes::kSealedForm);
  const auto high = static_cast<unsigned char>((*body)[0]);
  const auto low = static_cast<unsigned char>((*body)[1]);
  const std::size_t length = static_cast<std::size_t>(high) << 8U | low;
  const std::string_view rest = std::string_view(*body).substr(kLengthBytes);
  if (length > rest.size()) return make_error(codes::kSealedForm);
  auto place = place_of(rest.substr(0, length));
  if (!place) return make_error(codes::kSealedForm);
  auto value = opener.open(rest.substr(0, length), rest.substr(length));
  if (value.has_error()) return value.error();
  return OpenedValue{std::move(*place), std::move(*value)};
}

Result<std::string> open_sealed_at(const PublicOpener& opener, const SealedPlace& place, std::string_view text) {
  auto opened = open_sealed(opener, text);
  if (opened.has_error()) return opened.error();
  if (opened->place != place) return make_error(codes::kCryptoSealed);
  return std::move(opened->value);
}

}  // namespace tongqu
