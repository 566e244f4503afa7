#pragma once
// Settings that the connectors of message queues share.
#include <algorithm>
#include <string_view>

#include "connectors/support/backoff.hpp"
#include "gateway/settings/field_list.hpp"
#include "gateway/settings/settings.hpp"

namespace tongqu {

// `max_bytes`: what the protocol's library takes.
[[nodiscard]] constexpr FieldSpec max_message_field(std::int64_t max_bytes) {
  return {.name = "max_message_bytes",
          .type = SettingType::kSize,
          .en = "Largest message; a larger one is turned back.",
          .zh = "单条报文的字节上限，超过则拒收。",
          .default_text = "1MiB",
          .min = 1024,
          .max = max_bytes};
}

inline constexpr FieldSpec kWaitFirstField{
    .name = "wait_first",
    .type = SettingType::kDuration,
    .en = "Wait before a message is offered again that the gateway could not store; it doubles.",
    .zh = "网关暂时无法落库时再次尝试前的等待，之后逐次加倍。",
    .default_text = "200ms",
    .min = 10,
    .max = 60'000};
inline constexpr FieldSpec kWaitMaxField{.name = "wait_max",
                                         .type = SettingType::kDuration,
                                         .en = "Longest such wait.",
                                         .zh = "上述等待的上限。",
                                         .default_text = "30s",
                                         .min = 10,
                                         .max = 600'000};

// The settings `first` and `longest` of `from`; a longest wait below the first is the first.
[[nodiscard]] inline BackoffLimits read_waits(const Setting& from, std::string_view first, std::string_view longest) {
  BackoffLimits limits;
  limits.first_ms = from.duration_ms(first);
  limits.max_ms = std::max(from.duration_ms(longest), limits.first_ms);
  return limits;
}

}  // namespace tongqu
