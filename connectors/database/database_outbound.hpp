#pragma once
// Outbound: writes messages as rows into one partner's table. Each worker has a connection of its own; a worker that
// its database keeps waiting costs one connection of this partner and nothing else.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "connectors/database/deadline_watch.hpp"
#include "connectors/database/delivery_protocol.hpp"
#include "connectors/database/sql_session.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/crypto.hpp"

namespace tongqu::database {

// Which column takes what; an empty name is a column that the table does not have.
struct OutboxColumns {
  std::string message_id;
  std::string service;
  std::string body;
  std::string content_type;
  std::string created_at;
  std::string digest;  // hex hash of the body in the gateway's suite
};
struct FieldColumn {
  std::string field;  // member of the body's top level
  std::string column;
};

struct OutboxRules {
  std::string table;
  std::string state;  // acknowledgement mode
  OutboxColumns columns;
  std::vector<FieldColumn> fields;
  std::vector<std::pair<std::string, SqlValue>> constants;  // column, value
  std::map<std::string, std::string> service_names;         // service → what stands in the service column
  TimeForm time_form = TimeForm::kTimestamp;
};

// The row of a message. A member of the body that is absent or null becomes NULL, an object or list its JSON text.
// Fails with database.body when members are wanted and the body is no JSON object. Pure.
[[nodiscard]] Result<std::vector<OutboxValue>> outbox_row(const OutboxRules& rules, const OutboundMessage& message,
                                                          const std::string& digest, Instant now, const Codec& json);

struct DatabaseOutboundOptions {
  Dialect dialect;
  OutboxRules rules;
  DeliveryRules delivery;
  std::size_t connections = 8;
};

class DatabaseOutbound final : public OutboundConnector {
 public:
  DatabaseOutbound(DatabaseOutboundOptions options, std::shared_ptr<DeadlineWatch> watch,
                   std::shared_ptr<SqlSource> source, const Clock& clock, const Codec& json, const Suite& suite);
  // Answers what is not answered; does not wait for a database.
  ~DatabaseOutbound() override;
  void deliver(OutboundMessage message, std::int64_t timeout_ms, Done done) override;

 private:
  class Workers;
  const Clock& clock_;
  const Codec& json_;
  const Suite& suite_;
  std::shared_ptr<Workers> workers_;  // shared with the worker threads
};

}  // namespace tongqu::database
