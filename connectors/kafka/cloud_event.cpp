#include "connectors/kafka/cloud_event.hpp"

#include <algorithm>
#include <array>

#include "connectors/kafka/kafka_codes.hpp"
#include "connectors/support/message_key.hpp"
#include "gateway/core/document.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::kafka {
namespace {

constexpr std::string_view kStructuredJson = "application/cloudevents+json";
constexpr std::string_view kPrefix = "ce_";

// Attributes of the standard; others are extensions.
constexpr std::array<std::string_view, 6> kTexts{"specversion", "id", "source", "type", "subject", "datacontenttype"};

// Lower-case letters and digits (CloudEvents 1.0, "Naming Conventions").
bool is_attribute_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

bool is_json(std::string_view content_type) {
  const std::string media = media_type_of(content_type);
  return media.empty() || media == "application/json" || media == "text/json" || media.ends_with("+json");
}

bool is_text(std::string_view content_type) {
  const std::string media = media_type_of(content_type);
  return media.starts_with("text/") || media == "application/xml" || media.ends_with("+xml");
}

// A name from outside goes into an error only when it is one of the standard's.
Error bad_attribute(std::string_view name) {
  const bool known = std::find(kTexts.begin(), kTexts.end(), name) != kTexts.end();
  return make_error(codes::kCloudEventAttribute, known ? std::string(name) : "?");
}

// Keeps what this program needs. False: the value is none that the standard allows.
bool set_attribute(CloudEvent& event, std::string_view name, std::string_view value, std::string& version) {
  if (value.size() > kMaxAttributeBytes || !is_utf8(value)) return false;
  // "MUST be a non-empty string", all of them when present.
  if (value.empty()) return false;
  if (name == "specversion") version = value;
  if (name == "id") event.id = value;
  if (name == "source") event.source = value;
  if (name == "type") event.type = value;
  if (name == "subject") event.subject = value;
  if (name == "datacontenttype") event.data_content_type = value;
  return true;
}

Status check(const CloudEvent& event, const std::string& version) {
  if (version.empty()) return bad_attribute("specversion");
  if (version != "1.0") return make_error(codes::kCloudEventVersion);
  if (event.id.empty()) return bad_attribute("id");
  if (event.source.empty()) return bad_attribute("source");
  if (event.type.empty()) return bad_attribute("type");
  return {};
}

Status read_data(const Node* data, const Node* base64, const Codec& json, CloudEvent& event) {
  if (data != nullptr && base64 != nullptr) return make_error(codes::kCloudEventData);
  if (base64 != nullptr) {
    auto bytes = base64->kind == Kind::kText ? from_base64(base64->text) : std::nullopt;
    if (!bytes) return make_error(codes::kCloudEventData);
    event.data = std::move(*bytes);
    return {};
  }
  if (data == nullptr) return {};
  if (is_json(event.data_content_type)) return json.encode(*data, event.data);
  if (data->kind != Kind::kText) return make_error(codes::kCloudEventData);
  event.data = data->text;
  return {};
}

Result<CloudEvent> read_structured(std::string_view body, const Codec& json, const DecodeLimits& limits) {
  Document document;
  if (auto decoded = json.decode(body, limits, document); decoded.has_error()) return decoded.error();
  if (document.root().kind != Kind::kObject) return make_error(codes::kCloudEventForm);
  CloudEvent event;
  std::string version;
  const Node* data = nullptr;
  const Node* base64 = nullptr;
  for (const Node& member : children(std::as_const(document).root())) {
    if (member.name == "data") {
      data = &member;
    } else if (member.name == "data_base64") {
      base64 = &member;
    } else if (!is_attribute_name(member.name) || !member.is_scalar()) {
      return bad_attribute(member.name);
    } else if (const bool known = std::find(kTexts.begin(), kTexts.end(), member.name) != kTexts.end();
               known && member.kind != Kind::kNull) {
      if (member.kind != Kind::kText || !set_attribute(event, member.name, member.text, version))
        return bad_attribute(member.name);
    }
  }
  if (auto sound = check(event, version); sound.has_error()) return sound.error();
  if (auto got = read_data(data, base64, json, event); got.has_error()) return got.error();
  return event;
}

Result<CloudEvent> read_binary(const RecordHeaders& headers, std::string_view body) {
  CloudEvent event;
  std::string version;
  std::vector<std::string_view> seen;
  for (const auto& [name, value] : headers) {
    std::string_view attribute = name;
    if (name == "content-type") {
      attribute = "datacontenttype";
    } else if (!name.starts_with(kPrefix)) {
      continue;  // a header of somebody else
    } else {
      attribute.remove_prefix(kPrefix.size());
      // The content type has its own header in this mode.
      if (!is_attribute_name(attribute) || attribute == "datacontenttype") return bad_attribute(attribute);
    }
    if (std::find(seen.begin(), seen.end(), attribute) != seen.end()) return bad_attribute(attribute);
    seen.push_back(attribute);
    const bool known = std::find(kTexts.begin(), kTexts.end(), attribute) != kTexts.end();
    if (known && !set_attribute(event, attribute, value, version)) return bad_attribute(attribute);
  }
  if (auto sound = check(event, version); sound.has_error()) return sound.error();
  event.data = body;
  return event;
}

Result<EventRecord> write_structured(const CloudEvent& event, const Codec& json, const DecodeLimits& limits) {
  Document document;
  document.set_root(document.make(Kind::kObject));
  Node& root = document.root();
  document.add_text(root, "specversion", "1.0");
  document.add_text(root, "id", event.id);
  document.add_text(root, "source", event.source);
  document.add_text(root, "type", event.type);
  if (!event.subject.empty()) document.add_text(root, "subject", event.subject);
  if (!event.data_content_type.empty()) document.add_text(root, "datacontenttype", event.data_content_type);
  if (is_json(event.data_content_type)) {
    Document data;
    if (auto decoded = json.decode(event.data, limits, data); decoded.has_error()) return decoded.error();
    document.append(root, document.clone(data.root()), "data");
  } else if (is_text(event.data_content_type) && is_utf8(event.data)) {
    document.add_text(root, "data", event.data);
  } else {
    document.add_text(root, "data_base64", to_base64(event.data));
  }
  EventRecord record;
  record.headers.emplace_back("content-type", std::string(kStructuredJson) + "; charset=UTF-8");
  if (auto encoded = json.encode(root, record.body); encoded.has_error()) return encoded.error();
  return record;
}

EventRecord write_binary(const CloudEvent& event) {
  EventRecord record;
  record.headers = {
      {"ce_specversion", "1.0"}, {"ce_id", event.id}, {"ce_source", event.source}, {"ce_type", event.type}};
  if (!event.subject.empty()) record.headers.emplace_back("ce_subject", event.subject);
  if (!event.data_content_type.empty()) record.headers.emplace_back("content-type", event.data_content_type);
  record.body = event.data;
  return record;
}

}  // namespace

Result<CloudEvent> read_event(const RecordHeaders& headers, std::string_view body, const Codec& json,
                              const DecodeLimits& limits) {
  const auto type =
      std::find_if(headers.begin(), headers.end(), [](const auto& one) { return one.first == "content-type"; });
  const std::string media = type == headers.end() ? std::string() : media_type_of(type->second);
  if (media == kStructuredJson) return read_structured(body, json, limits);
  if (media.starts_with("application/cloudevents")) return make_error(codes::kCloudEventForm);
  const bool binary =
      std::any_of(headers.begin(), headers.end(), [](const auto& one) { return one.first == "ce_specversion"; });
  if (binary) return read_binary(headers, body);
  return make_error(codes::kCloudEventForm);
}

Result<EventRecord> write_event(const CloudEvent& event, ContentMode mode, const Codec& json,
                                const DecodeLimits& limits) {
  if (mode == ContentMode::kStructured) return write_structured(event, json, limits);
  return write_binary(event);
}

}  // namespace tongqu::kafka
