#pragma once
// A partner that can only be asked, and the connector that asks it.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "connectors/http/http_poll.hpp"
#include "tests/component/net/server_fixture.hpp"

namespace tongqu::test {

inline constexpr auto kPatience = std::chrono::seconds(20);

// The partner: a list of `count` entries m0, m1, … behind a cursor of two at a time, and what it was told. `before`
// sees each target before it is answered.
class ListServer {
 public:
  explicit ListServer(std::size_t count = 5, std::function<void(const std::string&)> before = {})
      : count_(count), before_(std::move(before)) {}
  void handle(const HttpRequest& request, const HttpHandler::Done& done) {
    if (before_) before_(request.target);
    const std::lock_guard lock(mutex_);
    HttpResponse answer;
    answer.headers = {{"Content-Type", "application/json"}};
    if (request.target == "/ack") {
      acknowledged_.push_back(request.body);
      answer.body = R"({"code":"0"})";
    } else if (!faults_.empty()) {
      answer = faults_.front();
      faults_.erase(faults_.begin());
    } else {
      const auto at = request.target.find("cursor=");
      const std::size_t from = at == std::string::npos ? 0 : std::stoul(request.target.substr(at + 7));
      answer.body = page(from);
    }
    asked_.push_back(request.target);
    changed_.notify_all();
    done(std::move(answer));
  }
  void fault(int status, std::string body, Headers headers = {}) {
    const std::lock_guard lock(mutex_);
    faults_.push_back({status, std::move(headers), std::move(body)});
  }
  bool wait_asked(const std::string& target, std::size_t times = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] {
      return static_cast<std::size_t>(std::count(asked_.begin(), asked_.end(), target)) >= times;
    });
  }
  [[nodiscard]] std::vector<std::string> acknowledged() const {
    const std::lock_guard lock(mutex_);
    return acknowledged_;
  }

 private:
  [[nodiscard]] std::string page(std::size_t from) const {
    const std::size_t to = std::min<std::size_t>(from + 2, count_);
    std::string body = R"({"code":"0","next":")" + std::to_string(to) + R"(","list":[)";
    for (std::size_t i = from; i < to; ++i) body += (i > from ? "," : "") + ("{\"id\":\"m" + std::to_string(i) + "\"}");
    return body + "]}";
  }
  const std::size_t count_;
  const std::function<void(const std::string&)> before_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<HttpResponse> faults_;
  std::vector<std::string> asked_;
  std::vector<std::string> acknowledged_;
};

// The connector as a partner's settings would make it, impatient.
inline std::unique_ptr<HttpPoll> make_poll(std::uint16_t port, const std::filesystem::path& folder, const Codec& json,
                                           const Clock& clock, net::IoPool& pool, Intake& intake) {
  PollOptions list;
  list.target = "/list";
  list.position_parameter = "cursor";
  list.next_path = "next";
  list.items_path = "list";
  list.key_path = "id";
  list.ack_target = "/ack";
  HttpPollOptions options;
  options.partner = PartnerId("asked");
  options.service = ServiceId("supervision.event");
  options.interval_ms = 20;
  options.timeout_ms = 2'000;
  options.backoff_first_ms = 20;
  options.backoff_max_ms = 40;
  HttpParts parts;
  parts.client = net::HttpClient::create({}, pool, nullptr).value();
  AnswerEnvelope envelope;
  envelope.success_path = "code";
  envelope.success_value = "0";
  parts.caller = std::make_unique<HttpCaller>(
      CallOptions{{"127.0.0.1", port, false}, 0}, CallCredentials{}, AnswerReader(envelope, json, clock), clock,
      [client = parts.client.get()](net::HttpRequestOut request, std::int64_t timeout_ms, net::HttpClient::Done done) {
        client->request(std::move(request), timeout_ms, std::move(done));
      });
  return std::make_unique<HttpPoll>(options, PollSession(list, json), PollPosition(folder), std::move(parts), intake,
                                    clock);
}

}  // namespace tongqu::test
