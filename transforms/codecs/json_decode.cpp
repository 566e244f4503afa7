// takes bytes, gives a document, may turn back with json.*
#ifdef __SSE2__
#define RAPIDJSON_SSE2
#endif
#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "transforms/codecs/codecs_codes.hpp"
#include "transforms/codecs/json_codec.hpp"
#include "transforms/codecs/json_path.hpp"
#include "transforms/codecs/json_scan.hpp"
#include "transforms/codecs/text_position.hpp"

namespace tongqu {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
// RapidJSON loads aligned blocks of 16 bytes and may read that far behind the terminating zero.
constexpr std::size_t kPaddingBytes = 16;
constexpr std::uint32_t kMaxMembersComparedInPlace = 32;

Error refuse(const ErrorCode& code, std::string_view bytes, std::size_t offset, std::string path,
             std::string param = {}) {
  Error error = make_error(code, param);
  error.faults.push_back(
      Fault{&code, std::move(path), {}, std::move(param), position_at(bytes, offset), Grade::kError});
  return error;
}

// UTF-8 was checked before parsing, so an encoded surrogate can only stem from an escape.
bool holds_surrogate(std::string_view text) {
  for (auto at = text.find('\xED'); at != std::string_view::npos; at = text.find('\xED', at + 1)) {
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0) return true;
  }
  return false;
}

// One of 64 places for a name; equal names share theirs.
std::uint64_t name_bit(std::string_view name) {
  std::uint64_t mix = name.size();
  if (!name.empty()) {
    const auto byte = [name](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(name[i])); };
    mix |= byte(0) << 8U | byte(name.size() / 2) << 16U | byte(name.size() - 1) << 24U;
  }
  return std::uint64_t{1} << (mix * 0x9E3779B97F4A7C15ULL >> 58U);
}

// Second occurrence of the first name that stands twice, else nullptr. Sorting keeps a hostile object cheap.
const Node* find_duplicate_sorted(const Node& object) {
  std::vector<std::pair<std::string_view, std::uint32_t>> names;
  std::vector<const Node*> members;
  names.reserve(object.count);
  members.reserve(object.count);
  for (const Node& member : children(object)) {
    names.emplace_back(member.name, static_cast<std::uint32_t>(members.size()));
    members.push_back(&member);
  }
  std::sort(names.begin(), names.end());
  std::uint32_t first = object.count;
  for (std::size_t i = 1; i < names.size(); ++i) {
    if (names[i].first == names[i - 1].first) first = std::min(first, names[i].second);
  }
  return first == object.count ? nullptr : members[first];
}

const Node* find_duplicate(const Node& object) {
  if (object.count > kMaxMembersComparedInPlace) return find_duplicate_sorted(object);
  std::uint64_t seen = 0;
  for (const Node* member = object.first; member != nullptr; member = member->next) {
    const std::uint64_t bit = name_bit(member->name);
    if ((seen & bit) != 0) {
      for (const Node* other = object.first; other != member; other = other->next) {
        if (other->name == member->name) return member;
      }
    }
    seen |= bit;
  }
  return nullptr;
}

// Receives RapidJSON's events. Texts are views into `buffer`, which the parser unescapes in place; offsets into it
// are offsets into the source.
class Builder {
 public:
  Builder(std::string_view bytes, const char* buffer, rapidjson::InsituStringStream& stream, const DecodeLimits& limits,
          Document& document)
      : bytes_(bytes),
        buffer_(buffer),
        stream_(stream),
        limits_(limits),
        max_depth_(std::min(limits.max_depth, kMaxJsonDepth)),
        document_(document),
        positions_(bytes) {}

