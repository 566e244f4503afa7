#pragma once
// Partners of the configuration → credentials, connectors, delivery lanes, listeners. Each function fails with the
// place of the setting in the error's parameter.
#include <filesystem>
#include <memory>
#include <vector>

#include "connectors/all_connectors.hpp"
#include "gateway/admin/admin_people.hpp"
#include "gateway/app/config_compile.hpp"
#include "gateway/app/inbound_set.hpp"
#include "gateway/core/identity.hpp"
#include "gateway/delivery/lane_options.hpp"
#include "gateway/delivery/query_lane.hpp"
#include "gateway/net/http_server.hpp"
#include "gateway/net/io_pool.hpp"

namespace tongqu::app {

// What the wiring needs of the process; all outlive what is made.
struct Surroundings {
  const std::filesystem::path& secrets;
  const std::filesystem::path& state;
  const Clock& clock;
  const Codec& json;
  const Suite& suite;
  net::IoPool& outbound;                 // threads of the clients
  ReferenceStore* references = nullptr;  // null where nothing is delivered or asked (a dry run)
};

// What a connector of `partner` is given (connectors/support/context.hpp).
[[nodiscard]] ConnectorContext connector_context(const PartnerId& partner, const Surroundings& with);
// Signers of an object with `scheme`; null as ConnectorContext says.
[[nodiscard]] Result<std::unique_ptr<RequestSigner>> make_signer(const PartnerId& partner, const Setting& sign,
                                                                 const Surroundings& with);
[[nodiscard]] Result<std::unique_ptr<SessionSigner>> make_session_signer(const Setting& sign, const Surroundings& with);
// Credentials of one partner as its `auth` object says, the pinned certificate apart.
[[nodiscard]] Result<std::unique_ptr<Authenticator>> make_authenticator(const PartnerId& partner, const Setting& auth,
                                                                        const Surroundings& with);
// With the pinned client certificate, if the object names one.
[[nodiscard]] Result<std::unique_ptr<Authenticator>> make_pinned_authenticator(const PartnerId& partner,
                                                                               const Setting& auth,
                                                                               const Surroundings& with);
// Inbound credentials of all partners that call the partner listener.
[[nodiscard]] Result<std::shared_ptr<const Authenticator>> make_directory(const CompiledConfig& config,
                                                                          const Surroundings& with);
// The installation's token and those of the named persons. Fails with the secret's code, config.person-token.
[[nodiscard]] Result<std::shared_ptr<const AdminPeople>> make_people(const CompiledConfig& config,
                                                                     const Surroundings& with);
// A lane for every partner that is sent something or that pulls.
[[nodiscard]] Result<std::vector<LaneOptions>> make_lanes(const CompiledConfig& config, const Surroundings& with);
// A lane for every registry that a query service asks, and the bounds of all queries.
[[nodiscard]] Result<std::vector<QueryLaneOptions>> make_query_lanes(const CompiledConfig& config,
                                                                     const Surroundings& with);
[[nodiscard]] QueryLimits query_limits(const CompiledConfig& config);
// Inbound connectors of all partners that come in otherwise than over the partner listener; none is started.
[[nodiscard]] Result<InboundSet::Connectors> make_inbound(const CompiledConfig& config, const Surroundings& with,
                                                          Intake& intake);
// Limits and address of one listener.
[[nodiscard]] net::ListenerOptions listener_options(const Setting& listener);
// TLS of one listener; null when it speaks plain HTTP.
[[nodiscard]] Result<std::unique_ptr<TlsFactory>> make_listener_tls(const Setting& listener,
                                                                    const std::filesystem::path& secrets);

}  // namespace tongqu::app
