#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>

#include "gateway/net/net_codes.hpp"
#include "security/tls/tls_codes.hpp"
#include "security/tls/tls_factory.hpp"
#include "tests/component/net/raw_peer.hpp"
#include "tests/component/net/server_fixture.hpp"
#include "tests/support/test_pki.hpp"

namespace tongqu::test {
namespace {

using net::NetPhase;

TlsServerOptions server_options(const TestCertificate& own) {
  TlsServerOptions options;
  options.certificate_chain_pem = own.certificate_pem;
  options.key_pem = own.key_pem;
  return options;
}

TlsClientOptions client_options(const std::string& ca_pem) {
  TlsClientOptions options;
  options.server_trust.ca_pem = ca_pem;
  return options;
}

// Echoes what the handler learned about the client.
void tell_peer(HttpRequest request, const HttpHandler::Done& done) {
  HttpResponse response;
  response.body = request.peer.cert_sha256 + "|" + request.peer.cert_subject + "|" + request.peer.listener;
  done(std::move(response));
}

struct TlsPair {
  TlsPair(const TlsServerOptions& server_side, const TlsClientOptions& client_side, net::ClientOptions options = {})
      : server_factory(TlsServerFactory::create(server_side).value()),
        client_factory(TlsClientFactory::create(client_side).value()),
        server(tell_peer, {}, server_factory.get()),
        client(net::HttpClient::create(std::move(options), pool, client_factory.get()).value()) {}
  net::HttpOutcome get() { return call(*client, get_from(server.port(), "/", true)); }

