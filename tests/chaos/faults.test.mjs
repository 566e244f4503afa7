// The platform misbehaves, fault by fault and mixed under load. Nothing is lost, nothing takes effect twice, the order of a
// matter is kept, and the hotline's direction does not notice.
import test from 'node:test';
import assert from 'node:assert/strict';
import path from 'node:path';
import { House, request, root, slow, start, stop, until } from '../integration/lib/gateway.mjs';
import { Client, auditOf, chance, countsOf, deadLetters, load, matterOf, pause, provesArrival, provesAudit, replayUntilDelivered, seed, versionOf } from '../integration/lib/traffic.mjs';

const timeoutMs = 500 * slow;
const impatient = (house) => house.edit('partners/p12315.yaml', (text) => text
  .replace('timeout: 10s', `timeout: ${timeoutMs}ms`).replace('first: 500ms', 'first: 50ms').replace('max: 5m', 'max: 300ms').replace('open_for: 10s', 'open_for: 300ms'));

// States from the platform to the hotline, one per matter: the other direction.
async function sendStates(house, matters) {
  for (const n of matters) {
    const sent = await house.atPlatform('state', {
      service: 'workorder.sign', sourcePartner: 'city-a', workOrderNo: matterOf(n), caseid: `1110105202611240000${String(n).padStart(6, '0')}`, time: '2026-11-24T10:00:00+08:00', state: 'REGISTERED', unit: '海淀区市场监督管理局', officer: '王建国',
    });
    assert.equal(sent.status, 202, sent.body);
  }
}
const statesArrived = (house, matters) => until('the states at the hotline', async () => {
  for (const n of matters) if ((await house.atHotline(`states?order=${matterOf(n)}`)).length !== 1) return false;
  return true;
});

async function open() {
  const house = await House.open({ change: impatient });
  return { house, client: new Client(house) };
}

// Faults that heal by themselves: repeats of the gateway are enough.
for (const fault of [
  { mode: 'slow', ms: timeoutMs / 5, count: 20, what: 'slow, but in time' },
  { mode: 'slow', ms: timeoutMs * 2, count: 3, what: 'answers after nobody waits any more' },
  { mode: 'error', count: 12, what: 'status 500' },
  { mode: 'cut', count: 3, what: 'cuts the answer' },
  { mode: 'silent', count: 3, what: 'never answers' },
  { mode: 'garbage', count: 3, what: 'an error page with status 200' },
  { mode: 'duplicate', count: 10, what: 'answers twice on the wire' },
]) {
  test(`platform: ${fault.what}`, { timeout: 90000 * slow }, async () => {
    const { house, client } = await open();
    const before = await load(client, { matters: 3, versions: 1 });
    await house.settled();
    await house.atPlatform('control', fault);
    const sent = await load(client, { from: 100, matters: 12, versions: 3 });
    await sendStates(house, before.keys());
    await statesArrived(house, before.keys());
    await house.settled();
    assert.equal((await house.atPlatform('control')).count, 0, 'the fault showed');
    const counts = await countsOf(house, 'p12315');
    assert.deepEqual([counts.dead, counts.noAnswer], [0, 0]);
    for (const [n, list] of before) sent.set(n, list);
    await provesArrival(house, sent);
    provesAudit(house, sent);
    client.close();
    await house.close();
  });
}

test('platform refuses: dead letter, later versions wait behind it, replay and skip let them go', { timeout: 90000 * slow }, async () => {
  const { house, client } = await open();
  await house.atPlatform('control', { mode: 'refuse', count: 2 });
  const sent = await load(client, { matters: 2, versions: 1, parallel: 1 });
  await until('two dead letters', () => deadLetters(house).length === 2);
  for (const n of [1, 2]) {
    const second = await client.submit(versionOf(n, 2));
    assert.equal(second.status, 202, second.text);
    sent.get(n).push({ body: JSON.stringify(versionOf(n, 2)), receipt: second.text, parsed: JSON.parse(second.text) });
  }
  const other = await load(client, { from: 10, matters: 5, versions: 2 });
  await until('other matters go past', async () => (await countsOf(house, 'p12315')).delivered === 10);
  assert.equal((await countsOf(house, 'p12315')).queued, 2, 'the second versions wait');
  const [first, second] = deadLetters(house);
  assert.equal(first.status, 422);
  assert.equal(house.cli('dead-letters', 'replay', first.message, '--reason', '对方已更正').code, 0);
  await until('the first matter is complete', async () => (await house.atPlatform('matters?order=' + matterOf(1)))[0]?.messages.length === 2);
  assert.equal(house.cli('dead-letters', 'skip', second.message, '--reason', '对方不再需要').code, 0);
  await house.settled();
  const [skipped] = await house.atPlatform('matters?order=' + matterOf(2));
  assert.deepEqual(skipped.messages.map((m) => m.body.tsnr), ['第2版内容']);
  assert.deepEqual(deadLetters(house), []);
  // A second decision about the same message is refused; an unknown one too.
  for (const message of [first.message, second.message, 'nobody-p12315']) assert.equal(house.cli('dead-letters', 'replay', message, '--reason', 'again').code, 1);
  for (const [n, list] of other) sent.set(n, list);
  sent.set(2, sent.get(2).slice(1));
  await provesArrival(house, sent);
  const kinds = auditOf(house).entries.map((entry) => entry.kind);
  for (const [kind, count] of [['dead', 2], ['replayed', 1], ['skipped', 1]]) assert.equal(kinds.filter((k) => k === kind).length, count, kind);
  client.close();
  await house.close();
});

