// Faults in a citizen's matter: stored with its raw values, flagged, held; a person completes or releases it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { House, order } from './lib/gateway.mjs';

const faulty = (n) => order(n, { company: { name: '某某火锅店', code: '91350100M000100Y44' }, questionCode: '9999', callerAddress: undefined });

test('wrong check digit, unknown code, missing address: stored, flagged, held, completed', async () => {
  const house = await House.open();
  const answer = await house.atHotline('submit', { order: faulty(1) });
  assert.equal(answer.status, 202, answer.body);
  assert.equal(answer.headers['tongqu-state'], 'held');
  const exchange = JSON.parse(answer.body).entry.exchange;

  const listed = house.cli('tasks', 'list', '--format', 'json');
  assert.equal(listed.code, 0, listed.out);
  const [task] = JSON.parse(listed.out).tasks;
  assert.equal(task.queueZh, '待补正');
  assert.equal(task.exchange, exchange);
  const shown = JSON.parse(house.cli('exchanges', 'show', exchange, '--format', 'json').out);
  const codes = JSON.parse(shown.findings).map((f) => f.code);
  assert.ok(codes.includes('map.uscc') && codes.includes('map.unknown-code') && codes.includes('schema.required'), codes.join(' '));
  assert.equal(shown.messages.length, 0);

  const refused = house.cli('tasks', 'complete', String(task.task), '--set', 'target.phone=010-1', '--reason', '补正电话');
  assert.equal(refused.code, 1, refused.out);
  const done = house.cli('tasks', 'complete', String(task.task), '--set', 'problem_category=01', '--set', 'target.uscc=91350100M000100Y43', '--set', 'target.address=朝阳区建国路1号', '--reason', '电话核实后补正');
  assert.equal(done.code, 0, done.out);
  await house.settled();
  const [matter] = await house.atPlatform('matters?order=GD202600000001');
  assert.equal(matter.messages[0].body.applbasquename, '01');
  assert.equal(matter.messages[0].body.socialcode, '91350100M000100Y43');
  assert.equal(house.cli('tasks', 'complete', String(task.task), '--set', 'problem_category=01', '--reason', 'again').code, 1);
  await house.close();
});

test('a person releases a matter as it is', async () => {
  const house = await House.open();
  await house.atHotline('submit', { order: faulty(2) });
  const [task] = JSON.parse(house.cli('tasks', 'list', '--format', 'json').out).tasks;
  const done = house.cli('tasks', 'release', String(task.task), '--reason', '紧急，先行处理');
  assert.equal(done.code, 0, done.out);
  await house.settled();
  assert.equal((await house.atPlatform('matters?order=GD202600000002')).length, 1);
  await house.close();
});

test('praise is no matter of 12315 and waits for a person', async () => {
  const house = await House.open();
  const answer = await house.atHotline('submit', { order: order(3, { type: '表扬' }) });
  assert.equal(answer.headers['tongqu-state'], 'held');
  const [task] = JSON.parse(house.cli('tasks', 'list', '--queue', 'assign', '--format', 'json').out).tasks;
  assert.equal(task.queueZh, '待人工分派');
  assert.match(task.reason, /不属于12315事项/);
  await house.close();
});

test('what cannot be decoded or keyed is turned back with the place of each fault', async () => {
  const house = await House.open();
  const unkeyed = await house.atHotline('submit', { order: { ...order(1), orderNum: undefined } });
  assert.equal(unkeyed.status, 400);
  assert.equal(JSON.parse(unkeyed.body).faults[0].path, 'orderNum');
  await house.close();
});
