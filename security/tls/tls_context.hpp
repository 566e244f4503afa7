#pragma once
// SSL_CTX objects out of options. Includes OpenSSL, so only sources of this folder include it.
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "security/tls/tls_factory.hpp"

namespace tongqu {

template <auto kFree>
struct FreeWith {
  template <class T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};

enum class TlsRole : std::uint8_t { kServer, kClient };

// Immutable after construction, apart from OpenSSL's own session cache, which locks itself.
struct TlsContext {
  std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>> ssl;
  std::unique_ptr<BIO_METHOD, FreeWith<BIO_meth_free>> bio_method;  // tls_stream.cpp reads and writes through it
  TlsRole role = TlsRole::kServer;
  bool judges_by_ca = false;
  std::vector<std::string> pins_sha256;  // lower-case hex
};

[[nodiscard]] Result<std::shared_ptr<const TlsContext>> make_server_context(const TlsServerOptions& options);
[[nodiscard]] Result<std::shared_ptr<const TlsContext>> make_client_context(const TlsClientOptions& options);

// SHA-256 of the certificate's DER, lower-case hex; empty for none.
[[nodiscard]] std::string certificate_digest(X509* certificate);

}  // namespace tongqu
