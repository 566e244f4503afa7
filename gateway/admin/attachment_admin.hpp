#pragma once
// The part of the admin interface for attachments, /admin/v1/attachments/…; the caller has checked the token. No answer
// holds a file name or content.
//
//   GET  attachments?state&owner&before&limit    newest first; state: a name of AttachmentState, or "all"
//   GET  attachments/{id}
//   POST attachments/{id}/release                a person vouches for what was quarantined or has no verdict
//   POST attachments/{id}/remove                 content and key are gone for good
//   POST attachments/{id}/retry                  what could not be fetched, or waits for its next attempt: now
#include <map>
#include <string>
#include <string_view>

#include "gateway/core/attachment_derive.hpp"
#include "gateway/core/attachment_fetch.hpp"
#include "gateway/core/document.hpp"
#include "gateway/core/store.hpp"
#include "gateway/pipeline/rework.hpp"

namespace tongqu {

class AttachmentAdmin {
 public:
  static constexpr std::size_t kMaxPageRows = 1000;

  // All outlive the object.
  AttachmentAdmin(AttachmentStore& attachments, FetchStore& fetches, DerivativeStore& derivatives, Store& store,
                  const Suite& suite, const Clock& clock)
      : attachments_(attachments),
        fetches_(fetches),
        derivatives_(derivatives),
        store_(store),
        suite_(suite),
        clock_(clock) {}

  // `path`: behind "attachments", "" or "/{id}". Errors: admin.parameter, gateway.not-found, gateway.unavailable.
  [[nodiscard]] Result<Document> get(std::string_view path, const std::map<std::string, std::string>& query);
  // Blocks until the act and its audit entry are on disk. The entry comes first: what follows it may fail or be cut off
  // by the end of the process, and is then done again; an act without its entry does not happen.
  // Errors: admin.path, admin.attachment-state, attachment.wrong-state, attachment.busy, gateway.not-found,
  // gateway.unavailable.
  [[nodiscard]] Result<Document> post(const AttachmentId& id, std::string_view verb, const ActBy& by);

 private:
  [[nodiscard]] Status note(std::string_view kind, const Attachment& attachment, const ActBy& by);

  [[nodiscard]] Status act(const AttachmentId& id, std::string_view verb);

  AttachmentStore& attachments_;
  FetchStore& fetches_;
  DerivativeStore& derivatives_;
  Store& store_;
  const Suite& suite_;
  const Clock& clock_;
};

}  // namespace tongqu
