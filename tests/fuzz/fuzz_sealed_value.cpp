// Sealed values from whoever: the text, and the body of one for the very key that opens it. Nothing but what was sealed
// opens, and what was sealed always does.
#include <cstdlib>

#include "security/crypto/suites.hpp"
#include "security/privacy/sealed_values.hpp"

namespace {

struct Pair {
  std::unique_ptr<tongqu::PublicOpener> opener;
  std::unique_ptr<tongqu::ValueSealer> sealer;
};

Pair pair_of(tongqu::SuiteId suite) {
  auto keys = tongqu::generate_sealing_key(suite);
  if (keys.has_error()) std::abort();
  auto opener = tongqu::make_public_opener(keys->private_pem);
  auto sealer = tongqu::make_public_sealer(suite, keys->public_pem);
  if (opener.has_error() || sealer.has_error()) std::abort();
  return {std::move(*opener), std::make_unique<tongqu::ValueSealer>(std::move(*sealer), std::nullopt, nullptr)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Pair pairs[] = {pair_of(tongqu::SuiteId::kGm), pair_of(tongqu::SuiteId::kIntl)};
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const Pair& pair : pairs) {
    if (tongqu::open_sealed(*pair.opener, input).has_value()) std::abort();
    std::string text = "sealed:v1:";
    text.append(tongqu::name_of(pair.opener->suite())).append(":").append(pair.opener->key_id()).append(":");
    if (tongqu::open_sealed(*pair.opener, text.append(input)).has_value()) std::abort();
    const auto sealed = pair.sealer->seal({"case", "report.hand-over@1", "informant.name"}, input.substr(0, 4096));
    if (sealed.has_error()) std::abort();
    const auto opened = tongqu::open_sealed(*pair.opener, *sealed);
    if (opened.has_error() || opened->value != input.substr(0, 4096)) std::abort();
  }
  return 0;
}
