#include "connectors/file/import_state.hpp"

#include <array>
#include <boost/crc.hpp>
#include <charconv>

#include "connectors/file/file_codes.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::file {
namespace {

constexpr std::string_view kTitle = "tongqu-import 1\n";
constexpr std::array<std::string_view, 3> kStages{"rows", "report", "move"};

// One list for writing and reading: they cannot disagree.
template <class State>
auto numbers_of(State& s) {
  using Item = std::pair<std::string_view, decltype(&s.member)>;
  return std::array<Item, 14>{{{"member", &s.member},
                               {"offset", &s.offset},
                               {"line", &s.line},
                               {"intended", &s.intended_rows},
                               {"rows", &s.rows},
                               {"imported", &s.imported},
                               {"held", &s.held},
                               {"duplicate", &s.duplicate},
                               {"refused", &s.refused},
                               {"error-lines", &s.error_lines},
                               {"error-bytes", &s.error_bytes},
                               {"broken-line", &s.broken_line},
                               {"size", &s.size_bytes},
                               {"mtime", &s.mtime_ms}}};
}

bool read_number(std::string_view text, std::uint64_t& value) {
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && bad == std::errc{} && end == text.data() + text.size();
}

bool read_reason(std::string_view text, ImportState& state) {
  const auto space = text.find(' ');
  return space != std::string_view::npos &&
         read_number(text.substr(space + 1), state.reasons[std::string(text.substr(0, space))]);
}

bool read_item(std::string_view key, std::string_view value, ImportState& state) {
  for (const auto& [name, number] : numbers_of(state)) {
    if (name == key) return read_number(value, *number);
  }
  if (key == "stage") {
    for (std::size_t i = 0; i < kStages.size(); ++i) {
      if (kStages[i] != value) continue;
      state.stage = static_cast<Stage>(i);
      return true;
    }
    return false;
  }
  if (key == "name" || key == "companion") {
    auto name = from_hex(value);
    if (name) (key == "name" ? state.name : state.companions.emplace_back()) = std::move(*name);
    return name.has_value();
  }
  if (key == "digest") return state.digest = value, true;
  if (key == "day") return state.day = value, true;
  if (key == "broken") return state.broken = value, true;
  if (key == "again") return state.again = value == "1", true;
  return key == "reason" && read_reason(value, state);
}

}  // namespace

std::string checksum(std::string_view text) {
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  const std::uint32_t sum = crc.checksum();
  const std::array<char, 4> bytes{static_cast<char>(sum >> 24U), static_cast<char>(sum >> 16U),
                                  static_cast<char>(sum >> 8U), static_cast<char>(sum)};
  return to_hex({bytes.data(), bytes.size()});
}

std::string write_state(const ImportState& state) {
  std::string text(kTitle);
  const auto put = [&text](std::string_view key, std::string_view value) {
    text.append(key).append(" ").append(value).append("\n");
  };
  put("name", to_hex(state.name));
  for (const std::string& name : state.companions) put("companion", to_hex(name));
  put("digest", state.digest);
  put("stage", kStages[static_cast<std::size_t>(state.stage)]);
  put("again", state.again ? "1" : "0");
  put("day", state.day);
  put("broken", state.broken);
  for (const auto& [name, number] : numbers_of(state)) put(name, std::to_string(*number));
  for (const auto& [code, count] : state.reasons) put("reason", code + " " + std::to_string(count));
  return text + "sum " + checksum(text) + "\n";
}

Result<ImportState> read_state(std::string_view text) {
  const Error bad = make_error(codes::kFileState, "import");
  constexpr std::size_t kSumBytes = 13;  // "sum 01234567\n"
  if (!text.starts_with(kTitle) || text.size() < kTitle.size() + kSumBytes) return bad;
  const std::string_view body = text.substr(0, text.size() - kSumBytes);
  if (text.substr(body.size()) != "sum " + checksum(body) + "\n") return bad;
  ImportState state;
  for (std::string_view rest = body.substr(kTitle.size()); !rest.empty();) {
    const auto line_end = rest.find('\n');
    const auto space = rest.find(' ');
    if (line_end == std::string_view::npos || space > line_end) return bad;
    if (!read_item(rest.substr(0, space), rest.substr(space + 1, line_end - space - 1), state)) return bad;
    rest.remove_prefix(line_end + 1);
  }
  return state;
}

std::uint64_t RowLedger::begin(const RowPlace& place, std::string message) {
  slots_.push_back({place, std::move(message), SlotState::kSent, {}});
  return first_ticket_ + slots_.size() - 1;
}

void RowLedger::answer(std::uint64_t ticket, RowAnswer answer) {
  Slot& slot = slots_[ticket - first_ticket_];
  const bool later = answer.kind == RowAnswer::Kind::kLater;
  if (later) ++later_;
  slot.state = later ? SlotState::kLater : SlotState::kAnswered;
  slot.answer = std::move(answer);
  if (!later) std::string().swap(slot.message);
}

std::vector<std::uint64_t> RowLedger::take_later() {
  std::vector<std::uint64_t> tickets;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].state != SlotState::kLater) continue;
    slots_[i].state = SlotState::kSent;
    tickets.push_back(first_ticket_ + i);
  }
  later_ = 0;
  return tickets;
}

const std::string& RowLedger::message(std::uint64_t ticket) const { return at(ticket).message; }
RowPlace RowLedger::place(std::uint64_t ticket) const { return at(ticket).place; }

std::optional<RowLedger::Settled> RowLedger::settle() {
  if (slots_.empty() || slots_.front().state != SlotState::kAnswered) return std::nullopt;
  Slot slot = std::move(slots_.front());
  slots_.pop_front();
  ++first_ticket_;
  ++state_.rows;
  state_.offset = slot.place.end;
  state_.line = slot.place.next_line;
  if (slot.answer.kind == RowAnswer::Kind::kRefused) {
    ++state_.refused;
    ++state_.reasons[std::string(slot.answer.error->code->id)];
  } else if (slot.answer.repeated && (state_.again || state_.rows > resumed_rows_)) {
    ++state_.duplicate;
  } else {
    ++state_.imported;
    if (slot.answer.kind == RowAnswer::Kind::kHeld) ++state_.held;
  }
  return Settled{slot.place, std::move(slot.answer.error)};
}

}  // namespace tongqu::file
