#include "security/audit/note.hpp"

#include <charconv>

#include "security/audit/audit_codes.hpp"
#include "security/crypto/keys.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // em dash and space
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::size_t kMaxOriginBytes = 200;

// What stands before the public key, in the key text and under the key id: the type of the signature.
std::string_view type_of(SuiteId suite) {
  using namespace std::string_view_literals;
  return suite == SuiteId::kGm ? "\xFFsm2-sm3"sv : "\x01"sv;
}

std::string key_id_of(const Suite& suite, std::string_view origin, std::string_view public_key) {
  const Digest32 full = suite.hash({origin, "\n", type_of(suite.id()), public_key});
  return std::string(as_text(full).substr(0, kKeyIdBytes));
}

std::string key_text_of(const Suite& suite, std::string_view origin, std::string_view public_key) {
  std::string typed(type_of(suite.id()));
  typed += public_key;
  return std::string(origin) + "+" + to_hex(key_id_of(suite, origin, public_key)) + "+" + to_base64(typed);
}

// Cuts "— <name> <base64>\n" off the front of `lines`.
struct SignatureLine {
  std::string_view name;
  Bytes blob;  // key id ‖ signature
};
Result<SignatureLine> cut_signature_line(std::string_view& lines) {
  const auto end = lines.find('\n');
  if (end == std::string_view::npos || !lines.starts_with(kDash)) return make_error(codes::kAuditNote);
  const std::string_view line = lines.substr(kDash.size(), end - kDash.size());
  lines.remove_prefix(end + 1);
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_origin(line.substr(0, space))) return make_error(codes::kAuditNote);
  auto blob = from_base64(line.substr(space + 1));
  if (!blob || blob->size() <= kKeyIdBytes) return make_error(codes::kAuditNote);
  return SignatureLine{line.substr(0, space), std::move(*blob)};
}

bool is_note_text(std::string_view text) {
  if (!is_utf8(text)) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return false;
  }
  return true;
}

}  // namespace

std::string_view log_algorithm(SuiteId suite) { return suite == SuiteId::kGm ? kSm2Sm3 : kEd25519; }

bool is_origin(std::string_view text) {
  if (text.empty() || text.size() > kMaxOriginBytes) return false;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = next_code_point(text, at);
    if (!point || *point <= 0x20 || *point == '+' || (*point >= 0x7F && *point <= 0xA0) || *point == 0x1680 ||
        (*point >= 0x2000 && *point <= 0x200A) || *point == 0x2028 || *point == 0x2029 || *point == 0x202F ||
        *point == 0x205F || *point == 0x3000)
      return false;
  }
  return true;
}

Result<LogVerifier> LogVerifier::create(std::string_view text) {
  const auto malformed = [] { return make_error(codes::kAuditKeyText); };
  if (text.ends_with('\n')) text.remove_suffix(1);
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos || !is_origin(text.substr(0, first))) return malformed();
  const auto typed = from_base64(text.substr(second + 1));
  if (!typed) return malformed();
  SuiteId id = SuiteId::kIntl;
  if (typed->starts_with(type_of(SuiteId::kGm))) {
    id = SuiteId::kGm;
  } else if (!typed->starts_with(type_of(SuiteId::kIntl))) {
    return malformed();
  }
  auto suite = make_suite(id);
  if (suite.has_error()) return suite.error();
  LogVerifier made;
  made.origin_ = text.substr(0, first);
  const std::string_view public_key = std::string_view(*typed).substr(type_of(id).size());
  made.key_id_ = key_id_of(**suite, made.origin_, public_key);
  if (to_hex(made.key_id_) != text.substr(first + 1, second - first - 1)) return malformed();
  auto verifier = make_verifier_from_raw(log_algorithm(id), public_key);
  if (verifier.has_error()) return malformed();
  made.suite_ = std::move(*suite);
  made.verifier_ = std::move(*verifier);
  return made;
}

