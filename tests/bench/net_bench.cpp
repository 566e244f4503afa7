// A server that answers a constant, to be measured from outside (wrk) beside another one (nginx).
//
//   net_bench [tls|plain] [THREADS]     prints the port and, for tls, writes nothing: the certificate is made in
//   memory. net_bench certificate FOLDER        writes cert.pem and key.pem, so that the other server uses the same
//   kind.
//
// Runs until its standard input ends.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "gateway/core/clock.hpp"
#include "gateway/net/http_server.hpp"
#include "security/tls/tls_factory.hpp"
#include "tests/support/test_pki.hpp"

namespace {

using namespace tongqu;

class Constant final : public HttpHandler {
 public:
  void handle(HttpRequest, Done done) override {
    HttpResponse response;
    response.headers.emplace_back("Content-Type", "application/json");
    response.body = R"({"code":0,"message":"ok"})";
    done(std::move(response));
  }
};

int write_certificate(const std::string& folder) {
  test::TestPki pki;
  const auto own = pki.issue();
  std::ofstream(folder + "/cert.pem") << own.certificate_pem;
  std::ofstream(folder + "/key.pem") << own.key_pem;
  return EXIT_SUCCESS;
}

int serve(bool tls, std::size_t threads) {
  test::TestPki pki;
  const auto own = pki.issue();
  TlsServerOptions tls_options;
  tls_options.certificate_chain_pem = own.certificate_pem;
  tls_options.key_pem = own.key_pem;
  auto factory = TlsServerFactory::create(tls_options).value();
  const SystemClock clock;
  Constant handler;
  net::IoPool pool(threads);
  net::ListenerOptions options;
  options.name = "bench";
  auto server = net::HttpServer::create(options, handler, tls ? factory.get() : nullptr, pool, clock).value();
  if (server->start().has_error()) return EXIT_FAILURE;
  std::cout << server->port() << std::endl;
  for (std::string line; std::getline(std::cin, line);) continue;
  server->stop(0, 1000);
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "tls";
  if (mode == "certificate" && argc > 2) return write_certificate(argv[2]);
  if (mode != "tls" && mode != "plain") {
    std::cerr << "net_bench [tls|plain] [THREADS] | certificate FOLDER\n";
    return 2;
  }
  return serve(mode == "tls", argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 1);
}
