#pragma once
// Certificates for tests, made in memory with OpenSSL: a CA, what it issues, what it revokes.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tongqu::test {

struct TestCertificate {
  std::string certificate_pem;
  std::string key_pem;  // ECDSA P-256, PKCS #8, not encrypted
  std::string sha256;   // of the DER, lower-case hex
  std::int64_t serial = 0;
};

struct CertificateWish {
  std::string common_name = "localhost";
  std::vector<std::string> dns_names = {"localhost"};
  std::vector<std::string> addresses = {"127.0.0.1"};
  std::int64_t valid_from_s = -3600;  // seconds from now
  std::int64_t valid_until_s = 3600;
};

// One CA. Not thread-safe. Aborts when OpenSSL fails: there is no test to run then.
class TestPki {
 public:
  explicit TestPki(const std::string& common_name = "Tongqu Test CA");
  ~TestPki();
  TestPki(const TestPki&) = delete;
  TestPki& operator=(const TestPki&) = delete;

  [[nodiscard]] const std::string& ca_pem() const { return ca_pem_; }
  [[nodiscard]] TestCertificate issue(const CertificateWish& wish = {});
  // Not issued by the CA but by itself.
  [[nodiscard]] static TestCertificate self_signed(const CertificateWish& wish = {});
  // A revocation list, valid now, with these certificates on it.
  [[nodiscard]] std::string revoke(const std::vector<TestCertificate>& certificates) const;

 private:
  struct Authority;
  std::unique_ptr<Authority> authority_;
  std::string ca_pem_;
  std::int64_t next_serial_ = 2;
};

}  // namespace tongqu::test
