// Attachments over the partner listener, with curl as the partner's client: declare, upload in parts, resume, download.
import test from 'node:test';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import net from 'node:net';
import tls from 'node:tls';
import { spawn } from 'node:child_process';
import { addPartner, sendOrdersTo, withPhotos } from './lib/attachment_readers.mjs';
import { House, order, until } from './lib/gateway.mjs';
import { auditOf } from './lib/traffic.mjs';

const base = '/exchange/v1/attachments';
const kib = 1024;
const mib = 1024 * kib;
const head = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'); // of a JPEG picture

function picture(size, seed = 1) {
  const content = Buffer.concat([head, crypto.createHash('sha512').update(`${seed}`).digest()]);
  const all = Buffer.alloc(size);
  for (let at = 0; at < size; at += content.length) content.copy(all, at);
  head.copy(all);
  return all;
}
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest();

async function fileDigest(file, start = 0) {
  const hash = crypto.createHash('sha256');
  for await (const chunk of fs.createReadStream(file, { start })) hash.update(chunk);
  return hash.digest();
}

// Headers of docs/formats.md, section 8, with the digest of a body that the gateway will see only later.
function signed(house, method, target, bodyDigest, { partner = 'city-a', idempotency = '' } = {}) {
  const timestamp = String(Date.now());
  const nonce = crypto.randomBytes(16).toString('hex');
  const text = [method, target, timestamp, nonce, idempotency, bodyDigest.toString('hex')].join('\n');
  const key = fs.readFileSync(path.join(house.secrets, `${partner}.hmac`), 'utf8').trim();
  const headers = {
    'X-Api-Key': partner, 'X-Timestamp': timestamp, 'X-Nonce': nonce,
    'X-Signature': crypto.createHmac('sha256', key).update(text).digest('base64'),
  };
  if (idempotency) headers['Idempotency-Key'] = idempotency;
  return headers;
}

// The last head counts: 100 Continue may stand before it.
function parse(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return { status: 0, headers: {}, text };
  const [line, ...fields] = text.slice(0, end).split('\r\n');
  const rest = text.slice(end + 4);
  const status = Number(line.split(' ')[1]);
  if (status === 100) return parse(rest);
  const headers = Object.fromEntries(fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]));
  return { status, headers, text: rest, json: rest.startsWith('{') ? JSON.parse(rest) : undefined };
}

// curl as a partner would use it; resolves with its exit code and the answer.
function curl(house, args, { killAfter } = {}) {
  return new Promise((resolve) => {
    const child = spawn('curl', ['--silent', '--include', '--cacert', path.join(house.secrets, 'ca.crt'), ...args]);
    const out = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    if (killAfter) killAfter.then(() => child.kill('SIGKILL'));
    child.on('close', (code) => resolve({ code, ...parse(Buffer.concat(out).toString('latin1')) }));
  });
}
const url = (house, target) => `https://localhost:${new URL(house.partners).port}${target}`;
const args = (headers) => Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);

function call(house, method, target, { body = '', digest = sha256(body), more = {}, extra = [], ...who } = {}) {
  const headers = { ...signed(house, method, target, digest, who), ...more };
  const data = body ? ['--data-binary', body] : [];
  return curl(house, [...(method === 'HEAD' ? ['--head'] : ['-X', method]), ...args(headers), ...data, ...extra, url(house, target)]);
}

async function declare(house, { name = 'photo.jpg', type = 'image/jpeg', size, digest, ...who }) {
  return call(house, 'POST', base, { body: JSON.stringify({ name, type, size, digest: `sha-256:${digest.toString('hex')}` }), more: { 'Content-Type': 'application/json' }, ...who });
}

// One PATCH of `file` from `offset` on. The digest that is signed is that of the whole rest unless `digest` says otherwise.
async function patch(house, id, file, offset, { digest, extra = [], killAfter, partner, length } = {}) {
  const target = `${base}/${id}`;
  const part = path.join(house.folder, `part-${crypto.randomUUID()}`);
  if (length !== undefined || offset > 0) {
    const from = fs.readFileSync(file).subarray(offset, length === undefined ? undefined : offset + length);
    fs.writeFileSync(part, from);
  }
  const source = fs.existsSync(part) ? part : file;
  const body = digest ?? await fileDigest(source);
  const headers = {
    ...signed(house, 'PATCH', target, body, { partner }), 'Content-Digest': `sha-256=:${body.toString('base64')}:`,
    'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset),
  };
  return curl(house, ['-X', 'PATCH', '-T', source, ...args(headers), ...extra, url(house, target)], { killAfter });
}

