#include <algorithm>

#include "gateway/core/document.hpp"
#include "transforms/codecs/xml_codec.hpp"
#include "transforms/sheets/cells.hpp"
#include "transforms/sheets/package.hpp"
#include "transforms/sheets/sheets_codes.hpp"

namespace tongqu {
namespace {

constexpr std::size_t kMaxFaults = 100;
constexpr std::size_t kMaxNodes = 20'000'000;

// Names come as "{uri}row" since no namespace is configured: the standard has two sets of them, which say the same.
std::string_view local(std::string_view name) {
  const auto brace = name.rfind('}');
  return brace == std::string_view::npos ? name : name.substr(brace + 1);
}

const Node* find(const Node& node, std::string_view member) {
  for (const Node& child : children(node)) {
    if (local(child.name) == member) return &child;
  }
  return nullptr;
}

// Calls `visit` with every element `member` below `node`, whether there is one or a list of them.
template <class Visit>
void each(const Node* node, std::string_view member, Visit visit) {
  if (node == nullptr) return;
  const Node* found = find(*node, member);
  if (found == nullptr) return;
  if (found->kind != Kind::kList) return visit(*found);
  for (const Node& one : children(*found)) visit(one);
}

std::string_view attribute(const Node& node, std::string_view name) {
  for (const Node& child : children(node)) {
    if (child.name.starts_with('@') && local(child.name.substr(1)) == name) return child.text;
  }
  return {};
}

// Text of a leaf: of its own, or of "#text" when it has attributes.
std::string_view text_of(const Node* node) {
  if (node == nullptr) return {};
  if (node->is_scalar()) return node->text;
  const Node* text = node->find("#text");
  return text == nullptr ? std::string_view{} : text->text;
}

std::uint32_t number_of(std::string_view text) {
  std::uint32_t value = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// An item of the shared strings or an inline string: one text, or runs of formatted text. Readings (rPh) are left out.
std::string string_item(const Node& item) {
  if (item.is_scalar()) return std::string(item.text);
  std::string out(text_of(find(item, "t")));
  each(&item, "r", [&out](const Node& run) { out += text_of(find(run, "t")); });
  return out;
}

class Reader {
 public:
  Reader(const sheets::Package& parts, const WorkbookLimits& limits, std::vector<Fault>* put_aside)
      : parts_(parts), limits_(limits), put_aside_(put_aside) {}

  Result<std::vector<Sheet>> read() {
    Document workbook;
    if (auto status = parse("xl/workbook.xml", workbook); status.has_error()) return status.error();
    if (const Node* properties = find(workbook.root(), "workbookPr"); properties != nullptr) {
      const std::string_view from = attribute(*properties, "date1904");
      from_1904_ = from == "1" || from == "true";
    }
    if (auto status = load_strings(); status.has_error()) return status.error();
    if (auto status = load_styles(); status.has_error()) return status.error();
    if (auto status = load_relations(); status.has_error()) return status.error();
    std::vector<Sheet> out;
    Status status;
    each(find(workbook.root(), "sheets"), "sheet", [&](const Node& sheet) {
      if (status.has_error()) return;
      if (out.size() == limits_.max_sheets) {
        status = make_error(codes::kSheetLimit, std::to_string(limits_.max_sheets));
        return;
      }
      out.push_back({std::string(attribute(sheet, "name")), {}});
      status = load_sheet(std::string(attribute(sheet, "id")), out.back());
    });
    if (status.has_error()) return status.error();
    if (faults_.empty()) return out;
    Error error = make_error(*faults_.front().code, faults_.front().param);
    error.faults = std::move(faults_);
    return error;
  }

 private:
  Status parse(const std::string& part, Document& out) {
    const auto found = parts_.find(part);
    if (found == parts_.end()) return make_error(codes::kSheetMissing, part);
    DecodeLimits limits;
    limits.max_bytes = limits_.max_unpacked_bytes;
    limits.max_nodes = kMaxNodes;
    if (xml_.decode(found->second, limits, out).has_error()) return make_error(codes::kSheetUnreadable);
    return {};
  }

  Status load_strings() {
    if (!parts_.contains("xl/sharedStrings.xml")) return {};
    Document document;
    if (auto status = parse("xl/sharedStrings.xml", document); status.has_error()) return status;
    each(&document.root(), "si", [this](const Node& item) { strings_.push_back(string_item(item)); });
    return {};
  }

  Status load_styles() {
    if (!parts_.contains("xl/styles.xml")) return {};
    Document document;
    if (auto status = parse("xl/styles.xml", document); status.has_error()) return status;
    std::map<std::uint32_t, std::string> own;
    each(find(document.root(), "numFmts"), "numFmt", [&own](const Node& format) {
      own[number_of(attribute(format, "numFmtId"))] = attribute(format, "formatCode");
    });
    each(find(document.root(), "cellXfs"), "xf", [this, &own](const Node& style) {
      const std::uint32_t id = number_of(attribute(style, "numFmtId"));
      const auto code = own.find(id);
      is_date_.push_back(sheets::is_date_format(id, code == own.end() ? std::string_view{} : code->second));
    });
    return {};
  }

  Status load_relations() {
    Document document;
    if (auto status = parse("xl/_rels/workbook.xml.rels", document); status.has_error()) return status;
    each(&document.root(), "Relationship", [this](const Node& relation) {
      std::string target(attribute(relation, "Target"));
      // Targets are relative to xl/ or absolute within the package.
      target = target.starts_with('/') ? target.substr(1) : "xl/" + target;
      relations_[std::string(attribute(relation, "Id"))] = std::move(target);
    });
    return {};
  }

  Status load_sheet(const std::string& relation, Sheet& out) {
    const auto part = relations_.find(relation);
    if (part == relations_.end()) return make_error(codes::kSheetMissing, out.name);
    Document document;
    if (auto status = parse(part->second, document); status.has_error()) return status;
    bool within = true;
    std::size_t next_row = 1;
    each(find(document.root(), "sheetData"), "row", [&](const Node& row) {
      const std::string_view given = attribute(row, "r");
      const std::size_t number = given.empty() ? next_row : number_of(given);
      within = within && number >= 1 && number <= limits_.max_rows && read_row(row, number, out);
      next_row = number + 1;
    });
    if (within) return {};
    return make_error(codes::kSheetLimit,
                      std::to_string(limits_.max_rows) + " × " + std::to_string(limits_.max_columns));
  }

  bool read_row(const Node& row, std::size_t number, Sheet& out) {
    bool within = true;
    std::size_t next = 1;
    each(&row, "c", [&](const Node& cell) {
      const std::string_view given = attribute(cell, "r");
      const std::size_t column = given.empty() ? next : sheets::column_of(given);
      next = column + 1;
      within = within && column >= 1 && column <= limits_.max_columns;
      if (!within) return;
      const std::size_t faults = put_aside_ == nullptr ? 0 : put_aside_->size();
      std::string text = cell_text(cell, out.name + "!" + cell_name(column, number));
      // A cell that was put aside keeps its row.
      if (text.empty() && (put_aside_ == nullptr || put_aside_->size() == faults)) return;
      if (out.rows.size() < number) out.rows.resize(number);
      auto& cells = out.rows[number - 1];
      if (cells.size() < column) cells.resize(column);
      cells[column - 1] = std::move(text);
    });
    return within;
  }

  std::string fault(const ErrorCode& code, const std::string& where) {
    if (put_aside_ != nullptr) {
      put_aside_->push_back({&code, where, {}, where, {}, Grade::kError});
    } else if (faults_.size() < kMaxFaults)
      faults_.push_back({&code, where, {}, where, {}, Grade::kError});
    return {};
  }

  std::string cell_text(const Node& cell, const std::string& where) {
    const std::string_view type = attribute(cell, "t");
    if (type == "inlineStr") {
      const Node* inside = find(cell, "is");
      return inside == nullptr ? std::string() : string_item(*inside);
    }
    const std::string_view stored = text_of(find(cell, "v"));
    if (stored.empty()) return {};
    if (type == "s") {
      const std::uint32_t index = number_of(stored);
      return index < strings_.size() ? strings_[index] : fault(codes::kSheetCell, where);
    }
    if (type == "str" || type == "d") return std::string(stored);
    if (type == "b") return stored == "1" ? "TRUE" : "FALSE";
    if (type == "e") return fault(codes::kSheetCell, where);
    const std::uint32_t style = number_of(attribute(cell, "s"));
    const bool date = style < is_date_.size() && is_date_[style];
    auto text = date ? sheets::date_text(stored, from_1904_) : sheets::number_text(stored);
    return text ? std::move(*text) : fault(date ? codes::kSheetCell : codes::kSheetDigits, where);
  }

  const sheets::Package& parts_;
  const WorkbookLimits& limits_;
  const FieldNode any_;
  const XmlCodec xml_{XmlFormat{}, any_};
  std::vector<std::string> strings_;
  std::vector<bool> is_date_;
  std::map<std::string, std::string> relations_;
  bool from_1904_ = false;
  std::vector<Fault> faults_;
  std::vector<Fault>* put_aside_;
};

}  // namespace

std::string cell_name(std::size_t column, std::size_t row) {
  std::string letters;
  for (; column > 0; column = (column - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % 26));
  return letters + std::to_string(row);
}

Result<std::vector<Sheet>> read_workbook(std::string_view bytes, const WorkbookLimits& limits,
                                         std::vector<Fault>* put_aside) {
  auto parts = sheets::unpack(bytes, limits);
  if (parts.has_error()) return parts.error();
  return Reader(*parts, limits, put_aside).read();
}

}  // namespace tongqu
