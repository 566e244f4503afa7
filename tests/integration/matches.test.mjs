// Whether other matters have the same person, phone or address, asked without reading a value.
import test from 'node:test';
import assert from 'node:assert/strict';
import { House, order, slow } from './lib/gateway.mjs';
import { Client } from './lib/traffic.mjs';

test('the same person, phone and address are found by hash, in the same role only', { timeout: 90000 * slow }, async () => {
  const house = await House.open();
  const client = new Client(house);
  const sent = async (n, more) => {
    const answer = await client.submit(order(n, more));
    assert.equal(answer.status, 202, answer.text);
    return JSON.parse(answer.text).entry.exchange;
  };
  const first = await sent(1);
  const samePhone = await sent(2, { callerName: '王二', callerIdNo: '', callerAddress: '西城区某路8号', callerPhone: '+86 180-4953-1999', inNumber: '' });
  const sameHome = await sent(3, { callerName: '李三', callerIdNo: '', callerAddress: '海淀区 马连洼街道２８９号', callerPhone: '13911112222', inNumber: '' });
  const report = await sent(4, { type: '举报' });
  const ask = (id, ...args) => {
    const { code, out } = house.cli('exchanges', 'matches', id, '--reason', '核对是否同一人', '--format', 'json', ...args);
    assert.equal(code, 0, out);
    return { out, rows: JSON.parse(out).matches };
  };
  const others = ({ rows }, kind) => rows.filter((row) => row.kind === kind).map((row) => row.exchanges);

  const all = ask(first);
  assert.ok(all.rows.every((row) => row.role === 'complainant'), all.out);
  assert.ok(others(all, 'phone').some((list) => list.length === 1 && list[0] === samePhone), all.out);
  assert.deepEqual(others(all, 'address'), [[sameHome]]);
  assert.deepEqual(others(all, 'name'), [[]], 'the same person as an informant is not a match of the complainant');
  assert.ok(!all.out.includes(report), 'nobody learns from a complaint that the person also reported');
  assert.ok(!/段正淳|18049531999|马连洼/.test(all.out));
  assert.deepEqual(ask(report).rows, [], 'an informant is compared only when that is said');
  const again = await sent(5, { type: '举报' });
  assert.deepEqual(others(ask(report, '--role', 'informant', '--kind', 'phone'), 'phone')[0], [again]);

  assert.match(house.cli('exchanges', 'matches', first, '--reason', '核对', '--kind', 'address').out, new RegExp(sameHome));
  assert.equal(house.cli('exchanges', 'matches', first, '--kind', 'address').code, 2, 'without a reason nothing is asked');
  assert.equal(house.cli('exchanges', 'matches', '01ARZ3NDEKTSV4RRFFQ69G5FAV', '--reason', '核对').code, 1);
  const entries = (await house.atAdmin('audit/entries?from=0&limit=1000')).text.trim().split('\n').map((line) => JSON.parse(line)).filter((entry) => entry.kind === 'matches-asked');
  assert.equal(entries.length, 4);
  assert.deepEqual([entries[2].role, entries[2].criteria, entries[2].exchange], ['informant', 'phone', report]);
  client.close();
  await house.close();
});
