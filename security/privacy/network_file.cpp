#include "security/privacy/network_file.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "gateway/core/text.hpp"
#include "security/privacy/network_kernels.hpp"
#include "security/privacy/privacy_codes.hpp"

namespace tongqu::network {
namespace {

static_assert(std::endian::native == std::endian::little, "parameter files are little-endian");

constexpr std::size_t kMaxFileBytes = 64U << 20U;
constexpr std::size_t kMaxCharacters = 100'000;
constexpr std::size_t kMaxTags = kTagBlock;

Error wrong(const std::string& file, const std::string& what) {
  return make_error(codes::kNetwork, file + ": " + what);
}

Result<std::string> read_file(const std::string& path, const std::string& name) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return wrong(name, "cannot be read");
  const auto size = static_cast<std::size_t>(in.tellg());
  if (size > kMaxFileBytes) return wrong(name, "larger than expected");
  std::string bytes(size, '\0');
  in.seekg(0);
  if (!in.read(bytes.data(), static_cast<std::streamsize>(size))) return wrong(name, "cannot be read");
  return bytes;
}

// A piece of a file that is read from the front; every step says whether there was enough.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}
  template <class T>
  bool take(T& value) {
    if (rest_.size() < sizeof value) return false;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return true;
  }
  bool take(std::size_t size, std::string_view& part) {
    if (rest_.size() < size) return false;
    part = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  // A number of a protobuf message: seven bits a byte, the lowest first.
  bool varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      std::uint8_t byte = 0;
      if (!take(byte)) return false;
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// The message that describes a tensor: field 1 the type (5 = float32), field 2 each dimension, packed or not.
std::optional<std::vector<std::size_t>> shape_of(std::string_view message) {
  Cursor cursor(message);
  std::vector<std::size_t> shape;
  bool is_float = false;
  while (!cursor.rest().empty()) {
    std::uint64_t key = 0;
    std::uint64_t value = 0;
    if (!cursor.varint(key) || !cursor.varint(value)) return std::nullopt;
    if (key == 8) {
      is_float = value == 5;
    } else if (key == 16) {
      shape.push_back(value);
    } else if (key == 18) {
      std::string_view packed;
      if (!cursor.take(value, packed)) return std::nullopt;
      Cursor dimensions(packed);
      while (!dimensions.rest().empty()) {
        if (!dimensions.varint(value)) return std::nullopt;
        shape.push_back(value);
      }
    } else {
      return std::nullopt;
    }
  }
  if (!is_float || shape.empty() || shape.size() > 2) return std::nullopt;
  return shape;
}

Result<Matrix> parse_tensor(std::string_view bytes, const std::string& name) {
  Cursor cursor(bytes);
  std::uint32_t version = 0;
  std::uint64_t levels = 0;
  std::uint32_t tensor_version = 0;
  std::int32_t size = 0;
  std::string_view message;
  if (!cursor.take(version) || !cursor.take(levels) || levels != 0 || !cursor.take(tensor_version) ||
      !cursor.take(size) || size < 0 || !cursor.take(static_cast<std::size_t>(size), message)) {
    return wrong(name, "not a parameter file");
  }
  const auto shape = shape_of(message);
  if (!shape) return wrong(name, "not a table of float32");
  Matrix out;
  out.rows = shape->size() == 2 ? shape->front() : 1;
  out.columns = shape->back();
  const std::string_view values = cursor.rest();
  if (out.rows > kMaxCharacters || out.columns > kMaxCharacters || values.size() != out.rows * out.columns * 4) {
    return wrong(name, "its size does not fit its shape");
  }
  out.values.resize(out.rows * out.columns);
  std::memcpy(out.values.data(), values.data(), values.size());
  for (const float value : out.values) {
    if (!std::isfinite(value)) return wrong(name, "holds a value that is no number");
  }
  return out;
}

class Reader {
 public:
  explicit Reader(std::string folder) : folder_(std::move(folder)) {}

  Status tensor(const std::string& name, std::size_t rows, std::size_t columns, Matrix& out) const {
    const auto bytes = read_file(folder_ + "/model_baseline/" + name, name);
    if (bytes.has_error()) return bytes.error();
    auto read = parse_tensor(*bytes, name);
    if (read.has_error()) return read.error();
    if ((rows != 0 && read->rows != rows) || (columns != 0 && read->columns != columns)) {
      return wrong(name, "another shape than " + std::to_string(rows) + " × " + std::to_string(columns));
    }
    out = std::move(*read);
    return {};
  }
  Status row(const std::string& name, std::size_t columns, std::vector<float>& out) const {
    Matrix read;
    if (auto status = tensor(name, 1, columns, read); status.has_error()) return status;
    out = std::move(read.values);
    return {};
  }
  // `each(id, word)` for every line "id TAB word"; false = there is no such id.
  template <class Each>
  Status dictionary(const std::string& name, Each each) const {
    const auto bytes = read_file(folder_ + "/" + name, name);
    if (bytes.has_error()) return bytes.error();
    std::size_t number = 0;
    for (std::size_t at = 0; at < bytes->size(); ++number) {
      const std::size_t end = std::min(bytes->find('\n', at), bytes->size());
      const std::string_view line = std::string_view(*bytes).substr(at, end - at);
      at = end + 1;
      const std::size_t tab = line.find('\t');
      std::uint32_t id = 0;
      const char* const last = line.data() + std::min(tab, line.size());
      const auto [stop, failed] = std::from_chars(line.data(), last, id);
      if (tab == std::string_view::npos || failed != std::errc{} || stop != last || !each(id, line.substr(tab + 1))) {
        return wrong(name, "line " + std::to_string(number + 1));
      }
    }
    return {};
  }

 private:
  const std::string folder_;
};

Status read_words(const Reader& reader, Parameters& out) {
  bool has_unknown = false;
  auto status = reader.dictionary("word.dic", [&](std::uint32_t id, std::string_view word) {
    if (word == "OOV") {
      out.unknown_row = id;
      has_unknown = true;
      return true;
    }
    std::size_t at = 0;
    const auto character = next_code_point(word, at);
    if (character && at == word.size()) out.rows_of.emplace(*character, id);  // tokens of several are of no use here
    return id < kMaxCharacters;
  });
  if (status.has_error()) return status;
  if (!has_unknown) return wrong("word.dic", "no entry OOV");
  return {};
}

Status read_direction(const Reader& reader, std::size_t i, Parameters& out) {
  const std::string number = std::to_string(i);
  const std::size_t inputs = i < 2 ? kEmbedding : 2 * kState;
  if (auto status = reader.tensor("fc_" + number + ".w_0", inputs, 3 * kState, out.input[i]); status.has_error())
    return status;
  if (auto status = reader.row("fc_" + number + ".b_0", 3 * kState, out.input_bias[i]); status.has_error())
    return status;
  Matrix recurrent;
  if (auto status = reader.tensor("gru_" + number + ".w_0", kState, 3 * kState, recurrent); status.has_error())
    return status;
  out.recurrent[i] = std::move(recurrent.values);
  return reader.row("gru_" + number + ".b_0", 3 * kState, out.recurrent_bias[i]);
}

}  // namespace

Result<Parameters> read_parameters(const std::string& folder) {
  const Reader reader(folder);
  Parameters out;
  if (auto status = read_words(reader, out); status.has_error()) return status.error();
  auto status = reader.dictionary("tag.dic", [&](std::uint32_t id, std::string_view tag) {
    out.tags.emplace_back(tag);
    return id + 1 == out.tags.size() && id < kMaxTags;
  });
  if (status.has_error()) return status.error();
  const std::size_t tags = out.tags.size();
  status = reader.tensor("word_emb", 0, kEmbedding, out.embedding);
  if (status.has_error()) return status.error();
  for (std::size_t i = 0; i < kDirections; ++i) {
    if (status = read_direction(reader, i, out); status.has_error()) return status.error();
  }
  if (status = reader.tensor("fc_4.w_0", 2 * kState, tags, out.emission); status.has_error()) return status.error();
  if (status = reader.row("fc_4.b_0", tags, out.emission_bias); status.has_error()) return status.error();
  if (status = reader.tensor("crfw", tags + 2, tags, out.transition); status.has_error()) return status.error();
  for (const auto& [character, row] : out.rows_of) {
    if (row >= out.embedding.rows) return wrong("word.dic", "more entries than word_emb has rows");
  }
  if (out.unknown_row >= out.embedding.rows) return wrong("word.dic", "more entries than word_emb has rows");
  return out;
}

}  // namespace tongqu::network
