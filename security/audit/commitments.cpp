#include "security/audit/commitments.hpp"

#include <algorithm>

#include "gateway/core/jcs.hpp"
#include "security/audit/merkle.hpp"

namespace tongqu {
namespace {

using namespace std::string_view_literals;

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '.' || c == '[' || c == ']' || c == '"' || c == '\\';
  });
}

class Collector {
 public:
  Collector(const Suite& suite, std::string_view data_key) : suite_(suite), data_key_(data_key) {
    fields_.reserve(kUsualFields);
    path_.reserve(kUsualPathBytes);
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

  std::vector<FieldCommitment> take() {
    std::sort(fields_.begin(), fields_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return std::move(fields_);
  }

 private:
  static constexpr std::size_t kUsualFields = 64;
  static constexpr std::size_t kUsualPathBytes = 128;

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
    FieldCommitment field;
    field.path = path_;
    field.salt = as_text(suite_.hmac(data_key_, {"field\0"sv, path_})).substr(0, kFieldSaltBytes);
    field.hash = field_hash(suite_, field.salt, path_, value);
    fields_.push_back(std::move(field));
  }

  const Suite& suite_;
  std::string_view data_key_;
  std::string path_;
  std::vector<FieldCommitment> fields_;
};

}  // namespace

RecordCommitment commit_fields(const Node& record, const Suite& suite, std::string_view data_key) {
  Collector collector(suite, data_key);
  collector.walk(record);
  RecordCommitment made;
  made.fields = collector.take();
  // A commitment is a leaf hash already: its prefix 0x02 keeps it apart from entries and from inner nodes.
  std::vector<Digest32> leaves;
  leaves.reserve(made.fields.size());
  for (const FieldCommitment& field : made.fields) leaves.push_back(field.hash);
  made.root = merkle::root_of(suite, leaves);
  return made;
}

Digest32 field_hash(const Suite& suite, std::string_view salt, std::string_view path, std::string_view value) {
  return suite.hash({"\2"sv, salt, path, "\0"sv, value});
}

Digest32 body_digest(const Suite& suite, std::string_view data_key, std::string_view body) {
  const Digest32 salt = suite.hmac(data_key, {"body-salt"});
  return suite.hash({as_text(salt).substr(0, kFieldSaltBytes), body});
}

}  // namespace tongqu
