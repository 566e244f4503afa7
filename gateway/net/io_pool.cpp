#include "gateway/net/io_pool.hpp"

#include <pthread.h>

#include <algorithm>

namespace tongqu::net {

IoPool::IoPool(std::size_t threads, const char* name) {
  constexpr std::size_t kMaxThreads = 64;
  const std::size_t count = std::clamp<std::size_t>(threads, 1, kMaxThreads);
  for (std::size_t i = 0; i < count; ++i) {
    auto lane = std::make_unique<Lane>();
    lane->thread = std::thread([io = &lane->io, name] {
      pthread_setname_np(pthread_self(), name);
      io->run();
    });
    lanes_.push_back(std::move(lane));
  }
}

IoPool::~IoPool() {
  for (auto& lane : lanes_) {
    lane->work.reset();
    lane->io.stop();
  }
  for (auto& lane : lanes_) lane->thread.join();
}

}  // namespace tongqu::net
