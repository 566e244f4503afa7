#include "connectors/database/table_check.hpp"

#include "connectors/database/database_codes.hpp"

namespace tongqu::database {
namespace {

constexpr std::size_t kPageRows = 500;

class TableCheck {
 public:
  TableCheck(const PartnerId& partner, const Dialect& dialect, const ReaderOptions& options, SqlSession& session,
             const Codec& json, const Suite& suite, Intake& intake, TableCounts& counts,
             const std::function<void()>& seen)
      : partner_(partner),
        dialect_(dialect),
        options_(options),
        session_(session),
        json_(json),
        suite_(suite),
        intake_(intake),
        counts_(counts),
        seen_(seen) {}

  Status run() {
    std::optional<std::string> after;
    for (;;) {
      const auto page = session_.execute(waiting(dialect_, options_.table, after, kPageRows));
      if (page.has_error()) return page.error();
      for (const SqlRow& row : page->rows) {
        if (row.empty() || !row[0]) continue;
        if (auto status = try_row(*row[0]); status.has_error()) return status;
        after = row[0];
        seen_();
      }
      if (page->rows.size() < kPageRows) return {};
    }
  }

 private:
  // A row that cannot be handed out is counted, as the reader would mark it; trouble of the database ends the run.
  Status try_row(const std::string& id) {
    const auto fetched = session_.execute(fetch_row(dialect_, options_.table, id, options_.rules.max_bytes));
    if (fetched.has_error() && fetched.error().code != &codes::kDbData) return fetched.error();
    if (fetched.has_value() && fetched->rows.empty()) return {};  // gone since the page was read
    ++counts_.rows;
    if (fetched.has_error()) return refuse(fetched.error());
    auto message = row_message(options_.table, options_.rules, fetched->rows.front(), json_, suite_);
    if (message.has_error()) return refuse(message.error());
    InboundMessage in;
    in.service = std::move(message->service);
    in.body = std::move(message->body);
    in.content_type = std::move(message->content_type);
    in.identity.partner = partner_;
    intake_.accept(std::move(in), [this](const Result<Accepted>& result) {
      if (result.has_error()) {
        static_cast<void>(refuse(result.error()));
      } else {
        ++counts_.taken;
      }
    });
    return {};
  }

  Status refuse(const Error& error) {
    ++counts_.refused;
    ++counts_.reasons[std::string(error.code->id)];
    return {};
  }

  const PartnerId& partner_;
  const Dialect& dialect_;
  const ReaderOptions& options_;
  SqlSession& session_;
  const Codec& json_;
  const Suite& suite_;
  Intake& intake_;
  TableCounts& counts_;
  const std::function<void()>& seen_;
};

}  // namespace

Status check_table(const PartnerId& partner, const Dialect& dialect, const ReaderOptions& options, SqlSession& session,
                   const Codec& json, const Suite& suite, Intake& intake, TableCounts& counts,
                   const std::function<void()>& seen) {
  counts.table = options.table.table;
  return TableCheck(partner, dialect, options, session, json, suite, intake, counts, seen).run();
}

}  // namespace tongqu::database
