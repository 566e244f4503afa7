// The end of the process: what was begun is finished, what is new is refused, and it ends in time. And what it leaves
// behind, in logs, answers and files: no personal value.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { House, order, request, slow, stop, until } from './lib/gateway.mjs';
import { Client, countsOf, load, matterOf, provesArrival, provesAudit, versionOf } from './lib/traffic.mjs';

const shutdown = (grace, hard) => (house) => house.edit('gateway.yaml', (text) => `${text}\nshutdown:\n  grace: ${grace * slow}ms\n  hard: ${hard * slow}ms\n`);

// A request of which only `part` of the body is sent; `finish` sends the rest and gives the answer.
async function begin(house, client, body, part = 10) {
  const to = new URL(house.partners);
  const socket = tls.connect({ host: to.hostname, port: to.port, ca: client.ca, servername: 'localhost' });
  const chunks = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const closed = new Promise((resolve) => { socket.on('close', resolve); socket.on('error', resolve); });
  const bytes = Buffer.from(body);
  const head = Object.entries(client.headers('/exchange/v1/workorder.transfer', body)).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  await new Promise((resolve) => socket.on('secureConnect', resolve));
  await new Promise((resolve) => socket.write(Buffer.concat([Buffer.from(`POST /exchange/v1/workorder.transfer HTTP/1.1\r\nHost: localhost\r\n${head}\r\n`), bytes.subarray(0, part)]), resolve));
  return {
    closed,
    async finish() {
      socket.write(bytes.subarray(part));
      await closed;
      return Buffer.concat(chunks).toString();
    },
  };
}

const refused = (house) => new Promise((resolve) => {
  const to = new URL(house.partners);
  const socket = net.connect(Number(to.port), to.hostname);
  socket.on('connect', () => { socket.destroy(); resolve(false); });
  socket.on('error', (error) => resolve(error.code === 'ECONNREFUSED'));
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`${signal} while requests are in flight: each is answered, new connections are refused, exit 0`, { timeout: 60000 * slow }, async () => {
    const house = await House.open({ change: shutdown(8000, 15000) });
    const client = new Client(house);
    const idle = new Client(house, { sockets: 1 });
    assert.equal((await idle.submit(versionOf(500, 1))).status, 202); // its connection stays open and must not keep the process
    const bodies = Array.from({ length: 20 }, (_, i) => JSON.stringify(versionOf(i + 1, 1)));
    const begun = await Promise.all(bodies.map((body) => begin(house, client, body)));
    // Each of them was read up to where it stops: requests that came later have been answered.
    for (let n = 600; n < 610; n += 1) assert.equal((await client.submit(versionOf(n, 1))).status, 202);
    const began = Date.now();
    house.gateway.kill(signal);
    await until('new connections are refused', () => refused(house));
    assert.equal(house.gateway.exitCode, null, 'it ended with requests in flight');
    const answers = await Promise.all(begun.map((one) => one.finish()));
    const receipts = answers.map((answer, i) => {
      assert.match(answer, /^HTTP\/1\.1 202 /, `request ${i}: ${answer.slice(0, 200)}`);
      assert.match(answer, /\r\nConnection: close\r\n/i);
      return answer.slice(answer.indexOf('\r\n\r\n') + 4);
    });
    const { code } = await house.gateway.exited;
    assert.equal(code, 0, house.gateway.output);
    assert.ok(Date.now() - began < 15000 * slow, `${Date.now() - began} ms`);
    await house.run();
    for (const [i, body] of bodies.entries()) {
      const again = await client.post(body);
      assert.equal(again.text, receipts[i], 'what was answered at the end is stored');
    }
    await house.settled();
    assert.equal((await countsOf(house, 'p12315')).delivered, 31);
    client.close();
    idle.close();
    await house.close();
  });
}

test('a sender that never finishes does not keep the process', { timeout: 60000 * slow }, async () => {
  const house = await House.open({ change: shutdown(500, 2000) });
  const client = new Client(house);
  const begun = await Promise.all([1, 2, 3].map((n) => begin(house, client, JSON.stringify(versionOf(n, 1)))));
  const began = Date.now();
  const { code, signal } = await stop(house.gateway);
  assert.deepEqual([code, signal], [0, null], house.gateway.output);
  assert.ok(Date.now() - began < 6000 * slow, `${Date.now() - began} ms`);
  await Promise.all(begun.map((one) => one.closed));
  client.close();
  await house.close();
});

