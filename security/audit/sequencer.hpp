#pragma once
// The AuditSequencer of gateway/core/audit.hpp.
#include <memory>
#include <optional>
#include <string>

#include "gateway/core/audit.hpp"
#include "security/audit/merkle.hpp"
#include "security/audit/note.hpp"

namespace tongqu {

inline constexpr std::size_t kMaxBatchEntries = 65'536;
inline constexpr std::string_view kReceiptNotice = "本回执不代表受理决定";

// Starts as an empty log; restore() takes it to what the store holds. Not thread-safe: one writer.
//
// prepare: audit.batch, crypto.sign, or audit.sequence after a wrong accept (until restore). Takes O(batch) hashes
// and one signature.
// restore: audit.restore, audit.root, and what open_checkpoint fails with; the state stays what it was.
class LogSequencer final : public AuditSequencer {
 public:
  // Fails with audit.key-text (origin) or crypto.key.
  [[nodiscard]] static Result<std::unique_ptr<LogSequencer>> create(SuiteId suite, std::string_view origin,
                                                                    std::string_view private_pem);

  [[nodiscard]] Result<SequencedBatch> prepare(std::span<const std::string_view> entries) override;
  void accept(const SequencedBatch& batch) override;
  [[nodiscard]] Status restore(std::uint64_t size, std::span<const Digest32> leaves_of_last_tile,
                               std::span<const TreeNode> nodes, std::string_view checkpoint) override;
  [[nodiscard]] std::string receipt(const SequencedBatch& batch, std::size_t i, const AuditDraft& draft) const override;

  [[nodiscard]] const Suite& suite() const { return *suite_; }
  [[nodiscard]] std::uint64_t size() const { return frontier_.size(); }
  [[nodiscard]] const std::string& verifier_key_text() const { return signer_.verifier_key_text(); }

 private:
  LogSequencer(std::unique_ptr<Suite> suite, NoteSigner signer, LogVerifier verifier)
      : suite_(std::move(suite)), signer_(std::move(signer)), verifier_(std::move(verifier)) {}

  std::unique_ptr<Suite> suite_;
  NoteSigner signer_;
  LogVerifier verifier_;
  merkle::Frontier frontier_;
  std::optional<merkle::Frontier> prepared_;  // the frontier after the last prepared batch
  std::string prepared_checkpoint_;           // which batch that was: signatures cover size and root
  bool broken_ = false;
};

}  // namespace tongqu
