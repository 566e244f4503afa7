#include "gateway/app/fetch_set.hpp"

#include <spdlog/spdlog.h>

#include "connectors/file/file_connector.hpp"

namespace tongqu::app {
namespace {

// Those of the public forms (jpg, png, pdf, mp3, mp4), and what telephones and recorders write.
constexpr std::string_view kUsualTypes[] = {"image/jpeg", "image/png",  "image/gif",      "application/pdf",
                                            "audio/mpeg", "audio/wav",  "audio/amr",      "audio/mp4",
                                            "video/mp4",  "video/3gpp", "video/quicktime"};

std::unique_ptr<fetch::FetchLane> make_lane(fetch::FetchSetup& setup, FetchStore& store, const Clock& clock,
                                            const fetch::FetchLane::Refused& refused) {
  const auto told = [partner = setup.lane.partner](const ErrorCode* code) {
    if (code == nullptr) return spdlog::warn("partner {}: its attachments are fetched again", partner.str());
    spdlog::warn("partner {}: an attachment could not be fetched: {}", partner.str(), code->id);
  };
  return std::make_unique<fetch::FetchLane>(setup.lane, store, clock, std::move(setup.sources), told, refused);
}

}  // namespace

std::vector<std::string> attachment_types(const Setting& attachments) {
  auto types = attachments.texts("types");
  if (types.empty()) types.assign(std::begin(kUsualTypes), std::end(kUsualTypes));
  return types;
}

Result<FetchSet::Setups> FetchSet::make(const CompiledConfig& config, const Surroundings& with) {
  Setups setups;
  for (const NamedSetting& partner : config.snapshot.settings.all("partner")) {
    if (!partner.value.has("attachments")) continue;
    const Setting& attachments = partner.value.object("attachments");
    if (!attachments.has("fetch")) continue;
    auto setup = fetch::make_fetch_setup(attachments, attachment_types(attachments),
                                         connector_context(PartnerId(partner.id), with), open_sftp);
    if (setup.has_error()) return setup.error();
    setups.push_back(std::move(*setup));
  }
  return setups;
}

void FetchSet::judge_by(Setups setups) {
  std::map<PartnerId, fetch::FetchSetup> by_partner;
  for (fetch::FetchSetup& setup : setups) by_partner.insert_or_assign(setup.lane.partner, std::move(setup));
  const std::lock_guard lock(mutex_);
  setups_ = std::move(by_partner);
}

void FetchSet::start() {
  stop();
  const std::lock_guard changing(changing_);
  const std::lock_guard lock(mutex_);
  for (auto& [partner, setup] : setups_) lanes_.push_back(make_lane(setup, store_, clock_, refused_));
}

void FetchSet::stop() {
  const std::lock_guard changing(changing_);
  std::vector<std::unique_ptr<fetch::FetchLane>> ending;
  {
    const std::lock_guard lock(mutex_);
    ending.swap(lanes_);
  }
  // All at once, so that each waits no longer than the slowest.
  for (const auto& lane : ending) lane->interrupt();
}

std::optional<FetchGrant> FetchSet::grant(const PartnerId& partner) const {
  const std::lock_guard lock(mutex_);
  const auto found = setups_.find(partner);
  if (found == setups_.end()) return std::nullopt;
  return FetchGrant{[rules = found->second.rules](std::string_view url) { return rules->judge(url); },
                    found->second.max_wanted};
}

std::vector<FetchView> FetchSet::views() const {
  std::vector<FetchView> views;
  const std::lock_guard lock(mutex_);
  for (const auto& lane : lanes_) {
    const auto counts = store_.fetch_counts(lane->partner());
    const ErrorCode* code = lane->last_code();
    views.push_back({lane->partner().str(), counts.has_value() ? counts->wanted : 0,
                     counts.has_value() ? counts->refused : 0,
                     code == nullptr ? std::string() : std::string(code->id)});
  }
  return views;
}

}  // namespace tongqu::app
