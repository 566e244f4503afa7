#include "security/audit/export.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/core/jcs.hpp"
#include "gateway/core/text.hpp"
#include "security/audit/audit_codes.hpp"
#include "security/audit/merkle.hpp"
#include "security/crypto/suites.hpp"

namespace tongqu {
namespace {

constexpr std::uint64_t kTileWidth = 256;
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::string_view kEntryHead = "{\"entry\":";
constexpr std::string_view kIndexHead = ",\"index\":";
constexpr std::string_view kTileHead = "{\"root\":";
constexpr std::string_view kCheckpointHead = "{\"checkpoint\":";

std::string header_line(const LogVerifier& verifier, std::uint64_t size) {
  std::string line = "{\"export\":1,\"from\":0,\"origin\":";
  append_json_string(line, verifier.origin());
  line.append(",\"size\":").append(std::to_string(size)).append(",\"suite\":");
  append_json_string(line, name_of(verifier.suite().id()));
  return line + "}\n";
}

// What follows the entry in its line.
std::string entry_tail(std::uint64_t index, const Digest32& leaf) {
  return std::string(kIndexHead) + std::to_string(index) + ",\"leaf\":\"" + to_base64(as_text(leaf)) + "\"}\n";
}

std::string tile_line(std::uint64_t tile, const Digest32& root) {
  return std::string(kTileHead) + "\"" + to_base64(as_text(root)) + "\",\"tile\":" + std::to_string(tile) + "}\n";
}

// Leaf hashes of the tile that is being read, and the whole tree so far.
class TreeSoFar {
 public:
  explicit TreeSoFar(const Suite& suite) : suite_(suite) {}
  void add(const Digest32& leaf) {
    tile_.append(suite_, leaf);
    whole_.append(suite_, leaf);
  }
  [[nodiscard]] std::uint64_t size() const { return whole_.size(); }
  [[nodiscard]] bool tile_ends(std::uint64_t total) const {
    return tile_.size() == kTileWidth || (tile_.size() != 0 && whole_.size() == total);
  }
  [[nodiscard]] std::uint64_t tile_index() const { return (whole_.size() - 1) / kTileWidth; }
  Digest32 take_tile_root() {
    const Digest32 root = tile_.root(suite_);
    tile_ = {};
    return root;
  }
  [[nodiscard]] Digest32 root() const { return whole_.root(suite_); }

 private:
  const Suite& suite_;
  merkle::Frontier tile_;
  merkle::Frontier whole_;
};

std::optional<std::uint64_t> parse_number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || failed != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// The text between `head` and the next `stop`.
std::string_view between(std::string_view line, std::string_view head, char stop) {
  const auto at = line.find(head);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + head.size());
  return rest.substr(0, rest.find(stop));
}

class ExportCheck {
 public:
  ExportCheck(const LogVerifier& verifier, const Codec& json, LineSource& lines)
      : verifier_(verifier), json_(json), lines_(lines), tree_(verifier.suite()) {}

  ExportVerdict run() {
    if (check_header() && check_entries() && check_checkpoint()) check_end();
    verdict_.good = !verdict_.error;
    return std::move(verdict_);
  }

 private:
  bool fail(Error error) {
    verdict_.error = std::move(error);
    return false;
  }
  bool fail_entry(Error error, std::uint64_t first, std::uint64_t last) {
    verdict_.first_bad = first;
    verdict_.last_bad = last;
    return fail(std::move(error));
  }

  // The next line, ended by a line feed. `expected` names it when the file is at its end.
  Result<std::string_view> take(std::string expected) {
    ++verdict_.line;
    auto line = lines_.next();
    if (line.has_error()) return line.error();
    if (line->empty()) return make_error(codes::kAuditMissing, std::move(expected));
    if (!line->ends_with('\n')) return make_error(codes::kAuditLineEnd, std::to_string(kMaxExportLineBytes));
    return *line;
  }

  // The header is known but for the size: it is written again and compared.
  bool check_header() {
    const auto line = take("header");
    if (line.has_error()) return fail(line.error());
    const auto size = parse_number(between(*line, "\"size\":", ','));
    if (!size) return fail(make_error(codes::kAuditForm, "header"));
    size_ = *size;
    if (*line == header_line(verifier_, size_)) return true;
    std::string origin = "\"origin\":";
    append_json_string(origin, verifier_.origin());
    const bool same_log = line->find(origin) != std::string_view::npos;
    return fail(same_log ? make_error(codes::kAuditForm, "header") : make_error(codes::kAuditOrigin));
  }