  bool Null() { return add(Kind::kNull, {}, stream_.Tell() - 4) != nullptr; }
  bool Bool(bool value) {
    const std::string_view text = value ? "true" : "false";
    return add(Kind::kBoolean, text, stream_.Tell() - text.size()) != nullptr;
  }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    const std::size_t offset = offset_of(text);
    return fits(size, offset) && add(Kind::kNumber, {text, size}, offset) != nullptr;
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    const std::size_t offset = offset_of(text) - 1;
    return is_whole({text, size}, offset) && add(Kind::kText, {text, size}, offset) != nullptr;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    key_ = {};
    if (!is_whole({text, size}, offset_of(text) - 1)) return false;
    key_ = {text, size};
    return true;
  }
  bool StartObject() { return open(Kind::kObject); }
  bool StartArray() { return open(Kind::kList); }
  bool EndArray(rapidjson::SizeType) { return close(); }
  bool EndObject(rapidjson::SizeType) {
    const Node* duplicate = find_duplicate(*open_[depth_ - 1]);
    if (duplicate == nullptr) return close();
    failure_ = refuse(codes::kJsonDuplicateKey, bytes_, 0, path_to_open());
    append_sent_member(failure_.faults.front().path, duplicate->name);
    failure_.faults.front().position = duplicate->position;
    return false;
  }
  // Numbers arrive as text only.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  [[nodiscard]] bool failed() const { return failure_.code != nullptr; }
  [[nodiscard]] Error take_failure() { return std::move(failure_); }
  // Path of the value that was being read.
  [[nodiscard]] std::string path() const {
    std::string path = path_to_open();
    if (depth_ > 0) append_step(path, *open_[depth_ - 1], nullptr);
    return path;
  }

 private:
  [[nodiscard]] std::size_t offset_of(const char* text) const { return static_cast<std::size_t>(text - buffer_); }

  bool fail(const ErrorCode& code, std::size_t offset, std::string param = {}) {
    failure_ = refuse(code, bytes_, offset, path(), std::move(param));
    return false;
  }
  bool fits(std::size_t size, std::size_t offset) {
    return size <= limits_.max_text_bytes ||
           fail(codes::kJsonTextBytes, offset, std::to_string(limits_.max_text_bytes));
  }
  bool is_whole(std::string_view text, std::size_t offset) {
    if (!fits(text.size(), offset)) return false;
    return !holds_surrogate(text) || fail(codes::kJsonSurrogate, offset);
  }

  Node* add(Kind kind, std::string_view text, std::size_t offset) {
    if (++nodes_ > limits_.max_nodes) {
      fail(codes::kJsonNodes, offset, std::to_string(limits_.max_nodes));
      return nullptr;
    }
    Node* node = document_.make(kind, {}, positions_.at(offset));
    node->text = text;
    if (depth_ == 0) {
      document_.set_root(node);
      return node;
    }
    Node& parent = *open_[depth_ - 1];
    document_.append(parent, node);
    if (parent.kind == Kind::kObject) node->name = key_;
    return node;
  }
  bool open(Kind kind) {
    const std::size_t offset = stream_.Tell() - 1;
    if (depth_ >= max_depth_) return fail(codes::kJsonDepth, offset, std::to_string(max_depth_));
    Node* node = add(kind, {}, offset);
    if (node == nullptr) return false;
    open_[depth_++] = node;
    return true;
  }
  bool close() {
    key_ = open_[--depth_]->name;
    return true;
  }

  // `child` of `parent`, or the value that is still to come.
  void append_step(std::string& path, const Node& parent, const Node* child) const {
    if (parent.kind == Kind::kList) {
      append_path_index(path, child != nullptr ? parent.count - 1 : parent.count);
    } else if (child != nullptr) {
      append_sent_member(path, child->name);
    } else if (!key_.empty()) {
      append_sent_member(path, key_);
    }
  }
  [[nodiscard]] std::string path_to_open() const {
    std::string path = "$";
    for (std::size_t i = 1; i < depth_; ++i) append_step(path, *open_[i - 1], open_[i]);
    return path;
  }

  std::string_view bytes_;
  const char* buffer_;
  rapidjson::InsituStringStream& stream_;
  const DecodeLimits& limits_;
  std::size_t max_depth_;
  Document& document_;
  PositionCounter positions_;
  std::array<Node*, kMaxJsonDepth> open_;  // only the first depth_ are set
  std::size_t depth_ = 0;
  std::size_t nodes_ = 0;
  std::string_view key_;
  Error failure_;
};

