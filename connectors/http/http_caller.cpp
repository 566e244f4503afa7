#include "connectors/http/http_caller.hpp"

#include <cstdlib>

#include "connectors/http/http_codes.hpp"
#include "gateway/net/net_codes.hpp"

namespace tongqu {
namespace {

CallFailure not_sent(const Error& error) {
  return {net::NetPhase::kConnect, error.code, error.kind() == ErrorKind::kForbidden, error.param};
}

}  // namespace

void throw_exception_from_error(const CallFailure&, const boost::source_location&) { std::abort(); }

HttpCaller::HttpCaller(CallOptions options, CallCredentials credentials, AnswerReader reader, const Clock& clock,
                       Send send)
    : options_(std::move(options)),
      credentials_(std::move(credentials)),
      reader_(std::move(reader)),
      clock_(clock),
      send_(std::move(send)) {}

void HttpCaller::call(HttpRequest request, bool idempotent, std::int64_t timeout_ms, Done done) {
  auto call = std::make_shared<Call>();
  call->request = std::move(request);
  call->idempotent = idempotent;
  call->ends_steady_ms = clock_.steady_ms() + timeout_ms;
  call->done = std::move(done);
  prepare(call);
}

void HttpCaller::prepare(const CallPtr& call) {
  if (credentials_.signer) {
    if (auto status = credentials_.signer->sign(call->request); status.has_error())
      return call->done(not_sent(status.error()));
  }
  if (!credentials_.session) return send(call);
  using enum SessionSigner::Action;
  const std::int64_t left_ms = call->ends_steady_ms - clock_.steady_ms();
  if (left_ms <= 0) return send(call);  // says so
  SessionSigner::Step step;
  {
    // Between the step and the list no fetch may end, or this call would wait for one that is over.
    const std::lock_guard lock(mutex_);
    step = credentials_.session->prepare(call->request);
    call->key = step.key;
    if (step.action == kFetch || step.action == kWait) waiting_.push_back(call);
  }
  if (step.action == kFetch || step.action == kSendAndFetch) fetch_key(left_ms);
  if (step.action == kSend || step.action == kSendAndFetch) send(call);
}

void HttpCaller::send(const CallPtr& call) {
  const std::int64_t left_ms = call->ends_steady_ms - clock_.steady_ms();
  if (left_ms <= 0) return call->done(CallFailure{net::NetPhase::kConnect, &codes::kNetRequestTimeout, false, {}});
  // A copy: the request goes out once more after a redirect or a renewal.
  net::HttpRequestOut out{options_.origin,       call->request.method, call->request.target,
                          call->request.headers, call->request.body,   call->idempotent};
  send_(std::move(out), left_ms, [this, call](net::HttpOutcome outcome) { answered(call, std::move(outcome)); });
}

void HttpCaller::answered(const CallPtr& call, net::HttpOutcome outcome) {
  if (outcome.has_error()) return call->done(CallFailure{outcome.error().phase, outcome.error().code, false, {}});
  if (outcome->status >= 300 && outcome->status < 400 && call->redirects < options_.max_redirects) {
    if (auto target = redirect_target(options_.origin, call->request.method, *outcome)) {
      ++call->redirects;
      call->request.target = std::move(*target);
      return prepare(call);
    }
  }
  if (credentials_.session && reader_.read(*outcome).kind == AnswerKind::kKeyInvalid) {
    credentials_.session->rejected(call->key);
    if (!call->renewed) {
      call->renewed = true;
      return prepare(call);
    }
  }
  call->done(std::move(*outcome));
}

void HttpCaller::fetch_key(std::int64_t timeout_ms) {
  HttpRequest request;
  request.method = "POST";
  request.target = credentials_.key_service.target;
  credentials_.session->prepare_key_request(request);
  net::HttpRequestOut out{credentials_.key_service.origin, std::move(request.method), std::move(request.target),
                          std::move(request.headers),      std::move(request.body),   true};
  send_(std::move(out), timeout_ms, [this](const net::HttpOutcome& outcome) { key_came(outcome); });
}

void HttpCaller::key_came(const net::HttpOutcome& outcome) {
  std::vector<CallPtr> calls;
  std::optional<CallFailure> failure;
  {
    const std::lock_guard lock(mutex_);
    calls.swap(waiting_);
    if (outcome.has_error()) {
      credentials_.session->key_failed();
      failure = CallFailure{net::NetPhase::kConnect, outcome.error().code, false, {}};
    } else if (auto taken = credentials_.session->key_answer({outcome->status, outcome->headers, outcome->body});
               taken.has_error()) {
      failure = not_sent(taken.error());
    }
  }
  for (const CallPtr& call : calls) {
    if (failure) {
      call->done(*failure);
    } else {
      prepare(call);
    }
  }
}

}  // namespace tongqu
