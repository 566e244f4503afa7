#pragma once
// The seam between transport and protocol: a byte stream over a connected TCP socket, plain or TLS. Sessions know only
// this, so OpenSSL stays in security/ and HTTP in gateway/net.
//
// Threads: a Stream belongs to the io_context of its socket and is touched on that thread only. One operation at a
// time, except cancel and close, which may interrupt it. What the peer does is never an exception: operations give an
// error_code, coroutine results are tuples. (Compiler: clang 19 only, design section 3.)
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>

#include "gateway/core/error.hpp"
#include "gateway/core/http.hpp"

namespace tongqu {

// The executor is named, not erased: an erased one costs an allocation and a virtual call per operation.
using IoExecutor = boost::asio::io_context::executor_type;
template <class T>
using Task = boost::asio::awaitable<T, IoExecutor>;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, IoExecutor>;
// Completion token: co_await gives a tuple (error_code, …) and does not throw.
inline constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<IoExecutor>> kAsTuple{};

class Stream {
 public:
  using IoResult = std::tuple<boost::system::error_code, std::size_t>;

  virtual ~Stream() = default;
  // Makes the connection ready for data; to be called once, first. nullptr = ready; otherwise why the peer was not
  // accepted or refused us (codes of security/tls; a plain stream is always ready). When cancelled: any code.
  [[nodiscard]] virtual Task<const ErrorCode*> handshake() = 0;
  // Reads at least one byte. asio::error::eof: the peer ended the stream properly (TLS: with close_notify);
  // connection_reset: it was cut; access_denied: the peer's TLS refused our certificate; operation_aborted: cancelled.
  [[nodiscard]] virtual Task<IoResult> read_some(boost::asio::mutable_buffer into) = 0;
  // Writes all of `head`, then all of `body` (either may be empty), as one write where that is possible. Both stay
  // valid until completion. On error an unknown part has left.
  [[nodiscard]] virtual Task<IoResult> write(std::string_view head, std::string_view body) = 0;
  // Ends our direction (TLS: close_notify); reading stays possible.
  [[nodiscard]] virtual Task<boost::system::error_code> shutdown() = 0;
  // Between two requests of a kept connection: false when the peer has closed it or sent something nobody asked for.
  // Does not block.
  [[nodiscard]] virtual bool looks_idle() = 0;
  // Interrupts the running operation, which ends with operation_aborted; the stream stays usable.
  virtual void cancel() noexcept = 0;
  // Closes the socket; a running operation ends with an error. Repeating it does nothing.
  virtual void close() noexcept = 0;
  // Address and `tls` from the start, certificate after the handshake; `listener` is empty.
  [[nodiscard]] virtual const Peer& peer() const = 0;
};

// Puts TLS on connected sockets. Thread-safe.
class TlsFactory {
 public:
  virtual ~TlsFactory() = default;
  // A stream that will accept a handshake. The factory may be reloaded or destroyed while the stream lives.
  [[nodiscard]] virtual std::unique_ptr<Stream> server(Socket socket) = 0;
  // A stream that will open a handshake. `server_name`: DNS name or numeric address that the peer's certificate must
  // carry.
  [[nodiscard]] virtual std::unique_ptr<Stream> client(Socket socket, const std::string& server_name) = 0;
};

}  // namespace tongqu
