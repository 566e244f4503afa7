// The conversation with an ICAP server, every step made to fail.
#include "connectors/scan/icap_protocol.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "connectors/scan/scan_codes.hpp"

namespace tongqu::scan {
namespace {

constexpr std::string_view kOptionsAnswer =
    "ICAP/1.0 200 OK\r\nMethods: RESPMOD, REQMOD\r\nISTag: \"T1\"\r\nPreview: 4\r\nAllow: 204\r\n"
    "Encapsulated: null-body=0\r\n\r\n";
constexpr std::string_view kGoOn = "ICAP/1.0 100 Continue\r\n\r\n";
constexpr std::string_view kUnmodified = "ICAP/1.0 204 Unmodified\r\nISTag: \"T1\"\r\n\r\n";
constexpr std::string_view kFound =
    "ICAP/1.0 200 OK\r\nISTag: \"T1\"\r\nX-Infection-Found: Type=0; Resolution=2; Threat=Made.Up;\r\n"
    "X-Violations-Found: 1\r\n\t-\r\n\tMade.Up\r\nEncapsulated: res-hdr=0, res-body=30\r\n\r\nHTTP/1.1 200 OK\r\n\r\n";

std::string replaced(std::string_view status_line) {
  return "ICAP/1.0 200 OK\r\nISTag: \"T1\"\r\nEncapsulated: res-hdr=0, res-body=40\r\n\r\n" + std::string(status_line) +
         "\r\nServer: x\r\n\r\n";
}

// Plays the server: answers in order, one for each time that the conversation listens; without an answer left the
// server closes. The step number `fail_at`, counted from 0, fails; `cut_at` is cut.
struct Play {
  std::vector<std::string> answers;
  std::string content = "0123456789";
  int fail_at = -1;
  int cut_at = -1;
  std::size_t drop_bytes = 1000;  // answers come in pieces of so many bytes

  std::string sent{};
  int steps = 0;
  int connections = 0;

