#pragma once
// Inbound HTTP: the partner side of the gateway (docs/formats.md, section 10).
//
//   POST /exchange/v1/{service}                    202 and the stored receipt; 200 and the answer of a query, which may
//                                                  say with Tongqu-Timeout-Ms how long its asker waits; the body is the
//                                                  document, or multipart/form-data of which one part is the document
//   GET  /exchange/v1/exchanges/{id}               state of an own exchange
//   GET  /exchange/v1/exchanges/{id}/receipt       its receipts
//   GET  /exchange/v1/inbox?limit=n                messages waiting for a partner that cannot be called
//   POST /exchange/v1/inbox/{message}/ack          acknowledges one
//   GET  /exchange/v1/units                        units, and …
//   GET  /exchange/v1/codes, …/codes/{table}       … national code tables, with ETag; where the partner may read them
//   …    /exchange/v1/attachments…                 attachment_api.hpp
//   GET  /log/checkpoint, /log/tile/…              the transparency log, for authenticated partners
//   GET  /openapi.json                             this interface
//
// Every request is authenticated first; a partner sees its own exchanges and nobody else's (an id of another answers
// 404). Thread-safe.
#include <memory>
#include <string>

#include "gateway/core/connector.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/identity.hpp"
#include "gateway/core/query.hpp"
#include "gateway/core/store.hpp"

namespace tongqu {

// How a partner pulls: how long an offer lasts, and how many messages one answer holds.
struct PullLimits {
  std::int64_t lease_ms = 60'000;
  std::size_t max_items = 100;
};

// Data that partners may read, as JSON.
struct CataloguePage {
  std::shared_ptr<const std::string> json;  // second owners: answers under way
  std::string tag;                          // quoted
};

struct PartnerApiOptions {
  int retry_after_s = 2;                                    // told with 429 and 503
  std::function<PullLimits(const PartnerId&)> pull_limits;  // of the active configuration; empty = defaults
  std::string openapi;                                      // text of /openapi.json
  QueryDesk* queries = nullptr;                             // outlives the object; null = nothing can be asked
  std::function<std::string(std::string_view)> digest;      // "sm3 <hex>" of an attachment; empty = not told
  // Member of the partner's documents that takes the files of multipart/form-data (form_files.hpp); empty = files are
  // turned back.
  std::function<std::string(const PartnerId&)> files_member;
  // "units", "codes", "codes/{table}" for a partner; empty = there is none. Fails with http.path or
  // http.catalogue.
  std::function<Result<CataloguePage>(const PartnerId&, std::string_view what)> catalogue;
  HttpHandler* attachments = nullptr;  // answers below /exchange/v1/attachments (attachment_api.hpp); outlives this
};

class PartnerApi final : public HttpHandler {
 public:
  // `authenticator` gives the current one (it changes with the configuration). All references outlive the object.
  PartnerApi(PartnerApiOptions options, std::function<std::shared_ptr<const Authenticator>()> authenticator,
             Intake& intake, PullInbox& inbox, Store& store);
  void handle(HttpRequest request, Done done) override;
  [[nodiscard]] std::unique_ptr<BodySink> stream_body(const HttpRequest& head) override;

 private:
  void exchange(HttpRequest request, std::string_view service, Identity identity, Done done);
  void query(const HttpRequest& request, InboundMessage message, Done done);
  void inbox(const HttpRequest& request, const Identity& identity, const Done& done);
  void acknowledge(const HttpRequest& request, std::string_view message, const Identity& identity, const Done& done);
  // The document out of multipart/form-data, with its files where the partner may send some and the service is no
  // query. Fails with http.multipart, http.multipart-document, http.files-document, or http.attachments-not-taken with
  // one fault for each further part that is not taken.
  [[nodiscard]] Status unpack(std::string_view content_type, InboundMessage& message) const;
  [[nodiscard]] HttpResponse status_of(const HttpRequest& request, std::string_view id, const Identity& identity);
  [[nodiscard]] HttpResponse receipts_of(const HttpRequest& request, std::string_view id, const Identity& identity);
  [[nodiscard]] HttpResponse catalogue(const HttpRequest& request, std::string_view what, const Identity& identity);
  [[nodiscard]] HttpResponse log(const HttpRequest& request, std::string_view path);
  [[nodiscard]] HttpResponse problem(const HttpRequest& request, const Error& error) const;

  PartnerApiOptions options_;
  std::function<std::shared_ptr<const Authenticator>()> authenticator_;
  Intake& intake_;
  PullInbox& inbox_;
  Store& store_;
};

}  // namespace tongqu
