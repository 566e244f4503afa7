#include "gateway/core/store.hpp"

#include <array>

namespace tongqu {
namespace {
constexpr std::array<std::string_view, 5> kQueues{"complete", "assign", "split", "release", "collect"};
}

std::string_view name_of(TaskQueue queue) { return kQueues[static_cast<std::size_t>(queue)]; }

std::string_view name_zh_of(TaskQueue queue) {
  static constexpr std::array<std::string_view, 5> kNames{"待补正", "待人工分派", "待拆分", "待释放", "待归集"};
  return kNames[static_cast<std::size_t>(queue)];
}

std::optional<TaskQueue> task_queue_of(std::string_view name) {
  for (std::size_t i = 0; i < kQueues.size(); ++i) {
    if (kQueues[i] == name) return static_cast<TaskQueue>(i);
  }
  return std::nullopt;
}

std::string_view name_of(OutboxState state) {
  static constexpr std::array<std::string_view, 7> kNames{"queued",  "delivered",  "no-answer", "dead",
                                                          "skipped", "superseded", "held"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace tongqu
