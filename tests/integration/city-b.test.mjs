// City B's hotline through its front database, end to end; and the gateway killed while rows are claimed.
import test from 'node:test';
import assert from 'node:assert/strict';
import path from 'node:path';
import { House, order, slow, stop, until } from './lib/gateway.mjs';
import { open, row } from '../../sandbox/partners/city-b.mjs';
import { Sqlite } from '../../sandbox/lib/sqlite.mjs';

const quick = (text) => text.replace('poll: 500ms', 'poll: 50ms').replace('lease: 2m', 'lease: 2s');

async function withHouse(work, edit = (text) => text) {
  let city;
  let sqlite;
  const house = await House.open({
    partners: ['city-a', 'city-b', 'p12315'],
    change: (made) => made.edit('partners/city-b.yaml', (text) => edit(quick(text)).replaceAll('file: front.db', `file: ${path.join(made.folder, 'front/front.db')}`)),
  });
  try {
    // The gateway runs before the partner's database is there: it waits for it.
    city = await open({ var: path.join(house.folder, 'front'), edit: () => {}, log: () => {} });
    sqlite = new Sqlite(path.join(house.folder, 'front/front.db'));
    await work(house, city, sqlite);
  } finally {
    await city?.close();
    await sqlite?.close();
    await house.close();
  }
}

test('rows become orders, the platform sees the masked view, the states come back as rows', { timeout: 120000 * slow }, async () => {
  await withHouse(async (house, city, sqlite) => {
    await city.send(20);
    await house.settled();
    const matters = await house.atPlatform('matters');
    assert.equal(matters.length, 20);
    const { body } = matters.map(({ messages }) => messages[0]).find((message) => message.body.infotype === '1');
    const { body: report } = matters.map(({ messages }) => messages[0]).find((message) => message.body.infotype === '2');
    assert.equal(body.sourcePartner, 'city-b');
    const [first] = await sqlite.run('SELECT * FROM jh_gdxx WHERE gdbh = ?', [body.workOrderNo]);
    assert.equal(first.zt, 2);
    assert.equal(first.lqcs, 1);
    assert.equal(body.infotype, { 1: '3', 2: '1', 3: '2' }[first.gdlx]);
    assert.notEqual(body.idnumber, first.zjhm, 'the number of the document is masked');
    assert.match(body.idnumber, /\*/);
    assert.equal(JSON.stringify(matters).includes('11010519491231002X'), false);

    const tell = (service, state, more, of = body) => house.atPlatform('state', { service, sourcePartner: 'city-b', workOrderNo: of.workOrderNo, infotype: of.infotype, caseid: '1110105202611240000000001', time: '2026-11-25T10:00:00.000+08:00', state, unit: '滨江区市场监督管理局', officer: '王建国', officerPhone: '01082610000', ...more });
    assert.equal((await tell('workorder.sign', 'REGISTERED')).status, 202);
    assert.equal((await tell('workorder.progress', 'IN_PROGRESS', { note: '正在调查' })).status, 202);
    assert.equal((await tell('workorder.return', 'RETURNED', { reasonCode: '8', note: '不属本职' })).status, 202);
    assert.equal((await tell('workorder.progress', 'IN_PROGRESS', { note: '举报人在该厂上班' }, report)).status, 202);
    await house.settled();
    const ofReport = await sqlite.run('SELECT * FROM jh_gdzt WHERE gdbh = ?', [report.workOrderNo]);
    assert.deepEqual(ofReport.map((s) => [s.hjdm, s.sm]), [['04', null]], 'of a report the hotline learns the state and no more');
    const states = await sqlite.run('SELECT * FROM jh_gdzt WHERE gdbh = ? ORDER BY xh', [body.workOrderNo]);
    assert.deepEqual(states.map((s) => [s.bwlx, s.hjdm, s.hjmc, s.thyy, s.sm, s.zt]), [
      ['QS', '01', '已签收', null, null, 0], ['JZ', '04', '办理中', null, '正在调查', 0], ['TD', '99', '已退单', '10', '不属本职', 0],
    ]);
    assert.equal(states[0].jbr, '王**');
    assert.equal(states[0].djbh, '1110105202611240000000001');
    assert.deepEqual(await city.figures(), { sent: 20, turnedBack: 0, received: 4, problems: [] });
  });
});

test('a poison row is marked and the others go on; a locked database is waited for', { timeout: 120000 * slow }, async () => {
  await withHouse(async (house, city, sqlite) => {
    await city.misbehave({ mode: 'garbage', count: 2 });
    await city.send(10);
    await city.misbehave({ mode: 'slow', ms: 3000 });
    await city.send(10);
    await house.settled();
    const failed = await sqlite.run('SELECT cwdm FROM jh_gdxx WHERE zt = 3');
    assert.deepEqual(failed.map((one) => one.cwdm), ['database.row-number', 'database.row-number']);
    assert.equal((await house.atPlatform('stats')).distinct, 20);
    assert.deepEqual((await city.figures()).problems, []);
  });
});

test('kill -9 while rows are claimed: every row once in effect', { timeout: 300000 * slow }, async (t) => {
  await withHouse(async (house, city, sqlite) => {
    const count = 600;
    await city.send(1);
    const rows = Array.from({ length: count }, (_, n) => row(order(n + 1)));
    const names = Object.keys(rows[0]);
    await sqlite.runMany(`INSERT INTO jh_gdxx (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, rows.map((one) => names.map((name) => one[name])));
    const states = async () => Object.fromEntries((await sqlite.run('SELECT zt, count(*) AS n FROM jh_gdxx GROUP BY zt')).map(({ zt, n }) => [zt, n]));
    let claimed = 0;
    for (let kill = 0; kill < 5; kill += 1) {
      await until('rows are claimed', async () => { const now = await states(); return (now[1] ?? 0) > 0 || !now[0]; });
      await stop(house.gateway, 'SIGKILL');
      claimed += (await states())[1] ?? 0;
      await house.run();
    }
    assert.ok(claimed > 0, 'no kill met a claimed row');
    t.diagnostic(`${claimed} rows were claimed when the gateway was killed`);
    await until('all rows are settled', async () => (await states())[2] === count + 1, 120);
    await house.settled(120);
    const matters = await house.atPlatform('matters');
    assert.equal(matters.length, count + 1);
    assert.ok(matters.every(({ messages }) => messages.length === 1), 'an order took effect twice');
    const { body } = await house.atAdmin('status');
    assert.equal(body.partners.find((p) => p.partner === 'city-b').stored, count + 1);
    const again = await sqlite.run('SELECT count(*) AS n FROM jh_gdxx WHERE lqcs > 1');
    assert.ok(again[0].n > 0, 'no row was taken a second time');
  });
});
