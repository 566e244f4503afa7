// The listener `legacy` with what systems of 2012 have: curl and openssl s_client with TLS 1.0 and a certificate of their
// time, SOAP over plain HTTP; and what it must not do for anybody else.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { House, binary, order, request, slow, start, stop, until } from './lib/gateway.mjs';
import { auditOf } from './lib/traffic.mjs';
import { hmacHeaders } from '../../sandbox/lib/sign.mjs';

const limit = { timeout: 120000 * slow };
const beijing = (days) => new Date(Date.now() + 8 * 3600e3 + days * 86400e3).toISOString().slice(0, 10);
const secret = (name) => fs.readFileSync(path.join(house.secrets, name), 'utf8').trim();
const target = '/exchange/v1/workorder.transfer';

const listener = (name, protocol, partner, network, untilDay, more = '') => `  - {name: ${name}, kind: legacy, port: 0, protocol: ${protocol}, partner: ${partner}, networks: [${network}], until: ${untilDay}, approved_by: 王建国, reason: replaced next year${more}}\n`;
const oldCertificate = ', tls: {certificate: "${file:old.crt}", key: "${file:old.key}"}';
const asIn2012 = (h) => {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:1024', '-nodes', '-sha1', '-days', '30', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', path.join(h.secrets, 'old.key'), '-out', path.join(h.secrets, 'old.crt')], { stdio: 'ignore' });
  h.edit('gateway.yaml', (text) => text.replace('\naudit:', `${listener('old-tls', 'tls1.0', 'city-a', '127.0.0.1/32', beijing(30), oldCertificate)}${listener('old-plain', 'plain', 'case', '127.0.0.3/32', beijing(1))}${listener('over', 'plain', 'city-a', '127.0.0.1/32', beijing(-1))}\naudit:`));
  h.edit('partners/case.yaml', (text) => text.replace(/ {2}credentials:\n[\s\S]*? {2}service_name:/, '  credentials: {kind: basic, user: case, password: "${file:case.password}"}\n  service_name:'));
};

let house;
let legacy; // by name, as the admin interface tells
before(async () => {
  house = await House.open({ standins: ['case'], change: asIn2012 });
  legacy = Object.fromEntries((await house.atAdmin('status')).body.legacyListeners.map((one) => [one.listener, one]));
});
after(async () => { await house?.close(); });

