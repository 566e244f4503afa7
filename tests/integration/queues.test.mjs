// Partners behind queues, end to end: emergency command over AMQP with CAP 1.2 on a real RabbitMQ, daily supervision over Kafka
// with CloudEvents on librdkafka's mock brokers.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { House, data, slow, stop, until } from './lib/gateway.mjs';
import { countsOf, deadLetters } from './lib/traffic.mjs';
import { freePort } from '../../sandbox/lib/rabbitmq.mjs';
import * as daily from '../../sandbox/partners/daily.mjs';
import * as emergency from '../../sandbox/partners/emergency-cap.mjs';

async function withEmergency(work) {
  const port = await freePort();
  let command;
  // The gateway runs before its broker is there: it waits for it.
  const house = await House.open({
    partners: ['city-a', 'p12315', 'emergency-cap'],
    change: (made) => made.edit('partners/emergency-cap.yaml', (text) => text.replaceAll('port: 18671', `port: ${port}`).replaceAll('reconnect_max: 30s', 'reconnect_max: 1s').replace('open_for: 10s', 'open_for: 1s')),
  });
  try {
    command = await emergency.openOn({ secrets: house.secrets, var: path.join(house.folder, 'emergency'), edit: () => {}, log: () => {}, platform: (what, body) => house.atPlatform(what, body) }, port);
    await work(house, command);
  } finally {
    await command?.close();
    await house.close();
  }
}

const warn = (house, n, more) => house.atPlatform('state', { service: 'emergency.warning', ...emergency.warning(n, more) });
const arrived = async (house, service) => (await house.atPlatform('matters')).flatMap((m) => m.messages).map((m) => m.body).filter((b) => b.service === service);

test('warnings become valid CAP, masked, urgent ones first; a person has to have confirmed', { timeout: 180000 * slow }, async () => {
  await withEmergency(async (house, command) => {
    const answer = await warn(house, 1, { providername: '欧阳文静', instruction: '停止充电 <立即> & 远离', eventCode: '11C05' });
    assert.equal(answer.status, 202, answer.body);
    const refused = await warn(house, 2, { confirmedBy: undefined });
    assert.equal(refused.status, 400, refused.body);
    assert.match(refused.body, /confirmed/);
    const orphan = await warn(house, 3, { operation: 'cancel' });
    assert.equal(orphan.status, 400, 'a cancel without references');
    const identifier = '11010831500000_20261124100001_1';
    assert.equal((await warn(house, 1, { operation: 'update', sentAt: '2026-11-24T10:30:00+08:00', references: [`12315,${identifier},2026-11-24T10:00:01+08:00`] })).status, 202);
    const { level, ...incident } = emergency.warning(4);
    assert.equal((await house.atPlatform('state', { service: 'emergency.incident', ...incident, grade: '2', occurredAt: '2026-11-24T08:00:00+08:00' })).status, 202);
    await house.settled();
    await until('three documents', () => command.state.order.length === 3);
    const [first, update, report] = ['emergency.warning', 'emergency.warning', 'emergency.incident'].map((type, i) => command.state.order.filter((m) => m.type === type)[i === 1 ? 1 : 0]);
    assert.equal(first.contentType, 'application/xml');
    assert.equal(first.priority, 9);
    assert.equal(report.priority, 5);
    const xml = first.body.toString();
    assert.match(xml, new RegExp(`<cap:identifier>${identifier}</cap:identifier>`));
    assert.match(xml, /<cap:sent>2026-11-24T10:00:01\+08:00<\/cap:sent>/);
    assert.match(xml, /欧\*+ 180\*{4}1999</);
    assert.match(xml, /停止充电 &lt;立即> &amp; 远离|停止充电 &lt;立即&gt; &amp; 远离/);
    for (const secret of ['欧阳文静', '18049531999', '王建国']) assert.equal(command.state.order.some((m) => m.body.includes(secret)), false, secret);
    assert.match(update.body.toString(), new RegExp(`<cap:references>12315,${identifier},2026-11-24T10:00:01\\+08:00</cap:references>`));
    for (const [i, message] of command.state.order.entries()) {
      const file = path.join(house.folder, `alert-${i}.xml`);
      fs.writeFileSync(file, message.body);
      execFileSync('xmllint', ['--noout', '--nonet', '--schema', path.join(data, 'cap/CAP-v1.2.xsd'), file], { stdio: 'pipe' });
    }
    assert.deepEqual((await command.figures()).problems, []);
  });
});

