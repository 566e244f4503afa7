#include "security/tls/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <climits>

#include "gateway/core/text.hpp"
#include "security/tls/tls_codes.hpp"
#include "security/tls/tls_stream.hpp"

namespace tongqu {
namespace {

using X509Ptr = std::unique_ptr<X509, FreeWith<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using CrlPtr = std::unique_ptr<X509_CRL, FreeWith<X509_CRL_free>>;
using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;

constexpr char kCiphers12[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
// Named one by one: at security level 0 a class such as HIGH would bring anonymous suites along.
constexpr char kOldCiphers[] =
    ":ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:"
    "ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA:AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA256:AES128-SHA:"
    "AES256-SHA:@SECLEVEL=0";
constexpr char kGroups[] = "X25519:P-256:P-384";
constexpr std::array<unsigned char, 9> kAlpn{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
constexpr long kMaxCachedSessions = 10'240;
constexpr long kSessionLifeSeconds = 3600;

BioPtr open_pem(const std::string& pem) {
  return BioPtr(BIO_new_mem_buf(pem.data(), static_cast<int>(std::min<std::size_t>(pem.size(), INT_MAX))));
}

// An encrypted key fails instead of asking on the terminal.
int no_password(char*, int, int, void*) { return -1; }

// All certificates of a PEM text; empty when there is none or anything else is broken.
std::vector<X509Ptr> read_certificates(const std::string& pem) {
  std::vector<X509Ptr> all;
  const BioPtr in = open_pem(pem);
  while (X509* one = PEM_read_bio_X509(in.get(), nullptr, no_password, nullptr)) all.emplace_back(one);
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) all.clear();
  return all;
}

std::vector<CrlPtr> read_crls(const std::string& pem) {
  std::vector<CrlPtr> all;
  const BioPtr in = open_pem(pem);
  while (X509_CRL* one = PEM_read_bio_X509_CRL(in.get(), nullptr, no_password, nullptr)) all.emplace_back(one);
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) all.clear();
  return all;
}

Status use_own_certificate(SSL_CTX* ctx, const std::string& chain_pem, const std::string& key_pem) {
  auto chain = read_certificates(chain_pem);
  if (chain.empty()) return make_error(codes::kTlsCertificateUnreadable, "certificate_chain_pem");
  const KeyPtr key(PEM_read_bio_PrivateKey(open_pem(key_pem).get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  if (!key) return make_error(codes::kTlsKeyUnreadable, "key_pem");
  if (X509_check_private_key(chain.front().get(), key.get()) != 1) {
    ERR_clear_error();
    return make_error(codes::kTlsKeyMismatch, "key_pem");
  }
  if (SSL_CTX_use_certificate(ctx, chain.front().get()) != 1 || SSL_CTX_use_PrivateKey(ctx, key.get()) != 1) {
    ERR_clear_error();
    return make_error(codes::kTlsContext, "certificate_chain_pem");
  }
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(ctx, chain[i].get()) != 1)
      return make_error(codes::kTlsContext, "certificate_chain_pem");
  }
  return {};
}

// With pins alone nobody vouches for the certificate but the pin, which is compared after the handshake: a chain that
// leads nowhere is then no fault. Dates, names and signatures still are.
int tolerate_missing_issuer(int fine, X509_STORE_CTX* store) {
  if (fine == 1) return 1;
  switch (X509_STORE_CTX_get_error(store)) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return 1;
    default: return 0;
  }
}

Status use_trust(TlsContext& context, const TlsTrust& trust, bool system_trust, int verify_mode) {
  SSL_CTX* ctx = context.ssl.get();
  for (const std::string& pin : trust.pins_sha256) {
    const auto bytes = from_hex(pin);
    if (!bytes || bytes->size() != 32) return make_error(codes::kTlsPinInvalid, "pins_sha256");
    context.pins_sha256.push_back(to_hex(*bytes));
  }
  X509_STORE* store = SSL_CTX_get_cert_store(ctx);
  if (!trust.ca_pem.empty()) {
    const auto authorities = read_certificates(trust.ca_pem);
    if (authorities.empty()) return make_error(codes::kTlsTrustUnreadable, "ca_pem");
    for (const auto& authority : authorities) {
      if (X509_STORE_add_cert(store, authority.get()) != 1) return make_error(codes::kTlsTrustUnreadable, "ca_pem");
      // Tells clients whose certificates are welcome.
      if (context.role == TlsRole::kServer) SSL_CTX_add_client_CA(ctx, authority.get());
    }
  }
  if (system_trust) SSL_CTX_set_default_verify_paths(ctx);
  context.judges_by_ca = system_trust || !trust.ca_pem.empty();
  if (!context.judges_by_ca && context.pins_sha256.empty()) return make_error(codes::kTlsTrustMissing, "ca_pem");
  if (!trust.crl_pem.empty()) {
    const auto crls = read_crls(trust.crl_pem);
    if (crls.empty() || !context.judges_by_ca) return make_error(codes::kTlsCrlUnreadable, "crl_pem");
    for (const auto& crl : crls) {
      if (X509_STORE_add_crl(store, crl.get()) != 1) return make_error(codes::kTlsCrlUnreadable, "crl_pem");
    }
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
  }
  SSL_CTX_set_verify(ctx, verify_mode, context.judges_by_ca ? nullptr : tolerate_missing_issuer);
  return {};
}

int select_alpn(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* offered,
                unsigned int offered_length, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_length, kAlpn.data(), kAlpn.size(), offered, offered_length) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

int number_of(TlsVersion version) {
  switch (version) {
    case TlsVersion::kTls10: return TLS1_VERSION;
    case TlsVersion::kTls11: return TLS1_1_VERSION;
    case TlsVersion::kTls12: break;
    case TlsVersion::kTls13: return TLS1_3_VERSION;
  }
  return TLS1_2_VERSION;
}

Result<std::shared_ptr<TlsContext>> make_context(TlsRole role, TlsVersion min_version, bool old_ciphers = false) {
  auto context = std::make_shared<TlsContext>();
  context->role = role;
  context->bio_method = make_stream_bio_method();
  context->ssl.reset(SSL_CTX_new(role == TlsRole::kServer ? TLS_server_method() : TLS_client_method()));
  SSL_CTX* ctx = context->ssl.get();
  if (ctx == nullptr || !context->bio_method) return make_error(codes::kTlsContext, "method");
  if (SSL_CTX_set_min_proto_version(ctx, number_of(min_version)) != 1)
    return make_error(codes::kTlsContext, "min_version");
  const std::string ciphers = std::string(kCiphers12) + (old_ciphers ? kOldCiphers : "");
  if (SSL_CTX_set_cipher_list(ctx, ciphers.c_str()) != 1) return make_error(codes::kTlsContext, "ciphers");
  if (SSL_CTX_set1_groups_list(ctx, kGroups) != 1) return make_error(codes::kTlsContext, "groups");
  SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Idle connections give their record buffers back.
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
  return context;
}

void use_session_cache(SSL_CTX* ctx) {
  static constexpr std::array<unsigned char, 6> kName{'t', 'o', 'n', 'g', 'q', 'u'};
  // Without ticket keys TLS 1.3 "tickets" are references into the cache, too.
  SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(ctx, 1);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_SERVER);
  SSL_CTX_sess_set_cache_size(ctx, kMaxCachedSessions);
  SSL_CTX_set_timeout(ctx, kSessionLifeSeconds);
  SSL_CTX_set_session_id_context(ctx, kName.data(), kName.size());
}

}  // namespace

