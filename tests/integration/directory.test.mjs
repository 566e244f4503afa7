// Code tables and units published to a partner that wants them, and received ones taken up by a person.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { House, slow, until } from './lib/gateway.mjs';
import { codes, digestOf, ownCodes, ownUnits, units } from '../../sandbox/partners/directory.mjs';

const limit = { timeout: 180000 * slow };
let house;
let directory;
before(async () => {
  house = await House.open({ partners: ['city-a', 'p12315', 'catalogue'], standins: ['directory'] });
  directory = house.standins[0].standin;
});
after(async () => { await house?.close(); });

const because = ['--reason', '代码表更新'];
function publish(...more) {
  const { code, out } = house.cli('directory', 'publish', ...because, '--format', 'json', ...more);
  assert.equal(code, 0, out);
  return JSON.parse(out).directories;
}
function reload() {
  const { code, out } = house.cli('reload');
  assert.equal(code, 0, out);
}
const tasks = async () => (await house.atAdmin('tasks?queue=assign')).body.tasks;
const sound = () => assert.deepEqual(directory.figures().problems, []);

test('all is published whole at first, acknowledged, and to be found again by its digest', limit, async () => {
  const sent = publish();
  assert.deepEqual(sent.map((one) => [one.table, one.outcome, one.form, Number(one.number)]), [
    ['national/problem-category', 'published', 'whole', 1], ['national/return-reason', 'published', 'whole', 1], ['', 'published', 'whole', 1]]);
  await until('all three have arrived', () => directory.held.size === 3);
  await house.settled();
  for (const one of sent) assert.equal(directory.held.get(one.table || 'units').digest, one.digest);
  assert.match(sent[0].digest, /^sm3:/);
  assert.ok(directory.held.get('national/problem-category').lines.has('01\t质量\t(seen)\n'));
  const unit = [...directory.held.get('units').lines].find((line) => line.startsWith('110105-01\t'));
  assert.equal(unit, '110105-01\t北京市朝阳区市场监督管理局建外市场监督管理所\t5\t110105\t\t\t110105\t\t\t\n', 'codes of other partners are not told');
  const { body } = await house.atAdmin(`exchanges/${sent[0].exchange}`);
  assert.equal(body.messages[0].state, 'delivered');
  assert.equal(body.deliveredReceipts.length, 1, 'the acknowledgement is a receipt in the audit log');
  sound();
});

test('what has not changed is not published again', limit, async () => {
  assert.deepEqual(publish().map((one) => one.outcome), ['unchanged', 'unchanged', 'unchanged']);
  await house.settled();
  assert.equal(directory.messages.size, 3);
});

test('a change goes as a change, under a restart too, and --whole sends everything whole', limit, async () => {
  house.edit('tables/national/problem-category.csv', (text) => text.replace('02,广告,02,广告,,(seen)', '02,广告宣传,02,广告宣传,,(seen)').replace('#version,2020-01', '#version,2026-02'));
  await house.gateway.kill('SIGKILL');
  await house.gateway.exited;
  await house.run();
  const [first, ...others] = publish();
  assert.deepEqual([first.outcome, first.form, Number(first.number), first.version], ['published', 'delta', 2, '2026-02']);
  assert.deepEqual(others.map((one) => one.outcome), ['unchanged', 'unchanged']);
  await until('the change has been applied', () => directory.held.get('national/problem-category').digest === first.digest);
  const message = JSON.parse([...directory.messages.values()].at(-1));
  assert.deepEqual([message.rows, message.removed], [[{ code: '02', name: '广告宣传', note: '(seen)' }], [{ code: '02', name: '广告', note: '(seen)' }]]);
  await house.settled();
  assert.deepEqual(publish('--whole').map((one) => [one.outcome, one.form]), Array(3).fill(['published', 'whole']));
  await house.settled();
  sound();
});