test('hotline refuses with status 200 and answers garbage: its envelope decides; the platform does not notice', { timeout: 90000 * slow }, async () => {
  const house = await House.open({ change: (h) => { impatient(h); h.edit('partners/city-a.yaml', (text) => text.replace('first: 500ms', 'first: 50ms').replace('max: 5m', 'max: 300ms').replace('open_for: 10s', 'open_for: 300ms')); } });
  const client = new Client(house);
  const sent = await load(client, { matters: 3, versions: 1 });
  await house.settled();
  await house.atHotline('control', { mode: 'refuse', count: 1 });
  await sendStates(house, [1]);
  const [refused] = await until('a dead letter of the hotline', () => { const list = deadLetters(house, 'dead', 'city-a'); return list.length === 1 && list; });
  assert.equal(refused.status, 200);
  await house.atHotline('control', { mode: 'garbage', count: 2 });
  await sendStates(house, [2, 3]);
  const more = await load(client, { from: 50, matters: 5, versions: 2 });
  await statesArrived(house, [2, 3]);
  assert.equal((await house.atHotline(`states?order=${matterOf(1)}`)).length, 0);
  await replayUntilDelivered(house, 'city-a');
  await statesArrived(house, [1, 2, 3]);
  await house.settled();
  for (const [n, list] of more) sent.set(n, list);
  await provesArrival(house, sent);
  client.close();
  await house.close();
});

test('platform stays silent: after the repeats the state is no-answer, and a person decides', { timeout: 90000 * slow }, async () => {
  const { house, client } = await open();
  await house.atPlatform('control', { mode: 'silent', count: 1000 });
  const sent = await load(client, { matters: 1, versions: 2 });
  const [message] = await until('a message without answer', () => { const list = deadLetters(house, 'no-answer'); return list.length === 1 && list; });
  assert.equal(message.attempts, 4, 'the first attempt and three repeats');
  assert.deepEqual(deadLetters(house, 'dead'), [], 'no answer is no refusal');
  const shown = JSON.parse(house.cli('exchanges', 'show', message.exchange ?? sent.get(1)[0].parsed.entry.exchange, '--format', 'json').out);
  assert.equal(shown.exchange[0].state, 'attention');
  assert.equal((await countsOf(house, 'p12315')).queued, 1, 'the second version waits');
  await house.atPlatform('control', { mode: 'none', count: 0 });
  await replayUntilDelivered(house);
  const arrived = await provesArrival(house, sent);
  assert.equal(arrived, 2);
  assert.ok((await house.atPlatform('stats')).repeated >= 4, 'the repeats carried the same message id');
  provesAudit(house, sent);
  client.close();
  await house.close();
});

test('platform is gone for a while: the breaker opens, nothing is given up, delivery resumes', { timeout: 120000 * slow }, async () => {
  const { house, client } = await open();
  const [, port, control] = house.platform.ready;
  await stop(house.platform);
  const sent = await load(client, { matters: 30, versions: 2 });
  await until('the breaker is open', async () => (await house.atAdmin('status')).body.lanes.find((lane) => lane.partner === 'p12315').breaker !== 'closed');
  const metrics = await request(`${house.admin}/metrics`, { headers: { Authorization: `Bearer ${house.token}` } });
  assert.match(metrics.text, /tongqu_breaker_open\{partner="p12315"\} 1/);
  const down = await countsOf(house, 'p12315');
  assert.deepEqual([down.queued, down.dead, down.noAnswer], [60, 0, 0]);
  house.platform = await start('node', [path.join(root, 'sandbox/platform.mjs'), '--keys', house.secrets, '--port', port, '--control', control, '--gateway', house.partners], /platform ready port=(\d+) control=(\d+)/);
  await house.settled();
  await provesArrival(house, sent);
  provesAudit(house, sent);
  assert.equal((await house.atAdmin('status')).body.lanes.find((lane) => lane.partner === 'p12315').breaker, 'closed');
  client.close();
  await house.close();
});

test('all faults mixed under load', { timeout: 240000 * slow }, async (t) => {
  t.diagnostic(`seed ${seed}`);
  const { house, client } = await open();
  const before = await load(client, { matters: 20, versions: 1 });
  await house.settled();
  const random = chance();
  let over = false;
  let faults = 0; // how many show in a second depends on how long the breaker stays open, so the load goes on until it is enough
  const shown = new Set();
  const misbehave = async () => {
    while (!over) {
      const mode = random.pick(['slow', 'error', 'cut', 'silent', 'refuse', 'duplicate', 'garbage', 'none']);
      const ms = random.pick([timeoutMs / 10, timeoutMs / 2, timeoutMs * 1.5]);
      shown.add(mode);
      await house.atPlatform('control', { mode, count: random.between(1, 20), ms });
      faults = (await house.atPlatform('stats')).faults;
      await pause(random.between(5, 60));
    }
  };
  const misbehaving = misbehave();
  const states = sendStates(house, before.keys());
  const sent = await load(client, { from: 100, matters: 2000, versions: 3, thinkMs: 40, random: chance(seed + 1), stopped: () => faults > 120 });
  await states;
  await statesArrived(house, before.keys()); // while the platform still misbehaves
  await pause(1000 * slow);
  over = true;
  await misbehaving;
  await house.atPlatform('control', { mode: 'none', count: 0 });
  const waiting = await countsOf(house, 'p12315');
  const stats = await house.atPlatform('stats');
  t.diagnostic(`${stats.faults} faults (${[...shown].sort().join(', ')}), ${waiting.dead} dead letters, ${waiting.noAnswer} without answer, ${stats.repeated} repeats`);
  assert.ok(stats.faults > 100, 'there were faults');
  await replayUntilDelivered(house, 'p12315', 120);
  await house.settled();
  for (const [n, list] of before) sent.set(n, list);
  await provesArrival(house, sent);
  provesAudit(house, sent);
  client.close();
  await house.close();
});
