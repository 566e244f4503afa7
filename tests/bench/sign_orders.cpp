// Writes a file of complete, signed HTTP requests for tests/bench/send.lua: for each a line with its length in bytes,
// then the request. Timestamps are of now, so the file is good for the partner's max_clock_skew.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "security/identity/hmac_scheme.hpp"
#include "tests/bench/work_order.hpp"

namespace {

using namespace tongqu;

struct Options {
  std::string out;
  std::string key_file;
  std::string key_id = "city-a";
  std::string host;
  std::string run;
  std::uint64_t from = 0;
  std::uint64_t count = 0;
};

std::string wire_text(const HttpRequest& request, const std::string& host) {
  std::string text = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + host + "\r\n";
  for (const auto& [name, value] : request.headers) text += name + ": " + value + "\r\n";
  return text + "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
}

int write_requests(const Options& options) {
  std::ifstream in(options.key_file);
  HmacOptions hmac;
  hmac.partner = PartnerId("city-a");
  hmac.key_id = options.key_id;
  in >> hmac.key;
  const SystemClock clock;
  const auto signer = make_hmac_signer(std::move(hmac), clock);
  if (signer.has_error()) {
    std::cerr << signer.error().code->id << '\n';
    return 1;
  }
  std::ofstream out(options.out, std::ios::binary);
  for (std::uint64_t i = 0; i < options.count; ++i) {
    HttpRequest request;
    request.method = "POST";
    request.target = "/exchange/v1/workorder.transfer";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = bench::work_order(options.run, options.from + i, clock.now());
    if (auto status = (*signer)->sign(request); status.has_error()) return 1;
    const std::string text = wire_text(request, options.host);
    out << text.size() << '\n' << text;
  }
  out.flush();
  return out.good() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Writes signed work orders for the load generator");
  Options options;
  app.add_option("--out", options.out, "file")->required();
  app.add_option("--key", options.key_file, "file with city A's key")->required();
  app.add_option("--host", options.host, "value of Host")->required();
  app.add_option("--run", options.run, "part of the order numbers, differs from run to run")->required();
  app.add_option("--from", options.from, "first number");
  app.add_option("--count", options.count, "requests")->required()->check(CLI::Range(1, 2'000'000));
  CLI11_PARSE(app, argc, argv);
  return write_requests(options);
}
