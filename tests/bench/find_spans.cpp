// Reads JSON lines {"text": …} and writes what the detectors find in each: {"spans":[{"start","end","type","reason"}]},
// offsets in code points. scripts/privacy_quality.mjs scores that. With --time it prints the throughput instead.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "gateway/core/text.hpp"
#include "security/privacy/number_spans.hpp"
#include "security/privacy/person_names.hpp"
#include "transforms/codecs/json_codec.hpp"

namespace {

using namespace tongqu;

struct Options {
  std::string network = "/usr/lib/python3/dist-packages/jieba/lac_small";
  bool names = true, numbers = true, rules_only = false, words = false, time = false, remember = true;
  std::size_t together = 64;  // texts in one call
};

std::vector<FoldedText> read_texts(std::istream& in) {
  std::vector<FoldedText> out;
  std::string line;
  while (std::getline(in, line)) {
    const auto document = decode_json(line);
    const Node* text = document.has_error() ? nullptr : document->root().find("text");
    out.emplace_back(text == nullptr ? std::string_view() : text->text);
  }
  return out;
}

void print(const std::vector<TextSpan>& spans) {
  std::string line = "{\"spans\":[";
  for (const TextSpan& span : spans) {
    if (line.back() == '}') line += ',';
    line += "{\"start\":" + std::to_string(span.begin) + ",\"end\":" + std::to_string(span.end) + ",\"type\":\"" +
            std::string(name_of(span.type)) + "\",\"reason\":\"" + std::string(span.reason) + "\"}";
  }
  std::cout << line << "]}\n";
}

void print(const std::vector<NameWord>& words) {
  std::string line = "[";
  for (const NameWord& word : words) {
    if (line.size() > 1) line += ',';
    line += "[" + std::to_string(word.begin) + "," + std::to_string(word.end) + "," +
            std::to_string(static_cast<int>(word.kind)) + "]";
  }
  std::cout << line << "]\n";
}

int run(const Options& options) {
  const auto texts = read_texts(std::cin);
  auto names = PersonNames::open(options.network, options.remember);
  if (names.has_error()) {
    std::cerr << names.error().text(Lang::kEnglish) << '\n';
    return 1;
  }
  std::size_t bytes = 0;
  for (const FoldedText& text : texts) {
    for (const char32_t c : text.text()) bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }
  std::vector<std::vector<TextSpan>> found;
  const std::clock_t start = std::clock();
  for (std::size_t at = 0; at < texts.size(); at += options.together) {
    std::vector<const FoldedText*> some;
    for (std::size_t i = at; i < std::min(at + options.together, texts.size()); ++i) some.push_back(&texts[i]);
    if (options.words) {
      for (const auto& words : (*names)->words(some)) print(words);
      continue;
    }
    if (options.rules_only) {
      found.clear();
      for (const FoldedText* text : some) found.push_back(find_person_names(*text, {}));
    } else if (options.names) {
      (*names)->find(some, found);
    } else {
      found.assign(some.size(), {});
    }
    if (options.time) continue;
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (options.numbers) {
        const auto numbers = find_numbers(*some[i]);
        found[i].insert(found[i].end(), numbers.begin(), numbers.end());
      }
      print(found[i]);
    }
  }
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  if (options.time)
    std::cout << static_cast<double>(bytes) / 1e6 / seconds << " MB for each second of processor time\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Finds personal data in texts");
  app.add_option("--network", options.network, "folder of the name network");
  app.add_option("--together", options.together, "texts in one call");
  app.add_flag("!--no-names", options.names, "no names of persons");
  app.add_flag("!--no-numbers", options.numbers, "no numbers");
  app.add_flag("--rules-only", options.rules_only, "names by rules, without the network");
  app.add_flag("--words", options.words, "the network's words instead of spans");
  app.add_flag("!--forget", options.remember, "every sentence goes through the network, those seen before as well");
  app.add_flag("--time", options.time, "throughput instead of spans");
  CLI11_PARSE(app, argc, argv);
  return run(options);
}
