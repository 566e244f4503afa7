#include "connectors/database/database_connector.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/database/connection_settings.hpp"
#include "connectors/database/database_codes.hpp"
#include "connectors/database/database_inbound.hpp"
#include "connectors/database/database_outbound.hpp"
#include "connectors/database/database_specs.hpp"

namespace tongqu::database {
namespace {

struct Opened {
  Dialect dialect;
  std::shared_ptr<DeadlineWatch> watch;
  std::shared_ptr<SqlSource> source;
};

Result<Opened> prepare(const Setting& settings, const ConnectorContext& context) {
  Opened opened;
  auto dialect = dialect_of(settings);
  if (dialect.has_error()) return dialect.error();
  opened.dialect = *dialect;
  auto options = source_options(settings, context);
  if (options.has_error()) return options.error();
  opened.watch = std::make_shared<DeadlineWatch>();
  // The source keeps the watch alive as long as a connection is open.
  std::unique_ptr<SqlSource> source = make_poco_source(std::move(*options), *opened.watch);
  opened.source = std::shared_ptr<SqlSource>(source.release(), [watch = opened.watch](SqlSource* s) { delete s; });
  return opened;
}

// Reads names and remembers the first that is none.
class Names {
 public:
  explicit Names(const Setting& from) : from_(from) {}
  std::string operator()(std::string_view member, bool schema = false) {
    const std::string& name = from_.text(member);
    if (!name.empty() && !is_identifier(name, schema) && status_.has_value())
      status_ = error_at(from_, make_error(codes::kDbIdentifier, std::string(member)));
    return name;
  }
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  const Setting& from_;
  Status status_;
};

bool is_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), number);
  return bad == std::errc{} && end == text.data() + text.size();
}

Result<StateValues> states_of(const Setting& table) {
  const Setting& from = table.object("states");
  StateValues states;
  states.integer = from.text("type") == "integer";
  states.fresh = from.text("new");
  states.taken = from.text("taken");
  states.ok = from.text("ok");
  states.failed = from.text("failed");
  states.duplicate = from.text("duplicate");
  std::vector<const std::string*> all = {&states.fresh, &states.taken, &states.ok, &states.failed};
  if (!states.duplicate.empty()) all.push_back(&states.duplicate);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (states.integer && !all[i]->empty() && !is_number(*all[i]))
      return error_at(table, make_error(codes::kDbDialect, "states"));
    for (std::size_t other = 0; other < i; ++other) {
      if (*all[i] == *all[other]) return error_at(table, make_error(codes::kDbDialect, "states"));
    }
  }
  return states;
}

TimeForm time_form(const Setting& from) {
  return from.text("time_form") == "epoch_ms" ? TimeForm::kEpochMs : TimeForm::kTimestamp;
}

Result<ReaderOptions> reader_options(const Setting& inbound, const Setting& table) {
  ReaderOptions options;
  Names name(table);
  IntakeTable& t = options.table;
  t.table = name("table", true);
  t.id = name("id");
  t.state = name("state");
  t.taken_at = name("taken_at");
  t.token = name("token");
  t.error = name("error");
  t.retry = name("retry");
  t.order_by = name("order_by");
  t.matter = name("matter");
  t.payload = name("payload");
  t.digest = name("digest");
  if (name.status().has_error()) return name.status().error();
  for (const Setting& column : table.list("columns")) {
    Names in_column(column);
    const std::string text = in_column("column");
    if (in_column.status().has_error()) return in_column.status().error();
    t.columns.push_back({text, column.has("as") ? column.text("as") : text,
                         column.text("kind") == "number" ? ColumnKind::kNumber : ColumnKind::kText});
  }
  if (!t.digest.empty() && t.payload.empty())
    return error_at(table, make_error(codes::kDbDialect, "digest without payload"));
  const Setting& type = table.object("type");
  Names in_type(type);
  t.service = in_type("service_column");
  if (in_type.status().has_error()) return in_type.status().error();
  auto states = states_of(table);
  if (states.has_error()) return states.error();
  t.states = *states;
  t.time_form = time_form(table);
  options.identity = table.text("identity") == "record" ? RowIdentity::kRecord : RowIdentity::kRow;
  options.rules.service = ServiceId(type.text("service"));
  for (const Setting& entry : type.map("services"))
    options.rules.services.emplace(entry.key(), ServiceId(entry.text()));
  options.rules.content_type = table.text("content_type");
  options.rules.max_bytes = static_cast<std::size_t>(table.size_bytes("max_row"));
  options.limits.batch_rows = static_cast<std::size_t>(inbound.integer("batch"));
  options.limits.in_hand = static_cast<std::size_t>(inbound.integer("in_hand"));
  options.limits.poll_ms = inbound.duration_ms("poll");
  options.limits.lease_ms = inbound.duration_ms("lease");
  options.limits.backoff_max_ms = inbound.duration_ms("backoff_max");
  options.limits.tells_duplicates = !t.states.duplicate.empty();
  return options;
}

