#pragma once
// Attachments on the partner side (docs/attachments.md; docs/decisions/0007 says why this way).
//
//   POST   /exchange/v1/attachments             declares one: 201 and where it is; 200 when it was declared before
//   HEAD   /exchange/v1/attachments/{id}        Upload-Offset, Upload-Length, Tongqu-State
//   PATCH  /exchange/v1/attachments/{id}        bytes from Upload-Offset on: 204 with the new Upload-Offset
//   GET    /exchange/v1/attachments/{id}        the content, whole or a Range
//   GET    /exchange/v1/attachments/{id}/state  the same as HEAD, as JSON
//   DELETE /exchange/v1/attachments/{id}        gives up what is not finished
//
// Every request is authenticated first. A partner sees its own attachments and those it was permitted to read; all
// others do not exist for it. Thread-safe. Disk work runs on threads of its own.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/attachment_derive.hpp"
#include "gateway/core/attachment_forms.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/http.hpp"
#include "gateway/core/identity.hpp"
#include "gateway/net/io_pool.hpp"

namespace tongqu {

struct AttachmentApiOptions {
  int retry_after_s = 2;  // told with 429 and 503
  // Of the active configuration; nothing = it may not upload.
  std::function<std::optional<AttachmentGrant>(const PartnerId&)> grant;
  // Nothing is given out, not even to its owner, before the scanner called it clean.
  bool scanned_only = false;
  // Which bytes a partner that does not own the attachment may read; gateway.not-found where it may not know of it.
  // Empty = never any.
  std::function<Result<AttachmentForm>(const PartnerId&, const Attachment&)> form_for;
  // Puts on record that content is about to go to a partner that does not own it, in which form and with which digest,
  // and waits for that; on failure nothing goes. Empty = not recorded.
  std::function<Status(const Identity&, const Attachment& given, AttachmentForm form)> note_read;
};

// What it works with; all outlive it.
struct AttachmentApiTools {
  AttachmentStore& store;
  DerivativeStore& derivatives;
  const Codec& json;
  const Suite& gm;
  const Suite& intl;
  net::IoPool& workers;
};

class AttachmentApi final : public HttpHandler {
 public:
  static constexpr std::string_view kPath = kAttachmentPath;

  // `authenticator` gives the current one. `intake` counts what could not be authenticated.
  AttachmentApi(AttachmentApiOptions options, AttachmentApiTools tools,
                std::function<std::shared_ptr<const Authenticator>()> authenticator, Intake& intake);
  // Requests below kPath, and no others.
  void handle(HttpRequest request, Done done) override;
  [[nodiscard]] std::unique_ptr<BodySink> stream_body(const HttpRequest& head) override;
  // True for a target of this interface.
  [[nodiscard]] static bool owns(std::string_view target);

 private:
  [[nodiscard]] Result<Identity> authenticate(const HttpRequest& request) const;
  [[nodiscard]] HttpResponse answer(const HttpRequest& request, const Identity& identity);
  [[nodiscard]] HttpResponse declare(const HttpRequest& request, const Identity& identity);
  [[nodiscard]] HttpResponse content(const HttpRequest& request, const Identity& identity, const AttachmentId& id);
  // What a partner gets of an attachment.
  struct Seen {
    Attachment attachment;  // the original, or the copy under the original's id where that is what it gets
    AttachmentId content;   // what to open
    AttachmentForm form = AttachmentForm::kOriginal;
  };
  // gateway.not-found, attachment.withheld; with `whole` also what keeps the content from it now or for good.
  [[nodiscard]] Result<Seen> seen(const AttachmentId& id, const PartnerId& partner, bool whole) const;
  [[nodiscard]] Status show_copy(Seen& seen, bool whole) const;
  [[nodiscard]] HttpResponse problem(const HttpRequest& request, const Error& error) const;
  void on_worker(std::function<void()> work);

  AttachmentApiOptions options_;
  AttachmentApiTools tools_;
  std::function<std::shared_ptr<const Authenticator>()> authenticator_;
  Intake& intake_;
};

}  // namespace tongqu
