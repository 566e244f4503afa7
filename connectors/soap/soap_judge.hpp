#pragma once
// What a partner's answer means, without I/O.
//
//   fault that blames the message (Client, Sender, VersionMismatch, MustUnderstand)    `sender_fault`, default refused
//   fault that blames the partner (Server, Receiver, anything else)                    `receiver_fault`, default retry
//   return value among `success` (or none agreed)                                      delivered
//   return value among `retry`                                                         retry
//   any other return value                                                             refused
//   HTTP 400, 413, 415, 422 without an envelope                                        refused
//   any other status outside 2xx without an envelope                                   retry
//   2xx that is none of this, or an answer to another message                          no answer
//
// A question's answer is judged by the same rules; what would be *delivered* is *answered*, a return value among
// `not_found` says that there is no such record, and whatever is neither of these nor a refusal is *unavailable*.
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/codec.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/soap.hpp"

namespace tongqu::soap {

struct JudgeOptions {
  // The element or, in a JSON text, the member (path) that holds the value; empty = the whole return text. It is looked
  // for among the answer's parameters, then in the document that the return text holds.
  std::string value;
  std::vector<std::string> success;  // empty: any answer that is no fault
  std::vector<std::string> retry;
  std::vector<std::string> not_found;  // of questions; the partner has no such record
  bool document_in_string = false;     // of questions: the answer's document is the text of a parameter
  DeliveryVerdict sender_fault = DeliveryVerdict::kRefused;
  DeliveryVerdict receiver_fault = DeliveryVerdict::kRetry;
};

struct HttpAnswer {
  int status = 0;
  std::string_view content_type;
  std::string_view body;
};

class Judge {
 public:
  // `codec` and `json` outlive the judge.
  Judge(JudgeOptions options, const SoapCodec& codec, const Codec& json)
      : options_(std::move(options)), codec_(codec), json_(json) {}
  // `relates_to`: the id that an answer with WS-Addressing must name; empty = not asked.
  [[nodiscard]] DeliveryOutcome judge(const HttpAnswer& answer, const std::string& relates_to) const;
  // kAnswered carries the payload, or the document in its string, as application/xml in UTF-8; a string that is JSON as
  // application/json.
  [[nodiscard]] QueryOutcome judge_question(const HttpAnswer& answer, const std::string& relates_to) const;

 private:
  // Reads the envelope into `message`. An outcome when that alone decides: no envelope, a fault, another's answer.
  [[nodiscard]] std::optional<DeliveryOutcome> judge_envelope(const HttpAnswer& answer, const std::string& relates_to,
                                                              SoapMessage& message) const;
  // False: there is no document where it was agreed to be.
  bool take_document(SoapMessage& message, QueryOutcome& outcome) const;
  [[nodiscard]] Result<SoapMessage> read(const HttpAnswer& answer) const;
  [[nodiscard]] DeliveryOutcome judge_return(const SoapMessage& message, DeliveryOutcome outcome) const;
  // The agreed value; empty: it is not there.
  [[nodiscard]] std::optional<std::string> value_in(const SoapMessage& message) const;
  [[nodiscard]] std::optional<std::string> value_in_text(const std::string& text) const;

  JudgeOptions options_;
  const SoapCodec& codec_;
  const Codec& json_;
};

}  // namespace tongqu::soap
