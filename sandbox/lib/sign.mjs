// The two ways of signing that the stand-ins use, written from docs/formats.md (sections 8 and 9), not from the gateway's code.
import crypto from 'node:crypto';

export function hmacHeaders(keyId, key, hash, method, target, body, idempotencyKey = '', now = Date.now()) {
  const nonce = crypto.randomBytes(16).toString('hex');
  const digest = crypto.createHash(hash).update(body).digest('hex');
  const text = [method, target, String(now), nonce, idempotencyKey, digest].join('\n');
  const headers = {
    'X-Api-Key': keyId,
    'X-Timestamp': String(now),
    'X-Nonce': nonce,
    'X-Signature': crypto.createHmac(hash, key).update(text).digest('base64'),
  };
  if (idempotencyKey) headers['Idempotency-Key'] = idempotencyKey;
  return headers;
}

// Empty text when the request is signed rightly, else what is wrong.
export function checkHmac(headers, expected, key, hash, method, target, body, now = Date.now()) {
  if (headers['x-api-key'] !== expected) return 'unknown key id';
  if (Math.abs(now - Number(headers['x-timestamp'])) > 300000) return 'clock';
  const digest = crypto.createHash(hash).update(body).digest('hex');
  const text = [method, target, headers['x-timestamp'], headers['x-nonce'], headers['idempotency-key'] ?? '', digest].join('\n');
  const right = crypto.createHmac(hash, key).update(text).digest();
  const got = Buffer.from(headers['x-signature'] ?? '', 'base64');
  return got.length === right.length && crypto.timingSafeEqual(got, right) ? '' : 'wrong signature';
}

export function messageSignatureHeaders(keyId, privateKey, method, target, body, idempotencyKey = '', now = Date.now()) {
  const [path, query] = target.split('?');
  const created = Math.floor(now / 1000);
  const nonce = crypto.randomBytes(16).toString('hex');
  const contentDigest = `sha-256=:${crypto.createHash('sha256').update(body).digest('base64')}:`;
  const components = ['"@method"', '"@path"', '"@query"', '"content-digest"'];
  const lines = [`"@method": ${method}`, `"@path": ${path}`, `"@query": ?${query ?? ''}`, `"content-digest": ${contentDigest}`];
  if (idempotencyKey) {
    components.push('"idempotency-key"');
    lines.push(`"idempotency-key": ${idempotencyKey}`);
  }
  const parameters = `(${components.join(' ')});created=${created};expires=${created + 120};nonce="${nonce}";keyid="${keyId}";alg="ed25519"`;
  lines.push(`"@signature-params": ${parameters}`);
  const signature = crypto.sign(null, Buffer.from(lines.join('\n')), privateKey).toString('base64');
  const headers = {
    'Content-Digest': contentDigest,
    'Signature-Input': `tongqu=${parameters}`,
    Signature: `tongqu=:${signature}:`,
  };
  if (idempotencyKey) headers['Idempotency-Key'] = idempotencyKey;
  return headers;
}
