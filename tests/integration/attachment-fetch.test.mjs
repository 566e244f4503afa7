// Attachments that a message names by an address: the gateway fetches them from the partner's own server, here one of
// Node.js behind TLS that can be slow, cut, wrong and away.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { addPartner, sendOrdersTo } from './lib/attachment_readers.mjs';
import { House, order, request, start, until } from './lib/gateway.mjs';
import { auditOf } from './lib/traffic.mjs';
import { hmacHeaders } from '../../sandbox/lib/sign.mjs';

const base = '/exchange/v1/attachments';
const kib = 1024;
const mib = 1024 * kib;
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');

// `size` bytes that look like a picture; the same for the same seed.
function picture(size, seed = 1) {
  const block = crypto.createHash('sha512').update(`${seed}`).digest();
  const all = Buffer.alloc(size, block);
  jpeg.copy(all);
  return all;
}
function drained(response) {
  return new Promise((resolve) => {
    const go = () => { response.off('drain', go).off('close', go); resolve(); };
    response.on('drain', go).on('close', go);
  });
}
const digestOf = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');

const open = new Set();
after(async () => { for (const server of open) await server.close(); }); // what a failed test left running keeps no file waiting

// City A's file server: `files` by path; `rules` by path say how it misbehaves. Everything it was asked is in `asked`.
class FileServer {
  constructor(secrets, address = '127.0.0.1') {
    this.files = new Map();
    this.rules = new Map();
    this.asked = [];
    this.connections = 0;
    const tls = { key: fs.readFileSync(path.join(secrets, 'city-a.key')), cert: fs.readFileSync(path.join(secrets, 'city-a.crt')) };
    this.server = https.createServer(tls, (request, response) => this.answer(request, response));
    this.server.on('connection', () => { this.connections += 1; });
    this.address = address;
  }
  async open() {
    await new Promise((resolve) => this.server.listen(0, this.address, resolve));
    open.add(this);
    this.url = `https://${this.address}:${this.server.address().port}`;
    return this;
  }
  count(name) { return this.asked.filter((one) => one.path === name).length; }
  answer(request, response) {
    const name = request.url;
    const range = request.headers.range?.match(/^bytes=(\d+)-$/);
    this.asked.push({ path: name, range: request.headers.range, token: request.headers.authorization });
    const rule = this.rules.get(name) ?? {};
    const content = this.files.get(name);
    if (rule.status) return response.writeHead(rule.status, rule.headers).end();
    if (!content) return response.writeHead(404).end('nothing here');
    const etag = `"${digestOf(content).slice(0, 16)}"`;
    const from = range && request.headers['if-range'] === etag ? Number(range[1]) : 0;
    const headers = { ETag: etag, 'Content-Length': content.length - from, 'Content-Type': 'application/octet-stream' };
    if (from) headers['Content-Range'] = `bytes ${from}-${content.length - 1}/${content.length}`;
    response.writeHead(from ? 206 : 200, headers);
    this.send(response, content, from, rule);
  }
  // `perSecond`: no faster; `cutAfter`: then the line breaks, once; `hold`: not before it is let go.
  async send(response, content, from, rule) {
    if (rule.hold) await rule.hold;
    let at = from;
    const end = rule.cutAfter ? Math.min(content.length, from + rule.cutAfter) : content.length;
    while (at < end && !response.destroyed) {
      const piece = content.subarray(at, Math.min(end, at + 64 * kib));
      at += piece.length;
      if (!response.write(piece)) await drained(response);
      if (rule.perSecond) await new Promise((resolve) => { setTimeout(resolve, 1000 * piece.length / rule.perSecond); });
    }
    if (at < content.length) { delete rule.cutAfter; return response.destroy(); }
    response.end();
  }
  close() { open.delete(this); this.server.closeAllConnections(); return new Promise((resolve) => { this.server.close(resolve); }); }
}

