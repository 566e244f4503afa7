// What the admin interface says of directories: publishing them, and taking up what was received.
#include "gateway/app/runtime_parts.hpp"

namespace tongqu::app {
namespace {

void put(Document& out, Node& list, const PublishedDirectory& one) {
  Node& o = *out.add_object(list);
  out.add_text(o, "to", one.to);
  out.add_text(o, "service", one.service);
  out.add_text(o, "table", one.table);
  out.add_text(o, "version", one.version);
  out.add_text(o, "digest", one.digest);
  out.add_text(o, "outcome", one.outcome);
  out.add_text(o, "form", one.form);
  out.add_number(o, "number", one.number);
  out.add_text(o, "exchange", one.exchange.str());
  out.add_text(o, "code", one.code == nullptr ? std::string_view() : one.code->id);
}

}  // namespace

void Runtime::Parts::make_directories() {
  const auto active = [this] { return config->get(); };
  publisher = std::make_unique<Publisher>(Publisher::Parts{active, *store, *line, *suite, clock, state / "directory"});
  take_up =
      std::make_unique<TakeUp>(TakeUp::Parts{active, *store, *rework, [this](std::string_view name) -> const Suite* {
                                               for (const Suite* one : {hash_gm.get(), hash_intl.get()}) {
                                                 if (one->hash_name() == name) return one;
                                               }
                                               return nullptr;
                                             }});
}

void Runtime::Parts::add_directory_hooks(AdminHooks& hooks) {
  hooks.publish_directories = [this](bool whole, const ActBy& by) -> Result<Document> {
    AuditEntryBuilder entry("directories-published", clock.now());
    entry.text("actor", by.actor).text("reason", to_hex(as_text(suite->hash({entry.salt(), by.reason}))));
    if (auto status = append_entry(entry.finish()); status.has_error()) return status.error();
    auto published = publisher->publish(whole);
    if (published.has_error()) return published.error();
    Document out;
    out.set_root(out.make(Kind::kObject));
    Node* list = out.add_list(out.root(), "directories");
    for (const PublishedDirectory& one : *published) put(out, *list, one);
    return out;
  };
  hooks.show_directory = [this](std::int64_t task, const std::string& as) { return take_up->show(task, as); };
  hooks.take_up_directory = [this](std::int64_t task, const std::string& as, const ActBy& by,
                                   const Rework::Done& done) { take_up->finish(task, as, by, done); };
}

}  // namespace tongqu::app
