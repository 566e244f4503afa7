#pragma once
// Signed notes, checkpoints and verifier keys (docs/formats.md section 4; C2SP signed-note and tlog-checkpoint).
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/core/crypto.hpp"

namespace tongqu {

inline constexpr std::size_t kMaxNoteBytes = 64 * 1024;
inline constexpr std::size_t kMaxNoteSignatures = 16;

// "sm2-sm3" or "ed25519": what a log of the suite signs with.
[[nodiscard]] std::string_view log_algorithm(SuiteId suite);

// True when the text may name a log: valid UTF-8, 1 to 200 bytes, without white space, control characters and '+'.
[[nodiscard]] bool is_origin(std::string_view text);

// The public side of a log's key. Immutable and thread-safe.
class LogVerifier {
 public:
  // From the one-line verifier key text; a line feed at the end is ignored. The suite follows from the key. Fails
  // with audit.key-text when the form, the key id or the key is wrong.
  [[nodiscard]] static Result<LogVerifier> create(std::string_view verifier_key_text);

  [[nodiscard]] const std::string& origin() const { return origin_; }
  [[nodiscard]] const Suite& suite() const { return *suite_; }

  // The text of a note that carries a valid signature of this key (the part before the empty line, with its last line
  // feed). Well-formed signatures of other keys are passed over. Fails with audit.note, audit.signature. The view
  // points into `note`.
  [[nodiscard]] Result<std::string_view> open(std::string_view note) const;

 private:
  LogVerifier() = default;

  std::string origin_;
  std::string key_id_;  // 4 bytes
  std::unique_ptr<Suite> suite_;
  std::unique_ptr<Verifier> verifier_;
};

// The verifier key text of a log. `pem`: the log's private or public key, of log_algorithm(suite).
// Fails with audit.key-text (origin) or crypto.key.
[[nodiscard]] Result<std::string> verifier_key_text(std::string_view origin, SuiteId suite, std::string_view pem);

// The secret side. Immutable and thread-safe.
class NoteSigner {
 public:
  // Fails with audit.key-text (origin) or crypto.key.
  [[nodiscard]] static Result<NoteSigner> create(std::string_view origin, SuiteId suite, std::string_view private_pem);

  // `text` plus the signature lines. `text` ends with a line feed and holds no empty line at its end.
  [[nodiscard]] Result<std::string> sign(std::string_view text) const;
  [[nodiscard]] const std::string& origin() const { return origin_; }
  [[nodiscard]] const std::string& verifier_key_text() const { return key_text_; }

 private:
  NoteSigner() = default;

  std::string origin_;
  std::string key_id_;
  std::string key_text_;
  std::unique_ptr<Signer> signer_;
};

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Digest32 root{};
};

// The signed part: three lines.
[[nodiscard]] std::string checkpoint_text(std::string_view origin, std::uint64_t size, const Digest32& root);
// Opens the note and reads the checkpoint. Fails with audit.note, audit.signature, audit.checkpoint, audit.origin.
[[nodiscard]] Result<Checkpoint> open_checkpoint(const LogVerifier& verifier, std::string_view note);

}  // namespace tongqu
