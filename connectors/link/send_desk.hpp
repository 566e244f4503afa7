#pragma once
// The sending side on disk. Every step is one rename; a kill between any two costs nothing:
//
//   make     bundles/<n> in the state folder: from here on the bundle exists, and its number is used
//   drop     the same bytes under a temporary name in the shared folder, then under the bundle's name; again at will
//   collect  a file of answers is checked, answers/<n> written for each bundle, then bundles/<n> removed, then the file
//
// Not thread-safe. After an error load() brings the book back to what is on disk.
#include <vector>

#include "connectors/link/inspection.hpp"
#include "connectors/link/link_options.hpp"
#include "connectors/link/send_book.hpp"

namespace tongqu::link {

class SendDesk {
 public:
  // All references outlive it.
  SendDesk(LinkRules rules, SendRules book_rules, Folders folders, LinkKeys keys);

  [[nodiscard]] Status load();
  // `entries` is not empty, fits into a bundle, and holds no message that is open; room() holds.
  [[nodiscard]] Status make(std::vector<Entry> entries, Instant now);
  // Puts what is due into the shared folder.
  [[nodiscard]] Status drop(std::int64_t steady_ms, Instant now);
  // Reads what came back into the book. Files that do not fit go to quarantine, and are told in `bad`.
  [[nodiscard]] Status collect(std::int64_t steady_ms, Instant now, std::vector<Error>& bad);
  // A refusal was passed on: the next time the message comes it goes again.
  [[nodiscard]] Status forget(const std::string& message_id);
  [[nodiscard]] const SendBook& book() const { return book_; }

 private:
  [[nodiscard]] Status load_answers();
  [[nodiscard]] Status load_bundles();
  [[nodiscard]] Status collect_one(const file::FileInfo& file, FileKind kind, std::int64_t steady_ms, Instant now,
                                   std::vector<Error>& bad_files);
  [[nodiscard]] Status settle(const BundleAnswer& answer, Instant now);
  [[nodiscard]] Status prune();

  LinkRules rules_;
  SendRules book_rules_;
  Folders folders_;
  LinkKeys keys_;
  Inspection inspection_;
  SendBook book_;
};

// "answers/0000000017"
[[nodiscard]] std::string answer_path(std::uint64_t number);
// All files of answers in a state folder, in rising order; at most `limit`.
[[nodiscard]] Result<std::vector<KeptAnswer>> read_all_kept(file::FileSystem& state, std::size_t limit);
// Under a name that nobody takes for a file of the link, then renamed.
[[nodiscard]] Status put_file(file::FileSystem& folder, const std::string& name, std::string_view bytes);

}  // namespace tongqu::link
