// Sound configurations by chance, and the same spoiled in one place: both checkers tell them apart, every time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <iostream>

#include "tests/support/lines.hpp"
#include "tests/unit/proof/judged.hpp"

namespace tongqu::proof_test {
namespace {

using test::joined;
using test::lines_of;

using ::testing::HasSubstr;

constexpr std::uint32_t kSeed = 12315;
constexpr int kSound = 300;
constexpr int kLeaks = 1000;

using Generated = Judged;

TEST_F(Generated, SoundOnesPass) {
  Random random(kSeed);
  int passed = 0;
  for (int i = 0; i < kSound; ++i) {
    const World world = make_world(random);
    const CompileReport report = compile(world);
    ASSERT_NE(report.config, nullptr) << "number " << i << "\n" << faults(report);
    EXPECT_THAT(report.config->certificate, HasSubstr("\nclaim\t"));
    ++passed;
  }
  std::cout << "[ figure   ] sound configurations: " << passed << " of " << kSound << " pass\n";
}

TEST_F(Generated, SpoiledOnesAreRefusedWithThePathByBoth) {
  Random random(kSeed + 1);
  int first = 0;
  int second = 0;
  for (int i = 0; i < kLeaks; ++i) {
    World world = make_world(random);
    const LeakKind& kind = leak_kinds()[static_cast<std::size_t>(i) % leak_kinds().size()];
    const Leak leak = kind.spoil(world, random);
    const CompileReport report = compile(world);
    if (report.config == nullptr && names(report, leak)) {
      ++first;
    } else {
      ADD_FAILURE() << i << " " << kind.name << ": " << leak.source << " → " << leak.to << " → " << leak.partner << "\n"
                    << faults(report);
    }
    // The second does not even look at the certificate: it sees by itself that no certificate can be right.
    const checker::Verdict verdict = checker::check_certificate(files(world), "");
    if (!verdict.accepted && verdict.reason.starts_with("not permitted: ")) {
      ++second;
    } else {
      ADD_FAILURE() << i << " " << kind.name << ": the second checker says " << verdict.reason;
    }
  }
  std::cout << "[ figure   ] leaks: " << first << " of " << kLeaks << " refused with the path, " << second << " of "
            << kLeaks << " by the second checker\n";
}

std::size_t any_claim(const std::vector<std::string>& lines, Random& random) {
  std::vector<std::size_t> claims;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("claim\t")) claims.push_back(i);
  }
  return claims[random() % claims.size()];
}
void change(std::string& line, const std::string& from, const std::string& to) {
  if (const auto at = line.find(from); at != std::string::npos) line.replace(at, from.size(), to);
}

TEST_F(Generated, ForgedCertificatesAreRefused) {
  Random random(kSeed + 2);
  std::string other;
  int forged = 0;
  for (int i = 0; i < 40; ++i) {
    const World world = make_world(random);
    const CompileReport report = compile(world);
    ASSERT_NE(report.config, nullptr);
    const checker::Files all = files(world);
    const std::string& good = report.config->certificate;
    ASSERT_TRUE(checker::check_certificate(all, good).accepted);
    const std::vector<std::string> lines = lines_of(good);
    const std::size_t at = any_claim(lines, random);
    std::vector<std::pair<std::string, std::string>> forgeries;
    const auto forge = [&](const std::string& name, const std::function<void(std::vector<std::string>&)>& edit) {
      std::vector<std::string> copy = lines;
      edit(copy);
      forgeries.emplace_back(name, joined(copy));
    };
    forge("claim removed", [at](auto& l) { l.erase(l.begin() + static_cast<std::ptrdiff_t>(at)); });
    forge("claim twice", [at](auto& l) { l.insert(l.begin() + static_cast<std::ptrdiff_t>(at), l[at]); });
    forge("claim added", [at](auto& l) {
      std::string line = l[at];
      change(line, "claim\t", "claim\tx");
      l.insert(l.begin() + static_cast<std::ptrdiff_t>(at), line);
    });
    forge("form changed", [at](auto& l) {
      const bool clear = l[at].find("\tclear\t") != std::string::npos;
      change(l[at], clear ? "\tclear\t" : "\tmask\t", clear ? "\tmask\t" : "\tclear\t");
      change(l[at], "\tref\t", "\tdrop\t");
    });
    forge("label changed", [at](auto& l) { change(l[at], "/", "/x"); });
    forge("digest changed", [](auto& l) { l[1][20] = l[1][20] == '0' ? '1' : '0'; });
    forge("recipient changed", [](auto& l) {
      for (std::string& line : l) {
        if (line.starts_with("way\t")) return change(line, "\tr", "\tq");
      }
    });
    forge("lines in another order",
          [at](auto& l) { std::swap(l[at], l[l[at - 1].starts_with("claim\t") ? at - 1 : at + 1]); });
    forge("end removed", [](auto& l) { l.pop_back(); });
    forge("more behind the end", [](auto& l) { l.push_back("claim\n"); });
    forge("another version", [](auto& l) { l[0] = "tongqu-disclosure-certificate 2\n"; });
    forgeries.emplace_back("truncated", good.substr(0, random() % good.size()));
    forgeries.emplace_back("without the last line end", good.substr(0, good.size() - 1));
    if (!other.empty()) forgeries.emplace_back("of another configuration", other);
    other = good;
    for (const auto& [name, text] : forgeries) {
      if (text == good) continue;  // a change that found nothing to change
      ++forged;
      EXPECT_FALSE(checker::check_certificate(all, text).accepted) << name;
    }
  }
  std::cout << "[ figure   ] forged certificates: " << forged << ", none accepted\n";
}

}  // namespace
}  // namespace tongqu::proof_test
