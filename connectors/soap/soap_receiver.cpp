#include "connectors/soap/soap_receiver.hpp"

#include <algorithm>

#include "connectors/soap/multipart.hpp"
#include "connectors/soap/soap_codes.hpp"
#include "connectors/soap/soap_text.hpp"
#include "gateway/core/text.hpp"
#include "gateway/net/problem.hpp"

namespace tongqu::soap {
namespace {

constexpr std::string_view kAnonymous[] = {"http://www.w3.org/2005/08/addressing/anonymous",
                                           "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"};
constexpr std::size_t kMaxKeyBytes = 120;
constexpr std::size_t kMaxNonceBytes = 128;

Error refused() { return make_error(codes::kSoapCredentials); }

// Unknown user and wrong password look and last alike.
bool matches(const Credentials& expected, std::string_view user, std::string_view password) {
  const bool user_fits = equal_constant_time(user, expected.user);
  const bool password_fits = equal_constant_time(password, expected.password);
  return user_fits && password_fits;
}

bool is_xml(const MediaType& media) {
  return media.type == "text/xml" || media.type == "application/soap+xml" || media.type == "application/xml" ||
         media.type == "application/xop+xml";
}

// Values of a message id that a key may have: visible ASCII. Another id is no key, the de-duplication rule decides.
std::string key_of(const std::string& message_id) {
  const bool visible = std::all_of(message_id.begin(), message_id.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  return visible && message_id.size() <= kMaxKeyBytes ? message_id : std::string();
}

std::string soap_action(const HttpRequest& request) {
  const std::string_view value = header(request.headers, "SOAPAction");
  if (!value.empty()) return std::string(value);
  return parse_media_type(header(request.headers, "Content-Type")).parameter("action");
}

const SoapParameter* find_parameter(const SoapMessage& message, std::string_view name) {
  const auto found = std::find_if(message.parameters.begin(), message.parameters.end(),
                                  [name](const SoapParameter& one) { return one.name == name; });
  return found == message.parameters.end() ? nullptr : &*found;
}

}  // namespace

Status Receiver::admits_network(const HttpRequest& request) const {
  if (proofs_.network && !proofs_.network(request.peer.address)) return make_error(codes::kSoapNetwork);
  return {};
}

Status Receiver::admits_reader(const HttpRequest& request) const {
  if (request.peer.only_partner.empty()) return admits_network(request);
  const auto identity = http_identity(request);
  if (identity.has_error()) return identity.error();
  return identity->method.empty() ? Status(refused()) : Status();
}

Result<Identity> Receiver::http_identity(const HttpRequest& request) const {
  if (auto status = admits_network(request); status.has_error()) return status.error();
  Identity identity;
  identity.partner = service_.partner;
  if (proofs_.http != nullptr) {
    auto proven = proofs_.http->authenticate(request);
    if (proven.has_error()) return proven.error();
    identity = std::move(*proven);
  }
  if (service_.credentials.kind == CredentialKind::kBasic) {
    std::string_view value = header(request.headers, "Authorization");
    if (value.size() < 6 || !equal_without_case(value.substr(0, 6), "basic ")) return refused();
    const auto pair = from_base64(trimmed(value.substr(6)));
    const auto colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos) return refused();
    if (!matches(service_.credentials, pair->substr(0, colon), pair->substr(colon + 1))) return refused();
    identity.method += identity.method.empty() ? "soap:basic" : "+soap:basic";
  }
  return identity;
}

Result<SoapMessage> Receiver::read(const HttpRequest& request, Caller& caller) const {
  MediaType media = parse_media_type(header(request.headers, "Content-Type"));
  if (media.type == "application/soap+xml") caller.version = SoapVersion::k12;
  SoapReadOptions options;
  options.limits = service_.limits;
  options.max_inline_bytes = service_.max_inline_bytes;
  options.drop_namespaces = service_.drop_namespaces;
  const std::vector<std::string> secrets = service_.secret_parameters();
  options.set_apart = secrets;
  Related related;
  std::vector<SoapAttachment> attachments;
  std::string_view bytes = request.body;
  if (media.type == "multipart/related") {
    auto taken = parse_related(media, request.body);
    if (taken.has_error()) return taken.error();
    related = std::move(*taken);
    for (const Part& part : related.others) attachments.push_back({part.content_id, part.body});
    options.attachments = attachments;
    bytes = related.root.body;
    media = related.root.type;
  }
  if (!is_xml(media)) return make_error(codes::kSoapContentType);
  const std::string charset = media.parameter("charset");
  options.charset = charset;
  auto message = codec_.read(bytes, options);
  if (message.has_error()) return message.error();
  caller.version = message->version;
  caller.charset = message->charset;
  caller.addressing = message->addressing;
  if (header(request.headers, "Accept-Language").empty() && caller.charset.starts_with("GB")) {
    caller.lang = Lang::kChinese;
  }
  // Silence would lose what the sender attached.
  const std::size_t used = attachments.empty() ? 0 : message->attachments_used;
  if (used < attachments.size()) return make_error(codes::kSoapAttachmentLoose);
  return message;
}

Status Receiver::prove_token(const SoapMessage& message, Instant now, Identity& identity) const {
  const Credentials& expected = service_.credentials;
  if (!message.username_token) return refused();
  const SoapUsernameToken& token = *message.username_token;
  if (!token.digest) {
    if (!expected.text_allowed || !matches(expected, token.username, token.password)) return refused();
    identity.method += "soap:username-token";
    return {};
  }
  if (!expected.digest_allowed || proofs_.security == nullptr) return refused();
  const auto nonce = from_base64(token.nonce);
  if (!nonce || nonce->empty() || token.nonce.size() > kMaxNonceBytes) return refused();
  const std::string right = proofs_.security->password_digest(*nonce, token.created, expected.password);
  const bool user_fits = equal_constant_time(token.username, expected.user);
  if (!equal_constant_time(token.password, right) || !user_fits) return refused();
  // The digest covers the time, so a wrong one here is the sender's clock and nobody's forgery.
  const auto created = parse_rfc3339(token.created);
  if (!created || std::abs(created->ms - now.ms) > expected.max_clock_skew_ms) return make_error(codes::kSoapClock);
  identity.method += "soap:username-digest";
  identity.nonce = token.nonce;
  // Behind that time `created` itself is refused.
  identity.nonce_expires_ms = created->ms + expected.max_clock_skew_ms + 1;
  return {};
}

Status Receiver::prove_parameters(const SoapMessage& message, Identity& identity) const {
  const Credentials& expected = service_.credentials;
  const SoapParameter* user =
      expected.user_parameter.empty() ? nullptr : find_parameter(message, expected.user_parameter);
  const SoapParameter* password = find_parameter(message, expected.password_parameter);
  const std::string no_text;
  // A service may know a token only; the configured user is empty then.
  const std::string& name = user == nullptr ? no_text : user->text;
  if (password == nullptr || !matches(expected, trimmed(name), trimmed(password->text))) return refused();
  identity.method += "soap:parameters";
  return {};
}

// An id outside the signature is nobody's: it would make another message of a copy.
Status Receiver::prove_signature(SoapMessage& message, Instant now, Identity& identity) const {
  if (!message.is_signed || proofs_.signature == nullptr) return refused();
  if (message.attachments_used > 0) return make_error(codes::kSoapAttachmentUnsigned);
  auto signature = proofs_.signature->verify(message.text, now);
  if (signature.has_error()) return signature.error();
  if (!signature->covers_addressing) message.addressing.message_id.clear();
  identity.method += "soap:x509";
  identity.nonce = std::move(signature->digest);
  // Behind that time the signed one is refused.
  identity.nonce_expires_ms = signature->created_ms + service_.credentials.max_clock_skew_ms + 1;
  identity.signature = std::move(signature->value);
  return {};
}

Status Receiver::prove(SoapMessage& message, Instant now, Identity& identity) const {
  if (!identity.method.empty() && service_.credentials.kind != CredentialKind::kNone &&
      service_.credentials.kind != CredentialKind::kBasic) {
    identity.method += "+";
  }
  switch (service_.credentials.kind) {
    case CredentialKind::kParameters: return prove_parameters(message, identity);
    case CredentialKind::kUsernameToken: return prove_token(message, now, identity);
    case CredentialKind::kSignature: return prove_signature(message, now, identity);
    default: return {};
  }
}

Status Receiver::check_headers(const SoapMessage& message) const {
  const CredentialKind kind = service_.credentials.kind;
  const bool secures = kind == CredentialKind::kUsernameToken || kind == CredentialKind::kSignature;
  for (const SoapHeader& one : message.headers) {
    const bool known = (one.name.uri == kWsseUri && one.name.local == "Security" && secures) ||
                       (!message.addressing.uri.empty() && one.name.uri == message.addressing.uri);
    if (one.must_understand && !known) return make_error(codes::kSoapMustUnderstand);
  }
  const std::string& reply_to = message.addressing.reply_to;
  if (!reply_to.empty() && std::find(std::begin(kAnonymous), std::end(kAnonymous), reply_to) == std::end(kAnonymous)) {
    return make_error(codes::kSoapReplyTo);
  }
  return {};
}

Result<std::string> Receiver::document_of(SoapMessage& message, const Operation& operation) const {
  if (!operation.in_string) return std::move(message.payload);
  const std::vector<std::string> secrets = service_.secret_parameters();
  const SoapParameter* found = nullptr;
  for (const SoapParameter& one : message.parameters) {
    const bool wanted = operation.parameter.empty()
                            ? std::find(secrets.begin(), secrets.end(), one.name) == secrets.end()
                            : one.name == operation.parameter || one.name.empty();
    if (!wanted) continue;
    if (found != nullptr) return make_error(codes::kSoapParameter, operation.parameter);
    found = &one;
  }
  if (found == nullptr || found->has_elements) return make_error(codes::kSoapParameter, operation.parameter);
  return inner_document(found->text);
}

Result<InboundMessage> Receiver::receive(HttpRequest& request, Caller& caller) const {
  caller.lang = preferred_language(header(request.headers, "Accept-Language"));
  auto identity = http_identity(request);
  if (identity.has_error()) return identity.error();
  auto message = read(request, caller);
  if (message.has_error()) return message.error();
  const bool is_signed = service_.credentials.kind == CredentialKind::kSignature;
  const Operation* operation = service_.find(message->operation, is_signed ? std::string() : soap_action(request));
  // Known first, so that also a refusal can be a return value of the operation.
  if (operation != nullptr) caller.operation = operation->name;
  if (auto status = prove(*message, request.received_at, *identity); status.has_error()) return status.error();
  if (auto status = check_headers(*message); status.has_error()) return status.error();
  if (operation == nullptr || message->fault) return make_error(codes::kSoapOperation);
  auto document = document_of(*message, *operation);
  if (document.has_error()) return document.error();
  InboundMessage in;
  in.service = operation->service;
  in.body = std::move(*document);
  in.content_type = "application/xml";
  in.idempotency_key = key_of(message->addressing.message_id);
  if (in.idempotency_key.empty() && !is_signed) in.idempotency_key = header(request.headers, "Idempotency-Key");
  in.traceparent = header(request.headers, "traceparent");
  mark_legacy(request.peer, *identity);
  in.identity = std::move(*identity);
  in.received_at = request.received_at;
  in.source_address = request.peer.address;
  return in;
}

}  // namespace tongqu::soap
