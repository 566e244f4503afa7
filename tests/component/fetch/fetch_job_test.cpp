// One attempt after another with a source from a script and the real store: every step fails in turn.
#include "connectors/fetch/fetch_job.hpp"

#include "connectors/fetch/fetch_codes.hpp"
#include "gateway/net/net_codes.hpp"
#include "tests/component/fetch/fetch_fixture.hpp"

namespace tongqu::test {
namespace {

using fetch::FetchEnd;
using fetch::FetchFailure;
using fetch::FetchFrom;

constexpr std::size_t kPiece = 50'000;

// Has one content, gives it from where it is asked, and fails where the test says.
struct ScriptedSource final : fetch::FetchSource {
  std::optional<FetchFailure> fetch(const std::string& url, const FetchFrom& from,
                                    fetch::ContentTaker& taker) override {
    urls.push_back(url);
    if (failure && fail_after_pieces == 0) return failure;
    const bool goes_on = ranges && from.offset_bytes > 0 && from.validator == validator;
    FetchFrom now{goes_on ? from.offset_bytes : 0, told_size.value_or(content.size()), validator};
    offsets.push_back(now.offset_bytes);
    if (!taker.begin(now)) return std::nullopt;
    std::size_t pieces = 0;
    for (std::size_t at = now.offset_bytes; at < content.size(); at += kPiece) {
      if (failure && pieces++ == fail_after_pieces) return failure;
      if (!taker.take(std::string_view(content).substr(at, kPiece))) return std::nullopt;
    }
    return std::nullopt;
  }
  void interrupt() override {}

  Bytes content;
  std::string validator = "\"v1\"";
  bool ranges = true;
  std::optional<std::uint64_t> told_size;
  std::optional<FetchFailure> failure;
  std::size_t fail_after_pieces = 0;
  std::vector<std::string> urls;
  std::vector<std::uint64_t> offsets;
};

// The real store, whose n-th call fails.
struct FailingStore final : FetchStore {
  explicit FailingStore(FetchStore& real) : inner(real) {}
  bool strikes() { return ++calls == fail_at; }
  static Error down() { return make_error(codes::kUnavailable, "test"); }
  Result<Attachment> want(const AttachmentWish& wish) override { return inner.want(wish); }
  Result<std::vector<AttachmentId>> due(const PartnerId& owner, std::size_t limit) override {
    return inner.due(owner, limit);
  }
  Result<WantedAttachment> wanted(const AttachmentId& id) override {
    if (strikes()) return down();
    return inner.wanted(id);
  }
  Result<std::unique_ptr<AttachmentWriter>> take(const AttachmentId& id, const FetchBegin& begin) override {
    if (strikes()) return down();
    auto writer = inner.take(id, begin);
    if (writer.has_error()) return writer.error();
    return std::unique_ptr<AttachmentWriter>(std::make_unique<Writer>(*this, std::move(*writer)));
  }
  Status put_off(const AttachmentId& id, Instant due, std::int32_t attempts, const ErrorCode& code) override {
    if (strikes()) return down();
    return inner.put_off(id, due, attempts, code);
  }
  Status give_up(const AttachmentId& id, const ErrorCode& code) override {
    if (strikes()) return down();
    return inner.give_up(id, code);
  }
  Result<bool> retry(const AttachmentId& id) override { return inner.retry(id); }
  Result<FetchCounts> fetch_counts(const PartnerId& owner) override { return inner.fetch_counts(owner); }

  struct Writer final : AttachmentWriter {
    Writer(FailingStore& of, std::unique_ptr<AttachmentWriter> real) : store(of), writer(std::move(real)) {}
    Status append(std::string_view piece) override {
      if (store.strikes()) return down();
      return writer->append(piece);
    }
    Result<Attachment> close() override {
      if (store.strikes()) return down();
      return writer->close();
    }
    Status discard() override { return writer->discard(); }
    FailingStore& store;
    std::unique_ptr<AttachmentWriter> writer;
  };

