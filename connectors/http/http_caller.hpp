#pragma once
// One call of a partner: credentials first (fetched when they come in two steps), then the request, then what the
// answer may ask for: a redirect, or one renewal of the key and one repetition.
//
// The transport is a function, so that every step can be made to fail without a socket.
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "connectors/http/answer.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/identity.hpp"
#include "gateway/core/session_signer.hpp"
#include "gateway/net/http_client.hpp"

namespace tongqu {

struct CallFailure {
  net::NetPhase phase = net::NetPhase::kConnect;  // of the business request; kConnect: it certainly did not leave
  const ErrorCode* code = nullptr;                // never null
  bool refused = false;                           // repeating does not help
  std::string detail;                             // as Error::param
};
[[noreturn]] void throw_exception_from_error(const CallFailure& failure, const boost::source_location& where);
using CallOutcome = boost::system::result<net::HttpResponseIn, CallFailure>;

struct CallCredentials {
  std::unique_ptr<RequestSigner> signer;   // may be null
  std::unique_ptr<SessionSigner> session;  // may be null; with it `key_service` is set
  HttpAddress key_service;
};

struct CallOptions {
  net::Origin origin;
  int max_redirects = 0;  // 0: none is followed
};

// Thread-safe. Everything given outlives the calls in flight: whoever owns the transport stops it before this object is
// destroyed, which ends all of them.
class HttpCaller {
 public:
  using Send = std::function<void(net::HttpRequestOut, std::int64_t timeout_ms, net::HttpClient::Done)>;
  using Done = std::function<void(CallOutcome)>;

  HttpCaller(CallOptions options, CallCredentials credentials, AnswerReader reader, const Clock& clock, Send send);

  // `done` exactly once, from any thread, within `timeout_ms` (a fetch that somebody else began counts too). `request`
  // carries no credentials; `idempotent` as HttpRequestOut. An answer that speaks of an invalid key comes back only
  // when the repetition failed as well.
  void call(HttpRequest request, bool idempotent, std::int64_t timeout_ms, Done done);

  [[nodiscard]] const AnswerReader& reader() const { return reader_; }

 private:
  struct Call {
    HttpRequest request;
    bool idempotent = false;
    std::int64_t ends_steady_ms = 0;
    int redirects = 0;
    bool renewed = false;
    std::uint64_t key = 0;
    Done done;
  };
  using CallPtr = std::shared_ptr<Call>;  // shared with the transport's callbacks

  void prepare(const CallPtr& call);
  void send(const CallPtr& call);
  void answered(const CallPtr& call, net::HttpOutcome outcome);
  void fetch_key(std::int64_t timeout_ms);
  void key_came(const net::HttpOutcome& outcome);

  const CallOptions options_;
  const CallCredentials credentials_;
  const AnswerReader reader_;
  const Clock& clock_;
  const Send send_;
  std::mutex mutex_;  // guards the session's steps together with the list
  std::vector<CallPtr> waiting_;
};

}  // namespace tongqu
