#include "tests/unit/canary/judge.hpp"

#include <algorithm>

#include "gateway/core/text.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace tongqu::canary_test {
namespace {

constexpr std::size_t kMaskedTail = 8;  // docs/privacy.md, "Masking formats"

// docs/proof.md, "Labels and their order".
bool holds(const std::optional<Label>& field, const Label& value, bool roles) {
  if (!field) return true;
  if (value.kind != field->kind) return false;
  return value.subject == field->subject || field->subject == "informant" ||
         (roles && value.subject == "informant" && field->subject == "complainant");
}

using OnText = std::function<void(const std::string& path, const FieldNode* field, std::string_view text)>;
void walk(const Node& node, const FieldNode* field, const std::string& path, const OnText& on_text) {
  if (node.is_scalar()) return on_text(path, field, node.text);
  for (const Node& child : children(node)) {
    if (node.kind == Kind::kList) {
      walk(child, field == nullptr || field->element.empty() ? nullptr : &field->element.front(), path + "[]", on_text);
    } else {
      walk(child, field == nullptr ? nullptr : field->find(child.name),
           path.empty() ? std::string(child.name) : path + "." + std::string(child.name), on_text);
    }
  }
}

}  // namespace

void Judge::arm() {
  searcher_ = std::make_unique<Searcher>();
  for (std::size_t i = 0; i < canaries.size(); ++i) searcher_->add(canaries[i], static_cast<std::uint32_t>(i));
  by_exchange_.clear();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!pairs[i].exchange.empty()) by_exchange_[pairs[i].exchange] = i;
  }
}

void Judge::locate(std::size_t index, const std::string& record, const FieldNode& fields, bool roles,
                   std::vector<std::string>& leaks) {
  Pair& pair = pairs[index];
  Document document;
  if (JsonCodec().decode(record, DecodeLimits{}, document).has_error()) return;
  walk(document.root(), &fields, "", [&](const std::string& path, const FieldNode* field, std::string_view text) {
    const std::string here = folded(text);
    for (std::size_t i = pair.first; i < pair.first + pair.count; ++i) {
      if (here.find(folded(canaries[i].core)) == std::string::npos) continue;
      const std::optional<Label> label = field == nullptr ? std::nullopt : field->label;
      const bool in_text = canaries[i].in_text && label && label->kind == "free-text";
      if (!in_text && !holds(label, canaries[i].label, roles))
        leaks.push_back("record: " + canaries[i].field + " (" + canaries[i].label.kind + "/" +
                        canaries[i].label.subject + ") came into " + path + " (" + label->kind + "/" + label->subject +
                        "), pair " + std::to_string(index));
      if (label) {
        const std::size_t end = here.find(folded(canaries[i].core)) + canaries[i].core.size();
        const bool before_tail = count_code_points(here.substr(end)) >= kMaskedTail;
        pair.places.emplace(i, Pair::Place{path, *label, before_tail});
      }
    }
  });
}

std::string Judge::seen(const Piece& piece, std::size_t index, std::size_t canary) const {
  const Pair& pair = pairs[index];
  if (canary < pair.first || canary >= pair.first + pair.count) return "no";  // another message's
  const Label& own = canaries[canary].label;
  const auto treatment = [&](const std::string& route, const Label& label, const std::string& path) {
    return pair.clearance->treatment(piece.recipient, piece.service, route, label, path);
  };
  if (piece.sink == "answer") return treatment("", own, canaries[canary].field) == "clear" ? "clear" : "no";
  if (piece.sink != "message") return "no";
  std::string best = "no";
  const auto [from, to] = pair.places.equal_range(canary);
  for (auto at = from; at != to; ++at) {
    const auto& [path, label, before_tail] = at->second;
    const std::string how = treatment(pair.route, label, path);
    const bool text = label.kind == "free-text";
    const bool guest = text && own.kind != "free-text";  // a structured value inside a text
    if (how == "clear" && !guest) return "clear";
    if (how == "scrub" && text && !guest) return "clear";  // its own words stay readable
    if (how == "mask" && own.kind == "address" && before_tail && best == "no") best = "mask";
    if (how == "clear") best = "text";
    if (how == "scrub" && guest && best == "no") best = "scrub";
  }
  return best;
}

void Judge::examine(const std::vector<Piece>& pieces, Figures& figures, std::vector<std::string>& leaks) const {
  figures.canaries += canaries.size();
  figures.patterns += searcher_->patterns();
  for (const Piece& piece : pieces) {
    ++figures.pieces;
    ++figures.pieces_by_sink[piece.sink];
    figures.bytes += piece.bytes.size();
    std::size_t pair = piece.pair;
    if (const auto found = by_exchange_.find(piece.exchange); found != by_exchange_.end()) pair = found->second;
    if (piece.sink == "message" && pair != kNoPair) {
      for (std::size_t i = pairs[pair].first; i < pairs[pair].first + pairs[pair].count; ++i) {
        if (canaries[i].in_text && seen(piece, pair, i) == "scrub") ++figures.in_scrubbed_text;
      }
    }
    searcher_->scan(piece.bytes, piece.is_text, [&](const Searcher::Hit& hit) {
      const std::string how = pair == kNoPair ? "no" : seen(piece, pair, hit.canary);
      if (how == "clear") return void(++figures.permitted);
      if (how == "mask") return void(++figures.left_by_mask);
      if (how == "text") return void(++figures.in_clear_text);
      const Canary& canary = canaries[hit.canary];
      std::string where = piece.sink + " " + piece.recipient + " " + piece.service + ": " + canary.field + " (" +
                          canary.label.kind + "/" + canary.label.subject + ") as " + hit.form + ", pair " +
                          std::to_string(canary.pair);
      if (how == "scrub") {
        ++figures.missed_by_scrubber;
        figures.missed.push_back(std::move(where));
      } else {
        leaks.push_back(std::move(where));
      }
    });
  }
}

}  // namespace tongqu::canary_test
