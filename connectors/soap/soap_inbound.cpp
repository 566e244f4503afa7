#include "connectors/soap/soap_inbound.hpp"

#include <algorithm>

#include "connectors/soap/soap_codes.hpp"
#include "connectors/soap/soap_text.hpp"
#include "connectors/soap/soap_wsdl.hpp"
#include "gateway/net/problem.hpp"

namespace tongqu::soap {
namespace {

bool asks_for_wsdl(std::string_view target) {
  const auto mark = target.find('?');
  if (mark == std::string_view::npos) return false;
  const std::string_view query = target.substr(mark + 1);
  return equal_without_case(query, "wsdl") || equal_without_case(query, "singlewsdl");
}

// The Host header comes from the caller: only what can stand in an address is repeated.
bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == ':' || c == '[' || c == ']';
  });
}

}  // namespace

SoapInbound::SoapInbound(Service service, Proofs proofs, std::string public_url, const SoapCodec& codec,
                         const Clock& clock, Intake& intake)
    : service_(std::move(service)),
      public_url_(std::move(public_url)),
      clock_(clock),
      intake_(intake),
      receiver_(service_, std::move(proofs), codec),
      writer_(service_, codec) {}

InboundHealth SoapInbound::health() const {
  InboundHealth health;
  health.last_success_ms = counts_.last_success_ms;
  health.accepted = counts_.accepted;
  health.turned_back = counts_.turned_back;
  return health;
}

HttpResponse SoapInbound::describe(const HttpRequest& request) const {
  HttpResponse response;
  if (!service_.wsdl.empty()) {
    response.headers.emplace_back("Content-Type", "text/xml");  // its declaration names the charset
    response.body = service_.wsdl;
    return response;
  }
  response.headers.emplace_back("Content-Type", "text/xml; charset=utf-8");
  std::string address = public_url_;
  const std::string_view host = header(request.headers, "Host");
  if (address.empty() && is_host(host)) {
    address = (request.peer.tls ? "https://" : "http://") + std::string(host) + mount();
  }
  response.body = wsdl_of(service_, address.empty() ? mount() : address);
  return response;
}

void SoapInbound::refuse(const HttpRequest& request, const Caller& caller, const Error& error, const Done& done) {
  ++counts_.turned_back;
  intake_.turned_back(request.peer.address, service_.partner.str(), error);
  done(writer_.failed(caller, error));
}

void SoapInbound::handle(HttpRequest request, Done done) {
  Caller caller;
  if (!open_) return done(writer_.failed(caller, make_error(codes::kUnavailable)));
  if (request.method == "GET" && asks_for_wsdl(request.target)) {
    if (auto status = receiver_.admits_reader(request); status.has_error())
      return refuse(request, caller, status.error(), done);
    return done(describe(request));
  }
  if (request.method != "POST") {
    HttpResponse response = problem_response(make_error(codes::kSoapMethod),
                                             preferred_language(header(request.headers, "Accept-Language")));
    response.status = 405;
    response.headers.emplace_back("Allow", "POST, GET");
    return done(std::move(response));
  }
  auto message = receiver_.receive(request, caller);
  if (message.has_error()) return refuse(request, caller, message.error(), done);
  // The session that answers keeps this connector alive (InboundSet).
  intake_.accept(std::move(*message),
                 [this, caller = std::move(caller), done = std::move(done)](Result<Accepted> result) {
                   if (result.has_error()) {
                     ++counts_.turned_back;
                     return done(writer_.failed(caller, result.error()));
                   }
                   ++counts_.accepted;
                   counts_.last_success_ms = clock_.now().ms;
                   done(writer_.stored(caller, *result));
                 });
}

}  // namespace tongqu::soap
