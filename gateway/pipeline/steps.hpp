#pragma once
// The steps of the line, in order. Each returns an error to turn the message back, or lets it go on; what is wrong
// with a citizen's matter is a finding and a task, not an error (design: citizens' matters are not turned back).
// None performs I/O except the look-ups of attachments in `refer` and of an origin in `route`, and the wish for copies
// of attachments in `outbox_rows`.
#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "gateway/core/attachment_derive.hpp"
#include "gateway/core/attachment_fetch.hpp"
#include "gateway/core/attachment_forms.hpp"
#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/grants.hpp"
#include "gateway/core/person_index.hpp"
#include "gateway/pipeline/exchange.hpp"

namespace tongqu {

// What the line uses of other rooms; all outlive it, all are thread-safe.
struct LineTools {
  const Suite& suite;
  const Sealer& sealer;
  const FieldCommitter& committer;
  const Codec& json;  // form of stored records
  const Clock& clock;
  AttachmentStore* attachments = nullptr;  // without it a URL is a URL, and content in a record is dropped
  // What a partner may bring along; nothing = no attachments. With `attachments` only.
  std::function<std::optional<AttachmentGrant>(const PartnerId&)> attachment_grant = {};
  FetchStore* fetches = nullptr;           // with `attachment_grant`; without it addresses are left as they are
  const PersonMarker* persons = nullptr;   // without it nobody is found again
  const GrantBook* grants = nullptr;       // without it no condition of a rule is met
  DerivativeStore* derivatives = nullptr;  // with `attachments`; without it no copies are made
};

// Token bucket per partner. Thread-safe. Bounded by the number of partners of the plan.
class RateLimiter {
 public:
  // False: no token left; `retry_after_ms` is set to the wait for the next one.
  bool take(const PartnerPlan& partner, std::int64_t steady_ms, std::int64_t& retry_after_ms);

 private:
  struct Bucket {
    double tokens = 0;
    std::int64_t filled_ms = 0;
    bool started = false;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

namespace steps {

// Largest Idempotency-Key that is taken, in bytes.
inline constexpr std::size_t kMaxIdempotencyKeyBytes = 128;

[[nodiscard]] Status admit(Exchange& exchange, RateLimiter& limiter, const Clock& clock);
// True when a content type names the codec's format.
[[nodiscard]] bool is_same_format(std::string_view got, std::string_view expected);
[[nodiscard]] Status decode(Exchange& exchange, const Suite& suite);
[[nodiscard]] Status validate(Exchange& exchange);
// `tools` null: a rehearsal, nothing is stored.
[[nodiscard]] Status canonicalise(Exchange& exchange, const LineTools* tools);
// Moves content that stands in the record (attachments[].content, base64) into the attachment store and puts its URL in
// its place; `content` is gone afterwards in any case. False: findings say why one of them could not be kept. Fails
// when the store cannot take it now.
[[nodiscard]] Result<bool> take_inline_attachments(Exchange& exchange, const LineTools* tools);
// Has the attachments fetched that the record names by an address elsewhere, where the partner's settings say so, and
// puts their own URL in its place. False: findings say which could not be; their addresses stay. Fails as above.
[[nodiscard]] Result<bool> want_attachments(Exchange& exchange, const LineTools& tools);
// Puts "attachment-<n>.<ending>" in the place of every name of an attachment: a file name may tell who a person is. The
// sender's own stands in the sealed original, and sealed beside the attachment, for its owner.
void name_attachments(Exchange& exchange);
[[nodiscard]] Status refer(Exchange& exchange, const LineTools& tools);
// The part of refer() that finds: whether every attachment of this gateway that the record names is its sender's and
// stored; what is not is a finding. Fails when that cannot be known now.
[[nodiscard]] Result<bool> find_attachments(Exchange& exchange, const LineTools& tools);
[[nodiscard]] Status route(Exchange& exchange, Store& store);
// `tools` null: a rehearsal or a question, for which nobody grants anything. What waits for a release has no bytes.
[[nodiscard]] Status view_and_render(Exchange& exchange, const LineTools* tools);
// One recipient's message under what was decided about it. It waits as well when it names an attachment that its policy
// gives in the original on release only (waiting: "attachments[]"), and nobody decided yet.
[[nodiscard]] RenderedMessage render_for(const RecipientPlan& recipient, const Exchange& exchange,
                                         const Decisions& decisions);
// What is in force for this message now.
[[nodiscard]] std::vector<GrantInForce> grants_for(const RecipientPlan& recipient, const Exchange& exchange,
                                                   const LineTools& tools);

// What a recipient's document has to be. `document` null: nothing is known of it.
struct DocumentRule {
  const Schema* document = nullptr;
  bool cut_overlong = false;  // free text that is too long is cut, and says so; else a person has to see it
};
// The end of a text that was cut; it counts for the length.
inline constexpr std::string_view kCutMark = "……【超长，已截断】";
// Holds `rendered` against its schema: render.document with every fault, when it is not what the recipient takes. Texts
// that are cut are changed in it. The messages of the line, and the cases of `tongqu test`.
[[nodiscard]] Status check_document(Document& rendered, const DocumentRule& rule);

// The second half of it, for any view: the mapping is handed the view, its document is checked and goes through the
// codec.
[[nodiscard]] Result<std::unique_ptr<OutboundBytes>> render(const Mapper& mapping, const Codec& codec, View view,
                                                            const DocumentRule& rule = {});

// The last step's input: everything sealed, the audit entry made. Fails when sealing fails.
[[nodiscard]] Result<NewExchange> assemble(const Exchange& exchange, const LineTools& tools);

// Outbox rows of what was rendered, sealed under `key`, and the member `disclosed` for the audit entry.
// `replacement` > 1 numbers message ids that replace an earlier one.
struct OutboxRows {
  std::vector<NewOutbox> rows;
  std::vector<NewTask> tasks;  // one for each row that is held
  std::string disclosed;       // canonical JSON list
};
[[nodiscard]] Result<OutboxRows> outbox_rows(const Exchange& exchange, const SealKey& key, const LineTools& tools,
                                             std::int32_t replacement = 1);
// Attachments belong to whose matter the label of their address says; without a label to the one who is protected most.
[[nodiscard]] std::string subject_of_attachments(const Exchange& exchange);
// Attachments of the exchange that the bytes for a recipient name.
[[nodiscard]] std::vector<const NamedAttachment*> named_in(const OutboundBytes& bytes, const Exchange& exchange);
// By what the persons of the record are found again.
[[nodiscard]] std::vector<PersonMark> persons_of(const Exchange& exchange, const LineTools& tools);
// Findings as canonical JSON for the store, those of documents that could not be rendered with their recipient; no
// values.
[[nodiscard]] std::string findings_json(const Exchange& exchange);

}  // namespace steps
}  // namespace tongqu