test('stop during deliveries and load: what was not acknowledged is sent again, once in effect', { timeout: 120000 * slow }, async () => {
  const house = await House.open({ change: shutdown(1000, 4000) });
  const client = new Client(house);
  await house.atPlatform('control', { mode: 'slow', count: 1000000, ms: 300 });
  let over = false;
  const loading = load(client, { matters: 1000, versions: 2, stopped: () => over });
  for (let times = 0; times < 3; times += 1) {
    const before = (await countsOf(house, 'city-a'))?.stored ?? 0;
    await until('load', async () => (await countsOf(house, 'city-a'))?.stored > before + 10);
    const { code } = await stop(house.gateway);
    assert.equal(code, 0, house.gateway.output);
    await house.run();
  }
  over = true;
  const sent = await loading;
  await house.atPlatform('control', { mode: 'none', count: 0 });
  await house.settled();
  await provesArrival(house, sent);
  provesAudit(house, sent);
  client.close();
  await house.close();
});

// ---- no personal value anywhere -------------------------------------------------------------------------------------

// A value of its own in every field that can hold one; those with a form keep it, so that they pass through every step.
const canary = (field) => `金丝雀${field}ZQX`;
const personal = {
  callerName: canary('callerName'), callerAddress: canary('callerAddress'), callerMail: 'zqxcanary.mail@example.cn', callerPhone: '18047531947', callerIdNo: '513436200003207140', inNumber: '0915-7518473',
  title: canary('title'), content: `${canary('content')}，我的电话是13947751823，卡号6222021234567894321。`, request: canary('request'), advice: canary('advice'), operator: canary('operator'), address: canary('address'),
  company: { name: canary('companyname'), code: '91350100M000100Y43', address: canary('companyaddress'), phone: '010-65017233', contact: canary('contact') },
  goods: canary('goods'), brand: canary('brand'), orderNo: 'ZQXORDER7741', unitName: canary('unitName'), category: canary('category'), money: '77123.41', files: 'https://files.example.cn/ZQXFILE1.jpg,https://files.example.cn/ZQXFILE2.jpg',
};
const spoilt = { callerPhone: '1804753CANARY', callerIdNo: '51343620000320CANARY', inNumber: 'CANARYNUMBER', questionCode: 'CANARYCODE', channel: 'CANARYCHAN', urgency: 'CANARYURG', money: 'CANARY元', deadline: 'CANARYTIME', company: { ...personal.company, code: '91350100M000CANARY' } };
const values = (object) => Object.values(object).flatMap((value) => (typeof value === 'object' ? values(value) : [value]));
const canaries = [...new Set([...values(personal), ...values(spoilt), '13947751823', '6222021234567894321', canary('content'), 'ZQXFILE1', 'ZQXFILE2', 'CANARY',
  canary('officer'), '01082617231', canary('note'), canary('unit'), 'ZQXBROKEN', 'ZQXUNKEYED'])].filter((value) => value !== '91350100M000100Y43');

// In clear, in base64 at each of its three offsets, and in hex.
const disguises = canaries.flatMap((value) => {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').slice(shift === 0 ? 0 : 4, Math.floor((bytes.length + shift) / 3) * 4)).filter((text) => text.length >= 8);
  return [{ value, bytes }, ...base64.map((text) => ({ value, bytes: Buffer.from(text) })), { value, bytes: Buffer.from(bytes.toString('hex')) }, { value, bytes: Buffer.from(JSON.stringify(value).slice(1, -1)) }];
});
const leaksIn = (bytes) => [...new Set(disguises.filter((one) => bytes.includes(one.bytes)).map((one) => one.value))];

function filesBelow(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [path.join(folder, entry.name), ...filesBelow(path.join(folder, entry.name))] : [path.join(folder, entry.name)]));
}