const where = async (house, id, who) => {
  const answer = await call(house, 'HEAD', `${base}/${id}`, who);
  return { status: answer.status, offset: Number(answer.headers['upload-offset']), length: Number(answer.headers['upload-length']), state: answer.headers['tongqu-state'] };
};

async function openHouse({ maxBytes = '8MiB', bodyTimeout = '30s' } = {}) {
  return House.open({
    partners: ['city-a', 'p12315'],
    change: (house) => {
      house.edit('gateway.yaml', (text) => text.replace('max_body_bytes: 2MiB', `max_body_bytes: 64KiB\n    body_timeout: ${bodyTimeout}`));
      house.edit('partners/city-a.yaml', (text) => text.replace(/\nattachments:\n( .*\n)+/, '\n') + `\nattachments:\n  max_bytes: ${maxBytes}\n  max_open_bytes: 8GiB\n  max_open: 20\n`);
      addPartner(house, 'other', { pulls: false });
    },
  });
}

test('attachments: declare, upload in parts, ask, download, for the owner alone', async () => {
  const house = await openHouse();
  const content = picture(300 * kib + 17);
  const file = path.join(house.folder, 'photo');
  fs.writeFileSync(file, content);
  const declaration = { size: content.length, digest: sha256(content) };

  const made = await declare(house, declaration);
  assert.equal(made.status, 201, made.text);
  const { id } = made.json;
  assert.match(id, /^[0-9a-f]{32}$/);
  assert.equal(made.headers.location, `${base}/${id}`);
  assert.equal(made.json.name, 'photo.jpg');
  const again = await declare(house, declaration);
  assert.equal(again.status, 200);
  assert.equal(again.json.id, id);

  const first = await patch(house, id, file, 0, { length: 100 * kib + 3 });
  assert.equal(first.status, 204, first.text);
  assert.equal(first.headers['upload-offset'], String(100 * kib + 3));
  const lost = await patch(house, id, file, 5);
  assert.equal(lost.status, 409);
  assert.equal(lost.json.code, 'attachment.offset');
  assert.equal(lost.headers['upload-offset'], String(100 * kib + 3));
  const early = await call(house, 'GET', `${base}/${id}`);
  assert.equal(early.json.code, 'attachment.wrong-state');
  const rest = await patch(house, id, file, 100 * kib + 3, { extra: ['-H', 'Transfer-Encoding: chunked'] });
  assert.equal(rest.status, 204, rest.text);
  assert.deepEqual(await where(house, id), { status: 200, offset: content.length, length: content.length, state: 'stored' });

  const whole = await call(house, 'GET', `${base}/${id}`);
  assert.equal(whole.status, 200);
  assert.ok(Buffer.from(whole.text, 'latin1').equals(content));
  assert.equal(whole.headers['content-type'], 'image/jpeg');
  assert.equal(whole.headers['content-disposition'], `attachment; filename="${id}.jpg"`);
  assert.equal(whole.headers['repr-digest'], `sha-256=:${sha256(content).toString('base64')}:`);
  for (const [range, from, to] of [['0-0', 0, 1], ['65530-65545', 65530, 65546], ['100000-', 100000, content.length], ['-5', content.length - 5, content.length]]) {
    const part = await call(house, 'GET', `${base}/${id}`, { more: { Range: `bytes=${range}` } });
    assert.equal(part.status, 206);
    assert.equal(part.headers['content-range'], `bytes ${from}-${to - 1}/${content.length}`);
    assert.ok(Buffer.from(part.text, 'latin1').equals(content.subarray(from, to)), range);
  }
  const outside = await call(house, 'GET', `${base}/${id}`, { more: { Range: `bytes=${content.length}-` } });
  assert.equal(outside.status, 416);
  assert.equal(outside.headers['content-range'], `bytes */${content.length}`);
  const changed = await call(house, 'GET', `${base}/${id}`, { more: { Range: 'bytes=0-3', 'If-Range': '"other"' } });
  assert.equal(changed.status, 200);

  for (const [method, target] of [['GET', `${base}/${id}`], ['HEAD', `${base}/${id}`], ['GET', `${base}/${id}/state`], ['DELETE', `${base}/${id}`]]) {
    assert.equal((await call(house, method, target, { partner: 'other' })).status, 404, `${method} by another partner`);
  }
  assert.equal((await patch(house, id, file, 0, { partner: 'other' })).status, 404);
  const state = await call(house, 'GET', `${base}/${id}/state`);
  assert.equal(state.json.state, 'stored');
  assert.equal((await call(house, 'DELETE', `${base}/${id}`)).json.code, 'attachment.wrong-state');
  await house.close();
});

