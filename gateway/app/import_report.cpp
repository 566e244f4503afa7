#include "gateway/app/import_report.hpp"

#include <iostream>

#include "gateway/app/commands.hpp"

namespace tongqu::app {
namespace {

constexpr std::chrono::seconds kProgressEvery{2};

}  // namespace

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Progress::run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kProgressEvery, [this] { return over_; })) {
    std::cerr << "    " << rows_() << " rows\n";
  }
}

void print_findings(const RehearsalCounts& counts, Lang lang) {
  const bool zh = lang == Lang::kChinese;
  if (!counts.held.empty()) {
    TextTable table({zh ? "将转入队列" : "would wait in queue", zh ? "行数" : "rows"});
    for (const auto& [queue, rows] : counts.held) table.add({queue, std::to_string(rows)});
    std::cout << '\n';
    table.print(std::cout);
  }
  if (counts.findings.empty()) return;
  TextTable table(
      {zh ? "保留并标记" : "kept and flagged", zh ? "字段" : "field", zh ? "路径" : "path", zh ? "行数" : "rows"});
  for (const auto& [key, found] : counts.findings) {
    table.add({key.first, found.field_zh, key.second, std::to_string(found.messages)});
  }
  std::cout << '\n';
  table.print(std::cout);
}

}  // namespace tongqu::app
