#pragma once
// Between SQLite's exceptions and the results of the rooms outside.
#include <string>
#include <string_view>

#include "gateway/core/error.hpp"
#include "gateway/store/sqlite.hpp"

namespace tongqu::sql {

// Runs what may throw SqlError and gives its result; gateway.unavailable with the name of the table instead.
template <class F>
auto guarded(std::string_view table, F&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const SqlError&) {
    return make_error(codes::kUnavailable, std::string(table));
  }
}

}  // namespace tongqu::sql
