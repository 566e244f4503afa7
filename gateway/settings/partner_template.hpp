#pragma once
// A first partners/<id>.yaml, written from the field lists: what is required stands there to be filled in, what has a
// default stands beside it as a comment, each with its help in both languages.
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/settings/field_list.hpp"

namespace tongqu {

struct PartnerTemplate {
  std::string id;
  std::string title_zh;
  std::string title_en;
  std::string inbound;                // connector; empty = the partner sends nothing
  std::string outbound;               // connector; empty = nothing is sent to it
  std::vector<std::string> services;  // that the partner may send
};

// Secrets become ${file:<id>.<field>}; of other variants (auth, sign) the first that needs the least is taken. `specs`
// has the kinds partner, intake, connector and their variants.
void write_partner_template(std::ostream& out, const PartnerTemplate& what, SpecList specs);

}  // namespace tongqu
