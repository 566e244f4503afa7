#pragma once
// What the sending side knows: which message is in which bundle, what the other side answered, what has to go (again).
// No I/O: the caller writes each change to disk before it makes it here. Not thread-safe.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "connectors/link/bundle.hpp"

namespace tongqu::link {

struct SendRules {
  std::int64_t resend_ms = 0;  // an unanswered bundle goes again after this; 0 = only when it is asked for
  std::size_t max_open_messages = 10'000;
  std::size_t max_open_bundles = 1'000;  // fewer than the other side remembers answers
  std::size_t max_answered_bundles = 4'096;
  std::size_t max_answered_messages = 100'000;
};

class SendBook {
 public:
  explicit SendBook(SendRules rules) : rules_(rules) {}

  [[nodiscard]] std::uint64_t next_number() const { return last_ + 1; }
  [[nodiscard]] const std::string& last_digest() const { return last_digest_; }  // empty before the first
  // Bundles without answer; room() = false while no further one may be made.
  [[nodiscard]] bool room() const;
  [[nodiscard]] std::size_t open_messages() const { return open_messages_; }
  [[nodiscard]] std::vector<std::uint64_t> open_bundles() const;
  [[nodiscard]] bool open(const std::string& message_id) const { return in_open_.contains(message_id); }
  // Null when it was not answered, or too long ago.
  [[nodiscard]] const Answer* answer(const std::string& message_id) const;
  [[nodiscard]] bool answered_bundle(std::uint64_t number) const { return done_.contains(number); }
  // The bundle that holds the answer; 0 = none.
  [[nodiscard]] std::uint64_t answered_in(const std::string& message_id) const;

  // A bundle is on disk; also at the start, in rising order together with answered().
  void made(std::uint64_t number, const std::string& digest, const std::vector<std::string>& messages);
  // Its answers are on disk.
  void answered(const BundleAnswer& answer);
  // The lane was told that the message is refused: when it comes again, a person wants it to go again.
  void forget(const std::string& message_id);
  // Bundles whose answers need not be kept any longer; they are forgotten here. Never the last one.
  [[nodiscard]] std::vector<std::uint64_t> prune();

  // Looks at what came from the other side. link.acknowledgement when it does not fit what was sent; nothing of it
  // counts then. Gives the answers that are new.
  [[nodiscard]] Result<std::vector<BundleAnswer>> judge(const Answers& answers) const;
  // Notes what the other side misses; `lists` = it is a reconciliation list: everything handed over before it was made
  // and above what it has seen is missing as well.
  void asked(const Answers& answers, bool lists);

  // Bundles that have to be put into the folder now.
  [[nodiscard]] std::vector<std::uint64_t> to_drop(std::int64_t steady_ms) const;
  void dropped(std::uint64_t number, std::int64_t steady_ms, Instant at);

 private:
  struct Open {
    std::string digest;
    std::vector<std::string> messages;
    bool wanted = true;
    std::int64_t dropped_steady_ms = 0;
    Instant dropped_at;
  };
  struct Done {
    std::string digest;
    std::vector<std::string> messages;
  };
  void note_last(std::uint64_t number, const std::string& digest);

  SendRules rules_;
  std::uint64_t last_ = 0;
  std::string last_digest_;
  std::map<std::uint64_t, Open> open_;
  std::unordered_map<std::string, std::uint64_t> in_open_;
  std::size_t open_messages_ = 0;
  std::map<std::uint64_t, Done> done_;
  struct Kept {
    Answer answer;
    std::uint64_t number = 0;
  };
  std::unordered_map<std::string, Kept> answers_;
};

}  // namespace tongqu::link
