#pragma once
// What the commands that work with a running gateway have in common.
#include "gateway/app/admin_client.hpp"
#include "gateway/app/commands.hpp"

namespace tongqu::app {

// Adds a subcommand with --admin, --token-file and --format. `address` lives as long as the parse.
CLI::App* add_admin_command(CLI::App& parent, const std::string& name, const std::string& help, AdminAddress& address,
                            Command& command);
// Percent-encoded for a path or a query.
[[nodiscard]] std::string escaped(std::string_view text);
// Prints a problem answer as an error for people; gives kFoundWrong.
int problem(const std::string& body, const Command& command);
// Who acts: `given`, else the login name.
[[nodiscard]] std::string acting_person(const std::string& given);

}  // namespace tongqu::app
