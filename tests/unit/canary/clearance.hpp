#pragma once
// Who may see what in clear, read from the policy files line by line and from the ways that the certificate lists;
// nothing that builds views is asked.
#include <map>
#include <string>
#include <vector>

#include "gateway/app/config_compile.hpp"

namespace tongqu::canary_test {

class Clearance {
 public:
  Clearance() = default;  // nobody may see anything
  explicit Clearance(const CompiledConfig& config);
  // The treatment of a field with `label` at `path` ("items[].who"). `route` empty: an answer. "drop" for a way that
  // does not exist.
  [[nodiscard]] std::string treatment(const std::string& recipient, const std::string& service,
                                      const std::string& route, const Label& label, const std::string& path) const;

 private:
  struct Rule {
    std::string kind, subject, path, treatment;
  };
  std::map<std::string, std::vector<Rule>> policies_;
  std::map<std::string, std::string> ways_;  // recipient|service|route → policy
};

}  // namespace tongqu::canary_test
