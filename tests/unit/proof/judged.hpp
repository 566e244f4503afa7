#pragma once
// Has both checkers judge a World.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "checker/checker.hpp"
#include "connectors/all_connectors.hpp"
#include "gateway/app/config_compile.hpp"
#include "gateway/app/config_open.hpp"
#include "tests/unit/proof/leaks.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::proof_test {

class Judged : public ::testing::Test {
 protected:
  Judged() {
    std::string name = (std::filesystem::temp_directory_path() / "tongqu-proof-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    write_tables(directory_);
  }
  ~Judged() override { std::filesystem::remove_all(directory_); }

  CompileReport compile(const World& world) {
    const SystemClock clock;
    const ConfigSource source(directory_, all_specs(), app::config_hash(), clock);
    ConfigSource::Loaded loaded = source.load(image_of(world, directory_));
    if (!loaded.snapshot) return {nullptr, loaded.faults};
    return compile_config(*loaded.snapshot, json_, "2026-11-26");
  }

  checker::Files files(const World& world) const {
    checker::Files out;
    const ConfigImage image = image_of(world, directory_);
    for (const ConfigFile& file : image.files()) out[file.path] = file.bytes;
    return out;
  }

  static std::string faults(const CompileReport& report) {
    std::string out;
    for (const SettingsFault& fault : report.faults) {
      out += fault.file + ":" + std::to_string(fault.position.line) + " " + fault.text(Lang::kEnglish) + "\n";
    }
    return out;
  }

  // The fault of the proof that names where it comes from and whom it would reach.
  static bool names(const CompileReport& report, const Leak& leak) {
    return std::any_of(report.faults.begin(), report.faults.end(), [&leak](const SettingsFault& fault) {
      const std::string& text = fault.param.en;
      return fault.code->id.starts_with("proof.") && fault.code->id != "proof.certificate" && !fault.file.empty() &&
             fault.position.line > 0 && text.find(leak.source + " (") != std::string::npos &&
             text.find(leak.to) != std::string::npos && text.find(leak.partner) != std::string::npos;
    });
  }

  std::string directory_;
  JsonCodec json_;
};

}  // namespace tongqu::proof_test