test('after a change that was refused the whole goes: a delta needs what the partner acknowledged', limit, async () => {
  directory.misbehave({ mode: 'refuse', count: 1, ms: 0 });
  house.edit('tables/national/return-reason.csv', (text) => text.replace(/^#version,.*$/m, '#version,2026-03').replace(/^(1|01),([^,]*),(\w+),([^,]*),/m, '$1,$2甲,$3,$4甲,'));
  reload();
  const refused = publish().find((one) => one.table === 'national/return-reason');
  assert.deepEqual([refused.outcome, refused.form], ['published', 'delta']);
  const dead = await until('the dead letter', async () => (await house.atAdmin('messages?state=dead')).body.messages[0]);
  assert.equal(dead.exchange, refused.exchange);
  house.edit('tables/national/return-reason.csv', (text) => text.replace(/^#version,.*$/m, '#version,2026-04').replace('甲,', '乙,').replace('甲,', '乙,'));
  reload();
  const again = publish().find((one) => one.table === 'national/return-reason');
  assert.deepEqual([again.outcome, again.form], ['published', 'whole']);
  assert.equal(house.cli('dead-letters', 'skip', dead.message, ...because).code, 0);
  await until('the whole has been applied', () => directory.held.get('national/return-reason').digest === again.digest);
  sound();
});

test('what is received is held, changes nothing, is taken up by a person, and only a reload makes it active', limit, async () => {
  const active = () => fs.existsSync(path.join(house.config, 'tables/directory/complaint-channel.csv'));
  const first = await directory.tell('codes.publish', codes(1, '2026-01', ownCodes));
  assert.deepEqual([first.status, first.state], [202, 'held']);
  const again = await directory.tell('codes.publish', codes(1, '2026-01', ownCodes));
  assert.equal(again.body, first.body, 'the same message, the same receipt');
  const [task] = await tasks();
  assert.equal(task.service, 'codes.publish');
  assert.ok(!active());
  const shown = house.cli('directory', 'show', String(task.task));
  assert.match(shown.out, /# file: tables\/directory\/complaint-channel\.csv\n[\s\S]*# added: 2\n[\s\S]*\n2,网页,2,网页,,含小程序\n/);
  assert.equal(house.cli('directory', 'take-up', String(task.task), '-c', house.config, '--dry-run', ...because).code, 0);
  assert.ok(!active());
  const taken = house.cli('directory', 'take-up', String(task.task), '-c', house.config, ...because);
  assert.equal(taken.code, 0, taken.out);
  assert.ok(active());
  reload();
  assert.deepEqual(await tasks(), []);
  const entries = (await house.atAdmin('audit/entries?from=0&limit=1000')).text;
  assert.match(entries, /"kind":"taken-up"/);
  assert.match(entries, new RegExp(`"digest":"${digestOf(['1\t电话\t\n', '2\t网页\t含小程序\n'], 'sha256')}"`));
});

test('a change is taken up on what it is a change of; on anything else it is refused and stays', limit, async () => {
  const more = [...ownCodes, { code: '3', name: '来信' }];
  await directory.tell('codes.publish', codes(3, '2026-03', [...more, { code: '4', name: '来访' }], more));
  await directory.tell('codes.publish', codes(2, '2026-02', more, ownCodes));
  const [third, second] = await tasks();
  const early = house.cli('directory', 'take-up', String(third.task), '-c', house.config, ...because);
  assert.equal(early.code, 1);
  assert.match(early.out, /directory\.base/);
  for (const task of [second, third]) {
    const taken = house.cli('directory', 'take-up', String(task.task), '-c', house.config, ...because);
    assert.equal(taken.code, 0, taken.out);
    reload();
  }
  assert.match(fs.readFileSync(path.join(house.config, 'tables/directory/complaint-channel.csv'), 'utf8'), /#version,2026-03\n[\s\S]*4,来访,4,来访,,\n$/);
});

test('rows that do not have the digest that is given are refused', limit, async () => {
  await directory.tell('codes.publish', { ...codes(9, '2026-09', ownCodes), rows: [{ code: '1', name: '电话' }] });
  const [task] = await tasks();
  const shown = house.cli('directory', 'show', String(task.task));
  assert.equal(shown.code, 1);
  assert.match(shown.out, /directory\.digest/);
});

test('units: taken up into a file of their own; what the configuration cannot be is not left in it', limit, async () => {
  const open = (await tasks()).length;
  await directory.tell('unit.directory', units(1, '2026-01', ownUnits));
  await directory.tell('unit.directory', units(2, '2026-02', [...ownUnits, { id: '310104', name: '上海市徐汇区市场监督管理局', level: '4', parent: '31000', divisions: '310104', code: 'SH04' }]));
  const [good, bad] = (await tasks()).slice(open);
  const file = path.join(house.config, 'units/directory.csv');
  const refused = house.cli('directory', 'take-up', String(bad.task), '-c', house.config, ...because);
  assert.equal(refused.code, 1);
  assert.match(refused.out, /unit\.unknown/);
  assert.ok(!fs.existsSync(file));
  const taken = house.cli('directory', 'take-up', String(good.task), '-c', house.config, ...because);
  assert.equal(taken.code, 0, taken.out);
  reload();
  assert.match(fs.readFileSync(file, 'utf8'), /code:directory\n310000,上海市市场监督管理局,2,samr,310000,,,,,,SH\n/);
  const [, , told] = publish();
  assert.deepEqual([told.outcome, told.form], ['published', 'delta'], 'the partner is told what is now in force, with its own codes');
  await until('it has arrived', () => directory.held.get('units').digest === told.digest);
  sound();
});
