#pragma once
#include <atomic>
#include <functional>

#include "connectors/fetch/fetch_rules.hpp"
#include "connectors/fetch/fetch_source.hpp"
#include "connectors/support/file_system.hpp"
#include "gateway/core/clock.hpp"

namespace tongqu::fetch {

// Fetches files of a folder behind SFTP. Links in the last part of a path are not followed.
class SftpSource final : public FetchSource {
 public:
  SftpSource(std::shared_ptr<const FetchRules> rules, std::unique_ptr<file::FileSystem> files, const Clock& clock);
  [[nodiscard]] std::optional<FetchFailure> fetch(const std::string& url, const FetchFrom& from,
                                                  ContentTaker& taker) override;
  void interrupt() override;

 private:
  [[nodiscard]] FetchFailure failure_of(const Error& error) const;
  [[nodiscard]] std::optional<FetchFailure> copy(const std::string& path, const FetchFrom& now, ContentTaker& taker);

  const std::shared_ptr<const FetchRules> rules_;
  const std::unique_ptr<file::FileSystem> files_;
  const Clock& clock_;
  std::atomic<bool> interrupted_{false};
};

}  // namespace tongqu::fetch
