#include "gateway/app/certificate.hpp"

#include <cstdlib>
#include <map>
#include <set>

#include "checker/checker.hpp"
#include "gateway/core/text.hpp"
#include "security/crypto/suites.hpp"
#include "security/proof/proof_codes.hpp"

namespace tongqu {
namespace {

std::string sha256(std::string_view bytes) {
  static const std::unique_ptr<Suite> kSuite = [] {
    auto suite = make_suite(SuiteId::kIntl);
    if (suite.has_error()) std::abort();  // SHA-256 is part of every OpenSSL that this program links
    return std::move(*suite);
  }();
  return to_hex(as_text(kSuite->hash({bytes})));
}

std::string digest(const ConfigImage& image) {
  std::string list;
  for (const ConfigFile& file : image.files()) {
    if (checker::counts(file.path)) list += sha256(file.bytes) + "  " + file.path + "\n";
  }
  return sha256(list);
}

// Members between tabs; a control character would be another line or member.
std::string line_of(std::initializer_list<std::string_view> members) {
  std::string out;
  for (const std::string_view member : members) {
    if (!out.empty()) out.push_back('\t');
    if (member.empty()) out.push_back('-');
    for (const char c : member) out.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  }
  return out + "\n";
}

std::string way_line(const ProofWay& way) {
  return line_of({"way", name_of(way.kind), way.partner, way.service, way.route, way.policy_name, way.mapping->name,
                  way.basis.purpose, way.basis.legal_basis, way.basis.onward ? "onward" : "no-onward"});
}

std::string claim_line(const ProofClaim& claim) {
  std::string through;
  for (const std::string& step : claim.through) {
    if (!through.empty()) through += " > ";
    // Which version of a table is in force depends on the day, where its codes go does not.
    through += step.starts_with("table:") ? step.substr(0, step.find('@')) : step;
  }
  return line_of({"claim", claim.source, text_of(claim.label), form_text(claim.form, claim.when, claim.otherwise),
                  name_of(claim.how), claim.output, through, std::to_string(claim.line), claim.rule,
                  claim.reason.empty() ? "holds" : "declassified"});
}

}  // namespace

std::string write_certificate(const ConfigProof& proof, const ConfigImage& image) {
  std::vector<std::string> ways;
  std::map<std::string, std::set<std::string>> claims;  // of one line many claims: routes may share all that it says
  for (const ProofWay& way : proof.input.ways) {
    ways.push_back(way_line(way));
    if (way.kind >= WayKind::kRoute) claims[ways.back()];
  }
  for (const ProofClaim& claim : proof.result.claims) claims[ways[claim.way]].insert(claim_line(claim));
  std::string out = "tongqu-disclosure-certificate 1\n" + line_of({"configuration", digest(image)});
  std::size_t count = 0;
  for (const auto& [way, lines] : claims) {
    out += way;
    for (const std::string& line : lines) out += line;
    count += lines.size();
  }
  return out + line_of({"end", std::to_string(claims.size()), std::to_string(count)});
}

Status check_certificate(const ConfigImage& image, const std::string& certificate) {
  checker::Files files;
  for (const ConfigFile& file : image.files()) {
    if (checker::counts(file.path)) files[file.path] = file.bytes;
  }
  const checker::Verdict verdict = checker::check_certificate(files, certificate);
  if (verdict.accepted) return {};
  return make_error(codes::kProofCertificate, verdict.reason);
}

}  // namespace tongqu