test('attachments: what is wrong is said before or while the body comes, and costs no more than it must', async () => {
  const house = await openHouse({ maxBytes: '1MiB' });
  const content = picture(200 * kib);
  const file = path.join(house.folder, 'photo');
  fs.writeFileSync(file, content);
  const digest = sha256(content);

  assert.equal((await declare(house, { size: 2 * mib, digest })).json.code, 'attachment.too-large');
  assert.equal((await declare(house, { size: 100, digest, type: 'text/html' })).json.code, 'attachment.type-not-permitted');
  const faults = await call(house, 'POST', base, { body: '{"name":"","size":-1,"colour":"red"}', more: { 'Content-Type': 'application/json' } });
  assert.equal(faults.status, 400);
  assert.deepEqual(faults.json.faults.map((fault) => fault.path).sort(), ['$', 'digest', 'name', 'size', 'type']);
  const conflict = await declare(house, { size: 100, digest, idempotency: 'k1' });
  assert.equal(conflict.status, 201);
  assert.equal((await declare(house, { size: 101, digest, idempotency: 'k1' })).json.code, 'attachment.key-conflict');

  const { id } = (await declare(house, { size: content.length, digest })).json;
  const forged = await patch(house, id, file, 0, { digest: sha256('something else') });
  assert.equal(forged.status, 400);
  assert.equal(forged.json.code, 'http.upload-digest');
  assert.equal((await where(house, id)).offset, 0, 'nothing of a body that is not what was signed');
  const target = `${base}/${id}`;
  const unsigned = await curl(house, ['-X', 'PATCH', '-T', file, ...args({ ...signed(house, 'PATCH', target, digest), 'X-Signature': 'AAAA', 'Content-Digest': `sha-256=:${digest.toString('base64')}:`, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }), '-H', 'Expect: 100-continue', url(house, target)]);
  assert.equal(unsigned.status, 401);
  const bare = await curl(house, ['-X', 'PATCH', '-T', file, ...args({ ...signed(house, 'PATCH', target, digest), 'Content-Digest': `sha-256=:${digest.toString('base64')}:` }), url(house, target)]);
  assert.equal(bare.json.code, 'http.upload-header');

  const long = path.join(house.folder, 'long');
  fs.writeFileSync(long, Buffer.concat([content, Buffer.alloc(1)]));
  const over = await patch(house, id, long, 0);
  assert.equal(over.status, 413);
  assert.equal((await where(house, id)).offset, 0);
  const overChunked = await patch(house, id, long, 0, { extra: ['-H', 'Transfer-Encoding: chunked'] });
  assert.equal(overChunked.status, 413);
  const resumed = await where(house, id);
  assert.equal((await patch(house, id, file, resumed.offset)).status, 204);
  assert.equal((await where(house, id)).state, 'stored');

  const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(70 * kib, 32)]);
  fs.writeFileSync(path.join(house.folder, 'pdf'), pdf);
  const typed = (await declare(house, { size: pdf.length, digest: sha256(pdf) })).json.id;
  const mismatch = await patch(house, typed, path.join(house.folder, 'pdf'), 0);
  assert.equal(mismatch.json.code, 'attachment.type-mismatch');
  const state = await call(house, 'GET', `${base}/${typed}/state`);
  assert.equal(state.json.state, 'refused');
  assert.equal(state.json.code, 'attachment.type-mismatch');

  const given = (await declare(house, { size: 5000, digest: sha256('x') })).json.id;
  assert.equal((await call(house, 'DELETE', `${base}/${given}`)).status, 204);
  assert.equal((await call(house, 'HEAD', `${base}/${given}`)).status, 404);
  await house.close();
});

// Sends the head and `bytes` of the body, and waits for what the gateway does.
function stalled(house, headers, target, bytes) {
  return new Promise((resolve, reject) => {
    const { port } = new URL(house.partners);
    const socket = tls.connect({ host: '127.0.0.1', port: Number(port), ca: fs.readFileSync(path.join(house.secrets, 'ca.crt')), servername: 'localhost' }, () => {
      socket.write(`PATCH ${target} HTTP/1.1\r\nHost: localhost\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`);
      socket.write(bytes);
    });
    let text = '';
    socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
    socket.on('close', () => resolve(parse(text)));
    socket.on('error', reject);
  });
}

