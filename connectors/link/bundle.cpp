#include "connectors/link/bundle.hpp"

#include <algorithm>

#include "connectors/link/line_reader.hpp"
#include "connectors/link/link_codes.hpp"

namespace tongqu::link {
namespace {

constexpr std::string_view kForm = "tongqu-link/1";
constexpr std::string_view kSignatureLine = "\nsignature ";
constexpr std::string_view kEnd = "\nend\n";
constexpr std::string_view kXmlBefore = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tongqu-link>\n";
constexpr std::string_view kXmlBehind = "</tongqu-link>\n";

void line(std::string& out, std::initializer_list<std::string_view> words) {
  bool first = true;
  for (const std::string_view word : words) {
    if (!first) out.push_back(' ');
    first = false;
    out += word;
  }
  out.push_back('\n');
}

std::string hash_hex(const Suite& suite, std::string_view bytes) { return to_hex(as_text(suite.hash({bytes}))); }

// Closes the text with its signature.
Result<Written> sign(std::string text, const Suite& suite, const Signer& signer) {
  auto signature = signer.sign(text);
  if (signature.has_error()) return signature.error();
  Written written;
  written.digest = hash_hex(suite, text);
  line(text, {"signature", signer.algorithm(), to_base64(*signature)});
  text += "end\n";
  written.text = std::move(text);
  return written;
}

void append_answer(std::string& text, const BundleAnswer& bundle) {
  line(text, {"bundle", std::to_string(bundle.number), bundle.digest, std::to_string(bundle.answers.size())});
  for (const Answer& one : bundle.answers) {
    if (one.stored) {
      line(text, {"stored", one.message_id, one.exchange, one.receipt});
    } else {
      line(text, {"refused", one.message_id, one.code});
    }
  }
}

struct SignedText {
  std::string_view content;    // what is signed
  std::string_view signature;  // the line
};

// Splits and verifies; nothing of `text` is believed before. Without verifier it only splits.
Result<SignedText> open(std::string_view text, const Verifier* verifier) {
  if (!text.ends_with(kEnd)) return make_error(codes::kLinkCut);
  const std::string_view body = text.substr(0, text.size() - kEnd.size());
  const std::size_t at = body.rfind(kSignatureLine);
  if (at == std::string_view::npos) return make_error(codes::kLinkSignature);
  SignedText out{text.substr(0, at + 1), body.substr(at + 1)};
  LineReader reader(out.signature);
  const auto words = reader.words("signature", 2);
  if (words.empty() || !reader.at_end()) return make_error(codes::kLinkSignature);
  if (verifier == nullptr) return out;
  const auto signature = from_base64(words[1]);
  if (words[0] != verifier->algorithm() || !signature || !verifier->verify(out.content, *signature))
    return make_error(codes::kLinkSignature);
  return out;
}

Error form(const LineReader& reader) {
  return make_error(codes::kLinkForm, "line " + std::to_string(reader.line_number()));
}

// The first lines that both forms have.
Status read_head(LineReader& reader, std::string_view kind, const Suite& suite, std::string& link) {
  const auto head = reader.words(kForm, 2);
  if (head.empty() || head[0] != kind) return form(reader);
  if (head[1] != suite.hash_name()) return make_error(codes::kLinkHash, std::string(suite.hash_name()));
  const auto name = reader.words("link", 1);
  if (name.empty()) return form(reader);
  link = name[0];
  return {};
}

Result<Entry> read_entry(LineReader& reader, const Suite& suite, std::size_t index) {
  const auto words = reader.words("entry", 5);
  std::uint64_t size = 0;
  if (words.empty() || !read_number(words[3], size) || !is_hex_digest(words[4])) return form(reader);
  const std::string_view digest = words[4];
  Entry entry{std::string(words[0]), std::string(words[1]), std::string(words[2]), {}};
  auto body = from_base64(reader.raw());
  if (!body || reader.failed()) return form(reader);
  entry.body = std::move(*body);
  if (entry.body.size() != size || hash_hex(suite, entry.body) != digest) {
    return make_error(codes::kLinkDigest, std::to_string(index + 1));
  }
  return entry;
}

bool read_answer(LineReader& reader, Answer& answer) {
  if (const auto stored = reader.words("stored", 3); !stored.empty()) {
    answer = {std::string(stored[0]), true, std::string(stored[1]), std::string(stored[2]), {}};
    return is_hex_digest(stored[2]);
  }
  const auto refused = reader.words("refused", 2);
  if (refused.empty()) return false;
  answer = {std::string(refused[0]), false, {}, {}, std::string(refused[1])};
  return true;
}

bool read_bundle_answer(LineReader& reader, BundleAnswer& bundle) {
  const auto words = reader.words("bundle", 3);
  std::uint64_t count = 0;
  if (words.empty() || !read_number(words[0], bundle.number) || bundle.number == 0 || bundle.number > kMaxNumber ||
      !is_hex_digest(words[1]) || !read_number(words[2], count) || count > kMaxEntries)
    return false;
  bundle.digest = words[1];
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!read_answer(reader, bundle.answers.emplace_back())) return false;
  }
  return true;
}

