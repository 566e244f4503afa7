// One work order from the hotline to the platform and its state back, in both suites, and through the pull inbox.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { House, order, until } from './lib/gateway.mjs';

for (const suite of ['gm', 'intl']) {
  test(`work order is stored, delivered, receipted and its state comes back (${suite})`, async () => {
    const house = await House.open({ suite });
    const answer = await house.atHotline('submit', { order: order(1) });
    assert.equal(answer.status, 202, answer.body);
    assert.equal(answer.headers['tongqu-state'], 'stored');
    const receipt = JSON.parse(answer.body);
    assert.equal(receipt.receipt, 'stored');
    assert.equal(receipt.notice, '本回执不代表受理决定');
    assert.doesNotMatch(answer.body.replace('本回执不代表受理决定', ''), /受理/);

    const file = path.join(house.folder, 'receipt.json');
    fs.writeFileSync(file, answer.body);
    const key = house.cli('keys', 'verifier', '-c', house.config, '--secrets', house.secrets);
    assert.equal(key.code, 0, key.out);
    const keyFile = path.join(house.folder, 'log.vkey');
    fs.writeFileSync(keyFile, key.out);
    const verified = house.cli('audit', 'verify', '--key', keyFile, file);
    assert.equal(verified.code, 0, verified.out);

    await house.settled();
    const [matter] = await house.atPlatform('matters?order=GD202600000001');
    assert.equal(matter.messages.length, 1);
    // Exactly what policies/p12315.yaml says: the complainant in clear, numbers of documents, of the line and the
    // operator's name masked, the e-mail address not mapped, nothing of an informant.
    assert.deepEqual(matter.messages[0].body, {
      messageId: receipt.entry.exchange, sourcePartner: 'city-a', workOrderNo: 'GD202600000001', infotype: '1', regtime: '2026-11-20 09:12:23', receivemode: '8',
      providername: '段正淳', providertel: '18049531999', provideraddr: '海淀区马连洼街道289号', idnumber: '5***************1X', rqstnumber: '0915*****79',
      subjectname: '某某火锅店', addr: '朝阳区建国路1号', socialcode: '91350100M000100Y43', linknumber: '010-65000000', objname: '火锅套餐', monetary: '1280.50',
      applbasquename: matter.messages[0].body.applbasquename, tsnr: '消费后发现变质食品，商家拒绝退款。', appealcontent: '请求退款并赔偿。', accsce: '朝阳区建国路1号', accregpername: '刘*', secrequired: '0', urgency: matter.messages[0].body.urgency,
    });

    const shown = house.cli('exchanges', 'show', receipt.entry.exchange, '--format', 'json');
    assert.equal(shown.code, 0, shown.out);
    const exchange = JSON.parse(shown.out);
    assert.equal(exchange.exchange[0].state, 'delivered');
    assert.equal(exchange.deliveredReceipts.length, 1);
    fs.writeFileSync(file, exchange.deliveredReceipts[0]);
    assert.equal(house.cli('audit', 'verify', '--key', keyFile, file).code, 0);

    const states = [['workorder.sign', 'REGISTERED', {}], ['workorder.progress', 'IN_PROGRESS', { infotype: '1', note: '正在调查' }], ['workorder.return', 'RETURNED', { infotype: '1', reasonCode: '8', note: '不属本职' }]];
    for (const [service, state, more] of states) {
      const sent = await house.atPlatform('state', { service, sourcePartner: 'city-a', workOrderNo: 'GD202600000001', caseid: '1110105202611240000000001', time: '2026-11-24T10:00:00+08:00', state, unit: '海淀区市场监督管理局', officer: '王建国', ...more });
      assert.equal(sent.status, 202, sent.body);
    }
    const back = await until('three states at the hotline', async () => {
      const list = await house.atHotline('states?order=GD202600000001');
      return list.length === 3 && list;
    });
    assert.deepEqual(back.map((s) => [s.orderNum, s.nationalNo, s.operator, s.remark]), [
      ['GD202600000001', '1110105202611240000000001', '王**', undefined], ['GD202600000001', '1110105202611240000000001', '王**', '正在调查'], ['GD202600000001', '1110105202611240000000001', '王**', '不属本职']]);
    await house.close();
  });
}

test('a state for a matter that the hotline never sent goes to nobody', async () => {
  const house = await House.open();
  const sent = await house.atPlatform('state', { service: 'workorder.sign', sourcePartner: 'city-a', workOrderNo: 'GD404', time: '2026-11-24T10:00:00+08:00', state: 'REGISTERED' });
  assert.equal(sent.status, 404, sent.body);
  assert.equal(JSON.parse(sent.body).code, 'route.origin');
  assert.equal((await house.atHotline('stats')).states, 0);
  await house.close();
});

test('the informant of a report stays masked', async () => {
  const house = await House.open();
  const answer = await house.atHotline('submit', { order: order(2, { type: '举报', secret: '1' }) });
  assert.equal(answer.status, 202, answer.body);
  await house.settled();
  const [matter] = await house.atPlatform('matters?order=GD202600000002');
  const body = matter.messages[0].body;
  assert.equal(body.informantname, '段**');
  assert.equal(body.informanttel, '180****1999');
  for (const absent of ['providername', 'providertel', 'provideraddr', 'idnumber', 'rqstnumber', 'tsnr', 'accsce']) assert.equal(body[absent], undefined, absent);
  assert.equal(JSON.stringify(body).includes('18049531999'), false);
  assert.equal(JSON.stringify(body).includes('正淳'), false);
  await house.close();
});

test('the platform may pull instead of being called', async () => {
  const house = await House.open({ pull: true });
  for (let n = 1; n <= 5; n += 1) assert.equal((await house.atHotline('submit', { order: order(n) })).status, 202);
  const pulled = await house.atPlatform('pull', { limit: 10 });
  assert.deepEqual([pulled.status, pulled.count], [200, 5]);
  await house.settled();
  assert.equal((await house.atPlatform('pull', { limit: 10 })).count, 0);
  assert.equal((await house.atPlatform('stats')).distinct, 5);
  await house.close();
});
