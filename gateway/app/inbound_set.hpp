#pragma once
// The inbound connectors of the active configuration: started together, replaced together, found by the path that a
// partner calls.
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "gateway/core/connector.hpp"
#include "gateway/core/http.hpp"

namespace tongqu::app {

// What the partner listener serves: a connector's own path goes to it, everything else to the partner interface.
// Thread-safe; a request keeps the connector that answers it alive.
class InboundSet final : public HttpHandler {
 public:
  struct Entry {
    PartnerId partner;
    std::shared_ptr<InboundConnector> connector;  // second owners: requests that it answers
  };
  using Connectors = std::vector<Entry>;

  // `others` outlives this.
  explicit InboundSet(HttpHandler& others) : others_(others) {}

  // Starts `next` and stops what ran before. Two readers of one source at the same time do no harm, since each takes
  // rows by claim; so the new ones start first and nobody's request finds no connector.
  void replace(Connectors next, std::int64_t grace_ms);
  // Stops all. Repeating it does nothing.
  void stop(std::int64_t grace_ms) { replace({}, grace_ms); }
  void handle(HttpRequest request, Done done) override;
  // A connector takes its bodies whole.
  [[nodiscard]] std::unique_ptr<BodySink> stream_body(const HttpRequest& head) override;
  [[nodiscard]] std::shared_ptr<const Connectors> current() const;

 private:
  HttpHandler& others_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Connectors> connectors_ = std::make_shared<const Connectors>();
};

}  // namespace tongqu::app