bool read_missing(std::string_view text, std::uint64_t highest, std::vector<std::uint64_t>& out) {
  if (text == "-") return true;
  for (;;) {
    const std::size_t comma = text.find(',');
    std::uint64_t number = 0;
    if (!read_number(text.substr(0, comma), number) || number == 0 || number > highest || out.size() == kMaxMissing)
      return false;
    if (!out.empty() && number <= out.back()) return false;
    out.push_back(number);
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

std::string missing_text(const std::vector<std::uint64_t>& missing) {
  std::string out;
  for (const std::uint64_t number : missing) {
    if (!out.empty()) out.push_back(',');
    out += std::to_string(number);
  }
  return out.empty() ? "-" : out;
}

bool read_counts(LineReader& reader, Answers& out, std::uint64_t& bundles) {
  const auto next = reader.words("next", 1);
  if (next.empty() || !read_number(next[0], out.next) || out.next == 0) return false;
  const auto highest = reader.words("highest", 1);
  if (highest.empty() || !read_number(highest[0], out.highest)) return false;
  // A word longer than a name is well here: many numbers.
  const auto missing = reader.long_word("missing");
  if (missing.empty() || !read_missing(missing, out.highest, out.missing)) return false;
  const auto count = reader.words("bundles", 1);
  return !count.empty() && read_number(count[0], bundles) && bundles <= kMaxAnsweredBundles;
}

}  // namespace

Result<Written> write_bundle(const Bundle& bundle, const Suite& suite, const Signer& signer) {
  std::string text;
  line(text, {kForm, "bundle", suite.hash_name()});
  line(text, {"link", bundle.link});
  line(text, {"number", std::to_string(bundle.number)});
  line(text, {"previous", bundle.previous.empty() ? "-" : bundle.previous});
  line(text, {"created", to_beijing_text(bundle.created)});
  line(text, {"entries", std::to_string(bundle.entries.size())});
  for (const Entry& entry : bundle.entries) {
    line(text, {"entry", entry.message_id, entry.service, entry.content_type, std::to_string(entry.body.size()),
                hash_hex(suite, entry.body)});
    line(text, {to_base64(entry.body)});
  }
  return sign(std::move(text), suite, signer);
}

Result<Written> write_answers(const Answers& answers, const Suite& suite, const Signer& signer) {
  std::string text;
  line(text, {kForm, "answers", suite.hash_name()});
  line(text, {"link", answers.link});
  line(text, {"created", to_beijing_text(answers.created)});
  line(text, {"next", std::to_string(answers.next)});
  line(text, {"highest", std::to_string(answers.highest)});
  line(text, {"missing", missing_text(answers.missing)});
  line(text, {"bundles", std::to_string(answers.bundles.size())});
  for (const BundleAnswer& bundle : answers.bundles) append_answer(text, bundle);
  return sign(std::move(text), suite, signer);
}

namespace {

Result<ReadBundle> parse_bundle(const SignedText& signed_text, const Suite& suite) {
  LineReader reader(signed_text.content);
  ReadBundle out;
  out.signature = signed_text.signature;
  Bundle& bundle = out.bundle;
  if (auto status = read_head(reader, "bundle", suite, bundle.link); status.has_error()) return status.error();
  const auto number = reader.words("number", 1);
  if (number.empty() || !read_number(number[0], bundle.number) || bundle.number == 0 || bundle.number > kMaxNumber)
    return form(reader);
  const auto previous = reader.words("previous", 1);
  if (previous.empty() || (previous[0] != "-" && !is_hex_digest(previous[0]))) return form(reader);
  if (previous[0] != "-") bundle.previous = previous[0];
  if (!reader.instant("created", bundle.created)) return form(reader);
  const auto count = reader.words("entries", 1);
  std::uint64_t entries = 0;
  if (count.empty() || !read_number(count[0], entries) || entries > kMaxEntries) return form(reader);
  for (std::uint64_t i = 0; i < entries; ++i) {
    auto entry = read_entry(reader, suite, i);
    if (entry.has_error()) return entry.error();
    bundle.entries.push_back(std::move(*entry));
  }
  if (!reader.at_end()) return form(reader);
  out.digest = hash_hex(suite, signed_text.content);
  return out;
}

}  // namespace

Result<ReadBundle> read_bundle(std::string_view text, const Suite& suite, const Verifier& verifier) {
  const auto opened = open(text, &verifier);
  if (opened.has_error()) return opened.error();
  return parse_bundle(*opened, suite);
}

Result<ReadBundle> read_own_bundle(std::string_view text, const Suite& suite) {
  const auto opened = open(text, nullptr);
  if (opened.has_error()) return opened.error();
  return parse_bundle(*opened, suite);
}

Result<Answers> read_answers(std::string_view text, const Suite& suite, const Verifier& verifier) {
  const auto opened = open(text, &verifier);
  if (opened.has_error()) return opened.error();
  LineReader reader(opened->content);
  Answers out;
  if (auto status = read_head(reader, "answers", suite, out.link); status.has_error()) return status.error();
  std::uint64_t bundles = 0;
  if (!reader.instant("created", out.created) || !read_counts(reader, out, bundles)) return form(reader);
  for (std::uint64_t i = 0; i < bundles; ++i) {
    BundleAnswer bundle;
    if (!read_bundle_answer(reader, bundle)) return form(reader);
    if (!out.bundles.empty() && bundle.number <= out.bundles.back().number) return form(reader);
    out.bundles.push_back(std::move(bundle));
  }
  if (!reader.at_end()) return form(reader);
  return out;
}

std::string write_kept(const KeptAnswer& kept) {
  std::string text;
  line(text, {"at", to_beijing_text(kept.at)});
  append_answer(text, kept.answer);
  text += "end\n";
  return text;
}

Result<KeptAnswer> read_kept(std::string_view text) {
  if (!text.ends_with(kEnd)) return make_error(codes::kLinkCut);
  LineReader reader(text.substr(0, text.size() - kEnd.size() + 1));
  KeptAnswer kept;
  if (!reader.instant("at", kept.at) || !read_bundle_answer(reader, kept.answer) || !reader.at_end())
    return form(reader);
  return kept;
}

std::string wrap(std::string text, FileType type) {
  if (type == FileType::kText) return text;
  std::string out;
  out.reserve(text.size() + kXmlBefore.size() + kXmlBehind.size());
  out += kXmlBefore;
  out += text;
  out += kXmlBehind;
  return out;
}

std::string_view unwrap(std::string_view file, FileType type) {
  if (type == FileType::kText) return file;
  if (!file.starts_with(kXmlBefore) || !file.ends_with(kXmlBehind)) return file;
  file.remove_prefix(kXmlBefore.size());
  if (file.size() < kXmlBehind.size()) return {};
  file.remove_suffix(kXmlBehind.size());
  return file;
}

std::size_t entry_bytes(const Entry& entry) {
  return entry.message_id.size() + entry.service.size() + entry.content_type.size() + 128 +
         (entry.body.size() + 2) / 3 * 4;
}

}  // namespace tongqu::link
