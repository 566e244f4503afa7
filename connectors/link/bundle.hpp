#pragma once
// The files of a link. Plain ASCII lines, so that they pass as .txt; inside one element, so that they pass as .xml.
//
//   tongqu-link/1 bundle <hash name>            tongqu-link/1 answers <hash name>
//   link <link>                                 link <link>
//   number <n>                                  created <RFC 3339>
//   previous <digest of bundle n-1, or ->       next <the number that is awaited>
//   created <RFC 3339>                          highest <highest number seen>
//   entries <count>                             missing <numbers with commas, or ->
//   entry <message> <service> <type> <bytes> <digest>      bundles <count>
//   <body, base64>                              bundle <n> <digest> <count>
//   …                                           stored <message> <exchange> <digest of the receipt>
//                                               refused <message> <error code>
//   signature <algorithm> <base64>              … signature as on the left
//   end                                         end
//
// The signature is over all bytes before its line, and is checked before anything else is read. A bundle's digest is
// the hash of those bytes. Functions are pure and thread-safe.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/clock.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::link {

inline constexpr std::size_t kMaxEntries = 10'000;         // of a bundle, and of a bundle's answers
inline constexpr std::size_t kMaxAnsweredBundles = 4'096;  // in one file of answers
inline constexpr std::size_t kMaxMissing = 1'000;
inline constexpr std::size_t kMaxNameBytes = 200;  // message id, service, content type, code
inline constexpr std::uint64_t kMaxNumber = 9'999'999'999;

struct Entry {
  std::string message_id;
  std::string service;
  std::string content_type;
  std::string body;
  friend bool operator==(const Entry&, const Entry&) = default;
};

struct Bundle {
  std::string link;
  std::uint64_t number = 0;  // from 1, without gaps
  std::string previous;      // hex; empty for the first
  Instant created;
  std::vector<Entry> entries;
  friend bool operator==(const Bundle&, const Bundle&) = default;
};

// What became of one message at the other side.
struct Answer {
  std::string message_id;
  bool stored = false;
  std::string exchange;  // stored: the exchange there
  std::string receipt;   // stored: digest of the receipt there, hex
  std::string code;      // refused: its error code
  friend bool operator==(const Answer&, const Answer&) = default;
};

struct BundleAnswer {
  std::uint64_t number = 0;
  std::string digest;  // of the bundle, hex
  std::vector<Answer> answers;
  friend bool operator==(const BundleAnswer&, const BundleAnswer&) = default;
};

struct Answers {
  std::string link;
  Instant created;
  std::uint64_t next = 1;              // the number that is awaited
  std::uint64_t highest = 0;           // seen so far
  std::vector<std::uint64_t> missing;  // numbers up to `highest` that did not come, rising
  std::vector<BundleAnswer> bundles;   // rising numbers
  friend bool operator==(const Answers&, const Answers&) = default;
};

struct Written {
  std::string text;
  std::string digest;  // hex
};
[[nodiscard]] Result<Written> write_bundle(const Bundle& bundle, const Suite& suite, const Signer& signer);
[[nodiscard]] Result<Written> write_answers(const Answers& answers, const Suite& suite, const Signer& signer);

struct ReadBundle {
  Bundle bundle;
  std::string digest;
  std::string signature;  // the line, as evidence
};
// Fail with link.cut, link.signature, link.hash, link.form (the line as parameter), link.digest (the entry).
[[nodiscard]] Result<ReadBundle> read_bundle(std::string_view text, const Suite& suite, const Verifier& verifier);
// A bundle out of the connector's own folder: the signature is its own and not checked.
[[nodiscard]] Result<ReadBundle> read_own_bundle(std::string_view text, const Suite& suite);
[[nodiscard]] Result<Answers> read_answers(std::string_view text, const Suite& suite, const Verifier& verifier);

// One bundle's answers as the connector keeps them in its own folder, with the time of answering; not signed.
struct KeptAnswer {
  BundleAnswer answer;
  Instant at;
  friend bool operator==(const KeptAnswer&, const KeptAnswer&) = default;
};
[[nodiscard]] std::string write_kept(const KeptAnswer& kept);
[[nodiscard]] Result<KeptAnswer> read_kept(std::string_view text);  // link.cut, link.form

// What a file type of the 网闸 asks for. Unwrapping gives the whole text when there is nothing around it.
enum class FileType : std::uint8_t { kText, kXml };
[[nodiscard]] std::string wrap(std::string text, FileType type);
[[nodiscard]] std::string_view unwrap(std::string_view file, FileType type);

// True for names that can stand in a line: visible ASCII without <, > and &, at most kMaxNameBytes.
[[nodiscard]] bool is_word(std::string_view text);
// Bytes that an entry takes in a bundle, and those that a bundle has around its entries; upper bounds.
[[nodiscard]] std::size_t entry_bytes(const Entry& entry);
inline constexpr std::size_t kFrameBytes = 2048;

}  // namespace tongqu::link
