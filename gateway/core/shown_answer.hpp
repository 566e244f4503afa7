#pragma once
// What an asker is shown of a registry's answer, beside what the ledger says of it; and the same kept sealed, so that
// the next asker of the same partner need not have it made again.
#include <memory>
#include <string>
#include <string_view>

#include "gateway/core/crypto.hpp"
#include "gateway/core/person_index.hpp"
#include "gateway/core/view.hpp"

namespace tongqu {

class KeptView;

// Immutable, thread-safe. Begins as OutboundBytes, so its bytes never lack their ledger entry.
class ShownAnswer {
 public:
  ShownAnswer(const OutboundBytes& bytes, const Suite& suite, std::vector<PersonMark> persons = {});

  [[nodiscard]] const std::string& bytes() const { return bytes_; }  // personal data
  [[nodiscard]] const std::string& content_type() const { return facts_->content_type; }
  [[nodiscard]] const std::string& ledger() const { return facts_->ledger; }  // Disclosure::to_ledger()
  [[nodiscard]] const Digest32& ledger_digest() const { return facts_->ledger_digest; }

  [[nodiscard]] const std::vector<PersonMark>& persons() const { return facts_->persons; }

  // Errors of the sealer.
  [[nodiscard]] Result<KeptView> seal(const Sealer& sealer, const SealKey& key, std::string_view context) const;

 private:
  friend class KeptView;
  struct Facts {  // nothing readable of a person
    std::string content_type;
    std::string ledger;
    Digest32 ledger_digest{};
    std::vector<PersonMark> persons;  // of the answer
  };
  ShownAnswer(std::string bytes, std::shared_ptr<const Facts> facts)
      : bytes_(std::move(bytes)), facts_(std::move(facts)) {}
  std::string bytes_;
  std::shared_ptr<const Facts> facts_;  // second owners: kept views
};

// Immutable, thread-safe.
class KeptView {
 public:
  // Fails with kCorrupt on any change of key, context or content.
  [[nodiscard]] Result<ShownAnswer> open(const Sealer& sealer, const SealKey& key, std::string_view context) const;
  [[nodiscard]] std::size_t size_bytes() const;

 private:
  friend class ShownAnswer;
  KeptView(Bytes sealed, std::shared_ptr<const ShownAnswer::Facts> facts)
      : sealed_(std::move(sealed)), facts_(std::move(facts)) {}
  Bytes sealed_;
  std::shared_ptr<const ShownAnswer::Facts> facts_;
};

}  // namespace tongqu
