#pragma once
// Looks into the folder every so often and takes bundle after bundle, on a thread of its own.
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "connectors/link/entry_feeder.hpp"
#include "connectors/link/link_outbound.hpp"
#include "connectors/link/receive_desk.hpp"

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
  void run();
  [[nodiscard]] Status round();
  [[nodiscard]] Status take_bundles();
  void report(const std::vector<Error>& bad);
  [[nodiscard]] bool pause(std::int64_t ms);
  [[nodiscard]] bool stopping() const;
  void note(const Status& status);

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
  std::thread thread_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::int64_t last_success_ms_ = 0;
  const ErrorCode* last_code_ = nullptr;
};

}  // namespace tongqu::link
