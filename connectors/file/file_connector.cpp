#include "connectors/file/file_connector.hpp"

#include <algorithm>

#include "connectors/file/file_codes.hpp"
#include "connectors/file/file_inbound.hpp"
#include "connectors/file/file_outbound.hpp"
#include "connectors/file/file_specs.hpp"
#include "connectors/file/sftp_files.hpp"
#include "connectors/support/local_files.hpp"

namespace tongqu {
namespace {

using namespace file;  // NOLINT(google-build-using-namespace)

template <class Number>
Number number_of(const Setting& setting, std::string_view name) {
  return static_cast<Number>(setting.integer(name));
}

std::uint64_t bytes_of(const Setting& setting, std::string_view name) {
  return static_cast<std::uint64_t>(setting.size_bytes(name));
}

Error conflict(const Setting& setting, const char* names) {
  return error_at(setting, make_error(codes::kFileSetting, names));
}

Result<std::unique_ptr<FileSystem>> open_local(const Setting& setting) {
  const std::filesystem::path folder = setting.text("folder");
  if (!folder.is_absolute()) return conflict(setting, "folder");
  return make_local_files(folder, true);
}

}  // namespace

Result<std::unique_ptr<FileSystem>> open_sftp(const Setting& setting, const ConnectorContext& context) {
  SftpOptions options;
  options.host = setting.text("host");
  options.port = number_of<std::uint16_t>(setting, "port");
  options.user = setting.text("user");
  options.root = setting.text("folder");
  options.timeout_ms = setting.duration_ms("call_timeout");
  if (setting.text("host_key_type") != "any") options.host_key_type = setting.text("host_key_type");
  auto key = context.secret(setting.secret("key"));
  if (key.has_error()) return error_at(setting, key.error());
  auto fingerprint = context.secret(setting.secret("host_key"));
  if (fingerprint.has_error()) return error_at(setting, fingerprint.error());
  options.private_key = std::move(*key);
  options.fingerprint = std::move(*fingerprint);
  if (!options.fingerprint.starts_with("SHA256:")) return conflict(setting, "host_key");
  auto files = make_sftp_files(std::move(options));
  if (files.has_error()) return error_at(setting, files.error());
  return files;
}

namespace {

Result<std::unique_ptr<FileSystem>> open_files(const Setting& setting, const ConnectorContext& context) {
  return setting.text("connector") == "sftp" ? open_sftp(setting, context) : open_local(setting);
}

// Folders below the partner's own: a name, never a way out of it.
bool inside(const std::string& folder) { return folder.empty() || is_safe_path(folder); }

CsvForm csv_form(const Setting& setting) {
  CsvForm form;
  form.charset = setting.text("charset") == "gb18030" ? Charset::kGb18030 : Charset::kUtf8;
  form.separator = setting.text("separator").front();
  return form;
}

std::vector<MemberRule> member_rules(const Setting& inbound, const ImportOptions& whole) {
  std::vector<MemberRule> rules;
  for (const Setting& entry : inbound.list("members")) {
    MemberRule rule;
    rule.pattern = entry.text("pattern");
    rule.service = entry.has("service") ? ServiceId(entry.text("service")) : whole.service;
    rule.content_type = entry.has("content_type") ? entry.text("content_type") : whole.content_type;
    rule.ignore = entry.boolean("ignore");
    rules.push_back(std::move(rule));
  }
  return rules;
}

ImportOptions import_options(const Setting& inbound, const PartnerId& partner) {
  ImportOptions options;
  options.partner = partner;
  options.service = ServiceId(inbound.list("services").front().text("service"));
  options.protocol = inbound.text("connector");
  options.content = inbound.text("content") == "rows" ? Content::kRows : Content::kMessage;
  if (options.content == Content::kMessage) options.content_type = inbound.text("content_type");
  options.csv = csv_form(inbound);
  options.csv.max_record_bytes = bytes_of(inbound, "max_row_bytes");
  options.zip = inbound.boolean("zip");
  options.zip_pattern = inbound.text("zip_pattern");
  options.dated_by = inbound.text("dated_by") == "name" ? DatedBy::kName : DatedBy::kModified;
  options.members = member_rules(inbound, options);
  const std::string& manifest = inbound.text("manifest");
  options.manifest = manifest == "none"      ? ManifestUse::kNone
                     : manifest == "sidecar" ? ManifestUse::kSidecar
                                             : ManifestUse::kInside;
  const std::string& afterwards = inbound.text("afterwards");
  options.afterwards = afterwards == "archive"  ? Afterwards::kArchive
                       : afterwards == "delete" ? Afterwards::kDelete
                                                : Afterwards::kKeep;
  options.inbox = inbound.text("inbox");
  options.archive = inbound.text("archive");
  options.quarantine = inbound.text("quarantine");
  options.reports = inbound.text("reports");
  options.parallel = number_of<std::size_t>(inbound, "parallel_rows");
  options.checkpoint_rows = number_of<std::uint64_t>(inbound, "checkpoint_rows");
  options.max_file_bytes = bytes_of(inbound, "max_file_bytes");
  options.max_rows = number_of<std::uint64_t>(inbound, "max_rows");
  options.max_error_lines = number_of<std::uint64_t>(inbound, "max_error_lines");
  options.max_message_bytes = bytes_of(inbound, "max_message_bytes");
  options.unpack = {number_of<std::size_t>(inbound, "max_entries"), bytes_of(inbound, "max_unpacked_bytes"),
                    number_of<std::uint64_t>(inbound, "max_ratio")};
  return options;
}

Status check_inbound(const Setting& inbound, const ImportOptions& options) {
  // Files do not say which service they are for; their names may.
  const auto services = inbound.list("services");
  if (services.size() != 1 && options.members.empty()) return conflict(inbound, "services, members");
  if (options.content == Content::kRows && !options.members.empty()) return conflict(inbound, "content, members");
  for (const MemberRule& rule : options.members) {
    if (std::none_of(services.begin(), services.end(),
                     [&](const Setting& one) { return one.text("service") == rule.service.str(); }))
      return conflict(inbound, "services, members");
  }
  if (options.zip ? options.manifest == ManifestUse::kSidecar : options.manifest == ManifestUse::kInside)
    return conflict(inbound, "zip, manifest");
  for (const std::string& folder : {options.inbox, options.archive, options.quarantine, options.reports}) {
    if (!inside(folder)) return conflict(inbound, "inbox, archive, quarantine, reports");
  }
  for (const std::string& folder : {options.archive, options.quarantine, options.reports}) {
    if (folder == options.inbox) return conflict(inbound, "inbox, archive, quarantine, reports");
  }
  return {};
}

Result<std::shared_ptr<InboundConnector>> make_inbound(const Setting& inbound, const ConnectorContext& context,
                                                       Intake& intake) {
  InboundOptions options;
  options.import = import_options(inbound, context.partner);
  if (auto status = check_inbound(inbound, options.import); status.has_error()) return status.error();
  const std::string& ready = inbound.text("ready");
  options.arrival.ready = ready == "stable" ? Ready::kStable : ready == "marker" ? Ready::kMarker : Ready::kRenamed;
  options.arrival.pattern = inbound.text("pattern");
  options.arrival.marker = inbound.text("marker");
  options.arrival.sidecar = options.import.manifest == ManifestUse::kSidecar;
  options.poll_ms = inbound.duration_ms("poll");
  options.max_listing = number_of<std::size_t>(inbound, "max_listing");
  options.window = inbound.window("window");
  options.state = context.state / "in";
  auto files = open_files(inbound, context);
  if (files.has_error()) return files.error();
  // Shared: the set of connectors and readers of its health (InboundSet).
  return std::shared_ptr<InboundConnector>(
      std::make_shared<FileInbound>(std::move(options), std::move(*files), context.suite, context.clock, intake));
}

Status check_outbound(const Setting& outbound, const OutboundOptions& options) {
  if (options.hand_over.zip && options.hand_over.sidecar) return conflict(outbound, "zip, manifest");
  if (!inside(options.hand_over.folder) || !inside(options.ack_folder)) return conflict(outbound, "outbox, ack_folder");
  const std::int64_t timeout_ms = outbound.duration_ms("timeout");
  if (options.batch && options.collect.max_age_ms >= timeout_ms) return conflict(outbound, "max_age, timeout");
  if (outbound.text("connector") == "sftp" && outbound.duration_ms("call_timeout") >= timeout_ms)
    return conflict(outbound, "call_timeout, timeout");
  if (options.index_age_ms <= outbound.object("retry").duration_ms("deadline"))
    return conflict(outbound, "index_age, retry.deadline");
  return {};
}

Result<std::shared_ptr<OutboundConnector>> make_outbound(const Setting& outbound, const ConnectorContext& context) {
  OutboundOptions options;
  options.hand_over.folder = outbound.text("outbox");
  options.hand_over.zip = outbound.boolean("zip");
  options.hand_over.sidecar = outbound.boolean("manifest");
  options.hand_over.marker_suffix = outbound.text("marker");
  options.batch = outbound.text("mode") == "batch";
  options.prefix = outbound.text("prefix");
  options.csv = csv_form(outbound);
  options.id_column = outbound.text("id_column");
  // The lane never has more messages here: waiting for a fuller file would be waiting in vain.
  options.collect.max_rows = number_of<std::size_t>(
      outbound, outbound.integer("max_rows") < outbound.integer("max_connections") ? "max_rows" : "max_connections");
  options.collect.max_bytes = bytes_of(outbound, "max_bytes");
  options.collect.max_age_ms = outbound.duration_ms("max_age");
  options.ack_folder = outbound.text("ack_folder");
  options.ack_suffix = outbound.text("ack_suffix");
  options.poll_ms = outbound.duration_ms("poll");
  options.index_age_ms = outbound.duration_ms("index_age");
  options.index_messages = number_of<std::size_t>(outbound, "index_messages");
  options.state = context.state / "out";
  if (auto status = check_outbound(outbound, options); status.has_error()) return status.error();
  auto files = open_files(outbound, context);
  if (files.has_error()) return files.error();
  // Shared: the lane and the attempts in flight (see LaneOptions).
  return std::shared_ptr<OutboundConnector>(
      std::make_shared<FileOutbound>(std::move(options), std::move(*files), context.suite, context.clock));
}

}  // namespace

std::optional<file::ImportOptions> file_import_options(const Setting& inbound, const PartnerId& partner) {
  if (!inbound.present()) return std::nullopt;
  const std::string& connector = inbound.text("connector");
  if (connector != "file" && connector != "sftp") return std::nullopt;
  return import_options(inbound, partner);
}

constinit const ConnectorType kFileConnector{.name = "file",
                                             .outbound_spec = &kFileConnectorSpec,
                                             .make_outbound = make_outbound,
                                             .inbound_spec = &kFileIntakeSpec,
                                             .make_inbound = make_inbound};
constinit const ConnectorType kSftpConnector{.name = "sftp",
                                             .outbound_spec = &kSftpConnectorSpec,
                                             .make_outbound = make_outbound,
                                             .inbound_spec = &kSftpIntakeSpec,
                                             .make_inbound = make_inbound};

}  // namespace tongqu
