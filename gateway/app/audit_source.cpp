#include "gateway/app/audit_source.hpp"

#include <charconv>
#include <fstream>
#include <iostream>
#include <sstream>

#include "gateway/app/commands.hpp"
#include "security/audit/export.hpp"
#include "security/audit/receipt_check.hpp"

namespace tongqu::app {
namespace {

constexpr std::size_t kPageEntries = 1000;

const ErrorCode kAdminAnswer{"admin.answer", ErrorKind::kUnavailable, "The gateway answered with status {}.",
                             "网关返回状态码 {}。"};
const ErrorCode kWriteFailed{"file.write", ErrorKind::kInvalid, "The output cannot be written.", "无法写入输出文件。"};
const ErrorCode kForeignFile{"audit.file", ErrorKind::kInvalid, "The file {} is no export, receipt or evidence.",
                             "文件 {} 不是导出、回执或证据文件。"};

Result<std::string> fetch(const AdminAddress& address, const std::string& path) {
  auto answer = admin_call(address, "GET", "/admin/v1/audit/" + path, "");
  if (answer.has_error()) return answer.error();
  if (answer->status != 200) return make_error(kAdminAnswer, std::to_string(answer->status));
  return std::move(answer->body);
}

// Entries of a running gateway.
class RemoteEntries final : public EntrySource {
 public:
  RemoteEntries(const AdminAddress& address, std::uint64_t size,
                const std::function<void(std::uint64_t, std::uint64_t)>& progress)
      : address_(address), size_(size), progress_(progress) {}

  [[nodiscard]] Result<std::vector<std::string>> entries(std::uint64_t from, std::size_t limit) override {
    std::vector<std::string> lines;
    if (from >= size_) return lines;
    const std::size_t wanted = std::min({limit, kPageEntries, static_cast<std::size_t>(size_ - from)});
    auto page = fetch(address_, "entries?from=" + std::to_string(from) + "&limit=" + std::to_string(wanted));
    if (page.has_error()) return page.error();
    std::istringstream text(*page);
    for (std::string line; std::getline(text, line);) lines.push_back(std::move(line));
    if (progress_) progress_(from + lines.size(), size_);
    return lines;
  }

 private:
  const AdminAddress& address_;
  std::uint64_t size_;
  const std::function<void(std::uint64_t, std::uint64_t)>& progress_;
};

Verdict sound(const std::string& en, const std::string& zh) { return {true, en, zh}; }
Verdict unsound(const Error& error) {
  return {false, "NOT SOUND: " + error.text(Lang::kEnglish) + " [" + std::string(error.code->id) + "]",
          "验证不通过：" + error.text(Lang::kChinese) + " [" + std::string(error.code->id) + "]"};
}

Verdict verdict_of(const CheckedReceipt& receipt, const std::string& what_en, const std::string& what_zh) {
  const std::string place = std::to_string(receipt.index) + " / " + std::to_string(receipt.checkpoint.size);
  return sound(what_en + " is sound: entry " + place + " of " + receipt.checkpoint.origin + ", " + receipt.at +
                   ", exchange " + receipt.exchange,
               what_zh + "验证通过：" + receipt.checkpoint.origin + " 第 " + place + " 条，" + receipt.at +
                   "，交换编号 " + receipt.exchange);
}

Result<Verdict> verify_export_file(std::istream& in, const LogVerifier& verifier, const Codec& json) {
  StreamLines lines(in);
  const ExportVerdict verdict = verify_export(verifier, json, lines);
  return Verdict{verdict.good, verdict.text(Lang::kEnglish), verdict.text(Lang::kChinese)};
}

}  // namespace

Status export_audit(const AdminAddress& address, std::ostream& out,
                    const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  // The key comes from the gateway itself: it only tells the export's form. Whoever verifies uses a key of their own.
  auto key = fetch(address, "key");
  if (key.has_error()) return key.error();
  auto verifier = LogVerifier::create(*key);
  if (verifier.has_error()) return verifier.error();
  auto note = fetch(address, "checkpoint");
  if (note.has_error()) return note.error();
  auto checkpoint = open_checkpoint(*verifier, *note);
  if (checkpoint.has_error()) return checkpoint.error();
  RemoteEntries entries(address, checkpoint->size, progress);
  return write_export(*verifier, *note, entries, [&out](std::string_view bytes) -> Status {
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out) return make_error(kWriteFailed);
    return {};
  });
}

Result<Verdict> verify_file(const std::string& path, const std::string& verifier_key, const Codec& json) {
  auto verifier = LogVerifier::create(verifier_key);
  if (verifier.has_error()) return verifier.error();
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  if (path != "-" && !file.is_open()) return make_error(kForeignFile, path);
  std::string head(10, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  if (head.starts_with("{\"export\"")) {
    if (path != "-") {
      in.clear();
      in.seekg(0);
      return verify_export_file(in, *verifier, json);
    }
    std::stringstream whole;
    whole << head << in.rdbuf();
    return verify_export_file(whole, *verifier, json);
  }
  std::ostringstream rest;
  rest << in.rdbuf();
  std::string text = head + rest.str();
  while (text.ends_with('\n')) text.pop_back();
  if (text.find("\"evidence\":") != std::string::npos) {
    auto evidence = check_evidence(*verifier, json, text);
    return evidence.has_error() ? unsound(evidence.error()) : verdict_of(evidence->receipt, "evidence", "证据文件");
  }
  auto receipt = check_receipt(*verifier, json, text);
  if (receipt.has_error()) return unsound(receipt.error());
  if (receipt->receipt == "proof") return verdict_of(*receipt, "proof of inclusion", "包含证明");
  return verdict_of(*receipt, receipt->receipt + " receipt",
                    receipt->receipt == "delivered" ? "投递确认回执" : "接收回执（已落库）");
}

}  // namespace tongqu::app
