#include "gateway/core/shown_answer.hpp"

namespace tongqu {

ShownAnswer::ShownAnswer(const OutboundBytes& bytes, const Suite& suite, std::vector<PersonMark> persons)
    : bytes_(bytes.bytes()) {
  Facts facts{bytes.content_type(), bytes.disclosure().to_ledger(), {}, std::move(persons)};
  facts.ledger_digest = suite.hash({facts.ledger});
  facts_ = std::make_shared<const Facts>(std::move(facts));
}

Result<KeptView> ShownAnswer::seal(const Sealer& sealer, const SealKey& key, std::string_view context) const {
  auto sealed = sealer.seal(key, context, bytes_);
  if (sealed.has_error()) return sealed.error();
  return KeptView(std::move(*sealed), facts_);
}

Result<ShownAnswer> KeptView::open(const Sealer& sealer, const SealKey& key, std::string_view context) const {
  auto bytes = sealer.open(key, context, sealed_);
  if (bytes.has_error()) return bytes.error();
  return ShownAnswer(std::move(*bytes), facts_);
}

std::size_t KeptView::size_bytes() const {
  return sizeof(KeptView) + sealed_.size() + facts_->content_type.size() + facts_->ledger.size() +
         facts_->persons.size() * 2 * sizeof(PersonMark);
}

}  // namespace tongqu
