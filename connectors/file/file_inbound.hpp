#pragma once
// Looks into the partner's folder every so often and brings in what is whole, one file after another, on a thread of
// its own. A file that began is finished first, whatever else arrives; one that cannot be fetched does not stop the
// others.
#include <filesystem>
#include <memory>
#include <optional>

#include "connectors/file/arrival.hpp"
#include "connectors/file/importer.hpp"
#include "connectors/support/locked_rounds.hpp"
#include "gateway/settings/scalars.hpp"

namespace tongqu::file {

struct InboundOptions {
  ImportOptions import;
  ArrivalRule arrival;
  std::int64_t poll_ms = 10'000;
  std::size_t max_listing = 10'000;
  std::optional<Window> window;  // hours of looking, Beijing time; a file that began is finished outside too
  std::filesystem::path state;   // folder of its own, on this machine
};

class FileInbound final : public InboundConnector {
 public:
  // `there` is the partner's file system. `suite`, `clock` and `intake` outlive the connector.
  FileInbound(InboundOptions options, std::unique_ptr<FileSystem> there, const Suite& suite, const Clock& clock,
              Intake& intake);
  FileInbound(const FileInbound&) = delete;
  FileInbound& operator=(const FileInbound&) = delete;
  ~FileInbound() override;
  void start() override;
  void stop(std::int64_t grace_ms) override;
  [[nodiscard]] InboundHealth health() const override;

 private:
  [[nodiscard]] Status round();
  [[nodiscard]] bool window_open() const;

  InboundOptions options_;
  std::unique_ptr<FileSystem> there_;
  std::unique_ptr<FileSystem> spool_;
  const Clock& clock_;
  ImportCounts counts_;
  Importer importer_;
  Arrival arrival_;
  LockedRounds rounds_;  // last: its thread uses all of the above
};

}  // namespace tongqu::file
