// Daily supervision by a front database, beside the one that listens to events: each clue goes to the one system it is for, once;
// results come as rows.
import test from 'node:test';
import assert from 'node:assert/strict';
import { House, slow, stop, until } from './lib/gateway.mjs';
import { row } from '../../sandbox/partners/daily-db.mjs';
import { clue } from '../../sandbox/partners/daily.mjs';

const quick = (made) => made.edit('partners/daily-db.yaml', (text) => text.replace('poll: 500ms', 'poll: 50ms').replace('lease: 2m', 'lease: 2s').replace('first: 500ms', 'first: 100ms').replace('open_for: 10s', 'open_for: 300ms'));
const open = async (names = ['daily', 'daily-db']) => {
  const house = await House.open({ standins: names, change: quick });
  return { house, standins: names.map((name) => house.standins.find((one) => one.partner === name).standin) };
};
const countsOf = async (house, partner) => (await house.atAdmin('status')).body.partners.find((one) => one.partner === partner);

test('a clue goes to the system that its code names, once, with the trader and nothing of who complained', { timeout: 120000 * slow }, async () => {
  const { house, standins: [daily, front] } = await open();
  const tell = (n, more) => house.atPlatform('state', { service: 'supervision.event', ...clue(n, more) });
  assert.equal((await front.pass(1)).status, 202);
  assert.equal((await tell(2, { system: '01' })).status, 202);
  assert.equal((await tell(3)).status, 202);
  assert.equal((await tell(4, { system: '09' })).status, 400, 'a system that nobody knows is no guess');
  await house.settled();
  await until('two events', () => daily.state.taken.size === 2);
  assert.deepEqual([...daily.state.taken.values()].map((event) => event.data.clueNo).sort(), ['XS2026000002', 'XS2026000003']);
  const rows = await front.clues();
  assert.equal(rows.length, 1);
  const [{ bwbh, bwlx, xrsj, zy, xh, ...got }] = rows;
  assert.ok(bwbh && xrsj && zy && xh && bwlx === 'XS');
  assert.deepEqual(got, {
    zt: 2, xsbh: 'XT2026000001', sxbh: '1110108202611240000000001', ywlx: '2', yssj: '2026-11-24 10:00:00', ysdw: '海淀区市场监督管理局', ztmc: '好再来超市', ztdz: '海淀区中关村大街1号',
    xydm: '91350100M000100Y43', spmc: '散装糕点', wtlb: '01', jjcd: '1', xszy: '涉嫌销售霉变食品。',
  });
  assert.deepEqual([(await countsOf(house, 'daily')).delivered, (await countsOf(house, 'daily-db')).delivered], [2, 1]);
  await house.close();
});

test('rows become results at the platform by the codes of this system; what has no known result is refused with its reason', { timeout: 120000 * slow }, async () => {
  const { house, standins: [front] } = await open(['daily-db']);
  await front.write([row(1, { jgdm: '0' }), row(2, { jgdm: '1', jgsm: '' }), row(3, { jgdm: '5' }), row(4, { rwbh: '' })]);
  await until('all rows have their end', async () => (await front.results()).every((one) => one.zt > 1));
  await house.settled();
  assert.deepEqual((await front.results()).map((one) => [one.zt, one.cwdm]), [[2, null], [2, null], [3, 'validate.faults'], [3, 'validate.faults']]);
  const events = (await house.atPlatform('matters')).flatMap((matter) => matter.messages).map((message) => message.body);
  assert.deepEqual(events.map((body) => [body.sourcePartner, body.taskNo, body.result, body.officer]).sort(), [['daily-db', 'TZ2026000001', 'qualified', '李*'], ['daily-db', 'TZ2026000002', 'unqualified', '李*']]);
  await house.close();
});

test('delivered is what the job of the other side took over; the gateway is killed meanwhile and no clue comes twice', { timeout: 180000 * slow }, async () => {
  const { house, standins: [front] } = await open(['daily-db']);
  front.work(false);
  for (let n = 1; n <= 40; n += 1) assert.equal((await front.pass(n)).status, 202);
  await until('clues are written', async () => (await front.clues()).length > 0);
  assert.equal((await countsOf(house, 'daily-db')).delivered, 0);
  front.work(true);
  for (let kill = 0; kill < 3; kill += 1) {
    const before = (await front.clues()).length;
    await until('some more', async () => { const now = (await front.clues()).length; return now > before || now === 40; });
    await stop(house.gateway, 'SIGKILL');
    await house.run();
  }
  await house.settled(120);
  assert.equal((await front.clues()).length, 40);
  assert.deepEqual(await front.figures(), { sent: 0, turnedBack: 0, received: 40, problems: [] });
  await house.close();
});
