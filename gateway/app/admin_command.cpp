#include "gateway/app/admin_command.hpp"

#include <iostream>

#include "transforms/codecs/json_codec.hpp"

namespace tongqu::app {

CLI::App* add_admin_command(CLI::App& parent, const std::string& name, const std::string& help, AdminAddress& address,
                            Command& command) {
  auto* sub = parent.add_subcommand(name, help);
  sub->add_option("--admin", address.url, "管理接口地址 / address of the admin interface")->envname("TONGQU_ADMIN");
  sub->add_option("--token-file", address.token_file, "令牌文件 / file with the token")
      ->envname("TONGQU_ADMIN_TOKEN_FILE");
  sub->add_option("--format", command.format, "text|json")->check(CLI::IsMember({"text", "json"}));
  return sub;
}

std::string escaped(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    if (plain) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kHex[byte >> 4U]);
      out.push_back(kHex[byte & 15U]);
    }
  }
  return out;
}

int problem(const std::string& body, const Command& command) {
  const JsonCodec json;
  Document document;
  if (command.format == "json" || json.decode(body, DecodeLimits{}, document).has_error()) {
    std::cerr << body << '\n';
    return kFoundWrong;
  }
  const auto text = [](const Node& node, std::string_view name) {
    const Node* member = node.find(name);
    return member == nullptr ? std::string() : std::string(member->text);
  };
  std::cerr << "tongqu: " << text(document.root(), "detail") << " [" << text(document.root(), "code") << "]\n";
  if (const Node* said = document.root().find("report")) {
    std::cerr << said->text;
    return kFoundWrong;
  }
  if (const Node* faults = document.root().find("faults")) {
    for (const Node& fault : children(*faults)) {
      std::cerr << "  " << text(fault, "grade") << ' ' << text(fault, "path") << ' ' << text(fault, "field") << ": "
                << text(fault, "message") << " [" << text(fault, "code") << "]\n";
    }
  }
  return kFoundWrong;
}

std::string acting_person(const std::string& given) {
  if (!given.empty()) return given;
  const char* user = std::getenv("USER");
  return user != nullptr ? user : "command-line";
}

}  // namespace tongqu::app
