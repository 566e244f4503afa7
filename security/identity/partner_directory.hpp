#pragma once
// Who a request claims to be, and the credentials that prove it.
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/identity.hpp"
#include "security/identity/network_list.hpp"

namespace tongqu {

// Client certificates: pinned by SHA-256 of the DER, or named by the subject of a certificate whose chain was verified.
struct MtlsOptions {
  PartnerId partner;
  std::vector<std::string> cert_sha256;  // lower-case hex, 64 digits
  std::vector<std::string> subjects;     // RFC 2253, as Peer::cert_subject
};

// Accepts one of the certificates; Identity::method is "mtls". With `then`, which is of the same partner, the request
// must satisfy both, and method is "mtls+<method of then>". Fails with identity.refused or what `then` fails with.
// create fails with identity.setup. Without `then`, a Content-Digest header is checked as by the other schemes.
[[nodiscard]] Result<std::unique_ptr<Authenticator>> make_mtls_authenticator(
    MtlsOptions options, std::unique_ptr<Authenticator> then = nullptr);

// One way in which a partner may identify itself. At least one of the claims is set; a partner may have several
// credentials (rotation), each claim belongs to one of them.
struct PartnerCredential {
  PartnerId partner;
  std::string api_key_id;                // X-Api-Key
  std::string signature_key_id;          // keyid of Signature-Input's "tongqu"
  std::string static_key;                // X-Api-Key that is the secret itself; kept as its digest
  std::string bearer;                    // Authorization: Bearer; kept as its digest
  std::string sharing_rid;               // gjgxjhpt_rid
  std::vector<std::string> cert_sha256;  // a request without key ids is looked up by its certificate
  std::vector<std::string> cert_subjects;
  NetworkList networks;  // where it may come from
  bool any_network = false;
  std::unique_ptr<Authenticator> authenticator;
};

// Finds the credential that a request claims (X-Api-Key, Signature-Input, Authorization: Bearer or gjgxjhpt_rid, else
// the certificate) and applies it. A request that claims two different credentials by key id, comes from outside the
// credential's networks, carries the certificate of another partner, or comes over a legacy listener that is not the
// partner's (Peer::only_partner) is refused. Unknown and wrong look alike:
// identity.refused. Immutable and thread-safe.
class PartnerDirectory final : public Authenticator {
 public:
  // Fails with identity.setup (no claim, no authenticator) or identity.duplicate.
  [[nodiscard]] static Result<std::unique_ptr<PartnerDirectory>> create(std::vector<PartnerCredential> credentials);
  ~PartnerDirectory() override;

  [[nodiscard]] Result<Identity> authenticate(const HttpRequest& request) const override;

 private:
  struct Index;
  explicit PartnerDirectory(std::unique_ptr<Index> index);
  std::unique_ptr<Index> index_;
};

}  // namespace tongqu
