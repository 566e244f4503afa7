#pragma once
// Receipts and evidence files checked offline, with the log's verifier key alone (docs/formats.md sections 5 and 6).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/codec.hpp"
#include "security/audit/commitments.hpp"
#include "security/audit/note.hpp"

namespace tongqu {

inline constexpr std::size_t kMaxReceiptBytes = 64 * 1024;
inline constexpr std::size_t kMaxEvidenceBytes = 64 * 1024;

struct CheckedReceipt {
  std::string receipt;   // "stored" or "delivered", the kind of its entry; "proof"
  std::string exchange;  // of the entry; empty when it has none
  std::string at;
  std::uint64_t index = 0;
  Checkpoint checkpoint;
};

// `text` is the receipt's bytes and nothing else. Fails with gateway.limit-bytes, audit.not-canonical, audit.form
// (param = the first member that is wrong), audit.path, or what open_checkpoint fails with; every error says what is
// wrong in both languages. `json` is the JSON codec.
[[nodiscard]] Result<CheckedReceipt> check_receipt(const LogVerifier& verifier, const Codec& json,
                                                   std::string_view text);

struct OpenedField {
  std::string path;
  std::string value;
};

// What an evidence file is made of. Views and pointers outlive the call.
struct EvidenceParts {
  std::string_view checkpoint;  // signed note
  std::string_view entry;       // canonical JSON
  std::uint64_t index = 0;      // of the entry
  std::vector<Digest32> path;   // inclusion path in the checkpoint's tree
  std::string_view config;      // digest, as in the entry
  std::string_view route;       // configured name
  std::string_view signature;   // the sender's, as received
  const RecordCommitment* record = nullptr;
  std::vector<OpenedField> opened;  // by path in the order of bytes; salts are taken from `record`
};

// Fails with audit.opened when an opened field is not one of `record` or has another value, and with
// gateway.limit-bytes above kMaxEvidenceBytes.
[[nodiscard]] Result<std::string> build_evidence(const Suite& suite, const EvidenceParts& parts);

struct CheckedEvidence {
  CheckedReceipt receipt;  // receipt.receipt = kind of the entry
  std::string config;
  std::string route;
  std::string signature;
  std::size_t fields = 0;           // committed fields
  std::vector<OpenedField> opened;  // with values that the commitments confirm
};

// Fails like check_receipt, and with audit.record, audit.opened, audit.config. What is proven: the entry and its place,
// the set of commitments, the opened fields with their paths. What is not: route and signature, which are statements to
// be checked against the configuration and the sender's key, and the path beside a commitment that stays closed.
[[nodiscard]] Result<CheckedEvidence> check_evidence(const LogVerifier& verifier, const Codec& json,
                                                     std::string_view text);

}  // namespace tongqu
