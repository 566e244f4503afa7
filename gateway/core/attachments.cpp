#include "gateway/core/attachments.hpp"

#include <algorithm>
#include <array>

#include "gateway/core/attachment_derive.hpp"

namespace tongqu {
namespace {

struct Pair {
  std::string_view from;
  std::string_view to;
};

// Names in use beside the registered one.
constexpr auto kOtherNames = std::to_array<Pair>({{"image/jpg", "image/jpeg"},
                                                  {"image/pjpeg", "image/jpeg"},
                                                  {"image/x-png", "image/png"},
                                                  {"application/x-pdf", "application/pdf"},
                                                  {"audio/mp3", "audio/mpeg"},
                                                  {"audio/x-mp3", "audio/mpeg"},
                                                  {"audio/x-mpeg", "audio/mpeg"},
                                                  {"audio/x-wav", "audio/wav"},
                                                  {"audio/wave", "audio/wav"},
                                                  {"audio/vnd.wave", "audio/wav"},
                                                  {"audio/x-m4a", "audio/mp4"},
                                                  {"audio/m4a", "audio/mp4"},
                                                  {"audio/x-hx-aac-adts", "audio/aac"},
                                                  {"video/x-m4v", "video/mp4"}});

constexpr auto kEndings = std::to_array<Pair>({{"image/jpeg", "jpg"},
                                               {"image/png", "png"},
                                               {"image/gif", "gif"},
                                               {"application/pdf", "pdf"},
                                               {"audio/mpeg", "mp3"},
                                               {"audio/wav", "wav"},
                                               {"audio/amr", "amr"},
                                               {"audio/mp4", "m4a"},
                                               {"audio/aac", "aac"},
                                               {"video/mp4", "mp4"},
                                               {"video/quicktime", "mov"},
                                               {"video/3gpp", "3gp"}});

}  // namespace

bool is_attachment_id(std::string_view text) {
  return text.size() == 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string attachment_url(const AttachmentId& id) { return std::string(kAttachmentPath) + "/" + id.str(); }

AttachmentId attachment_of_url(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    const auto path = url.find('/', scheme.size());
    if (path == std::string_view::npos) return {};
    url.remove_prefix(path);
    break;
  }
  if (!url.starts_with(kAttachmentPath)) return {};
  url.remove_prefix(kAttachmentPath.size());
  if (!url.starts_with('/') || !is_attachment_id(url.substr(1))) return {};
  return AttachmentId(url.substr(1));
}

std::optional<AttachmentState> attachment_state_of(std::string_view name) {
  for (const auto state : {AttachmentState::kUploading, AttachmentState::kStored, AttachmentState::kScanned,
                           AttachmentState::kRefused, AttachmentState::kQuarantined, AttachmentState::kWanted}) {
    if (name_of(state) == name) return state;
  }
  return std::nullopt;
}

std::string_view name_of(DerivativeState state) {
  switch (state) {
    case DerivativeState::kWanted: return "wanted";
    case DerivativeState::kMade: return "made";
    case DerivativeState::kImpossible: return "impossible";
  }
  return "impossible";
}

std::string_view name_of(AttachmentState state) {
  switch (state) {
    case AttachmentState::kUploading: return "uploading";
    case AttachmentState::kStored: return "stored";
    case AttachmentState::kScanned: return "scanned";
    case AttachmentState::kRefused: return "refused";
    case AttachmentState::kQuarantined: return "quarantined";
    case AttachmentState::kWanted: return "wanted";
  }
  return "refused";
}

std::string media_type_name(std::string_view type) {
  std::string name(type.substr(0, type.find(';')));
  while (!name.empty() && name.back() == ' ') name.pop_back();
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  const auto* found = std::ranges::find(kOtherNames, name, &Pair::from);
  return found == kOtherNames.end() ? name : std::string(found->to);
}

bool types_fit(std::string_view declared, std::string_view found) {
  return declared == found || (declared == "audio/mp4" && found == "video/mp4");
}

bool is_file_ending(std::string_view ending) {
  return std::ranges::find(kEndings, ending, &Pair::to) != kEndings.end();
}

std::string_view file_ending(std::string_view media_type) {
  const auto* found = std::ranges::find(kEndings, media_type, &Pair::from);
  return found == kEndings.end() ? "bin" : found->to;
}

}  // namespace tongqu