Result<std::shared_ptr<const TlsContext>> make_server_context(const TlsServerOptions& options) {
  auto made = make_context(TlsRole::kServer, options.min_version, options.old_ciphers);
  if (made.has_error()) return made.error();
  auto& context = **made;
  SSL_CTX* ctx = context.ssl.get();
  if (auto own = use_own_certificate(ctx, options.certificate_chain_pem, options.key_pem); own.has_error()) {
    return own.error();
  }
  if (options.client_auth != ClientAuth::kNone) {
    const int mode = options.client_auth == ClientAuth::kRequired ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
                                                                  : SSL_VERIFY_PEER;
    auto trust = use_trust(context, options.client_trust, false, mode);
    ERR_clear_error();
    if (trust.has_error()) return trust.error();
  }
  use_session_cache(ctx);
  SSL_CTX_set_alpn_select_cb(ctx, select_alpn, nullptr);
  return std::shared_ptr<const TlsContext>(std::move(*made));
}

Result<std::shared_ptr<const TlsContext>> make_client_context(const TlsClientOptions& options) {
  auto made = make_context(TlsRole::kClient, options.min_version);
  if (made.has_error()) return made.error();
  auto& context = **made;
  SSL_CTX* ctx = context.ssl.get();
  if (!options.certificate_chain_pem.empty() || !options.key_pem.empty()) {
    auto own = use_own_certificate(ctx, options.certificate_chain_pem, options.key_pem);
    if (own.has_error()) return own.error();
  }
  auto trust = use_trust(context, options.server_trust, options.use_system_trust, SSL_VERIFY_PEER);
  ERR_clear_error();
  if (trust.has_error()) return trust.error();
  // Zero is success here, unlike everywhere else in OpenSSL.
  if (SSL_CTX_set_alpn_protos(ctx, kAlpn.data(), kAlpn.size()) != 0) return make_error(codes::kTlsContext, "alpn");
  return std::shared_ptr<const TlsContext>(std::move(*made));
}

std::string certificate_digest(X509* certificate) {
  if (certificate == nullptr) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &length) != 1) return {};
  return to_hex({reinterpret_cast<const char*>(digest.data()), length});
}

}  // namespace tongqu
