// Settings → a service to one partner, or calls of its service.
#include "connectors/soap/soap_connector.hpp"

#include <algorithm>
#include <fstream>

#include "connectors/soap/soap_codes.hpp"
#include "connectors/soap/soap_inbound.hpp"
#include "connectors/soap/soap_outbound.hpp"
#include "connectors/support/http_address.hpp"

namespace tongqu {
namespace {

using soap::CredentialKind;
using soap::Credentials;
using soap::Judge;
using soap::JudgeOptions;
using soap::Operation;
using soap::OutboundParts;
using soap::OutboundProof;
using soap::Proofs;
using soap::RequestOptions;
using soap::RequestWriter;
using soap::Service;
using soap::SoapInbound;
using soap::SoapOutbound;
using soap::StringForm;
using soap::style_of;

constexpr std::size_t kMaxWsdlBytes = 2U << 20U;

Error setup(const Setting& at, std::string what) {
  return error_at(at, make_error(codes::kSoapSetup, std::move(what)));
}

// ---- inbound ----------------------------------------------------------------------------------------------------

Result<Credentials> read_credentials(const Setting& credentials, const ConnectorContext& context) {
  Credentials read;
  if (!credentials.present()) return read;
  const std::string& kind = credentials.text("kind");
  if (kind == "parameters") read.kind = CredentialKind::kParameters;
  if (kind == "basic") read.kind = CredentialKind::kBasic;
  if (kind == "username-token") read.kind = CredentialKind::kUsernameToken;
  if (kind == "signature") read.kind = CredentialKind::kSignature;
  auto password = context.secret(credentials.secret("password"));
  if (password.has_error()) return error_at(credentials, password.error());
  read.user = credentials.text("user");
  read.password = std::move(*password);
  read.user_parameter = credentials.text("user_parameter");
  read.password_parameter = credentials.text("password_parameter");
  read.text_allowed = credentials.text("password_form") != "digest";
  read.digest_allowed = credentials.text("password_form") != "text";
  read.max_clock_skew_ms = credentials.duration_ms("max_clock_skew");
  const bool has_password = read.kind != CredentialKind::kNone && read.kind != CredentialKind::kSignature;
  if (has_password && read.password.empty()) return setup(credentials, "password");
  const bool has_user = read.kind == CredentialKind::kBasic || read.kind == CredentialKind::kUsernameToken ||
                        !read.user_parameter.empty();
  if (has_password && has_user && read.user.empty()) return setup(credentials, "user");
  if (read.kind == CredentialKind::kParameters && read.password_parameter.empty())
    return setup(credentials, "password_parameter");
  return read;
}

Result<std::vector<Operation>> read_operations(const Setting& inbound) {
  std::vector<Operation> operations;
  for (const Setting& one : inbound.list("operations")) {
    Operation operation;
    operation.name = one.text("name");
    operation.element = one.has("element") ? one.text("element") : operation.name;
    operation.service = ServiceId(one.text("service"));
    operation.in_string = one.text("body") == "string";
    operation.parameter = one.text("parameter");
    operation.parameters = one.texts("parameters");
    const auto services = inbound.list("services");
    const bool permitted = std::any_of(services.begin(), services.end(), [&](const Setting& service) {
      return service.text("service") == operation.service.str();
    });
    if (!permitted) return setup(one, "service is not among services");
    operations.push_back(std::move(operation));
  }
  return operations;
}

// Kept as bytes: it goes out as it is, whatever its charset.
Result<std::string> read_wsdl(const Setting& inbound, const ConnectorContext& context) {
  auto path = context.secret_file(inbound.secret("wsdl"));
  if (path.has_error()) return error_at(inbound, path.error());
  if (path->empty()) return std::string();
  std::ifstream file(*path, std::ios::binary);
  std::string bytes(kMaxWsdlBytes + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.empty() || bytes.size() > kMaxWsdlBytes) return setup(inbound, "wsdl");
  return bytes;
}

Result<Service> read_service(const Setting& inbound, const ConnectorContext& context) {
  Service service;
  service.partner = context.partner;
  service.name = inbound.text("service_name");
  service.uri = inbound.text("namespace");
  service.style = style_of(inbound.text("style"));
  service.qualified = inbound.text("elements") == "qualified";
  service.drop_namespaces = inbound.text("payload_namespaces") == "drop";
  service.limits.max_bytes = static_cast<std::size_t>(inbound.size_bytes("max_message"));
  service.limits.max_depth = static_cast<std::size_t>(inbound.integer("max_depth"));
  service.max_inline_bytes = static_cast<std::size_t>(inbound.size_bytes("max_attachments"));
  const Setting& answer = inbound.object("answer");
  service.answer = {answer.text("element"), answer.text("success"), answer.text("failure")};
  auto operations = read_operations(inbound);
  if (operations.has_error()) return operations.error();
  service.operations = std::move(*operations);
  auto credentials = read_credentials(inbound.object("credentials"), context);
  if (credentials.has_error()) return credentials.error();
  service.credentials = std::move(*credentials);
  auto wsdl = read_wsdl(inbound, context);
  if (wsdl.has_error()) return wsdl.error();
  service.wsdl = std::move(*wsdl);
  return service;
}

Result<Proofs> read_proofs(const Setting& inbound, const ConnectorContext& context, const Credentials& credentials) {
  Proofs proofs;
  proofs.security = context.xml_security;
  if (const std::vector<std::string> blocks = inbound.texts("networks"); !blocks.empty()) {
    auto network = context.networks(blocks);
    if (network.has_error()) return error_at(inbound, network.error());
    proofs.network = std::move(*network);
  }
  if (inbound.has("auth")) {
    auto http = context.authenticator(inbound.object("auth"));
    if (http.has_error()) return http.error();
    proofs.http = std::move(*http);
  }
  const Setting& at = inbound.object("credentials");
  if (credentials.kind == CredentialKind::kSignature) {
    auto certificates = context.secret(at.secret("certificate"));
    if (certificates.has_error()) return error_at(at, certificates.error());
    if (certificates->empty() || context.xml_security == nullptr) return setup(at, "certificate");
    auto verifier = context.xml_security->make_verifier(*certificates, credentials.max_clock_skew_ms);
    if (verifier.has_error()) return error_at(at, verifier.error());
    proofs.signature = std::move(*verifier);
  }
  // An address is no identity: whoever shares the network would be the partner.
  if (proofs.http == nullptr && credentials.kind == CredentialKind::kNone) return setup(inbound, "auth or credentials");
  return proofs;
}

Result<std::shared_ptr<InboundConnector>> make_inbound(const Setting& inbound, const ConnectorContext& context,
                                                       Intake& intake) {
  auto service = read_service(inbound, context);
  if (service.has_error()) return service.error();
  auto proofs = read_proofs(inbound, context, service->credentials);
  if (proofs.has_error()) return proofs.error();
  // Shared: the set of inbound connectors and the calls in hand.
  return std::shared_ptr<InboundConnector>(std::make_shared<SoapInbound>(
      std::move(*service), std::move(*proofs), inbound.text("public_url"), *context.soap, context.clock, intake));
}

// ---- outbound ---------------------------------------------------------------------------------------------------

OutboundProof proof_of(std::string_view kind) {
  if (kind == "basic") return OutboundProof::kBasic;
  if (kind == "parameters") return OutboundProof::kParameters;
  if (kind == "username-text") return OutboundProof::kUsernameText;
  if (kind == "username-digest") return OutboundProof::kUsernameDigest;
  return kind == "signature" ? OutboundProof::kSignature : OutboundProof::kNone;
}

StringForm form_of(std::string_view word) {
  if (word == "string") return StringForm::kEscaped;
  if (word == "string-twice") return StringForm::kTwice;
  return word == "cdata" ? StringForm::kCdata : StringForm::kNone;
}

Status read_proof(const Setting& credentials, const ConnectorContext& context, RequestOptions& options) {
  if (!credentials.present()) return {};
  options.proof = proof_of(credentials.text("kind"));
  auto password = context.secret(credentials.secret("password"));
  if (password.has_error()) return error_at(credentials, password.error());
  options.user = credentials.text("user");
  options.password = std::move(*password);
  options.user_parameter = credentials.text("user_parameter");
  options.password_parameter = credentials.text("password_parameter");
  if (options.proof == OutboundProof::kParameters) {
    if (options.password_parameter.empty()) return setup(credentials, "password_parameter");
    const bool strings = std::all_of(options.operations.begin(), options.operations.end(),
                                     [](const auto& one) { return one.second.form != StringForm::kNone; });
    if (!strings) return setup(credentials, "parameters beside a body that is no string");
  }
  const bool token = options.proof == OutboundProof::kUsernameText || options.proof == OutboundProof::kUsernameDigest;
  if ((token || options.proof == OutboundProof::kSignature) && context.xml_security == nullptr)
    return setup(credentials, "kind");
  return {};
}

Result<RequestOptions> read_request(const Setting& outbound, const ConnectorContext& context) {
  RequestOptions options;
  options.version = outbound.text("version") == "1.2" ? SoapVersion::k12 : SoapVersion::k11;
  options.style = style_of(outbound.text("style"));
  options.uri = outbound.text("namespace");
  options.qualified = outbound.text("elements") == "qualified";
  options.charset = outbound.text("charset");
  options.addressing = outbound.boolean("addressing");
  options.to = outbound.text("url");
  if (!context.soap->knows_charset(options.charset)) return setup(outbound, "charset");
  for (const Setting& one : outbound.list("operations")) {
    options.operations[one.text("service")] = {one.text("operation"), one.text("action"), form_of(one.text("body")),
                                               one.text("parameter")};
  }
  if (auto status = read_proof(outbound.object("credentials"), context, options); status.has_error())
    return status.error();
  return options;
}

Result<std::unique_ptr<XmlSigner>> read_signer(const Setting& credentials, const ConnectorContext& context,
                                               OutboundProof proof) {
  if (proof != OutboundProof::kSignature) return std::unique_ptr<XmlSigner>();
  auto certificate = context.secret(credentials.secret("certificate"));
  auto key = context.secret(credentials.secret("key"));
  if (certificate.has_error()) return error_at(credentials, certificate.error());
  if (key.has_error()) return error_at(credentials, key.error());
  auto signer = context.xml_security->make_signer(*certificate, *key);
  if (signer.has_error()) return error_at(credentials, signer.error());
  return signer;
}

JudgeOptions read_judge(const Setting& answer) {
  const auto verdict = [&answer](std::string_view field) {
    return answer.text(field) == "retry" ? DeliveryVerdict::kRetry : DeliveryVerdict::kRefused;
  };
  JudgeOptions options;
  options.value = answer.text("value");
  options.success = answer.texts("success");
  options.retry = answer.texts("retry");
  options.not_found = answer.texts("not_found");
  options.document_in_string = answer.text("document") == "string";
  options.sender_fault = verdict("sender_fault");
  options.receiver_fault = verdict("receiver_fault");
  return options;
}

Result<std::shared_ptr<SoapOutbound>> make(const Setting& outbound, const ConnectorContext& context) {
  const auto address = parse_http_url(outbound.text("url"));
  if (!address) return setup(outbound, "url");
  auto options = read_request(outbound, context);
  if (options.has_error()) return options.error();
  auto xml_signer = read_signer(outbound.object("credentials"), context, options->proof);
  if (xml_signer.has_error()) return xml_signer.error();
  std::unique_ptr<TlsFactory> tls;
  net::ClientOptions client_options;
  client_options.max_connections = static_cast<std::size_t>(outbound.integer("max_connections"));
  if (address->origin.tls) {
    auto made = context.client_tls(outbound.object("tls"));
    if (made.has_error()) return made.error();
    tls = std::move(*made);
    client_options.tls_server_name = outbound.object("tls").text("server_name");
  }
  auto client = net::HttpClient::create(client_options, context.pool, tls.get());
  if (client.has_error()) return error_at(outbound, client.error());
  std::unique_ptr<RequestSigner> signer;
  if (outbound.has("sign")) {
    auto made = context.signer(outbound.object("sign"));
    if (made.has_error()) return made.error();
    signer = std::move(*made);
  }
  const bool addressing = options->addressing;
  OutboundParts parts{address->origin,
                      address->target,
                      addressing,
                      RequestWriter(std::move(*options), std::move(*xml_signer), *context.soap, context.xml_security),
                      Judge(read_judge(outbound.object("answer")), *context.soap, context.json),
                      std::move(signer),
                      std::move(tls),
                      std::move(*client)};
  // Shared: the lane and what is in flight (see LaneOptions, QueryLaneOptions).
  return std::make_shared<SoapOutbound>(std::move(parts), context.clock, context.suite);
}

Result<std::shared_ptr<OutboundConnector>> make_outbound(const Setting& outbound, const ConnectorContext& context) {
  auto made = make(outbound, context);
  if (made.has_error()) return made.error();
  return std::shared_ptr<OutboundConnector>(std::move(*made));
}

Result<std::shared_ptr<QueryConnector>> make_query(const Setting& outbound, const ConnectorContext& context) {
  auto made = make(outbound, context);
  if (made.has_error()) return made.error();
  return std::shared_ptr<QueryConnector>(std::move(*made));
}

}  // namespace

constinit const ConnectorType kSoapConnector{.name = "soap",
                                             .outbound_spec = &kSoapConnectorSpec,
                                             .make_outbound = make_outbound,
                                             .inbound_spec = &kSoapIntakeSpec,
                                             .make_inbound = make_inbound,
                                             .make_query = make_query};

}  // namespace tongqu
