#include "gateway/net/plain_stream.hpp"

#include <array>
#include <boost/asio/write.hpp>

namespace tongqu::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

class PlainStream final : public Stream {
 public:
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    const auto remote = socket_.remote_endpoint(ignored);
    if (!ignored) peer_.address = remote.address().to_string();
    socket_.non_blocking(true, ignored);
  }

  Task<const ErrorCode*> handshake() override { co_return nullptr; }

  Task<IoResult> read_some(asio::mutable_buffer into) override { return socket_.async_read_some(into, kAsTuple); }

  Task<IoResult> write(std::string_view head, std::string_view body) override {
    const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
    co_return co_await asio::async_write(socket_, parts, kAsTuple);
  }

  Task<error_code> shutdown() override {
    error_code failure;
    socket_.shutdown(Socket::shutdown_send, failure);
    co_return failure;
  }

  bool looks_idle() override {
    char byte = 0;
    error_code state;
    socket_.receive(asio::buffer(&byte, 1), Socket::message_peek, state);
    return state == asio::error::would_block;
  }

  void cancel() noexcept override {
    error_code ignored;
    socket_.cancel(ignored);
  }

  void close() noexcept override {
    error_code ignored;
    socket_.close(ignored);
  }

  const Peer& peer() const override { return peer_; }

 private:
  Socket socket_;
  Peer peer_;
};

}  // namespace

std::unique_ptr<Stream> make_plain_stream(Socket socket) { return std::make_unique<PlainStream>(std::move(socket)); }

}  // namespace tongqu::net
