#include "gateway/store/person_writer.hpp"

#include <algorithm>

namespace tongqu::sql {
namespace {

void put_text(std::string& out, std::string_view text) {
  out.push_back(static_cast<char>(std::min<std::size_t>(text.size(), 255)));
  out.append(text.substr(0, 255));
}

// Takes the next text off `packed`; false at its end.
bool take_text(std::string_view& packed, std::string& out) {
  if (packed.empty()) return false;
  const auto size = static_cast<unsigned char>(packed.front());
  if (packed.size() < size + 1U) return false;
  out = packed.substr(1, size);
  packed.remove_prefix(size + 1U);
  return true;
}

struct Waiting {
  std::int64_t id = 0;
  std::string exchange;
  std::vector<PersonMark> marks;
};

// While it lives, pages that are freed are overwritten.
class Overwriting {
 public:
  explicit Overwriting(const Connection& main) : main_(main) { main_.exec("PRAGMA secure_delete = ON"); }
  Overwriting(const Overwriting&) = delete;
  Overwriting& operator=(const Overwriting&) = delete;
  ~Overwriting() {
    try {
      main_.exec("PRAGMA secure_delete = OFF");
    } catch (const SqlError&) {  // stays on: slower, not less safe
    }
  }

 private:
  const Connection& main_;
};

}  // namespace

std::string pack_marks(const std::vector<PersonMark>& marks) {
  std::string out;
  for (const PersonMark& mark : marks) {
    put_text(out, mark.kind);
    put_text(out, mark.role);
    const auto version = static_cast<std::uint32_t>(mark.key_version);
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>((version >> shift) & 0xffU));
    put_text(out, std::string_view(mark.hash));
  }
  return out;
}

std::vector<PersonMark> unpack_marks(std::string_view packed) {
  std::vector<PersonMark> out;
  while (!packed.empty()) {
    PersonMark mark;
    std::string hash;
    if (!take_text(packed, mark.kind) || !take_text(packed, mark.role) || packed.size() < 4) break;
    std::uint32_t version = 0;
    for (int i = 0; i < 4; ++i)
      version = version << 8U | static_cast<unsigned char>(packed[static_cast<std::size_t>(i)]);
    packed.remove_prefix(4);
    if (!take_text(packed, hash)) break;
    mark.key_version = static_cast<std::int32_t>(version);
    mark.hash = Bytes(hash);
    out.push_back(std::move(mark));
  }
  return out;
}

PersonWriter::PersonWriter(const Connection& main)
    : main_(main),
      wait_(main.prepare("INSERT INTO persons_waiting VALUES(NULL, ?, ?)")),
      oldest_(main.prepare("SELECT id, exchange, marks FROM persons_waiting ORDER BY id LIMIT ?")),
      index_(main.prepare("INSERT OR IGNORE INTO persons VALUES(?, ?, ?, ?, ?)")),
      drop_until_(main.prepare("DELETE FROM persons_waiting WHERE id <= ?")),
      forget_exchange_(main.prepare("DELETE FROM persons WHERE exchange = ?")),
      forget_person_(main.prepare("DELETE FROM persons WHERE hash = ?")),
      forget_both_(main.prepare("DELETE FROM persons WHERE hash = ? AND exchange = ?")),
      waiting_(main.prepare("SELECT id, exchange, marks FROM persons_waiting WHERE (?1 = '' OR exchange = ?1) AND "
                            "(length(?2) = 0 OR instr(marks, ?2) > 0)")),
      rewrite_(main.prepare("UPDATE persons_waiting SET marks = ? WHERE id = ?")),
      drop_(main.prepare("DELETE FROM persons_waiting WHERE id = ?")) {}

void PersonWriter::wait(const std::string& exchange, const std::vector<PersonMark>& marks) {
  if (!marks.empty()) wait_.run(exchange, Blob{pack_marks(marks)});
}

// In the order of the index, so that neighbours share a page.
bool PersonWriter::move(std::size_t max_rows) {
  std::vector<Waiting> rows;
  {
    Query query(oldest_, max_rows + 1);
    while (query.next()) rows.push_back({query.integer(0), query.text(1), unpack_marks(query.view(2))});
  }
  const bool more = rows.size() > max_rows;
  if (more) rows.pop_back();
  if (rows.empty()) return false;
  std::vector<std::pair<const PersonMark*, const std::string*>> marks;
  for (const Waiting& row : rows) {
    for (const PersonMark& mark : row.marks) marks.emplace_back(&mark, &row.exchange);
  }
  std::sort(marks.begin(), marks.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first->hash, *a.second) < std::tie(b.first->hash, *b.second);
  });
  for (const auto& [mark, exchange] : marks)
    index_.run(Blob{mark->hash}, *exchange, mark->role, mark->kind, mark->key_version);
  const Overwriting overwriting(main_);
  drop_until_.run(rows.back().id);
  return more;
}

void PersonWriter::forget(const std::string& exchange, const std::vector<PersonMark>& person) {
  const Overwriting overwriting(main_);
  if (person.empty()) forget_exchange_.run(exchange);
  for (const PersonMark& mark : person) {
    if (exchange.empty()) {
      forget_person_.run(Blob{mark.hash});
    } else {
      forget_both_.run(Blob{mark.hash}, exchange);
    }
  }
  forget_waiting(exchange, person);
}

void PersonWriter::forget_waiting(const std::string& exchange, const std::vector<PersonMark>& person) {
  std::vector<Waiting> rows;
  const auto find = [&](std::string_view hash) {
    Query query(waiting_, exchange, Blob{hash});
    while (query.next()) rows.push_back({query.integer(0), query.text(1), unpack_marks(query.view(2))});
  };
  if (person.empty()) find({});
  for (const PersonMark& mark : person) {
    find(mark.hash);
    for (Waiting& row : rows) {
      std::erase_if(row.marks, [&](const PersonMark& one) { return one.hash == mark.hash; });
      rewrite_.run(Blob{pack_marks(row.marks)}, row.id);
    }
    rows.clear();  // each hash looks again: a row may hold several
  }
  for (const Waiting& row : rows) drop_.run(row.id);
}

}  // namespace tongqu::sql
