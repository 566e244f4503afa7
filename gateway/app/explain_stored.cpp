#include "gateway/app/explain_stored.hpp"

#include "gateway/app/explain.hpp"

namespace tongqu::app {

// The tables in force then are chosen by the day it came in.
Result<std::shared_ptr<const CompiledConfig>> StoredExplainer::then(const ExchangeRow& row) const {
  if (row.config == now->snapshot.id) return now;
  auto image = kept.open_copy(row.config, directory);
  if (image.has_error()) return image.error();
  ConfigSource::Loaded loaded = source.load(std::move(*image));
  if (!loaded.snapshot) return to_error(loaded.faults);
  CompileReport report = compile_config(*loaded.snapshot, json, beijing_date({row.received_ms}));
  if (report.config == nullptr) return to_error(report.faults);
  return report.config;
}

Result<Document> StoredExplainer::explain(const ExchangeId& exchange, ExplainUnder under, Lang lang,
                                          const std::string& clearance) const {
  const auto reader = now->plan->clearances.find(clearance);
  if (!clearance.empty() && reader == now->plan->clearances.end()) return make_error(codes::kNotFound);
  auto row = store.exchange(exchange);
  if (row.has_error()) return row.error();
  auto original = rework.original(exchange);
  if (original.has_error()) return original.error();
  std::shared_ptr<const CompiledConfig> config = now;
  if (under == ExplainUnder::kThen) {
    auto found = then(*row);
    if (found.has_error()) return found.error();
    config = std::move(*found);
  }
  auto explained = app::explain(*config, row->partner, row->service, std::move(*original), lang,
                                clearance.empty() ? nullptr : reader->second.get());
  if (explained.has_error()) return explained.error();
  Document out;
  out.set_root(out.make(Kind::kObject));
  out.add_text(out.root(), "exchange", exchange.str());
  out.add_text(out.root(), "config", config->snapshot.id.str());
  out.add_text(out.root(), "under", under == ExplainUnder::kThen ? "then" : "now");
  for (const Node& member : children(explained->root())) {
    if (member.name != "recipients") {
      out.append(out.root(), out.clone(member), member.name);
      continue;
    }
    Node* recipients = out.add_list(out.root(), member.name);
    for (const Node& recipient : children(member)) {
      Node* shown = out.add_object(*recipients);
      for (const Node& part : children(recipient)) {
        if (part.name != "body") out.append(*shown, out.clone(part), part.name);
      }
    }
  }
  return out;
}

}  // namespace tongqu::app
