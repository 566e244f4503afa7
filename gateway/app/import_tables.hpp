#pragma once
// tongqu import check for a partner with a front database: the rows that wait to be read go through the line's steps,
// without being claimed and without anything being stored.
#include <string>

#include "gateway/app/commands.hpp"
#include "gateway/app/config_open.hpp"

namespace tongqu::app {

// `opened` passed, and `partner` comes in by connector database. Prints one block a table, and the exit status:
// kFoundWrong when a row would be refused, or when the database cannot be read.
[[nodiscard]] int check_import_tables(const OpenedConfig& opened, const std::string& directory,
                                      const std::string& secrets, const PartnerId& partner, const Command& command);

}  // namespace tongqu::app
