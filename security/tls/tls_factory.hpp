#pragma once
// TLS for listeners and clients, with OpenSSL. TLS 1.2 with ECDHE and AEAD suites only, and TLS 1.3; no compression, no
// renegotiation; ALPN "http/1.1" (a peer that offers ALPN without it is refused). Servers resume sessions out of a
// bounded cache in memory – no ticket keys exist – and forget all of them on reload, so that a revoked certificate does
// not live on in one.
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/core/error.hpp"
#include "gateway/core/stream.hpp"

namespace tongqu {

enum class ClientAuth : std::uint8_t { kNone, kOptional, kRequired };
// Below 1.2, or with old_ciphers, for legacy listeners alone.
enum class TlsVersion : std::uint8_t { kTls10, kTls11, kTls12, kTls13 };

// How the peer's certificate is judged. CA certificates and pins together: both must fit. Pins alone: the pinned
// certificate needs no CA, but validity period (and, for a client, the name) still count.
struct TlsTrust {
  std::string ca_pem;                    // one or more certificates
  std::vector<std::string> pins_sha256;  // SHA-256 of the peer certificate's DER, hex; any of them
  std::string crl_pem;                   // revocation lists; when given, each peer's issuer must have a valid one
};

struct TlsServerOptions {
  std::string certificate_chain_pem;  // own certificate first
  std::string key_pem;                // PKCS #8 or traditional, not encrypted
  ClientAuth client_auth = ClientAuth::kNone;
  TlsTrust client_trust;  // needed unless client_auth is kNone
  TlsVersion min_version = TlsVersion::kTls12;
  // Behind the suites of today those of 2012: CBC with SHA-1, and RSA key exchange without forward secrecy; OpenSSL's
  // security level 0, so that SHA-1 signatures and short RSA keys pass. Never anonymous, never unencrypted, no RC4, no
  // 3DES (Debian's OpenSSL has neither).
  bool old_ciphers = false;
};

struct TlsClientOptions {
  TlsTrust server_trust;
  bool use_system_trust = false;      // the machine's CA store beside ca_pem
  std::string certificate_chain_pem;  // for mutual TLS; both or none
  std::string key_pem;
  TlsVersion min_version = TlsVersion::kTls12;
};

struct TlsContext;  // one immutable set of options; streams keep theirs while a reload replaces it

// Shared by both directions: an option set that is swapped at once. Connections that exist keep the old one.
class TlsContextHolder {
 public:
  explicit TlsContextHolder(std::shared_ptr<const TlsContext> context) : context_(std::move(context)) {}
  [[nodiscard]] std::shared_ptr<const TlsContext> get() const;
  void set(std::shared_ptr<const TlsContext> context);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const TlsContext> context_;  // shared with the streams made from it
};

// Thread-safe. `client` gives a stream whose handshake fails with tls.wrong-direction.
class TlsServerFactory final : public TlsFactory {
 public:
  // Fails with the codes of tls_codes.hpp that name an option.
  [[nodiscard]] static Result<std::unique_ptr<TlsServerFactory>> create(const TlsServerOptions& options);
  // New connections use the new options; on failure everything stays.
  [[nodiscard]] Status reload(const TlsServerOptions& options);
  [[nodiscard]] std::unique_ptr<Stream> server(Socket socket) override;
  [[nodiscard]] std::unique_ptr<Stream> client(Socket socket, const std::string& server_name) override;

 private:
  explicit TlsServerFactory(std::shared_ptr<const TlsContext> context) : holder_(std::move(context)) {}
  TlsContextHolder holder_;
};

// Thread-safe. `server` gives a stream whose handshake fails with tls.wrong-direction.
class TlsClientFactory final : public TlsFactory {
 public:
  [[nodiscard]] static Result<std::unique_ptr<TlsClientFactory>> create(const TlsClientOptions& options);
  [[nodiscard]] Status reload(const TlsClientOptions& options);
  [[nodiscard]] std::unique_ptr<Stream> server(Socket socket) override;
  [[nodiscard]] std::unique_ptr<Stream> client(Socket socket, const std::string& server_name) override;

 private:
  explicit TlsClientFactory(std::shared_ptr<const TlsContext> context) : holder_(std::move(context)) {}
  TlsContextHolder holder_;
};

}  // namespace tongqu
