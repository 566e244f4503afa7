#pragma once
// docs/conformance.md, section by section: what the tests of published sets found.
#include <map>
#include <string>
#include <string_view>

namespace tongqu::test {

using Counts = std::map<std::string, int>;

struct Deviation {
  std::string_view id;
  std::string_view outcome;
  std::string_view reason;
};

// "| id | outcome | reason |" for each.
std::string deviation_rows(const Deviation* begin, const Deviation* end);

// Each runs its set, expects every case to go as the set says or as a listed deviation, and gives its section.
std::string xml_suite_section();
std::string xml_files_section();
std::string gb18030_section();
std::string utf8_section();

}  // namespace tongqu::test
