#pragma once
// What of a record identifies it, dates it and finds it, as the configuration says. No I/O.
//
// A path is dotted ("patent.publication_no"); "[*]" stands for every element of a list, once in a path. A value counts
// when it is a text that is not empty, or a number.
#include <string>
#include <vector>

#include "gateway/core/codec.hpp"
#include "gateway/core/connector.hpp"
#include "gateway/core/document.hpp"
#include "gateway/core/reference_store.hpp"

namespace tongqu::registry {

// Combinations of values of one record's key rules; more is no record.
inline constexpr std::size_t kMaxKeys = 1000;

// One way to find a record: the values of `record`, all of them there, are those of `question`, in their order.
struct KeyRule {
  std::vector<std::string> record;
  std::vector<std::string> question;
};

struct RecordRules {
  std::vector<std::string> identity;  // at least one has to be there; the others count as empty
  std::vector<std::string> order;     // the first that is there; none = the message's own time decides
  std::string as_of;                  // may be empty
  std::vector<KeyRule> keys;
};

// Fails with registry.record, naming what is missing.
[[nodiscard]] Result<NewReference> read_record(const OutboundMessage& message, const RecordRules& rules,
                                               const Codec& json);
// The key of the first rule of which the question has all fields; registry.question.
[[nodiscard]] Result<std::string> read_question(const OutboundMessage& question, const RecordRules& rules,
                                                const Codec& json);
// {"found": true, "as_of": …, "record": …}; `found` null: {"found": false, "as_of": …}. A member that is empty is left
// out.
[[nodiscard]] std::string write_answer(const Reference* found, const std::string& as_of);

}  // namespace tongqu::registry
