#!/usr/bin/env bash
# Sends one work order as the hotline of city A, with curl and openssl alone (docs/formats.md, section 8), and prints the answer.
#   docs/examples/send-with-curl.sh URL SECRETS FILE [IDEMPOTENCY-KEY]
# URL: https://localhost:18443, SECRETS: the folder with city-a.hmac and ca.crt. Exit status 1 unless the answer is a receipt.
set -euo pipefail
[ $# -ge 3 ] || { sed -n '2,4p' "$0"; exit 2; }
url=$1 secrets=$2 file=$3 key=${4:-}
path=/exchange/v1/workorder.transfer
timestamp=$(date +%s%3N)
nonce=$(openssl rand -hex 16)
digest=$(openssl dgst -sha256 -r "$file" | cut -d' ' -f1)
signature=$(printf 'POST\n%s\n%s\n%s\n%s\n%s' "$path" "$timestamp" "$nonce" "$key" "$digest" |
  openssl dgst -sha256 -hmac "$(cat "$secrets/city-a.hmac")" -binary | base64)
headers=(-H "X-Api-Key: city-a" -H "X-Timestamp: $timestamp" -H "X-Nonce: $nonce" -H "X-Signature: $signature" -H "Content-Type: application/json")
[ -z "$key" ] || headers+=(-H "Idempotency-Key: $key")
exec curl --silent --show-error --fail-with-body --cacert "$secrets/ca.crt" "${headers[@]}" --data-binary "@$file" "$url$path"
