#pragma once
// The line's steps up to the canonical record, for commands that only look: nothing is stored, nothing is sent.
#include <map>
#include <mutex>

#include "gateway/app/config_compile.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/pipeline/exchange.hpp"

namespace tongqu::app {

// Fills `exchange` as if `partner` had sent `bytes` now. Fails with what would turn the message back. `config` and
// `suite` outlive the exchange. Thread-safe.
[[nodiscard]] Status rehearse(Exchange& exchange, const CompiledConfig& config, const PartnerId& partner,
                              const ServiceId& service, std::string bytes, const Suite& suite);

// What would have become of the messages that were handed in. No values: codes, paths of fields, counts.
struct RehearsalCounts {
  std::map<std::string, std::uint64_t> held;  // queue → messages that would wait for a person there
  struct Finding {
    std::uint64_t messages = 0;
    std::string field_zh;
    Grade grade = Grade::kWarning;
    const ErrorCode* code = nullptr;
  };
  std::map<std::pair<std::string, std::string>, Finding> findings;  // by code and path; kept or held, not turned back
};

// A line that stores nothing: the answer is what the real one would answer, with an id that nothing has. Thread-safe.
class RehearsalIntake final : public Intake {
 public:
  // Both outlive this.
  RehearsalIntake(const CompiledConfig& config, const Suite& suite) : config_(config), suite_(suite) {}
  void accept(InboundMessage message, Done done) override;
  void turned_back(const std::string&, const std::string&, const Error&) override {}
  [[nodiscard]] RehearsalCounts counts() const;

 private:
  void note(const Exchange& exchange);

  const CompiledConfig& config_;
  const Suite& suite_;
  mutable std::mutex mutex_;
  RehearsalCounts counts_;
};

}  // namespace tongqu::app
