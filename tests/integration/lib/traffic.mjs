// What the tests of this folder and of tests/chaos share: a client of city A with its own connections, load that does not
// give up, a seeded source of chance, and the audit log as an auditor sees it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { hmacHeaders } from '../../../sandbox/lib/sign.mjs';
import { order, slow, until } from './gateway.mjs';

// Chance that can be repeated: TONGQU_SEED, else the same every day. (mulberry32)
export const seed = Number(process.env.TONGQU_SEED ?? 20261124);
export function chance(from = seed) {
  let state = from >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: (limit) => Math.floor(next() * limit), between: (low, high) => low + Math.floor(next() * (high - low + 1)), pick: (list) => list[Math.floor(next() * list.length)] };
}

// A pause between two acts of a load or of a fault; never what a test waits with (that is `until`).
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A partner's program that signs as city A. Bodies are bytes: a repeat sends the same ones.
export class Client {
  constructor(house, { sockets = 8, timeoutMs = 20000 * slow } = {}) {
    this.house = house;
    this.timeoutMs = timeoutMs;
    this.key = fs.readFileSync(path.join(house.secrets, 'city-a.hmac'), 'utf8').trim();
    this.ca = fs.readFileSync(path.join(house.secrets, 'ca.crt'));
    this.agent = new https.Agent({ keepAlive: true, maxSockets: sockets, ca: this.ca });
  }

  headers(target, body, key = '') {
    return { ...hmacHeaders('city-a', this.key, 'sha256', 'POST', target, body, key), 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  }

  // The answer, or an error when none came.
  post(body, { key = '', service = 'workorder.transfer', headers = {} } = {}) {
    const target = `/exchange/v1/${service}`;
    const to = new URL(this.house.partners);
    return new Promise((resolve, reject) => {
      const call = https.request({ agent: this.agent, host: to.hostname, port: to.port, path: target, method: 'POST', servername: 'localhost', headers: { ...this.headers(target, body, key), ...headers } }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('aborted', () => reject(new Error('the answer was cut')));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() }));
      });
      call.setTimeout(this.timeoutMs, () => call.destroy(new Error('timeout')));
      call.on('error', reject);
      call.end(body);
    });
  }

  submit(what, options) { return this.post(JSON.stringify(what), options); }

  // As a careful partner does it: without an answer, or told to come later, the same bytes again, until a receipt is there.
  async insist(body, { seconds = 60, ...options } = {}) {
    const end = Date.now() + seconds * 1000 * slow;
    let unanswered = 0;
    let later = 0;
    for (;;) {
      let answer;
      try {
        answer = await this.post(body, options);
      } catch {
        unanswered += 1;
      }
      if (answer?.status === 202) return { receipt: answer.text, repeated: answer.headers['tongqu-repeated'] === 'true', unanswered, later };
      if (answer) {
        assert.ok([429, 503].includes(answer.status), `${answer.status} ${answer.text}`);
        assert.match(answer.headers['retry-after'] ?? '', /^\d+$/);
        later += 1;
      }
      if (Date.now() > end) throw new Error(`no receipt within ${seconds * slow} s: ${unanswered} times no answer, ${later} times later`);
      await pause(20);
    }
  }

  close() { this.agent.destroy(); }
}

// act(1) … act(count), eight at a time.
export async function inParallel(count, act) {
  let next = 1;
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (next <= count) {
      const n = next;
      next += 1;
      await act(n);
    }
  }));
}

export const matterOf = (n) => `GD2026${String(n).padStart(8, '0')}`;
// Version `version` of matter `n`; its text tells which it is.
export const versionOf = (n, version, more = {}) => order(n, { round: version, operation: version === 1 ? 'create' : 'update', content: `第${version}版内容`, ...more });