test('attachments: slow and vanished clients, and a killed gateway, lose nothing that was taken', async () => {
  const house = await openHouse({ bodyTimeout: '1s' });
  const content = picture(6 * mib + 5);
  const file = path.join(house.folder, 'photo');
  fs.writeFileSync(file, content);
  const digest = sha256(content);
  const { id } = (await declare(house, { size: content.length, digest })).json;
  const target = `${base}/${id}`;

  const headers = { ...signed(house, 'PATCH', target, digest), 'Content-Digest': `sha-256=:${digest.toString('base64')}:`, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0', 'Content-Length': String(content.length) };
  const slowly = await stalled(house, headers, target, content.subarray(0, 200 * kib));
  assert.equal(slowly.status, 408);
  const kept = await until('what the slow client sent is kept', async () => { const now = await where(house, id); return now.offset === 192 * kib && now; });
  assert.equal(kept.state, 'uploading');

  const gone = new Promise((resolve) => { setTimeout(resolve, 1200); });
  const aborted = await patch(house, id, file, kept.offset, { extra: ['--limit-rate', '1M'], killAfter: gone });
  assert.equal(aborted.code, null);
  const after = await until('what the vanished client sent is kept', async () => { const now = await where(house, id); return now.offset > kept.offset && now; });
  assert.equal(after.offset % (64 * kib), 0);

  const killed = until('the upload is under way', async () => fs.statSync(path.join(house.folder, 'state/attachments', `${id}.seg`)).size > after.offset + mib).then(() => house.gateway.kill('SIGKILL'));
  await patch(house, id, file, after.offset, { extra: ['--limit-rate', '2M'] });
  await killed;
  await house.gateway.exited;
  await house.run();
  const restarted = await where(house, id);
  assert.ok(restarted.offset >= after.offset, `${restarted.offset} after a kill, ${after.offset} before`);
  assert.equal((await patch(house, id, file, restarted.offset)).status, 204);
  assert.equal((await where(house, id)).state, 'stored');
  const whole = await call(house, 'GET', target);
  assert.ok(Buffer.from(whole.text, 'latin1').equals(content));
  await house.close();
});

// A partner `other` that is routed every work order and pulls, its message naming the first attachment; and a `stranger`.
async function openRouted(more = () => {}) {
  return House.open({
    partners: ['city-a', 'p12315'],
    change: (house) => {
      for (const id of ['other', 'stranger']) addPartner(house, id, { pulls: id === 'other' });
      sendOrdersTo(house, 'other');
      more(house);
    },
  });
}

async function pull(house, partner) {
  return until('the recipient is offered a message', async () => {
    const answer = await call(house, 'GET', '/exchange/v1/inbox', { partner });
    const [message] = answer.json?.messages ?? [];
    if (message) await call(house, 'POST', `/exchange/v1/inbox/${message.id}/ack`, { partner });
    return message;
  });
}

test('attachments: content in a message is kept under the same rules, and only its URL goes on', async () => {
  const house = await openRouted(withPhotos);
  const content = picture(150 * kib);
  const send = (n, photo) => {
    const file = path.join(house.folder, `order-${n}`);
    fs.writeFileSync(file, JSON.stringify(order(n, { photos: [photo] })));
    return call(house, 'POST', '/exchange/v1/workorder.transfer', { body: `@${file}`, digest: sha256(fs.readFileSync(file)), more: { 'Content-Type': 'application/json' } });
  };
  const good = { name: '现场.jpg', type: 'image/jpeg', content: content.toString('base64') };
  const first = await send(1, good);
  assert.equal(first.headers['tongqu-state'], 'stored', first.text);
  const message = await pull(house, 'other');
  assert.match(message.body.attachurl, /^\/exchange\/v1\/attachments\/[0-9a-f]{32}$/);
  assert.ok(!JSON.stringify(message.body).includes(good.content.slice(100, 200)), 'the content itself does not go on');
  const read = await call(house, 'GET', message.body.attachurl, { partner: 'other' });
  assert.ok(Buffer.from(read.text, 'latin1').equals(content));
  const own = await call(house, 'GET', `${message.body.attachurl}/state`);
  assert.equal(Buffer.from(own.json.name, 'latin1').toString(), good.name);
  assert.equal((await send(2, good)).headers['tongqu-state'], 'stored');
  assert.equal((await pull(house, 'other')).body.attachurl, message.body.attachurl, 'the same content is kept once');

  for (const [n, photo, code] of [[3, { ...good, content: '%%%' }, 'attachment.base64'], [4, { ...good, type: 'text/html' }, 'attachment.not-taken'], [5, { ...good, type: 'image/png' }, 'attachment.type-mismatch']]) {
    const held = await send(n, photo);
    assert.equal(held.headers['tongqu-state'], 'held', held.text);
    const shown = JSON.parse(house.cli('exchanges', 'show', held.json.entry.exchange, '--format', 'json').out);
    assert.deepEqual(JSON.parse(shown.findings).map((fault) => `${fault.code} ${fault.path}`), [`${code} $.attachments[0].content`]);
  }
  await house.close();
});

test('attachments: the files of a form are kept like content in the message', async () => {
  const house = await openRouted((opening) => {
    withPhotos(opening);
    opening.edit('partners/city-a.yaml', (text) => text.replace('  connector: http\n', '  connector: http\n  files: photos\n'));
  });
  const content = picture(150 * kib, 3);
  const boundary = 'tongqu-test-boundary';
  // As curl -F and browsers write it.
  const form = (parts) => Buffer.concat([...parts.flatMap(([disposition, type, bytes]) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${type ? `Content-Type: ${type}\r\n` : ''}\r\n`), Buffer.from(bytes), Buffer.from('\r\n')]), Buffer.from(`--${boundary}--\r\n`)]);
  const send = (n, files, who) => {
    const file = path.join(house.folder, `form-${crypto.randomUUID()}`);
    fs.writeFileSync(file, form([['name="document"', 'application/json', JSON.stringify(order(n))], ...files]));
    return call(house, 'POST', '/exchange/v1/workorder.transfer', { body: `@${file}`, digest: sha256(fs.readFileSync(file)), more: { 'Content-Type': `multipart/form-data; boundary=${boundary}` }, ...who });
  };
  const photo = ['name="f"; filename="现场.jpg"', 'image/jpeg', content];
  const first = await send(1, [photo, ['name="g"; filename=""', 'application/octet-stream', '']]);
  assert.equal(first.headers['tongqu-state'], 'stored', first.text);
  const message = await pull(house, 'other');
  assert.match(message.body.attachurl, /^\/exchange\/v1\/attachments\/[0-9a-f]{32}$/);
  const read = await call(house, 'GET', message.body.attachurl, { partner: 'other' });
  assert.ok(Buffer.from(read.text, 'latin1').equals(content), 'every byte of the file');
  const own = await call(house, 'GET', `${message.body.attachurl}/state`);
  assert.equal(Buffer.from(own.json.name, 'latin1').toString(), '现场.jpg');

  const again = await send(1, [photo]);
  assert.equal(again.json.entry.exchange, first.json.entry.exchange, 'the same form again is the same message');
  const other = await send(1, [['name="f"; filename="现场.jpg"', 'image/jpeg', picture(9000, 4)]]);
  assert.notEqual(other.json.entry.exchange, first.json.entry.exchange, 'another file is another version');

  const held = await send(2, [['name="f"; filename="a.jpg"', 'image/jpeg', 'not a picture']]);
  assert.equal(held.headers['tongqu-state'], 'held', held.text);
  const shown = JSON.parse(house.cli('exchanges', 'show', held.json.entry.exchange, '--format', 'json').out);
  assert.deepEqual(JSON.parse(shown.findings).map((fault) => `${fault.code} ${fault.path}`), ['attachment.type-mismatch $.attachments[0].content']);

  const field = await send(3, [['name="note"', '', 'hello']]);
  assert.equal(field.json.code, 'http.attachments-not-taken', 'a field is no file');
  const large = await send(4, [['name="f"; filename="b.jpg"', 'image/jpeg', picture(1400 * kib, 5)]]);
  assert.equal(large.headers['tongqu-state'], 'stored', large.text);
  const stranger = await send(5, [photo], { partner: 'stranger' });
  assert.equal(stranger.json.code, 'http.attachments-not-taken', 'without inbound.files');
  await house.close();
});

test('attachments: a message names one; its recipient may read it, and nobody else; what is not here is held', async () => {
  const house = await openRouted();
  const content = picture(90 * kib);
  const file = path.join(house.folder, 'photo');
  fs.writeFileSync(file, content);
  const { id } = (await declare(house, { size: content.length, digest: sha256(content) })).json;
  const target = `${base}/${id}`;
  const send = (n, files, who) => call(house, 'POST', '/exchange/v1/workorder.transfer', { body: JSON.stringify(order(n, { files })), more: { 'Content-Type': 'application/json' }, ...who });
  const codes = (exchange) => JSON.parse(JSON.parse(house.cli('exchanges', 'show', exchange, '--format', 'json').out).findings).map((fault) => `${fault.code} ${fault.path}`);

  const early = await send(1, target);
  assert.equal(early.status, 202, early.text);
  assert.equal(early.headers['tongqu-state'], 'held');
  assert.deepEqual(codes(early.json.entry.exchange), ['attachment.unfinished $.attachments[0].url']);
  const [task] = JSON.parse(house.cli('tasks', 'list', '--format', 'json').out).tasks;
  const tooEarly = house.cli('tasks', 'complete', String(task.task), '--set', 'title=消费纠纷', '--reason', '附件已补传');
  assert.equal(tooEarly.code, 1, tooEarly.out);

  assert.equal((await patch(house, id, file, 0)).status, 204);
  assert.equal((await call(house, 'GET', target, { partner: 'other' })).status, 404, 'no message named it yet');
  const done = house.cli('tasks', 'complete', String(task.task), '--set', 'title=消费纠纷', '--reason', '附件已补传');
  assert.equal(done.code, 0, done.out);
  const pulled = await until('the recipient is offered the message', async () => {
    const answer = await call(house, 'GET', '/exchange/v1/inbox', { partner: 'other' });
    return answer.json?.messages.length && answer.json.messages[0];
  });
  assert.equal(pulled.body.attachurl, target);
  const read = await call(house, 'GET', pulled.body.attachurl, { partner: 'other' });
  assert.equal(read.status, 200);
  assert.ok(Buffer.from(read.text, 'latin1').equals(content));
  const readings = () => JSON.stringify(auditOf(house).entries.filter((entry) => entry.kind === 'attachment-read').map((entry) => [entry.attachment, entry.partner]));
  assert.equal(readings(), JSON.stringify([[id, 'other']]), 'that its content left is on record');
  const state = await call(house, 'GET', `${target}/state`, { partner: 'other' });
  assert.equal(state.json.name, undefined, 'a file name may tell who a person is');
  for (const partner of ['stranger']) {
    assert.equal((await call(house, 'GET', target, { partner })).status, 404);
    assert.equal((await call(house, 'HEAD', target, { partner })).status, 404);
  }
  assert.equal((await call(house, 'DELETE', target, { partner: 'other' })).status, 404, 'reading is all it may');

  const straight = await send(2, `https://gateway.example${target}, http://elsewhere.example/a.jpg`);
  assert.equal(straight.headers['tongqu-state'], 'stored', straight.text);
  const foreign = await send(3, target, { partner: 'stranger' });
  assert.equal(foreign.headers['tongqu-state'], 'held', foreign.text);
  assert.deepEqual(codes(foreign.json.entry.exchange), ['attachment.unknown $.attachments[0].url']);
  const missing = await send(4, `${base}/${'0'.repeat(32)}`);
  assert.deepEqual(codes(missing.json.entry.exchange), ['attachment.unknown $.attachments[0].url']);
  await house.close();
});

const pattern = 'tongqu-made-up-pattern';
const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

// clamd with one signature of our own, in a folder of its own; not started.
function clamdFolder() {
  const scanner = fs.mkdtempSync(path.join(os.tmpdir(), 'tongqu-clamd-'));
  fs.mkdirSync(path.join(scanner, 'signatures'));
  fs.writeFileSync(path.join(scanner, 'signatures/test.ndb'), `Tongqu.Test:0:*:${Buffer.from(pattern).toString('hex')}\n`);
  fs.writeFileSync(path.join(scanner, 'clamd.conf'), `Foreground yes\nLogFile ${scanner}/log\nLocalSocket ${scanner}/socket\nDatabaseDirectory ${scanner}/signatures\n`);
  return scanner;
}
const startClamd = (scanner) => spawn('/usr/sbin/clamd', [`--config-file=${scanner}/clamd.conf`], { stdio: 'ignore' });

async function upload(house, name, content, type) {
  const file = path.join(house.folder, name);
  fs.writeFileSync(file, content);
  const { id } = (await declare(house, { name, type, size: content.length, digest: sha256(content) })).json;
  assert.equal((await patch(house, id, file, 0)).status, 204);
  return id;
}
const sendNaming = (house, n, id) => call(house, 'POST', '/exchange/v1/workorder.transfer', { body: JSON.stringify(order(n, { files: `${base}/${id}` })), more: { 'Content-Type': 'application/json' } });

// tongqu attachments: `infected` is listed, shown, released, and the matter that names it goes; `clean` is removed.
async function lookedAtAndReleased(house, infected, clean) {
  const listed = (...more) => JSON.parse(house.cli('attachments', 'list', '--format', 'json', ...more).out).attachments;
  assert.deepEqual(listed().map((row) => [row.attachment, row.owner, row.state]), [[infected, 'city-a', 'quarantined']]);
  assert.deepEqual(listed('--state', 'all').map((row) => row.attachment), [infected, clean]);
  assert.deepEqual(listed('--state', 'stored', '--owner', 'city-a'), []);
  const shown = JSON.parse(house.cli('attachments', 'show', infected).out);
  assert.equal(shown.state, 'quarantined');
  assert.equal(shown.name, undefined);
  assert.ok(!JSON.stringify(shown).includes('infected.jpg'), 'a file name may tell who a person is');
  assert.equal(house.cli('attachments', 'release', infected).code, 2, 'an act needs a reason');
  assert.equal(house.cli('attachments', 'release', '0'.repeat(32), '--reason', '误报').code, 1);
  assert.equal(house.cli('attachments', 'release', clean, '--reason', '误报').code, 1, 'there is nothing to release');
  const released = house.cli('attachments', 'release', infected, '--reason', '与病毒库厂商核对，确认为误报', '--actor', 'zhang');
  assert.equal(released.code, 0, released.out);
  assert.equal((await call(house, 'GET', `${base}/${infected}`)).status, 200);
  const [task] = JSON.parse(house.cli('tasks', 'list', '--format', 'json').out).tasks;
  const done = house.cli('tasks', 'complete', String(task.task), '--reason', '附件已放行');
  assert.equal(done.code, 0, done.out);
  assert.equal((await pull(house, 'other')).body.attachurl, `${base}/${infected}`);

  const removed = house.cli('attachments', 'remove', clean, '--reason', '当事人要求删除', '--actor', 'li');
  assert.equal(removed.code, 0, removed.out);
  for (const partner of ['city-a', 'other']) assert.equal((await call(house, 'GET', `${base}/${clean}`, { partner })).status, 404);
  assert.ok(!fs.existsSync(path.join(house.folder, 'state/attachments', `${clean}.seg`)));
  const entries = auditOf(house).entries.filter((entry) => entry.kind.startsWith('attachment-') && entry.kind !== 'attachment-read');
  assert.deepEqual(entries.map((entry) => [entry.kind, entry.actor, entry.attachment, entry.partner, entry.state]),
    [['attachment-released', 'zhang', infected, 'city-a', 'quarantined'], ['attachment-removed', 'li', clean, 'city-a', 'scanned']]);
  assert.ok(!JSON.stringify(entries).includes('误报'), 'the reason as digest only');
}

test('attachments: with a scanner nothing is given out before its verdict, and nothing harmful at all', async () => {
  const scanner = clamdFolder();
  const house = await openRouted((opening) => opening.edit('gateway.yaml', (text) => `${text}\nattachments:\n  scan:\n    clamd: unix:${scanner}/socket\n`));
  const clean = await upload(house, 'clean.jpg', picture(90 * kib));
  const harmful = picture(90 * kib, 2);
  harmful.write(pattern, 70 * kib);
  const infected = await upload(house, 'infected.jpg', harmful);
  assert.equal((await sendNaming(house, 1, clean)).headers['tongqu-state'], 'stored');
  const message = await pull(house, 'other');
  for (const partner of ['city-a', 'other']) {
    const waiting = await call(house, 'GET', message.body.attachurl, { partner });
    assert.equal(waiting.status, 503, `no verdict, no byte, for ${partner}`);
    assert.equal(waiting.json.code, 'attachment.not-scanned');
  }
  await until('the gateway tells that the scanner is away', () => /attachments wait for a verdict/.test(house.gateway.output));

  const clamd = startClamd(scanner);
  try {
    const state = (id) => where(house, id).then((now) => now.state);
    await until('the verdicts are there', async () => await state(clean) === 'scanned' && await state(infected) === 'quarantined', 90);
    assert.equal((await call(house, 'GET', message.body.attachurl, { partner: 'other' })).status, 200);
    assert.equal((await call(house, 'GET', `${base}/${infected}`)).json.code, 'attachment.wrong-state');
    const held = await sendNaming(house, 2, infected);
    assert.equal(held.headers['tongqu-state'], 'held', held.text);
    const shown = JSON.parse(house.cli('exchanges', 'show', held.json.entry.exchange, '--format', 'json').out);
    assert.deepEqual(JSON.parse(shown.findings).map((fault) => fault.code), ['attachment.quarantined']);
    await lookedAtAndReleased(house, infected, clean);
  } finally {
    clamd.kill();
  }
  await house.close();
  fs.rmSync(scanner, { recursive: true, force: true });
});

test('attachments: a scanner that speaks ICAP judges, and what it lets pass unread stays without verdict', async () => {
  const scanner = clamdFolder();
  const library = fs.readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/c_icap`).find((folder) => fs.existsSync(`${folder}/virus_scan.so`));
  const port = await freePort();
  fs.writeFileSync(path.join(scanner, 'c-icap.conf'), [`PidFile ${scanner}/pid`, `CommandsSocket ${scanner}/ctl`, `Port 127.0.0.1:${port}`, 'StartServers 1', 'MaxServers 1',
    'ThreadsPerChild 4', 'MinSpareThreads 1', 'MaxSpareThreads 4', `TmpDir ${scanner}`, `ModulesDir ${library}`, `ServicesDir ${library}`, 'TemplateDir /usr/share/c_icap/templates/',
    'LoadMagicFile /etc/c-icap/c-icap.magic', `ServerLog ${scanner}/server.log`, `AccessLog ${scanner}/access.log`, 'Service virus virus_scan.so',
    'ServiceAlias avscan virus?allow204=on&sizelimit=off&mode=simple', 'virus_scan.ScanFileTypes JPEG', 'Module common clamd_mod.so', `clamd_mod.ClamdSocket ${scanner}/socket`].join('\n') + '\n');
  const house = await openRouted((opening) => opening.edit('gateway.yaml', (text) => `${text}\nattachments:\n  scan:\n    icap: icap://127.0.0.1:${port}/avscan\n`));
  const clean = await upload(house, 'clean.jpg', picture(300 * kib));
  const harmful = picture(300 * kib, 2);
  harmful.write(pattern, 270 * kib);
  const infected = await upload(house, 'infected.jpg', harmful);
  await until('the gateway tells that the scanner is away', () => /attachments wait for a verdict/.test(house.gateway.output));
  const clamd = startClamd(scanner);
  let icap;
  try {
    await until('clamd is there', () => fs.existsSync(`${scanner}/socket`)); // c-icap without it would let everything pass
    icap = spawn('/usr/bin/c-icap', ['-N', '-f', `${scanner}/c-icap.conf`], { stdio: 'ignore' });
    const state = (id) => where(house, id).then((now) => now.state);
    await until('the verdicts are there', async () => await state(clean) === 'scanned' && await state(infected) === 'quarantined', 90);
    assert.equal((await call(house, 'GET', `${base}/${clean}`)).status, 200);
    assert.equal((await call(house, 'GET', `${base}/${infected}`)).json.code, 'attachment.wrong-state');
    const unread = await upload(house, 'letter.pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(70 * kib, 32)]), 'application/pdf');
    await until('the gateway tells why', () => /let a content pass that it had not read/.test(house.gateway.output));
    assert.equal((await call(house, 'GET', `${base}/${unread}`)).json.code, 'attachment.not-scanned');
  } finally {
    icap?.kill();
    clamd.kill();
  }
  await house.close();
  fs.rmSync(scanner, { recursive: true, force: true });
});

// 256 MiB in the normal run; TONGQU_ATTACHMENT_BYTES=2147483648 for what is promised.
test('attachments: a large one never raises memory by more than 64 MiB', async () => {
  const bytes = Number(process.env.TONGQU_ATTACHMENT_BYTES ?? 256 * mib);
  const house = await openHouse({ maxBytes: '4GiB' });
  const peak = () => Number(fs.readFileSync(`/proc/${house.gateway.pid}/status`, 'utf8').match(/VmHWM:\s+(\d+) kB/)[1]) * kib;
  const send = async (size) => {
    const file = path.join(house.folder, `sparse-${size}`);
    fs.writeFileSync(file, head);
    fs.truncateSync(file, size);
    const digest = await fileDigest(file);
    const { id } = (await declare(house, { size, digest, type: 'image/jpeg' })).json;
    const began = Date.now();
    const sent = await patch(house, id, file, 0, { digest });
    assert.equal(sent.status, 204, sent.text);
    const up = Date.now() - began;
    const target = `${base}/${id}`;
    const back = path.join(house.folder, 'back');
    const got = await curl(house, [...args(signed(house, 'GET', target, sha256(''))), '--no-include', '--output', back, url(house, target)]);
    assert.equal(got.code, 0);
    const down = Date.now() - began - up;
    assert.equal(fs.statSync(back).size, size);
    assert.ok((await fileDigest(back)).equals(digest));
    fs.rmSync(back);
    return { up, down };
  };
  await send(mib);
  fs.writeFileSync(`/proc/${house.gateway.pid}/clear_refs`, '5'); // forgets the peak of the start, which would hide ours
  const before = peak();
  const { up, down } = await send(bytes);
  const growth = peak() - before;
  console.log(`# ${bytes / mib} MiB: peak of memory grew by ${(growth / mib).toFixed(1)} MiB (${(before / mib).toFixed(0)} MiB before); up ${up} ms, down ${down} ms`);
  assert.ok(growth < 64 * mib, `memory grew by ${growth} bytes`);
  await house.close();
});
