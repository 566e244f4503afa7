#pragma once
// libxml2's events → builder. One parser context for each document; nothing global but the one-time initialisation.
#include <string_view>

#include "gateway/core/error.hpp"
#include "transforms/codecs/xml_builder.hpp"
#include "transforms/codecs/xml_names.hpp"

namespace tongqu::xml {

// Must run once before the first use of libxml2 in a process; repeated calls do nothing. Thread-safe. Takes the network
// from libxml2 in the whole process.
void initialise_library();

// What an error number of libxml2 means to the sender.
[[nodiscard]] const ErrorCode& code_of(int error);

// `utf8` passed check_text. Loads nothing, knows the predefined entities only. Stops at the first fault.
[[nodiscard]] Status parse(std::string_view utf8, const Names& names, bool bare_doctype, Builder& builder);

}  // namespace tongqu::xml
