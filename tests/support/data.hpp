#pragma once
// Third-party test data outside the project: TONGQU_TEST_DATA, default ../shared/data beside the checkout.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tongqu::test {

// Folder of the test data; empty when it is absent.
[[nodiscard]] std::optional<std::filesystem::path> data_folder();
// Lines of a file of the test data, or empty with a message on standard output that says what is missing.
[[nodiscard]] std::vector<std::string> data_lines(const std::string& relative_path);
// A whole file; empty when it cannot be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);
// A fresh folder under the system's temporary folder, removed at the end of the process.
[[nodiscard]] std::filesystem::path temporary_folder(const std::string& purpose);
// Folder of the checkout (where CMakeLists.txt stands): the working directory of the tests.
[[nodiscard]] std::filesystem::path source_folder();

}  // namespace tongqu::test
