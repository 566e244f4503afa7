#include "connectors/database/intake_protocol.hpp"

#include <algorithm>

namespace tongqu::database {

std::size_t IntakeProtocol::count(At at) const {
  return static_cast<std::size_t>(std::count_if(rows_.begin(), rows_.end(), [at](const Row& r) { return r.at == at; }));
}

void IntakeProtocol::give_back_waiting() {
  for (Row& row : rows_) {
    if (row.at == At::kWaiting) row.at = At::kBack;
  }
}

// The first row whose matter is neither in hand nor given back; nullptr when there is none. Rows come in the partner's
// order, so an earlier row of the same matter stands before it.
const IntakeProtocol::Row* IntakeProtocol::next_row(std::int64_t steady_ms) {
  if (count(At::kWaiting) == 0) return nullptr;
  // After the lease somebody else may hold them, so they are neither handed over nor touched.
  if (steady_ms >= lease_ends_ms_) {
    std::erase_if(rows_, [](const Row& row) { return row.at == At::kWaiting; });
    return nullptr;
  }
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].at != At::kWaiting) continue;
    const auto blocks = [&](const Row& other) {
      return other.at == At::kInHand && !other.matter.empty() && other.matter == rows_[i].matter;
    };
    if (std::none_of(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(i), blocks)) return &rows_[i];
  }
  return nullptr;
}

IntakeProtocol::Step IntakeProtocol::next(std::int64_t steady_ms) {
  if (stopping_) give_back_waiting();
  if (stopping_ && rows_.empty()) return {Do::kStop};
  const std::size_t in_hand = count(At::kInHand);
  // Rows in hand keep their places until they are answered: an index names a row.
  if (steady_ms < not_before_ms_ && !(stopping_ && connected_)) {
    if (stopping_ && in_hand == 0) return {Do::kStop};  // out of reach: the lease gives the rows back
    return {in_hand > 0 ? Do::kAwait : Do::kSleep, 0, not_before_ms_ - steady_ms};
  }
  if (in_hand == 0 && count(At::kWaiting) > 0 && steady_ms >= lease_ends_ms_) static_cast<void>(next_row(steady_ms));
  if (!connected_) return {Do::kOpen};
  if (rows_.empty()) return {Do::kClaim};
  if (in_hand < limits_.in_hand && steady_ms < lease_ends_ms_) {
    if (const Row* row = next_row(steady_ms); row != nullptr)
      return {Do::kHandOver, static_cast<std::size_t>(row - rows_.data())};
  }
  if (in_hand > 0) return {Do::kAwait, 0, limits_.poll_ms};
  return {Do::kSettle};
}

void IntakeProtocol::opened() { connected_ = true; }

void IntakeProtocol::claimed(std::vector<Claimed> rows, std::int64_t steady_ms) {
  trouble_ = nullptr;
  later_ = false;
  lease_ends_ms_ = steady_ms + limits_.lease_ms;
  if (rows.empty()) {
    backoff_ms_ = 0;
    not_before_ms_ = steady_ms + limits_.poll_ms;
  }
  rows_.clear();
  for (Claimed& row : rows) rows_.push_back({std::move(row.id), std::move(row.matter), row.again});
}

void IntakeProtocol::handed(std::size_t row) { rows_[row].at = At::kInHand; }

void IntakeProtocol::answered(std::size_t row, Verdict verdict, const ErrorCode* code) {
  Row& at = rows_[row];
  at.code = code;
  switch (verdict) {
    case Verdict::kTaken: at.at = At::kOk; break;
    case Verdict::kKnown: at.at = at.again ? At::kOk : At::kDuplicate; break;
    case Verdict::kTurnedBack: at.at = At::kFailed; break;
    case Verdict::kLater:
      at.at = At::kBack;
      later_ = true;
      give_back_waiting();
      break;
  }
}

void IntakeProtocol::settled(std::int64_t steady_ms) {
  trouble_ = nullptr;
  rows_.clear();
  if (later_) {
    back_off(steady_ms);
  } else {
    backoff_ms_ = 0;
  }
}

void IntakeProtocol::failed(const ErrorCode& code, std::int64_t steady_ms) {
  trouble_ = &code;
  connected_ = false;
  back_off(steady_ms);
}

void IntakeProtocol::back_off(std::int64_t steady_ms) {
  backoff_ms_ = std::min(backoff_ms_ == 0 ? limits_.backoff_first_ms : backoff_ms_ * 2, limits_.backoff_max_ms);
  not_before_ms_ = steady_ms + backoff_ms_;
}

void IntakeProtocol::stop() { stopping_ = true; }

std::vector<IntakeProtocol::Settlement> IntakeProtocol::settlements() const {
  std::vector<Settlement> all;
  for (const Row& row : rows_) {
    if (row.at == At::kOk) all.push_back({row.id, RowState::kOk, nullptr});
    if (row.at == At::kDuplicate) all.push_back({row.id, RowState::kDuplicate, nullptr});
    if (row.at == At::kFailed) all.push_back({row.id, RowState::kFailed, row.code});
    if (row.at == At::kBack && !(row.again && limits_.tells_duplicates))
      all.push_back({row.id, RowState::kFresh, nullptr});
  }
  return all;
}

}  // namespace tongqu::database