  std::unique_ptr<TlsServerFactory> server_factory;
  std::unique_ptr<TlsClientFactory> client_factory;
  RunningServer server;
  net::IoPool pool{1};
  std::unique_ptr<net::HttpClient> client;
};

void expect_not_sent(const net::HttpOutcome& outcome, const ErrorCode& code) {
  ASSERT_TRUE(outcome.has_error()) << code.id;
  EXPECT_EQ(outcome.error().phase, NetPhase::kConnect);
  EXPECT_EQ(outcome.error().code->id, code.id);
}

TEST(Tls, ServesWithoutClientCertificateAndKeepsTheConnection) {
  TestPki pki;
  TlsPair pair(server_options(pki.issue()), client_options(pki.ca_pem()));
  for (int i = 0; i < 3; ++i) {
    const auto outcome = pair.get();
    ASSERT_TRUE(outcome.has_value()) << outcome.error().code->id;
    EXPECT_EQ(outcome->body, "||test");
  }
  EXPECT_EQ(pair.server.server->open_connections(), 1U);
}

TEST(Tls, BigBodiesCrossInManyRecords) {
  TestPki pki;
  auto factory = TlsServerFactory::create(server_options(pki.issue())).value();
  auto client_factory = TlsClientFactory::create(client_options(pki.ca_pem())).value();
  RunningServer server(echo, {}, factory.get());
  net::IoPool pool(1);
  auto client = net::HttpClient::create({}, pool, client_factory.get()).value();
  for (const std::size_t size : {16'300U, 16'384U, 16'400U, 1'000'000U, 3'000'000U}) {
    const std::string body(size, 'y');
    const auto outcome = call(*client, post_to(server.port(), body, true));
    ASSERT_TRUE(outcome.has_value()) << outcome.error().code->id;
    EXPECT_EQ(outcome->body, "POST /in " + body);
  }
}

TEST(Tls, MutualTlsTellsTheHandlerWhoCalls) {
  TestPki pki;
  const auto own = pki.issue({.common_name = "city-a", .dns_names = {}, .addresses = {}});
  for (const TlsVersion version : {TlsVersion::kTls12, TlsVersion::kTls13}) {
    auto server_side = server_options(pki.issue());
    server_side.client_auth = ClientAuth::kRequired;
    server_side.client_trust.ca_pem = pki.ca_pem();
    server_side.min_version = version;
    auto client_side = client_options(pki.ca_pem());
    client_side.certificate_chain_pem = own.certificate_pem;
    client_side.key_pem = own.key_pem;
    TlsPair pair(server_side, client_side);
    const auto outcome = pair.get();
    ASSERT_TRUE(outcome.has_value()) << outcome.error().code->id;
    EXPECT_EQ(outcome->body, own.sha256 + "|CN=city-a,O=Tongqu Test|test");
  }
}

// A blocking client of its own, for what our client never does.
class BareTlsClient {
 public:
  explicit BareTlsClient(const TestCertificate& own) : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    BIO* pem = BIO_new_mem_buf(own.certificate_pem.data(), static_cast<int>(own.certificate_pem.size()));
    X509* certificate = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context_.get(), certificate);
    X509_free(certificate);
    BIO_free(pem);
    pem = BIO_new_mem_buf(own.key_pem.data(), static_cast<int>(own.key_pem.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(pem, nullptr, nullptr, nullptr);
    SSL_CTX_use_PrivateKey(context_.get(), key);
    EVP_PKEY_free(key);
    BIO_free(pem);
  }
  SSL_CTX* context() { return context_.get(); }
  [[nodiscard]] bool was_resumed() const { return resumed_; }

  // The answer to one GET, or "refused"; the session is offered to the server the next time.
  std::string get(std::uint16_t port) {
    const std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(context_.get()), SSL_free);
    const std::unique_ptr<BIO, void (*)(BIO*)> wire(BIO_new_connect(("127.0.0.1:" + std::to_string(port)).c_str()),
                                                    BIO_free_all);
    if (BIO_do_connect(wire.get()) != 1) return "no connection";
    BIO_up_ref(wire.get());
    SSL_set_bio(ssl.get(), wire.get(), wire.get());
    if (session_) SSL_set_session(ssl.get(), session_.get());
    static constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    std::string answer;
    if (SSL_connect(ssl.get()) == 1 && SSL_write(ssl.get(), kGet.data(), static_cast<int>(kGet.size())) > 0) {
      std::array<char, 4096> bytes{};
      int got = 0;
      while ((got = SSL_read(ssl.get(), bytes.data(), static_cast<int>(bytes.size()))) > 0) {
        answer.append(bytes.data(), static_cast<std::size_t>(got));
      }
      resumed_ = SSL_session_reused(ssl.get()) == 1;
      session_.reset(SSL_get1_session(ssl.get()));
      SSL_shutdown(ssl.get());
    }
    ERR_clear_error();
    return answer.empty() ? "refused" : body_of(answer);
  }

 private:
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL_SESSION, void (*)(SSL_SESSION*)> session_{nullptr, SSL_SESSION_free};
  bool resumed_ = false;
};

TEST(Tls, SessionsAreResumedWithTheSamePeerUntilAReload) {
  TestPki pki;
  auto options = server_options(pki.issue());
  options.client_auth = ClientAuth::kRequired;
  options.client_trust.ca_pem = pki.ca_pem();
  const auto own = pki.issue({.common_name = "city-a"});
  const std::string expected = own.sha256 + "|CN=city-a,O=Tongqu Test|test";
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto factory = TlsServerFactory::create(options).value();
    RunningServer server(tell_peer, {}, factory.get());
    BareTlsClient client(own);
    SSL_CTX_set_max_proto_version(client.context(), version);
    EXPECT_EQ(client.get(server.port()), expected);
    EXPECT_FALSE(client.was_resumed());
    EXPECT_EQ(client.get(server.port()), expected);
    EXPECT_TRUE(client.was_resumed()) << version;
    ASSERT_TRUE(factory->reload(options).has_value());
    EXPECT_EQ(client.get(server.port()), expected);
    EXPECT_FALSE(client.was_resumed()) << version;
  }
}

TEST(Tls, OldVersionsWeakSuitesAndOtherProtocolsAreRefused) {
  TestPki pki;
  auto factory = TlsServerFactory::create(server_options(pki.issue())).value();
  RunningServer server(tell_peer, {}, factory.get());
  const auto try_with = [&](const std::function<void(SSL_CTX*)>& change) {
    BareTlsClient client(pki.issue());
    change(client.context());
    return client.get(server.port());
  };
  EXPECT_EQ(try_with([](SSL_CTX*) {}), "||test");
  EXPECT_EQ(try_with([](SSL_CTX* c) { SSL_CTX_set_max_proto_version(c, TLS1_2_VERSION); }), "||test");
  EXPECT_EQ(try_with([](SSL_CTX* c) {
              SSL_CTX_set_security_level(c, 0);
              SSL_CTX_set_min_proto_version(c, TLS1_VERSION);
              SSL_CTX_set_max_proto_version(c, TLS1_1_VERSION);
            }),
            "refused");
  EXPECT_EQ(try_with([](SSL_CTX* c) {
              SSL_CTX_set_max_proto_version(c, TLS1_2_VERSION);
              SSL_CTX_set_cipher_list(c, "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA256");
            }),
            "refused");
  EXPECT_EQ(try_with([](SSL_CTX* c) {
              SSL_CTX_set_alpn_protos(c, reinterpret_cast<const unsigned char*>("\x02h2\x08http/1.1"), 12);
            }),
            "||test");
  EXPECT_EQ(
      try_with([](SSL_CTX* c) { SSL_CTX_set_alpn_protos(c, reinterpret_cast<const unsigned char*>("\x02h2"), 3); }),
      "refused");
  EXPECT_TRUE(server.observer.wait_refused(3));
}

TEST(Tls, MinimumVersionThirteenRefusesTwelve) {
  TestPki pki;
  auto options = server_options(pki.issue());
  options.min_version = TlsVersion::kTls13;
  auto factory = TlsServerFactory::create(options).value();
  RunningServer server(tell_peer, {}, factory.get());
  BareTlsClient client(pki.issue());
  SSL_CTX_set_max_proto_version(client.context(), TLS1_2_VERSION);
  EXPECT_EQ(client.get(server.port()), "refused");
}

struct ClientCase {
  const char* what;
  TestCertificate shown;     // empty: none
  const ErrorCode* refusal;  // what the server reports; nullptr: served
};

TEST(Tls, MutualTlsRefusesWhomItDoesNotKnowAndTheClientKnowsNothingWasSent) {
  TestPki pki;
  TestPki foreign("Another CA");
  const auto revoked = pki.issue({.common_name = "revoked"});
  const auto good = pki.issue({.common_name = "good"});
  const std::vector<ClientCase> cases = {
      {"good", good, nullptr},
      {"none", {}, &codes::kTlsCertificateMissing},
      {"foreign", foreign.issue(), &codes::kTlsCertificateUntrusted},
      {"self-signed", TestPki::self_signed(), &codes::kTlsCertificateUntrusted},
      {"expired", pki.issue({.valid_from_s = -7200, .valid_until_s = -3600}), &codes::kTlsCertificateExpired},
      {"not yet valid", pki.issue({.valid_from_s = 3600, .valid_until_s = 7200}), &codes::kTlsCertificateExpired},
      {"revoked", revoked, &codes::kTlsCertificateRevoked},
      {"not pinned", pki.issue(), &codes::kTlsPinMismatch},
  };
  auto server_side = server_options(pki.issue());
  server_side.client_auth = ClientAuth::kRequired;
  server_side.client_trust = {pki.ca_pem(), {good.sha256, revoked.sha256}, pki.revoke({revoked})};
  for (const ClientCase& one : cases) {
    auto client_side = client_options(pki.ca_pem());
    client_side.certificate_chain_pem = one.shown.certificate_pem;
    client_side.key_pem = one.shown.key_pem;
    TlsPair pair(server_side, client_side);
    const auto outcome = pair.get();
    EXPECT_EQ(outcome.has_value(), one.refusal == nullptr) << one.what;
    if (one.refusal == nullptr) continue;
    ASSERT_TRUE(outcome.has_error()) << one.what;
    ASSERT_TRUE(pair.server.observer.wait_refused(1)) << one.what;
    EXPECT_EQ(pair.server.observer.refusals().front()->id, one.refusal->id) << one.what;
    // A missing pin is found after the handshake of TLS 1.3 was over for the client; the others come as an alert.
    if (one.refusal != &codes::kTlsPinMismatch) EXPECT_EQ(outcome.error().phase, NetPhase::kConnect) << one.what;
  }
}

TEST(Tls, APinAloneNeedsNoAuthorityAndGivesNoSubject) {
  const TestCertificate pinned = TestPki::self_signed({.common_name = "pinned"});
  TestPki pki;
  auto server_side = server_options(TestPki::self_signed());
  server_side.client_auth = ClientAuth::kOptional;
  server_side.client_trust.pins_sha256 = {pinned.sha256};
  TlsClientOptions client_side;
  const TestCertificate server_own = TestPki::self_signed();
  server_side.certificate_chain_pem = server_own.certificate_pem;
  server_side.key_pem = server_own.key_pem;
  client_side.server_trust.pins_sha256 = {server_own.sha256};
  client_side.certificate_chain_pem = pinned.certificate_pem;
  client_side.key_pem = pinned.key_pem;
  TlsPair pair(server_side, client_side);
  const auto outcome = pair.get();
  ASSERT_TRUE(outcome.has_value()) << outcome.error().code->id;
  EXPECT_EQ(outcome->body, pinned.sha256 + "||test");
}

TEST(Tls, TheClientJudgesTheServersCertificate) {
  TestPki pki;
  struct Case {
    const char* what;
    TestCertificate own;
    std::string name;
    const ErrorCode* refusal;
  };
  const std::vector<Case> cases = {
      {"address in the certificate", pki.issue(), "", nullptr},
      {"name in the certificate", pki.issue({.dns_names = {"gateway.test"}, .addresses = {}}), "gateway.test", nullptr},
      {"wildcard", pki.issue({.dns_names = {"*.gateway.test"}, .addresses = {}}), "a.gateway.test", nullptr},
      {"other name", pki.issue(), "gateway.test", &codes::kTlsNameMismatch},
      {"other address", pki.issue({.addresses = {"127.0.0.2"}}), "", &codes::kTlsNameMismatch},
      {"common name does not count",
       pki.issue({.common_name = "gateway.test", .dns_names = {"x.test"}, .addresses = {}}), "gateway.test",
       &codes::kTlsNameMismatch},
      {"expired", pki.issue({.valid_from_s = -7200, .valid_until_s = -60}), "", &codes::kTlsCertificateExpired},
      {"self-signed", TestPki::self_signed(), "", &codes::kTlsCertificateUntrusted},
  };
  for (const Case& one : cases) {
    net::ClientOptions options;
    options.tls_server_name = one.name;
    TlsPair pair(server_options(one.own), client_options(pki.ca_pem()), options);
    const auto outcome = pair.get();
    if (one.refusal == nullptr) {
      EXPECT_TRUE(outcome.has_value()) << one.what;
    } else {
      expect_not_sent(outcome, *one.refusal);
    }
  }
}

TEST(Tls, AServerPinThatDoesNotFitIsRefused) {
  TestPki pki;
  auto client_side = client_options(pki.ca_pem());
  client_side.server_trust.pins_sha256 = {pki.issue().sha256};
  TlsPair pair(server_options(pki.issue()), client_side);
  expect_not_sent(pair.get(), codes::kTlsPinMismatch);
}

TEST(Tls, AReloadCountsForNewConnectionsAndAFailedOneChangesNothing) {
  TestPki old_pki;
  TestPki new_pki;
  TlsPair pair(server_options(old_pki.issue()), client_options(old_pki.ca_pem()));
  ASSERT_TRUE(pair.get().has_value());
  auto broken = server_options(new_pki.issue());
  broken.key_pem = new_pki.issue().key_pem;
  const auto failed = pair.server_factory->reload(broken);
  ASSERT_TRUE(failed.has_error());
  EXPECT_EQ(failed.error().code->id, codes::kTlsKeyMismatch.id);
  ASSERT_TRUE(pair.server_factory->reload(server_options(new_pki.issue())).has_value());
  EXPECT_TRUE(pair.get().has_value());  // over the connection that exists
  auto fresh = net::HttpClient::create({}, pair.pool, pair.client_factory.get()).value();
  expect_not_sent(call(*fresh, get_from(pair.server.port(), "/", true)), codes::kTlsCertificateUntrusted);
  ASSERT_TRUE(pair.client_factory->reload(client_options(new_pki.ca_pem())).has_value());
  EXPECT_TRUE(call(*fresh, get_from(pair.server.port(), "/", true)).has_value());
}

TEST(Tls, PlainHttpOnATlsPortIsClosedAndASlowHandshakeTimesOut) {
  TestPki pki;
  auto factory = TlsServerFactory::create(server_options(pki.issue())).value();
  RunningServer server(echo, {.handshake_timeout_ms = 150}, factory.get());
  auto plain = RawConnection::to(server.port());
  ASSERT_TRUE(plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_EQ(status_of(plain.read_all()), 0);
  auto mute = RawConnection::to(server.port());
  EXPECT_EQ(mute.read_all(), "");
  EXPECT_TRUE(server.observer.wait_closed(2));
}

TEST(Tls, TlsToAPlainServerIsNotSent) {
  TestPki pki;
  auto factory = TlsClientFactory::create(client_options(pki.ca_pem())).value();
  RunningServer server;
  net::IoPool pool(1);
  auto client = net::HttpClient::create({}, pool, factory.get()).value();
  expect_not_sent(call(*client, get_from(server.port(), "/", true)), codes::kTlsHandshake);
}

TEST(Tls, FactoriesNameTheOptionThatDoesNotFit) {
  TestPki pki;
  const auto own = pki.issue();
  const auto server_error = [&](const std::function<void(TlsServerOptions&)>& change) {
    auto options = server_options(own);
    change(options);
    const auto made = TlsServerFactory::create(options);
    return made.has_error() ? std::string(made.error().code->id) + " " + made.error().param : "fine";
  };
  const std::string broken_pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_EQ(server_error([](auto&) {}), "fine");
  EXPECT_EQ(server_error([](auto& o) { o.certificate_chain_pem = ""; }),
            "tls.certificate-unreadable certificate_chain_pem");
  EXPECT_EQ(server_error([&](auto& o) { o.certificate_chain_pem += broken_pem; }),
            "tls.certificate-unreadable certificate_chain_pem");
  EXPECT_EQ(server_error([](auto& o) { o.key_pem = "secret"; }), "tls.key-unreadable key_pem");
  EXPECT_EQ(server_error([&](auto& o) { o.key_pem = pki.issue().key_pem; }), "tls.key-mismatch key_pem");
  const auto with_trust = [&](TlsTrust trust) {
    return server_error([&](auto& o) {
      o.client_auth = ClientAuth::kRequired;
      o.client_trust = std::move(trust);
    });
  };
  EXPECT_EQ(with_trust({}), "tls.trust-missing ca_pem");
  EXPECT_EQ(with_trust({"x", {}, ""}), "tls.trust-unreadable ca_pem");
  EXPECT_EQ(with_trust({"", {"abcd"}, ""}), "tls.pin-invalid pins_sha256");
  EXPECT_EQ(with_trust({pki.ca_pem(), {}, "x"}), "tls.crl-unreadable crl_pem");
  EXPECT_EQ(with_trust({pki.ca_pem(), {}, pki.revoke({})}), "fine");
}

TEST(Tls, AFactoryUsedInTheWrongDirectionSaysSo) {
  TestPki pki;
  auto server_factory = TlsServerFactory::create(server_options(pki.issue())).value();
  RunningServer server(echo, {}, server_factory.get());
  net::IoPool pool(1);
  auto client = net::HttpClient::create({}, pool, server_factory.get()).value();
  expect_not_sent(call(*client, get_from(server.port(), "/", true)), codes::kTlsWrongDirection);
}

}  // namespace
}  // namespace tongqu::test
