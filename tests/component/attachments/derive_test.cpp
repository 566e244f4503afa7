// Copies without metadata: the loop with the real program, and a process that is killed between copy and commit.

// clang-format off: jpeglib.h needs FILE
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <csignal>
#include <cstdlib>
#include <future>
#include <thread>

#include "gateway/core/attachment_copy_codes.hpp"
#include "gateway/store/derive_loop.hpp"
#include "tests/component/attachments/attachment_fixture.hpp"
#include "tests/support/child_program.hpp"
#include "transforms/content/strip_process.hpp"

namespace tongqu::test {
namespace {

constexpr const char* kChildFolder = "TONGQU_DERIVE_CHILD";
constexpr std::string_view kTrace = "Pocketcam of Zhangsan";

// A picture of `side` by `side` pixels with a comment that names somebody.
Bytes jpeg(unsigned side, int seed = 1) {
  jpeg_compress_struct to{};
  jpeg_error_mgr errors{};
  to.err = jpeg_std_error(&errors);
  jpeg_create_compress(&to);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&to, &bytes, &size);
  to.image_width = to.image_height = side;
  to.input_components = 3;
  to.in_color_space = JCS_RGB;
  jpeg_set_defaults(&to);
  jpeg_start_compress(&to, TRUE);
  jpeg_write_marker(&to, JPEG_COM, reinterpret_cast<const JOCTET*>(kTrace.data()), kTrace.size());
  Bytes row(side * 3UL, '\0');
  for (unsigned y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < row.size(); ++x) row[x] = static_cast<char>(x * y + static_cast<unsigned>(seed));
    auto* line = reinterpret_cast<JSAMPROW>(row.data());
    jpeg_write_scanlines(&to, &line, 1);
  }
  jpeg_finish_compress(&to);
  Bytes out(reinterpret_cast<char*>(bytes), size);
  std::free(bytes);
  jpeg_destroy_compress(&to);
  return out;
}

struct Noted {
  AttachmentId original;
  AttachmentId copy;
  std::string code;
};

struct DeriveHouse : AttachmentHouse {
  using AttachmentHouse::AttachmentHouse;

