#pragma once
// The ReferenceStore on two SQLite files of a folder: references.db, and reference-keys.db with the wrapped data keys
// (one a record) and the key of the hashes, which is backed up apart.
//
// Order of writing: data keys, then records, then the data keys of replaced records are destroyed; their names stand in
// `dropped` until that is done, so that a crash leaves no key of content that is gone, but at most keys without
// content.
#include <filesystem>
#include <memory>
#include <mutex>

#include "gateway/core/crypto.hpp"
#include "gateway/core/reference_store.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu {

class SqlReferences final : public ReferenceStore {
 public:
  // Makes the folder (0700) and the files (0600). Fails with gateway.unavailable, store.newer, store.corrupt
  // (the data keys are not those of the records), and the sealer's errors.
  // `sealer` and `suite` outlive the store. One process at a time: the caller holds the lock of the state folder.
  // `vfs`: SQLite's, by name; empty = the system's.
  [[nodiscard]] static Result<std::unique_ptr<SqlReferences>> open(const std::filesystem::path& folder,
                                                                   const Sealer& sealer, const Suite& suite,
                                                                   const std::string& vfs = {});
  ~SqlReferences() override;

  [[nodiscard]] Result<std::vector<ReferencePut>> put(const PartnerId& base, const ReferenceLimits& limits,
                                                      const std::vector<NewReference>& records) override;
  [[nodiscard]] Result<std::optional<Reference>> find(const PartnerId& base, const std::string& key) override;
  [[nodiscard]] Result<std::string> newest(const PartnerId& base) override;

 private:
  struct Present;
  struct Counts;
  struct Tables;
  struct Sessions;
  SqlReferences(const Sealer& sealer, const Suite& suite);
  [[nodiscard]] Status load_hash_key();
  [[nodiscard]] std::string hashed(const PartnerId& base, std::string_view kind, std::string_view text) const;
  [[nodiscard]] Result<ReferencePut> put_one(const PartnerId& base, const ReferenceLimits& limits,
                                             const NewReference& record, Counts& counts);
  [[nodiscard]] Result<Bytes> seal(const PartnerId& base, const NewReference& record, Bytes& wrapped) const;
  void write(const PartnerId& base, const std::string& identity, const NewReference& record, const Present& present,
             const Bytes& sealed);
  void destroy_dropped();

  const Sealer& sealer_;
  const Suite& suite_;
  Bytes hash_key_;
  std::mutex write_mutex_;
  std::mutex read_mutex_;
  std::unique_ptr<Tables> writing_;
  std::unique_ptr<Sessions> reading_;
};

}  // namespace tongqu
