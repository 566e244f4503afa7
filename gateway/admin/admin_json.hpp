#pragma once
// Rows of the store as JSON documents.
#include "gateway/core/document.hpp"
#include "gateway/core/store.hpp"

namespace tongqu {

void put_exchange(Document& out, Node& list, const ExchangeRow& row);
void put_message(Document& out, Node& list, const OutboxRow& row);
void put_task(Document& out, Node& list, const TaskRow& row);
// Absolute milliseconds as Beijing time; 0 becomes an empty text.
void put_time(Document& out, Node& object, std::string_view name, std::int64_t ms);

}  // namespace tongqu
