#pragma once
#include <memory>

#include "gateway/core/stream.hpp"

namespace tongqu::net {

// A Stream without TLS.
[[nodiscard]] std::unique_ptr<Stream> make_plain_stream(Socket socket);

}  // namespace tongqu::net
