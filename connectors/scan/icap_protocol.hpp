#pragma once
// The conversation with an ICAP server (RFC 3507) that judges one content: OPTIONS on a connection of its own, then
// RESPMOD with "Allow: 204" and, where the server offers it, a preview. No I/O.
//
//   connect, OPTIONS, answer ── connect, head ─┬─ preview, answer ── 100 ──► rest, answer ──► verdict
//                                              └─ (no preview) ──────────► all,  answer ──► verdict
//
// The preview never holds the whole content, so "204" to it says that the server did not look at the rest: that is how
// servers treat types and sizes outside their settings, and it is no verdict. The request says nothing of the content
// but its type and size.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/attachments.hpp"

namespace tongqu::scan {

// The first preview may not be larger, whatever the server asks for.
inline constexpr std::uint64_t kMaxPreviewBytes = 16U << 10U;
inline constexpr std::size_t kMaxIcapHeadBytes = 16U << 10U;

struct IcapService {
  std::string authority;  // "127.0.0.1:1344": a numeric address, with the port
  std::string url;        // "icap://127.0.0.1:1344/avscan"
};
// "icap://address[:port]/service"; port 1344 unless given. The address is not looked at closer. Nothing for other
// texts.
[[nodiscard]] std::optional<IcapService> parse_icap_service(std::string_view text);

// What the head of an answer says, as far as it matters here.
struct IcapHead {
  int status = 0;
  std::string istag;
  std::optional<std::uint64_t> preview_bytes;
  bool allows_204 = false;
  bool offers_respmod = false;
  bool infected = false;       // X-Infection-Found or X-Virus-ID
  bool has_http_head = false;  // an HTTP answer follows: "Encapsulated: res-hdr=0, …"
};
// `text`: from the status line to the empty line, that included. Nothing when it is not such a head; field names in any
// case, folded lines are read; a field of the above that is there twice is not.
[[nodiscard]] std::optional<IcapHead> parse_icap_head(std::string_view text);

// One chunk of a body; `bytes` is not empty.
[[nodiscard]] std::string icap_chunk(std::string_view bytes);

struct IcapStep {
  enum Kind : std::uint8_t {
    kConnect,  // a new connection instead of the old one
    kSend,     // `bytes`
    kContent,  // a piece of the content from `offset_bytes` on, at most `limit_bytes`, as icap_chunk
    kReceive,
    kDone
  };
  Kind kind = kDone;
  std::string bytes = {};
  std::uint64_t offset_bytes = 0;
  std::uint64_t limit_bytes = 0;
};

class IcapConversation {
 public:
  // `type`: media type of the content.
  IcapConversation(IcapService service, std::string type, std::uint64_t size_bytes);

  [[nodiscard]] IcapStep next() const;
  // The step was done; `bytes` of a kContent were sent.
  void done(std::uint64_t bytes = 0);
  // Instead of done() on kSend and kContent: the server takes no more, or answers already. What it says is read next.
  void cut();
  // On kReceive: what came; empty = the server closed.
  void received(std::string_view bytes);
  // On any step: it failed, or its time is over. There is no verdict.
  void failed();
  // On kDone. Errors, none of them a verdict: scan.unreachable (failed(), closed without a word, 503),
  // scan.icap-service (OPTIONS does not offer what is needed), scan.not-read, scan.answer.
  [[nodiscard]] Result<ScanVerdict> verdict() const;

 private:
  enum class Phase : std::uint8_t {
    kConnectForOptions,
    kOptions,
    kOptionsAnswer,
    kConnect,
    kHead,
    kPreview,
    kPreviewEnd,
    kPreviewAnswer,
    kRest,
    kRestEnd,
    kAnswer,
    kDone
  };
  [[nodiscard]] std::string request_head() const;
  void content_sent(std::uint64_t bytes);
  void take_head(const IcapHead& head);
  void take_options(const IcapHead& head);
  void judge(const IcapHead& head);
  void judge_http(std::string_view status_line);
  void finish(Result<ScanVerdict> verdict);

  IcapService service_;
  std::string type_;
  std::uint64_t size_bytes_;
  Phase phase_ = Phase::kConnectForOptions;
  bool with_preview_ = false;
  std::uint64_t preview_bytes_ = 0;
  std::uint64_t sent_bytes_ = 0;
  bool whole_ = false;        // the server was given everything before it answered
  bool awaits_http_ = false;  // the head was read, the status line of the HTTP answer was not
  std::string buffer_;        // of the answer that is being read
  Result<ScanVerdict> verdict_;
};

}  // namespace tongqu::scan
