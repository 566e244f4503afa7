#include "connectors/all_connectors.hpp"

#include <algorithm>
#include <array>

#include "connectors/amqp/amqp_codes.hpp"
#include "connectors/amqp/amqp_connector.hpp"
#include "connectors/catalogue/catalogue_connector.hpp"
#include "connectors/database/database_codes.hpp"
#include "connectors/database/database_connector.hpp"
#include "connectors/fetch/fetch_codes.hpp"
#include "connectors/file/file_codes.hpp"
#include "connectors/file/file_connector.hpp"
#include "connectors/http/http_codes.hpp"
#include "connectors/http/http_connector.hpp"
#include "connectors/http/http_poll.hpp"
#include "connectors/kafka/kafka_codes.hpp"
#include "connectors/kafka/kafka_connector.hpp"
#include "connectors/link/link_codes.hpp"
#include "connectors/link/link_connector.hpp"
#include "connectors/registry/registry_codes.hpp"
#include "connectors/registry/registry_connector.hpp"
#include "connectors/soap/soap_codes.hpp"
#include "connectors/soap/soap_connector.hpp"
#include "connectors/transcript/transcript_connector.hpp"
#include "gateway/settings/gateway_specs.hpp"

namespace tongqu {
namespace {

constexpr std::array<const ConnectorType*, 12> kAll{&kHttpConnector,       &kHttpPollConnector, &kDatabaseConnector,
                                                    &kFileConnector,       &kSftpConnector,     &kAmqpConnector,
                                                    &kSoapConnector,       &kKafkaConnector,    &kLinkConnector,
                                                    &kTranscriptConnector, &kRegistryConnector, &kCatalogueConnector};

}  // namespace

std::span<const ConnectorType* const> all_connectors() { return kAll; }

const ConnectorType* find_connector(std::string_view name) {
  const auto found = std::find_if(kAll.begin(), kAll.end(), [name](const auto* type) { return type->name == name; });
  return found == kAll.end() ? nullptr : *found;
}

SpecList all_specs() {
  static const std::vector<const PluginSpec*> kSpecs = [] {
    const SpecList own = gateway_specs();
    std::vector<const PluginSpec*> specs(own.begin(), own.end());
    for (const ConnectorType* type : kAll) {
      for (const PluginSpec* spec : {type->outbound_spec, type->inbound_spec}) {
        // The gateway's own lists hold those of the HTTP connector already.
        if (spec != nullptr && std::find(specs.begin(), specs.end(), spec) == specs.end()) specs.push_back(spec);
      }
    }
    return specs;
  }();
  return kSpecs;
}

std::vector<const ErrorCode*> connector_codes() {
  std::vector<const ErrorCode*> all;
  for (const auto codes :
       {codes::http_codes(), codes::database_codes(), codes::file_codes(), codes::amqp_codes(), codes::soap_codes(),
        codes::kafka_codes(), codes::link_codes(), codes::fetch_codes(), codes::registry_codes()})
    all.insert(all.end(), codes.begin(), codes.end());
  return all;
}

}  // namespace tongqu
