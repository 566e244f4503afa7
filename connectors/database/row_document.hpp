#pragma once
// A fetched row → the bytes that go into the line. Pure; no I/O.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connectors/database/statements.hpp"
#include "gateway/core/codec.hpp"
#include "gateway/core/crypto.hpp"
#include "gateway/core/error.hpp"
#include "gateway/core/ids.hpp"

namespace tongqu::database {

using SqlRow = std::vector<std::optional<std::string>>;  // as text; empty = NULL

struct RowRules {
  ServiceId service;                          // empty = by the service column
  std::map<std::string, ServiceId> services;  // value of the service column → service
  std::string content_type;                   // of the payload; columns become application/json
  std::size_t max_bytes = 1U << 20U;
};

struct RowMessage {
  ServiceId service;
  std::string body;
  std::string content_type;
};

// `row` answers fetch_row(). Columns become {"name": "text" | number | null} in the order of the configuration. The
// digest is the hex hash of the payload in the gateway's suite, upper or lower case.
// Fails with database.row-text, .row-empty, .row-large, .row-cut, .row-digest, .row-service, .row-number.
[[nodiscard]] Result<RowMessage> row_message(const IntakeTable& table, const RowRules& rules, const SqlRow& row,
                                             const Codec& json, const Suite& suite);

// Key under which the line knows the row: the same row gives the same key in every process. Visible ASCII, at most 128
// bytes: "db:<hex>".
[[nodiscard]] std::string row_key(const IntakeTable& table, std::string_view id, const Suite& suite);

}  // namespace tongqu::database
