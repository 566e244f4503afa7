#include "connectors/database/connection_settings.hpp"

#include <algorithm>

#include "connectors/database/database_codes.hpp"

namespace tongqu::database {
namespace {

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

// key=value pairs in one driver's form.
class ConnectionText {
 public:
  using Form = std::optional<std::string> (*)(std::string_view);
  ConnectionText(Form form, char between) : form_(form), between_(between) {}
  void add(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    const auto written = form_(value);
    if (!written && fault_.empty()) fault_ = key;
    if (!text_.empty()) text_.push_back(between_);
    text_.append(key).append("=").append(written.value_or(""));
  }
  [[nodiscard]] const std::string& fault() const { return fault_; }
  [[nodiscard]] std::string& text() { return text_; }

 private:
  Form form_;
  char between_;
  std::string text_;
  std::string fault_;
};

std::string port_text(const Setting& database) {
  return database.has("port") ? std::to_string(database.integer("port")) : std::string();
}

Result<std::string> sqlite_text(const Setting& database, const ConnectorContext& context) {
  if (!database.has("file")) return make_error(codes::kDbConnection, "file");
  const std::string path = std::filesystem::absolute(context.state / database.text("file")).string();
  std::string uri = "file:";
  static constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      const auto byte = static_cast<unsigned char>(c);
      uri += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    } else {
      uri.push_back(c);
    }
  }
  // Without it a wrong path would make an empty database of our own instead of an error.
  return uri + "?mode=rw";
}

Result<std::string> postgresql_text(const Setting& database, const ConnectorContext& context,
                                    const std::string& password) {
  const Setting& tls = database.object("tls");
  const std::string& mode = tls.text("mode");
  ConnectionText text(postgresql_value, ' ');
  text.add("host", database.text("host"));
  text.add("port", port_text(database));
  text.add("dbname", database.text("name"));
  text.add("user", database.text("user"));
  text.add("password", password);
  text.add("client_encoding", "UTF8");
  text.add("application_name", "tongqu");
  text.add("sslmode", mode == "off" ? "disable" : mode == "verify" ? "verify-full" : mode);
  if (tls.has("ca")) {
    auto file = context.secret_file(tls.secret("ca"));
    if (file.has_error()) return file.error();
    text.add("sslrootcert", file->string());
  }
  if (!text.fault().empty()) return make_error(codes::kDbConnection, text.fault());
  return std::move(text.text());
}

Result<std::string> mysql_text(const Setting& database, const std::string& password) {
  ConnectionText text(mysql_value, ';');
  text.add("host", database.text("host"));
  text.add("port", database.has("port") ? port_text(database) : "3306");
  text.add("db", database.text("name"));
  text.add("user", database.text("user"));
  text.add("password", password);
  text.add("character-set", "utf8mb4");
  text.add("auto-reconnect", "false");
  if (!text.fault().empty()) return make_error(codes::kDbConnection, text.fault());
  return std::move(text.text());
}

Result<std::string> odbc_text(const Setting& database, const std::string& password) {
  if (!database.has("odbc_driver")) return make_error(codes::kDbConnection, "odbc_driver");
  ConnectionText text(odbc_value, ';');
  text.add("DRIVER", database.text("odbc_driver"));
  text.add("SERVER", database.text("host"));
  text.add("PORT", port_text(database));
  text.add("DATABASE", database.text("name"));
  text.add("UID", database.text("user"));
  text.add("PWD", password);
  for (const Setting& attribute : database.map("attributes")) {
    const std::string& key = attribute.key();
    const bool sound = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ' ';
    });
    if (!sound) return make_error(codes::kDbConnection, "attributes");
    text.add(key, attribute.text());
  }
  if (!text.fault().empty()) return make_error(codes::kDbConnection, text.fault());
  return std::move(text.text());
}

}  // namespace

std::optional<std::string> postgresql_value(std::string_view value) {
  if (has_control(value) || value.find(' ') != std::string_view::npos) return std::nullopt;
  std::string out;
  for (const char c : value) {
    if (c == '\'' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::optional<std::string> mysql_value(std::string_view value) {
  if (has_control(value) || value.find(';') != std::string_view::npos) return std::nullopt;
  if (!value.empty() && (value.front() == ' ' || value.back() == ' ')) return std::nullopt;
  return std::string(value);
}

std::optional<std::string> odbc_value(std::string_view value) {
  if (has_control(value)) return std::nullopt;
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '/' || c == '-';
  });
  if (plain) return std::string(value);
  std::string out = "{";
  for (const char c : value) {
    out.push_back(c);
    if (c == '}') out.push_back(c);
  }
  return out + "}";
}

Result<SourceOptions> source_options(const Setting& database, const ConnectorContext& context) {
  const std::string& driver = database.text("driver");
  const std::string& tls = database.object("tls").text("mode");
  if (driver != "postgresql" && tls != "off") return error_at(database, make_error(codes::kDbTls, tls));
  auto password = context.secret(database.secret("password"));
  if (password.has_error()) return error_at(database, password.error());
  SourceOptions options;
  options.connect_timeout_ms = database.duration_ms("connect_timeout");
  options.statement_timeout_ms = database.duration_ms("statement_timeout");
  options.driver = driver == "sqlite"       ? Driver::kSqlite
                   : driver == "postgresql" ? Driver::kPostgresql
                   : driver == "mysql"      ? Driver::kMysql
                                            : Driver::kOdbc;
  Result<std::string> text = options.driver == Driver::kSqlite       ? sqlite_text(database, context)
                             : options.driver == Driver::kPostgresql ? postgresql_text(database, context, *password)
                             : options.driver == Driver::kMysql      ? mysql_text(database, *password)
                                                                     : odbc_text(database, *password);
  if (text.has_error()) return error_at(database, text.error());
  options.connection = std::move(*text);
  return options;
}

Result<Dialect> dialect_of(const Setting& database) {
  const std::string& driver = database.text("driver");
  const Dialect* known = find_dialect(database.has("dialect") ? database.text("dialect") : driver);
  if (known == nullptr) return error_at(database, make_error(codes::kDbDialect, "driver " + driver));
  Dialect dialect = *known;
  dialect.numbered_placeholders = driver == "postgresql";
  // Only Poco's own MySQL driver hands columns out by type alone.
  if (driver != "mysql") {
    dialect.text_open = dialect.text_close = {};
    dialect.piece_chars = 0;
  }
  const std::string& limit = database.text("limit");
  if (!limit.empty()) {
    dialect.limit = limit == "limit"   ? LimitStyle::kLimit
                    : limit == "top"   ? LimitStyle::kTop
                    : limit == "fetch" ? LimitStyle::kFetch
                                       : LimitStyle::kRownum;
  }
  const std::string& skip = database.text("skip_locked");
  if (!skip.empty()) {
    dialect.skip_locked = skip == "no"           ? SkipLocked::kNo
                          : skip == "for_update" ? SkipLocked::kForUpdate
                                                 : SkipLocked::kReadPast;
  }
  const std::string& names = database.text("names");
  if (!names.empty()) dialect.upper_case_names = names == "upper";
  // Oracle locks no rows of a query that counts them.
  const bool counted = dialect.limit == LimitStyle::kRownum || dialect.limit == LimitStyle::kFetch;
  if (counted && dialect.skip_locked == SkipLocked::kForUpdate)
    return error_at(database, make_error(codes::kDbDialect, "skip_locked: for_update"));
  return dialect;
}

}  // namespace tongqu::database
