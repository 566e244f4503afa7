#include "gateway/app/refused_fetches.hpp"

#include <spdlog/spdlog.h>

#include "gateway/store/store_codes.hpp"

namespace tongqu::app {

void RefusedFetches::refused(const AttachmentId& id, std::string_view code) { open(id, code, false); }

void RefusedFetches::sweep() {
  AttachmentFilter filter;
  filter.state = AttachmentState::kRefused;
  filter.limit = kMaxLooked;
  const auto refused = attachments_.list(filter);
  if (refused.has_error()) return;
  for (const Attachment& attachment : *refused) {
    {
      const std::lock_guard lock(mutex_);
      if (told_.contains(attachment.id)) continue;
    }
    open(attachment.id, attachment.code, true);
  }
}

void RefusedFetches::open(const AttachmentId& id, std::string_view code, bool once) {
  // No message of it has committed, or none reaches anybody: the sweep looks again.
  auto exchange = store_.exchange_naming(id.str());
  if (exchange.has_error()) return;
  OperatorAct act;
  act.kind = OperatorAct::Kind::kOpenTask;
  act.exchange = *exchange;
  act.opened = {TaskQueue::kComplete, std::string(code) + " " + id.str()};
  act.once = once;
  act.actor = "gateway";
  act.at = clock_.now();
  act.entry = AuditEntryBuilder("task-opened", act.at)
                  .text("exchange", exchange->str())
                  .text("attachment", id.str())
                  .text("code", code)
                  .finish();
  store_.act(std::move(act), [this, id](Status status) {
    if (status.has_error() && status.error().code != &codes::kWrongState) {
      spdlog::error("a task could not be opened: {}", status.error().text(Lang::kEnglish));
      return;
    }
    const std::lock_guard lock(mutex_);
    if (told_.size() >= kMaxTold) told_.clear();
    told_.insert(id);
  });
}

}  // namespace tongqu::app
