#include "security/identity/message_signature.hpp"

#include <algorithm>

#include "security/crypto/keys.hpp"
#include "security/crypto/random.hpp"
#include "security/crypto/suites.hpp"
#include "security/identity/content_digest.hpp"
#include "security/identity/identity_codes.hpp"
#include "security/identity/structured_fields.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kInputHeader = "Signature-Input";
constexpr std::string_view kSignatureHeader = "Signature";
constexpr std::string_view kDigestHeader = "Content-Digest";
constexpr std::string_view kIdempotencyHeader = "Idempotency-Key";
constexpr std::int64_t kMaxSkewMs = 300'000;
constexpr std::int64_t kMaxSeconds = 100'000'000'000;  // keeps milliseconds far from overflow

// Signatures and shared-secret codes behind one pair of calls.
class SignatureKey {
 public:
  enum class Side : std::uint8_t { kVerify, kSign };
  static Result<SignatureKey> create(std::string_view algorithm, std::string_view key, Side side) {
    SignatureKey made;
    if (algorithm == kHmacSha256) {
      if (key.size() < 16) return make_error(codes::kIdentitySetup, "key length");
      auto suite = make_suite(SuiteId::kIntl);
      if (suite.has_error()) return suite.error();
      made.suite_ = std::move(*suite);
      made.secret_ = key;
    } else if (side == Side::kSign) {
      auto signer = make_signer(algorithm, key);
      if (signer.has_error()) return signer.error();
      made.signer_ = std::move(*signer);
    } else {
      auto verifier = make_verifier(algorithm, key);
      if (verifier.has_error()) return verifier.error();
      made.verifier_ = std::move(*verifier);
    }
    return made;
  }
  SignatureKey(SignatureKey&&) noexcept = default;
  SignatureKey& operator=(SignatureKey&&) noexcept = default;
  ~SignatureKey() { cleanse(secret_); }

  [[nodiscard]] bool verify(std::string_view base, std::string_view signature) const {
    if (verifier_) return verifier_->verify(base, signature);
    return equal_constant_time(signature, as_text(suite_->hmac(secret_, {base})));
  }
  [[nodiscard]] Result<Bytes> sign(std::string_view base) const {
    if (signer_) return signer_->sign(base);
    return Bytes(as_text(suite_->hmac(secret_, {base})));
  }

 private:
  SignatureKey() = default;
  std::unique_ptr<Signer> signer_;
  std::unique_ptr<Verifier> verifier_;
  std::unique_ptr<Suite> suite_;
  Bytes secret_;
};

std::vector<std::string> components_for(const HttpRequest& request) {
  std::vector<std::string> names{"@method", "@path", "@query", "content-digest"};
  if (header_count(request.headers, kIdempotencyHeader) != 0) names.emplace_back("idempotency-key");
  return names;
}

// The parameters of the profile, out of Signature-Input.
struct SignatureParameters {
  std::int64_t created_s = 0;
  std::int64_t expires_s = 0;
  std::string nonce;
  std::string key_id;
  std::string algorithm;
};

std::optional<SignatureParameters> read_parameters(const sf::Parameters& parameters) {
  if (parameters.repeated || parameters.items.size() != 5) return std::nullopt;
  const auto number = [&](std::string_view name) -> const std::int64_t* {
    const sf::BareItem* item = parameters.find(name);
    return item == nullptr ? nullptr : std::get_if<std::int64_t>(item);
  };
  const auto text = [&](std::string_view name) -> const std::string* {
    const sf::BareItem* item = parameters.find(name);
    return item == nullptr ? nullptr : std::get_if<std::string>(item);
  };
  const auto* created = number("created");
  const auto* expires = number("expires");
  const auto* nonce = text("nonce");
  const auto* key_id = text("keyid");
  const auto* algorithm = text("alg");
  if (created == nullptr || expires == nullptr || nonce == nullptr || key_id == nullptr || algorithm == nullptr)
    return std::nullopt;
  const bool sane = *created >= 0 && *expires > *created && *expires <= kMaxSeconds &&
                    *expires - *created <= kMaxSignatureLifeS && is_nonce(*nonce);
  if (!sane) return std::nullopt;
  return SignatureParameters{*created, *expires, *nonce, *key_id, *algorithm};
}

