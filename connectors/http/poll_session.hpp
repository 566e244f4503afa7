#pragma once
// The conversation with a partner that can only be asked: what to ask next, what its list holds, what to tell it
// afterwards, where the position then stands. No I/O.
//
//   cursor   the request carries the position; the answer names the next one. A position that stays the same, or is
//            absent, ends the round.
//   page     the request carries a page number; a full page is followed by the next, a page that is not full is asked
//            again later (entries taken before are recognised by their keys).
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "connectors/http/answer.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/http.hpp"

namespace tongqu {

struct PollOptions {
  enum class Position : std::uint8_t { kCursor, kPage };
  std::string method = "GET";  // GET: parameters in the query; POST: members of a JSON object
  std::string target;
  Headers headers;
  std::vector<std::pair<std::string, std::string>> parameters;  // constant
  Position position = Position::kCursor;
  std::string position_parameter;  // "cursor", "pageNo"
  std::string first_position;      // a page number is a whole number from 0
  std::string next_path;           // kCursor: where the answer names the next position
  std::string items_path;          // the list; empty = the answer itself
  std::string key_path;            // in an entry: text or number that stays the same
  std::size_t max_items = 100;     // kPage: a page with so many is full; more in one answer are refused
  std::string ack_target;          // empty = nothing is told
  std::string ack_ids = "ids";
  std::string ack_failed;  // member for [{"id","code"}] of what was turned back; empty = those count as taken
};

struct PolledItem {
  std::string key;   // empty: the entry has none, it cannot be taken
  std::string body;  // JSON
};

struct PolledBatch {
  std::vector<PolledItem> items;
  std::string next;  // position after these
  bool more = false;
};

// What became of an entry: its key, and the id of the error that turned it back (empty = taken).
using PollSettled = std::vector<std::pair<std::string, std::string>>;

// Immutable and thread-safe. `json` outlives it.
class PollSession {
 public:
  PollSession(PollOptions options, const Codec& json) : options_(std::move(options)), json_(json) {}

  [[nodiscard]] const std::string& first_position() const { return options_.first_position; }
  [[nodiscard]] HttpRequest request(const std::string& position) const;
  // The list of an answer that `reader` finds good. Fails with what the reader says, or with http.poll-answer (no list,
  // too many entries, a position that is no scalar).
  [[nodiscard]] Result<PolledBatch> read(const net::HttpResponseIn& answer, const AnswerReader& reader,
                                         const std::string& position) const;
  [[nodiscard]] bool acknowledges() const { return !options_.ack_target.empty(); }
  [[nodiscard]] HttpRequest acknowledgement(const PollSettled& settled) const;

 private:
  [[nodiscard]] Result<std::string> next_position(const Node& root, const std::string& position,
                                                  std::size_t count) const;
  PollOptions options_;
  const Codec& json_;
};

// Wait before the next round after `failures` failed ones in a row (1 = the first): doubles from `first_ms`, at most
// `max_ms`, and not less than the partner's wish up to `max_ms`.
[[nodiscard]] std::int64_t poll_backoff_ms(int failures, std::int64_t first_ms, std::int64_t max_ms,
                                           std::int64_t retry_after_ms);

}  // namespace tongqu
