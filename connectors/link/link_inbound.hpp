#pragma once
// Looks into the folder every so often and takes bundle after bundle, on a thread of its own.
#include <filesystem>

#include "connectors/link/entry_feeder.hpp"
#include "connectors/link/link_outbound.hpp"
#include "connectors/link/receive_desk.hpp"
#include "connectors/support/locked_rounds.hpp"

namespace tongqu::link {

struct InboundOptions {
  LinkRules rules;
  ReceiveRules times;
  FeedRules feed;
  std::int64_t poll_ms = 5'000;
  std::filesystem::path state;
};

class LinkInbound final : public InboundConnector {
 public:
  // `suite`, `clock` and `intake` outlive the connector.
  LinkInbound(InboundOptions options, PartnerId partner, LinkParts parts, const Suite& suite, const Clock& clock,
              Intake& intake);
  LinkInbound(const LinkInbound&) = delete;
  LinkInbound& operator=(const LinkInbound&) = delete;
  ~LinkInbound() override;
  void start() override;
  void stop(std::int64_t grace_ms) override;
  [[nodiscard]] InboundHealth health() const override;

 private:
  [[nodiscard]] Result<file::LockedRounds::Done> round();
  [[nodiscard]] Status take_bundles();
  void report(const std::vector<Error>& bad);

  InboundOptions options_;
  PartnerId partner_;
  LinkParts parts_;
  const Clock& clock_;
  Intake& intake_;
  FeedCounts counts_;
  EntryFeeder feeder_;
  ReceiveDesk desk_;
  bool loaded_ = false;
  const ErrorCode* bad_code_ = nullptr;  // of a file that this round put into quarantine
  file::LockedRounds rounds_;            // last: its thread uses all of the above
};

}  // namespace tongqu::link
