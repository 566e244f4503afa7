#pragma once
// The admin interface, /admin/v1/…: what the command line and the console ask. JSON in and out; problem details for
// errors; a bearer token on every request except /healthz and /readyz. No answer holds message content or a personal
// value but two: a named person asks for the values of one exchange, with a reason, through the person's clearance; and
// tasks/N/show, where a named person who gave a reason reads what he is to release. Each look is an audit entry before
// it is answered.
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/admin/admin_people.hpp"
#include "gateway/admin/attachment_admin.hpp"
#include "gateway/admin/disclosure_api.hpp"
#include "gateway/admin/explain_api.hpp"
#include "gateway/admin/grant_api.hpp"
#include "gateway/admin/match_api.hpp"
#include "gateway/admin/transcript_api.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/store.hpp"
#include "gateway/delivery/query_lane.hpp"
#include "gateway/pipeline/query_line.hpp"
#include "gateway/pipeline/rework.hpp"

namespace tongqu {

// What an inbound connector tells about itself, as the admin interface shows it.
struct InboundView {
  std::string partner;
  std::int64_t last_success_ms = 0;
  std::string last_code;  // why the partner could not be asked; empty = it could
  std::uint64_t accepted = 0, turned_back = 0;
};

// A legacy listener as the admin interface shows it.
struct LegacyView {
  std::string listener, partner, protocol, network, until, approved_by;
  std::int64_t days_left = 0;  // 0 = today is the last day; negative = over
  std::uint16_t port = 0;
  bool open = false;
};

// State of one delivery lane as the admin interface shows it.
struct LaneView {
  std::string partner;
  std::size_t in_flight = 0;
  std::string breaker;  // "closed", "open", "half-open"
  bool paused = false;
  std::int64_t last_success_ms = 0;
  std::string last_code;
  std::string last_detail;
  std::uint64_t delivered = 0;
  std::uint64_t retried = 0;
};

// Attachments of one partner that the gateway fetches itself.
struct FetchView {
  std::string partner;
  std::size_t wanted = 0;   // not here yet
  std::size_t refused = 0;  // could not be fetched; a person may retry or remove them
  std::string last_code;    // why the last one failed; empty = it did not
};

// What the interface reaches beyond the store; filled by app. All are thread-safe.
struct AdminHooks {
  std::function<std::shared_ptr<const AdminPeople>()> people;  // of the active configuration; never null
  std::function<std::vector<LaneView>()> lanes;
  std::function<std::vector<InboundView>()> inbound;
  std::function<std::vector<LegacyView>()> legacy;
  std::function<std::map<std::string, LineCounts>()> counts;
  std::function<std::vector<QueryCounts>()> queries;
  std::function<std::vector<QueryLaneSnapshot>()> registries;
  std::function<std::vector<FetchView>()> fetches;
  // Digest of what became active. When the configuration does not pass, `report` says for people, in `lang`, what is
  // wrong in which line.
  std::function<Result<std::string>(Lang lang, std::string& report)> reload;
  std::function<void(const PartnerId&, bool paused)> pause_lane;  // tells the dispatcher
  std::function<Result<std::string>(std::uint64_t index)> prove;  // receipt-shaped proof against today's checkpoint
  // Code tables and units that partners are told, and what they told us (docs/directories.md).
  std::function<Result<Document>(bool whole, const ActBy&)> publish_directories;
  std::function<Result<Document>(std::int64_t task, const std::string& as)> show_directory;
  std::function<void(std::int64_t task, const std::string& as, const ActBy&, const Rework::Done&)> take_up_directory;
  ExplainApi* explanations = nullptr;      // never null; outlives the interface
  MatchApi* matches = nullptr;             // as above
  TranscriptApi* transcripts = nullptr;    // as above
  AttachmentAdmin* attachments = nullptr;  // as above
  DisclosureApi* disclosures = nullptr;    // as above
  GrantApi* grants = nullptr;              // as above
  std::function<std::string()> config_id;
  std::function<std::string()> verifier_key;  // public text of the log's key
};

class AdminApi final : public HttpHandler {
 public:
  static constexpr std::size_t kMaxReasonCodePoints = 500;
  static constexpr std::size_t kMaxPageRows = 1000;

  // References outlive the object.
  AdminApi(const Codec& json, Store& store, Rework& rework, AdminHooks hooks);
  void handle(HttpRequest request, Done done) override;

 private:
  struct Call;  // request, path below /admin/v1/, query, done
  void get(const Call& call);
  void post(const Call& call);
  void post_message(const Call& call, std::string_view rest, const ActBy& by);
  void post_task(const Call& call, std::string_view rest, const Node& body, const ActBy& by);
  void decide_release(const Call& call, std::int64_t task, std::string_view verb, const Node& body, const ActBy& by);
  void post_directory(const Call& call, std::string_view rest, const Node& body, const ActBy& by);
  void post_partner(const Call& call, std::string_view rest, const ActBy& by);
  void list_exchanges(const Call& call);
  void show_exchange(const Call& call, std::string_view id);
  void list_messages(const Call& call);
  void list_tasks(const Call& call);
  void status(const Call& call);
  void audit(const Call& call, std::string_view rest);
  [[nodiscard]] std::string metrics();
  void answer(const Call& call, const Document& document);
  void answer(const Call& call, const Result<Document>& document);
  void fail(const Call& call, const Error& error);

  const Codec& json_;
  Store& store_;
  Rework& rework_;
  AdminHooks hooks_;
};

}  // namespace tongqu
