// The same request twice, the same key with another body, no key at all.
import test from 'node:test';
import assert from 'node:assert/strict';
import { House, order } from './lib/gateway.mjs';

test('same key, same body: the same receipt byte for byte and one delivery', async () => {
  const house = await House.open();
  const first = await house.atHotline('submit', { order: order(1), key: 'k-1' });
  const again = await house.atHotline('submit', { order: order(1), key: 'k-1' });
  assert.equal(first.status, 202, first.body);
  assert.equal(again.status, 202, again.body);
  assert.equal(again.body, first.body);
  assert.equal(again.headers['tongqu-repeated'], 'true');
  await house.settled();
  assert.equal((await house.atPlatform('stats')).received, 1);

  const other = await house.atHotline('submit', { order: order(1, { content: '另一份内容' }), key: 'k-1' });
  assert.equal(other.status, 409, other.body);
  assert.equal(JSON.parse(other.body).code, 'store.key-conflict');
  assert.match(JSON.parse(other.body).detail, /[一-鿿]/);
  await house.close();
});

test('without a key: same bytes, same receipt; another body under the number is a new version', async () => {
  const house = await House.open();
  const first = await house.atHotline('submit', { order: order(7) });
  const again = await house.atHotline('submit', { order: order(7) });
  assert.equal(again.body, first.body);
  const second = await house.atHotline('submit', { order: order(7, { operation: 'update', round: 2, content: '补充：商家已关门。' }) });
  assert.equal(second.status, 202, second.body);
  assert.notEqual(second.body, first.body);
  await house.settled();
  const [matter] = await house.atPlatform('matters?order=GD202600000007');
  assert.deepEqual(matter.messages.map((m) => m.body.tsnr), ['消费后发现变质食品，商家拒绝退款。', '补充：商家已关门。']);
  const shown = JSON.parse(house.cli('exchanges', 'list', '--matter', 'GD202600000007', '--format', 'json').out);
  assert.deepEqual(shown.exchanges.map((e) => e.version), [2, 1]);
  await house.close();
});

test('many identical requests at once are one exchange', async () => {
  const house = await House.open();
  const answers = await Promise.all(Array.from({ length: 20 }, () => house.atHotline('submit', { order: order(9) })));
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [202]);
  assert.equal(new Set(answers.map((a) => a.body)).size, 1);
  await house.settled();
  assert.equal((await house.atPlatform('stats')).received, 1);
  await house.close();
});

test('a wrong signature is turned back and nothing is stored', async () => {
  const house = await House.open();
  const answer = await house.atHotline('submit', { order: order(1), wrong: true });
  assert.equal(answer.status, 401, answer.body);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const { body } = await house.atAdmin('exchanges');
  assert.equal(body.exchanges.length, 0);
  await house.close();
});
