#include "gateway/admin/append_now.hpp"

#include <future>
#include <memory>

namespace tongqu {

Status append_now(Store& store, AuditDraft entry) {
  auto answer = std::make_shared<std::promise<Status>>();  // second owner: the store's writer
  auto done = answer->get_future();
  store.append(std::move(entry), [answer](Status status) { answer->set_value(std::move(status)); });
  return done.get();
}

}  // namespace tongqu
