#include "connectors/database/delivery_protocol.hpp"

#include "connectors/database/database_codes.hpp"

namespace tongqu::database {

void DeliveryProtocol::finish(DeliveryVerdict verdict, const ErrorCode* code) {
  next_ = Do::kDone;
  outcome_.verdict = verdict;
  outcome_.code = code;
}

void DeliveryProtocol::looked(const Result<std::optional<Found>>& found_row) {
  if (found_row.has_error()) {
    // A row that is written is asked for again until the time is over; before that nothing has happened.
    if (stage_ == Stage::kWritten) {
      next_ = Do::kWait;
    } else if (stage_ == Stage::kInserting) {
      finish(overdue().verdict, found_row.error().code);
    } else {
      finish(DeliveryVerdict::kRetry, found_row.error().code);
    }
    return;
  }
  if (found_row->has_value()) return found(**found_row);
  if (turned_back_ != nullptr) return finish(DeliveryVerdict::kRefused, turned_back_);
  // The partner's job may have put the row away; it is not written a second time.
  next_ = stage_ == Stage::kWritten ? Do::kWait : Do::kInsert;
}

void DeliveryProtocol::found(const Found& row) {
  if (!digest_.empty() && row.digest.value_or("") != digest_)
    return finish(DeliveryVerdict::kRefused, &codes::kDbIdConflict);
  stage_ = Stage::kWritten;
  if (!rules_.acknowledged) return finish(DeliveryVerdict::kDelivered, nullptr);
  if (row.state == rules_.ok_state) return finish(DeliveryVerdict::kDelivered, nullptr);
  if (row.state == rules_.failed_state) return finish(DeliveryVerdict::kRefused, &codes::kDbPartnerFailed);
  next_ = Do::kWait;
}

void DeliveryProtocol::inserted(const Status& status) {
  if (status.has_value()) {
    stage_ = Stage::kWritten;
    if (!rules_.acknowledged) return finish(DeliveryVerdict::kDelivered, nullptr);
    next_ = Do::kWait;
    return;
  }
  const ErrorCode* code = status.error().code;
  if (code == &codes::kDbData && turned_back_ == nullptr) {
    // Another attempt of ours may have been quicker; then the unique key speaks, and the row is there.
    turned_back_ = code;
    stage_ = Stage::kBefore;
    next_ = Do::kLook;
    return;
  }
  if (code == &codes::kDbBusy || code == &codes::kDbStatement) stage_ = Stage::kBefore;
  finish(overdue().verdict, code);
}

void DeliveryProtocol::not_opened(const Error& error) {
  if (stage_ == Stage::kWritten) {
    next_ = Do::kWait;
    return;
  }
  finish(overdue().verdict, error.code);
}

DeliveryOutcome DeliveryProtocol::overdue() const {
  DeliveryOutcome outcome;
  switch (stage_) {
    case Stage::kBefore:
      outcome.verdict = DeliveryVerdict::kRetry;
      outcome.code = &codes::kDbTimeout;
      break;
    case Stage::kInserting:
      outcome.verdict = rules_.unique_id ? DeliveryVerdict::kRetry : DeliveryVerdict::kNoAnswer;
      outcome.code = &codes::kDbTimeout;
      break;
    case Stage::kWritten:
      outcome.verdict = DeliveryVerdict::kNoAnswer;
      outcome.code = &codes::kDbNoAcknowledgement;
      break;
  }
  return outcome;
}

}  // namespace tongqu::database
