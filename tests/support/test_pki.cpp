#include "tests/support/test_pki.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdlib>

#include "gateway/core/text.hpp"

namespace tongqu::test {
namespace {

template <auto kFree>
struct FreeWith {
  template <class T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Crl = std::unique_ptr<X509_CRL, FreeWith<X509_CRL_free>>;
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;

void require(bool fine) {
  if (!fine) std::abort();
}

std::string text_of(const Bio& bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(out.get(), certificate) == 1);
  return text_of(out);
}

std::string pem_of(EVP_PKEY* key) {
  const Bio out(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(out);
}

std::string digest_of(X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  require(X509_digest(certificate, EVP_sha256(), digest.data(), &length) == 1);
  return to_hex({reinterpret_cast<const char*>(digest.data()), length});
}

void set_name(X509_NAME* name, const std::string& common_name) {
  const auto add = [name](const char* field, const std::string& value) {
    require(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0) == 1);
  };
  add("O", "Tongqu Test");
  add("CN", common_name);
}

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

Certificate make_blank(EVP_PKEY* key, const CertificateWish& wish, std::int64_t serial) {
  Certificate certificate(X509_new());
  X509* x = certificate.get();
  require(X509_set_version(x, X509_VERSION_3) == 1);
  require(ASN1_INTEGER_set_int64(X509_get_serialNumber(x), serial) == 1);
  require(X509_gmtime_adj(X509_getm_notBefore(x), wish.valid_from_s) != nullptr);
  require(X509_gmtime_adj(X509_getm_notAfter(x), wish.valid_until_s) != nullptr);
  set_name(X509_get_subject_name(x), wish.common_name);
  require(X509_set_pubkey(x, key) == 1);
  return certificate;
}

void add_names(X509* certificate, X509* issuer, const CertificateWish& wish) {
  std::string names;
  for (const auto& name : wish.dns_names) names.append(names.empty() ? "" : ",").append("DNS:").append(name);
  for (const auto& address : wish.addresses) names.append(names.empty() ? "" : ",").append("IP:").append(address);
  if (!names.empty()) add_extension(certificate, issuer, NID_subject_alt_name, names);
  add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
}

}  // namespace

struct TestPki::Authority {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate;
};

TestPki::TestPki(const std::string& common_name) : authority_(std::make_unique<Authority>()) {
  const CertificateWish wish{.common_name = common_name, .dns_names = {}, .addresses = {}};
  authority_->certificate = make_blank(authority_->key.get(), wish, 1);
  X509* x = authority_->certificate.get();
  require(X509_set_issuer_name(x, X509_get_subject_name(x)) == 1);
  add_extension(x, x, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(x, x, NID_key_usage, "critical,keyCertSign,cRLSign");
  require(X509_sign(x, authority_->key.get(), EVP_sha256()) > 0);
  ca_pem_ = pem_of(x);
}

TestPki::~TestPki() = default;

TestCertificate TestPki::issue(const CertificateWish& wish) {
  const Key key(EVP_EC_gen("P-256"));
  const std::int64_t serial = next_serial_++;
  const Certificate certificate = make_blank(key.get(), wish, serial);
  X509* issuer = authority_->certificate.get();
  require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer)) == 1);
  add_names(certificate.get(), issuer, wish);
  require(X509_sign(certificate.get(), authority_->key.get(), EVP_sha256()) > 0);
  return {pem_of(certificate.get()), pem_of(key.get()), digest_of(certificate.get()), serial};
}

TestCertificate TestPki::self_signed(const CertificateWish& wish) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = make_blank(key.get(), wish, 1);
  X509* x = certificate.get();
  require(X509_set_issuer_name(x, X509_get_subject_name(x)) == 1);
  add_names(x, x, wish);
  require(X509_sign(x, key.get(), EVP_sha256()) > 0);
  return {pem_of(x), pem_of(key.get()), digest_of(x), 1};
}

std::string TestPki::revoke(const std::vector<TestCertificate>& certificates) const {
  const Crl crl(X509_CRL_new());
  require(X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2) == 1);
  require(X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(authority_->certificate.get())) == 1);
  const std::unique_ptr<ASN1_TIME, FreeWith<ASN1_TIME_free>> from(X509_gmtime_adj(nullptr, -60));
  const std::unique_ptr<ASN1_TIME, FreeWith<ASN1_TIME_free>> until(X509_gmtime_adj(nullptr, 3600));
  require(X509_CRL_set1_lastUpdate(crl.get(), from.get()) == 1 &&
          X509_CRL_set1_nextUpdate(crl.get(), until.get()) == 1);
  for (const auto& certificate : certificates) {
    X509_REVOKED* entry = X509_REVOKED_new();
    const std::unique_ptr<ASN1_INTEGER, FreeWith<ASN1_INTEGER_free>> serial(ASN1_INTEGER_new());
    require(ASN1_INTEGER_set_int64(serial.get(), certificate.serial) == 1);
    require(X509_REVOKED_set_serialNumber(entry, serial.get()) == 1);
    require(X509_REVOKED_set_revocationDate(entry, from.get()) == 1);
    require(X509_CRL_add0_revoked(crl.get(), entry) == 1);
  }
  require(X509_CRL_sort(crl.get()) == 1 && X509_CRL_sign(crl.get(), authority_->key.get(), EVP_sha256()) > 0);
  const Bio out(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509_CRL(out.get(), crl.get()) == 1);
  return text_of(out);
}

}  // namespace tongqu::test
