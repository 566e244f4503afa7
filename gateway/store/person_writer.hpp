#pragma once
// By what a person is found again. The marks of an exchange are first one row behind the last one (persons_waiting),
// and are moved to their places in the index (persons) when there is time: each of them is a page of its own there, and
// nobody who hands in an order shall wait for that. Readers ask both. Writer's connection only; throws SqlError.
#include "gateway/core/disclosures.hpp"
#include "gateway/store/batch.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

// persons_waiting.marks: for each mark the lengths and bytes of kind and role (one byte each length), the key's version
// (4 bytes, most significant first), the length and bytes of the hash. Kinds, roles and hashes have at most 255 bytes.
[[nodiscard]] std::string pack_marks(const std::vector<PersonMark>& marks);
// What pack_marks made; what is cut off at the end is left out.
[[nodiscard]] std::vector<PersonMark> unpack_marks(std::string_view packed);

class PersonWriter {
 public:
  explicit PersonWriter(const Connection& main);

  void wait(const std::string& exchange, const std::vector<PersonMark>& marks);
  // Moves at most `max_rows` exchanges into the index; true when more wait.
  [[nodiscard]] bool move(std::size_t max_rows);
  // At least one of the two is there. What is taken away is overwritten with zeros: a hash that is gone must not stand
  // in a free page. The write-ahead log holds it until it is written back.
  void forget(const std::string& exchange, const std::vector<PersonMark>& person);

 private:
  void forget_waiting(const std::string& exchange, const std::vector<PersonMark>& person);

  const Connection& main_;
  Statement wait_, oldest_, index_, drop_until_, forget_exchange_, forget_person_, forget_both_, waiting_, rewrite_,
      drop_;
};

}  // namespace tongqu::sql
