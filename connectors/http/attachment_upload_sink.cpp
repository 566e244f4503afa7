#include "connectors/http/attachment_upload_sink.hpp"

#include <atomic>
#include <boost/asio/post.hpp>

#include "connectors/http/http_codes.hpp"

namespace tongqu {

Headers upload_headers(const Attachment& a) {
  return {{"Upload-Offset", std::to_string(a.offset_bytes)},
          {"Upload-Length", std::to_string(a.size_bytes)},
          {"Tongqu-State", std::string(name_of(a.state))}};
}

// What the worker's thread touches, and nobody else until it has answered.
struct UploadSink::Work {
  Work(UploadRequest r, const AttachmentApiTools& t, boost::asio::io_context& w)
      : request(std::move(r)), tools(t), worker(w) {}

  struct Check {
    Digest32 expected{};
    std::unique_ptr<RunningHash> hash;
  };

  std::optional<HttpResponse> open() {
    if (request.refusal) return std::move(request.refusal);
    const auto attachment = tools.store.find(request.id);
    auto opened = attachment.has_error()
                      ? Result<std::unique_ptr<AttachmentWriter>>(attachment.error())
                      : tools.store.append(request.id, request.identity.partner, request.offset_bytes);
    if (opened.has_error()) return refuse(opened.error(), attachment);
    left_bytes = attachment->size_bytes - request.offset_bytes;
    writer = std::move(*opened);
    for (const BodyDigest& digest : request.identity.body_digests) {
      const Suite& suite = digest.hash == SuiteId::kGm ? tools.gm : tools.intl;
      checks.push_back({digest.digest, suite.start_hash()});
    }
    return std::nullopt;
  }

  // Tells where the upload stands: a client that lost count goes on from there.
  HttpResponse refuse(const Error& error, const Result<Attachment>& attachment) const {
    HttpResponse response = request.problem(error);
    if (attachment.has_value() && attachment->owner == request.identity.partner) {
      for (auto& header : upload_headers(*attachment)) response.headers.push_back(std::move(header));
    }
    return response;
  }

  std::optional<HttpResponse> append(std::string_view piece) {
    for (Check& check : checks) check.hash->update(piece);
    const auto status = writer->append(piece);
    if (status.has_value()) return std::nullopt;
    writer.reset();
    return request.problem(status.error());
  }

  HttpResponse close() {
    const auto open = std::move(writer);
    for (Check& check : checks) {
      if (equal_constant_time(as_text(check.hash->finish()), as_text(check.expected))) continue;
      const auto dropped = open->discard();
      return request.problem(dropped.has_error() ? dropped.error() : make_error(codes::kUploadDigest));
    }
    const auto closed = open->close();
    if (closed.has_error()) return request.problem(closed.error());
    HttpResponse response;
    response.status = 204;
    response.headers = upload_headers(*closed);
    return response;
  }

  // The peer is gone: what it sent stays.
  void keep() {
    if (const auto open = std::move(writer)) static_cast<void>(open->close());
  }

  UploadRequest request;
  AttachmentApiTools tools;
  boost::asio::io_context& worker;  // one for all steps, so that they follow each other
  std::unique_ptr<AttachmentWriter> writer;
  std::vector<Check> checks;
  std::atomic<std::uint64_t> left_bytes = 0;
};

UploadSink::UploadSink(UploadRequest request, const AttachmentApiTools& tools)
    : work_(std::make_shared<Work>(std::move(request), tools, tools.workers.at(tools.workers.next()))) {}

UploadSink::~UploadSink() {
  boost::asio::post(work_->worker, [work = work_] { work->keep(); });
}

void UploadSink::begin(Done done) {
  boost::asio::post(work_->worker, [work = work_, done = std::move(done)] { done(work->open()); });
}

std::uint64_t UploadSink::max_body_bytes() const { return work_->left_bytes; }

void UploadSink::take(std::string piece, Done done) {
  boost::asio::post(work_->worker,
                    [work = work_, piece = std::move(piece), done = std::move(done)] { done(work->append(piece)); });
}

void UploadSink::end(Done done) {
  boost::asio::post(work_->worker, [work = work_, done = std::move(done)] { done(work->close()); });
}

}  // namespace tongqu
