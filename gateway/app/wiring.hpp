#pragma once
// Partners of the configuration → credentials, connectors, delivery lanes, listeners. Each function fails with the
// place of the setting in the error's parameter.
#include <filesystem>
#include <memory>
#include <vector>

#include "gateway/app/config_compile.hpp"
#include "gateway/core/identity.hpp"
#include "gateway/delivery/lane_options.hpp"
#include "gateway/net/http_server.hpp"
#include "gateway/net/io_pool.hpp"

namespace tongqu::app {

// What the wiring needs of the process; all outlive what is made.
struct Surroundings {
  const std::filesystem::path& secrets;
  const Clock& clock;
  const Codec& json;
  const Suite& suite;
  net::IoPool& pool;
};

// All inbound credentials of all partners.
[[nodiscard]] Result<std::shared_ptr<const Authenticator>> make_directory(const CompiledConfig& config,
                                                                          const Surroundings& with);
// A lane for every partner that is sent something or that pulls.
[[nodiscard]] Result<std::vector<LaneOptions>> make_lanes(const CompiledConfig& config, const Surroundings& with);
// Limits and address of one listener.
[[nodiscard]] net::ListenerOptions listener_options(const Setting& listener);
// TLS of one listener; null when it speaks plain HTTP.
[[nodiscard]] Result<std::unique_ptr<TlsFactory>> make_listener_tls(const Setting& listener,
                                                                    const std::filesystem::path& secrets);

}  // namespace tongqu::app
