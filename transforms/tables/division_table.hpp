#pragma once
// Administrative divisions (GB/T 2260) with the years of their codes: config/tables/divisions.csv, made by
// scripts/make_divisions.mjs. Old records and id numbers carry the codes of their time, so retired ones stay.
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/error.hpp"
#include "transforms/identifiers/identifiers.hpp"

namespace tongqu {

struct Division {
  std::string code;        // six digits
  std::string name;        // without its province and city
  std::string valid_from;  // YYYY-MM-DD, outer bound; empty: before the first table (1980)
  std::string valid_to;    // YYYY-MM-DD, outer bound; empty: in force
  std::string successor;   // code; empty: none known
};

// Immutable, thread-safe.
class DivisionTable final : public DivisionSet {
 public:
  // Fails with kTableFile and all faults (tables_codes.hpp).
  [[nodiscard]] static Result<std::unique_ptr<DivisionTable>> parse(std::string_view text, const std::string& file);
  [[nodiscard]] static Result<std::unique_ptr<DivisionTable>> load(const std::filesystem::path& file);

  // The row in force, else the one that was last; nullptr: never existed.
  [[nodiscard]] const Division* find(std::string_view code) const;
  // The row in force on `date` (YYYY-MM-DD); the youngest where the outer bounds of two overlap.
  [[nodiscard]] const Division* find(std::string_view code, std::string_view date) const;
  // "浙江省杭州市上城区": names of province, city and county as of the county's last year; empty: unknown.
  [[nodiscard]] std::string full_name(std::string_view code) const;
  [[nodiscard]] Standing standing(std::string_view code) const override;
  [[nodiscard]] const std::vector<Division>& rows() const { return rows_; }  // by code, then valid_from
  [[nodiscard]] const std::string& version() const { return version_; }

 private:
  [[nodiscard]] std::pair<const Division*, const Division*> rows_of(std::string_view code) const;
  std::string version_;
  std::vector<Division> rows_;
};

}  // namespace tongqu
