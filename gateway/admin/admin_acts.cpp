// What people have the gateway do: messages, tasks, directories, partners.
#include <charconv>

#include "gateway/admin/admin_call.hpp"
#include "gateway/admin/admin_codes.hpp"

namespace tongqu {

HttpResponse plain(int status, std::string_view type, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", type);
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

std::pair<std::string, std::string_view> split_verb(std::string_view rest) {
  const auto slash = rest.rfind('/');
  if (slash == std::string_view::npos) return {std::string(rest), {}};
  return {std::string(rest.substr(0, slash)), rest.substr(slash + 1)};
}

void AdminApi::post_message(const Call& call, std::string_view rest, const ActBy& by) {
  const auto [id, verb] = split_verb(rest);
  const Rework::Done done = [this, call](Status status) {
    if (status.has_error()) return fail(call, status.error());
    call.done(plain(200, "application/json", "{\"done\":true}"));
  };
  if (verb == "replay") return rework_.replay(id, by, done);
  if (verb == "replace") return rework_.replace(id, by, done);
  if (verb == "skip") return rework_.skip(id, by, done);
  fail(call, make_error(codes::kAdminPath));
}

void AdminApi::post_task(const Call& call, std::string_view rest, const Node& body, const ActBy& by) {
  const auto [id, verb] = split_verb(rest);
  std::int64_t task = 0;
  std::from_chars(id.data(), id.data() + id.size(), task);
  if (task <= 0) return fail(call, make_error(codes::kAdminPath));
  if (verb == "release" || verb == "turn-back" || verb == "show") return decide_release(call, task, verb, body, by);
  if (verb != "finish") return fail(call, make_error(codes::kAdminPath));
  const Node* release = body.find("release");
  rework_.finish_task(task, body.find("patch"), release != nullptr && release->text == "true", by,
                      [this, call](Status status) {
                        if (status.has_error()) return fail(call, status.error());
                        call.done(plain(200, "application/json", "{\"done\":true}"));
                      });
}

void AdminApi::decide_release(const Call& call, std::int64_t task, std::string_view verb, const Node& body,
                              const ActBy& by) {
  // What leaves, or is shown, because a person said so is that person's.
  if (call.person == nullptr) return fail(call, make_error(codes::kAdminPerson));
  if (verb == "show") {
    return rework_.show_waiting(task, by, [this, call](Result<std::vector<WaitingField>> fields) {
      if (fields.has_error()) return fail(call, fields.error());
      Document out;
      out.set_root(out.make(Kind::kObject));
      Node* list = out.add_list(out.root(), "fields");
      for (const WaitingField& field : *fields) {
        Node& row = *out.add_object(*list);
        out.add_text(row, "path", field.path);
        out.add_text(row, "title", field.title_zh);
        out.add_text(row, "text", field.text);
        out.add_text(row, "scrubbed", field.scrubbed);
      }
      answer(call, out);
    });
  }
  ReleaseDecision decision;
  if (verb == "release") {
    const Node* as = body.find("as");
    decision.as = as == nullptr ? std::nullopt : release_as_of(as->text);
    if (!decision.as) return fail(call, make_error(codes::kAdminParameter, "as"));
    if (const Node* summary = body.find("summary"); summary != nullptr) decision.summary = summary->text;
  }
  rework_.release(task, decision, by, [this, call](Status status) {
    if (status.has_error()) return fail(call, status.error());
    call.done(plain(200, "application/json", "{\"done\":true}"));
  });
}

void AdminApi::post_directory(const Call& call, std::string_view rest, const Node& body, const ActBy& by) {
  const Node* whole = body.find("whole");
  if (rest == "publish") return answer(call, hooks_.publish_directories(whole != nullptr && whole->text == "true", by));
  const auto [id, verb] = split_verb(rest);
  std::int64_t task = 0;
  std::from_chars(id.data(), id.data() + id.size(), task);
  if (verb != "take-up" || task <= 0) return fail(call, make_error(codes::kAdminPath));
  const Node* as = body.find("as");
  hooks_.take_up_directory(task, as == nullptr ? std::string() : std::string(as->text), by,
                           [this, call](Status status) {
                             if (status.has_error()) return fail(call, status.error());
                             call.done(plain(200, "application/json", "{\"done\":true}"));
                           });
}

void AdminApi::post_partner(const Call& call, std::string_view rest, const ActBy& by) {
  const auto [id, verb] = split_verb(rest);
  if (verb != "pause" && verb != "resume") return fail(call, make_error(codes::kAdminPath));
  const bool paused = verb == "pause";
  const PartnerId partner(id);
  rework_.pause(partner, paused, by, [this, call, partner, paused](Status status) {
    if (status.has_error()) return fail(call, status.error());
    hooks_.pause_lane(partner, paused);
    call.done(plain(200, "application/json", "{\"done\":true}"));
  });
}

}  // namespace tongqu
