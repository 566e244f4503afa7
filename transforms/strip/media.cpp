// Film and sound by libavformat: packets are copied into a new container, nothing is decoded. Only streams of film and
// sound are copied; tags, chapters, pictures beside the sound, timed data (where position tracks are), and what cameras
// and encoders write between the pictures of H.264 and H.265 are not.
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
}
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "transforms/strip/outcome.hpp"

namespace tongqu::strip {
namespace {

constexpr int kBufferBytes = 64 * 1024;
constexpr unsigned kMaxStreams = 16;

struct Container {
  std::string_view type;
  const char* demuxer;
  const char* muxer;
};
constexpr Container kContainers[] = {{"video/mp4", "mov", "mp4"},  {"video/quicktime", "mov", "mov"},
                                     {"video/3gpp", "mov", "3gp"}, {"audio/mp4", "mov", "ipod"},
                                     {"audio/mpeg", "mp3", "mp3"}, {"audio/wav", "wav", "wav"},
                                     {"audio/aac", "aac", "adts"}, {"audio/amr", "amr", "amr"}};

void need(bool done) {
  if (!done) end(Outcome::kMalformed);
}

int read_bytes(void* file, std::uint8_t* to, int size) {
  const auto got = read(*static_cast<int*>(file), to, static_cast<std::size_t>(size));
  return got == 0 ? AVERROR_EOF : got < 0 ? AVERROR(EIO) : static_cast<int>(got);
}

int write_bytes(void* file, std::uint8_t* from, int size) {
  const auto taken = write(*static_cast<int*>(file), from, static_cast<std::size_t>(size));
  if (taken < 0) end(Outcome::kIo);
  return static_cast<int>(taken);
}

std::int64_t seek(void* file, std::int64_t offset, int from) {
  const int handle = *static_cast<int*>(file);
  if (from == AVSEEK_SIZE) {
    const off_t here = lseek(handle, 0, SEEK_CUR);
    const off_t size = lseek(handle, 0, SEEK_END);
    lseek(handle, here, SEEK_SET);
    return size;
  }
  return lseek(handle, offset, from & ~AVSEEK_FORCE);
}

AVIOContext* io(int* file, bool writes) {
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
  AVIOContext* context =
      avio_alloc_context(buffer, kBufferBytes, writes ? 1 : 0, file, read_bytes, writes ? write_bytes : nullptr, seek);
  if (buffer == nullptr || context == nullptr) end(Outcome::kLimit);
  return context;
}

// No protocol is there: what a container refers to elsewhere cannot be opened.
AVFormatContext* open_source(int* file, const char* demuxer) {
  AVFormatContext* source = avformat_alloc_context();
  if (source == nullptr) end(Outcome::kLimit);
  source->pb = io(file, false);
  source->flags |= AVFMT_FLAG_CUSTOM_IO;
  source->max_streams = static_cast<int>(kMaxStreams);
  source->protocol_whitelist = av_strdup("");
  source->io_open = [](AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EPERM); };
  AVDictionary* options = nullptr;
  av_dict_set(&options, "export_all", "0", 0);
  av_dict_set(&options, "enable_drefs", "0", 0);
  need(avformat_open_input(&source, nullptr, av_find_input_format(demuxer), &options) == 0);
  av_dict_free(&options);
  need(avformat_find_stream_info(source, nullptr) >= 0);
  need(source->nb_streams <= kMaxStreams);
  return source;
}

bool is_content(const AVStream& stream) {
  const AVMediaType kind = stream.codecpar->codec_type;
  if (kind == AVMEDIA_TYPE_AUDIO) return true;
  return kind == AVMEDIA_TYPE_VIDEO && (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) == 0;
}

// One stream's way from source to copy.
struct Lane {
  AVStream* target = nullptr;
  AVBSFContext* filter = nullptr;  // for H.264 and H.265
  int packets = 0;
};

// Units between pictures that a camera fills as it likes (SEI).
AVBSFContext* filter_of(const AVStream& stream) {
  const char* units = stream.codecpar->codec_id == AV_CODEC_ID_H264   ? "filter_units=remove_types=6"
                      : stream.codecpar->codec_id == AV_CODEC_ID_HEVC ? "filter_units=remove_types=39|40"
                                                                      : nullptr;
  if (units == nullptr) return nullptr;
  AVBSFContext* filter = nullptr;
  need(av_bsf_list_parse_str(units, &filter) == 0);
  need(avcodec_parameters_copy(filter->par_in, stream.codecpar) >= 0);
  filter->time_base_in = stream.time_base;
  need(av_bsf_init(filter) == 0);
  return filter;
}

Lane lane_for(const AVStream& from, AVFormatContext* target) {
  Lane lane;
  lane.target = avformat_new_stream(target, nullptr);
  if (lane.target == nullptr) end(Outcome::kLimit);
  lane.filter = filter_of(from);
  const AVCodecParameters* parameters = lane.filter != nullptr ? lane.filter->par_out : from.codecpar;
  need(avcodec_parameters_copy(lane.target->codecpar, parameters) >= 0);
  lane.target->codecpar->codec_tag = 0;
  lane.target->time_base = from.time_base;
  lane.target->avg_frame_rate = from.avg_frame_rate;
  lane.target->sample_aspect_ratio = from.sample_aspect_ratio;
  // So that the film stays upright; all other side data is left out.
  std::size_t size = 0;
  if (const auto* turned = av_stream_get_side_data(&from, AV_PKT_DATA_DISPLAYMATRIX, &size); turned != nullptr) {
    auto* own = av_stream_new_side_data(lane.target, AV_PKT_DATA_DISPLAYMATRIX, size);
    if (own == nullptr) end(Outcome::kLimit);
    std::copy_n(turned, size, own);
  }
  return lane;
}

void put(AVFormatContext* target, const Lane& lane, AVPacket* packet, AVRational time_base) {
  av_packet_free_side_data(packet);
  av_packet_rescale_ts(packet, time_base, lane.target->time_base);
  packet->stream_index = lane.target->index;
  packet->pos = -1;
  need(av_interleaved_write_frame(target, packet) >= 0);
}

void copy_packets(AVFormatContext* source, AVFormatContext* target, std::vector<Lane>& lanes) {
  AVPacket* packet = av_packet_alloc();
  if (packet == nullptr) end(Outcome::kLimit);
  int got = 0;
  while ((got = av_read_frame(source, packet)) >= 0) {
    need((packet->flags & AV_PKT_FLAG_CORRUPT) == 0);
    const auto number = static_cast<std::size_t>(packet->stream_index);
    if (number >= lanes.size() || lanes[number].target == nullptr) {
      av_packet_unref(packet);
      continue;
    }
    Lane& lane = lanes[number];
    ++lane.packets;
    const AVRational time_base = source->streams[number]->time_base;
    if (lane.filter == nullptr) {
      put(target, lane, packet, time_base);
      continue;
    }
    need(av_bsf_send_packet(lane.filter, packet) == 0);
    while (av_bsf_receive_packet(lane.filter, packet) == 0) put(target, lane, packet, lane.filter->time_base_out);
  }
  need(got == AVERROR_EOF);
  // A film that was cut: half of it must not pass for the whole.
  for (std::size_t i = 0; i < lanes.size(); ++i)
    need(lanes[i].target == nullptr || lanes[i].packets >= avformat_index_get_entries_count(source->streams[i]));
  av_packet_free(&packet);
}

// Tags that the container itself must have, and that say nothing of anybody.
bool is_plain(const AVDictionary* tags) {
  static constexpr std::string_view kPlain[] = {"major_brand", "minor_version", "compatible_brands",
                                                "language",    "handler_name",  "vendor_id"};
  static constexpr std::string_view kValues[] = {
      "VideoHandler", "SoundHandler", "DataHandler", "[0][0][0][0]", "FFMP", "und", ""};
  const AVDictionaryEntry* tag = nullptr;
  while ((tag = av_dict_get(tags, "", tag, AV_DICT_IGNORE_SUFFIX)) != nullptr) {
    bool known = false;
    for (const std::string_view one : kPlain) known = known || one == tag->key;
    if (!known) return false;
    const bool brand = std::string_view(tag->key).find("brand") != std::string_view::npos ||
                       std::string_view(tag->key) == "minor_version";
    bool plain = brand;
    for (const std::string_view one : kValues) plain = plain || one == tag->value;
    if (!plain) return false;
  }
  return true;
}

void check(int* file, const char* demuxer) {
  if (lseek(*file, 0, SEEK_SET) != 0) end(Outcome::kIo);
  AVFormatContext* copy = open_source(file, demuxer);
  bool clean = is_plain(copy->metadata) && copy->nb_chapters == 0;
  for (unsigned i = 0; i < copy->nb_streams; ++i)
    clean = clean && is_content(*copy->streams[i]) && is_plain(copy->streams[i]->metadata);
  if (!clean) end(Outcome::kNotClean);
}

}  // namespace

