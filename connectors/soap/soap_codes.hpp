#pragma once
// Errors of the SOAP connector.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kSoapSetup;               // {}: what does not fit together
extern const ErrorCode kSoapMethod;              // neither POST nor GET ?wsdl
extern const ErrorCode kSoapContentType;         // not XML, not multipart/related
extern const ErrorCode kSoapMultipart;           // multipart/related that cannot be taken apart
extern const ErrorCode kSoapAttachmentLoose;     // an attachment that nothing refers to
extern const ErrorCode kSoapAttachmentUnsigned;  // an attachment beside a signature
extern const ErrorCode kSoapOperation;           // an operation that there is not
extern const ErrorCode kSoapParameter;           // {}: the parameter with the document
extern const ErrorCode kSoapString;              // a string that holds no document
extern const ErrorCode kSoapMustUnderstand;      // a header with mustUnderstand
extern const ErrorCode kSoapReplyTo;             // an answer wanted elsewhere
extern const ErrorCode kSoapCredentials;         // missing or wrong
extern const ErrorCode kSoapClock;               // created too long ago or ahead
extern const ErrorCode kSoapNetwork;             // from outside the networks
extern const ErrorCode kSoapFaultSender;         // the partner answered with a fault that blames the message
extern const ErrorCode kSoapFaultReceiver;       // … that blames itself
extern const ErrorCode kSoapReturned;            // a return value that means failure
extern const ErrorCode kSoapReturnedLater;       // a return value that means later
extern const ErrorCode kSoapAnswer;              // not the agreed form
extern const ErrorCode kSoapStatus;              // {}: HTTP status
extern const ErrorCode kSoapNoOperation;         // {}: the service without an operation

std::span<const ErrorCode* const> soap_codes();

}  // namespace tongqu::codes
