#pragma once
// What the rules of a policy need beyond their own text. Everything is shared among the policies of a configuration,
// immutable and thread-safe.
#include <map>
#include <memory>
#include <string>

namespace tongqu {

class TextScrubber;  // text_scrubber.hpp
class TokenMaker;    // tokens.hpp
class ValueSealer;   // sealed_values.hpp

struct PolicyTools {
  std::shared_ptr<const TextScrubber> scrubber;                       // null: what a rule would scrub is dropped
  std::shared_ptr<const TokenMaker> tokens;                           // null: no rule may say `token`
  std::map<std::string, std::shared_ptr<const ValueSealer>> sealers;  // by the name in a rule's `to`
};

}  // namespace tongqu
