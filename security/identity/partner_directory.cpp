#include "security/identity/partner_directory.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "security/identity/content_digest.hpp"
#include "security/identity/credentials.hpp"
#include "security/identity/identity_codes.hpp"
#include "security/identity/message_signature.hpp"
#include "security/identity/sharing_scheme.hpp"
#include "security/identity/static_key_scheme.hpp"

namespace tongqu {
namespace {

bool is_sha256_hex(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

class MtlsAuthenticator final : public Authenticator {
 public:
  MtlsAuthenticator(MtlsOptions options, ContentDigest digests, std::unique_ptr<Authenticator> then)
      : options_(std::move(options)), digests_(std::move(digests)), then_(std::move(then)) {}

  [[nodiscard]] Result<Identity> authenticate(const HttpRequest& request) const override {
    if (!request.peer.tls || !matches(request.peer)) return refused();
    if (then_) {
      auto identity = then_->authenticate(request);
      if (identity.has_error()) return identity.error();
      if (identity->partner != options_.partner) return refused();
      identity->method = "mtls+" + identity->method;
      return identity;
    }
    const Status digest = digests_.check(request);
    if (digest.has_error()) return digest.error();
    return Identity{options_.partner,
                    "mtls",
                    "",
                    0,
                    "",
                    request.body_follows ? digests_.expected(request) : std::vector<BodyDigest>()};
  }

 private:
  [[nodiscard]] bool matches(const Peer& peer) const {
    const auto& pins = options_.cert_sha256;
    const auto& subjects = options_.subjects;
    const bool pinned = std::any_of(pins.begin(), pins.end(),
                                    [&](const std::string& pin) { return equal_constant_time(pin, peer.cert_sha256); });
    const bool named =
        !peer.cert_subject.empty() && std::find(subjects.begin(), subjects.end(), peer.cert_subject) != subjects.end();
    return pinned || named;
  }

  MtlsOptions options_;
  ContentDigest digests_;
  std::unique_ptr<Authenticator> then_;
};

using ClaimIndex = std::unordered_map<std::string, const PartnerCredential*>;

Status claim(ClaimIndex& index, const std::string& value, const PartnerCredential& credential, const char* kind) {
  if (value.empty()) return {};
  if (!index.emplace(value, &credential).second) return make_error(codes::kIdentityDuplicate, kind);
  return {};
}

}  // namespace

Result<std::unique_ptr<Authenticator>> make_mtls_authenticator(MtlsOptions options,
                                                               std::unique_ptr<Authenticator> then) {
  const auto& subjects = options.subjects;
  if (options.cert_sha256.empty() && subjects.empty()) return make_error(codes::kIdentitySetup, "certificate");
  if (!std::all_of(options.cert_sha256.begin(), options.cert_sha256.end(), is_sha256_hex))
    return make_error(codes::kIdentitySetup, "certificate sha256");
  if (std::any_of(subjects.begin(), subjects.end(), [](const std::string& s) { return s.empty(); }))
    return make_error(codes::kIdentitySetup, "certificate subject");
  auto digests = ContentDigest::create();
  if (digests.has_error()) return digests.error();
  return std::unique_ptr<Authenticator>{
      std::make_unique<MtlsAuthenticator>(std::move(options), std::move(*digests), std::move(then))};
}

struct PartnerDirectory::Index {
  std::vector<PartnerCredential> credentials;
  ClaimIndex by_api_key;
  ClaimIndex by_signature_key;
  ClaimIndex by_static_key;  // by digest: finding it tells nothing about how near a guess was
  ClaimIndex by_bearer;      // as above
  ClaimIndex by_sharing_rid;
  ClaimIndex by_cert;
  ClaimIndex by_subject;

  explicit Index(ContentDigest made) : digests(std::move(made)) {}

  [[nodiscard]] std::string digest_of(std::string_view key) const {
    return key.empty() ? std::string() : to_hex(as_text(digests.suite(SuiteId::kIntl).hash({key})));
  }

  Status add(PartnerCredential& credential) {
    credential.static_key = digest_of(credential.static_key);
    credential.bearer = digest_of(credential.bearer);
    const bool claims = told_apart(credential) || !credential.cert_sha256.empty() || !credential.cert_subjects.empty();
    if (!claims || !credential.authenticator || credential.partner.empty())
      return make_error(codes::kIdentitySetup, "credential without claim or scheme");
    Status added = claim(by_api_key, credential.api_key_id, credential, "API key id");
    if (!added.has_error())
      added = claim(by_signature_key, credential.signature_key_id, credential, "signature key id");
    if (!added.has_error()) added = claim(by_static_key, credential.static_key, credential, "API key");
    if (!added.has_error()) added = claim(by_bearer, credential.bearer, credential, "bearer token");
    if (!added.has_error()) added = claim(by_sharing_rid, credential.sharing_rid, credential, "gjgxjhpt_rid");
    for (const std::string& pin : credential.cert_sha256) {
      if (!added.has_error()) added = claim_certificate(by_cert, pin, credential);
    }
    for (const std::string& subject : credential.cert_subjects) {
      if (!added.has_error()) added = claim_certificate(by_subject, subject, credential);
    }
    return added;
  }

