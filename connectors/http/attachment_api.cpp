#include "connectors/http/attachment_api.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "connectors/http/attachment_declaration.hpp"
#include "connectors/http/attachment_upload_sink.hpp"
#include "connectors/http/byte_range.hpp"
#include "connectors/http/http_codes.hpp"
#include "gateway/core/attachment_copy_codes.hpp"
#include "gateway/net/problem.hpp"

namespace tongqu {
namespace {

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

// The content of one attachment, or a part of it, on the worker's thread. Shared with the work it has posted.
class ContentSource final : public BodySource, public std::enable_shared_from_this<ContentSource> {
 public:
  ContentSource(std::unique_ptr<AttachmentReader> reader, std::uint64_t first, std::uint64_t size_bytes,
                boost::asio::io_context& worker)
      : reader_(std::move(reader)), at_(first), end_(first + size_bytes), size_bytes_(size_bytes), worker_(worker) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return size_bytes_; }
  void next(Done done) override {
    boost::asio::post(worker_, [self = shared_from_this(), done = std::move(done)] { done(self->read()); });
  }

 private:
  std::optional<std::string> read() {
    auto piece = reader_->read(at_);
    if (piece.has_error()) return std::nullopt;
    if (piece->size() > end_ - at_) piece->resize(static_cast<std::size_t>(end_ - at_));
    at_ += piece->size();
    return std::move(*piece);
  }

