#pragma once
// Field lists: what a plug-in can be told, declared once as constant data in the plug-in's own file.
//
// The one list drives the parser and its limits, lint, the editor's schema, the reference page and the golden manifest
// (reference.hpp), so that they cannot disagree. app collects the lists of all plug-ins in an explicit array; nothing
// registers itself.
//
//   constexpr FieldSpec kTlsFields[] = {
//       {.name = "certificate", .type = SettingType::kPath, .en = "Certificate chain, PEM.", .zh = "证书链（PEM）。",
//        .required = true},
//   };
//   constexpr PluginSpec kSpec{.kind = "connector", .variant = "soap", .en = "…", .zh = "…", .fields = kTlsFields};
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongqu {

// A view on a constant array; unlike std::span it may name a type that is still being defined.
template <class T>
class StaticList {
 public:
  constexpr StaticList() = default;
  template <std::size_t N>
  constexpr StaticList(const T (&items)[N]) : first_(items), count_(N) {}  // NOLINT: meant to convert
  [[nodiscard]] constexpr const T* begin() const { return first_; }
  [[nodiscard]] constexpr const T* end() const { return first_ + count_; }
  [[nodiscard]] constexpr std::size_t size() const { return count_; }
  [[nodiscard]] constexpr bool empty() const { return count_ == 0; }
  [[nodiscard]] constexpr const T& operator[](std::size_t i) const { return first_[i]; }

 private:
  const T* first_ = nullptr;
  std::size_t count_ = 0;
};

enum class SettingType : std::uint8_t {
  kText,
  kInteger,    // plain decimal, no leading zero
  kBoolean,    // true or false
  kDuration,   // "500ms", "30s", "5m", "2h", "7d"; kept in milliseconds
  kSize,       // "64KiB", "1MiB", "2GiB", "512B"; kept in bytes
  kEnum,       // one of `words`
  kSecret,     // reference only: ${file:…}, ${env:…}; what it names must stay secret
  kReference,  // ${file:…}, ${env:…} to something public: a certificate, a public key, a fingerprint
  kPath,       // file or folder name
  kUrl,        // http:// or https://, without user and password
  kNetwork,    // address block: 10.0.0.0/8, 2001:db8::/32
  kTime,       // "22:00"
  kDate,       // "2026-12-31", of the calendar
  kWindow,     // "22:00-06:00", may pass midnight
  kList,       // of `item`
  kMap,        // free keys, values of `item`
  kObject,     // of `fields`, and of the variant's fields when `variant_kind` is set
};
[[nodiscard]] std::string_view name_of(SettingType type);  // "text", "integer", "duration", …

inline constexpr std::int64_t kNoMin = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kNoMax = std::numeric_limits<std::int64_t>::max();

struct FieldSpec {
  std::string_view name;  // snake_case
  SettingType type = SettingType::kText;
  std::string_view en;  // help, one sentence
  std::string_view zh;
  std::string_view default_text = {};  // as it would be written; empty = none
  bool required = false;
  // Integer: value; duration: ms; size: bytes; text: code points; list, map: entries. Unset = default_range().
  std::int64_t min = kNoMin;
  std::int64_t max = kNoMax;
  std::string_view unit = {};               // integers: "%", "1/s"; shown only
  StaticList<std::string_view> words = {};  // enum
  StaticList<FieldSpec> fields = {};        // object
  const FieldSpec* item = nullptr;          // list, map
  std::string_view pattern = {};            // text: RE2, whole text
  std::string_view pattern_en = {};         // the pattern in words
  std::string_view pattern_zh = {};
  std::string_view refers_to = {};     // text: an object of this kind has to exist ("partner")
  std::string_view file_form = {};     // text, path: this file has to exist in the directory ("mappings/{}.map")
  std::string_view variant_kind = {};  // object: plug-ins of this kind add their fields, …
  std::string_view selector = {};      // … chosen by this member, an enum whose words are the variants' names
  StaticList<std::string_view> exactly_one = {};  // object: of these members exactly one is set
  std::string_view unique = {};                   // list of objects: this member differs in all entries
  bool hidden = false;  // text that may be confidential though it is no secret: faults never show its line
};
using FieldList = StaticList<FieldSpec>;

enum class SpecPlace : std::uint8_t {
  kFile,     // `where` = "gateway.yaml"
  kFolder,   // `where` = "partners": one object a file, named by the file
  kVariant,  // part of an object with `variant_kind` = `kind`
};

struct PluginSpec {
  std::string_view kind;          // "gateway", "partner", "route", "connector", …
  std::string_view variant = {};  // kVariant: "http"
  std::string_view en;
  std::string_view zh;
  SpecPlace place = SpecPlace::kVariant;
  std::string_view where = {};
  bool dotted_id = false;  // kFolder: the object's name may have dots (services)
  FieldList fields;
};
using SpecList = std::span<const PluginSpec* const>;

struct Range {
  std::int64_t min = 0;
  std::int64_t max = 0;
};
// The range that holds for `spec`: its own ends, and for an end that is unset the one of its type (text 0…1024 code
// points, path and URL …2048, list and map …1000 entries, duration 0…366d, size 0…1TiB).
[[nodiscard]] Range range_of(const FieldSpec& spec);

// Variant of `kind` named `variant`, or null.
[[nodiscard]] const PluginSpec* find_variant(SpecList specs, std::string_view kind, std::string_view variant);
// Words that an enum knows: its own, or the names of the variants of `variant_kind` when `selects` is that object.
[[nodiscard]] std::vector<std::string_view> words_of(const FieldSpec& spec, const FieldSpec* selects, SpecList specs);

// What an expectation says in both languages: "a whole number from 1 to 64" / "1 至 64 之间的整数".
struct Words {
  std::string en;
  std::string zh;
};
[[nodiscard]] Words expectation(const FieldSpec& spec, std::span<const std::string_view> words);

// Defects of the lists themselves, one sentence each: a name twice, a default that its own field refuses, an enum
// without words, help missing in a language, an integer without range. Empty = sound. For tests.
[[nodiscard]] std::vector<std::string> defects_of(SpecList specs);

}  // namespace tongqu
