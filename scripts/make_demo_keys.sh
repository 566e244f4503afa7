#!/usr/bin/env bash
# Makes keys and certificates for the demonstration and the tests: one authority, the gateway, both stand-ins, the log's key,
# the master key, shared secrets. Never for production: the authority's key lies beside the rest.
#
#   scripts/make_demo_keys.sh DIR [gm|intl]
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,6p' "$0"; exit 2; }
script=$(realpath "$0")
dir=$1
suite=${2:-gm}
mkdir -p "$dir"
chmod 700 "$dir"
cd "$dir"
umask 077
# Made anew when this script has changed since.
made="$suite $(sha256sum "$script" | cut -c1-16)"
[ -e .complete ] && [ "$(cat .complete)" = "$made" ] && exit 0

ec_key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }
certificate() { # name subject extensions
  ec_key "$1.key"
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -out "$1.crt" -extfile <(printf '%s\n' "$3") 2>/dev/null
  rm -f "$1.csr"
}
server_extensions="subjectAltName=DNS:localhost,IP:127.0.0.1
extendedKeyUsage=serverAuth,clientAuth
keyUsage=digitalSignature"
client_extensions="extendedKeyUsage=clientAuth
keyUsage=digitalSignature"

ec_key ca.key
openssl req -x509 -new -key ca.key -days 365 -subj "/CN=Tongqu demonstration authority" -out ca.crt
certificate gateway "/CN=tongqu gateway" "$server_extensions"
certificate gateway-client "/CN=tongqu gateway client" "$client_extensions"
certificate city-a "/CN=city-a hotline" "$server_extensions"
certificate p12315 "/CN=p12315 platform" "$server_extensions"
certificate emergency-cap "/CN=emergency-cap broker" "$server_extensions"
certificate entity-rest "/CN=legal-entity registry" "$server_extensions"
certificate entity-soap "/CN=provincial registry" "$server_extensions"
certificate credit "/CN=credit publicity" "$server_extensions"
certificate credit-query "/CN=credit publicity queries" "$server_extensions"
certificate emergency-rest "/CN=emergency command" "$server_extensions"
certificate ip "/CN=trademark and patent registry" "$server_extensions"
certificate trademark-rest "/CN=trademark registry" "$server_extensions"
certificate directory "/CN=directory of units and codes" "$server_extensions"
openssl x509 -in p12315.crt -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1 > p12315.sha256

openssl genpkey -quiet -algorithm ed25519 -out p12315-sign.key
openssl pkey -in p12315-sign.key -pubout -out p12315-sign.pub
suite_key() { # of the suite: SM2 or Ed25519
  if [ "$suite" = gm ]; then
    openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out "$1"
  else
    openssl genpkey -quiet -algorithm ed25519 -out "$1"
  fi
}
suite_key audit.key
# Link: our zone's pair and the other zone's.
for name in gov-zone business-zone; do suite_key "$name.key"; openssl pkey -in "$name.key" -pubout -out "$name.pub"; done
openssl rand -hex 32 > master.key
for name in entity-rest.hmac ip.hmac trademark-rest.hmac; do openssl rand -hex 32 > "$name"; done
# SFTP: our key at the credit publicity's server, and that server's host key with its fingerprint.
for name in credit-file credit-file-host; do rm -f "$name.key" "$name.key.pub"; ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$name.key"; done
ssh-keygen -lf credit-file-host.key.pub | cut -d' ' -f2 > credit-file.host
for name in entity-soap.password emergency-cap.amqp emergency-rest.token emergency-rest-in.token directory.token directory-in.token city-a.hmac city-a-out.hmac case.password case-out.password admin.token people-operator.token people-releaser.token people-approver.token; do openssl rand -hex 32 > "$name"; done
# App keys of the sharing platform: 32 characters, because they are AES keys too.
for name in credit.app-key credit-in.app-key; do openssl rand -hex 16 > "$name"; done
echo "$made" > .complete
