#pragma once
// The part of the admin interface for messages that people transcribe, /admin/v1/transcript/…; the caller has checked
// the token. Beside the rows that are handed out, as the command says, no answer holds content.
//
//   GET  transcript?partner&after&limit                     what waits, and the batches
//   POST transcript/hand-out  {partner, limit | again}      a new batch, or batch number `again` once more, with
//   content POST transcript/written   {partner, batch}              its file is whole POST transcript/enter {partner,
//   exchange, number}   {"entered":"now"|"before"} POST transcript/revoke    {partner, exchange}
#include <map>
#include <string>
#include <string_view>

#include "gateway/delivery/transcript_desk.hpp"
#include "gateway/pipeline/rework.hpp"

namespace tongqu {

class TranscriptApi {
 public:
  static constexpr std::size_t kMaxPageRows = 1000;

  TranscriptApi(TranscriptDesk& desk, TranscriptStore& store) : desk_(desk), store_(store) {}
  // Errors: admin.parameter, admin.path, and those of the desk.
  [[nodiscard]] Result<Document> get(const std::map<std::string, std::string>& query);
  [[nodiscard]] Result<Document> post(std::string_view verb, const Node& body, const ActBy& by);
  // What waits, by partner.
  struct Waiting {
    std::string partner;
    TranscriptCounts counts;
  };
  [[nodiscard]] std::vector<Waiting> waiting();

 private:
  [[nodiscard]] Result<Document> hand_out(const TranscriptPartner& partner, const Node& body, const std::string& actor);

  TranscriptDesk& desk_;
  TranscriptStore& store_;
};

}  // namespace tongqu