  static bool told_apart(const PartnerCredential& credential) {
    return !credential.api_key_id.empty() || !credential.signature_key_id.empty() || !credential.static_key.empty() ||
           !credential.bearer.empty() || !credential.sharing_rid.empty();
  }

  // Credentials of one partner may share a certificate when key ids tell them apart; the first is looked up by it.
  static Status claim_certificate(ClaimIndex& index, const std::string& value, const PartnerCredential& credential) {
    const auto known = index.find(value);
    if (known == index.end()) return claim(index, value, credential, "certificate");
    if (known->second->partner == credential.partner && told_apart(credential)) return {};
    return make_error(codes::kIdentityDuplicate, "certificate");
  }

  static const PartnerCredential* find(const ClaimIndex& index, const std::string& value) {
    const auto found = value.empty() ? index.end() : index.find(value);
    return found == index.end() ? nullptr : found->second;
  }

  [[nodiscard]] const PartnerCredential* by_certificate(const Peer& peer) const {
    const PartnerCredential* pinned = find(by_cert, peer.cert_sha256);
    return pinned != nullptr ? pinned : find(by_subject, peer.cert_subject);
  }

  // What one header of the request claims; null when the request does not carry it.
  using Named = std::optional<const PartnerCredential*>;
  [[nodiscard]] Named named_by_api_key(const HttpRequest& request) const {
    if (header_count(request.headers, "X-Api-Key") == 0) return std::nullopt;
    const auto key = only_header(request.headers, "X-Api-Key");
    if (!key) return nullptr;
    const PartnerCredential* by_id = find(by_api_key, std::string(*key));
    return by_id != nullptr ? by_id : find(by_static_key, digest_of(*key));
  }
  [[nodiscard]] Named named_by_signature(const HttpRequest& request) const {
    if (header_count(request.headers, "Signature-Input") == 0) return std::nullopt;
    return find(by_signature_key, claimed_key_id(request).value_or(""));
  }
  [[nodiscard]] Named named_by_bearer(const HttpRequest& request) const {
    if (header_count(request.headers, "Authorization") == 0) return std::nullopt;
    return find(by_bearer, digest_of(claimed_static_key(request, StaticKeyPlace::kBearer)));
  }
  [[nodiscard]] Named named_by_sharing(const HttpRequest& request) const {
    if (header_count(request.headers, kSharingRid) == 0) return std::nullopt;
    return find(by_sharing_rid, std::string(only_header(request.headers, kSharingRid).value_or("")));
  }

  // The credential that the headers of the request name, or, when it carries none of them, its certificate. An
  // X-Api-Key may stand beside a signature that nobody registered; every other pair has to name the same credential.
  [[nodiscard]] const PartnerCredential* claimed(const HttpRequest& request) const {
    const PartnerCredential* certified = by_certificate(request.peer);
    const Named api_key = named_by_api_key(request);
    Named named = api_key;
    for (const Named& other : {named_by_signature(request), named_by_bearer(request), named_by_sharing(request)}) {
      if (!other) continue;
      if (!named) {
        named = other;
      } else if (*other != nullptr && *other != *named) {
        return nullptr;
      }
    }
    if (!named) return certified;
    if (*named != nullptr && certified != nullptr && certified->partner != (*named)->partner) return nullptr;
    return *named;
  }

  ContentDigest digests;
};

PartnerDirectory::PartnerDirectory(std::unique_ptr<Index> index) : index_(std::move(index)) {}
PartnerDirectory::~PartnerDirectory() = default;

Result<std::unique_ptr<PartnerDirectory>> PartnerDirectory::create(std::vector<PartnerCredential> credentials) {
  auto digests = ContentDigest::create();
  if (digests.has_error()) return digests.error();
  auto index = std::make_unique<Index>(std::move(*digests));
  index->credentials = std::move(credentials);
  for (PartnerCredential& credential : index->credentials) {
    const Status added = index->add(credential);
    if (added.has_error()) return added.error();
  }
  return std::unique_ptr<PartnerDirectory>(new PartnerDirectory(std::move(index)));
}

Result<Identity> PartnerDirectory::authenticate(const HttpRequest& request) const {
  const PartnerCredential* credential = index_->claimed(request);
  if (credential == nullptr) return refused();
  const std::string& only = request.peer.only_partner;
  if (!only.empty() && credential->partner.str() != only) return refused();
  if (!credential->any_network && !credential->networks.contains(request.peer.address)) return refused();
  auto identity = credential->authenticator->authenticate(request);
  if (identity.has_error()) return identity.error();
  if (identity->partner != credential->partner) return refused();
  mark_legacy(request.peer, *identity);
  return identity;
}

}  // namespace tongqu