// This profile's member of a header that stands once and names no label twice.
std::optional<sf::Member> labelled_member(const HttpRequest& request, std::string_view header_name) {
  const auto field = only_header(request.headers, header_name);
  if (!field) return std::nullopt;
  const auto dictionary = sf::parse_dictionary(*field);
  if (!dictionary || dictionary->repeated) return std::nullopt;
  const sf::Member* member = dictionary->find(kSignatureLabel);
  if (member == nullptr) return std::nullopt;
  return *member;
}

bool covers_exactly(const sf::Member& input, const std::vector<std::string>& components) {
  if (!input.is_list || input.items.size() != components.size()) return false;
  for (std::size_t i = 0; i < components.size(); ++i) {
    const auto* name = std::get_if<std::string>(&input.items[i].value);
    if (name == nullptr || *name != components[i] || !input.items[i].parameters.items.empty()) return false;
  }
  return true;
}

bool has_single_lines(const HttpRequest& request) {
  return is_one_line(request.method) && is_one_line(request.target) &&
         header_count(request.headers, kIdempotencyHeader) <= 1 &&
         is_one_line(header(request.headers, kIdempotencyHeader)) &&
         is_one_line(header(request.headers, kDigestHeader));
}

class MessageSignatureAuthenticator final : public Authenticator {
 public:
  MessageSignatureAuthenticator(MessageSignatureOptions options, SignatureKey key, ContentDigest digests,
                                const Clock& clock)
      : options_(std::move(options)), key_(std::move(key)), digests_(std::move(digests)), clock_(clock) {}

  [[nodiscard]] Result<Identity> authenticate(const HttpRequest& request) const override {
    const auto input = labelled_member(request, kInputHeader);
    const auto signature_member = labelled_member(request, kSignatureHeader);
    if (!input || !signature_member || signature_member->is_list || !has_single_lines(request) ||
        header_count(request.headers, kDigestHeader) != 1)
      return refused();
    const auto* signature = std::get_if<sf::Binary>(&signature_member->items.front().value);
    const auto components = components_for(request);
    const auto parameters = read_parameters(input->parameters);
    if (signature == nullptr || !parameters || !covers_exactly(*input, components) ||
        parameters->key_id != options_.key_id || parameters->algorithm != options_.algorithm)
      return refused();
    const std::string serialized = sf::serialize(*input);
    const auto base = signature_base(request, components, serialized);
    if (!base || !key_.verify(*base, signature->bytes)) return refused();

    // From here on the caller holds the key, and may know what is wrong.
    const Instant now = clock_.now();
    const std::int64_t opens_ms = parameters->created_s * 1000 - options_.max_clock_skew_ms;
    const std::int64_t closes_ms = parameters->expires_s * 1000 + options_.max_clock_skew_ms;
    if (now.ms < opens_ms || now.ms > closes_ms) return clock_error(now);
    const Status digest = digests_.check(request);
    if (digest.has_error()) return digest.error();
    return Identity{options_.partner,
                    "rfc9421:" + options_.algorithm,
                    parameters->nonce,
                    closes_ms + 1,
                    std::string(kSignatureLabel) + "=" + serialized + ", :" + to_base64(signature->bytes) + ":",
                    request.body_follows ? digests_.expected(request) : std::vector<BodyDigest>()};
  }

 private:
  MessageSignatureOptions options_;
  SignatureKey key_;
  ContentDigest digests_;
  const Clock& clock_;
};

class MessageSignatureSigner final : public RequestSigner {
 public:
  MessageSignatureSigner(MessageSignatureOptions options, SignatureKey key, ContentDigest digests, const Clock& clock,
                         NonceSource nonces)
      : options_(std::move(options)),
        key_(std::move(key)),
        digests_(std::move(digests)),
        clock_(clock),
        nonces_(std::move(nonces)) {}

  [[nodiscard]] Status sign(HttpRequest& request) const override {
    auto nonce = nonces_();
    if (nonce.has_error()) return nonce.error();
    set_header(request.headers, kDigestHeader, digests_.make(options_.digest, request.body));
    if (!has_single_lines(request)) return refused();
    const auto components = components_for(request);
    const std::int64_t created_s = clock_.now().ms / 1000;
    sf::Member input;
    input.is_list = true;
    for (const std::string& name : components) input.items.push_back({name, {}});
    input.parameters.items = {{"created", created_s},
                              {"expires", created_s + options_.life_s},
                              {"nonce", std::move(*nonce)},
                              {"keyid", options_.key_id},
                              {"alg", options_.algorithm}};
    const std::string serialized = sf::serialize(input);
    const auto base = signature_base(request, components, serialized);
    if (!base) return refused();
    const auto signature = key_.sign(*base);
    if (signature.has_error()) return signature.error();
    const std::string label = std::string(kSignatureLabel) + "=";
    set_header(request.headers, kInputHeader, label + serialized);
    set_header(request.headers, kSignatureHeader, label + sf::serialize(sf::BareItem(sf::Binary{*signature})));
    return {};
  }

