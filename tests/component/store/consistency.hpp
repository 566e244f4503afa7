#pragma once
// What has to hold between the rows of a closed store, whatever happened to it.
#include <filesystem>
#include <string>
#include <vector>

namespace tongqu::test {

// Names of the rules that do not hold; empty = sound. Runs the database's own integrity check too.
[[nodiscard]] std::vector<std::string> broken_rules(const std::filesystem::path& folder, const std::string& vfs = {});

}  // namespace tongqu::test