Result<std::string_view> LogVerifier::open(std::string_view note) const {
  // The last empty line separates: the text itself may hold empty lines.
  const auto gap = note.size() > kMaxNoteBytes ? std::string_view::npos : note.rfind("\n\n");
  if (gap == std::string_view::npos || !is_note_text(note)) return make_error(codes::kAuditNote);
  const std::string_view text = note.substr(0, gap + 1);
  std::string_view lines = note.substr(gap + 2);
  bool good = false;
  for (std::size_t count = 0; !lines.empty(); ++count) {
    if (count == kMaxNoteSignatures) return make_error(codes::kAuditNote);
    const auto line = cut_signature_line(lines);
    if (line.has_error()) return line.error();
    const std::string_view blob = line->blob;
    if (line->name != origin_ || blob.substr(0, kKeyIdBytes) != key_id_) continue;
    if (!verifier_->verify(text, blob.substr(kKeyIdBytes))) return make_error(codes::kAuditSignature);
    good = true;
  }
  if (!good) return make_error(codes::kAuditSignature);
  return text;
}

Result<std::string> verifier_key_text(std::string_view origin, SuiteId id, std::string_view pem) {
  if (!is_origin(origin)) return make_error(codes::kAuditKeyText);
  const auto suite = make_suite(id);
  if (suite.has_error()) return suite.error();
  const auto raw = public_key_raw(log_algorithm(id), pem);
  if (raw.has_error()) return raw.error();
  return key_text_of(**suite, origin, *raw);
}

Result<NoteSigner> NoteSigner::create(std::string_view origin, SuiteId id, std::string_view private_pem) {
  if (!is_origin(origin)) return make_error(codes::kAuditKeyText);
  const auto suite = make_suite(id);
  if (suite.has_error()) return suite.error();
  auto signer = make_signer(log_algorithm(id), private_pem);
  if (signer.has_error()) return signer.error();
  const auto raw = public_key_raw(log_algorithm(id), private_pem);
  if (raw.has_error()) return raw.error();
  NoteSigner made;
  made.origin_ = origin;
  made.key_id_ = key_id_of(**suite, origin, *raw);
  made.key_text_ = key_text_of(**suite, origin, *raw);
  made.signer_ = std::move(*signer);
  return made;
}

Result<std::string> NoteSigner::sign(std::string_view text) const {
  if (!text.ends_with('\n') || text.size() < 2 || !is_note_text(text)) return make_error(codes::kAuditNote);
  const auto signature = signer_->sign(text);
  if (signature.has_error()) return signature.error();
  std::string note(text);
  note.append("\n").append(kDash).append(origin_).append(" ").append(to_base64(key_id_ + *signature)).append("\n");
  return note;
}

std::string checkpoint_text(std::string_view origin, std::uint64_t size, const Digest32& root) {
  std::string text(origin);
  text.append("\n").append(std::to_string(size)).append("\n").append(to_base64(as_text(root))).append("\n");
  return text;
}

Result<Checkpoint> open_checkpoint(const LogVerifier& verifier, std::string_view note) {
  const auto text = verifier.open(note);
  if (text.has_error()) return text.error();
  const auto first = text->find('\n');
  const auto second = first == std::string_view::npos ? first : text->find('\n', first + 1);
  if (second == std::string_view::npos) return make_error(codes::kAuditCheckpoint);
  Checkpoint made;
  made.origin = text->substr(0, first);
  const std::string_view size = text->substr(first + 1, second - first - 1);
  std::from_chars(size.data(), size.data() + size.size(), made.size);
  const std::string_view root_line = text->substr(second + 1);
  const auto root = from_base64(root_line.substr(0, root_line.size() - 1));
  if (!root || root->size() != made.root.size()) return make_error(codes::kAuditCheckpoint);
  std::copy(root->begin(), root->end(), made.root.begin());
  if (made.origin != verifier.origin()) return make_error(codes::kAuditOrigin);
  // One text for one checkpoint: leading zeros, signs and further lines are refused by writing it again.
  if (checkpoint_text(made.origin, made.size, made.root) != *text) return make_error(codes::kAuditCheckpoint);
  return made;
}

}  // namespace tongqu
