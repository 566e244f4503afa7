// What the gateway makes for a recipient is held against the recipient's own schema before it is stored.
import test from 'node:test';
import assert from 'node:assert/strict';
import { House, order, until } from './lib/gateway.mjs';

const schema = 'partners/p12315.matter@1.json';
const limit = (house, field, more) => house.edit(schema, (text) => {
  const whole = JSON.parse(text);
  Object.assign(whole.properties[field], more);
  return JSON.stringify(whole, null, 1);
});
const long = '消费后发现变质食品，商家拒绝退款，多次联系未果。'.repeat(4);

test('a message that the recipient would turn back is its dead letter with every fault named; tongqu test says so before', async () => {
  const house = await House.open();
  assert.equal(house.cli('test', '-c', house.config, 'p12315/matter-out').code, 0);
  limit(house, 'tsnr', { maxLength: 10 });
  limit(house, 'addr', { pattern: '^[0-9]+$' });
  const tested = house.cli('test', '-c', house.config, 'p12315/matter-out');
  assert.equal(tested.code, 1, tested.out);
  assert.match(tested.out, /not ok p12315\/matter-out \S+: the recipient's schema refuses it/);
  assert.match(tested.out, /render\.document/);
  assert.equal(house.cli('reload').code, 0);
  const answer = await house.atHotline('submit', { order: order(1, { content: long }) });
  assert.equal(answer.status, 202, 'the sender has done nothing wrong');
  const { exchange } = JSON.parse(answer.body).entry;
  const dead = await until('the dead letter', async () => (await house.atAdmin('messages?state=dead')).body.messages[0]);
  assert.deepEqual([dead.exchange, dead.recipient, dead.code], [exchange, 'p12315', 'render.document']);
  const findings = JSON.parse((await house.atAdmin(`exchanges/${exchange}`)).body.findings).filter((one) => one.recipient === 'p12315');
  assert.deepEqual(findings.map((one) => [one.code, one.path]).sort(), [['schema.max-length', '$.tsnr'], ['schema.pattern', '$.addr']]);
  assert.ok(!JSON.stringify(findings).includes('变质'), 'no value in a finding');
  assert.equal((await house.atPlatform('matters')).length, 0);

  limit(house, 'addr', { pattern: '^.*$' });
  limit(house, 'tsnr', { maxLength: 60 });
  house.edit('routes/workorder-to-platform.yaml', (text) => text.replace(/^    deadline: 3d$/m, '    deadline: 3d\n    overlong: cut'));
  const reloaded = house.cli('reload');
  assert.equal(reloaded.code, 0, reloaded.out);
  assert.equal(house.cli('exchanges', 'replay', dead.message, '--reason', '已与平台约定截断').code, 0);
  await house.settled();
  const [matter] = await house.atPlatform('matters?order=GD202600000001');
  const { tsnr } = matter.messages[0].body;
  assert.equal([...tsnr].length, 60);
  assert.match(tsnr, /^消费后发现变质食品.*……【超长，已截断】$/);
  await house.close();
});