for (const suite of ['gm', 'intl']) {
  test(`no personal value in logs, metrics, error answers, admin answers, file names or files (${suite})`, { timeout: 120000 * slow }, async () => {
    const house = await House.open({ suite, change: (h) => h.edit('gateway.yaml', (text) => text.replace('log_level: info', 'log_level: debug')) });
    const client = new Client(house);
    const shown = []; // [what, text]
    const submit = async (what, body, status) => {
      const answer = typeof body === 'string' ? await client.post(body) : await client.submit(body);
      assert.equal(answer.status, status, `${what}: ${answer.text}`);
      shown.push([`answer to ${what}`, JSON.stringify(answer.headers) + answer.text]);
      return answer;
    };
    const delivered = await submit('an order', order(1, personal), 202);
    await submit('a report', order(2, { ...personal, type: '举报', secret: '1' }), 202);
    const held = await submit('an order with faults', order(3, { ...personal, ...spoilt }), 202);
    assert.equal(held.headers['tongqu-state'], 'held');
    await submit('praise', order(4, { ...personal, type: '表扬' }), 202);
    await submit('an order without its number', { ...order(5, personal), orderNum: undefined, content: 'ZQXUNKEYED' }, 400);
    await submit('broken JSON', `${JSON.stringify(order(6, personal)).slice(0, -1)},"x":ZQXBROKEN}`, 400);
    await submit('a list', JSON.stringify([order(7, personal)]), 400);
    const keyed = await client.submit(order(8, personal), { key: 'k' });
    assert.equal(keyed.status, 202);
    const conflict = await client.submit(order(8, { ...personal, content: 'ZQXBROKEN' }), { key: 'k' });
    assert.equal(conflict.status, 409);
    shown.push(['answer to a conflict', conflict.text]);
    await house.atPlatform('control', { mode: 'refuse', count: 1 });
    await submit('an order that is refused', order(9, personal), 202);
    const state = { service: 'workorder.progress', sourcePartner: 'city-a', workOrderNo: matterOf(1), caseid: '1110105202611240000000001', time: '2026-11-24T10:00:00+08:00', state: 'IN_PROGRESS', unit: canary('unit'), officer: canary('officer'), officerPhone: '01082617231', note: canary('note') };
    shown.push(['answer to a state', (await house.atPlatform('state', state)).body]);
    shown.push(['answer to a wrong state', (await house.atPlatform('state', { ...state, state: 'CANARY', time: 'CANARYTIME' })).body]);
    shown.push(['answer to an unsigned state', (await house.atPlatform('state', { ...state, wrong: true })).body]);
    await house.settled();
    assert.ok(JSON.stringify(await house.atPlatform('matters')).includes(canary('content')), 'the orders did arrive');
    await until('the state at the hotline', async () => (await house.atHotline(`states?order=${matterOf(1)}`)).length === 1);

    shown.push(['metrics', (await request(`${house.admin}/metrics`, { headers: { Authorization: `Bearer ${house.token}` } })).text]);
    for (const what of ['status', 'exchanges?limit=100', 'messages?limit=100', 'tasks?all=true', 'audit/checkpoint', 'audit/entries?limit=1000', 'audit/proof?index=1', `exchanges/${JSON.parse(held.text).entry.exchange}`, `exchanges/${JSON.parse(delivered.text).entry.exchange}`, 'exchanges/CANARY', 'nothing']) {
      const answer = await house.atAdmin(what);
      shown.push([`admin ${what}`, answer.text]);
    }
    const [task] = (await house.atAdmin('tasks')).body.tasks;
    for (const body of [{ reason: 'CANARY' }, { reason: canary('content'), patch: { provider: { phone: 'CANARY' }, amount: 'CANARY' } }, 'CANARY']) {
      shown.push(['admin finish', (await house.atAdmin(`tasks/${task.task}/finish`, body)).text]);
    }
    const { exited } = house.gateway;
    await stop(house.gateway);
    await exited;
    shown.push(['the log', house.gateway.output]);

    const leaks = [];
    for (const [what, text] of shown) for (const value of leaksIn(Buffer.from(text ?? ''))) leaks.push(`${what}: ${value}`);
    const stateFolder = path.join(house.folder, 'state');
    const files = filesBelow(stateFolder);
    assert.ok(files.some((file) => file.endsWith('.db')), files.join(' '));
    for (const file of files) {
      for (const value of leaksIn(Buffer.from(path.relative(stateFolder, file)))) leaks.push(`file name ${file}: ${value}`);
      if (fs.statSync(file).isFile()) {
        for (const value of leaksIn(fs.readFileSync(file))) leaks.push(`${path.relative(stateFolder, file)}: ${value}`);
        assert.equal(fs.statSync(file).mode & 0o077, 0, `${file} can be read by others`);
      }
    }
    assert.deepEqual(leaks, []);
    // What was searched for would have been found: the same search finds the values where they belong.
    assert.ok(leaksIn(Buffer.from(JSON.stringify(await house.atPlatform('matters')))).length > 5);
    client.close();
    await house.close();
  });
}
