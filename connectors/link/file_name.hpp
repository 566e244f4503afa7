#pragma once
// Names of the files of a link: link and number, nothing else.
//
//   <link>-0000000017.txt        bundle 17
//   <link>-0000000017-ack.txt    the answers to it
//   <link>-0000000017-gap.txt    17 is awaited, and later ones are there
//   <link>-2026112601-list.txt   reconciliation list of a day, first part
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongqu::link {

enum class FileKind : std::uint8_t { kBundle, kAck, kGap, kList };

struct FileName {
  FileKind kind = FileKind::kBundle;
  std::uint64_t number = 0;
  friend bool operator==(const FileName&, const FileName&) = default;
};

// `extension` with its dot.
[[nodiscard]] std::string file_name(std::string_view link, FileName name, std::string_view extension);
// Empty for every other name, those of unfinished files included.
[[nodiscard]] std::optional<FileName> read_file_name(std::string_view text, std::string_view link,
                                                     std::string_view extension);
// Ten digits.
[[nodiscard]] std::string number_text(std::uint64_t number);

}  // namespace tongqu::link
