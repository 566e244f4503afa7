// Input and output of the commands.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "gateway/app/commands.hpp"
#include "gateway/core/text.hpp"

namespace tongqu::app {
namespace {

constexpr std::size_t kMaxInputBytes = 64U << 20U;

const ErrorCode kFileRead{"file.read", ErrorKind::kInvalid, "The file {} cannot be read.", "无法读取文件 {}。"};
const ErrorCode kFileWrite{"file.write", ErrorKind::kInvalid, "The file {} cannot be written.", "无法写入文件 {}。"};

// Columns of a terminal: characters of East Asian scripts and full-width forms take two.
std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto cp = next_code_point(text, at);
    if (!cp) {
      ++at;
      ++width;
      continue;
    }
    const bool wide = (*cp >= 0x1100 && *cp <= 0x115F) || (*cp >= 0x2E80 && *cp <= 0xA4CF) ||
                      (*cp >= 0xAC00 && *cp <= 0xD7A3) || (*cp >= 0xF900 && *cp <= 0xFAFF) ||
                      (*cp >= 0xFE30 && *cp <= 0xFE6F) || (*cp >= 0xFF00 && *cp <= 0xFF60) ||
                      (*cp >= 0xFFE0 && *cp <= 0xFFE6) || (*cp >= 0x20000 && *cp <= 0x3FFFD);
    width += wide ? 2 : 1;
  }
  return width;
}

void print_row(std::ostream& out, const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out << cells[i];
    if (i + 1 < cells.size()) out << std::string(widths[i] - display_width(cells[i]) + 2, ' ');
  }
  out << '\n';
}

}  // namespace

bool has_colours(int fd) {
  const char* const no_colour = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): no thread sets it
  const char* const terminal = std::getenv("TERM");       // NOLINT(concurrency-mt-unsafe)
  const bool wanted = no_colour == nullptr || *no_colour == '\0';
  return wanted && terminal != nullptr && std::string_view(terminal) != "dumb" && isatty(fd) == 1;
}

void TextTable::print(std::ostream& out) const {
  std::vector<std::size_t> widths;
  widths.reserve(heads_.size());
  for (const std::string& head : heads_) widths.push_back(display_width(head));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  print_row(out, heads_, widths);
  std::vector<std::string> rule;
  rule.reserve(widths.size());
  for (const std::size_t width : widths) rule.emplace_back(width, '-');
  print_row(out, rule, widths);
  for (const auto& row : rows_) print_row(out, row, widths);
}

int report(const Error& error, const Command& command) {
  std::cerr << "tongqu: " << error.text(command.lang) << " [" << error.code->id << "]\n";
  for (const Fault& fault : error.faults) {
    std::cerr << "  " << name_of(fault.grade) << ' ' << fault.path;
    if (!fault.field_zh.empty()) std::cerr << "（" << fault.field_zh << "）";
    if (fault.position.line != 0) std::cerr << ' ' << fault.position.line << ':' << fault.position.column;
    std::cerr << ": " << fault.text(command.lang) << " [" << fault.code->id << "]\n";
  }
  return kFoundWrong;
}

Result<std::string> read_input(const std::string& path) {
  std::ostringstream out;
  if (path == "-") {
    out << std::cin.rdbuf();
  } else {
    std::ifstream in(path, std::ios::binary);
    if (!in.is_open()) return make_error(kFileRead, path);
    out << in.rdbuf();
  }
  std::string bytes = std::move(out).str();
  if (bytes.size() > kMaxInputBytes) return make_error(codes::kLimitBytes, std::to_string(kMaxInputBytes));
  return bytes;
}

Status write_output(const std::string& path, std::string_view bytes, bool secret) {
  const std::string temporary = path + ".new";
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, secret ? 0600 : 0644);
  if (file < 0) return make_error(kFileWrite, path);
  bool good = true;
  for (std::size_t at = 0; good && at < bytes.size();) {
    const ssize_t written = ::write(file, bytes.data() + at, bytes.size() - at);
    good = written > 0;
    if (good) at += static_cast<std::size_t>(written);
  }
  good = ::fsync(file) == 0 && good;
  good = ::close(file) == 0 && good;
  if (!good || ::rename(temporary.c_str(), path.c_str()) != 0) {
    ::unlink(temporary.c_str());
    return make_error(kFileWrite, path);
  }
  return {};
}

}  // namespace tongqu::app
