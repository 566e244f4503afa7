#include "gateway/settings/secret.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <concepts>
#include <cstdlib>
#include <ostream>
#include <type_traits>

#include "gateway/settings/settings_codes.hpp"
#include "tests/support/data.hpp"
#include "tests/unit/settings/settings_support.hpp"

namespace tongqu {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Streamable<SecretText>);
static_assert(!std::is_copy_constructible_v<SecretText> && !std::is_copy_assignable_v<SecretText>);
static_assert(!std::equality_comparable<SecretText>);
static_assert(!std::is_convertible_v<SecretText, std::string> && !std::is_convertible_v<SecretText, std::string_view>);

TEST(SecretText, MovesWithoutLeavingAnythingBehind) {
  SecretText first("canary");
  const char* place = first.reveal().data();
  SecretText second(std::move(first));
  EXPECT_TRUE(first.empty());  // NOLINT: the state after a move is the contract
  EXPECT_EQ(second.reveal(), "canary");
  EXPECT_EQ(second.reveal().data(), place);
  SecretText third("other");
  third = std::move(second);
  EXPECT_EQ(third.reveal(), "canary");
  EXPECT_TRUE(SecretText().empty());
}

TEST(SecretRef, NamesAFileOrAVariableAndNothingElse) {
  EXPECT_EQ(parse_secret_ref("${file:a/b.key}"), (SecretRef{SecretRef::Scheme::kFile, "a/b.key"}));
  EXPECT_EQ(parse_secret_ref("${file:/etc/tongqu/key}"), (SecretRef{SecretRef::Scheme::kFile, "/etc/tongqu/key"}));
  EXPECT_EQ(parse_secret_ref("${env:A_1}"), (SecretRef{SecretRef::Scheme::kEnv, "A_1"}));
  EXPECT_EQ(parse_secret_ref("pkcs11:token=a")->scheme, SecretRef::Scheme::kPkcs11);
  EXPECT_EQ(parse_secret_ref("${pkcs11:token=a}")->scheme, SecretRef::Scheme::kPkcs11);
  for (const char* text :
       {"", "a", "${}", "${file:}", "${env:}", "${env:1A}", "${env:A-B}", "${file:../a}", "${file:a/../b}", "${FILE:a}",
        "${file:a", "file:a}", " ${file:a}", "${file:${env:A}}", "${file:a}${env:B}", "${vault:a}"})
    EXPECT_FALSE(parse_secret_ref(text).has_value()) << text;
  EXPECT_FALSE(parse_secret_ref("${file:" + std::string(1025, 'a') + "}").has_value());
  EXPECT_TRUE(parse_secret_ref("${env:" + std::string(128, 'A') + "}").has_value());
  EXPECT_FALSE(parse_secret_ref("${env:" + std::string(129, 'A') + "}").has_value());
}

SecretRef file(std::string name) { return {SecretRef::Scheme::kFile, std::move(name)}; }

fs::path with_mode(const fs::path& path, mode_t mode) {
  ::chmod(path.c_str(), mode);
  return path;
}

TEST(ResolveSecret, StripsOneLineEnd) {
  const fs::path folder =
      test::on_disk({{"plain", "abc"}, {"line", "abc\n"}, {"windows", "abc\r\n"}, {"two", "abc\n\n"}});
  const std::pair<const char*, const char*> cases[] = {
      {"plain", "abc"}, {"line", "abc"}, {"windows", "abc"}, {"two", "abc\n"}};
  for (const auto& [name, value] : cases) {
    const auto secret = resolve_secret(file(name), folder);
    ASSERT_TRUE(secret.has_value()) << name;
    EXPECT_EQ(secret->reveal(), value) << name;
  }
  const auto absolute = resolve_secret(file(folder / "plain"), "/nowhere");
  ASSERT_TRUE(absolute.has_value());
  EXPECT_EQ(absolute->reveal(), "abc");
}

