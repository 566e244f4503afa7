#include "gateway/app/prove.hpp"

#include <charconv>

#include "gateway/core/jcs.hpp"
#include "security/audit/proofs.hpp"
#include "security/audit/sequencer.hpp"

namespace tongqu::app {
namespace {

class StoreTiles final : public TileSource {
 public:
  explicit StoreTiles(Store& store) : store_(store) {}
  [[nodiscard]] Result<std::vector<Digest32>> leaf_tile(std::uint64_t tile) const override {
    return store_.leaf_tile(tile);
  }
  [[nodiscard]] Result<std::vector<Digest32>> node_tile(std::uint32_t level, std::uint64_t tile) const override {
    return store_.node_tile(level, tile);
  }

 private:
  Store& store_;
};

// Second line of a checkpoint.
std::uint64_t size_of(std::string_view checkpoint) {
  const auto first = checkpoint.find('\n');
  std::uint64_t size = 0;
  if (first != std::string_view::npos)
    std::from_chars(checkpoint.data() + first + 1, checkpoint.data() + checkpoint.size(), size);
  return size;
}

}  // namespace

Result<std::string> prove_entry(Store& store, const Suite& suite, std::uint64_t index) {
  auto checkpoint = store.checkpoint();
  if (checkpoint.has_error()) return checkpoint.error();
  auto entries = store.audit_entries(index, 1);
  if (entries.has_error()) return entries.error();
  if (entries->empty() || index >= size_of(*checkpoint)) return make_error(codes::kNotFound, "entry");
  auto path = prove_inclusion(suite, StoreTiles(store), index, size_of(*checkpoint));
  if (path.has_error()) return path.error();
  std::string out = "{\"checkpoint\":";
  append_json_string(out, *checkpoint);
  out += ",\"entry\":" + entries->front().entry + ",\"index\":" + std::to_string(index) + ",\"notice\":";
  append_json_string(out, kReceiptNotice);
  out += ",\"path\":[";
  for (const Digest32& hash : *path) {
    if (out.back() != '[') out.push_back(',');
    out += '"' + to_base64(as_text(hash)) + '"';
  }
  return out + "],\"receipt\":\"proof\",\"v\":1}";
}

}  // namespace tongqu::app
