// Attachments put together: store, content types, scanner, interface.
#include <spdlog/spdlog.h>

#include "connectors/scan/clamd_scanner.hpp"
#include "connectors/scan/icap_scanner.hpp"
#include "gateway/app/runtime_parts.hpp"
#include "security/crypto/suites.hpp"
#include "transforms/content/magic_typer.hpp"
#include "transforms/content/strip_process.hpp"

namespace tongqu::app {
namespace {

// Disk and digests of several uploads at a time; more threads would only wait for the same disk.
constexpr std::size_t kWorkers = 2;

std::string digest_text(const Attachment& attachment) {
  return (attachment.hash == SuiteId::kGm ? "sm3:" : "sha-256:") + to_hex(as_text(attachment.digest));
}

}  // namespace

std::optional<AttachmentGrant> Runtime::Parts::attachment_grant(const PartnerId& partner) const {
  const auto active = config->get();
  const Setting* found = active->snapshot.settings.find("partner", partner.str());
  if (found == nullptr || !found->has("attachments")) return std::nullopt;
  const Setting& setting = found->object("attachments");
  AttachmentGrant grant;
  grant.limits.max_bytes = static_cast<std::uint64_t>(setting.size_bytes("max_bytes"));
  grant.limits.max_open_bytes = static_cast<std::uint64_t>(setting.size_bytes("max_open_bytes"));
  grant.limits.max_open_count = static_cast<std::size_t>(setting.integer("max_open"));
  grant.types = attachment_types(setting);
  grant.fetch = fetches->grant(partner);
  return grant;
}

bool Runtime::Parts::open_attachments(Failure& failure) {
  const auto current = config->get();
  const Setting& gateway = current->snapshot.settings.single("gateway");
  const auto refuse = [&failure](const Error& error) {
    failure.error = error;
    return false;
  };
  auto gm = make_suite(SuiteId::kGm);
  if (gm.has_error()) return refuse(gm.error());
  auto intl = make_suite(SuiteId::kIntl);
  if (intl.has_error()) return refuse(intl.error());
  auto typer = make_magic_typer();
  if (typer.has_error()) return refuse(typer.error());
  hash_gm = std::move(*gm);
  hash_intl = std::move(*intl);
  content_typer = std::move(*typer);
  AttachmentOptions folder;
  folder.folder = state / "attachments";
  folder.max_age_ms = gateway.object("attachments").duration_ms("max_age");
  folder.reserve_free_bytes = static_cast<std::uint64_t>(gateway.object("store").size_bytes("reserve_free_bytes"));
  auto opened = FileAttachments::open(
      std::move(folder), AttachmentTools{*sealer, *hash_gm, *hash_intl, suite->id(), *content_typer, clock});
  if (opened.has_error()) return refuse(opened.error());
  attachments = std::move(*opened);
  refused_fetches = std::make_unique<RefusedFetches>(*attachments, *store, clock);
  fetches = std::make_unique<FetchSet>(*attachments, clock, [this](const AttachmentId& id, const ErrorCode& code) {
    refused_fetches->refused(id, code.id);
  });
  auto setups = FetchSet::make(*current, {options.secrets, state, clock, json, *suite, *outbound});
  if (setups.has_error()) return refuse(setups.error());
  fetches->judge_by(std::move(*setups));
  attachment_admin = std::make_unique<AttachmentAdmin>(*attachments, *attachments, *attachments, *store, *suite, clock);
  return true;
}

bool Runtime::Parts::open_derive_loop(bool without_scan, Failure& failure) {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  StripOptions strip;
  strip.program = self.parent_path() / "tongqu-strip";
  strip.folder = state / "attachments";
  auto stripper = make_strip_process(std::move(strip));
  if (stripper.has_error()) {
    failure.error = stripper.error();
    return false;
  }
  const auto note = [this](const Attachment& original, const Attachment* copy, std::string_view code) {
    AuditEntryBuilder entry(copy != nullptr ? "attachment-derived" : "attachment-not-derived", clock.now());
    entry.text("attachment", original.id.str()).text("partner", original.owner.str());
    entry.text("type", original.type).text("digest", digest_text(original));
    if (copy != nullptr) entry.text("copy", copy->id.str()).text("copy_digest", digest_text(*copy));
    if (copy == nullptr) {
      entry.text("code", code);
      spdlog::warn("attachment {}: no copy without metadata: {}", original.id.str(), code);
    }
    return append_entry(entry.finish());
  };
  derive_loop = std::make_unique<DeriveLoop>(DeriveTools{*attachments, *attachments, *suite}, std::move(*stripper),
                                             DeriveOptions{.without_scan = without_scan}, note, [](const Error* error) {
                                               if (error == nullptr)
                                                 return spdlog::warn("copies of attachments are made again");
                                               spdlog::error("copies of attachments cannot be made now: {}",
                                                             error->text(Lang::kEnglish));
                                             });
  return true;
}

bool Runtime::Parts::open_attachment_api(Failure& failure) {
  const auto current = config->get();
  const Setting& setting = current->snapshot.settings.single("gateway").object("attachments");
  attachment_pool = std::make_unique<net::IoPool>(kWorkers, "attachments");
  AttachmentApiOptions api;
  api.scanned_only = setting.has("scan");
  if (api.scanned_only) {
    const Setting& scan = setting.object("scan");
    auto scanner = scan.has("icap") ? scan::make_icap_scanner({scan.text("icap"), scan.duration_ms("timeout")})
                                    : scan::make_clamd_scanner({scan.text("clamd"), scan.duration_ms("timeout")});
    if (scanner.has_error()) {
      failure.error = scanner.error();
      return false;
    }
    scan_loop = std::make_unique<ScanLoop>(*attachments, std::move(*scanner), [](const Error* error) {
      if (error == nullptr) return spdlog::warn("attachments are scanned again");
      spdlog::error("attachments wait for a verdict: {}", error->text(Lang::kEnglish));
    });
  } else {
    spdlog::warn("attachments are not scanned: no scanner is configured (attachments.scan)");
  }
  api.grant = [this](const PartnerId& partner) { return attachment_grant(partner); };
  api.form_for = [this](const PartnerId& partner, const Attachment& attachment) -> Result<AttachmentForm> {
    const auto forms = store->attachment_forms(partner, attachment.id.str());
    if (forms.has_error()) return forms.error();
    if (forms->empty()) return make_error(codes::kNotFound, "attachment");
    // Messages of different times may name it in different forms: what was given once is known.
    AttachmentForm best = AttachmentForm::kWithheld;
    const bool unknown = attachment.state == AttachmentState::kWanted && attachment.type.empty();
    for (const std::string& one : *forms) best = std::max(best, unknown ? most_of(one) : form_of(one, attachment.type));
    return best;
  };
  api.note_read = [this](const Identity& identity, const Attachment& given, AttachmentForm form) {
    AuditEntryBuilder entry("attachment-read", clock.now());
    entry.text("attachment", given.id.str()).text("partner", identity.partner.str()).text("form", name_of(form));
    return append_entry(entry.text("digest", digest_text(given)).text("method", identity.method).finish());
  };
  if (!open_derive_loop(!api.scanned_only, failure)) return false;
  attachment_api = std::make_unique<AttachmentApi>(
      std::move(api), AttachmentApiTools{*attachments, *attachments, json, *hash_gm, *hash_intl, *attachment_pool},
      [this] { return directory->get(); }, *line);
  fetches->start();
  return true;
}

}  // namespace tongqu::app