// Sends `matters` matters with `versions` versions each. The versions of a matter go one after another; the matters side by
// side. `stopped` ends it early, at the end of a matter. Gives what was answered, in order, per matter.
export async function load(client, { from = 1, matters, versions = 3, parallel = 8, stopped = () => false, random = chance(), thinkMs = 8, more }) {
  const sent = new Map();
  let next = from;
  const worker = async () => {
    while (next < from + matters && !stopped()) {
      const n = next;
      next += 1;
      const list = [];
      for (let version = 1; version <= versions; version += 1) {
        const body = JSON.stringify(versionOf(n, version, more?.(n, version)));
        const answer = await client.insist(body);
        list.push({ n, version, body, ...answer, parsed: JSON.parse(answer.receipt) });
        await pause(random.below(thinkMs));
      }
      sent.set(n, list);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return sent;
}

// Every order that was answered has arrived, per matter in the order of the answers, and each once in effect.
export async function provesArrival(house, sent) {
  const arrived = new Map((await house.atPlatform('matters')).map((m) => [m.key.split('|')[1], m.messages]));
  let count = 0;
  for (const [n, list] of sent) {
    const messages = arrived.get(matterOf(n)) ?? [];
    assert.deepEqual(messages.map((m) => m.id), list.map((one) => `${one.parsed.entry.exchange}-p12315`), `order and completeness of matter ${n}`);
    assert.deepEqual(messages.map((m) => m.body.tsnr), list.map((one) => JSON.parse(one.body).content), `content of matter ${n}`);
    count += list.length;
  }
  assert.equal(new Set([...sent.values()].flat().map((one) => one.parsed.entry.exchange)).size, count, 'two orders share an exchange');
  assert.equal([...arrived.values()].flat().length, count, 'messages that nobody sent');
  assert.equal((await house.atPlatform('stats')).distinct, count);
  return count;
}

export async function countsOf(house, partner) {
  const { body, text } = await house.atAdmin('status');
  assert.ok(body, text);
  return body.partners.find((p) => p.partner === partner);
}

// ---- the audit log -------------------------------------------------------------------------------------------------

export function verifierKey(house) {
  const file = path.join(house.folder, 'log.vkey');
  const key = house.cli('keys', 'verifier', '-c', house.config, '--secrets', house.secrets);
  assert.equal(key.code, 0, key.out);
  fs.writeFileSync(file, key.out);
  return file;
}

// Exports the log, checks it with the public key alone, and gives file and entries.
export function auditOf(house) {
  const file = path.join(house.folder, 'audit.jsonl');
  const exported = house.cli('audit', 'export', '--output', file);
  assert.equal(exported.code, 0, exported.out);
  const key = verifierKey(house);
  const verified = house.cli('audit', 'verify', '--key', key, file);
  assert.equal(verified.code, 0, verified.out);
  const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
  return { file, key, entries: lines.filter((line) => line.entry).map((line) => line.entry) };
}

// Every receipt's entry stands at its index; nothing was stored or delivered beside what the receipts say.
export function provesAudit(house, sent) {
  const { entries, key } = auditOf(house);
  const all = [...sent.values()].flat();
  for (const one of all) assert.deepEqual(entries[one.parsed.index], one.parsed.entry, `entry of the receipt at ${one.parsed.index}`);
  const of = (kind) => entries.filter((entry) => entry.kind === kind && entry.partner === 'city-a');
  assert.equal(of('stored').length, all.length, 'stored entries');
  const delivered = of('delivered').map((entry) => entry.message);
  assert.equal(new Set(delivered).size, delivered.length, 'a message has two delivered entries');
  assert.deepEqual(delivered.sort(), all.map((one) => `${one.parsed.entry.exchange}-p12315`).sort(), 'delivered entries');
  for (const one of all.filter((_, i) => i % Math.ceil(all.length / 5) === 0)) {
    const file = path.join(house.folder, 'receipt.json');
    fs.writeFileSync(file, one.receipt);
    const verified = house.cli('audit', 'verify', '--key', key, file);
    assert.equal(verified.code, 0, verified.out);
  }
  return entries;
}

// What waits for a person at `recipient`, oldest first.
export function deadLetters(house, state = 'dead', recipient = 'p12315') {
  const listed = house.cli('dead-letters', 'list', '--state', state, '--recipient', recipient, '--limit', '1000', '--format', 'json');
  assert.equal(listed.code, 0, listed.out);
  return JSON.parse(listed.out).messages.reverse();
}

// Replays what waits for a person until everything is delivered: what an operator does after a partner's bad day.
export function replayUntilDelivered(house, recipient = 'p12315', seconds = 60) {
  return until('everything delivered', async () => {
    for (const state of ['dead', 'no-answer']) {
      for (const message of deadLetters(house, state, recipient)) {
        const replayed = house.cli('dead-letters', 'replay', message.message, '--reason', '对方已恢复');
        assert.equal(replayed.code, 0, replayed.out);
      }
    }
    const counts = await countsOf(house, recipient);
    return counts && counts.queued === 0 && counts.dead === 0 && counts.noAnswer === 0 && counts;
  }, seconds);
}