  [[nodiscard]] AttachmentId clean(const Bytes& content) const {
    const AttachmentId id = create(content);
    EXPECT_TRUE(send(id, content, 0, content.size()).has_value());
    EXPECT_TRUE(store->settle_scan(id, ScanVerdict::kClean).has_value());
    return id;
  }
  [[nodiscard]] StripOptions options_of(std::uint64_t memory = 16U << 20U) const {
    return {std::filesystem::read_symlink("/proc/self/exe").parent_path() / "tongqu-strip", options.folder, 120'000,
            memory};
  }
  [[nodiscard]] std::unique_ptr<DeriveLoop> loop(DeriveLoop::Note note, std::uint64_t memory = 16U << 20U) const {
    auto stripper = make_strip_process(options_of(memory));
    EXPECT_TRUE(stripper.has_value()) << "build tongqu-strip";
    return std::make_unique<DeriveLoop>(DeriveTools{*store, *store, *gm}, std::move(*stripper), DeriveOptions{},
                                        std::move(note), [](const Error*) {});
  }
  // What became of it, when it is settled; bounded by the test's own time.
  [[nodiscard]] Derivative settled(const AttachmentId& original) const {
    for (int i = 0; i < 6000; ++i) {
      const auto known = store->derivative(original);
      if (known.has_value() && *known && (*known)->state != DerivativeState::kWanted) return **known;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ADD_FAILURE() << "never settled";
    return {};
  }
};

TEST(Derive, OnlyWhatIsWantedAndCleanGetsACopyAndTheNoteComesFirst) {
  DeriveHouse house;
  const Bytes content = jpeg(64);
  const AttachmentId wanted = house.clean(content);
  const AttachmentId unasked = house.clean(jpeg(64, 2));
  const Bytes other = jpeg(64, 3);
  const AttachmentId unscanned = house.create(other);
  ASSERT_TRUE(house.send(unscanned, other, 0, other.size()).has_value());
  ASSERT_TRUE(house.store->want_derivative(wanted).has_value());
  ASSERT_TRUE(house.store->want_derivative(wanted).has_value()) << "once more changes nothing";
  ASSERT_TRUE(house.store->want_derivative(unscanned).has_value());
  std::vector<Noted> noted;
  {
    const auto loop = house.loop([&](const Attachment& original, const Attachment* copy, std::string_view code) {
      EXPECT_EQ((*house.store->derivative(original.id))->state, DerivativeState::kWanted) << "the note comes first";
      noted.push_back({original.id, copy == nullptr ? AttachmentId() : copy->id, std::string(code)});
      return Status();
    });
    const Derivative made = house.settled(wanted);
    ASSERT_EQ(made.state, DerivativeState::kMade);
    const auto copy = house.content(made.copy);
    ASSERT_TRUE(copy.has_value());
    EXPECT_EQ(copy->find(kTrace), Bytes::npos);
    EXPECT_NE(content.find(kTrace), Bytes::npos);
    EXPECT_EQ(house.store->find(made.copy)->owner.str(), kDeriver);
    EXPECT_EQ(house.store->find(made.copy)->state, AttachmentState::kScanned);
  }
  ASSERT_EQ(noted.size(), 1U);
  EXPECT_EQ(noted[0].original, wanted);
  EXPECT_FALSE(*house.store->derivative(unasked));
  EXPECT_EQ((*house.store->derivative(unscanned))->state, DerivativeState::kWanted);
  EXPECT_EQ(house.store->unscanned({}, 10)->size(), 1U) << "a copy is not scanned again";
  EXPECT_EQ(house.store->list({})->size(), 3U) << "copies are not listed";
}

TEST(Derive, WhatCannotBeCopiedSaysWhyAndKeepsNoOtherWaiting) {
  DeriveHouse house;
  const Bytes whole = jpeg(200);
  const AttachmentId half = house.clean(whole.substr(0, whole.size() / 2));
  const AttachmentId sound = house.clean(whole);
  for (const AttachmentId& id : {half, sound}) ASSERT_TRUE(house.store->want_derivative(id).has_value());
  const auto loop = house.loop([](const Attachment&, const Attachment*, std::string_view) { return Status(); });
  EXPECT_EQ(house.settled(sound).state, DerivativeState::kMade);
  const Derivative none = house.settled(half);
  EXPECT_EQ(none.state, DerivativeState::kImpossible);
  EXPECT_EQ(none.code, codes::kAttachmentNoCopy.id);
}

// Contents that are too large for memory go through a file that has no name.
TEST(Derive, ALargeContentLeavesNoFileInClear) {
  DeriveHouse house;
  const AttachmentId id = house.clean(jpeg(300));
  ASSERT_TRUE(house.store->want_derivative(id).has_value());
  const auto loop = house.loop([](const Attachment&, const Attachment*, std::string_view) { return Status(); }, 1);
  EXPECT_EQ(house.settled(id).state, DerivativeState::kMade);
  for (const auto& entry : std::filesystem::directory_iterator(house.options.folder)) {
    const std::string name = entry.path().filename();
    EXPECT_TRUE(name.ends_with(".seg") || name.find(".db") != std::string::npos) << name;
  }
}

TEST(Derive, DestroyingTheOriginalDestroysItsCopy) {
  DeriveHouse house;
  const AttachmentId id = house.clean(jpeg(64));
  ASSERT_TRUE(house.store->want_derivative(id).has_value());
  auto loop = house.loop([](const Attachment&, const Attachment*, std::string_view) { return Status(); });
  const Derivative made = house.settled(id);
  loop.reset();
  ASSERT_TRUE(house.store->destroy(id).has_value());
  EXPECT_FALSE(*house.store->derivative(id));
  EXPECT_EQ(code_of(house.store->find(made.copy)), "gateway.not-found");
  EXPECT_FALSE(std::filesystem::exists(house.file(made.copy)));
}

// Killed when the copy is stored and its note is not, and when the note is and the commit is not.
const ChildProgram kDeriving("deriving", [] {
  const DeriveHouse house(SuiteId::kGm, std::getenv(kChildFolder));
  const auto loop = house.loop([](const Attachment&, const Attachment*, std::string_view) -> Status {
    std::raise(SIGKILL);
    return {};
  });
  std::promise<void> never;  // the loop ends the process
  never.get_future().wait_for(std::chrono::minutes(2));
});

TEST(Derive, AProcessThatIsKilledBeforeTheCommitLeavesNothingAndTheCopyIsMadeAnew) {
  const std::filesystem::path folder = temporary_folder("derive-killed");
  AttachmentId id;
  {
    const DeriveHouse house(SuiteId::kGm, folder);
    id = house.clean(jpeg(64));
    ASSERT_TRUE(house.store->want_derivative(id).has_value());
  }
  (void)kDeriving.run_until_told({{kChildFolder, folder}}, 1000, [](std::string_view) { return false; });
  const auto copies = [&] {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "attachments"))
      count += entry.path().extension() == ".seg" ? 1 : 0;
    return count;
  };
  EXPECT_EQ(copies(), 2U) << "the copy was stored when the process ended";
  const DeriveHouse house(SuiteId::kGm, folder);
  EXPECT_EQ(copies(), 1U) << "and is gone at the next start";
  EXPECT_EQ((*house.store->derivative(id))->state, DerivativeState::kWanted);
  const auto loop = house.loop([](const Attachment&, const Attachment*, std::string_view) { return Status(); });
  EXPECT_EQ(house.settled(id).state, DerivativeState::kMade);
  EXPECT_EQ(copies(), 2U);
}

}  // namespace
}  // namespace tongqu::test
