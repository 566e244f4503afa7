#pragma once
// YAML text → a tree in which every key and value knows its place. A small part of YAML only: one document of maps,
// lists and scalars. Anchors, aliases, tags, tabs, duplicate keys and quoted texts over several lines are faults.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"
#include "gateway/settings/settings_fault.hpp"

namespace tongqu {

struct SettingsMember;

struct SettingsNode {
  enum class Kind : std::uint8_t { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  bool quoted = false;                  // scalar in quotation marks or a block text
  std::string text;                     // scalar
  std::vector<SettingsMember> members;  // map, in source order, keys distinct
  std::vector<SettingsNode> items;      // list
  Position position;
  std::uint32_t last_line = 0;  // the last line that may hold a part of it (may reach into comments behind it)
};

struct SettingsMember {
  std::string key;
  Position key_position;
  SettingsNode value;
};

struct YamlLimits {
  std::size_t max_bytes = 1U << 20U;
  std::size_t max_line_bytes = 16U << 10U;  // people read it, and places are counted from the start of the line
  std::size_t max_depth = 32;
  std::size_t max_values = 50'000;
};

// Reads `text`, the content of `file`. Faults go into `sink`. Empty when the tree cannot be trusted (not UTF-8, not
// well-formed, above a limit, anything besides a map at the top); a tree that is given may still come with faults, for
// example of duplicate keys, of which the first holds. An empty file is an empty map. Never throws.
[[nodiscard]] std::optional<SettingsNode> read_yaml(const std::string& file, std::string_view text,
                                                    const YamlLimits& limits, FaultSink& sink);

// Line `line` (1-based) of `text` without its line end; empty behind the end.
[[nodiscard]] std::string_view line_of(std::string_view text, std::uint32_t line);

}  // namespace tongqu
