#include "tests/support/data.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

namespace tongqu::test {
namespace fs = std::filesystem;

fs::path source_folder() {
  fs::path folder = fs::current_path();
  while (!fs::exists(folder / "CMakePresets.json") && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

std::optional<fs::path> data_folder() {
  const char* configured = std::getenv("TONGQU_TEST_DATA");
  const fs::path folder =
      configured != nullptr ? fs::path(configured) : source_folder().parent_path() / "shared" / "data";
  if (!fs::is_directory(folder)) return std::nullopt;
  return folder;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<std::string> data_lines(const std::string& relative_path) {
  std::vector<std::string> lines;
  const auto folder = data_folder();
  std::ifstream in;
  if (folder) in.open(*folder / relative_path, std::ios::binary);
  if (!in.is_open()) {
    std::cout << "[  NOTE    ] test data " << relative_path
              << " is absent (TONGQU_TEST_DATA); only the project's own cases run\n";
    return lines;
  }
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

namespace {
// Removes what the process made, whatever test made it.
struct TemporaryRoot {
  fs::path path = fs::temp_directory_path() / ("tongqu-test-" + std::to_string(getpid()));
  ~TemporaryRoot() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};
}  // namespace

fs::path temporary_folder(const std::string& purpose) {
  static TemporaryRoot root;
  static int count = 0;
  fs::path folder = root.path / (purpose + "-" + std::to_string(++count));
  fs::create_directories(folder);
  return folder;
}

}  // namespace tongqu::test