TEST(ResolveSecret, HoldsItsLimitAtBothSides) {
  const std::string longest(kMaxSecretBytes, 'x');
  const fs::path folder = test::on_disk({{"longest", longest},
                                         {"longest-line", longest + "\n"},
                                         {"longer", longest + "x"},
                                         {"longer-line", longest + "x\n"},
                                         {"long", longest + longest}});
  EXPECT_TRUE(resolve_secret(file("longest"), folder).has_value());
  EXPECT_TRUE(resolve_secret(file("longest-line"), folder).has_value());
  for (const char* name : {"longer", "longer-line", "long"}) {
    const auto secret = resolve_secret(file(name), folder);
    ASSERT_TRUE(secret.has_error()) << name;
    EXPECT_EQ(secret.error().code, &codes::kSecretTooLarge);
  }
}

TEST(ResolveSecret, SaysWhyThereIsNone) {
  const fs::path folder = test::on_disk({{"empty", ""}, {"newline", "\n"}, {"folder/x", ""}});
  ::unsetenv("TONGQU_TEST_UNSET");
  const std::pair<SecretRef, const ErrorCode*> cases[] = {
      {file("absent"), &codes::kSecretUnreadable},
      {file("folder"), &codes::kSecretUnreadable},
      {file("empty"), &codes::kSecretEmpty},
      {file("newline"), &codes::kSecretEmpty},
      {file("/dev/zero"), &codes::kSecretUnreadable},
      {{SecretRef::Scheme::kEnv, "TONGQU_TEST_UNSET"}, &codes::kSecretUnreadable},
      {{SecretRef::Scheme::kPkcs11, ""}, &codes::kSecretPkcs11},
      {{}, &codes::kSecretUnreadable}};
  for (const auto& [ref, code] : cases) {
    const auto secret = resolve_secret(ref, folder);
    ASSERT_TRUE(secret.has_error()) << ref.text();
    EXPECT_EQ(secret.error().code, code) << ref.text();
  }
}

TEST(ResolveSecret, ReadsVariables) {
  ::setenv("TONGQU_TEST_SECRET", "canary\n", 1);
  const auto secret = resolve_secret({SecretRef::Scheme::kEnv, "TONGQU_TEST_SECRET"}, "/");
  ::unsetenv("TONGQU_TEST_SECRET");
  ASSERT_TRUE(secret.has_value());
  EXPECT_EQ(secret->reveal(), "canary");
}

TEST(ResolveSecret, WarnsWhenOthersMayRead) {
  const fs::path folder = test::on_disk({{"a", "canary"}});
  for (const mode_t mode : {0600U, 0400U, 0640U, 0604U, 0644U}) {
    std::vector<SettingsFault> warnings;
    with_mode(folder / "a", mode);
    EXPECT_TRUE(resolve_secret(file("a"), folder, &warnings).has_value());
    EXPECT_EQ(warnings.size(), (mode & 077U) != 0 ? 1U : 0U) << mode;
    for (const SettingsFault& warning : warnings) {
      EXPECT_EQ(warning.grade, Grade::kWarning);
      EXPECT_EQ(warning.code, &codes::kSecretFileMode);
    }
  }
}

TEST(CheckSecrets, NamesAllThatAreMissingOrOpenWithTheirPlaces) {
  std::vector<ConfigFile> files = test::small_config();
  files[0].bytes +=
      "retention: {nonce: 1h}\n"
      "store: {}\n";
  files[0].bytes.replace(files[0].bytes.find("port: 0"), 7,
                         "port: 0, tls: {certificate: \"${file:c.crt}\", key: \"${file:absent.key}\"}");
  const LoadReport report = test::load_files(files);
  ASSERT_TRUE(report.settings.has_value());
  const fs::path folder = test::on_disk({{"audit.key", "canary"}, {"admin.token", "canary"}, {"c.crt", "public"}});
  with_mode(folder / "audit.key", 0644);
  with_mode(folder / "admin.token", 0600);
  with_mode(folder / "c.crt", 0644);
  ::unsetenv("TONGQU_MASTER");
  EXPECT_THAT(test::brief(check_secrets(*report.settings, folder)),
              ElementsAre("gateway.yaml:3:87 secret.unreadable listeners[0].tls.key",
                          "gateway.yaml:4:32 secret.file-mode audit.key",
                          "gateway.yaml:5:20 secret.unreadable seal.master_key"));
}

}  // namespace
}  // namespace tongqu
