#pragma once
// Error codes of the HTTP sessions. Texts name rules and limits, never anything received.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

// What a request head or body is refused for.
extern const ErrorCode kNetBareLineFeed;
extern const ErrorCode kNetBareCarriageReturn;
extern const ErrorCode kNetControlByte;
extern const ErrorCode kNetFoldedLine;
extern const ErrorCode kNetSpaceBeforeColon;
extern const ErrorCode kNetHeaderName;
extern const ErrorCode kNetHeaderValue;
extern const ErrorCode kNetHeaderAmbiguous;
extern const ErrorCode kNetRequestLine;
extern const ErrorCode kNetMethod;
extern const ErrorCode kNetTarget;
extern const ErrorCode kNetVersion;  // 505
extern const ErrorCode kNetHost;
extern const ErrorCode kNetContentLength;
extern const ErrorCode kNetContentLengthRepeated;
extern const ErrorCode kNetLengthConflict;
extern const ErrorCode kNetTransferEncoding;
extern const ErrorCode kNetBodyUnexpected;
extern const ErrorCode kNetHeadTooLarge;    // 431
extern const ErrorCode kNetTooManyHeaders;  // 431
extern const ErrorCode kNetBodyTooLarge;    // 413
extern const ErrorCode kNetChunk;
extern const ErrorCode kNetTrailer;
extern const ErrorCode kNetExpectation;  // 417
// What the server answers on its own account.
extern const ErrorCode kNetHeadTimeout;            // 408
extern const ErrorCode kNetBodyTimeout;            // 408
extern const ErrorCode kNetAnswerTimeout;          // 504
extern const ErrorCode kNetConnections;            // 503
extern const ErrorCode kNetConnectionsPerAddress;  // 429
extern const ErrorCode kNetStranger;               // ListenerOptions::admits says no; never sent
extern const ErrorCode kNetBusy;                   // 503: max_in_flight_bytes is reached
extern const ErrorCode kNetAnswerInvalid;          // 500: a handler's answer that cannot be written
extern const ErrorCode kNetListen;                 // the address cannot be listened on
extern const ErrorCode kNetOptions;                // an option is out of its range; the parameter names it
// What a client's request failed with (NetError::phase says whether bytes have left).
extern const ErrorCode kNetRequestInvalid;
extern const ErrorCode kNetQueueFull;
extern const ErrorCode kNetTooManyOrigins;
extern const ErrorCode kNetClientStopped;
extern const ErrorCode kNetResolve;
extern const ErrorCode kNetConnect;
extern const ErrorCode kNetAddressForbidden;  // ClientOptions::permits
extern const ErrorCode kNetConnectTimeout;
extern const ErrorCode kNetTlsRefused;
extern const ErrorCode kNetProxyRefused;
extern const ErrorCode kNetProxyAuthorization;
extern const ErrorCode kNetRequestTimeout;
extern const ErrorCode kNetConnectionCut;
extern const ErrorCode kNetStatusLine;
extern const ErrorCode kNetAnswerTooLarge;

[[nodiscard]] std::span<const ErrorCode* const> net_codes();
// HTTP status of a code: that of its kind, except for the codes marked above.
[[nodiscard]] int net_status(const ErrorCode& code);

}  // namespace tongqu::codes
