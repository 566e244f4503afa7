// disclosure_checker DIRECTORY CERTIFICATE: accepts or refuses, with the reason. Exit 0 accepted, 1 refused, 2 called
// wrongly.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "checker/checker.hpp"

namespace {

bool read(const std::filesystem::path& path, std::string& out) {
  std::ifstream file(path, std::ios::binary);
  out.assign(std::istreambuf_iterator<char>(file), {});
  return !file.bad() && file.is_open();
}

int run(const std::filesystem::path& directory, const std::filesystem::path& certificate_file) {
  tongqu::checker::Files files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    const std::string path = entry.path().lexically_relative(directory).generic_string();
    if (!entry.is_regular_file() || !tongqu::checker::counts(path)) continue;
    if (!read(entry.path(), files[path])) {
      std::cerr << "cannot read " << path << '\n';
      return 1;
    }
  }
  std::string certificate;
  if (!read(certificate_file, certificate)) {
    std::cerr << "cannot read the certificate\n";
    return 1;
  }
  const tongqu::checker::Verdict verdict = tongqu::checker::check_certificate(files, certificate);
  (verdict.accepted ? std::cout : std::cerr) << (verdict.accepted ? "accepted" : "refused: " + verdict.reason) << '\n';
  return verdict.accepted ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "disclosure_checker DIRECTORY CERTIFICATE\n";
    return 2;
  }
  try {
    return run(arguments[1], arguments[2]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
