// Opening: empty folders, files of earlier and later versions, damaged ones, a second process.
#include <sys/stat.h>

#include <fstream>

#include "gateway/store/database.hpp"
#include "gateway/store/schema.hpp"
#include "security/audit/sequencer.hpp"
#include "security/crypto/keys.hpp"
#include "tests/component/store/consistency.hpp"
#include "tests/component/store/store_fixture.hpp"

namespace tongqu::test {
namespace {

std::string code_of_opening(OpenStore& fixture) {
  return code_of(SqlStore::open(fixture.options, fixture.sequencer, fixture.clock));
}

TEST(Opening, MakesPrivateFilesInAnEmptyFolder) {
  OpenStore fixture("new");
  fixture.options.folder /= "made-by-the-store";
  fixture.open();
  for (const char* name : {"main.db", "keys.db", "lock"}) {
    struct stat file{};
    ASSERT_EQ(stat((fixture.options.folder / name).c_str(), &file), 0) << name;
    EXPECT_EQ(file.st_mode & 0777U, 0600U) << name;
  }
  EXPECT_EQ(*fixture.store->checkpoint(), "");
  EXPECT_TRUE(fixture.store->leaf_tile(0)->empty());
  EXPECT_TRUE(fixture.store->counts()->empty());
}

TEST(Opening, RefusesASecondOwnerUntilTheFirstIsGone) {
  OpenStore fixture("locked");
  fixture.open();
  EXPECT_EQ(code_of_opening(fixture), "store.locked");
  fixture.store.reset();
  EXPECT_EQ(code_of_opening(fixture), "");
}

TEST(Opening, BringsAVersionOneFileToThePresent) {
  OpenStore fixture("version-one");
  {
    sql::Connection main((fixture.options.folder / "main.db").string(), {});
    ASSERT_TRUE(sql::migrate(main, sql::main_migrations().first(1)).has_value());
    EXPECT_EQ(sql::schema_version(main), 1);
    main.exec(
        "INSERT INTO exchanges VALUES('01HF7YAT000000000000000001', 'city-a', 's', 'M1', 'create', 1, 5, 'c', 'r', 2, "
        "'[]', 't', 50, 0, 0, 0, 7)");
    main.exec("INSERT INTO contents VALUES(50, 'o', 'r')");
    main.exec(
        "INSERT INTO outbox VALUES(1, '01HF7YAT000000000000000001-platform', '01HF7YAT000000000000000001', 'platform', "
        "'city-a', 's', '', 1, 0, 0, 1, 5, 0, 0, 6, 200, 1, '', NULL)");
    main.exec("INSERT INTO outbox_contents VALUES(1, 't', 'an older ledger', '', 'm')");
    main.exec("INSERT INTO nonces VALUES('city-a' || char(10) || 'n1', 99)");
    sql::Connection keys((fixture.options.folder / "keys.db").string(), {});
    ASSERT_TRUE(sql::migrate(keys, sql::key_migrations()).has_value());
    keys.exec("INSERT INTO keys VALUES('01HF7YAT000000000000000001', 'k')");
  }
  fixture.open();
  EXPECT_EQ(fixture.store->exchange(exchange_id(1))->received_ms, 5);
  ExchangeFilter filter;
  filter.service = ServiceId("s");
  EXPECT_EQ(fixture.store->exchanges(filter)->size(), 1U);
  EXPECT_EQ(fixture.store->message("01HF7YAT000000000000000001-platform")->ledger, "an older ledger");
  NewExchange replay = new_exchange(exchange_id(2));
  replay.nonce = "n1";
  replay.nonce_expires_ms = 99;
  EXPECT_EQ(code_of(wait_commit(*fixture.store, replay)), "store.replay");
  NewExchange newer = new_exchange(exchange_id(3));
  newer.outbox.push_back(outbox_to(exchange_id(3), "platform"));
  ASSERT_TRUE(wait_commit(*fixture.store, newer).has_value());
  EXPECT_EQ(fixture.store->message(exchange_id(3).str() + "-platform")->ledger, "ledger of platform");
  OperatorAct pause = act_on(OperatorAct::Kind::kPause, "");
  pause.partner = PartnerId("city-a");
  EXPECT_TRUE(wait_act(*fixture.store, pause).has_value());
  fixture.store.reset();
  sql::Connection main((fixture.options.folder / "main.db").string(), {});
  EXPECT_EQ(sql::schema_version(main), static_cast<std::int64_t>(sql::main_migrations().size()));
}

TEST(Opening, TakesOriginsFromEarlierAuditEntries) {
  OpenStore fixture("origins");
  sql::Connection main((fixture.options.folder / "main.db").string(), {});
  ASSERT_TRUE(sql::migrate(main, sql::main_migrations().first(7)).has_value());
  const auto add = [&main](const char* id, int index, const std::string& entry) {
    const std::string at = std::to_string(index);
    main.exec(("INSERT INTO exchanges VALUES('" + std::string(id) + "', 'zone', 's', 'M1', 'create', " + at +
               ", 5, 'c', 'r', 2, '[]', 't', " + at + ", 0, 0, 0, 7)")
                  .c_str());
    main.exec(("INSERT INTO audit VALUES(" + at + ", x'00', '', NULL, '" + entry + "')").c_str());
  };
  add("e1", 1, R"({"exchange":"e1","origin":"there"})");
  add("e2", 2, R"({"exchange":"e2"})");
  add("e3", 3, R"({"exchange":"e3","reason":{"origin":"x"}})");
  ASSERT_TRUE(sql::migrate(main, sql::main_migrations()).has_value());
  EXPECT_EQ(main.integer("SELECT count(*) FROM exchange_origins"), 1);
  EXPECT_EQ(main.integer("SELECT count(*) FROM exchange_origins WHERE origin = 'there' AND exchange = 'e1'"), 1);
}

TEST(Opening, RefusesWhatItCannotRead) {
  struct Case {
    const char* what;
    const char* damage;
    const char* code;
  };
  for (const Case& c : {Case{"later version", "UPDATE schema_version SET version = 99", "store.newer"},
                        Case{"entries missing", "DELETE FROM audit WHERE idx = 299", "store.corrupt"},
                        Case{"leaves missing", "DELETE FROM audit WHERE idx = 280", "store.corrupt"},
                        Case{"nodes missing", "DELETE FROM nodes", "store.corrupt"},
                        Case{"no checkpoint", "DELETE FROM checkpoint", "store.corrupt"},
                        Case{"another checkpoint", "UPDATE checkpoint SET note = 'x'", "test.tree"},
                        Case{"another leaf", "UPDATE audit SET leaf = zeroblob(32) WHERE idx = 290", "test.tree"},
                        Case{"another node", "UPDATE nodes SET hash = zeroblob(32)", "test.tree"}}) {
    SCOPED_TRACE(c.what);
    OpenStore fixture("damaged");
    fixture.open();
    std::promise<void> done;
    for (int i = 0; i < 300; ++i) {
      fixture.store->append(draft("started", std::to_string(i)), [&, i](Status) {
        if (i == 299) done.set_value();
      });
    }
    done.get_future().get();
    fixture.store.reset();
    sql::Connection((fixture.options.folder / "main.db").string(), {}).exec(c.damage);
    EXPECT_EQ(code_of_opening(fixture), c.code);
  }
}

TEST(Opening, RefusesAFileThatIsNoDatabase) {
  OpenStore fixture("garbage");
  std::ofstream(fixture.options.folder / "main.db") << std::string(10'000, 'x');
  EXPECT_EQ(code_of_opening(fixture), "store.open");
}

TEST(Opening, PutsCountersRight) {
  OpenStore fixture("counters");
  fixture.open();
  NewExchange exchange = new_exchange(exchange_id(1));
  exchange.outbox.push_back(outbox_to(exchange_id(1), "platform"));
  exchange.tasks.push_back({TaskQueue::kAssign, "reason"});
  ASSERT_TRUE(wait_commit(*fixture.store, exchange).has_value());
  fixture.store.reset();
  sql::Connection((fixture.options.folder / "main.db").string(), {})
      .exec("UPDATE counters SET held = 9, queued = 9, no_answer = 9, dead = 9; DELETE FROM counters WHERE stored = 0");
  fixture.open();
  const auto counts = fixture.store->counts();
  ASSERT_EQ(counts->size(), 2U);
  EXPECT_EQ(counts->at(0).held, 1U);
  EXPECT_EQ(counts->at(1).queued, 1U);
  EXPECT_EQ(counts->at(1).dead, 0U);
  EXPECT_EQ(counts->at(1).oldest_queued_ms, fixture.clock.now().ms);
}

// The store and the real log together: what is read back opens again, tile by tile.
TEST(Opening, RestoresTheRealLog) {
  const auto key = generate_key("sm2-sm3");
  ASSERT_TRUE(key.has_value());
  OpenStore fixture("real");
  std::string receipt;
  for (const std::size_t appended : {255U, 1U, 300U, 3U}) {
    auto sequencer = LogSequencer::create(SuiteId::kGm, "tongqu.test/log", key->private_pem);
    ASSERT_TRUE(sequencer.has_value());
    auto store = SqlStore::open(fixture.options, **sequencer, fixture.clock);
    ASSERT_TRUE(store.has_value()) << store.error().text(Lang::kEnglish);
    if (!receipt.empty()) EXPECT_EQ(*(*store)->receipt("stored", exchange_id(1).str()), receipt);
    if (receipt.empty()) receipt = wait_commit(**store, new_exchange(exchange_id(1)))->receipt;
    std::promise<void> done;
    for (std::size_t i = 1; i <= appended; ++i) {
      (*store)->append(draft("started", "x"), [&, i](Status status) {
        EXPECT_TRUE(status.has_value());
        if (i == appended) done.set_value();
      });
    }
    done.get_future().get();
    EXPECT_EQ((*sequencer)->size() % 256, (*store)->leaf_tile((*sequencer)->size() / 256)->size());
    EXPECT_EQ((*sequencer)->size() / 256, (*store)->node_tile(8, 0)->size());
    EXPECT_NE((*store)->checkpoint()->find("tongqu.test/log"), std::string::npos);
  }
  EXPECT_EQ(broken_rules(fixture.options.folder), std::vector<std::string>{});
}

}  // namespace
}  // namespace tongqu::test