struct Reason {
  const ErrorCode* code;
  std::string_view param;
};

Reason reason_of(rapidjson::ParseErrorCode error) {
  switch (error) {
    case rapidjson::kParseErrorDocumentEmpty: return {&codes::kJsonEmpty, {}};
    case rapidjson::kParseErrorDocumentRootNotSingular: return {&codes::kJsonTrailing, {}};
    case rapidjson::kParseErrorObjectMissName: return {&codes::kJsonSyntax, "\" }"};
    case rapidjson::kParseErrorObjectMissColon: return {&codes::kJsonSyntax, ":"};
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket: return {&codes::kJsonSyntax, ", }"};
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket: return {&codes::kJsonSyntax, ", ]"};
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
    case rapidjson::kParseErrorStringEscapeInvalid: return {&codes::kJsonEscape, {}};
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid: return {&codes::kJsonSurrogate, {}};
    case rapidjson::kParseErrorStringMissQuotationMark: return {&codes::kJsonUnclosed, {}};
    case rapidjson::kParseErrorStringInvalidEncoding: return {&codes::kJsonUtf8, {}};
    case rapidjson::kParseErrorNumberTooBig: return {&codes::kJsonNumberRange, {}};
    case rapidjson::kParseErrorNumberMissFraction:
    case rapidjson::kParseErrorNumberMissExponent: return {&codes::kJsonNumber, {}};
    default: return {&codes::kJsonSyntax, "{ [ \" - 0…9 true false null"};
  }
}

// What can be told from the bytes alone.
Status check_bytes(std::string_view bytes, const DecodeLimits& limits) {
  const std::size_t max_bytes = std::min<std::size_t>(limits.max_bytes, UINT32_MAX - kPaddingBytes);
  if (bytes.size() > max_bytes) return refuse(codes::kJsonBytes, {}, 0, "$", std::to_string(max_bytes));
  if (bytes.starts_with(kByteOrderMark)) return refuse(codes::kJsonByteOrder, bytes, 0, "$");
  std::size_t offset = 0;
  switch (json::scan(bytes, offset)) {
    case json::ScanResult::kClean: return {};
    case json::ScanResult::kMalformed: return refuse(codes::kJsonUtf8, bytes, offset, "$");
    case json::ScanResult::kControl: return refuse(codes::kJsonControl, bytes, offset, "$");
  }
  return {};
}

}  // namespace

Status JsonCodec::decode(std::string_view bytes, const DecodeLimits& limits, Document& out) const {
  out.clear();
  if (Status checked = check_bytes(bytes, limits); checked.has_error()) return checked;
  char* buffer = out.allocate(bytes.size() + kPaddingBytes);
  if (!bytes.empty()) std::memcpy(buffer, bytes.data(), bytes.size());
  std::memset(buffer + bytes.size(), 0, kPaddingBytes);

  // Recursive descent is safe here: the builder stops it at kMaxJsonDepth.
  constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::InsituStringStream stream(buffer);
  Builder builder(bytes, buffer, stream, limits, out);
  rapidjson::Reader reader;
  const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, builder);
  if (builder.failed()) return builder.take_failure();
  if (parsed.IsError()) {
    const Reason reason = reason_of(parsed.Code());
    return refuse(*reason.code, bytes, std::min(parsed.Offset(), bytes.size()), builder.path(),
                  std::string(reason.param));
  }
  return {};
}

Result<Document> decode_json(std::string_view bytes, const DecodeLimits& limits) {
  Document document;
  if (Status decoded = JsonCodec().decode(bytes, limits, document); decoded.has_error()) {
    return std::move(decoded).error();
  }
  return document;
}

}  // namespace tongqu