test('commands, acknowledgements and all-clears reach the platform; what is no CAP 1.2 goes to the dead letters', { timeout: 180000 * slow }, async () => {
  await withEmergency(async (house, command) => {
    await command.send(5);
    await house.settled();
    for (const service of ['emergency.command', 'emergency.ack', 'emergency.all-clear']) assert.equal((await arrived(house, service)).length, 5, service);
    const [clear] = await arrived(house, 'emergency.all-clear');
    assert.equal(clear.kind, 'Cancel');
    assert.match(clear.references[0], /^emergency-command,EC-2026-\d{6},2026-11-24T11:/);
    assert.equal(clear.info[0].responses[0], 'AllClear');
    await command.give('emergency.command', emergency.alert({ identifier: 'EC-2026-000001', sent: '2026-11-24T11:00:01+08:00' })); // again: the first receipt
    await command.misbehave({ mode: 'garbage', count: 2 });
    await command.give('emergency.command', emergency.alert({ identifier: 'utc', sent: '2026-11-24T11:00:00Z' }));
    await command.give('emergency.command', emergency.alert({ identifier: 'fraction', sent: '2026-11-24T11:00:00.5+08:00' }));
    await command.give('emergency.ack', emergency.alert({ identifier: 'no-ack' }));
    await until('dead letters', async () => (await command.depth('emergency.command.dead')) === 4 && (await command.depth('emergency.ack.dead')) === 1);
    await house.settled();
    assert.equal((await arrived(house, 'emergency.command')).length, 5);
    assert.equal((await command.figures()).received, 5, 'the five warnings that send() asked the platform for');
  });
});

test('published CAP alerts are read as the manifest says', { timeout: 180000 * slow, skip: !fs.existsSync(path.join(data, 'cap/manifest.json')) }, async () => {
  await withEmergency(async (house, command) => {
    const manifest = JSON.parse(fs.readFileSync(path.join(data, 'cap/manifest.json'), 'utf8'));
    let bad = 0;
    for (const { file, valid_against_cap12_xsd: valid } of manifest) {
      const bytes = fs.readFileSync(path.join(data, 'cap/alerts', file));
      await command.give('emergency.command', bytes, { messageId: file });
      if (!valid) bad += 1;
    }
    const expected = manifest.length - bad;
    await until('all alerts decided', async () => (await command.depth('emergency.command')) === 0 && (await command.depth('emergency.command.dead')) + (await arrived(house, 'emergency.command')).length === manifest.length);
    await house.settled();
    const taken = await arrived(house, 'emergency.command');
    assert.ok(taken.length >= expected, `${taken.length} of ${expected} valid alerts`);
    console.log(`    ${taken.length} taken, ${manifest.length - taken.length} turned back; the schema calls ${expected} valid`);
    assert.ok(taken.some((m) => m.info?.length >= 2), 'an alert in two languages');
  });
});

test('the broker crashes under traffic: nothing is lost, nothing twice in effect', { timeout: 240000 * slow }, async () => {
  await withEmergency(async (house, command) => {
    for (let n = 1; n <= 20; n += 1) assert.equal((await warn(house, n)).status, 202);
    await command.misbehave({ mode: 'cut', ms: 500 });
    for (let n = 21; n <= 60; n += 1) assert.equal((await warn(house, n)).status, 202);
    // What was sent without a confirm is an operator's to decide; he repeats it, and the receiver knows the message id.
    await until('all warnings delivered', async () => {
      for (const state of ['dead', 'no-answer']) for (const message of deadLetters(house, state, 'emergency-cap')) assert.equal(house.cli('dead-letters', 'replay', message.message, '--reason', '对方已恢复').code, 0);
      const counts = await countsOf(house, 'emergency-cap');
      return counts && counts.queued === 0 && counts.dead === 0 && counts.noAnswer === 0 && command.state.taken.size === 60;
    }, 90);
    assert.deepEqual((await command.figures()).problems, []);
  });
});

test('the gateway is killed while it holds deliveries: each takes effect once', { timeout: 240000 * slow }, async () => {
  await withEmergency(async (house, command) => {
    const total = 60;
    for (let n = 1; n <= total; n += 1) {
      await command.give('emergency.command', emergency.alert({ identifier: `EC-K-${n}`, sent: '2026-11-24T11:00:01+08:00' }));
      if (n % 20 === 10) {
        await stop(house.gateway, 'SIGKILL');
        await house.run();
      }
    }
    await until('all commands at the platform', async () => (await arrived(house, 'emergency.command')).length === total, 60);
    await house.settled();
    const numbers = (await arrived(house, 'emergency.command')).map((m) => m.number);
    assert.equal(new Set(numbers).size, total);
    assert.equal(numbers.length, total, 'stored once each');
  });
});

// ---- daily supervision --------------------------------------------------------------------------------------------

