#pragma once
// ZIP archives as no honest tool writes them: raw names, links, huge ratios. Stored, not compressed, unless given.
#include <boost/crc.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace tongqu::test {

struct RawEntry {
  std::string name;  // raw bytes
  std::string bytes;
  std::uint32_t unix_mode = 0100644;  // in the central directory
  std::uint16_t flags = 0;            // 0x800 = the name is UTF-8, 1 = encrypted
};

inline std::string raw_zip(const std::vector<RawEntry>& entries) {
  std::string out, central;
  const auto put = [](std::string& to, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) to += static_cast<char>(value >> (8 * i));
  };
  for (const RawEntry& e : entries) {
    boost::crc_32_type crc;
    crc.process_bytes(e.bytes.data(), e.bytes.size());
    const std::uint64_t at = out.size();
    std::string common;
    put(common, 20, 2);
    put(common, e.flags, 2);
    put(common, 0, 2);
    put(common, 0, 4);
    put(common, crc.checksum(), 4);
    put(common, e.bytes.size(), 4);
    put(common, e.bytes.size(), 4);
    put(common, e.name.size(), 2);
    put(common, 0, 2);
    put(out, 0x04034b50, 4);
    out += common + e.name + e.bytes;
    put(central, 0x02014b50, 4);
    put(central, 0x031e, 2);  // made by Unix
    central += common;
    put(central, 0, 2);
    put(central, 0, 4);
    put(central, std::uint64_t{e.unix_mode} << 16U, 4);
    put(central, at, 4);
    central += e.name;
  }
  const std::uint64_t begin = out.size();
  out += central;
  put(out, 0x06054b50, 4);
  put(out, 0, 4);
  put(out, entries.size(), 2);
  put(out, entries.size(), 2);
  put(out, central.size(), 4);
  put(out, begin, 4);
  put(out, 0, 2);
  return out;
}

}  // namespace tongqu::test