  std::string run() {
    IcapConversation talk({"127.0.0.1:1344", "icap://127.0.0.1:1344/av"}, "image/jpeg", content.size());
    std::size_t next = 0;
    std::string rest;
    for (auto step = talk.next(); step.kind != IcapStep::kDone; step = talk.next()) {
      const int number = steps++;
      if (number > 2000) return "endless";
      if (number == fail_at) {
        talk.failed();
      } else if (number == cut_at && (step.kind == IcapStep::kSend || step.kind == IcapStep::kContent)) {
        talk.cut();
      } else if (step.kind == IcapStep::kConnect) {
        ++connections;
        talk.done();
      } else if (step.kind == IcapStep::kSend) {
        sent += step.bytes;
        talk.done();
      } else if (step.kind == IcapStep::kContent) {
        const std::string piece = content.substr(step.offset_bytes, std::min<std::size_t>(step.limit_bytes, 3));
        sent += icap_chunk(piece);
        talk.done(piece.size());
      } else {
        if (rest.empty() && next < answers.size()) rest = answers[next++];
        talk.received(std::string_view(rest).substr(0, drop_bytes));
        rest.erase(0, drop_bytes);
      }
    }
    const auto verdict = talk.verdict();
    if (verdict.has_error()) return std::string(verdict.error().code->id);
    return *verdict == ScanVerdict::kClean ? "clean" : "infected";
  }
};

std::string with_options(std::vector<std::string> answers, std::string content = "0123456789") {
  answers.insert(answers.begin(), std::string(kOptionsAnswer));
  return Play{.answers = std::move(answers), .content = std::move(content)}.run();
}

TEST(IcapConversation, AsksForOptionsThenPreviewsThenSendsTheRest) {
  Play play{.answers = {std::string(kOptionsAnswer), std::string(kGoOn), std::string(kUnmodified)}};
  EXPECT_EQ(play.run(), "clean");
  EXPECT_EQ(play.connections, 2);
  EXPECT_EQ(play.sent,
            "OPTIONS icap://127.0.0.1:1344/av ICAP/1.0\r\nHost: 127.0.0.1:1344\r\nConnection: close\r\n"
            "Encapsulated: null-body=0\r\n\r\n"
            "RESPMOD icap://127.0.0.1:1344/av ICAP/1.0\r\nHost: 127.0.0.1:1344\r\nConnection: close\r\n"
            "Allow: 204\r\nPreview: 4\r\nEncapsulated: req-hdr=0, res-hdr=76, res-body=141\r\n\r\n"
            "GET http://attachment.invalid/content HTTP/1.1\r\nHost: attachment.invalid\r\n\r\n"
            "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 10\r\n\r\n"
            "3\r\n012\r\n1\r\n3\r\n0\r\n\r\n"
            "3\r\n456\r\n3\r\n789\r\n0\r\n\r\n");
}

TEST(IcapConversation, AnswersMayComeByteByByte) {
  for (const auto& [last, verdict] : {std::pair{kUnmodified, "clean"}, {kFound, "infected"}}) {
    EXPECT_EQ(
        (Play{.answers = {std::string(kOptionsAnswer), std::string(kGoOn), std::string(last)}, .drop_bytes = 1}.run()),
        verdict);
  }
}

TEST(IcapConversation, WithoutAPreviewEverythingIsSentAtOnce) {
  const std::string options = "ICAP/1.0 200 OK\r\nmethods: RESPMOD\r\nistag: T\r\nallow: 204\r\n\r\n";
  Play play{.answers = {options, std::string(kUnmodified)}};
  EXPECT_EQ(play.run(), "clean");
  EXPECT_TRUE(play.sent.ends_with("3\r\n012\r\n3\r\n345\r\n3\r\n678\r\n1\r\n9\r\n0\r\n\r\n")) << play.sent;
  EXPECT_EQ(play.sent.find("Preview"), std::string::npos);
}

TEST(IcapConversation, ThePreviewNeverHoldsTheWholeContent) {
  Play play{.answers = {std::string(kOptionsAnswer), std::string(kGoOn), std::string(kUnmodified)}, .content = "0123"};
  EXPECT_EQ(play.run(), "clean");
  EXPECT_NE(play.sent.find("Preview: 3\r\n"), std::string::npos);
  EXPECT_EQ(with_options({std::string(kUnmodified)}, "0123"), "scan.not-read");
  EXPECT_EQ(with_options({std::string(kUnmodified)}, "0"), "scan.not-read") << "a preview of nothing";
  EXPECT_EQ(with_options({std::string(kGoOn), std::string(kUnmodified)}, "0"), "clean");
  const std::string wants_much =
      "ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\nISTag: T\r\nAllow: 204\r\nPreview: 99999999\r\n\r\n";
  Play large{.answers = {wants_much}, .content = std::string(100'000, 'x')};
  EXPECT_EQ(large.run(), "endless") << "in pieces of 3 bytes";
  EXPECT_NE(large.sent.find("Preview: 16384\r\n"), std::string::npos);
}

TEST(IcapConversation, WhatIsFoundIsFoundWheneverItIsSaid) {
  EXPECT_EQ(with_options({std::string(kFound)}), "infected") << "in the preview";
  EXPECT_EQ(with_options({std::string(kGoOn), std::string(kFound)}), "infected");
  EXPECT_EQ(with_options({std::string(kGoOn), replaced("HTTP/1.1 403 Forbidden")}), "infected");
  EXPECT_EQ(with_options({replaced("HTTP/1.0 403 Forbidden")}), "infected");
  EXPECT_EQ(with_options({std::string(kGoOn), "ICAP/1.0 200 OK\r\nISTag: T\r\nx-virus-id: Made.Up\r\n\r\n"}),
            "infected");
}

TEST(IcapConversation, EverythingElseIsNoVerdict) {
  const std::string tag = "ISTag: \"T1\"\r\n";
  for (const std::string& answer :
       {std::string("ICAP/1.0 204 Unmodified\r\n\r\n"),                             // no ISTag: not such a server
        "ICAP/1.0 204 Unmodified\r\n" + tag + "X-Infection-Found: Type=0\r\n\r\n",  // contradicts itself
        "ICAP/1.0 204 Unmodified\r\n" + tag + tag + "\r\n",                         // twice
        "ICAP/1.0 206 Partial\r\n" + tag + "\r\n",                                  // never asked for
        "ICAP/1.0 100 Continue\r\n" + tag + "\r\n",                                 // a second time
        "ICAP/1.0 200 OK\r\n" + tag + "\r\n",                                       // nothing inside
        "ICAP/1.0 200 OK\r\n" + tag + "Encapsulated: res-body=0\r\n\r\n",           // no head inside
        "ICAP/1.0 404 No service\r\n" + tag + "\r\n",
        "ICAP/1.0 500 Server error\r\n" + tag + "\r\n",
        "HTTP/1.1 204 Unmodified\r\n" + tag + "\r\n",
        "ICAP/1.0 2040 X\r\n" + tag + "\r\n",
        "ICAP/1.0 204 Unmodified\n" + tag + "\n\r\n\r\n",
        "ICAP/1.0 204 X\r\nbroken line\r\n" + tag + "\r\n",
        "ICAP/1.0 204 X\r\n folded\r\n" + tag + "\r\n",
        std::string("ICAP/1.0 204 X\r\nA\0: b\r\nISTag: T\r\n\r\n", 36),
        std::string("ICAP/1.0 204 Unmod"),
        replaced("HTTP/1.1 200 OK"),
        replaced("HTTP/1.1 302 Found"),
        replaced("HTTP/1.1 500 Error"),
        replaced("garbage"),
        replaced(std::string(5000, 'x')),
        "ICAP/1.0 204 X\r\n" + tag + "A: " + std::string(kMaxIcapHeadBytes, 'x') + "\r\n\r\n"}) {
    EXPECT_EQ(with_options({std::string(kGoOn), answer}), "scan.answer") << answer;
  }
  EXPECT_EQ(with_options({std::string(kGoOn), "ICAP/1.0 503 Overloaded\r\n" + tag + "\r\n"}), "scan.unreachable");
  EXPECT_EQ(with_options({std::string(kGoOn)}), "scan.unreachable") << "closed without a word";
  EXPECT_EQ(with_options({std::string(kGoOn) + std::string(kUnmodified)}), "scan.answer") << "before the rest came";
}

TEST(IcapConversation, AServiceHasToOfferWhatIsNeeded) {
  for (const std::string_view answer : {"ICAP/1.0 404 Service not found\r\n\r\n",
                                        "ICAP/1.0 200 OK\r\nMethods: REQMOD\r\nISTag: T\r\nAllow: 204\r\n\r\n",
                                        "ICAP/1.0 200 OK\r\nMethods: XRESPMOD\r\nISTag: T\r\nAllow: 204\r\n\r\n",
                                        "ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\nISTag: T\r\nAllow: 206\r\n\r\n",
                                        "ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\nAllow: 204\r\n\r\n"}) {
    const Play play{.answers = {std::string(answer)}};
    EXPECT_EQ(Play(play).run(), "scan.icap-service") << answer;
  }
  EXPECT_EQ(Play{.answers = {"ICAP/1.0 200 OK\r\nPreview: many\r\n\r\n"}}.run(), "scan.answer");
}

TEST(IcapConversation, AStepThatFailsOrIsCutIsNeverClean) {
  const std::vector<std::string> clean{std::string(kOptionsAnswer), std::string(kGoOn), std::string(kUnmodified)};
  Play whole{.answers = clean};
  ASSERT_EQ(whole.run(), "clean");
  ASSERT_GE(whole.steps, 12);
  for (int i = 0; i < whole.steps; ++i) {
    EXPECT_EQ((Play{.answers = clean, .fail_at = i}.run()), "scan.unreachable") << i;
    const std::string cut = Play{.answers = {clean[0], clean[2]}, .cut_at = i}.run();
    EXPECT_NE(cut, "clean") << i;
  }
  // The server has had enough after the first piece of the rest, and says why.
  EXPECT_EQ((Play{.answers = {clean[0], clean[1], std::string(kFound)}, .cut_at = 10}.run()), "infected");
  EXPECT_EQ((Play{.answers = clean, .cut_at = 10}.run()), "scan.not-read");
}

TEST(IcapService, IsAnAddressAndAName) {
  const auto plain = parse_icap_service("icap://127.0.0.1/avscan?mode=simple");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->authority, "127.0.0.1:1344");
  EXPECT_EQ(plain->url, "icap://127.0.0.1:1344/avscan?mode=simple");
  EXPECT_EQ(parse_icap_service("icap://[::1]/av")->authority, "[::1]:1344");
  EXPECT_EQ(parse_icap_service("icap://[::1]:99/av")->authority, "[::1]:99");
  for (const std::string_view text :
       {"", "icap://", "icap:///av", "icap://127.0.0.1", "icap://127.0.0.1/", "http://x/y", "icap://127.0.0.1/a b",
        "icap://127.0.0.1/a\r\nb", "icap://u@127.0.0.1/a"}) {
    EXPECT_FALSE(parse_icap_service(text)) << text;
  }
}

}  // namespace
}  // namespace tongqu::scan
