#pragma once
// What a partner may read as data: the units and the national code tables, as JSON with an entity tag.
//
//   units              {"version", "units": [{"id", "name", "level", "parent", "divisions", "zone", "actsInNameOf",
//                      "validFrom", "validTo", "code"}]}; `code` is what the asking partner calls the unit
//   codes              {"tables": [{"table", "title", "version", "validFrom", "rows"}]}
//   codes/<name>       {"table", "title", "version", "validFrom", "source", "codes": [{"code", "name", "note"}]}: the
//                      version of national/<name> that is in force
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "connectors/http/partner_api.hpp"
#include "gateway/app/config_compile.hpp"
#include "gateway/core/crypto.hpp"

namespace tongqu::app {

// Keeps what was asked for until the configuration changes: at most the listed paths for each partner. Thread-safe.
class Catalogue {
 public:
  // `suite` makes the tags and outlives the object.
  explicit Catalogue(const Suite& suite) : suite_(suite) {}

  // `what` as above. Fails with http.path, and http.catalogue when the partner's `reads` does not permit it.
  [[nodiscard]] Result<CataloguePage> page(std::shared_ptr<const CompiledConfig> config, const PartnerId& partner,
                                           std::string_view what);

 private:
  const Suite& suite_;
  std::mutex mutex_;
  std::shared_ptr<const CompiledConfig> config_;             // what the pages are of; second owner: the runtime
  std::map<std::string, CataloguePage, std::less<>> pages_;  // "partner what"
};

}  // namespace tongqu::app
