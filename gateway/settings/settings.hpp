#pragma once
// The checked configuration: typed, complete with defaults, immutable. Everything was held against the field lists when
// it was loaded, so reading cannot fail; asking for a field that the list does not declare, or as another type, is a
// defect of the asking code and ends the process with a message.
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/ids.hpp"
#include "gateway/settings/config_image.hpp"
#include "gateway/settings/field_list.hpp"
#include "gateway/settings/scalars.hpp"
#include "gateway/settings/secret.hpp"

namespace tongqu {

// One value: a scalar, or an object, list or map of further ones. References stay valid as long as the Settings.
class Setting {
 public:
  // Members of an object (secret() is for secrets and for public references). An absent member gives its default;
  // without one: "", 0, false, an empty list or map, or an object of defaults. has() tells the difference. Variant
  // fields exist only in an object that is present.
  [[nodiscard]] bool has(std::string_view name) const { return member(name).present(); }
  [[nodiscard]] const std::string& text(std::string_view name) const { return member(name).text(); }
  [[nodiscard]] std::int64_t integer(std::string_view name) const { return member(name).integer(); }
  [[nodiscard]] bool boolean(std::string_view name) const { return member(name).boolean(); }
  [[nodiscard]] std::int64_t duration_ms(std::string_view name) const { return member(name).duration_ms(); }
  [[nodiscard]] std::int64_t size_bytes(std::string_view name) const { return member(name).size_bytes(); }
  [[nodiscard]] SecretRef secret(std::string_view name) const { return member(name).secret(); }  // empty = not set
  [[nodiscard]] std::optional<Window> window(std::string_view name) const { return member(name).window(); }
  [[nodiscard]] const Setting& object(std::string_view name) const;
  [[nodiscard]] std::span<const Setting> list(std::string_view name) const;
  [[nodiscard]] std::span<const Setting> map(std::string_view name) const;    // each entry's key() and value
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;  // list of texts

  // This value itself, for entries of lists and maps.
  [[nodiscard]] const std::string& key() const { return key_; }  // entry of a map; else the field's name
  [[nodiscard]] const std::string& text() const;                 // text, enum, path, URL, network, time, date, window
  [[nodiscard]] std::int64_t integer() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::int64_t duration_ms() const;
  [[nodiscard]] std::int64_t size_bytes() const;
  [[nodiscard]] SecretRef secret() const;
  [[nodiscard]] std::optional<Window> window() const;

  [[nodiscard]] bool present() const { return present_; }  // written in the file
  [[nodiscard]] const FieldSpec& spec() const { return *spec_; }
  [[nodiscard]] const std::string& file() const { return *file_; }
  [[nodiscard]] Position position() const { return position_; }  // 0:0 when absent
  [[nodiscard]] std::span<const Setting> members() const { return members_; }

 private:
  friend class Validator;
  [[nodiscard]] const Setting& member(std::string_view name) const;
  [[nodiscard]] const Setting& as(SettingType type) const;

  const FieldSpec* spec_ = nullptr;
  bool present_ = false;
  std::int64_t number_ = 0;
  std::string key_;
  std::string text_;                         // scalars, as written; secrets: the reference
  std::vector<Setting> members_;             // of an object, in the order of its list; entries of a list or map
  std::shared_ptr<const std::string> file_;  // shared by all values of one file
  Position position_;
};

// One object with its name: partners/city-a.yaml is "city-a".
struct NamedSetting {
  std::string id;
  Setting value;
};

// Settings is a value that shares its content: copies are cheap and see the same configuration.
class Settings {
 public:
  // The object of a single-file kind ("gateway").
  [[nodiscard]] const Setting& single(std::string_view kind) const;
  // All objects of a folder kind ("partner"), by name.
  [[nodiscard]] std::span<const NamedSetting> all(std::string_view kind) const;
  [[nodiscard]] const Setting* find(std::string_view kind, std::string_view id) const;  // null = there is none
  // The digest over all files (config_image.hpp).
  [[nodiscard]] const ConfigId& id() const;
  // The files themselves, for mappings, tables and schemas: the same bytes that were digested.
  [[nodiscard]] const ConfigImage& image() const;
  // Every value below every object with its path ("inbound.auth.key"), parents first, by file.
  void for_each(const std::function<void(const std::string& path, const Setting&)>& visit) const;

  struct Kind {
    std::string_view name;
    bool single = false;
    std::vector<NamedSetting> objects;  // by id
  };
  // For the loader: `kinds` in the order of the field lists.
  Settings(ConfigImage image, ConfigId id, std::vector<Kind> kinds);

 private:
  struct Content;
  [[nodiscard]] const Kind& kind(std::string_view name) const;
  std::shared_ptr<const Content> content_;  // shared among copies of this value
};

}  // namespace tongqu
