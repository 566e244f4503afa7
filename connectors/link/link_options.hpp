#pragma once
// What both directions of a link are told.
#include <string>

#include "connectors/link/bundle.hpp"
#include "connectors/link/file_name.hpp"

namespace tongqu::link {

struct LinkRules {
  std::string link;  // name of this direction, the same on both sides
  FileType type = FileType::kText;
  std::string extension = ".txt";
  std::size_t max_bundle_bytes = std::size_t{8} << 20U;  // of every file, either way
  bool one_way = false;
  std::int64_t settle_ms = 10'000;  // an unusable file is bad when it has not changed for so long

  [[nodiscard]] std::string name(FileKind kind, std::uint64_t number) const {
    return file_name(link, {kind, number}, extension);
  }
};

// What signs and verifies; all outlive their users.
struct LinkKeys {
  const Suite& suite;
  const Signer& own;
  const Verifier& peer;
};

}  // namespace tongqu::link