// City A with `fetch`; a partner `other` that is routed every work order, pulls, and reads the address of the first
// attachment in its message.
async function openHouse(servers, { fetch = '', maxBytes = '8MiB' } = {}) {
  const opened = {};
  opened.house = await House.open({
    partners: ['city-a', 'p12315'],
    change: (house) => {
      opened.list = servers.map((address) => new FileServer(house.secrets, address));
      addPartner(house, 'other', { pulls: true });
      fs.writeFileSync(path.join(house.secrets, 'files.token'), 'Bearer of-the-file-server\n');
      sendOrdersTo(house, 'other');
      opened.settings = (list) => house.edit('partners/city-a.yaml', (text) => text.replace(/\nattachments:\n( .*\n)+/, '\n') + `
attachments:
  max_bytes: ${maxBytes}
  fetch:
    urls: [${list.map((server) => `"${server.url}/photos/"`).join(', ')}]
    networks: [127.0.0.1/32]
    tls: { ca: "\${file:ca.crt}", server_name: localhost }
    credential: \${file:files.token}
    timeout: 10s
    retry: { first: 100ms, max: 500ms, deadline: 5m }
${fetch}`);
    },
  });
  await Promise.all(opened.list.map((server) => server.open()));
  opened.settings(opened.list);
  const reloaded = opened.house.cli('reload');
  assert.equal(reloaded.code, 0, reloaded.out);
  return { house: opened.house, servers: opened.list };
}

