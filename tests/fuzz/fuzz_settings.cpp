// Any text as any of the gateway's files: it loads, or every fault has a place in it; and what loads loads again to the
// same values.
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "connectors/all_connectors.hpp"
#include "gateway/core/text.hpp"
#include "gateway/settings/settings_loader.hpp"

namespace {

std::string no_hash(std::string_view) { return "0123456789abcdef"; }

std::string values_of(const tongqu::Settings& settings) {
  std::string out;
  settings.for_each([&](const std::string& path, const tongqu::Setting& setting) {
    out += path + (setting.present() ? "+" : "-") + std::to_string(setting.position().line) + "\n";
  });
  return out;
}

void check(const char* path, std::string_view text) {
  const auto load = [&] {
    return tongqu::load_settings(tongqu::ConfigImage("/config", {{path, std::string(text)}}), tongqu::all_specs(),
                                 no_hash);
  };
  const tongqu::LoadReport report = load();
  if (report.settings.has_value() == tongqu::has_errors(report.faults)) std::abort();
  std::ostringstream out;
  tongqu::print_faults(out, report.faults, tongqu::Lang::kEnglish);
  tongqu::print_faults(out, report.faults, tongqu::Lang::kChinese);
  out << tongqu::faults_to_json(report.faults);
  if (!tongqu::is_utf8(out.str())) std::abort();
  if (report.settings && values_of(*report.settings) != values_of(load().settings.value())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static constexpr const char* kPaths[] = {"gateway.yaml", "partners/a.yaml", "routes/a.yaml", "policies/a.yaml",
                                           "services/a.b.yaml"};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const char* path : kPaths) check(path, text);
  return 0;
}
