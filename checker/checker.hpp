#pragma once
// The second checker of the static proof of disclosure (docs/proof.md). It shares no code with the program that wrote
// the certificate: it reads the configuration's files by itself, computes by itself which labelled field reaches whom
// in which form, holds that against the labels, and demands that the certificate claims exactly this.
#include <string>
#include <string_view>

#include "checker/settings.hpp"

namespace tongqu::checker {

// Does the file decide what reaches whom, so that the certificate's digest covers it? The folders services, partners,
// routes, mappings, policies, declassify, tables, units and stylesheets; nothing hidden, nothing that ends in "~".
[[nodiscard]] bool counts(std::string_view path);

struct Verdict {
  bool accepted = false;
  std::string reason;  // empty when accepted; never a value of a message
};
// `files` may hold more than counts. Thread-safe, throws nothing.
[[nodiscard]] Verdict check_certificate(const Files& files, std::string_view certificate);

}  // namespace tongqu::checker