  bool check_entries() {
    while (tree_.size() < size_) {
      if (!check_entry(tree_.size())) return false;
      ++verdict_.entries;
      if (tree_.tile_ends(size_) && !check_tile()) return false;
    }
    return true;
  }

  bool check_entry(std::uint64_t index) {
    const auto bad = [&](Error error) { return fail_entry(std::move(error), index, index); };
    const auto line = take("entry " + std::to_string(index));
    if (line.has_error()) return bad(line.error());
    if (line->starts_with(kTileHead) || line->starts_with(kCheckpointHead))
      return bad(make_error(codes::kAuditIndex, std::to_string(index)));
    // An entry cannot hold what follows it last: the last occurrence is outside of it.
    const auto tail_at = line->rfind(kIndexHead);
    if (!line->starts_with(kEntryHead) || tail_at == std::string_view::npos || tail_at < kEntryHead.size())
      return bad(make_error(codes::kAuditForm, "entry line"));
    const std::string_view entry = line->substr(kEntryHead.size(), tail_at - kEntryHead.size());
    const std::string_view tail = line->substr(tail_at);
    const auto named = parse_number(between(tail, kIndexHead, ','));
    if (named && *named != index) return bad(make_error(codes::kAuditIndex, std::to_string(index)));
    if (!is_canonical_object(entry)) return bad(make_error(codes::kAuditNotCanonical));
    const Digest32 leaf = merkle::leaf_hash(verifier_.suite(), entry);
    const std::string expected = entry_tail(index, leaf);
    if (tail != expected) return bad(tail_error(tail, expected));
    tree_.add(leaf);
    return true;
  }

  // Same shape and other hash, or another shape altogether.
  static Error tail_error(std::string_view tail, std::string_view expected) {
    const auto hash_at = expected.find(":\"") + 2;
    const bool same_shape = tail.size() == expected.size() && tail.substr(0, hash_at) == expected.substr(0, hash_at) &&
                            tail.ends_with("\"}\n");
    return make_error(same_shape ? codes::kAuditLeaf : codes::kAuditForm, same_shape ? "" : "entry line");
  }

  bool is_canonical_object(std::string_view text) {
    DecodeLimits limits;
    limits.max_bytes = kMaxExportLineBytes;
    if (json_.decode(text, limits, document_).has_error() || document_.root().kind != Kind::kObject) return false;
    const auto again = to_jcs(document_.root());
    return again.has_value() && *again == text;
  }

  bool check_tile() {
    const std::uint64_t tile = tree_.tile_index();
    const std::uint64_t first = tile * kTileWidth;
    const auto bad = [&](Error error) { return fail_entry(std::move(error), first, tree_.size() - 1); };
    const std::string expected = tile_line(tile, tree_.take_tile_root());
    const auto line = take("tile " + std::to_string(tile));
    if (line.has_error()) return bad(line.error());
    if (*line == expected) return true;
    if (line->starts_with(kEntryHead)) {
      // One entry too many where the tile ends: the entry behind is the one that does not belong.
      return fail_entry(make_error(codes::kAuditForm, "tile line"), tree_.size(), tree_.size());
    }
    return bad(make_error(codes::kAuditTileRoot, std::to_string(tile)));
  }

  bool check_checkpoint() {
    const auto line = take("checkpoint");
    if (line.has_error()) return fail(line.error());
    if (line->starts_with(kEntryHead)) return fail_entry(make_error(codes::kAuditSize), tree_.size(), tree_.size());
    const std::string_view json = line->substr(0, line->size() - 1);
    if (!is_canonical_object(json)) return fail(make_error(codes::kAuditNotCanonical));
    const Node& root = document_.root();
    const Node* note = root.find("checkpoint");
    if (root.count != 1 || note == nullptr || note->kind != Kind::kText)
      return fail(make_error(codes::kAuditForm, "checkpoint line"));
    auto checkpoint = open_checkpoint(verifier_, note->text);
    if (checkpoint.has_error()) return fail(checkpoint.error());
    if (checkpoint->size != size_) return fail(make_error(codes::kAuditSize));
    if (checkpoint->root != tree_.root()) {
      if (size_ == 0) return fail(make_error(codes::kAuditRoot));
      return fail_entry(make_error(codes::kAuditRoot), 0, size_ - 1);
    }
    verdict_.checkpoint = std::move(*checkpoint);
    return true;
  }

