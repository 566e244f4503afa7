#pragma once
// A 网闸 between two folders: what it carries it takes out of the one and puts into the other, as badly as it is told.
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>

#include "tests/support/data.hpp"

namespace tongqu::test {

struct GateHabits {
  double lose = 0;
  double twice = 0;    // comes now and once more later
  double later = 0;    // stays for the next turn: overtaken by others
  double corrupt = 0;  // one byte altered
  double cut = 0;      // half of it only
};

class LinkGate {
 public:
  LinkGate(std::filesystem::path from, std::filesystem::path to, unsigned seed) : from_(from), to_(to), random_(seed) {}

  // One turn. Files under way (names with a dot in front) are left alone, as a real one leaves what is not of its type.
  std::size_t carry(const GateHabits& habits) {
    std::size_t carried = 0;
    for (const auto& [name, bytes] : std::exchange(again_, {})) put(name, bytes);
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(from_)) files.push_back(entry.path());
    std::shuffle(files.begin(), files.end(), random_);
    for (const auto& file : files) {
      const std::string name = file.filename();
      if (name.front() == '.' || chance(habits.later)) continue;
      std::string bytes;
      try {
        bytes = read_file(file);
      } catch (...) {
        continue;
      }
      std::filesystem::remove(file);
      ++carried;
      if (chance(habits.lose)) continue;
      if (chance(habits.twice)) again_.emplace_back(name, bytes);
      if (chance(habits.corrupt)) bytes[random_() % bytes.size()] ^= 1;
      if (chance(habits.cut)) bytes.resize(bytes.size() / 2);
      put(name, bytes);
    }
    return carried;
  }

 private:
  bool chance(double share) { return std::uniform_real_distribution<>(0, 1)(random_) < share; }
  void put(const std::string& name, const std::string& bytes) {
    // Written in place: the receiver may see it half.
    std::ofstream(to_ / name, std::ios::binary) << bytes;
  }

  std::filesystem::path from_, to_;
  std::mt19937 random_;
  std::vector<std::pair<std::string, std::string>> again_;
};

}  // namespace tongqu::test
