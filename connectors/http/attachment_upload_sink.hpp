#pragma once
// The body of one PATCH, piece by piece into the attachment store, on a worker's thread.
#include <functional>
#include <memory>
#include <optional>

#include "connectors/http/attachment_api.hpp"

namespace tongqu {

inline constexpr std::string_view kUploadType = "application/offset+octet-stream";

// Upload-Offset, Upload-Length, Tongqu-State.
[[nodiscard]] Headers upload_headers(const Attachment& attachment);

struct UploadRequest {
  AttachmentId id;
  Identity identity;
  std::uint64_t offset_bytes = 0;
  std::optional<HttpResponse> refusal;  // of the head: the answer before anything is read
  std::function<HttpResponse(const Error&)> problem;
};

// A body that does not have the digest its head declared is dropped whole. One that was cut is kept as far as it came:
// the digest of the whole, which the owner declared, decides in the end.
class UploadSink final : public BodySink {
 public:
  UploadSink(UploadRequest request, const AttachmentApiTools& tools);
  ~UploadSink() override;
  UploadSink(const UploadSink&) = delete;
  UploadSink& operator=(const UploadSink&) = delete;
  void begin(Done done) override;
  [[nodiscard]] std::uint64_t max_body_bytes() const override;
  void take(std::string piece, Done done) override;
  void end(Done done) override;

 private:
  struct Work;
  std::shared_ptr<Work> work_;  // second owner: the step that runs on the worker
};

}  // namespace tongqu
