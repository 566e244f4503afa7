#pragma once
// Errors of the database connector. Where a code has a parameter, it is a name from the configuration or an SQLSTATE.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kDbUnreachable;    // no connection, or it was lost
extern const ErrorCode kDbBusy;           // locked, deadlocked, or every connection of ours is at work
extern const ErrorCode kDbTimeout;        // the statement took too long; whether it took effect is not known
extern const ErrorCode kDbStatement;      // the server turned the statement back: a table, a column, a right
extern const ErrorCode kDbData;           // the server turned the values back: too long, NULL, a constraint
extern const ErrorCode kDbIdConflict;     // our message id stands there with another digest
extern const ErrorCode kDbPartnerFailed;  // the partner's job set the row to failed
extern const ErrorCode kDbNoAcknowledgement;
extern const ErrorCode kDbRowText;     // a value is not UTF-8
extern const ErrorCode kDbRowEmpty;    // no payload
extern const ErrorCode kDbRowLarge;    // above max_row
extern const ErrorCode kDbRowCut;      // the driver handed out less than the server has
extern const ErrorCode kDbRowDigest;   // the digest column does not fit the payload
extern const ErrorCode kDbRowService;  // the service column has a value that the configuration does not know
extern const ErrorCode kDbRowNumber;   // a column of the kind number holds something else
extern const ErrorCode kDbRowGone;     // a claimed row is no longer there
extern const ErrorCode kDbBody;        // a body that has to be taken apart is no JSON object
extern const ErrorCode kDbIdentifier;
extern const ErrorCode kDbConnection;
extern const ErrorCode kDbTls;
extern const ErrorCode kDbDialect;

std::span<const ErrorCode* const> database_codes();

}  // namespace tongqu::codes