  std::unique_ptr<AttachmentReader> reader_;
  std::uint64_t at_;
  std::uint64_t end_;
  std::uint64_t size_bytes_;
  boost::asio::io_context& worker_;
};

HttpResponse json(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

HttpResponse state_answer(const Attachment& a) {
  HttpResponse response;
  response.headers = upload_headers(a);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

std::string etag_of(const Attachment& a) { return '"' + to_hex(as_text(a.digest)) + '"'; }

Headers content_headers(const Attachment& a) {
  const std::string digest = std::string(a.hash == SuiteId::kGm ? "sm3" : "sha-256") + "=:";
  // Never the sender's file name: it may tell who a person is.
  return {
      {"Content-Type", a.type},
      {"Content-Disposition", "attachment; filename=\"" + a.id.str() + "." + std::string(file_ending(a.type)) + '"'},
      {"X-Content-Type-Options", "nosniff"},
      {"Accept-Ranges", "bytes"},
      {"ETag", etag_of(a)},
      {"Repr-Digest", digest + to_base64(as_text(a.digest)) + ":"},
      {"Cache-Control", "no-store"},
      {"Tongqu-State", std::string(name_of(a.state))}};
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace

AttachmentApi::AttachmentApi(AttachmentApiOptions options, AttachmentApiTools tools,
                             std::function<std::shared_ptr<const Authenticator>()> authenticator, Intake& intake)
    : options_(std::move(options)), tools_(tools), authenticator_(std::move(authenticator)), intake_(intake) {}

bool AttachmentApi::owns(std::string_view target) {
  const std::string_view path = path_of(target);
  return path.starts_with(kPath) && (path.size() == kPath.size() || path[kPath.size()] == '/');
}

void AttachmentApi::on_worker(std::function<void()> work) {
  boost::asio::post(tools_.workers.at(tools_.workers.next()), std::move(work));
}

HttpResponse AttachmentApi::problem(const HttpRequest& request, const Error& error) const {
  const bool later = error.kind() == ErrorKind::kUnavailable || error.kind() == ErrorKind::kRateLimited;
  return problem_response(error, preferred_language(header(request.headers, "Accept-Language")), {},
                          later ? options_.retry_after_s : 0);
}

Result<Identity> AttachmentApi::authenticate(const HttpRequest& request) const {
  auto identity = authenticator_()->authenticate(request);
  if (identity.has_error()) intake_.turned_back(request.peer.address, {}, identity.error());
  return identity;
}

void AttachmentApi::handle(HttpRequest request, Done done) {
  auto identity = authenticate(request);
  if (identity.has_error()) return done(problem(request, identity.error()));
  on_worker([this, request = std::move(request), identity = std::move(*identity), done = std::move(done)] {
    done(answer(request, identity));
  });
}

HttpResponse AttachmentApi::answer(const HttpRequest& request, const Identity& identity) {
  std::string_view rest = path_of(request.target).substr(kPath.size());
  if (rest.empty() || rest == "/") {
    if (request.method == "POST") return declare(request, identity);
    HttpResponse response = problem(request, make_error(codes::kMethod, "POST"));
    response.status = 405;
    response.headers.emplace_back("Allow", "POST");
    return response;
  }
  rest.remove_prefix(1);
  const bool state = rest.ends_with("/state");
  if (state) rest.remove_suffix(6);
  if (!is_attachment_id(rest)) return problem(request, make_error(codes::kNotFound, "attachment"));
  const AttachmentId id(rest);
  if (request.method == "GET" && !state) return content(request, identity, id);
  if (request.method == "DELETE" && !state) {
    if (auto status = tools_.store.remove(id, identity.partner); status.has_error())
      return problem(request, status.error());
    HttpResponse gone;
    gone.status = 204;
    return gone;
  }
  if (request.method == "HEAD" || (request.method == "GET" && state)) {
    const auto found = seen(id, identity.partner, false);
    if (found.has_error()) return problem(request, found.error());
    const Attachment& a = found->attachment;
    return request.method == "HEAD" ? state_answer(a) : json(200, attachment_json(a, a.owner == identity.partner));
  }
  if (request.method == "PATCH") return problem(request, make_error(codes::kUploadHeader, "Content-Length"));
  HttpResponse response = problem(request, make_error(codes::kMethod, "GET, HEAD, PATCH, DELETE"));
  response.status = 405;
  response.headers.emplace_back("Allow", "GET, HEAD, PATCH, DELETE");
  return response;
}

HttpResponse AttachmentApi::declare(const HttpRequest& request, const Identity& identity) {
  const auto grant = options_.grant ? options_.grant(identity.partner) : std::nullopt;
  if (!grant) return problem(request, make_error(codes::kAttachmentsNotPermitted));
  auto declaration = read_declaration(request.body, tools_.json);
  if (declaration.has_error()) return problem(request, declaration.error());
  declaration->owner = identity.partner;
  declaration->idempotency_key = header(request.headers, "Idempotency-Key");
  const auto& types = grant->types;
  if (std::ranges::find(types, media_type_name(declaration->type)) == types.end())
    return problem(request, make_error(codes::kAttachmentTypeNotPermitted, joined(types)));
  const auto made = tools_.store.create(*declaration, grant->limits);
  if (made.has_error()) return problem(request, made.error());
  HttpResponse response = json(made->repeated ? 200 : 201, attachment_json(*made, true));
  response.headers.emplace_back("Location", attachment_url(made->id));
  for (auto& [name, value] : upload_headers(*made)) response.headers.emplace_back(name, value);
  return response;
}

// Its own, and what it may read; everything else is not there.
Result<AttachmentApi::Seen> AttachmentApi::seen(const AttachmentId& id, const PartnerId& partner, bool whole) const {
  auto attachment = tools_.store.find(id);
  if (attachment.has_error()) return attachment.error();
  Seen seen{std::move(*attachment), id};
  const AttachmentState state = seen.attachment.state;
  const bool own = seen.attachment.owner == partner;
  if (!own) {
    const bool readable =
        state == AttachmentState::kStored || state == AttachmentState::kScanned || state == AttachmentState::kWanted;
    if (!readable || !options_.form_for) return make_error(codes::kNotFound, "attachment");
    const auto form = options_.form_for(partner, seen.attachment);
    if (form.has_error()) return form.error();
    seen.form = *form;
    if (seen.form == AttachmentForm::kWithheld) return make_error(codes::kAttachmentWithheld);
  }
  if (whole && options_.scanned_only && state == AttachmentState::kStored)
    return make_error(codes::kAttachmentNotScanned);
  if (whole && state == AttachmentState::kWanted) return make_error(codes::kAttachmentNotFetched);
  if (seen.form == AttachmentForm::kDerivative) {
    if (auto status = show_copy(seen, whole); status.has_error()) return status.error();
  }
  return seen;
}

Status AttachmentApi::show_copy(Seen& seen, bool whole) const {
  const AttachmentId original = seen.attachment.id;
  const auto known = tools_.derivatives.derivative(original);
  if (known.has_error()) return known.error();
  if (!*known) {
    if (auto status = tools_.derivatives.want_derivative(original); status.has_error()) return status;
  }
  const bool made = *known && (*known)->state == DerivativeState::kMade;
  if (made) {
    auto copy = tools_.store.find((*known)->copy);
    if (copy.has_error()) return copy.error();
    seen.content = copy->id;
    copy->id = original;
    copy->owner = seen.attachment.owner;
    seen.attachment = std::move(*copy);
    return {};
  }
  if (!whole) return {};
  const bool impossible = *known && (*known)->state == DerivativeState::kImpossible;
  return make_error(impossible ? codes::no_copy_code((*known)->code) : codes::kAttachmentNotCopied);
}

HttpResponse AttachmentApi::content(const HttpRequest& request, const Identity& identity, const AttachmentId& id) {
  auto given = seen(id, identity.partner, true);
  if (given.has_error()) return problem(request, given.error());
  const Attachment& a = given->attachment;
  auto reader = tools_.store.open(given->content);
  if (reader.has_error()) return problem(request, reader.error());
  const std::string_view condition = header(request.headers, "If-Range");
  const bool asked = header_count(request.headers, "Range") == 1 && (condition.empty() || condition == etag_of(a));
  const ByteRange range = parse_byte_range(asked ? header(request.headers, "Range") : std::string_view(), a.size_bytes);
  const std::string size = std::to_string(a.size_bytes);
  if (range.kind == ByteRange::Kind::kOutside) {
    HttpResponse outside = problem(request, make_error(codes::kRange, size));
    outside.status = 416;
    outside.headers.emplace_back("Content-Range", "bytes */" + size);
    return outside;
  }
  if (a.owner != identity.partner && options_.note_read) {
    if (auto status = options_.note_read(identity, a, given->form); status.has_error())
      return problem(request, status.error());
  }
  HttpResponse response;
  response.headers = content_headers(a);
  std::uint64_t first = 0;
  std::uint64_t bytes = a.size_bytes;
  if (range.kind == ByteRange::Kind::kPart) {
    first = range.first;
    bytes = range.last - range.first + 1;
    response.status = 206;
    response.headers.emplace_back(
        "Content-Range", "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/" + size);
  }
  response.stream =
      std::make_shared<ContentSource>(std::move(*reader), first, bytes, tools_.workers.at(tools_.workers.next()));
  return response;
}

std::unique_ptr<BodySink> AttachmentApi::stream_body(const HttpRequest& head) {
  if (head.method != "PATCH" || !owns(head.target)) return nullptr;
  const std::string_view rest = path_of(head.target).substr(kPath.size());
  if (rest.size() < 2 || !is_attachment_id(rest.substr(1))) return nullptr;
  UploadRequest upload;
  upload.id = AttachmentId(rest.substr(1));
  const auto offset = header_count(head.headers, "Upload-Offset") == 1
                          ? parse_decimal(header(head.headers, "Upload-Offset"))
                          : std::nullopt;
  auto identity = authenticate(head);
  if (identity.has_error()) {
    upload.refusal = problem(head, identity.error());
  } else if (!offset) {
    upload.refusal = problem(head, make_error(codes::kUploadHeader, "Upload-Offset"));
  } else if (media_type_name(header(head.headers, "Content-Type")) != kUploadType) {
    upload.refusal = problem(head, make_error(codes::kUploadHeader, "Content-Type: " + std::string(kUploadType)));
  } else {
    upload.offset_bytes = *offset;
    upload.identity = std::move(*identity);
  }
  const auto lang_head = std::make_shared<HttpRequest>(head);  // second owner: the sink's errors are in its language
  upload.problem = [this, lang_head](const Error& error) { return problem(*lang_head, error); };
  return std::make_unique<UploadSink>(std::move(upload), tools_);
}

}  // namespace tongqu
