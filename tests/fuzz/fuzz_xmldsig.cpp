// Whatever an envelope holds: no fault, and a signature that verifies has its digest and its evidence.
#include <cstdint>
#include <cstdlib>

#include "security/xmldsig/xmlsec_security.hpp"

namespace {
// Its key signed the corpus.
constexpr const char* kCertificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBdTCCARugAwIBAgIUdskorH0VUgaXqHCJtU4b71WawPEwCgYIKoZIzj0EAwIw\n"
    "DzENMAsGA1UEAwwEZnV6ejAgFw0yNjExMjYwMTQwNTlaGA8yMTI2MTEwMjAxNDA1\n"
    "OVowDzENMAsGA1UEAwwEZnV6ejBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJ2Q\n"
    "1jvU6kpd7XGxFg6VxvVhM+3EdF1NSJB/7vTgMUnClL7irZ8MgEpFZeaHjBQUgU0c\n"
    "Cf2xLNB1NCnz0qZPQaKjUzBRMB0GA1UdDgQWBBT47uSuHDkj9o+16dxa/jp7OA3O\n"
    "rzAfBgNVHSMEGDAWgBT47uSuHDkj9o+16dxa/jp7OA3OrzAPBgNVHRMBAf8EBTAD\n"
    "AQH/MAoGCCqGSM49BAMCA0gAMEUCIG+HEYFwci9t8j7kn3+sV/4Z0cSy9MQAD619\n"
    "a+odsEeCAiEAqlMRLZExbTo0JJnNmhy6D09JOQAzpwxqhRUqYhnN3x4=\n"
    "-----END CERTIFICATE-----\n";
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tongqu;
  static const auto verifier = *XmlSecSecurity().make_verifier(kCertificate, 300'000);
  const Instant signed_at{1'776'700'800'000};  // 2026-04-20T16:00:00Z
  auto proven = verifier->verify({reinterpret_cast<const char*>(data), size}, signed_at);
  if (proven.has_value() && (proven->digest.size() != 44 || proven->value.empty())) std::abort();
  return 0;
}
