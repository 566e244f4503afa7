#pragma once
// Inbound: reads one partner's tables, each with a thread and a connection of its own, so that a table that hangs costs
// nobody but itself.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/database/deadline_watch.hpp"
#include "connectors/database/intake_protocol.hpp"
#include "connectors/database/row_document.hpp"
#include "connectors/database/sql_session.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/connector.hpp"

namespace tongqu::database {

// What makes two rows the same message.
enum class RowIdentity : std::uint8_t {
  kRow,     // the row itself: each row is a message
  kRecord,  // what is in it, by the service's `dedup`: the same record in two rows is a duplicate
};

struct ReaderOptions {
  IntakeTable table;
  RowRules rules;
  IntakeLimits limits;
  RowIdentity identity = RowIdentity::kRow;
};

struct DatabaseInboundOptions {
  PartnerId partner;
  Dialect dialect;
  std::vector<ReaderOptions> tables;
};

class DatabaseInbound final : public InboundConnector {
 public:
  // `source` uses `watch`; both are shared with threads that a database keeps waiting after stop().
  DatabaseInbound(DatabaseInboundOptions options, std::shared_ptr<DeadlineWatch> watch,
                  std::shared_ptr<SqlSource> source, const Clock& clock, const Codec& json, const Suite& suite,
                  Intake& intake);
  ~DatabaseInbound() override;
  void start() override;
  void stop(std::int64_t grace_ms) override;
  [[nodiscard]] InboundHealth health() const override;

 private:
  class Reader;
  std::vector<std::shared_ptr<Reader>> readers_;  // shared with their threads and with answers under way
};

}  // namespace tongqu::database
