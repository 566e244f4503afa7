#include "security/tls/tls_factory.hpp"

#include "security/tls/tls_context.hpp"
#include "security/tls/tls_stream.hpp"

namespace tongqu {

std::shared_ptr<const TlsContext> TlsContextHolder::get() const {
  const std::scoped_lock lock(mutex_);
  return context_;
}

void TlsContextHolder::set(std::shared_ptr<const TlsContext> context) {
  const std::scoped_lock lock(mutex_);
  context_.swap(context);
}

Result<std::unique_ptr<TlsServerFactory>> TlsServerFactory::create(const TlsServerOptions& options) {
  auto context = make_server_context(options);
  if (context.has_error()) return context.error();
  return std::unique_ptr<TlsServerFactory>(new TlsServerFactory(std::move(*context)));
}

Status TlsServerFactory::reload(const TlsServerOptions& options) {
  auto context = make_server_context(options);
  if (context.has_error()) return context.error();
  holder_.set(std::move(*context));
  return {};
}

std::unique_ptr<Stream> TlsServerFactory::server(Socket socket) {
  return make_tls_stream(std::move(socket), holder_.get(), TlsRole::kServer, {});
}

std::unique_ptr<Stream> TlsServerFactory::client(Socket socket, const std::string& server_name) {
  return make_tls_stream(std::move(socket), holder_.get(), TlsRole::kClient, server_name);
}

Result<std::unique_ptr<TlsClientFactory>> TlsClientFactory::create(const TlsClientOptions& options) {
  auto context = make_client_context(options);
  if (context.has_error()) return context.error();
  return std::unique_ptr<TlsClientFactory>(new TlsClientFactory(std::move(*context)));
}

Status TlsClientFactory::reload(const TlsClientOptions& options) {
  auto context = make_client_context(options);
  if (context.has_error()) return context.error();
  holder_.set(std::move(*context));
  return {};
}

std::unique_ptr<Stream> TlsClientFactory::server(Socket socket) {
  return make_tls_stream(std::move(socket), holder_.get(), TlsRole::kServer, {});
}

std::unique_ptr<Stream> TlsClientFactory::client(Socket socket, const std::string& server_name) {
  return make_tls_stream(std::move(socket), holder_.get(), TlsRole::kClient, server_name);
}

}  // namespace tongqu
