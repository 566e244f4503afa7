#include "gateway/app/openapi.hpp"

#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {
namespace {

Node& member(Document& out, Node& object, std::string_view name) { return *out.add_object(object, name); }

void response(Document& out, Node& responses, std::string_view status, std::string_view text, std::string_view type) {
  Node& item = member(out, responses, status);
  out.add_text(item, "description", text);
  Node& schema = member(out, member(out, member(out, item, "content"), type), "schema");
  out.add_text(schema, "type", "object");
}

void problem_responses(Document& out, Node& responses) {
  response(out, responses, "default", "RFC 9457 problem details; every fault with its path",
           "application/problem+json");
}

void parameter(Document& out, Node& list, std::string_view name, std::string_view in, std::string_view text,
               bool required) {
  Node& item = *out.add_object(list);
  out.add_text(item, "name", name);
  out.add_text(item, "in", in);
  out.add_text(item, "description", text);
  out.append(item, out.make(Kind::kBoolean, required ? "true" : "false"), "required");
  out.add_text(member(out, item, "schema"), "type", "string");
}

void add_service(Document& out, Node& paths, const std::string& name, const Setting& service) {
  Node& post = member(out, member(out, paths, "/exchange/v1/" + name), "post");
  out.add_text(post, "operationId", "send-" + name);
  out.add_text(post, "summary", service.text("title_zh"));
  out.add_text(post, "description", service.text("title_en"));
  Node* parameters = out.add_list(post, "parameters");
  const bool query = service.text("pattern") == "query";
  if (query) {
    parameter(out, *parameters, "Tongqu-Timeout-Ms", "header", "how long the asker waits, in milliseconds", false);
  } else {
    parameter(out, *parameters, "Idempotency-Key", "header",
              "same key, same receipt; same key with another body is an error", false);
  }
  Node& body = member(out, post, "requestBody");
  out.append(body, out.make(Kind::kBoolean, "true"), "required");
  out.add_text(member(out, member(out, member(out, body, "content"), "application/json"), "schema"), "type", "object");
  Node& responses = member(out, post, "responses");
  if (query) {
    response(out, responses, "200", "answer of the registry; Tongqu-Answer tells how it was come by",
             "application/json");
  } else {
    response(out, responses, "202", "stored receipt（接收回执，已落库）；本回执不代表受理决定", "application/json");
  }
  problem_responses(out, responses);
}

void add_get(Document& out, Node& paths, std::string_view path, std::string_view id, std::string_view text) {
  Node& get = member(out, member(out, paths, path), "get");
  out.add_text(get, "operationId", id);
  out.add_text(get, "summary", text);
  if (path.find("{table}") != std::string_view::npos)
    parameter(out, *out.add_list(get, "parameters"), "table", "path", "name without national/", true);
  if (path.find("{id}") != std::string_view::npos) {
    parameter(out, *out.add_list(get, "parameters"), "id", "path", "exchange id", true);
  }
  Node& responses = member(out, get, "responses");
  response(out, responses, "200", text, "application/json");
  problem_responses(out, responses);
}

void add_call(Document& out, Node& paths, std::string_view path, std::string_view method, std::string_view status,
              std::string_view text) {
  Node* at = paths.find(path);
  Node& call = member(out, at != nullptr ? *at : member(out, paths, path), method);
  out.add_text(call, "operationId", std::string("attachment-") + std::string(method));
  out.add_text(call, "summary", text);
  Node* parameters = out.add_list(call, "parameters");
  if (path.ends_with("{id}")) parameter(out, *parameters, "id", "path", "attachment id", true);
  if (method == "patch") {
    parameter(out, *parameters, "Upload-Offset", "header", "byte at which this part begins", true);
    parameter(out, *parameters, "Content-Digest", "header", "of this part; required where the scheme signs bodies",
              false);
  }
  if (method == "get") parameter(out, *parameters, "Range", "header", "one range of bytes", false);
  Node& responses = member(out, call, "responses");
  out.add_text(member(out, responses, status), "description", text);
  problem_responses(out, responses);
}

// docs/attachments.md
void add_attachments(Document& out, Node& paths) {
  constexpr std::string_view kAll = "/exchange/v1/attachments";
  constexpr std::string_view kOne = "/exchange/v1/attachments/{id}";
  add_call(out, paths, kAll, "post", "201", "declares an attachment: name, type, size, digest");
  add_call(out, paths, kOne, "patch", "204", "appends bytes; Upload-Offset tells how far it is");
  add_call(out, paths, kOne, "head", "200", "Upload-Offset, Upload-Length, Tongqu-State");
  add_call(out, paths, kOne, "get", "200", "the content, or a range of it (206)");
  add_call(out, paths, kOne, "delete", "204", "gives up what is not finished");
}

}  // namespace

std::string openapi_text(const CompiledConfig& config) {
  Document out;
  out.set_root(out.make(Kind::kObject));
  out.add_text(out.root(), "openapi", "3.1.0");
  Node& info = member(out, out.root(), "info");
  out.add_text(info, "title", "通衢 Tongqu partner interface");
  out.add_text(info, "version", TONGQU_VERSION);
  Node& paths = member(out, out.root(), "paths");
  for (const NamedSetting& service : config.snapshot.settings.all("service"))
    add_service(out, paths, service.id, service.value);
  add_get(out, paths, "/exchange/v1/exchanges/{id}", "exchange", "state of an own exchange");
  add_get(out, paths, "/exchange/v1/exchanges/{id}/receipt", "receipt",
          "its receipt; kind=delivered for the delivered ones");
  add_get(out, paths, "/exchange/v1/inbox", "inbox", "messages waiting for a partner that pulls");
  add_get(out, paths, "/exchange/v1/units", "units", "units（组织机构）, with ETag, where the partner may read them");
  add_get(out, paths, "/exchange/v1/codes", "codes", "national code tables that are in force");
  add_get(out, paths, "/exchange/v1/codes/{table}", "code-table", "one of them, with ETag");
  add_get(out, paths, "/log/checkpoint", "checkpoint", "newest signed checkpoint of the audit log");
  add_attachments(out, paths);
  Node& acknowledge = member(out, member(out, paths, "/exchange/v1/inbox/{id}/ack"), "post");
  out.add_text(acknowledge, "operationId", "acknowledge");
  out.add_text(acknowledge, "summary", "acknowledges a pulled message（投递确认）");
  parameter(out, *out.add_list(acknowledge, "parameters"), "id", "path", "message id", true);
  Node& responses = member(out, acknowledge, "responses");
  response(out, responses, "200", "acknowledged", "application/json");
  problem_responses(out, responses);
  return to_pretty_json(out.root());
}

}  // namespace tongqu::app
