#include "connectors/link/link_inbound.hpp"

#include "connectors/link/link_codes.hpp"

namespace tongqu::link {

LinkInbound::LinkInbound(InboundOptions options, PartnerId partner, LinkParts parts, const Suite& suite,
                         const Clock& clock, Intake& intake)
    : options_(std::move(options)),
      partner_(std::move(partner)),
      parts_(std::move(parts)),
      clock_(clock),
      intake_(intake),
      feeder_(options_.feed, partner_, "link:" + std::string(parts_.peer->algorithm()), suite, clock, intake, counts_),
      desk_(options_.rules, options_.times, {*parts_.out, *parts_.in, *parts_.state},
            {suite, *parts_.own, *parts_.peer}),
      rounds_(options_.state, options_.poll_ms, clock, [this] { return round(); }) {}

LinkInbound::~LinkInbound() { stop(0); }

void LinkInbound::start() { rounds_.start(); }

void LinkInbound::stop(std::int64_t grace_ms) {
  rounds_.stop();
  feeder_.stop(grace_ms);
  rounds_.join();
}

InboundHealth LinkInbound::health() const {
  const auto [last_success_ms, last_code] = rounds_.health();
  return {last_success_ms, last_code, counts_.accepted.load(), counts_.turned_back.load()};
}

Result<file::LockedRounds::Done> LinkInbound::round() {
  bad_code_ = nullptr;
  if (!loaded_) {
    if (auto status = desk_.load(); status.has_error()) return status.error();
    loaded_ = true;
  }
  Status status = take_bundles();
  if (status.has_value()) status = desk_.ask(clock_.steady_ms(), clock_.now());
  if (status.has_value()) status = desk_.list(clock_.steady_ms(), clock_.now());
  if (status.has_error()) {
    loaded_ = false;
    return status.error();
  }
  return file::LockedRounds::Done{bad_code_ == nullptr && desk_.waits() ? &codes::kLinkGap : bad_code_};
}

Status LinkInbound::take_bundles() {
  while (!rounds_.stopping()) {
    std::vector<Error> bad;
    const auto found = desk_.look(clock_.steady_ms(), clock_.now(), bad);
    report(bad);
    if (found.has_error()) return found.error();
    if (!*found) return {};
    auto answers = feeder_.feed((*found)->read);
    if (answers.has_error()) return answers.error();
    if (auto status = desk_.take(**found, std::move(*answers), clock_.now()); status.has_error()) return status;
  }
  return {};
}

void LinkInbound::report(const std::vector<Error>& bad) {
  for (const Error& error : bad) {
    ++counts_.turned_back;
    intake_.turned_back("link", partner_.str(), error);
    bad_code_ = error.code;
  }
}

}  // namespace tongqu::link
