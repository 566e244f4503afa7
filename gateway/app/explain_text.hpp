#pragma once
// An explanation for people.
#include <iosfwd>

#include "gateway/core/document.hpp"
#include "gateway/core/error.hpp"

namespace tongqu::app {

// `root`: what explain() or the admin interface gives; values and bodies are printed where they are in it. Heads are in
// `lang`, names of fields, rules and treatments as they stand in the configuration.
void print_explanation(const Node& root, Lang lang, std::ostream& out);

}  // namespace tongqu::app