 private:
  MessageSignatureOptions options_;
  SignatureKey key_;
  ContentDigest digests_;
  const Clock& clock_;
  NonceSource nonces_;
};

Status check_options(const MessageSignatureOptions& options) {
  const bool visible =
      !options.key_id.empty() && options.key_id.size() <= 128 &&
      std::all_of(options.key_id.begin(), options.key_id.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (!visible) return make_error(codes::kIdentitySetup, "key id");
  if (options.max_clock_skew_ms < 0 || options.max_clock_skew_ms > kMaxSkewMs)
    return make_error(codes::kIdentitySetup, "max_clock_skew");
  if (options.life_s < 1 || options.life_s > kMaxSignatureLifeS) return make_error(codes::kIdentitySetup, "life");
  return {};
}

}  // namespace

std::optional<std::string> claimed_key_id(const HttpRequest& request) {
  const auto input = labelled_member(request, kInputHeader);
  if (!input) return std::nullopt;
  const sf::BareItem* key_id = input->parameters.find("keyid");
  const auto* text = key_id == nullptr ? nullptr : std::get_if<std::string>(key_id);
  if (text == nullptr) return std::nullopt;
  return *text;
}

std::optional<std::string> component_value(const HttpRequest& request, std::string_view name) {
  if (name == "@method") return request.method;
  const auto mark = request.target.find('?');
  if (name == "@path") {
    std::string path = request.target.substr(0, mark);
    return path.empty() ? "/" : path;
  }
  if (name == "@query") return mark == std::string::npos ? "?" : request.target.substr(mark);
  std::optional<std::string> joined;
  for (const auto& one : request.headers) {
    if (header_count({one}, name) == 0) continue;
    const auto first = one.second.find_first_not_of(" \t");
    const std::string trimmed =
        first == std::string::npos ? "" : one.second.substr(first, one.second.find_last_not_of(" \t") - first + 1);
    joined = joined ? *joined + ", " + trimmed : trimmed;
  }
  return joined;
}

std::optional<std::string> signature_base(const HttpRequest& request, const std::vector<std::string>& components,
                                          std::string_view parameters) {
  std::string base;
  for (const std::string& name : components) {
    const auto value = component_value(request, name);
    if (!value) return std::nullopt;
    base.append("\"").append(name).append("\": ").append(*value).append("\n");
  }
  return base.append("\"@signature-params\": ").append(parameters);
}

Result<std::unique_ptr<Authenticator>> make_message_signature_authenticator(MessageSignatureOptions options,
                                                                            const Clock& clock) {
  const Status checked = check_options(options);
  if (checked.has_error()) return checked.error();
  auto key = SignatureKey::create(options.algorithm, options.key, SignatureKey::Side::kVerify);
  if (key.has_error()) return key.error();
  auto digests = ContentDigest::create();
  if (digests.has_error()) return digests.error();
  cleanse(options.key);
  return std::unique_ptr<Authenticator>{
      std::make_unique<MessageSignatureAuthenticator>(std::move(options), std::move(*key), std::move(*digests), clock)};
}

Result<std::unique_ptr<RequestSigner>> make_message_signature_signer(MessageSignatureOptions options,
                                                                     const Clock& clock, NonceSource nonces) {
  const Status checked = check_options(options);
  if (checked.has_error()) return checked.error();
  auto key = SignatureKey::create(options.algorithm, options.key, SignatureKey::Side::kSign);
  if (key.has_error()) return key.error();
  auto digests = ContentDigest::create();
  if (digests.has_error()) return digests.error();
  cleanse(options.key);
  return std::unique_ptr<RequestSigner>{std::make_unique<MessageSignatureSigner>(
      std::move(options), std::move(*key), std::move(*digests), clock, std::move(nonces))};
}

}  // namespace tongqu
