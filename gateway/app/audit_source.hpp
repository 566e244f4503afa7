#pragma once
// The audit log as the command line sees it: fetched from a running gateway, or read from files.
#include <functional>
#include <iosfwd>
#include <string>

#include "gateway/app/admin_client.hpp"
#include "gateway/core/codec.hpp"

namespace tongqu::app {

// Writes the whole log as an export (docs/formats.md, section 7) up to the checkpoint that is newest at the beginning.
// `progress` (may be empty) hears entries done and the size.
[[nodiscard]] Status export_audit(const AdminAddress& address, std::ostream& out,
                                  const std::function<void(std::uint64_t, std::uint64_t)>& progress);

struct Verdict {
  bool sound = false;
  std::string en;
  std::string zh;
};
// Decides by content whether `path` is an export, a receipt or an evidence file, and verifies it with the key alone.
[[nodiscard]] Result<Verdict> verify_file(const std::string& path, const std::string& verifier_key, const Codec& json);

}  // namespace tongqu::app
