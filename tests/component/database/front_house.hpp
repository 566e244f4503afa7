#pragma once
// A real database with the tables of a front database, and a line that counts.
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "connectors/database/database_codes.hpp"
#include "connectors/database/database_inbound.hpp"
#include "connectors/database/database_outbound.hpp"
#include "tests/component/database/servers.hpp"
#include "tests/support/plain_suite.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::database::test {

// What the line does, without one: keeps what was committed by key, answers as told, from the caller's thread or never.
class CountingIntake final : public Intake {
 public:
  enum class Mode : std::uint8_t { kAnswer, kSilentBefore, kSilentAfter };
  void accept(InboundMessage message, Done done) override {
    Result<Accepted> answer = Accepted{};
    {
      const std::lock_guard lock(mutex_);
      ++calls_;
      if (mode_ == Mode::kSilentBefore) return void(silent_.push_back(std::move(done)));
      if (later_ > 0) {
        --later_;
        answer = make_error(later_ % 2 == 0 ? codes::kUnavailable : codes::kInternal);
      } else if (message.body.find("refuse") != std::string::npos) {
        answer = make_error(codes::kDbRowText);
      } else {
        const std::string& key = message.idempotency_key.empty() ? message.body : message.idempotency_key;
        ++times_[key];
        answer->repeated = !bodies_.emplace(key, message.body).second;
        if (!answer->repeated) order_.push_back(message.body);
        if (mode_ == Mode::kSilentAfter) return void(silent_.push_back(std::move(done)));
      }
    }
    done(answer);
  }
  void turned_back(const std::string&, const std::string&, const Error&) override {}
  void set(Mode mode) {
    const std::lock_guard lock(mutex_);
    mode_ = mode;
  }
  void later(int times) {
    const std::lock_guard lock(mutex_);
    later_ = times;
  }
  std::size_t distinct() const {
    const std::lock_guard lock(mutex_);
    return bodies_.size();
  }
  std::size_t calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  std::vector<std::string> order() const {
    const std::lock_guard lock(mutex_);
    return order_;
  }

 private:
  mutable std::mutex mutex_;
  Mode mode_ = Mode::kAnswer;
  int later_ = 0;
  std::size_t calls_ = 0;
  std::map<std::string, int> times_;
  std::map<std::string, std::string> bodies_;
  std::vector<std::string> order_;
  std::vector<Done> silent_;
};

struct FrontHouse {
  explicit FrontHouse(Kind kind) : server(Server::start(kind)), watch(std::make_shared<DeadlineWatch>()) {
    source = open_source();
    const std::string time = server->time_type();
    run("CREATE TABLE tq_in (msg_id BIGINT NOT NULL PRIMARY KEY, biz_type VARCHAR(40), payload " + text_type() +
        ", digest VARCHAR(80), status INTEGER NOT NULL DEFAULT 0, error VARCHAR(64), retry INTEGER, taken_at " + time +
        ", token VARCHAR(40), hours NUMERIC(6,1))");
    run("CREATE TABLE tq_out (msg_id VARCHAR(64) NOT NULL PRIMARY KEY, biz_type VARCHAR(40), payload " + text_type() +
        ", digest VARCHAR(80), created_at " + time + ", status INTEGER NOT NULL DEFAULT 0, order_no VARCHAR(8))");
  }
  std::string text_type() const { return server->kind() == Kind::kMariadb ? "LONGTEXT" : "TEXT"; }

  std::shared_ptr<SqlSource> open_source() {
    return std::shared_ptr<SqlSource>(make_poco_source(server->options(), *watch));
  }
  SqlAnswer run(const std::string& text, std::vector<SqlValue> values = {}, std::size_t columns = 0) {
    auto session = source->open();
    if (session.has_error()) return ADD_FAILURE() << session.error().text(Lang::kEnglish), SqlAnswer();
    auto answer = (*session)->execute({text, std::move(values), columns});
    if (answer.has_error()) return ADD_FAILURE() << text << ": " << answer.error().text(Lang::kEnglish), SqlAnswer();
    return std::move(*answer);
  }
  std::string one(const std::string& text) {
    const SqlAnswer answer = run(text, {}, 1);
    return answer.rows.empty() ? "none" : answer.rows[0][0].value_or("NULL");
  }
  std::string count(const std::string& where) {
    const std::string what = server->kind() == Kind::kMariadb ? "CAST(COUNT(*) AS CHAR)" : "COUNT(*)";
    return one("SELECT " + what + " FROM tq_in WHERE " + where);
  }
  // Rows 1…n, several to a statement.
  void fill(int n) {
    for (int at = 1; at <= n;) {
      std::string text = "INSERT INTO tq_in (msg_id, payload) VALUES ";
      for (int i = 0; i < 500 && at <= n; ++i, ++at)
        text += (i == 0 ? "(" : ",(") + std::to_string(at) + ",'{\"n\":" + std::to_string(at) + "}')";
      run(text);
    }
  }
  Dialect dialect() const {
    Dialect d = *find_dialect(server->dialect());
    return d;
  }
  static IntakeTable table() {
    IntakeTable t;
    t.table = "tq_in";
    t.id = "msg_id";
    t.state = "status";
    t.taken_at = "taken_at";
    t.token = "token";
    t.error = "error";
    t.retry = "retry";
    t.payload = "payload";
    t.states.integer = true;
    return t;
  }
  std::unique_ptr<DatabaseInbound> reader(IntakeLimits limits, IntakeTable t = table(),
                                          RowIdentity identity = RowIdentity::kRow) {
    DatabaseInboundOptions options;
    options.partner = PartnerId("city-b");
    options.dialect = dialect();
    options.tables.push_back(
        {std::move(t), {ServiceId("workorder.transfer"), {}, "application/json", 1U << 20U}, limits, identity});
    return std::make_unique<DatabaseInbound>(std::move(options), watch, open_source(), clock, json, suite, intake);
  }
  std::unique_ptr<DatabaseOutbound> writer(DeliveryRules delivery = {}) {
    DatabaseOutboundOptions options;
    options.dialect = dialect();
    options.rules.table = "tq_out";
    options.rules.columns = {"msg_id", "biz_type", "payload", "", "created_at", "digest"};
    options.rules.fields = {{"order", "order_no"}};
    if (delivery.acknowledged) options.rules.state = "status";
    options.delivery = std::move(delivery);
    options.connections = 2;
    return std::make_unique<DatabaseOutbound>(std::move(options), watch, open_source(), clock, json, suite);
  }
  DeliveryOutcome deliver(DatabaseOutbound& to, const std::string& id, const std::string& body,
                          std::int64_t ms = 20'000) {
    std::promise<DeliveryOutcome> promise;
    to.deliver({id, ServiceId("workorder.sign"), body, "application/json", 1}, ms,
               [&](DeliveryOutcome outcome) { promise.set_value(std::move(outcome)); });
    return promise.get_future().get();
  }

  std::unique_ptr<Server> server;
  std::shared_ptr<DeadlineWatch> watch;
  std::shared_ptr<SqlSource> source;
  SystemClock clock;
  JsonCodec json;
  tongqu::test::PlainSuite suite;
  CountingIntake intake;
};

inline constexpr IntakeLimits kQuick{
    .batch_rows = 50, .in_hand = 8, .poll_ms = 20, .lease_ms = 60'000, .backoff_first_ms = 20, .backoff_max_ms = 200};

}  // namespace tongqu::database::test
