// A configuration whose proof the second checker does not accept is none, whatever the first one says.
#include <gtest/gtest.h>

#include "connectors/all_connectors.hpp"
#include "gateway/app/config_compile.hpp"
#include "gateway/app/config_open.hpp"
#include "gateway/core/clock.hpp"
#include "tests/support/data.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu {
namespace {

CompileReport compiled(CertificateWriter write) {
  const SystemClock clock;
  const JsonCodec json;
  const ConfigSource source(test::source_folder() / "config", all_specs(), app::config_hash(), clock);
  const ConfigSource::Loaded loaded = source.load();
  EXPECT_TRUE(loaded.snapshot.has_value());
  return compile_config(*loaded.snapshot, json, beijing_date(clock.now()), {}, write);
}

bool is_refused(const CompileReport& report) {
  for (const SettingsFault& fault : report.faults) {
    if (fault.code != nullptr && fault.code->id == "proof.certificate") return report.config == nullptr;
  }
  return false;
}

TEST(Certified, TheShippedConfigurationIs) {
  const CompileReport report = compiled(write_certificate);
  ASSERT_NE(report.config, nullptr);
  EXPECT_FALSE(report.config->certificate.empty());
}

TEST(Certified, WithoutTheLastClaimItIsNone) {
  EXPECT_TRUE(is_refused(compiled([](const ConfigProof& proof, const ConfigImage& image) {
    std::string text = write_certificate(proof, image);
    text.pop_back();
    return text.substr(0, text.rfind('\n') + 1);
  })));
}

TEST(Certified, WithAnotherFormItIsNone) {
  EXPECT_TRUE(is_refused(compiled([](const ConfigProof& proof, const ConfigImage& image) {
    std::string text = write_certificate(proof, image);
    return text.replace(text.find("\tscrub\t"), 7, "\tmask\t");
  })));
}

TEST(Certified, WithoutACertificateItIsNone) {
  EXPECT_TRUE(is_refused(compiled([](const ConfigProof&, const ConfigImage&) { return std::string(); })));
}

}  // namespace
}  // namespace tongqu
