#pragma once
// Keys of the two ends of a link, in one suite.
#include "connectors/link/bundle.hpp"
#include "connectors/link/link_options.hpp"
#include "security/crypto/keys.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu::test {

struct LinkEnd {
  std::unique_ptr<Signer> own;
  std::unique_ptr<Verifier> peer;
};

struct LinkPair {
  explicit LinkPair(SuiteId id) : suite(make_suite(id).value()) {
    const std::string_view algorithm = id == SuiteId::kGm ? kSm2Sm3 : kEd25519;
    const KeyPair a = generate_key(algorithm).value();
    const KeyPair b = generate_key(algorithm).value();
    sender = {make_signer(algorithm, a.private_pem).value(), make_verifier(algorithm, b.public_pem).value()};
    receiver = {make_signer(algorithm, b.private_pem).value(), make_verifier(algorithm, a.public_pem).value()};
  }
  std::unique_ptr<Suite> suite;
  LinkEnd sender;
  LinkEnd receiver;
};

// "01ARZ3NDEKTSV4RRFFQ69G5F07-zone" for 7.
inline std::string link_message_id(int n) {
  const std::string digits = std::to_string(n);
  return "01ARZ3NDEKTSV4RRFFQ69G" + std::string(4 - digits.size(), '0') + digits + "-zone";
}

inline link::Entry link_entry(int n, std::string body = {}) {
  if (body.empty()) body = R"({"n":)" + std::to_string(n) + "}";
  return {link_message_id(n), "workorder.transfer", "application/json", std::move(body)};
}

}  // namespace tongqu::test
