#pragma once
// An explanation for people.
#include <iosfwd>

#include "gateway/core/document.hpp"

namespace tongqu::app {

// `root`: what explain() or the admin interface gives; the bodies are printed where they are in it.
void print_explanation(const Node& root, std::ostream& out);

}  // namespace tongqu::app
