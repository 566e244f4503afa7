#pragma once
// A local base on a real disk, with the real sealing.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "gateway/store/sql_references.hpp"
#include "security/crypto/sealer.hpp"
#include "security/crypto/suites.hpp"
#include "tests/support/data.hpp"
#include "tests/support/manual_clock.hpp"

namespace tongqu::test {

inline const PartnerId kBase{"ip-local"};

inline NewReference reference(const std::string& message, const std::string& identity, const std::string& order,
                              const std::string& content) {
  return {message, identity, {"key-" + identity, "all"}, order, order, content};
}

struct BaseHouse {
  explicit BaseHouse(SuiteId id = SuiteId::kGm, std::filesystem::path in = temporary_folder("references"))
      : root(std::move(in)) {
    suite = *make_suite(id);
    sealer = *make_sealer(id, Bytes(32, 'm'), *open_month_key_files(root / "month"), clock);
    open();
  }
  void open(const std::string& vfs = {}) {
    store.reset();
    auto opened = SqlReferences::open(root / "references", *sealer, *suite, vfs);
    ASSERT_TRUE(opened.has_value()) << opened.error().text(Lang::kEnglish);
    store = std::move(*opened);
  }
  [[nodiscard]] ReferencePut put(const NewReference& record) const {
    const auto done = store->put(kBase, limits, {record});
    EXPECT_TRUE(done.has_value());
    return done.has_value() ? done->front() : ReferencePut::kFull;
  }
  // Content under a key; "-" when there is none.
  [[nodiscard]] std::string at(const std::string& key, const PartnerId& base = kBase) const {
    const auto found = store->find(base, key);
    if (found.has_error()) return std::string(found.error().code->id);
    return *found ? (*found)->content : "-";
  }

  std::filesystem::path root;
  ManualClock clock;
  std::unique_ptr<Suite> suite;
  std::unique_ptr<Sealer> sealer;
  ReferenceLimits limits;
  std::unique_ptr<SqlReferences> store;
};

}  // namespace tongqu::test