// The mock brokers choose their own port, so they stand before the gateway does.
async function withDaily(work, { mode = 'structured' } = {}) {
  let brokersLine;
  const supervision = await daily.open({ edit: (_, change) => { brokersLine = change('brokers: 127.0.0.1:18692'); }, log: () => {}, platform: (what, body) => house.atPlatform(what, body) });
  let house;
  try {
    house = await House.open({
      partners: ['city-a', 'p12315', 'daily'],
      change: (made) => made.edit('partners/daily.yaml', (text) => text.replaceAll('brokers: 127.0.0.1:18692', brokersLine).replace('mode: structured', `mode: ${mode}`).replace('open_for: 10s', 'open_for: 1s').replace('timeout: 10s', 'timeout: 4s')),
    });
    await work(house, supervision);
  } finally {
    await supervision.close();
    await house?.close();
  }
}

const results = async (house) => (await house.atPlatform('matters')).flatMap((m) => m.messages).map((m) => m.body).filter((b) => b.taskNo);

for (const mode of ['structured', 'binary']) {
  test(`clues become events and results come back (${mode} mode)`, { timeout: 180000 * slow }, async () => {
    await withDaily(async (house, supervision) => {
      await supervision.send(20);
      await until('results at the platform', async () => (await results(house)).length === 20);
      await house.settled();
      await until('clues at the partner', () => supervision.state.taken.size === 20);
      const [first] = supervision.state.taken.values();
      assert.equal(first.type, 'cn.12315.supervision.trigger.v1');
      assert.equal(first.source, '//12315/gateway');
      assert.equal(first.subject, first.data.matterNo);
      assert.equal(first.headers['content-type'].startsWith(mode === 'structured' ? 'application/cloudevents+json' : 'application/json'), true);
      assert.deepEqual(Object.keys(first.data).sort(), ['category', 'clueNo', 'kind', 'matterNo', 'object', 'occurredAt', 'summary', 'target', 'unit', 'urgency']);
      const all = JSON.stringify([...supervision.state.taken.values()]);
      for (const secret of ['段正淳', '18049531999', '霉变糕点', '王建国']) assert.equal(all.includes(secret), false, secret);
      const [result] = await results(house);
      assert.equal(result.officer, '李*');
      assert.ok(['qualified', 'unqualified', 'suspected-breach', 'nothing-found', 'not-reachable'].includes(result.result));
      assert.deepEqual(await supervision.figures(), { sent: 20, turnedBack: 0, received: 20, problems: [] });
    }, { mode });
  });
}

test('events that come twice count once; what is no event goes to the dead-letter topic', { timeout: 180000 * slow }, async () => {
  await withDaily(async (house, supervision) => {
    await supervision.send(10);
    await supervision.misbehave({ mode: 'duplicate', count: 10 });
    await supervision.misbehave({ mode: 'garbage', count: 3 });
    await supervision.structured([supervision.event(900, daily.result(900), { type: 'cn.example.other' }), supervision.event(901, daily.result(901, { result: '9' })), supervision.event(902, daily.result(902))]);
    await until('dead letters', () => supervision.state.dead.length === 5);
    await until('results', async () => (await results(house)).length === 11);
    await house.settled();
    assert.equal((await results(house)).length, 11);
    const codes = supervision.state.dead.map((record) => record.headers[record.headers.indexOf('tongqu-error') + 1]).sort();
    assert.deepEqual(codes, ['cloudevents.form', 'cloudevents.form', 'cloudevents.form', 'cloudevents.type', 'validate.faults']);
  });
});

test('brokers down, slow, cutting answers, and the gateway killed: nothing lost, nothing twice, order kept', { timeout: 240000 * slow }, async () => {
  await withDaily(async (house, supervision) => {
    const send = async (from, to) => { for (let n = from; n <= to; n += 1) assert.equal((await house.atPlatform('state', { service: 'supervision.event', ...daily.clue(n) })).status, 202); };
    await send(1, 40);
    await supervision.misbehave({ mode: 'cut', count: 3 });
    await send(41, 80);
    await supervision.misbehave({ mode: 'down', ms: 3000 });
    await send(81, 120);
    await supervision.misbehave({ mode: 'slow', ms: 1000 });
    await supervision.structured(Array.from({ length: 60 }, (_, i) => supervision.event(i, daily.result(i))));
    await stop(house.gateway, 'SIGKILL');
    await house.run();
    await until('everything delivered', async () => {
      for (const state of ['dead', 'no-answer']) for (const message of deadLetters(house, state, 'daily')) assert.equal(house.cli('dead-letters', 'replay', message.message, '--reason', '对方已恢复').code, 0);
      const counts = await countsOf(house, 'daily');
      return counts && counts.queued === 0 && counts.dead === 0 && counts.noAnswer === 0 && supervision.state.taken.size === 120;
    }, 120);
    await until('all results', async () => (await results(house)).length === 60);
    await house.settled();
    const tasks = (await results(house)).map((r) => r.taskNo);
    assert.equal(new Set(tasks).size, 60);
    assert.equal(tasks.length, 60);
    assert.deepEqual((await supervision.figures()).problems, []);
    console.log(`    ${supervision.state.copies} copies of 120 events on the wire`);
  });
});