// What curl gets: {exit, status, text}. `from`: the address it comes from.
function curl(url, { body, headers = {}, args = [], from } = {}) {
  const given = ['-s', '-S', '-o', '-', '-w', '\n%{http_code}', '--max-time', '30', ...args];
  for (const [name, value] of Object.entries(headers)) given.push('-H', `${name}: ${value}`);
  if (from) given.push('--interface', from);
  if (body !== undefined) given.push('-H', 'Expect:', '--data-binary', '@-');
  const { status, stdout, stderr } = spawnSync('curl', [...given, url], { input: body ?? '', encoding: 'utf8' });
  const cut = stdout.lastIndexOf('\n');
  return { exit: status, status: Number(stdout.slice(cut + 1)), text: stdout.slice(0, cut), error: stderr };
}
const over = (version, ca = 'old.crt', cipher = 'DEFAULT:@SECLEVEL=0') => [`--tlsv${version}`, '--tls-max', version, '--ciphers', cipher, '--cacert', path.join(house.secrets, ca)];
const inEnglish = { ...process.env, LANG: 'en_US.UTF-8', LC_ALL: '', LC_MESSAGES: '' };
const english = (...args) => {
  const { status, stdout, stderr } = spawnSync(binary, args, { encoding: 'utf8', env: { ...inEnglish, TONGQU_ADMIN: house.admin, TONGQU_ADMIN_TOKEN_FILE: path.join(house.secrets, 'admin.token') } });
  return { code: status, out: stdout + stderr };
};
const oldTls = () => `https://localhost:${legacy['old-tls'].port}`;
const oldPlain = () => `http://127.0.0.1:${legacy['old-plain'].port}`;
const normal = () => `https://localhost:${new URL(house.partners).port}`;
const resolve4 = ['-4'];
const signed = (body, key = '') => ({ ...hmacHeaders('city-a', secret('city-a.hmac'), 'sha256', 'POST', target, body, key), 'Content-Type': 'application/json' });
const handshake = (port, ...args) => spawnSync('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...args], { input: '', encoding: 'utf8' });

test('TLS 1.0 and its suites: taken there, refused by the normal listener; newer TLS is taken there too', limit, () => {
  const body = JSON.stringify(order(1));
  const stored = curl(oldTls() + target, { body, headers: signed(body), args: [...resolve4, ...over('1.0', 'old.crt', 'AES128-SHA:@SECLEVEL=0')] });
  assert.equal(stored.status, 202, stored.text + stored.error);
  assert.match(handshake(legacy['old-tls'].port, '-tls1', '-cipher', 'DEFAULT:@SECLEVEL=0').stdout, /Protocol\s*: TLSv1\n/);
  assert.match(handshake(legacy['old-tls'].port, '-tls1_1', '-cipher', 'DEFAULT:@SECLEVEL=0').stdout, /Protocol\s*: TLSv1\.1\n/);
  const refused = handshake(new URL(house.partners).port, '-tls1', '-cipher', 'DEFAULT:@SECLEVEL=0');
  assert.notEqual(refused.status, 0);
  assert.equal(curl(normal() + target, { body, headers: signed(body), args: [...resolve4, ...over('1.0', 'ca.crt')] }).exit, 35);
  assert.notEqual(handshake(new URL(house.partners).port, '-tls1_2', '-cipher', 'AES128-SHA:@SECLEVEL=0').status, 0, 'an old suite');
  const anew = JSON.stringify(order(2));
  const newer = curl(oldTls() + target, { body: anew, headers: signed(anew), args: [...resolve4, '--cacert', path.join(house.secrets, 'old.crt'), '--ciphers', 'DEFAULT:@SECLEVEL=0'] });
  assert.equal(newer.status, 202, newer.text + newer.error);
  for (const cipher of ['aNULL:@SECLEVEL=0', 'eNULL:@SECLEVEL=0']) assert.notEqual(handshake(legacy['old-tls'].port, '-tls1', '-cipher', cipher).status, 0, cipher);
});

const envelope = (n) => `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><submitDecision xmlns="urn:tongqu:case"><clueNo>XS${n}</clueNo><caseNo>AJ${n}</caseNo><decision>1</decision><reason>事实清楚</reason><decidedAt>2026-11-25 09:30:00</decidedAt><unit>朝阳区局</unit><officer>王建国</officer></submitDecision></soap:Body></soap:Envelope>`;
const basic = () => ({ Authorization: `Basic ${Buffer.from(`case:${secret('case.password')}`).toString('base64')}` });
const xml = { 'Content-Type': 'text/xml; charset=utf-8' };

test('SOAP over plain HTTP for its partner; nothing without credentials', limit, () => {
  const stored = curl(`${oldPlain()}/soap/case`, { body: envelope(1), headers: { ...xml, ...basic() }, from: '127.0.0.3' });
  assert.equal(stored.status, 200, stored.text + stored.error);
  assert.match(stored.text, /exchange/);
  assert.match(curl(`${oldPlain()}/soap/case`, { body: envelope(2), headers: xml, from: '127.0.0.3' }).text, /soap\.credentials/);
  assert.match(curl(`${oldPlain()}/soap/case?wsdl`, { headers: basic(), from: '127.0.0.3' }).text, /portType/);
  assert.doesNotMatch(curl(`${oldPlain()}/soap/case?wsdl`, { from: '127.0.0.3' }).text, /portType/);
  assert.equal(curl(`${oldPlain()}/openapi.json`, { from: '127.0.0.3' }).status, 401);
  assert.equal(curl(`${normal()}/openapi.json`, { args: [...resolve4, '--cacert', path.join(house.secrets, 'ca.crt')] }).status, 200);
});

test('other partners, the admin interface and other networks never', limit, () => {
  const body = JSON.stringify(order(3));
  const other = curl(oldPlain() + target, { body, headers: signed(body), from: '127.0.0.3' });
  assert.equal(other.status, 401, other.text);
  assert.equal(JSON.parse(other.text).code, 'identity.refused');
  assert.equal(curl(normal() + target, { body, headers: signed(body), args: [...resolve4, '--cacert', path.join(house.secrets, 'ca.crt')] }).status, 202, 'the same order where it belongs');
  const elsewhere = curl(`${oldTls()}/soap/case`, { body: envelope(3), headers: { ...xml, ...basic() }, args: [...resolve4, ...over('1.0')] });
  assert.equal(elsewhere.status, 401, 'the path of another partner does not exist there');
  for (const what of ['/admin/v1/status', '/metrics', '/healthz']) {
    assert.equal(curl(oldPlain() + what, { headers: { Authorization: `Bearer ${house.token}` }, from: '127.0.0.3' }).status, 401, what);
  }
  const outside = curl(`${oldPlain()}/soap/case`, { body: envelope(4), headers: { ...xml, ...basic() }, from: '127.0.0.2' });
  assert.ok([52, 55, 56].includes(outside.exit), `cut without a word: ${outside.exit} ${outside.error}`);
  assert.equal(outside.text, '');
});

test('loud: log, check, status, metrics, audit log; what came over it is marked', limit, async () => {
  assert.match(house.gateway.output, /warning LEGACY LISTENER without protection on 127\.0\.0\.1:\d+, old-tls: tls1\.0, partner city-a from 127\.0\.0\.1\/32, until \S+ \(30 days left\), approved by 王建国/);
  assert.match(house.gateway.output, /warning LEGACY LISTENER stays closed, its time is over: over: plain/);
  assert.deepEqual([legacy.over.open, legacy.over.port, legacy.over.daysLeft], [false, 0, -1]);
  assert.equal(legacy['old-plain'].daysLeft, 1);
  const checked = spawnSync(binary, ['check', '-c', house.config, '--secrets', house.secrets], { encoding: 'utf8', env: inEnglish });
  assert.equal(checked.status, 0, checked.stderr);
  assert.match(checked.stderr, /warning\[config\.legacy-open\]: A legacy listener is on; what comes over it is not protected\. old-tls: tls1\.0/);
  assert.match(checked.stderr, /warning\[config\.legacy-over\]/);
  assert.doesNotMatch(checked.stderr, /\x1b/, 'no colours in a file');
  const terminal = spawnSync('script', ['-qec', `${binary} check -c ${house.config} --secrets ${house.secrets}`, '/dev/null'], { encoding: 'utf8', env: { ...inEnglish, TERM: 'xterm' } });
  assert.match(terminal.stdout, /\x1b\[1;31m[^\n]*config\.legacy-open/);
  assert.match(english('status').out, /LEGACY LISTENER old-tls: open, without protection, tls1\.0, city-a, 127\.0\.0\.1\/32, until \S+, days left: 30/);
  const metrics = (await request(`${house.admin}/metrics`, { headers: { Authorization: `Bearer ${house.token}` } })).text;
  assert.match(metrics, /tongqu_legacy_listener_days_left\{listener="old-tls",partner="city-a"\} 30\n/);
  assert.match(metrics, /tongqu_legacy_listener_open\{listener="over",partner="city-a"\} 0\n/);
  const entries = auditOf(house).entries.map((entry) => JSON.stringify(entry));
  for (const [name, action] of [['old-tls', 'opened'], ['old-plain', 'opened'], ['over', 'refused']]) {
    assert.ok(entries.some((text) => text.includes('legacy-listener') && text.includes(name) && text.includes(action)), `${name} ${action}`);
  }
  assert.ok(entries.some((text) => text.includes('hmac-sha256@legacy')));
  assert.ok(entries.some((text) => text.includes('soap:basic@legacy')));
});

test('its terms change with a restart only', limit, () => {
  const shipped = fs.readFileSync(path.join(house.config, 'gateway.yaml'), 'utf8');
  house.edit('gateway.yaml', (text) => text.replace(`until: ${beijing(30)}`, `until: ${beijing(31)}`));
  const reloaded = english('reload');
  assert.notEqual(reloaded.code, 0);
  assert.match(reloaded.out, /needs a restart/);
  house.edit('gateway.yaml', () => shipped);
  assert.equal(house.cli('reload').code, 0);
});

test('its last day ends while the gateway runs: the connection is closed, the port too, the gateway goes on', limit, async () => {
  await stop(house.gateway);
  const shipped = fs.readFileSync(path.join(house.config, 'gateway.yaml'), 'utf8');
  house.edit('gateway.yaml', (text) => text.replace(beijing(1), beijing(0)));
  // Six seconds before midnight in Beijing, whatever the hour is here.
  const shift = Math.round((Date.parse(`${beijing(0)}T23:59:54+08:00`) - Date.now()) / 1000);
  house.gateway = await start(binary, ['serve', '-c', house.config, '--secrets', house.secrets], /ready partners=(\S+) admin=(\S+)/, { env: { ...process.env, LD_PRELOAD: path.join(path.dirname(binary), 'clock_shift.so'), TONGQU_CLOCK_SHIFT_S: String(shift) } });
  [, house.partners, house.admin] = house.gateway.ready;
  const state = async () => (await house.atAdmin('status')).body.legacyListeners.find((one) => one.listener === 'old-plain');
  const old = await state();
  assert.deepEqual([old.open, old.daysLeft], [true, 0]);
  const kept = net.connect({ port: old.port, host: '127.0.0.1', localAddress: '127.0.0.3' });
  let answer = '';
  kept.on('data', (chunk) => { answer += chunk; }).on('error', () => {});
  const closed = new Promise((resolve) => { kept.on('close', resolve); });
  kept.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n');
  await until('the answer', () => answer.includes('identity.refused'));
  assert.doesNotMatch(answer, /connection: close/i);
  const began = Date.now();
  await closed;
  assert.ok(Date.now() - began < 30000, 'idle_timeout is 60 s: the end of the day closed it');
  await until('the port is closed', async () => (await state()).open === false);
  await assert.rejects(new Promise((resolve, reject) => { const again = net.connect({ port: old.port, host: '127.0.0.1', localAddress: '127.0.0.3' }, resolve); again.on('error', reject); }), /ECONNREFUSED/);
  await until('the log tells', () => house.gateway.output.includes('LEGACY LISTENER closed, its time is over'));
  await until('it is on record', () => auditOf(house).entries.map((e) => JSON.stringify(e)).some((text) => text.includes('legacy-listener') && text.includes('expired')));
  assert.equal(curl(`${normal()}/openapi.json`, { args: [...resolve4, '--cacert', path.join(house.secrets, 'ca.crt')] }).status, 200);
  house.edit('gateway.yaml', () => shipped);
});
