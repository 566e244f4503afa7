#pragma once
// How a content is asked for over HTTP, and what answers mean (RFC 9110 sections 13 to 15). No I/O.
#include "connectors/fetch/fetch_source.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/net/http_client.hpp"

namespace tongqu::fetch {

// Range and If-Range where `from` can be gone on with, which needs a validator.
[[nodiscard]] Headers fetch_headers(const FetchFrom& from);
[[nodiscard]] bool asks_range(const FetchFrom& from);

struct HeadVerdict {
  std::optional<FetchFrom> content;  // its content follows
  bool once_more = false;            // ask again, from the start: the range does not fit
  FetchFailure failure;              // with neither
};
// `length_bytes`: of the body, where the head tells it.
[[nodiscard]] HeadVerdict judge_head(const FetchFrom& from, const net::HttpResponseIn& head,
                                     std::optional<std::uint64_t> length_bytes, Instant now);
// What a request without an answer means.
[[nodiscard]] FetchFailure judge_failure(const net::NetError& error);

}  // namespace tongqu::fetch
