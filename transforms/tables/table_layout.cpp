#include "transforms/tables/table_layout.hpp"

#include <algorithm>
#include <optional>

#include "gateway/core/text.hpp"
#include "transforms/identifiers/short_text.hpp"
#include "transforms/tables/tables_codes.hpp"

namespace tongqu {

namespace {

std::string suggestion(std::string_view word, std::span<const std::string_view> words) {
  const std::string near = nearest_word(word, words.data(), words.size());
  return near.empty() ? std::string{} : " (" + near + "?)";
}

bool rest_is_empty(const CsvRow& row, std::size_t from) {
  return std::all_of(row.begin() + static_cast<std::ptrdiff_t>(std::min(from, row.size())), row.end(),
                     [](const CsvCell& cell) { return cell.text.empty(); });
}

class Taker {
 public:
  Taker(const TableLayout& layout, const std::string& file, std::vector<Fault>& faults)
      : layout_(layout), file_(file), faults_(faults) {}

  TableParts take(std::vector<CsvRow> rows) {
    std::size_t at = 0;
    while (at < rows.size() && rows[at][0].text.starts_with('#')) take_head(rows[at++]);
    for (const HeadWord& word : layout_.head) {
      if (word.required && parts_.head_text(word.word).empty())
        fault(codes::kTableHeadMissing, {1, 1}, std::string(word.word));
    }
    if (at == rows.size() || !take_headings(rows[at])) {
      if (at == rows.size()) fault(codes::kTableHeadingMissing, {1, 1}, std::string(layout_.columns[0]));
      return std::move(parts_);
    }
    for (++at; at < rows.size(); ++at) take_row(std::move(rows[at]));
    return std::move(parts_);
  }

 private:
  void fault(const ErrorCode& code, Position position, std::string param) {
    faults_.push_back(table_fault(code, file_, position, std::move(param)));
  }

  void take_head(const CsvRow& row) {
    const std::string word = row[0].text.substr(1);
    const bool known =
        std::any_of(layout_.head.begin(), layout_.head.end(), [&](const HeadWord& h) { return h.word == word; });
    // A spreadsheet fills the line up with empty cells.
    if (!known || parts_.head.contains(word) || !rest_is_empty(row, 2)) {
      fault(codes::kTableHead, row[0].position, word);
      return;
    }
    parts_.head.emplace(word, row.size() > 1 ? row[1] : CsvCell{{}, row[0].position});
  }

  bool take_headings(const CsvRow& row) {
    const std::size_t before = faults_.size();
    order_.assign(layout_.columns.size(), std::nullopt);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto found = std::find(layout_.columns.begin(), layout_.columns.end(), row[i].text);
      if (found == layout_.columns.end()) {
        fault(codes::kTableHeading, row[i].position, suggestion(row[i].text, layout_.columns));
        continue;
      }
      auto& place = order_[static_cast<std::size_t>(found - layout_.columns.begin())];
      if (place) fault(codes::kTableHeading, row[i].position, {});
      place = i;
    }
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (!order_[i]) fault(codes::kTableHeadingMissing, row[0].position, std::string(layout_.columns[i]));
    }
    return faults_.size() == before;
  }

  void take_row(CsvRow row) {
    if (row[0].text.starts_with('#')) {
      fault(codes::kTableHead, row[0].position, row[0].text.substr(1));
      return;
    }
    if (row.size() != order_.size()) {
      fault(codes::kTableCells, row[0].position, std::to_string(order_.size()));
      return;
    }
    CsvRow ordered;
    ordered.reserve(row.size());
    for (const auto& place : order_) ordered.push_back(std::move(row[*place]));
    parts_.rows.push_back(std::move(ordered));
  }

  const TableLayout& layout_;
  const std::string& file_;
  std::vector<Fault>& faults_;
  TableParts parts_;
  std::vector<std::optional<std::size_t>> order_;  // column of the layout → column of the file
};

}  // namespace

std::string_view TableParts::head_text(std::string_view word) const {
  const auto found = head.find(word);
  return found == head.end() ? std::string_view{} : std::string_view(found->second.text);
}

TableParts take_apart(std::vector<CsvRow> rows, const TableLayout& layout, const std::string& file,
                      std::vector<Fault>& faults) {
  return Taker(layout, file, faults).take(std::move(rows));
}

bool is_table_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const std::array<char, 8> digits{text[0], text[1], text[2], text[3], text[5], text[6], text[8], text[9]};
  return is_civil_date({digits.data(), digits.size()});
}

}  // namespace tongqu