Result<std::shared_ptr<InboundConnector>> make_inbound(const Setting& inbound, const ConnectorContext& context,
                                                       Intake& intake) {
  auto opened = prepare(inbound.object("database"), context);
  if (opened.has_error()) return opened.error();
  DatabaseInboundOptions options;
  options.partner = context.partner;
  options.dialect = opened->dialect;
  for (const Setting& table : inbound.list("tables")) {
    auto reader = reader_options(inbound, table);
    if (reader.has_error()) return reader.error();
    options.tables.push_back(std::move(*reader));
  }
  // Shared: the set of connectors and whoever looks at its health.
  return std::shared_ptr<InboundConnector>(
      std::make_shared<DatabaseInbound>(std::move(options), std::move(opened->watch), std::move(opened->source),
                                        context.clock, context.json, context.suite, intake));
}

Status read_columns(const Setting& outbound, DatabaseOutboundOptions& options) {
  Names name(outbound);
  options.rules.table = name("table", true);
  const Setting& columns = outbound.object("columns");
  Names column(columns);
  options.rules.columns = {column("message_id"),   column("service"),    column("body"),
                           column("content_type"), column("created_at"), column("digest")};
  for (const Names* names : {&name, &column}) {
    if (names->status().has_error()) return names->status().error();
  }
  for (const Setting& field : outbound.list("fields")) {
    Names in_field(field);
    options.rules.fields.push_back({field.text("field"), in_field("column")});
    if (in_field.status().has_error()) return in_field.status().error();
  }
  for (const Setting& constant : outbound.list("constants")) {
    Names in_constant(constant);
    options.rules.constants.emplace_back(in_constant("column"), constant.text("value"));
    if (in_constant.status().has_error()) return in_constant.status().error();
  }
  return {};
}

Result<std::shared_ptr<OutboundConnector>> make_outbound(const Setting& outbound, const ConnectorContext& context) {
  auto opened = prepare(outbound.object("database"), context);
  if (opened.has_error()) return opened.error();
  DatabaseOutboundOptions options;
  options.dialect = opened->dialect;
  if (auto status = read_columns(outbound, options); status.has_error()) return status.error();
  for (const Setting& entry : outbound.map("service_names"))
    options.rules.service_names.emplace(entry.key(), entry.text());
  options.rules.time_form = time_form(outbound);
  options.connections = static_cast<std::size_t>(outbound.integer("max_connections"));
  options.delivery.unique_id = outbound.boolean("unique_id");
  if (outbound.has("acknowledgement")) {
    const Setting& acknowledgement = outbound.object("acknowledgement");
    Names name(acknowledgement);
    options.rules.state = name("column");
    if (name.status().has_error()) return name.status().error();
    options.delivery.acknowledged = true;
    options.delivery.ok_state = acknowledgement.text("ok");
    options.delivery.failed_state = acknowledgement.text("failed");
    options.delivery.poll_ms = acknowledgement.duration_ms("poll");
  }
  // Shared: the lane and the attempts in flight (see LaneOptions).
  return std::shared_ptr<OutboundConnector>(
      std::make_shared<DatabaseOutbound>(std::move(options), std::move(opened->watch), std::move(opened->source),
                                         context.clock, context.json, context.suite));
}

}  // namespace
}  // namespace tongqu::database

namespace tongqu {

Status check_database_tables(const Setting& inbound, const ConnectorContext& context, Intake& intake,
                             std::vector<database::TableCounts>& counts, const std::function<void()>& seen) {
  auto opened = database::prepare(inbound.object("database"), context);
  if (opened.has_error()) return opened.error();
  auto session = opened->source->open();
  if (session.has_error()) return session.error();
  for (const Setting& table : inbound.list("tables")) {
    auto options = database::reader_options(inbound, table);
    if (options.has_error()) return options.error();
    auto status = database::check_table(context.partner, opened->dialect, *options, **session, context.json,
                                        context.suite, intake, counts.emplace_back(), seen);
    if (status.has_error()) return status;
  }
  return {};
}

constinit const ConnectorType kDatabaseConnector{.name = "database",
                                                 .outbound_spec = &kDatabaseConnectorSpec,
                                                 .make_outbound = database::make_outbound,
                                                 .inbound_spec = &kDatabaseIntakeSpec,
                                                 .make_inbound = database::make_inbound};

}  // namespace tongqu
