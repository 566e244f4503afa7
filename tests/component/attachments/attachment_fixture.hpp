#pragma once
// An attachment store in a folder of its own, with the real sealing, hashes and content types.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "gateway/store/attachment_codes.hpp"
#include "gateway/store/file_attachments.hpp"
#include "security/crypto/sealer.hpp"
#include "security/crypto/suites.hpp"
#include "tests/support/data.hpp"
#include "tests/support/manual_clock.hpp"
#include "transforms/content/magic_typer.hpp"

namespace tongqu::test {

inline const PartnerId kOwner{"city-a"};
inline constexpr AttachmentLimits kWide{1ULL << 40U, 1ULL << 40U, 100};

// `size` bytes that look like a JPEG picture and never repeat.
inline Bytes picture(std::size_t size, std::uint64_t seed = 1) {
  Bytes content("\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00", 20);
  std::uint64_t state = seed * 0x9E3779B97F4A7C15ULL + 1;
  while (content.size() < size) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    content.push_back(static_cast<char>(state >> 56U));
  }
  content.resize(size);
  return content;
}

template <class T>
std::string code_of(const Result<T>& result) {
  return result.has_error() ? std::string(result.error().code->id) : std::string();
}

struct AttachmentHouse {
  explicit AttachmentHouse(SuiteId id = SuiteId::kGm, std::filesystem::path in = temporary_folder("attachments"))
      : suite(id), folder(std::move(in)) {
    options.folder = folder / "attachments";
    options.reserve_free_bytes = 0;
    gm = *make_suite(SuiteId::kGm);
    intl = *make_suite(SuiteId::kIntl);
    typer = *make_magic_typer();
    sealer = *make_sealer(suite, Bytes(32, 'm'), *open_month_key_files(folder / "keys"), clock);
    open();
  }
  void open() {
    store.reset();
    auto opened = FileAttachments::open(options, {*sealer, *gm, *intl, suite, *typer, clock});
    ASSERT_TRUE(opened.has_value()) << opened.error().text(Lang::kEnglish);
    store = std::move(*opened);
  }
  [[nodiscard]] AttachmentDeclaration declare(const Bytes& content, const std::string& key = {},
                                              SuiteId hash = SuiteId::kGm) const {
    const Suite& with = hash == SuiteId::kGm ? *gm : *intl;
    return {kOwner, "photo.jpg", "image/jpeg", content.size(), hash, with.hash({content}), key};
  }
  [[nodiscard]] AttachmentId create(const Bytes& content, const std::string& key = {}) const {
    const auto made = store->create(declare(content, key), kWide);
    EXPECT_TRUE(made.has_value());
    return made.has_value() ? made->id : AttachmentId();
  }
  // Bytes [from, to) in one request.
  [[nodiscard]] Result<Attachment> send(const AttachmentId& id, const Bytes& content, std::size_t from, std::size_t to,
                                        std::size_t step = 10'000) const {
    auto writer = store->append(id, kOwner, from);
    if (writer.has_error()) return writer.error();
    for (std::size_t at = from; at < to; at += step) {
      const auto status = (*writer)->append(std::string_view(content).substr(at, std::min(step, to - at)));
      if (status.has_error()) return status.error();
    }
    return (*writer)->close();
  }
  // Everything, segment by segment.
  [[nodiscard]] Result<Bytes> content(const AttachmentId& id) const {
    auto reader = store->open(id);
    if (reader.has_error()) return reader.error();
    Bytes all;
    while (all.size() < (*reader)->attachment().size_bytes) {
      const auto piece = (*reader)->read(all.size());
      if (piece.has_error()) return piece.error();
      all += *piece;
    }
    return all;
  }
  [[nodiscard]] std::filesystem::path file(const AttachmentId& id) const {
    return options.folder / (id.str() + ".seg");
  }

  SuiteId suite;
  std::filesystem::path folder;
  ManualClock clock;
  AttachmentOptions options;
  std::unique_ptr<Suite> gm;
  std::unique_ptr<Suite> intl;
  std::unique_ptr<ContentTyper> typer;
  std::unique_ptr<Sealer> sealer;
  std::unique_ptr<FileAttachments> store;
};

}  // namespace tongqu::test
