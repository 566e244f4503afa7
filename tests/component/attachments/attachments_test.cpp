#include <gmock/gmock.h>

#include <fstream>

#include "tests/component/attachments/attachment_fixture.hpp"

namespace tongqu::test {
namespace {

constexpr std::size_t kSegment = 64 * 1024;

class Attachments : public testing::TestWithParam<SuiteId> {
 protected:
  AttachmentHouse house_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(EachSuite, Attachments, testing::Values(SuiteId::kGm, SuiteId::kIntl),
                         [](const auto& p) { return p.param == SuiteId::kGm ? "Gm" : "Intl"; });

TEST_P(Attachments, AreStoredAndReadBackWhateverTheirSize) {
  for (const std::size_t size : {20UL, 1000UL, kSegment - 1, kSegment, kSegment + 1, 3 * kSegment, 500'001UL}) {
    SCOPED_TRACE(size);
    const Bytes content = picture(size, size);
    const AttachmentId id = house_.create(content);
    const auto stored = house_.send(id, content, 0, size);
    ASSERT_TRUE(stored.has_value()) << stored.error().text(Lang::kEnglish);
    EXPECT_EQ(stored->state, AttachmentState::kStored);
    EXPECT_EQ(*house_.content(id), content);
    house_.open();
    EXPECT_EQ(*house_.content(id), content) << "after a restart";
    EXPECT_EQ(house_.store->find(id)->name, "photo.jpg");
  }
}

TEST_P(Attachments, AreReadFromAnyByteOn) {
  const Bytes content = picture(3 * kSegment + 77);
  const AttachmentId id = house_.create(content);
  ASSERT_TRUE(house_.send(id, content, 0, content.size()).has_value());
  auto reader = house_.store->open(id);
  ASSERT_TRUE(reader.has_value());
  for (const std::size_t at : {0UL, 1UL, kSegment - 1, kSegment, 2 * kSegment + 5, content.size() - 1}) {
    const auto piece = (*reader)->read(at);
    ASSERT_TRUE(piece.has_value());
    EXPECT_EQ(*piece, content.substr(at, kSegment - at % kSegment));
  }
  EXPECT_EQ(code_of((*reader)->read(content.size())), "attachment.corrupt");
}

TEST_P(Attachments, GoOnAtAnyByteAlsoAfterARestart) {
  const Bytes content = picture(4 * kSegment + 123);
  const AttachmentId id = house_.create(content);
  std::size_t at = 0;
  for (const std::size_t next : {1UL, 100UL, kSegment - 1, kSegment, kSegment + 1, 3 * kSegment + 7}) {
    const auto taken = house_.send(id, content, at, next);
    ASSERT_TRUE(taken.has_value()) << next;
    EXPECT_EQ(taken->offset_bytes, next);
    if (next % 2 == 1) house_.open();
    EXPECT_EQ(house_.store->find(id)->offset_bytes, next);
    at = next;
  }
  ASSERT_TRUE(house_.send(id, content, at, content.size()).has_value());
  EXPECT_EQ(*house_.content(id), content);
}

TEST_P(Attachments, TakeDigestsOfEitherSuite) {
  for (const SuiteId hash : {SuiteId::kGm, SuiteId::kIntl}) {
    const Bytes content = picture(100'000, 5);
    const auto made = house_.store->create(house_.declare(content, {}, hash), kWide);
    ASSERT_TRUE(made.has_value());
    EXPECT_TRUE(house_.send(made->id, content, 0, content.size()).has_value());
  }
}

TEST_P(Attachments, LeaveNothingReadableOnDisk) {
  Bytes content = picture(2 * kSegment);
  content.replace(100, 26, "the-complainant-is-visible");
  const AttachmentId id = house_.create(content);
  ASSERT_TRUE(house_.send(id, content, 0, kSegment + 500).has_value());
  house_.store.reset();
  for (const auto& entry : std::filesystem::directory_iterator(house_.options.folder)) {
    const std::string bytes = read_file(entry.path());
    EXPECT_EQ(bytes.find("the-complainant-is-visible"), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find("photo.jpg"), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find(content.substr(kSegment, 100)), std::string::npos) << "the part outside the file";
  }
}

// Every way to change a stored content that does not need the key.
TEST_P(Attachments, ChangedFilesAreFoundAndNothingOfThemIsGivenOut) {
  const Bytes content = picture(4 * kSegment - 9);
  const AttachmentId id = house_.create(content, "one");
  ASSERT_TRUE(house_.send(id, content, 0, content.size()).has_value());
  const AttachmentId other = house_.create(content, "two");
  ASSERT_TRUE(house_.send(other, content, 0, content.size()).has_value());
  const std::string good = read_file(house_.file(id));
  const std::string twin = read_file(house_.file(other));
  const std::size_t sealed = (good.size() + 9) / 4;
  ASSERT_EQ(sealed * 4 - 9, good.size());
  const auto segment = [&](const std::string& from, std::size_t i) { return from.substr(i * sealed, sealed); };
  std::map<std::string, std::string> changes{
      {"flipped", good},
      {"swapped", segment(good, 1) + segment(good, 0) + segment(good, 2) + segment(good, 3)},
      {"left out", segment(good, 0) + segment(good, 2) + segment(good, 3)},
      {"of another", segment(twin, 0) + segment(good, 1) + segment(good, 2) + segment(good, 3)},
      {"cut inside", good.substr(0, good.size() - 1)},
      {"cut between", good.substr(0, 3 * sealed)},
      {"empty", ""}};
  changes["flipped"][sealed + 1000] ^= 1;
  for (const auto& [name, bytes] : changes) {
    SCOPED_TRACE(name);
    std::ofstream(house_.file(id), std::ios::binary | std::ios::trunc) << bytes;
    EXPECT_EQ(code_of(house_.content(id)), "attachment.corrupt");
  }
  std::filesystem::remove(house_.file(id));
  EXPECT_EQ(code_of(house_.content(id)), "attachment.corrupt");
  std::ofstream(house_.file(id), std::ios::binary) << good;
  EXPECT_EQ(*house_.content(id), content);
}

TEST_P(Attachments, AChangedPartOfAnUnfinishedUploadIsFoundWhenItGoesOn) {
  const Bytes content = picture(2 * kSegment);
  const AttachmentId id = house_.create(content);
  ASSERT_TRUE(house_.send(id, content, 0, kSegment + 10).has_value());
  house_.open();
  std::string bytes = read_file(house_.file(id));
  bytes[77] ^= 1;
  std::ofstream(house_.file(id), std::ios::binary | std::ios::trunc) << bytes;
  EXPECT_EQ(code_of(house_.send(id, content, kSegment + 10, content.size())), "attachment.corrupt");
}

TEST(AttachmentUrls, NameAnIdOrNothing) {
  const std::string id(32, 'a');
  const std::string path = std::string(kAttachmentPath) + "/" + id;
  EXPECT_EQ(attachment_of_url(path).str(), id);
  EXPECT_EQ(attachment_of_url("https://gateway.example:8443" + path).str(), id);
  EXPECT_EQ(attachment_url(AttachmentId(id)), path);
  for (const std::string& other :
       {std::string(), path + "0", path + "/state", path + "?x=1", "ftp://host" + path, "x" + path,
        "https://" + path.substr(1), std::string(kAttachmentPath),
        std::string(kAttachmentPath) + "/" + std::string(32, 'G'), std::string("https://host")}) {
    EXPECT_TRUE(attachment_of_url(other).empty()) << other;
  }
}

class Rules : public testing::Test {
 protected:
  AttachmentHouse house_;
};

TEST_F(Rules, OneDeclarationIsOneAttachment) {
  const Bytes content = picture(1000);
  const auto first = house_.store->create(house_.declare(content, "k"), kWide);
  const auto again = house_.store->create(house_.declare(content, "k"), kWide);
  ASSERT_TRUE(first.has_value() && again.has_value());
  EXPECT_FALSE(first->repeated);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->id, first->id);
  EXPECT_EQ(code_of(house_.store->create(house_.declare(picture(1001), "k"), kWide)), "attachment.key-conflict");
  AttachmentDeclaration elsewhere = house_.declare(content, "k");
  elsewhere.owner = PartnerId("city-b");
  EXPECT_NE(house_.store->create(elsewhere, kWide)->id, first->id) << "keys are the owner's own";
  const AttachmentId without = house_.create(content);
  EXPECT_NE(without, first->id);
  EXPECT_EQ(house_.create(content), without);
}

TEST_F(Rules, DeclarationsAreCheckedMemberByMember) {
  const Bytes content = picture(1000);
  const auto code_with = [&](const std::function<void(AttachmentDeclaration&)>& change) {
    AttachmentDeclaration declaration = house_.declare(content);
    change(declaration);
    const auto made = house_.store->create(declaration, {2000, 4000, 3});
    return made.has_error() ? std::string(made.error().code->id) + " " + made.error().param : std::string();
  };
  EXPECT_EQ(code_with([](auto& d) { d.name = ""; }), "attachment.declaration name");
  EXPECT_EQ(code_with([](auto& d) { d.name = "a/b.jpg"; }), "attachment.declaration name");
  EXPECT_EQ(code_with([](auto& d) { d.name = "a\nb"; }), "attachment.declaration name");
  EXPECT_EQ(code_with([](auto& d) { d.name = "\xFF"; }), "attachment.declaration name");
  EXPECT_EQ(code_with([](auto& d) { d.name = std::string(256, 'n'); }), "attachment.declaration name");
  EXPECT_EQ(code_with([](auto& d) { d.type = "jpeg"; }), "attachment.declaration type");
  EXPECT_EQ(code_with([](auto& d) { d.size_bytes = 0; }), "attachment.declaration size");
  EXPECT_EQ(code_with([](auto& d) { d.size_bytes = 2001; }), "attachment.too-large 2000");
  EXPECT_EQ(code_with([](auto& d) { d.idempotency_key = std::string(256, 'k'); }),
            "attachment.declaration Idempotency-Key");
}

TEST_F(Rules, UnfinishedUploadsAreBoundedPerOwner) {
  const AttachmentLimits limits{2000, 4500, 3};
  const auto make = [&](std::size_t size, const std::string& key) {
    return house_.store->create(house_.declare(picture(size), key), limits);
  };
  const auto first = make(2000, "1");
  ASSERT_TRUE(first.has_value());
  ASSERT_TRUE(make(2000, "2").has_value());
  EXPECT_EQ(code_of(make(501, "3")), "attachment.open-bytes");
  ASSERT_TRUE(make(100, "3").has_value());
  EXPECT_EQ(code_of(make(100, "4")), "attachment.open-count");
  ASSERT_TRUE(house_.send(first->id, picture(2000), 0, 2000).has_value());
  EXPECT_TRUE(make(100, "4").has_value()) << "what is stored is not open any more";
}

TEST_F(Rules, AnUploadHasOneWriterAndOneOffset) {
  const Bytes content = picture(3 * kSegment);
  const AttachmentId id = house_.create(content);
  auto writer = house_.store->append(id, kOwner, 0);
  ASSERT_TRUE(writer.has_value());
  EXPECT_EQ(code_of(house_.store->append(id, kOwner, 0)), "attachment.busy");
  EXPECT_EQ(code_of(house_.store->remove(id, kOwner)), "attachment.busy");
  ASSERT_TRUE((*writer)->append(std::string_view(content).substr(0, 100)).has_value());
  ASSERT_TRUE((*writer)->close().has_value());
  writer->reset();
  const auto wrong = house_.store->append(id, kOwner, 99);
  EXPECT_EQ(code_of(wrong), "attachment.offset");
  EXPECT_EQ(wrong.error().param, "100");
  EXPECT_EQ(code_of(house_.store->append(id, PartnerId("city-b"), 100)), "gateway.not-found");
  EXPECT_EQ(code_of(house_.store->open(id)), "attachment.wrong-state");
}

TEST_F(Rules, AWriterThatIsLeftCostsNothingThatWasOnDisk) {
  const Bytes content = picture(40 * kSegment);
  house_.options.checkpoint_every_bytes = 4 * kSegment;
  house_.open();
  const AttachmentId id = house_.create(content);
  {
    auto writer = house_.store->append(id, kOwner, 0);
    ASSERT_TRUE((*writer)->append(std::string_view(content).substr(0, 10 * kSegment + 5)).has_value());
  }
  EXPECT_EQ(house_.store->find(id)->offset_bytes, 8 * kSegment);
  ASSERT_TRUE(house_.send(id, content, 8 * kSegment, content.size()).has_value());
  EXPECT_EQ(*house_.content(id), content);
}

TEST_F(Rules, DiscardGoesBackToWhereTheWriterBegan) {
  const Bytes content = picture(6 * kSegment);
  house_.options.checkpoint_every_bytes = kSegment;
  house_.open();
  const AttachmentId id = house_.create(content);
  ASSERT_TRUE(house_.send(id, content, 0, kSegment + 10).has_value());
  auto writer = house_.store->append(id, kOwner, kSegment + 10);
  ASSERT_TRUE((*writer)->append(Bytes(3 * kSegment, 'x')).has_value());
  ASSERT_TRUE((*writer)->discard().has_value());
  writer->reset();
  EXPECT_EQ(house_.store->find(id)->offset_bytes, kSegment + 10);
  ASSERT_TRUE(house_.send(id, content, kSegment + 10, content.size()).has_value());
  EXPECT_EQ(*house_.content(id), content);
}

TEST_F(Rules, TooManyBytesAreNotTaken) {
  const Bytes content = picture(1000);
  const AttachmentId id = house_.create(content);
  EXPECT_EQ(code_of(house_.send(id, content + "x", 0, 1001, 1001)), "attachment.overlong");
  EXPECT_EQ(house_.store->find(id)->offset_bytes, 0U);
  EXPECT_TRUE(house_.send(id, content, 0, 1000).has_value());
}

TEST_F(Rules, AnotherDigestOrTypeRefusesTheAttachmentAndFreesItsKey) {
  const Bytes content = picture(2 * kSegment);
  const AttachmentId id = house_.create(content, "k");
  Bytes changed = content;
  changed[kSegment + 1] ^= 1;
  EXPECT_EQ(code_of(house_.send(id, changed, 0, changed.size())), "attachment.digest-mismatch");
  auto refused = house_.store->find(id);
  EXPECT_EQ(refused->state, AttachmentState::kRefused);
  EXPECT_EQ(refused->code, "attachment.digest-mismatch");
  EXPECT_FALSE(std::filesystem::exists(house_.file(id)));
  EXPECT_EQ(code_of(house_.store->append(id, kOwner, 0)), "attachment.wrong-state");

  const Bytes pdf = "%PDF-1.7\n" + Bytes(kSegment, ' ');
  const AttachmentId typed = house_.create(pdf, "k");
  EXPECT_NE(typed, id);
  const auto mismatch = house_.send(typed, pdf, 0, pdf.size());
  EXPECT_EQ(code_of(mismatch), "attachment.type-mismatch");
  EXPECT_EQ(mismatch.error().param, "application/pdf");
  EXPECT_EQ(house_.store->find(typed)->state, AttachmentState::kRefused);
}

TEST_F(Rules, UnfinishedOnesEndWithTheirTime) {
  const Bytes content = picture(2 * kSegment);
  const AttachmentId open = house_.create(content, "open");
  ASSERT_TRUE(house_.send(open, content, 0, kSegment).has_value());
  const AttachmentId whole = house_.create(content, "whole");
  ASSERT_TRUE(house_.send(whole, content, 0, content.size()).has_value());
  house_.clock.advance(house_.options.max_age_ms - 1);
  EXPECT_EQ(*house_.store->remove_expired(), 0U);
  house_.clock.advance(1);
  EXPECT_EQ(code_of(house_.store->find(open)), "gateway.not-found");
  EXPECT_EQ(*house_.store->remove_expired(), 1U);
  EXPECT_FALSE(std::filesystem::exists(house_.file(open)));
  EXPECT_TRUE(house_.content(whole).has_value());
  EXPECT_NE(house_.create(content, "open"), open);
}

TEST_F(Rules, GivingUpRemovesAndStraysGoAtTheNextStart) {
  const Bytes content = picture(2 * kSegment);
  const AttachmentId id = house_.create(content);
  ASSERT_TRUE(house_.send(id, content, 0, kSegment).has_value());
  EXPECT_EQ(code_of(house_.store->remove(id, PartnerId("city-b"))), "gateway.not-found");
  ASSERT_TRUE(house_.store->remove(id, kOwner).has_value());
  EXPECT_EQ(code_of(house_.store->find(id)), "gateway.not-found");
  std::ofstream(house_.file(id)) << "left behind";
  std::ofstream(house_.options.folder / "notes.txt") << "not ours";
  house_.open();
  EXPECT_FALSE(std::filesystem::exists(house_.file(id)));
  EXPECT_TRUE(std::filesystem::exists(house_.options.folder / "notes.txt"));
}

TEST_F(Rules, ADiskWithoutReserveTakesNothing) {
  const Bytes content = picture(1000);
  const AttachmentId id = house_.create(content);
  house_.options.reserve_free_bytes = 1ULL << 62U;
  house_.open();
  EXPECT_EQ(code_of(house_.store->create(house_.declare(content, "new"), kWide)), "gateway.unavailable");
  EXPECT_EQ(code_of(house_.store->append(id, kOwner, 0)), "gateway.unavailable");
}

}  // namespace
}  // namespace tongqu::test
