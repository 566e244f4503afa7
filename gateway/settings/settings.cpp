#include "gateway/settings/settings.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace tongqu {
namespace {

// A broken invariant of our own code: no configuration can lead here.
[[noreturn]] void broken(std::string_view what, std::string_view name) {
  std::fprintf(stderr, "settings: %.*s \"%.*s\"\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(name.size()), name.data());
  std::abort();
}

void walk(const std::string& path, const Setting& setting,
          const std::function<void(const std::string&, const Setting&)>& visit) {
  visit(path, setting);
  std::size_t i = 0;
  for (const Setting& member : setting.members()) {
    const bool in_list = setting.spec().type == SettingType::kList;
    std::string below = in_list        ? path + "[" + std::to_string(i++) + "]"
                        : path.empty() ? member.key()
                                       : path + "." + member.key();
    walk(below, member, visit);
  }
}

}  // namespace

const Setting& Setting::member(std::string_view name) const {
  const auto found = std::find_if(members_.begin(), members_.end(), [&](const Setting& m) { return m.key_ == name; });
  if (spec_->type != SettingType::kObject || found == members_.end()) broken("no field", name);
  return *found;
}

const Setting& Setting::as(SettingType type) const {
  if (spec_->type != type) broken("another type is declared for", spec_->name);
  return *this;
}

const Setting& Setting::object(std::string_view name) const { return member(name).as(SettingType::kObject); }
std::span<const Setting> Setting::list(std::string_view name) const {
  return member(name).as(SettingType::kList).members_;
}
std::span<const Setting> Setting::map(std::string_view name) const {
  return member(name).as(SettingType::kMap).members_;
}

std::vector<std::string> Setting::texts(std::string_view name) const {
  std::vector<std::string> out;
  for (const Setting& entry : list(name)) out.push_back(entry.text());
  return out;
}

const std::string& Setting::text() const {
  switch (spec_->type) {
    case SettingType::kText:
    case SettingType::kEnum:
    case SettingType::kPath:
    case SettingType::kUrl:
    case SettingType::kNetwork:
    case SettingType::kTime:
    case SettingType::kDate:
    case SettingType::kWindow: return text_;
    default: broken("no text is declared for", spec_->name);
  }
}

std::int64_t Setting::integer() const { return as(SettingType::kInteger).number_; }
bool Setting::boolean() const { return as(SettingType::kBoolean).number_ != 0; }
std::int64_t Setting::duration_ms() const { return as(SettingType::kDuration).number_; }
std::int64_t Setting::size_bytes() const { return as(SettingType::kSize).number_; }
SecretRef Setting::secret() const {
  const SettingType type = spec_->type == SettingType::kReference ? SettingType::kReference : SettingType::kSecret;
  return parse_secret_ref(as(type).text_).value_or(SecretRef{});
}
std::optional<Window> Setting::window() const { return parse_window(as(SettingType::kWindow).text_); }

struct Settings::Content {
  ConfigImage image;
  ConfigId id;
  std::vector<Kind> kinds;
};

Settings::Settings(ConfigImage image, ConfigId id, std::vector<Kind> kinds)
    : content_(std::make_shared<const Content>(Content{std::move(image), std::move(id), std::move(kinds)})) {}

const Settings::Kind& Settings::kind(std::string_view name) const {
  const auto found =
      std::find_if(content_->kinds.begin(), content_->kinds.end(), [&](const Kind& kind) { return kind.name == name; });
  if (found == content_->kinds.end()) broken("no field list has the kind", name);
  return *found;
}

const Setting& Settings::single(std::string_view name) const {
  const Kind& found = kind(name);
  if (!found.single || found.objects.size() != 1) broken("no single object has the kind", name);
  return found.objects.front().value;
}

std::span<const NamedSetting> Settings::all(std::string_view name) const { return kind(name).objects; }

const Setting* Settings::find(std::string_view kind_name, std::string_view id) const {
  const auto& objects = kind(kind_name).objects;
  const auto at =
      std::lower_bound(objects.begin(), objects.end(), id,
                       [](const NamedSetting& object, std::string_view wanted) { return object.id < wanted; });
  return at != objects.end() && at->id == id ? &at->value : nullptr;
}

const ConfigId& Settings::id() const { return content_->id; }
const ConfigImage& Settings::image() const { return content_->image; }

void Settings::for_each(const std::function<void(const std::string&, const Setting&)>& visit) const {
  for (const Kind& each : content_->kinds) {
    for (const NamedSetting& object : each.objects) walk("", object.value, visit);
  }
}

}  // namespace tongqu
