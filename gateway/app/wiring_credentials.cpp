// Settings of credentials → what checks them and what makes them.
#include "gateway/app/app_codes.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/wiring.hpp"
#include "security/identity/hmac_scheme.hpp"
#include "security/identity/message_signature.hpp"
#include "security/identity/partner_directory.hpp"
#include "security/identity/sharing_scheme.hpp"
#include "security/identity/sharing_session.hpp"
#include "security/identity/static_key_scheme.hpp"

namespace tongqu::app {
namespace {

using Made = Result<std::unique_ptr<Authenticator>>;
constexpr std::string_view kSharing = "sharing-platform";

Result<std::unique_ptr<RequestSigner>> make_static_signer(const Setting& sign, std::string key) {
  StaticKeyOptions options;
  options.key = std::move(key);
  options.place = sign.text("scheme") == "bearer" ? StaticKeyPlace::kBearer : StaticKeyPlace::kHeader;
  if (options.place == StaticKeyPlace::kHeader) options.header = sign.text("header");
  auto made = make_static_key_signer(std::move(options));
  if (made.has_error()) return error_at(sign, made.error());
  return made;
}

Made make_hmac(const PartnerId& partner, const Setting& auth, const Surroundings& with) {
  auto key = secret_text(auth.secret("key"), with.secrets);
  if (key.has_error()) return key.error();
  HmacOptions options;
  options.partner = partner;
  options.key_id = auth.text("key_id");
  options.key = std::move(*key);
  options.hash = auth.text("hash") == "sm3" ? SuiteId::kGm : SuiteId::kIntl;
  options.max_clock_skew_ms = auth.duration_ms("max_clock_skew");
  return make_hmac_authenticator(std::move(options), with.clock);
}

// The algorithm is that of the key: what the partner claims in `alg` must agree with it.
Made make_signature(const PartnerId& partner, const Setting& auth, const Surroundings& with) {
  auto key = secret_text(auth.secret("public_key"), with.secrets);
  if (key.has_error()) return key.error();
  for (const char* algorithm : {"ed25519", "sm2-sm3", "ecdsa-p256-sha256"}) {
    MessageSignatureOptions options;
    options.partner = partner;
    options.key_id = auth.text("key_id");
    options.algorithm = algorithm;
    options.key = *key;
    options.max_clock_skew_ms = auth.duration_ms("max_clock_skew");
    auto made = make_message_signature_authenticator(std::move(options), with.clock);
    if (made.has_value()) return made;
  }
  return make_error(codes::kConfigKey, partner.str());
}

Made make_static(const PartnerId& partner, const Setting& auth, const Surroundings& with) {
  auto key = secret_text(auth.secret("key"), with.secrets);
  if (key.has_error()) return key.error();
  StaticKeyOptions options;
  options.partner = partner;
  options.key = std::move(*key);
  options.place = auth.text("scheme") == "bearer" ? StaticKeyPlace::kBearer : StaticKeyPlace::kHeader;
  return make_static_key_authenticator(std::move(options));
}

Made make_sharing(const PartnerId& partner, const Setting& auth, const Surroundings& with) {
  auto key = secret_text(auth.secret("key"), with.secrets);
  if (key.has_error()) return key.error();
  SharingOptions options;
  options.partner = partner;
  options.rid = auth.text("rid");
  options.sid = auth.text("sid");
  options.key = std::move(*key);
  options.max_clock_skew_ms = auth.duration_ms("max_clock_skew");
  return make_sharing_authenticator(std::move(options), with.clock);
}

}  // namespace

Result<std::unique_ptr<RequestSigner>> make_signer(const PartnerId& partner, const Setting& sign,
                                                   const Surroundings& with) {
  const std::string& scheme = sign.text("scheme");
  if (scheme == "none" || scheme == kSharing) return std::unique_ptr<RequestSigner>();
  auto key = secret_text(sign.secret("key"), with.secrets);
  if (key.has_error()) return error_at(sign, key.error());
  if (scheme == "api-key" || scheme == "bearer") return make_static_signer(sign, std::move(*key));
  if (scheme == "hmac") {
    HmacOptions options;
    options.partner = partner;
    options.key_id = sign.text("key_id");
    options.key = std::move(*key);
    options.hash = sign.text("hash") == "sm3" ? SuiteId::kGm : SuiteId::kIntl;
    return make_hmac_signer(std::move(options), with.clock);
  }
  for (const char* algorithm : {"ed25519", "sm2-sm3", "ecdsa-p256-sha256"}) {
    MessageSignatureOptions options;
    options.partner = partner;
    options.key_id = sign.text("key_id");
    options.algorithm = algorithm;
    options.key = *key;
    auto made = make_message_signature_signer(std::move(options), with.clock);
    if (made.has_value()) return made;
  }
  return make_error(codes::kConfigKey, partner.str());
}

Result<std::unique_ptr<SessionSigner>> make_session_signer(const Setting& sign, const Surroundings& with) {
  if (sign.text("scheme") != kSharing) return std::unique_ptr<SessionSigner>();
  auto key = secret_text(sign.secret("key"), with.secrets);
  if (key.has_error()) return error_at(sign, key.error());
  SharingSessionOptions options;
  options.rid = sign.text("rid");
  options.sid = sign.text("sid");
  options.key_sid = sign.text("key_sid");
  options.app_key = std::move(*key);
  options.secret_cipher = sign.text("secret_cipher") == "aes-cbc" ? AesMode::kCbc : AesMode::kEcb;
  options.renew_before_ms = sign.duration_ms("renew_before");
  options.forbidden_codes = sign.texts("forbidden_codes");
  auto made = make_sharing_session(std::move(options), with.json, with.clock);
  if (made.has_error()) return error_at(sign, made.error());
  return made;
}

Made make_authenticator(const PartnerId& partner, const Setting& auth, const Surroundings& with) {
  const std::string& scheme = auth.text("scheme");
  Made made = make_error(codes::kConfigFile, "scheme");
  if (scheme == "hmac") made = make_hmac(partner, auth, with);
  if (scheme == "rfc9421") made = make_signature(partner, auth, with);
  if (scheme == "api-key" || scheme == "bearer") made = make_static(partner, auth, with);
  if (scheme == kSharing) made = make_sharing(partner, auth, with);
  if (made.has_error()) return error_at(auth, made.error());
  return made;
}

Made make_pinned_authenticator(const PartnerId& partner, const Setting& auth, const Surroundings& with) {
  std::unique_ptr<Authenticator> inner;
  if (auth.text("scheme") != "mtls") {
    auto made = make_authenticator(partner, auth, with);
    if (made.has_error()) return made.error();
    inner = std::move(*made);
  }
  if (!auth.has("certificate_sha256")) return inner;
  auto pin = secret_text(auth.secret("certificate_sha256"), with.secrets);
  if (pin.has_error()) return error_at(auth, pin.error());
  auto pinned = make_mtls_authenticator({partner, {std::move(*pin)}, {}}, std::move(inner));
  if (pinned.has_error()) return error_at(auth, pinned.error());
  return pinned;
}

}  // namespace tongqu::app