  FetchStore& inner;
  int calls = 0;
  int fail_at = 0;
};

class FetchJob : public FetchTest {
 protected:
  FetchJob() { source_.content = picture(300'000); }
  AttachmentWish wish(const std::string& url = "https://evidence.test/secret-name.jpg") const {
    AttachmentWish made;
    made.owner = kOwner;
    made.key = "GD2026-1";
    made.url = url;
    made.name = "photo.jpg";
    made.max_wanted = 10;
    return made;
  }
  AttachmentId want() { return want(wish()); }
  using FetchTest::want;
  fetch::FetchOutcome once(const AttachmentId& id) {
    return fetch::fetch_once(id, terms_, *house_.store, source_, house_.clock);
  }
  bool due(const AttachmentId& id) {
    const auto ids = house_.store->due(kOwner, 10);
    return ids.has_value() && std::find(ids->begin(), ids->end(), id) != ids->end();
  }

  ScriptedSource source_;
  fetch::FetchTerms terms_{.max_bytes = 1'000'000, .types = {"image/jpeg", "application/pdf"}};
};

TEST_F(FetchJob, StoresWhatItFindsWithTypeAndDigest) {
  const AttachmentId id = want();
  EXPECT_EQ(state(id), "wanted");
  EXPECT_TRUE(due(id));
  EXPECT_EQ(once(id).end, FetchEnd::kStored);
  const auto found = house_.store->find(id);
  EXPECT_EQ(found->state, AttachmentState::kStored);
  EXPECT_EQ(found->type, "image/jpeg");
  EXPECT_EQ(found->size_bytes, source_.content.size());
  EXPECT_EQ(found->digest, house_.gm->hash({source_.content}));
  EXPECT_EQ(found->name, "photo.jpg");
  EXPECT_EQ(*house_.content(id), source_.content);
  EXPECT_FALSE(due(id));
  EXPECT_EQ(source_.urls, std::vector<std::string>{wish().url});
}

TEST_F(FetchJob, TheSameAddressOfTheSameMatterIsTheSameAttachment) {
  const AttachmentId id = want();
  EXPECT_EQ(want(), id);
  AttachmentWish other = wish();
  other.key = "GD2026-2";
  EXPECT_NE(want(other), id);
  EXPECT_NE(want(wish("https://evidence.test/b.jpg")), id);
  EXPECT_EQ(once(id).end, FetchEnd::kStored);
  EXPECT_EQ(want(), id) << "after it was fetched";
  AttachmentWish many = wish("https://evidence.test/c.jpg");
  many.max_wanted = 2;
  EXPECT_EQ(code_of(house_.store->want(many)), "attachment.wanted-count");
}

TEST_F(FetchJob, GoesOnWhereItWasCutAlsoAfterARestart) {
  const AttachmentId id = want();
  source_.failure = FetchFailure{&codes::kNetConnectionCut, false, 0};
  source_.fail_after_pieces = 2;
  for (const std::uint64_t from : {0UL, 100'000UL}) {
    EXPECT_EQ(once(id).end, FetchEnd::kPutOff);
    EXPECT_EQ(source_.offsets.back(), from);
    EXPECT_EQ(house_.store->find(id)->offset_bytes, from + 2 * kPiece);
    house_.open();
  }
  EXPECT_EQ(state(id), "wanted net.connection-cut");
  source_.failure.reset();
  EXPECT_EQ(once(id).end, FetchEnd::kStored);
  EXPECT_EQ(source_.offsets.back(), 200'000U);
  EXPECT_EQ(*house_.content(id), source_.content);
  EXPECT_EQ(state(id), "stored");
}

TEST_F(FetchJob, BeginsAnewWhenTheContentHasChanged) {
  const AttachmentId id = want();
  source_.failure = FetchFailure{&codes::kNetConnectionCut, false, 0};
  source_.fail_after_pieces = 3;
  EXPECT_EQ(once(id).end, FetchEnd::kPutOff);
  source_.failure.reset();
  source_.content = picture(333'333, 7);
  source_.validator = "\"v2\"";
  EXPECT_EQ(once(id).end, FetchEnd::kStored);
  EXPECT_EQ(source_.offsets.back(), 0U);
  EXPECT_EQ(*house_.content(id), source_.content);
}

TEST_F(FetchJob, RefusesWhatIsNotWhatItShouldBeAndTakesItWhenAPersonRetries) {
  struct Wrong {
    const char* code;
    std::function<void(ScriptedSource&, AttachmentWish&)> make;
  };
  const std::vector<Wrong> cases = {
      {"fetch.too-large", [](ScriptedSource& s, auto&) { s.content = picture(1'000'001); }},
      {"fetch.empty", [](ScriptedSource& s, auto&) { s.content.clear(); }},
      {"fetch.missing", [](ScriptedSource& s, auto&) { s.failure = FetchFailure{&codes::kFetchMissing, true, 0}; }},
      {"attachment.type-mismatch", [](ScriptedSource& s, auto&) { s.content = Bytes(200'000, 'x'); }},
      {"attachment.type-mismatch", [](ScriptedSource&, AttachmentWish& w) { w.type = "application/pdf"; }},
      {"attachment.digest-mismatch", [](ScriptedSource&, AttachmentWish& w) { w.hash = SuiteId::kIntl; }},
  };
  for (const Wrong& one : cases) {
    SCOPED_TRACE(one.code);
    AttachmentWish made = wish(std::string("https://evidence.test/") + std::to_string(&one - cases.data()));
    one.make(source_, made);
    const AttachmentId id = want(made);
    EXPECT_EQ(once(id).end, FetchEnd::kRefused);
    EXPECT_EQ(state(id), std::string("refused ") + one.code);
    EXPECT_FALSE(due(id));
    EXPECT_FALSE(std::filesystem::exists(house_.file(id)));
    house_.open();
    EXPECT_EQ(*house_.store->retry(id), true);
    EXPECT_EQ(state(id), "wanted");
    EXPECT_TRUE(due(id));
    source_.content = picture(300'000);
    source_.failure.reset();
    if (made.type.empty() && !made.hash) EXPECT_EQ(once(id).end, FetchEnd::kStored);
  }
}

TEST_F(FetchJob, ChecksADigestOfEitherSuite) {
  for (const SuiteId suite : {SuiteId::kGm, SuiteId::kIntl}) {
    AttachmentWish made = wish("https://evidence.test/" + std::to_string(static_cast<int>(suite)));
    made.hash = suite;
    made.digest = (suite == SuiteId::kGm ? *house_.gm : *house_.intl).hash({source_.content});
    EXPECT_EQ(once(want(made)).end, FetchEnd::kStored);
  }
}

TEST_F(FetchJob, WaitsLongerAndLongerAndGivesUpAtTheDeadline) {
  terms_.first_wait_ms = 1'000;
  terms_.max_wait_ms = 5'000;
  terms_.deadline_ms = 20'000;
  const AttachmentId id = want();
  source_.failure = FetchFailure{&codes::kNetConnect, false, 0};
  for (const std::int64_t wait : {1'000, 2'000, 4'000, 5'000, 5'000}) {
    ASSERT_EQ(once(id).end, FetchEnd::kPutOff);
    house_.clock.advance(wait - 1);
    EXPECT_FALSE(due(id)) << wait;
    house_.clock.advance(1);
    EXPECT_TRUE(due(id)) << wait;
  }
  ASSERT_EQ(once(id).end, FetchEnd::kPutOff);
  house_.clock.advance(3'000);
  EXPECT_TRUE(due(id)) << "a last time at the deadline";
  EXPECT_EQ(once(id).end, FetchEnd::kRefused);
  EXPECT_EQ(state(id), "refused fetch.too-late");
  EXPECT_EQ(house_.store->fetch_counts(kOwner)->refused, 1U);
}

TEST_F(FetchJob, RespectsWhatTheSourceWishes) {
  const AttachmentId id = want();
  source_.failure = FetchFailure{&codes::kFetchLater, false, 60'000};
  EXPECT_EQ(once(id).end, FetchEnd::kPutOff);
  house_.clock.advance(59'999);
  EXPECT_FALSE(due(id));
  house_.clock.advance(1);
  EXPECT_TRUE(due(id));
}

TEST_F(FetchJob, CountsAContentThatContradictsItsSizeAsTheSourcesFailure) {
  AttachmentId id = want();
  source_.told_size = 299'999;
  EXPECT_EQ(once(id).end, FetchEnd::kPutOff);
  EXPECT_EQ(state(id), "wanted fetch.answer");
  id = want(wish("https://evidence.test/2"));
  source_.told_size = 300'001;
  EXPECT_EQ(once(id).end, FetchEnd::kPutOff);
  EXPECT_EQ(state(id), "wanted fetch.short");
}

TEST_F(FetchJob, LosesNothingWhicheverCallOfTheStoreFails) {
  bool struck = true;
  for (int n = 1; struck; ++n) {
    SCOPED_TRACE(n);
    const AttachmentId id = want(wish("https://evidence.test/" + std::to_string(n)));
    FailingStore failing(*house_.store);
    failing.fail_at = n;
    const auto outcome = fetch::fetch_once(id, terms_, failing, source_, house_.clock);
    struck = failing.calls >= n;
    EXPECT_EQ(outcome.end, struck ? FetchEnd::kStore : FetchEnd::kStored);
    if (!struck) break;
    EXPECT_EQ(state(id), "wanted");
    EXPECT_TRUE(due(id));
    EXPECT_EQ(once(id).end, FetchEnd::kStored);
    EXPECT_EQ(*house_.content(id), source_.content);
    ASSERT_LT(n, 100);
  }
}

TEST_F(FetchJob, LosesNothingWhicheverPieceIsTheLastOfTheSource) {
  for (std::size_t n = 0; n <= 6; ++n) {
    SCOPED_TRACE(n);
    const AttachmentId id = want(wish("https://evidence.test/" + std::to_string(n)));
    source_.failure = FetchFailure{&codes::kNetConnectionCut, false, 0};
    source_.fail_after_pieces = n;
    const auto cut = once(id);
    EXPECT_EQ(cut.end, n < 6 ? FetchEnd::kPutOff : FetchEnd::kStored);
    source_.failure.reset();
    if (n < 6) EXPECT_EQ(once(id).end, FetchEnd::kStored);
    EXPECT_EQ(*house_.content(id), source_.content);
  }
}

TEST_F(FetchJob, LeavesNoAddressReadableOnDiskAndNoneAtAllWhenItIsStored) {
  const AttachmentId id = want();
  house_.store.reset();
  const auto on_disk = [&] {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(house_.options.folder)) all += read_file(entry.path());
    return all;
  };
  EXPECT_EQ(on_disk().find("secret-name"), std::string::npos);
  EXPECT_EQ(on_disk().find("evidence.test"), std::string::npos);
  house_.open();
  EXPECT_EQ(once(id).end, FetchEnd::kStored);
  EXPECT_EQ(*house_.store->retry(id), false) << "there is no address any more";
}

TEST_F(FetchJob, RemovedWhileItIsWantedIsGone) {
  const AttachmentId id = want();
  EXPECT_TRUE(house_.store->destroy(id).has_value());
  EXPECT_EQ(state(id), "gone");
  EXPECT_FALSE(due(id));
  EXPECT_EQ(once(id).end, FetchEnd::kStore);
}

}  // namespace
}  // namespace tongqu::test
