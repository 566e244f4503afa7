#pragma once
// What queries leave behind beside their audit entries: which are open, and the ledger texts by digest. The text of two
// disclosures of the same fields to the same partner is the same, so there are few. Writer's connection only; throws
// SqlError.
#include "gateway/store/batch.hpp"
#include "gateway/store/disclosure_writer.hpp"
#include "gateway/store/nonce_book.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

class QueryWriter {
 public:
  QueryWriter(const Connection& main, NonceBook& nonces, DisclosureWriter& disclosures);
  // Checks first and writes afterwards: an outcome with an error has written nothing.
  Outcome apply(const QueryNote& note, Effects& effects);

 private:
  NonceBook& nonces_;
  DisclosureWriter& disclosures_;
  Statement open_, close_, keep_ledger_;
};

}  // namespace tongqu::sql
