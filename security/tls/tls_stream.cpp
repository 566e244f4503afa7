#include "security/tls/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/write.hpp>
#include <climits>
#include <cstring>

#include "security/tls/tls_codes.hpp"

namespace tongqu {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kInputBytes = 17 * 1024;   // one full record and its frame
constexpr std::size_t kRecordBytes = 16 * 1024;  // plain bytes of one record
constexpr std::size_t kFlushBytes = 64 * 1024;   // records that may wait before they are sent

// What OpenSSL reads from and writes to instead of a socket.
struct Buffers {
  std::string input = std::string(kInputBytes, '\0');
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string output;
};

int bio_read(BIO* bio, char* into, int size) {
  auto* buffers = static_cast<Buffers*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const auto part = std::min(static_cast<std::size_t>(size), buffers->end - buffers->begin);
  if (part == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  std::memcpy(into, buffers->input.data() + buffers->begin, part);
  buffers->begin += part;
  return static_cast<int>(part);
}

int bio_write(BIO* bio, const char* from, int size) {
  static_cast<Buffers*>(BIO_get_data(bio))->output.append(from, static_cast<std::size_t>(size));
  BIO_clear_retry_flags(bio);
  return size;
}

long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const ErrorCode* code_of_verify_result(long result) {
  switch (result) {
    case X509_V_OK: return nullptr;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID: return &codes::kTlsCertificateExpired;
    case X509_V_ERR_CERT_REVOKED: return &codes::kTlsCertificateRevoked;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return &codes::kTlsNameMismatch;
    default: return &codes::kTlsCertificateUntrusted;
  }
}

bool is_alert_about_our_certificate(int reason) {
  switch (reason) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR: return true;
    default: return false;
  }
}

class TlsStream final : public Stream {
 public:
  TlsStream(Socket socket, std::shared_ptr<const TlsContext> context, TlsRole role, const std::string& server_name);

  Task<const ErrorCode*> handshake() override;
  Task<IoResult> read_some(asio::mutable_buffer into) override;
  Task<IoResult> write(std::string_view head, std::string_view body) override;
  Task<error_code> shutdown() override;
  bool looks_idle() override;
  void cancel() noexcept override;
  void close() noexcept override;
  const Peer& peer() const override { return peer_; }

 private:
  [[nodiscard]] Task<error_code> fill();
  [[nodiscard]] Task<error_code> flush();
  [[nodiscard]] bool encrypt(std::string_view part);
  [[nodiscard]] const ErrorCode* failure_of_handshake() const;
  [[nodiscard]] const ErrorCode* learn_peer();

  Socket socket_;
  std::shared_ptr<const TlsContext> context_;  // shared with the factory until a reload
  Buffers buffers_;
  std::unique_ptr<SSL, FreeWith<SSL_free>> ssl_;  // after buffers_, which it points to
  std::string joined_;                            // head and body of a small write, for one record
  Peer peer_;
  bool usable_ = false;  // right direction, and no fatal error so far
};

TlsStream::TlsStream(Socket socket, std::shared_ptr<const TlsContext> context, TlsRole role,
                     const std::string& server_name)
    : socket_(std::move(socket)), context_(std::move(context)), ssl_(SSL_new(context_->ssl.get())) {
  peer_.tls = true;
  error_code ignored;
  const auto remote = socket_.remote_endpoint(ignored);
  if (!ignored) peer_.address = remote.address().to_string();
  socket_.non_blocking(true, ignored);
  BIO* bio = BIO_new(context_->bio_method.get());
  if (!ssl_ || bio == nullptr) return;
  BIO_set_data(bio, &buffers_);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  usable_ = context_->role == role;
  if (role == TlsRole::kServer) {
    SSL_set_accept_state(ssl_.get());
    return;
  }
  SSL_set_connect_state(ssl_.get());
  asio::ip::make_address(server_name, ignored);
  if (!ignored) {
    usable_ = usable_ && X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), server_name.c_str()) == 1;
  } else {
    SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // An empty name would switch the check off.
    usable_ = usable_ && !server_name.empty() && SSL_set1_host(ssl_.get(), server_name.c_str()) == 1 &&
              SSL_set_tlsext_host_name(ssl_.get(), server_name.c_str()) == 1;
  }
}

Task<error_code> TlsStream::fill() {
  const auto [failure, bytes] = co_await socket_.async_read_some(asio::buffer(buffers_.input), kAsTuple);
  buffers_.begin = 0;
  buffers_.end = bytes;
  co_return failure;
}

Task<error_code> TlsStream::flush() {
  if (buffers_.output.empty()) co_return error_code{};
  const auto [failure, bytes] = co_await asio::async_write(socket_, asio::buffer(buffers_.output), kAsTuple);
  buffers_.output.clear();
  co_return failure;
}

Task<const ErrorCode*> TlsStream::handshake() {
  if (!usable_) co_return &codes::kTlsWrongDirection;
  while (true) {
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl_.get());
    const int state = done == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), done);
    const ErrorCode* failure = nullptr;
    if (state == SSL_ERROR_NONE)
      failure = learn_peer();
    else if (state != SSL_ERROR_WANT_READ)
      failure = failure_of_handshake();
    // An alert has to leave too.
    const error_code sent = co_await flush();
    if (failure != nullptr) {
      usable_ = false;
      co_return failure;
    }
    if (sent) co_return &codes::kTlsCut;
    if (state == SSL_ERROR_NONE) co_return nullptr;
    if (co_await fill()) co_return &codes::kTlsCut;
  }
}

