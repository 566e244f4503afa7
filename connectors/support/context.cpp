#include "connectors/support/context.hpp"

namespace tongqu {

Error error_at(const Setting& setting, Error error) {
  error.param =
      setting.file() + ":" + std::to_string(setting.position().line) + (error.param.empty() ? "" : " " + error.param);
  return error;
}

}  // namespace tongqu
