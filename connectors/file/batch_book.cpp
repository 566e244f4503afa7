#include "connectors/file/batch_book.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "connectors/file/import_state.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::file {
namespace {

// One change is one line with its checksum; an opening is several, and counts with the last of them (C).
std::string line_of(std::string text) {
  text += ' ';
  return text + checksum(text) + '\n';
}

std::string opening(const Batch& batch) {
  const std::string number = std::to_string(batch.number);
  std::string text = line_of("I " + number + ' ' + std::to_string(batch.made_ms) + ' ' + to_hex(batch.name));
  for (const BatchRow& row : batch.rows) {
    text += line_of("M " + number + ' ' + row.message_id + ' ' + std::to_string(row.line));
  }
  return text + line_of("C " + number);
}

std::string answering(const Batch& batch) {
  std::string text = "A " + std::to_string(batch.number);
  for (const std::uint64_t line : batch.refused_lines) text += ' ' + std::to_string(line);
  return line_of(std::move(text));
}

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> parts;
  while (!line.empty()) {
    const std::size_t space = std::min(line.find(' '), line.size());
    parts.push_back(line.substr(0, space));
    line.remove_prefix(std::min(space + 1, line.size()));
  }
  return parts;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::size_t BatchBook::read(std::string_view text) {
  next_ = 1;
  batches_.clear();
  index_.clear();
  constexpr std::size_t kSumBytes = 8;
  std::size_t counted = 0;  // behind the last change that is whole
  Batch opening_batch;
  for (std::size_t at = 0;;) {
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos) return counted;
    const std::string_view line = text.substr(at, end - at);
    if (line.size() <= kSumBytes) return counted;
    const std::string_view body = line.substr(0, line.size() - kSumBytes);
    if (line.substr(body.size()) != checksum(body) || !apply(body, opening_batch)) return counted;
    at = end + 1;
    if (opening_batch.number == 0) counted = at;
  }
}

// False for what no change of ours looks like.
bool BatchBook::apply(std::string_view line, Batch& opening_batch) {
  const auto parts = words(line);
  if (parts.size() < 2) return false;
  const auto which = number(parts[1]);
  if (!which || *which == 0) return false;
  const char kind = parts[0].front();
  if (kind == 'I') {
    const auto made = parts.size() == 4 ? number(parts[2]) : std::nullopt;
    const auto name = parts.size() == 4 ? from_hex(parts[3]) : std::nullopt;
    if (!made || !name) return false;
    opening_batch = {};
    opening_batch.number = *which;
    opening_batch.name = *name;
    opening_batch.made_ms = static_cast<std::int64_t>(*made);
    return true;
  }
  if (kind == 'M' || kind == 'C') {
    if (opening_batch.number != *which) return false;
    if (kind == 'C') {
      insert(std::exchange(opening_batch, {}));
      return true;
    }
    const auto at = parts.size() == 4 ? number(parts[3]) : std::nullopt;
    if (at) opening_batch.rows.push_back({std::string(parts[2]), *at});
    return at.has_value();
  }
  const auto found = batches_.find(*which);
  if (found == batches_.end()) return false;
  if (kind == 'S') found->second.state = BatchState::kStaged;
  if (kind == 'D') found->second.state = BatchState::kDone;
  if (kind == 'A') {
    found->second.answered = true;
    for (std::size_t i = 2; i < parts.size(); ++i) found->second.refused_lines.insert(number(parts[i]).value_or(0));
  }
  if (kind == 'X') erase(*which);
  return std::string_view("SDAX").find(kind) != std::string_view::npos;
}

std::string BatchBook::text() const {
  std::string text;
  for (const auto& [which, batch] : batches_) {
    text += opening(batch);
    if (batch.state != BatchState::kOpen) text += line_of("S " + std::to_string(which));
    if (batch.state == BatchState::kDone) text += line_of("D " + std::to_string(which));
    if (batch.answered) text += answering(batch);
  }
  return text;
}

void BatchBook::insert(Batch batch) {
  const std::uint64_t which = batch.number;
  next_ = std::max(next_, which + 1);
  for (const BatchRow& row : batch.rows) index_[row.message_id] = which;
  batches_[which] = std::move(batch);
}

void BatchBook::erase(std::uint64_t which) {
  const auto found = batches_.find(which);
  if (found == batches_.end()) return;
  for (const BatchRow& row : found->second.rows) index_.erase(row.message_id);
  batches_.erase(found);
}

std::string BatchBook::open(Batch batch) {
  std::string text = opening(batch);
  insert(std::move(batch));
  return text;
}

std::string BatchBook::stage(std::uint64_t which) {
  batches_.at(which).state = BatchState::kStaged;
  return line_of("S " + std::to_string(which));
}

std::string BatchBook::finish(std::uint64_t which) {
  batches_.at(which).state = BatchState::kDone;
  return line_of("D " + std::to_string(which));
}

std::string BatchBook::answer(std::uint64_t which, std::set<std::uint64_t> refused_lines) {
  Batch& batch = batches_.at(which);
  batch.answered = true;
  batch.refused_lines = std::move(refused_lines);
  return answering(batch);
}

std::string BatchBook::drop(std::uint64_t which) {
  erase(which);
  return line_of("X " + std::to_string(which));
}

bool BatchBook::age(std::int64_t now_ms) {
  bool forgotten = false;
  for (auto it = batches_.begin(); it != batches_.end();) {
    const std::uint64_t which = it->first;
    const Batch& batch = (it++)->second;
    const bool old = batch.made_ms + max_age_ms_ < now_ms || index_.size() > max_messages_;
    // The youngest stays, so that its number is not given again.
    if (batch.state != BatchState::kDone || !old || which + 1 == next_) continue;
    forgotten = true;
    erase(which);
  }
  return forgotten;
}

const Batch* BatchBook::of(const std::string& message_id) const {
  const auto found = index_.find(message_id);
  return found == index_.end() ? nullptr : &batches_.at(found->second);
}

}  // namespace tongqu::file
