#include "security/audit/commitments.hpp"

#include <algorithm>

#include "gateway/core/jcs.hpp"
#include "security/audit/merkle.hpp"

namespace tongqu {
namespace {

using namespace std::string_view_literals;

// A commitment is a leaf hash already: its prefix keeps it apart from entries (0x00) and from inner nodes (0x01).
constexpr std::string_view kFieldPrefix = "\2"sv;

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '.' || c == '[' || c == ']' || c == '"' || c == '\\';
  });
}

// All fields of one record with their salts and hashes, in the order of the paths. What is hashed for a field stands in
// one text: salt, path, a zero byte, value; the salt's place is filled when the salts are known.
class Committed {
 public:
  Committed(const Node& record, const Suite& suite, std::string_view data_key) : suite_(suite) {
    texts_.reserve(kUsualTextBytes);
    path_.reserve(kUsualPathBytes);
    fields_.reserve(kUsualFields);
    walk(record);
    std::sort(fields_.begin(), fields_.end(), [this](const Field& a, const Field& b) { return path(a) < path(b); });
    salt(data_key);
    hash();
  }

  [[nodiscard]] Digest32 root() const { return merkle::root_of(suite_, hashes_); }

  [[nodiscard]] std::vector<FieldCommitment> list() const {
    std::vector<FieldCommitment> out;
    out.reserve(fields_.size());
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const std::string_view salt = std::string_view(texts_).substr(fields_[i].begin, kFieldSaltBytes);
      out.push_back({std::string(path(fields_[i])), hashes_[i], Bytes(salt)});
    }
    return out;
  }

 private:
  struct Field {
    std::size_t begin = 0;  // in texts_
    std::size_t path_size = 0;
    std::size_t size = 0;
  };
  static constexpr std::size_t kUsualFields = 64;
  static constexpr std::size_t kUsualPathBytes = 128;
  static constexpr std::size_t kUsualTextBytes = 8 * 1024;

  [[nodiscard]] std::string_view path(const Field& field) const {
    return std::string_view(texts_).substr(field.begin + kFieldSaltBytes, field.path_size);
  }

  // One path text grows and shrinks with the walk; the depth is bounded by the decoder's limit.
  void walk(const Node& node) {
    if (node.kind == Kind::kNull) return;
    if (node.is_scalar()) return add(node.text);
    std::size_t i = 0;
    for (const Node& child : children(node)) {
      const std::size_t length = path_.size();
      if (node.kind == Kind::kList) {
        path_.append("[").append(std::to_string(i++)).append("]");
      } else {
        append_name(child.name);
      }
      walk(child);
      path_.resize(length);
    }
  }

  void append_name(std::string_view name) {
    if (is_plain_name(name)) {
      if (!path_.empty()) path_.push_back('.');
      path_ += name;
      return;
    }
    path_.push_back('[');
    append_json_string(path_, name);
    path_.push_back(']');
  }

  void add(std::string_view value) {
    const std::size_t begin = texts_.size();
    texts_.append(kFieldSaltBytes, '\0').append(path_).append("\0"sv).append(value);
    fields_.push_back({begin, path_.size(), texts_.size() - begin});
  }

  void salt(std::string_view data_key) {
    std::vector<std::string_view> paths;
    paths.reserve(fields_.size());
    for (const Field& field : fields_) paths.push_back(path(field));
    std::vector<Digest32> salts(fields_.size());
    suite_.hmac_each(data_key, "field\0"sv, paths, salts);
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      texts_.replace(fields_[i].begin, kFieldSaltBytes, as_text(salts[i]).substr(0, kFieldSaltBytes));
    }
  }

  void hash() {
    std::vector<std::string_view> texts;
    texts.reserve(fields_.size());
    for (const Field& field : fields_) texts.push_back(std::string_view(texts_).substr(field.begin, field.size));
    hashes_.resize(fields_.size());
    suite_.hash_each(kFieldPrefix, texts, hashes_);
  }

  const Suite& suite_;
  std::string texts_;
  std::string path_;
  std::vector<Field> fields_;
  std::vector<Digest32> hashes_;
};

}  // namespace

RecordCommitment commit_fields(const Node& record, const Suite& suite, std::string_view data_key) {
  const Committed committed(record, suite, data_key);
  return {committed.root(), committed.list()};
}

Digest32 commitment_root(const Node& record, const Suite& suite, std::string_view data_key) {
  return Committed(record, suite, data_key).root();
}

Digest32 field_hash(const Suite& suite, std::string_view salt, std::string_view path, std::string_view value) {
  return suite.hash({kFieldPrefix, salt, path, "\0"sv, value});
}

Digest32 body_digest(const Suite& suite, std::string_view data_key, std::string_view body) {
  const Digest32 salt = suite.hmac(data_key, {"body-salt"});
  return suite.hash({as_text(salt).substr(0, kFieldSaltBytes), body});
}

}  // namespace tongqu
