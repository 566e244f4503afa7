// The other zone end to end: two gateway processes that only files reach, the shipped partner on one side, the configuration
// of sandbox/business-zone on the other. What each knows of the other is asked with the command line, as an operator does.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { House, slow, until } from './lib/gateway.mjs';
import { auditOf, deadLetters } from './lib/traffic.mjs';
import { clue, decision } from '../../sandbox/partners/business-zone.mjs';

const suite = 'intl'; // its digests are Node's SHA-256
let house;
let zone;

before(async () => { house = await House.open({ suite, standins: ['business-zone'] }); zone = house.standins[0].standin; });
after(async () => { await house?.close(); });

const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex');
const here = async (...args) => { const { code, out } = house.cli(...args, '--format', 'json'); assert.equal(code, 0, out); return JSON.parse(out); };
const there = async (...args) => JSON.parse(await zone.gateway.cli(...args, '--format', 'json'));
const atPlatform = async (kind) => (await house.atPlatform('matters')).flatMap((m) => m.messages).map((m) => m.body).filter((m) => m.kind === kind);
const settled = (what, received) => until(what, async () => {
  const { sent, turnedBack, received: got, problems } = zone.figures();
  assert.deepEqual(problems, []);
  const mine = (await house.atAdmin('status')).body.partners.find((p) => p.partner === 'business-zone');
  const theirs = (await there('status')).partners;
  return got === received && mine?.delivered === received && mine.stored === sent - turnedBack && mine.queued === 0 && theirs.every((p) => p.queued === 0);
}, 60);

// The audit log of the other gateway, exported and verified by the command line there.
async function auditThere() {
  const file = path.join(house.folder, 'other-audit.jsonl');
  const key = path.join(house.folder, 'other.vkey');
  const { config, secrets } = zone.gateway;
  fs.writeFileSync(key, await zone.gateway.cli('keys', 'verifier', '-c', config, '--secrets', secrets));
  await zone.gateway.cli('audit', 'export', '--output', file);
  await zone.gateway.cli('audit', 'verify', '--key', key, file);
  return fs.readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line).entry).filter(Boolean);
}

test('traffic both ways: everything arrives once, in order, and the informant does not', { timeout: 120000 * slow }, async () => {
  await zone.send(12);
  await settled('all of it arrived', 18);
  assert.equal(zone.figures().sent, 22);
  for (const text of zone.clues.values()) {
    assert.doesNotMatch(text, /李四|13800138000|仓库|informant/, 'content only on release, the informant never');
    assert.match(text, /"party":\{"name":"某某食品厂"/);
  }
  await until('the platform has it', async () => (await atPlatform('decision')).length === 12 && (await atPlatform('penalty')).length === 6 && (await atPlatform('closing')).length === 4);
  assert.equal((await atPlatform('decision'))[0].officer, '王**');
  assert.equal((await atPlatform('penalty'))[0].fine, '12500.00');
  assert.equal((await atPlatform('closing'))[0].closeKind, '执行完毕');
});

test('what is carried are signed bundles of the permitted type, and nothing else', async () => {
  assert.ok(zone.gate.carried > 0);
  assert.ok([...zone.gate.newest.keys()].every((link) => ['gov-to-business', 'business-to-gov'].includes(link)));
  assert.equal(zone.gate.newest.size, 2);
});

// An exchange of one side, found at the other by its id alone, and the two audit logs say so of each other.
async function traces(from, to, { partner, peer, fromLog, toLog }) {
  const { exchanges: [one] } = await from('exchanges', 'list', '--partner', partner, '--limit', '1');
  const sent = await from('exchanges', 'show', one.exchange);
  const { exchanges: found } = await to('exchanges', 'list', '--origin', one.exchange);
  assert.equal(found.length, 1);
  assert.equal(found[0].partner, peer);
  const got = await to('exchanges', 'show', found[0].exchange);
  const stored = JSON.parse(got.storedReceipt).entry;
  const delivered = JSON.parse(sent.deliveredReceipts[0]).entry;
  assert.equal(stored.origin, one.exchange, 'the log of the receiving side names the exchange of the sending side');
  assert.equal(delivered.answer, sha256(got.storedReceipt), 'the log of the sending side names the receipt of the receiving side');
  assert.ok(toLog.some((entry) => entry.kind === 'stored' && entry.origin === one.exchange && entry.exchange === found[0].exchange), 'in the exported log there');
  assert.ok(fromLog.some((entry) => entry.kind === 'delivered' && entry.answer === delivered.answer && entry.message === delivered.message), 'in the exported log here');
  assert.equal((await to('exchanges', 'list', '--origin', found[0].exchange)).exchanges.length, 0, 'an own id is no origin');
  assert.equal((await to('exchanges', 'list', '--origin', one.exchange, '--partner', 'nobody')).exchanges.length, 0);
  await assert.rejects(to('exchanges', 'list', '--origin', 'nonsense'), /admin\.parameter/, 'an empty list would say that nothing carries it on');
}

test('both audit logs name each other, and an exchange is found by its id at the other side, both ways', { timeout: 60000 * slow }, async () => {
  const [mine, theirs] = [auditOf(house).entries, await auditThere()];
  await traces(here, there, { partner: 'p12315', peer: 'gov-zone', fromLog: mine, toLog: theirs });
  await traces(there, here, { partner: 'inner-case', peer: 'business-zone', fromLog: theirs, toLog: mine });
});

test('a decision that this side turns back is a dead letter over there; it tells the code and no value', { timeout: 60000 * slow }, async () => {
  await zone.submit('case.decision', decision(700001, { decision: 'NOT_FILED', reason: undefined }));
  const dead = await until('the dead letter', async () => (await there('dead-letters', 'list')).messages[0]);
  assert.equal(dead.code, 'link.refused');
  assert.equal((await there('status')).partners.find((p) => p.partner === 'gov-zone').dead, 1);
  assert.equal((await here('exchanges', 'list', '--matter', 'JB2026700001')).exchanges.length, 0);
});

test('a clue that the other side turns back is a dead letter here, and is taken when it is sent again', { timeout: 60000 * slow }, async () => {
  const before = zone.figures().received;
  await zone.misbehave({ mode: 'refuse', count: 0 });
  await zone.handDown(clue(700002));
  const [dead] = await until('the dead letter', async () => { const list = deadLetters(house, 'dead', 'business-zone'); return list.length === 1 && list; });
  assert.equal(dead.code, 'link.refused');
  await until('taken again', async () => {
    for (const { message } of deadLetters(house, 'dead', 'business-zone')) house.cli('dead-letters', 'replay', message, '--reason', '对端已恢复');
    return zone.figures().received === before + 1;
  });
});

test('files that no gateway made are put aside on both sides, and the links go on', { timeout: 60000 * slow }, async () => {
  const before = zone.figures().received;
  await zone.misbehave({ mode: 'garbage', count: 2 });
  await zone.handDown(clue(700003));
  await zone.submit('case.decision', decision(700003));
  await until('both arrived', async () => zone.figures().received === before + 1 && (await here('exchanges', 'list', '--matter', 'JB2026700003', '--partner', 'business-zone')).exchanges.length === 1);
  const files = (folder) => fs.readdirSync(folder, { recursive: true }).filter((name) => /quarantine/.test(name) && /\.xml/.test(name));
  for (const state of [path.join(house.folder, 'state'), path.join(path.dirname(zone.gateway.config), 'state')]) await until(`quarantine of ${path.basename(path.dirname(state))}`, () => files(state).length > 0);
});