void strip_media(int in, int out, std::string_view media_type) {
  const Container* container = nullptr;
  for (const Container& one : kContainers)
    if (one.type == media_type) container = &one;
  if (container == nullptr) end(Outcome::kUnknownType);
  av_log_set_level(AV_LOG_QUIET);
  AVFormatContext* source = open_source(&in, container->demuxer);
  AVFormatContext* target = nullptr;
  need(avformat_alloc_output_context2(&target, nullptr, container->muxer, nullptr) >= 0);
  target->pb = io(&out, true);
  target->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
  std::vector<Lane> lanes(source->nb_streams);
  bool any = false;
  for (unsigned i = 0; i < source->nb_streams; ++i) {
    if (!is_content(*source->streams[i])) continue;
    lanes[i] = lane_for(*source->streams[i], target);
    any = true;
  }
  need(any);
  AVDictionary* options = nullptr;
  av_dict_set(&options, "id3v2_version", "0", 0);
  av_dict_set(&options, "write_id3v1", "0", 0);
  av_dict_set(&options, "write_bext", "0", 0);
  need(avformat_write_header(target, &options) >= 0);
  av_dict_free(&options);
  copy_packets(source, target, lanes);
  need(av_write_trailer(target) == 0);
  avio_flush(target->pb);
  check(&out, container->demuxer);
}

}  // namespace tongqu::strip
