#pragma once
// Credentials that come in two steps: a long-lived key asks the partner's key service for a short-lived one, which then
// signs the business calls. The signer performs no I/O: it says what the caller has to do next and is told how it went.
#include <cstdint>
#include <string_view>

#include "gateway/core/error.hpp"
#include "gateway/core/http.hpp"

namespace tongqu {

// Thread-safe. At any time at most one fetch is out: of any number of callers one is told to fetch, and who is told so
// ends the fetch with key_answer or key_failed, exactly once.
class SessionSigner {
 public:
  virtual ~SessionSigner() = default;

  enum class Action : std::uint8_t {
    kSend,          // the request is signed
    kSendAndFetch,  // the request is signed with a key that ends soon: this caller also fetches the next one
    kFetch,         // no key: this caller fetches, then prepares again
    kWait,          // no key, and somebody is fetching: prepare again when that has ended
  };
  struct Step {
    Action action = Action::kSend;
    std::uint64_t key = 0;  // with kSend and kSendAndFetch: number of the key that signed, for rejected()
  };

  // Signs `request` if a key is at hand; replaces earlier credentials of the scheme.
  [[nodiscard]] virtual Step prepare(HttpRequest& request) = 0;
  // Credentials and body for the call of the key service; method and target are the caller's.
  virtual void prepare_key_request(HttpRequest& request) = 0;
  // The key service's answer. Fails with codes of security/identity: kForbidden when the partner does not grant a key
  // (repeating does not help), kUnavailable otherwise. A key that is still valid stays in use after a failure.
  [[nodiscard]] virtual Status key_answer(const HttpResponse& answer) = 0;
  // The call failed before there was an answer.
  virtual void key_failed() = 0;
  // The partner does not take the key of that number: it is not used again. Nothing happens when a newer key is at
  // hand, so that many answers about one old key lead to one renewal.
  virtual void rejected(std::uint64_t key) = 0;
};

}  // namespace tongqu
