#pragma once
// A store in a folder of its own, and short ways to wait for its answers.
#include <gtest/gtest.h>

#include <future>

#include "gateway/store/sql_store.hpp"
#include "gateway/store/store_codes.hpp"
#include "tests/component/store/store_items.hpp"
#include "tests/support/chain_sequencer.hpp"
#include "tests/support/data.hpp"
#include "tests/support/manual_clock.hpp"

namespace tongqu::test {

inline Result<Stored> wait_commit(Store& store, NewExchange exchange) {
  std::promise<Result<Stored>> answer;
  store.commit(std::move(exchange), [&](Result<Stored> r) { answer.set_value(std::move(r)); });
  return answer.get_future().get();
}
inline Status wait_settle(Store& store, Settlement settlement) {
  std::promise<Status> answer;
  store.settle(std::move(settlement), [&](Status s) { answer.set_value(std::move(s)); });
  return answer.get_future().get();
}
inline Status wait_act(Store& store, OperatorAct act) {
  std::promise<Status> answer;
  store.act(std::move(act), [&](Status s) { answer.set_value(std::move(s)); });
  return answer.get_future().get();
}
inline Status wait_append(Store& store, AuditDraft entry) {
  std::promise<Status> answer;
  store.append(std::move(entry), [&](Status s) { answer.set_value(std::move(s)); });
  return answer.get_future().get();
}

template <class T>
std::string code_of(const Result<T>& result) {
  return result.has_error() ? std::string(result.error().code->id) : std::string();
}

// A store in a folder of its own, with everything it needs; reopen() closes and opens it again.
struct OpenStore {
  explicit OpenStore(const std::string& purpose) { options.folder = temporary_folder(purpose); }

  void open() {
    auto opened = SqlStore::open(options, sequencer, clock);
    ASSERT_TRUE(opened.has_value()) << opened.error().text(Lang::kEnglish);
    store = std::move(*opened);
  }
  void reopen() {
    store.reset();
    open();
  }

  StoreOptions options;
  ChainSequencer sequencer;
  ManualClock clock;
  std::unique_ptr<SqlStore> store;
};

}  // namespace tongqu::test