const ErrorCode* TlsStream::failure_of_handshake() const {
  const int reason = ERR_GET_REASON(ERR_peek_last_error());
  ERR_clear_error();
  if (const auto* code = code_of_verify_result(SSL_get_verify_result(ssl_.get()))) return code;
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) return &codes::kTlsCertificateMissing;
  // Reasons above 1000 are alerts that were received.
  return reason > SSL_AD_REASON_OFFSET ? &codes::kTlsPeerRefused : &codes::kTlsHandshake;
}

const ErrorCode* TlsStream::learn_peer() {
  X509* certificate = SSL_get0_peer_certificate(ssl_.get());
  peer_.cert_sha256 = certificate_digest(certificate);
  if (certificate == nullptr) return nullptr;
  const auto& pins = context_->pins_sha256;
  if (!pins.empty() && std::ranges::find(pins, peer_.cert_sha256) == pins.end()) return &codes::kTlsPinMismatch;
  if (!context_->judges_by_ca || SSL_get_verify_result(ssl_.get()) != X509_V_OK) return nullptr;
  const std::unique_ptr<BIO, FreeWith<BIO_free_all>> text(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(text.get(), &bytes);
  peer_.cert_subject.assign(bytes, static_cast<std::size_t>(size));
  return nullptr;
}

Task<Stream::IoResult> TlsStream::read_some(asio::mutable_buffer into) {
  while (usable_) {
    ERR_clear_error();
    const int size = static_cast<int>(std::min<std::size_t>(into.size(), INT_MAX));
    const int bytes = SSL_read(ssl_.get(), into.data(), size);
    if (bytes > 0) co_return IoResult{error_code{}, static_cast<std::size_t>(bytes)};
    const int state = SSL_get_error(ssl_.get(), bytes);
    const int reason = ERR_GET_REASON(ERR_peek_last_error());
    if (state != SSL_ERROR_WANT_READ) ERR_clear_error();
    // Reading can make bytes to send: a key update, an alert.
    if (const auto failure = co_await flush()) co_return IoResult{failure, 0};
    if (state == SSL_ERROR_ZERO_RETURN) co_return IoResult{asio::error::eof, 0};
    if (state != SSL_ERROR_WANT_READ) {
      usable_ = false;
      const bool refused = is_alert_about_our_certificate(reason);
      co_return IoResult{refused ? error_code(asio::error::access_denied) : error_code(asio::error::connection_reset),
                         0};
    }
    if (auto failure = co_await fill()) {
      // Without close_notify nobody knows whether these were all the bytes.
      if (failure == asio::error::eof) failure = asio::error::connection_reset;
      co_return IoResult{failure, 0};
    }
  }
  co_return IoResult{asio::error::not_connected, 0};
}

bool TlsStream::encrypt(std::string_view part) {
  ERR_clear_error();
  const bool taken = SSL_write(ssl_.get(), part.data(), static_cast<int>(part.size())) == static_cast<int>(part.size());
  if (!taken) ERR_clear_error();
  return taken;
}

Task<Stream::IoResult> TlsStream::write(std::string_view head, std::string_view body) {
  const std::size_t total = head.size() + body.size();
  if (!head.empty() && !body.empty() && total <= kRecordBytes) {
    joined_.assign(head).append(body);
    head = joined_;
    body = {};
  }
  for (std::string_view rest : {head, body}) {
    while (!rest.empty()) {
      const auto part = rest.substr(0, kRecordBytes);
      if (!usable_ || !encrypt(part)) {
        usable_ = false;
        co_return IoResult{asio::error::not_connected, 0};
      }
      rest.remove_prefix(part.size());
      if (buffers_.output.size() < kFlushBytes) continue;
      if (const auto failure = co_await flush()) co_return IoResult{failure, 0};
    }
  }
  const auto failure = co_await flush();
  co_return IoResult{failure, failure ? 0 : total};
}

Task<error_code> TlsStream::shutdown() {
  error_code failure;
  if (usable_) {
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
    failure = co_await flush();
  }
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  co_return failure;
}

bool TlsStream::looks_idle() {
  if (!usable_) return false;
  // Session tickets may arrive at any time; OpenSSL takes them in while it looks for data.
  while (true) {
    char byte = 0;
    ERR_clear_error();
    const int bytes = SSL_peek(ssl_.get(), &byte, 1);
    const bool wants_more = bytes <= 0 && SSL_get_error(ssl_.get(), bytes) == SSL_ERROR_WANT_READ;
    ERR_clear_error();
    if (!wants_more) return false;
    error_code state;
    buffers_.begin = 0;
    buffers_.end = socket_.receive(asio::buffer(buffers_.input), 0, state);
    if (state == asio::error::would_block) return true;
    if (state) return false;
  }
}

void TlsStream::cancel() noexcept {
  error_code ignored;
  socket_.cancel(ignored);
}

void TlsStream::close() noexcept {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace

std::unique_ptr<BIO_METHOD, FreeWith<BIO_meth_free>> make_stream_bio_method() {
  std::unique_ptr<BIO_METHOD, FreeWith<BIO_meth_free>> method(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "tongqu stream"));
  if (method) {
    BIO_meth_set_read(method.get(), bio_read);
    BIO_meth_set_write(method.get(), bio_write);
    BIO_meth_set_ctrl(method.get(), bio_control);
  }
  return method;
}

std::unique_ptr<Stream> make_tls_stream(Socket socket, std::shared_ptr<const TlsContext> context, TlsRole role,
                                        const std::string& server_name) {
  return std::make_unique<TlsStream>(std::move(socket), std::move(context), role, server_name);
}

}  // namespace tongqu
