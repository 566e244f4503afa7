#pragma once
// A Stream with TLS. OpenSSL works on two buffers of the stream; the socket is read and written with coroutines, so
// that one read of the socket feeds as many records as arrived, and all records of one write leave together.
#include <memory>
#include <string>

#include "gateway/core/stream.hpp"
#include "security/tls/tls_context.hpp"

namespace tongqu {

[[nodiscard]] std::unique_ptr<BIO_METHOD, FreeWith<BIO_meth_free>> make_stream_bio_method();

[[nodiscard]] std::unique_ptr<Stream> make_tls_stream(Socket socket, std::shared_ptr<const TlsContext> context,
                                                      TlsRole role, const std::string& server_name);

}  // namespace tongqu