  void check_end() {
    const auto line = lines_.next();
    if (line.has_value() && line->empty()) return;
    ++verdict_.line;
    fail(line.has_error() ? line.error() : make_error(codes::kAuditAdditional));
  }

  const LogVerifier& verifier_;
  const Codec& json_;
  LineSource& lines_;
  TreeSoFar tree_;
  std::uint64_t size_ = 0;
  Document document_;
  ExportVerdict verdict_;
};

}  // namespace

Status write_export(const LogVerifier& verifier, std::string_view note, EntrySource& source, const ByteSink& sink) {
  const auto checkpoint = open_checkpoint(verifier, note);
  if (checkpoint.has_error()) return checkpoint.error();
  Status written = sink(header_line(verifier, checkpoint->size));
  TreeSoFar tree(verifier.suite());
  while (written.has_value() && tree.size() < checkpoint->size) {
    const std::uint64_t left = checkpoint->size - tree.size();
    const auto entries = source.entries(tree.size(), static_cast<std::size_t>(std::min(left, kTileWidth)));
    if (entries.has_error()) return entries.error();
    if (entries->empty()) return make_error(codes::kAuditMissing, "entry " + std::to_string(tree.size()));
    for (const std::string& entry : *entries) {
      if (written.has_error() || tree.size() == checkpoint->size) break;
      const Digest32 leaf = merkle::leaf_hash(verifier.suite(), entry);
      std::string line = std::string(kEntryHead) + entry + entry_tail(tree.size(), leaf);
      tree.add(leaf);
      if (tree.tile_ends(checkpoint->size)) {
        const std::uint64_t tile = tree.tile_index();
        line += tile_line(tile, tree.take_tile_root());
      }
      written = sink(line);
    }
  }
  if (written.has_error()) return written.error();
  if (tree.root() != checkpoint->root) return make_error(codes::kAuditRoot);
  std::string last(kCheckpointHead);
  append_json_string(last, note);
  return sink(last + "}\n");
}

Result<std::string_view> StreamLines::next() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  std::size_t searched = 0;
  while (true) {
    const auto end = buffer_.find('\n', searched);
    const std::size_t length = end == std::string::npos ? buffer_.size() : end + 1;
    if (length > kMaxExportLineBytes) return make_error(codes::kAuditLineEnd, std::to_string(kMaxExportLineBytes));
    searched = buffer_.size();
    if (end == std::string::npos && in_) {
      buffer_.resize(searched + kReadBytes);
      in_.read(buffer_.data() + searched, kReadBytes);
      const auto got = static_cast<std::size_t>(in_.gcount());
      buffer_.resize(searched + got);
      if (got > 0) continue;
    }
    begin_ = length;
    return std::string_view(buffer_).substr(0, length);
  }
}

ExportVerdict verify_export(const LogVerifier& verifier, const Codec& json, LineSource& lines) {
  return ExportCheck(verifier, json, lines).run();
}

std::string ExportVerdict::text(Lang lang) const {
  const bool zh = lang == Lang::kChinese;
  const std::string count = std::to_string(entries);
  if (!error)
    return zh ? "全部 " + count + " 个条目与已签名的检查点一致。"
              : "All " + count + " entries fit the signed checkpoint.";
  std::string out = zh ? "第 " + std::to_string(line) + " 行：" : "Line " + std::to_string(line) + ": ";
  out += error->text(lang);
  if (!first_bad) return out;
  const std::string first = std::to_string(*first_bad);
  if (*first_bad == *last_bad)
    return out + (zh ? " 首个不符的条目：" + first + "。" : " First entry that does not fit: " + first + ".");
  const std::string last = std::to_string(*last_bad);
  return out + (zh ? " 不符的条目在 " + first + " 到 " + last + " 之间。"
                   : " It is among the entries " + first + " to " + last + ".");
}

}  // namespace tongqu