function call(house, method, target, { body = '', partner = 'city-a', key = '' } = {}) {
  const secret = fs.readFileSync(path.join(house.secrets, `${partner}.hmac`), 'utf8').trim();
  const headers = { ...hmacHeaders(partner, secret, 'sha256', method, target, body, key), 'Content-Type': 'application/json' };
  const { port } = new URL(house.partners);
  return new Promise((resolve, reject) => {
    const request = https.request({ host: '127.0.0.1', port, path: target, method, headers, servername: 'localhost', ca: fs.readFileSync(path.join(house.secrets, 'ca.crt')) }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const json = /json/.test(response.headers['content-type'] ?? '') ? JSON.parse(bytes.toString()) : undefined;
        resolve({ status: response.statusCode, headers: response.headers, bytes, json });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
const send = (house, n, files, more = {}) => call(house, 'POST', '/exchange/v1/workorder.transfer', { body: JSON.stringify(order(n, { files, ...more })) });

async function pulled(house) {
  return until('the recipient is offered a message', async () => {
    const [message] = (await call(house, 'GET', '/exchange/v1/inbox', { partner: 'other' })).json?.messages ?? [];
    if (message) await call(house, 'POST', `/exchange/v1/inbox/${message.id}/ack`, { partner: 'other' });
    return message;
  });
}
const read = (house, url) => call(house, 'GET', url, { partner: 'other' });
const metrics = async (house) => (await request(`${house.admin}/metrics`, { headers: { Authorization: `Bearer ${house.token}` } })).text;
const listed = (house, state) => JSON.parse(house.cli('attachments', 'list', '--state', state, '--format', 'json').out).attachments;
const codesOf = (house, exchange) => JSON.parse(JSON.parse(house.cli('exchanges', 'show', exchange, '--format', 'json').out).findings).map((fault) => `${fault.code} ${fault.path}`);

// Sends an order with one address and gives the attachment's own, as the recipient was told it.
async function named(house, n, url) {
  const answer = await send(house, n, url);
  assert.equal(answer.headers['tongqu-state'], 'stored', answer.bytes.toString());
  const message = await pulled(house);
  assert.match(message.body.attachurl, /^\/exchange\/v1\/attachments\/[0-9a-f]{32}$/);
  return message.body.attachurl;
}
const fetched = (house, url) => until('the attachment is here', async () => {
  const answer = await read(house, url);
  return answer.status === 200 && answer.bytes;
});
const refused = (house, url) => until('the attachment is refused', () => listed(house, 'refused').find((row) => url.endsWith(row.attachment)));

test('attachments by address: the message goes at once, the content follows, the recipient reads it from the gateway', async () => {
  const { house, servers: [files] } = await openHouse(['127.0.0.1']);
  const content = picture(300 * kib + 17);
  let letGo;
  files.files.set('/photos/secret-name.jpg', content);
  files.rules.set('/photos/secret-name.jpg', { hold: new Promise((resolve) => { letGo = resolve; }) });
  const url = await named(house, 1, `${files.url}/photos/secret-name.jpg`);
  const early = await read(house, url);
  assert.equal(early.status, 503);
  assert.equal(early.json.code, 'attachment.not-fetched');
  assert.ok(Number(early.headers['retry-after']) > 0);
  const waiting = listed(house, 'wanted');
  assert.deepEqual(waiting.map((row) => [row.owner, row.state]), [['city-a', 'wanted']]);
  assert.match((await metrics(house)), /tongqu_attachments_wanted\{partner="city-a"\} 1/);
  letGo();
  assert.ok((await fetched(house, url)).equals(content));
  const answer = await read(house, url);
  assert.equal(answer.headers['content-type'], 'image/jpeg', 'by its content, whatever the server says');
  assert.match((await metrics(house)), /tongqu_attachments_wanted\{partner="city-a"\} 0/);
  assert.equal(files.asked[0].token, 'Bearer of-the-file-server');

  const again = await send(house, 1, `${files.url}/photos/secret-name.jpg`);
  const exchanges = JSON.parse(house.cli('exchanges', 'list', '--format', 'json').out).exchanges;
  assert.deepEqual(exchanges.map((row) => row.exchange), [again.json.entry.exchange], 'the same message');
  const progress = await send(house, 1, `${files.url}/photos/secret-name.jpg`, { round: 2 });
  assert.equal(progress.headers['tongqu-state'], 'stored');
  assert.equal((await pulled(house)).body.attachurl, url, 'the same address of the same matter is the same attachment');
  assert.equal(files.count('/photos/secret-name.jpg'), 1);
  assert.equal((await call(house, 'GET', url)).status, 200, 'its owner');

  assert.ok(!house.gateway.output.includes('secret-name'), 'an address may be personal data');
  const stored = fs.readdirSync(path.join(house.folder, 'state/attachments')).map((name) => fs.readFileSync(path.join(house.folder, 'state/attachments', name), 'latin1')).join('');
  assert.ok(!stored.includes('secret-name') && !stored.includes('/photos/'));
  await house.close();
  await files.close();
});

test('attachments by address: cut lines and a killed gateway cost a part of it, and nothing is lost', async () => {
  const { house, servers: [files] } = await openHouse(['127.0.0.1'], { maxBytes: '64MiB' });
  const cut = picture(3 * mib, 2);
  files.files.set('/photos/cut.jpg', cut);
  files.rules.set('/photos/cut.jpg', { cutAfter: mib });
  const first = await named(house, 1, `${files.url}/photos/cut.jpg`);
  assert.ok((await fetched(house, first)).equals(cut));
  const [begun, resumed] = files.asked;
  assert.equal(begun.range, undefined);
  assert.match(resumed.range, /^bytes=[1-9]\d+-$/, 'it goes on behind what came');

  const large = picture(40 * mib, 3);
  files.files.set('/photos/large.jpg', large);
  const rule = { perSecond: 12 * mib };
  files.rules.set('/photos/large.jpg', rule);
  const second = await named(house, 2, `${files.url}/photos/large.jpg`);
  const id = second.slice(base.length + 1);
  await until('the fetch is under way', () => {
    const segments = path.join(house.folder, 'state/attachments', `${id}.seg`);
    return fs.existsSync(segments) && fs.statSync(segments).size > 12 * mib;
  });
  house.gateway.kill('SIGKILL');
  await house.gateway.exited;
  delete rule.perSecond;
  await house.run();
  assert.ok((await fetched(house, second)).equals(large));
  const after = files.asked.filter((one) => one.path === '/photos/large.jpg').map((one) => one.range);
  assert.equal(after.length, 2);
  assert.ok(Number(after[1].match(/^bytes=(\d+)-$/)[1]) >= 8 * mib, `resumed at ${after[1]}`);

  const away = await named(house, 3, `${files.url}/photos/later.jpg`);
  await refused(house, away);
  await house.close();
  await files.close();
});

test('attachments by address: what is not allowed is held, what is wrong is refused and told, and can be tried again', async () => {
  const { house, servers: [files, inner] } = await openHouse(['127.0.0.1', '127.0.0.2']);
  for (const [n, url] of [[1, `${files.url}/private/a.jpg`], [2, `${files.url}/photos/../private/a.jpg`], [3, `${files.url.replace('https', 'http')}/photos/a.jpg`], [4, 'https://169.254.169.254/latest/meta-data/'], [5, 'file:///etc/passwd']]) {
    const held = await send(house, n, url);
    assert.equal(held.headers['tongqu-state'], 'held', url);
    assert.ok(codesOf(house, held.json.entry.exchange).includes('attachment.url-not-allowed $.attachments[0].url'), url);
  }
  assert.equal(files.asked.length, 0);

  inner.files.set('/photos/a.jpg', picture(kib));
  const inside = await named(house, 11, `${inner.url}/photos/a.jpg`);
  assert.equal((await refused(house, inside)).code, 'net.address-forbidden', 'allowed by name, but not that machine');
  assert.equal(inner.connections, 0);

  const wrong = [
    ['/photos/missing.jpg', 'fetch.missing', () => {}],
    ['/photos/moved.jpg', 'fetch.redirect', () => files.rules.set('/photos/moved.jpg', { status: 302, headers: { Location: `${inner.url}/photos/a.jpg` } })],
    ['/photos/page.jpg', 'attachment.type-mismatch', () => files.files.set('/photos/page.jpg', Buffer.alloc(70 * kib, '<html>'))],
    ['/photos/huge.jpg', 'fetch.too-large', () => files.files.set('/photos/huge.jpg', picture(9 * mib))],
    ['/photos/empty.jpg', 'fetch.empty', () => files.files.set('/photos/empty.jpg', Buffer.alloc(0))],
  ];
  let n = 20;
  const urls = [];
  for (const [name, code, prepare] of wrong) {
    prepare();
    n += 1;
    const url = await named(house, n, `${files.url}${name}`);
    assert.equal((await refused(house, url)).code, code, name);
    assert.equal((await read(house, url)).status, 404, name);
    urls.push(url);
  }
  assert.equal(inner.connections, 0, 'a redirect is not followed');
  // Each of them is before a person, with the reason; what was released as it is goes nowhere a second time.
  const tasks = () => JSON.parse(house.cli('tasks', 'list', '--queue', 'complete', '--format', 'json').out).tasks.filter((task) => !task.reason.startsWith('validate') && /^(fetch|net|attachment)\.[a-z-]+ [0-9a-f]{32}$/.test(task.reason));
  const opened = await until('each refused one has its task', () => tasks().length === 6 && tasks());
  for (const [i, [, code]] of wrong.entries()) assert.ok(opened.some((task) => task.reason === `${code} ${urls[i].slice(base.length + 1)}`), code);
  const before = house.cli('exchanges', 'list', '--state', 'held', '--format', 'json').out;
  const [one] = opened;
  assert.ok(before.includes(one.exchange), 'the exchange is held');
  assert.equal(house.cli('tasks', 'complete', String(one.task), '--set', 'problem_category=01', '--reason', '改一改').code, 1, 'what has left is not changed');
  assert.equal(house.cli('tasks', 'release', String(one.task), '--reason', '已联系对方').code, 0);
  assert.equal(tasks().length, 5);
  assert.ok(!house.cli('exchanges', 'list', '--state', 'held', '--format', 'json').out.includes(one.exchange));
  assert.equal((await call(house, 'GET', '/exchange/v1/inbox', { partner: 'other' })).json.messages.length, 0, 'nothing is sent a second time');
  assert.equal(auditOf(house).entries.filter((entry) => entry.kind === 'task-opened').length, 6);
  assert.match((await metrics(house)), /tongqu_attachments_not_fetched\{partner="city-a"\} 6/);

  files.files.set('/photos/missing.jpg', picture(90 * kib));
  const id = urls[0].slice(base.length + 1);
  assert.equal(house.cli('attachments', 'retry', id).code, 2, 'an act needs a reason');
  const retried = house.cli('attachments', 'retry', id, '--reason', '对方已补传', '--actor', 'zhang');
  assert.equal(retried.code, 0, retried.out);
  assert.ok((await fetched(house, urls[0])).equals(picture(90 * kib)));
  assert.equal(house.cli('attachments', 'retry', id, '--reason', '再试').code, 1, 'it is here');
  const entries = auditOf(house).entries.filter((entry) => entry.kind.startsWith('attachment-'));
  assert.deepEqual(entries.map((entry) => [entry.kind, entry.actor, entry.attachment, entry.partner, entry.state]), [['attachment-retried', 'zhang', id, 'city-a', 'refused'], ['attachment-read', undefined, id, 'other', undefined]]);
  await house.close();
  await files.close();
  await inner.close();
});

test('attachments by address: a large one never raises memory by more than 64 MiB', async () => {
  const bytes = Number(process.env.TONGQU_ATTACHMENT_BYTES ?? 256 * mib);
  const { house, servers: [files] } = await openHouse(['127.0.0.1'], { maxBytes: '4GiB' });
  const peak = () => Number(fs.readFileSync(`/proc/${house.gateway.pid}/status`, 'utf8').match(/VmHWM:\s+(\d+) kB/)[1]) * kib;
  files.files.set('/photos/small.jpg', picture(mib));
  await fetched(house, await named(house, 1, `${files.url}/photos/small.jpg`));
  files.files.set('/photos/large.jpg', picture(bytes, 5));
  fs.writeFileSync(`/proc/${house.gateway.pid}/clear_refs`, '5'); // forgets the peak of the start
  const before = peak();
  const began = Date.now();
  const url = await named(house, 2, `${files.url}/photos/large.jpg`);
  await until('it is fetched', async () => (await call(house, 'HEAD', url)).headers['tongqu-state'] === 'stored', 240);
  const took = Date.now() - began;
  const growth = peak() - before;
  console.log(`# ${bytes / mib} MiB fetched in ${took} ms: peak of memory grew by ${(growth / mib).toFixed(1)} MiB`);
  assert.ok(growth < 64 * mib, `memory grew by ${growth} bytes`);
  await house.close();
  await files.close();
});

// sshd of city A with `files` as what a login sees.
async function openSftp(house) {
  const files = path.join(house.folder, 'city-a-files');
  fs.mkdirSync(path.join(files, '2026'), { recursive: true });
  if (process.getuid() === 0) fs.mkdirSync('/run/sshd', { recursive: true });
  const port = await new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => { const free = probe.address().port; probe.close(() => resolve(free)); });
  });
  const secret = (name) => path.join(house.secrets, name);
  const config = path.join(house.folder, 'sshd_config');
  fs.writeFileSync(config, `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${secret('credit-file-host.key')}\nAuthorizedKeysFile ${secret('credit-file.key.pub')}\nPasswordAuthentication no\nStrictModes no\nPidFile none\nUsePAM no\nSubsystem sftp internal-sftp -d ${files}\nLogLevel INFO\n`);
  const run = () => start('/usr/sbin/sshd', ['-D', '-e', '-f', config], /Server listening/);
  return { files, port, run };
}

// The server with the processes of its connections, which outlive it otherwise.
async function endSftp(server) {
  const parents = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((pid) => {
    try { return [Number(pid), Number(fs.readFileSync(`/proc/${pid}/stat`, 'latin1').match(/.*\) \S (\d+)/)[1])]; } catch { return [0, 0]; }
  });
  const below = [server.pid];
  for (let i = 0; i < below.length; i += 1) below.push(...parents.filter(([pid, parent]) => pid && parent === below[i]).map(([pid]) => pid));
  for (const pid of below.reverse()) try { process.kill(pid, 'SIGKILL'); } catch { /* it has ended itself */ }
  await server.exited;
}

