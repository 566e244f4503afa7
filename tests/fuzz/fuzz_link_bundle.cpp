// What reads as a bundle, as answers or as kept answers is written and read again to the same. The signature is taken
// for good and every digest is the same here, so that the input reaches what is behind them.
#include <cstdint>
#include <cstdlib>

#include "connectors/link/bundle.hpp"
#include "connectors/link/file_name.hpp"

namespace {

using namespace tongqu;  // NOLINT(google-build-using-namespace)

class FlatSuite final : public Suite {
 public:
  [[nodiscard]] SuiteId id() const override { return SuiteId::kIntl; }
  [[nodiscard]] std::string_view hash_name() const override { return "flat"; }
  [[nodiscard]] Digest32 hash(std::initializer_list<std::string_view>) const override { return {}; }
  [[nodiscard]] Digest32 hmac(std::string_view, std::initializer_list<std::string_view>) const override { return {}; }
  [[nodiscard]] std::unique_ptr<RunningHash> start_hash() const override { return nullptr; }
};

class AnySignature final : public Signer, public Verifier {
 public:
  [[nodiscard]] Result<Bytes> sign(std::string_view) const override { return Bytes("s"); }
  [[nodiscard]] bool verify(std::string_view, std::string_view) const override { return true; }
  [[nodiscard]] std::string_view algorithm() const override { return "any"; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  const FlatSuite suite;
  const AnySignature key;
  const std::string_view text = link::unwrap(file, link::FileType::kXml);
  if (const auto bundle = link::read_bundle(text, suite, key); bundle.has_value()) {
    const auto again = link::read_bundle(link::write_bundle(bundle->bundle, suite, key)->text, suite, key);
    if (again.has_error() || again->bundle != bundle->bundle) std::abort();
    if (link::read_own_bundle(text, suite).has_error()) std::abort();
  }
  if (const auto answers = link::read_answers(text, suite, key); answers.has_value()) {
    const auto again = link::read_answers(link::write_answers(*answers, suite, key)->text, suite, key);
    if (again.has_error() || *again != *answers) std::abort();
  }
  if (const auto kept = link::read_kept(text); kept.has_value()) {
    const auto again = link::read_kept(link::write_kept(*kept));
    if (again.has_error() || *again != *kept) std::abort();
  }
  if (const auto name = link::read_file_name(file, "a-b", ".txt"); name.has_value()) {
    if (link::file_name("a-b", *name, ".txt") != file) std::abort();
  }
  return 0;
}
