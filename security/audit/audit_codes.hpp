#pragma once
// Errors of security/audit: the log, its proofs, and what an offline check finds. None carries a value of an entry.
#include <span>

#include "gateway/core/error.hpp"

namespace tongqu::codes {

extern const ErrorCode kAuditKeyText;       // a verifier key text is malformed
extern const ErrorCode kAuditNote;          // a signed note is malformed
extern const ErrorCode kAuditSignature;     // a signed note is not signed by this key
extern const ErrorCode kAuditOrigin;        // a checkpoint is of another log
extern const ErrorCode kAuditCheckpoint;    // a checkpoint's text is malformed
extern const ErrorCode kAuditRoot;          // the computed root is not the checkpoint's
extern const ErrorCode kAuditRestore;       // the stored tree is incomplete; param = which part
extern const ErrorCode kAuditBatch;         // a batch is empty or too large; param = the limit
extern const ErrorCode kAuditSequence;      // a batch was accepted that was not the last prepared
extern const ErrorCode kAuditRange;         // an index or a size lies outside the tree
extern const ErrorCode kAuditTile;          // a tile is shorter than the tree says
extern const ErrorCode kAuditForm;          // not the members or kinds of the format; param = the first that is wrong
extern const ErrorCode kAuditNotCanonical;  // not canonical JSON
extern const ErrorCode kAuditPath;          // an inclusion path does not lead to the root
extern const ErrorCode kAuditLineEnd;       // an export line is too long or not ended by a line feed
extern const ErrorCode kAuditMissing;       // an export ends early; param = what was expected
extern const ErrorCode kAuditAdditional;    // bytes after the last line of an export
extern const ErrorCode kAuditIndex;         // an entry is missing, repeated or out of order; param = expected index
extern const ErrorCode kAuditLeaf;          // an entry does not hash to its leaf
extern const ErrorCode kAuditTileRoot;      // leaves do not lead to the root of their tile; param = the tile
extern const ErrorCode kAuditSize;          // the checkpoint is of another size than the export
extern const ErrorCode kAuditRecord;        // field commitments do not lead to the entry's record
extern const ErrorCode kAuditOpened;        // an opened field does not match its commitment
extern const ErrorCode kAuditConfig;        // evidence names another configuration than its entry

[[nodiscard]] std::span<const ErrorCode* const> audit_codes();

}  // namespace tongqu::codes