test('attachments by SFTP path: an address and a bare path lead to the partner\'s folder, and to nothing beside it', async () => {
  const { house, servers: [web] } = await openHouse(['127.0.0.1']);
  const sftp = await openSftp(house);
  let server = await sftp.run();
  house.edit('partners/city-a.yaml', (text) => `${text}    sftp: { host: 127.0.0.1, port: ${sftp.port}, user: "${os.userInfo().username}", key: "\${file:credit-file.key}", host_key: "\${file:credit-file.host}" }\n`);
  const reloaded = house.cli('reload');
  assert.equal(reloaded.code, 0, reloaded.out);
  const content = picture(700 * kib, 9);
  fs.writeFileSync(path.join(sftp.files, '2026/现场 1.jpg'), content);
  web.files.set('/photos/web.jpg', picture(90 * kib));
  const byAddress = await named(house, 1, `sftp://127.0.0.1:${sftp.port}/2026/%E7%8E%B0%E5%9C%BA%201.jpg`);
  const byPath = await named(house, 2, '2026/现场 1.jpg');
  const byWeb = await named(house, 3, `${web.url}/photos/web.jpg`);
  assert.ok((await fetched(house, byAddress)).equals(content));
  assert.ok((await fetched(house, byPath)).equals(content));
  assert.ok((await fetched(house, byWeb)).equals(picture(90 * kib)));
  for (const [n, url] of [[11, '../city-a.hmac'], [12, `sftp://127.0.0.1:${sftp.port}/2026/../../a`], [13, 'sftp://elsewhere.example/a.jpg']]) {
    const held = await send(house, n, url);
    assert.equal(held.headers['tongqu-state'], 'held', url);
    assert.ok(codesOf(house, held.json.entry.exchange).includes('attachment.url-not-allowed $.attachments[0].url'), url);
  }
  await endSftp(server);
  const late = await named(house, 21, '2026/late.jpg');
  await until('the gateway tells that it cannot get in', () => listed(house, 'wanted').some((row) => row.code === 'sftp.connect'));
  fs.writeFileSync(path.join(sftp.files, '2026/late.jpg'), picture(100 * kib, 4));
  server = await sftp.run();
  assert.ok((await fetched(house, late)).equals(picture(100 * kib, 4)));
  assert.ok(!house.gateway.output.includes('2026/'));
  await house.close();
  await endSftp(server);
  await web.close();
});
