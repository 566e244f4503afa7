#pragma once
// SOAP 1.1 and 1.2 envelopes as values. The connector speaks the protocol; a SoapCodec turns bytes into these values
// and back, since XML is read in one room only.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/codec.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/text.hpp"

namespace tongqu {

enum class SoapVersion : std::uint8_t { k11, k12 };

inline constexpr std::string_view kSoap11Uri = "http://schemas.xmlsoap.org/soap/envelope/";
inline constexpr std::string_view kSoap12Uri = "http://www.w3.org/2003/05/soap-envelope";
inline constexpr std::string_view kWsseUri =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

struct SoapName {
  std::string uri;  // namespace, may be empty
  std::string local;
  friend bool operator==(const SoapName&, const SoapName&) = default;
};

// A header block that is meant for us (no actor or role, "next", or the ultimate receiver).
struct SoapHeader {
  SoapName name;
  bool must_understand = false;
};

// wsse:UsernameToken 1.0.
struct SoapUsernameToken {
  std::string username;
  std::string password;  // clear, or Base64(SHA-1(nonce + created + clear))
  bool digest = false;   // #PasswordDigest
  std::string nonce;     // base64, as received
  std::string created;   // as received
};

// A direct child of the payload. `text` is its character data, references resolved; empty when it has elements.
struct SoapParameter {
  std::string name;
  std::string text;
  bool has_elements = false;
};

enum class SoapFaultSide : std::uint8_t { kSender, kReceiver, kVersion, kMustUnderstand };
struct SoapFault {
  SoapFaultSide side = SoapFaultSide::kReceiver;
  std::string code;  // local part as received: "Server.userException"; of 1.2 the subcode, if there is one
};

// WS-Addressing 1.0 and its submission of 2004. Empty uri: none was there.
struct SoapAddressing {
  std::string uri;
  std::string message_id;
  std::string relates_to;
  std::string action;
  std::string reply_to;  // address; empty or an anonymous one = answer on the connection
};

struct SoapMessage {
  SoapVersion version = SoapVersion::k11;
  std::string charset;  // in which it came, as a label; the answer goes out in the same
  std::vector<SoapHeader> headers;
  SoapAddressing addressing;
  std::optional<SoapUsernameToken> username_token;
  bool is_signed = false;  // wsse:Security holds an XML signature, which nobody checked yet
  std::string text;        // the envelope in UTF-8, for that check; empty unless it is signed
  SoapName operation;      // the payload's element; empty when the body is empty
  std::string payload;     // document of its own, UTF-8 without declaration; empty with a fault or an empty body
  // Every child, those that were set apart included; without any, the payload's own text under an empty name.
  std::vector<SoapParameter> parameters;
  std::optional<SoapFault> fault;
  std::size_t attachments_used = 0;  // different ones that the payload refers to
};

// A part of a multipart/related message other than the root.
struct SoapAttachment {
  std::string_view content_id;  // without < and >
  std::string_view bytes;
};

struct SoapReadOptions {
  DecodeLimits limits;
  // charset of Content-Type. It counts when the bytes are of it, else the XML declaration, else UTF-8.
  std::string_view charset;
  std::span<const SoapAttachment> attachments;
  std::size_t max_inline_bytes = 256 * 1024;  // all attachments together that are put into the payload as base64
  std::span<const std::string> set_apart;     // names of the payload's children that hold credentials
  bool drop_namespaces = false;               // the payload's names become bare local names
};

// How a document becomes an element of a body.
struct SoapElementOptions {
  std::optional<SoapName> root;  // renames the root
  bool typed = false;            // rpc/encoded: xsi:type="xsd:string" at every leaf
};

// Thread-safe, stateless.
class SoapCodec {
 public:
  virtual ~SoapCodec() = default;
  // Reads an envelope. DOCTYPE, hence every entity, is refused; nothing is loaded; depth, elements, references (href/id
  // of rpc/encoded) and bytes are bounded. In the payload xsi:type, encoding attributes and security ids are left out,
  // references and xop:Include are replaced by what they mean. Fails with xml.*, charset.* or envelope.*, each with one
  // fault with its position.
  [[nodiscard]] virtual Result<SoapMessage> read(std::string_view bytes, const SoapReadOptions& options) const = 0;
  // `document`, a document of its own in any charset, as an element in UTF-8 without declaration.
  [[nodiscard]] virtual Result<std::string> element(std::string_view document,
                                                    const SoapElementOptions& options) const = 0;
  // `document` as UTF-8 characters, its declaration included.
  [[nodiscard]] virtual Result<std::string> characters(std::string_view document) const = 0;
  // Text of the first element named `local` in document order; kNotFound when there is none, else as read.
  [[nodiscard]] virtual Result<std::string> text_of(std::string_view document, std::string_view local) const = 0;
  // `utf8`, an envelope without declaration, with declaration and in `charset` (a label that read gave or that the
  // configuration checked). Characters that the charset lacks become references. Fails with charset.*.
  [[nodiscard]] virtual Result<Bytes> encode(std::string_view utf8, std::string_view charset) const = 0;
  // True when `label` names a charset.
  [[nodiscard]] virtual bool knows_charset(std::string_view label) const = 0;
};

}  // namespace tongqu
