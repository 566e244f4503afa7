#pragma once
// Searches what a House gave away for canaries and tells which of the finds nobody permitted.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/canary/clearance.hpp"
#include "tests/unit/canary/house.hpp"
#include "tests/unit/canary/searcher.hpp"

namespace tongqu::canary_test {

struct Pair {
  std::shared_ptr<const CompiledConfig> config;  // until the record was looked at
  std::shared_ptr<const Clearance> clearance;
  std::size_t first = 0, count = 0;  // of its canaries
  std::string service, exchange, route;
  // Where the canaries stand in the canonical record.
  struct Place {
    std::string path;
    Label label;
    bool before_tail = false;  // in front of the last eight characters, which is what a masked address hides
  };
  std::multimap<std::size_t, Place> places;
};

struct Figures {
  std::size_t pieces = 0, bytes = 0, patterns = 0;
  std::size_t canaries = 0;
  std::size_t permitted = 0;     // finds of a value that the recipient may see in clear
  std::size_t left_by_mask = 0;  // of an address that a mapping wrote twice: a masked address shows all but its end
  // Structured values that stand in a free text as well. Free text is measured, not proven: these are counted apart.
  std::size_t in_clear_text = 0;  // the recipient sees that text as it is
  std::size_t in_scrubbed_text =
      0;  // (value, recipient) of texts that are scrubbed, where the value is not seen in clear
  std::size_t missed_by_scrubber = 0;  // of those, found
  std::vector<std::string> missed;     // where, one line each
  std::map<std::string, std::size_t> pieces_by_sink;
};

class Judge {
 public:
  std::vector<Pair> pairs;
  std::vector<Canary> canaries;

  // After `canaries` is complete.
  void arm();
  // Where the pair's canaries are in `record`, canonical JSON of `fields`. `roles`: a person's word may have made an
  // informant's datum a complainant's. Tells what came into a field that does not hold its label.
  void locate(std::size_t pair, const std::string& record, const FieldNode& fields, bool roles,
              std::vector<std::string>& leaks);
  // One line for each find that nobody permitted; no value in it.
  void examine(const std::vector<Piece>& pieces, Figures& figures, std::vector<std::string>& leaks) const;

 private:
  // How the recipient of `piece` may see the canary: "clear", "text" (in a free text that it sees as it is), "scrub"
  // (in one that is scrubbed for it), or "no".
  [[nodiscard]] std::string seen(const Piece& piece, std::size_t pair, std::size_t canary) const;

  std::unique_ptr<Searcher> searcher_;
  std::map<std::string, std::size_t> by_exchange_;
};

}  // namespace tongqu::canary_test
