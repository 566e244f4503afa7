#pragma once
// The index of protocols. A new connector is its folder, its tests and one line here.
#include <span>

#include "connectors/support/context.hpp"

namespace tongqu {

[[nodiscard]] std::span<const ConnectorType* const> all_connectors();
// nullptr: there is no such protocol.
[[nodiscard]] const ConnectorType* find_connector(std::string_view name);
// Field lists of the gateway and of all connectors, in the order of the reference page.
[[nodiscard]] SpecList all_specs();
// Error codes of all connectors.
[[nodiscard]] std::vector<const ErrorCode*> connector_codes();

}  // namespace tongqu
