// Complaints, reports and consultations that an intake registered itself, and what changes of them: all are collected by the platform.
import test from 'node:test';
import assert from 'node:assert/strict';
import { House } from './lib/gateway.mjs';

const company = { name: '某某火锅店', code: '91350100M000100Y43', address: '朝阳区建国路1号' };
const matter = (no, more = {}) => ({ regNo: no, version: 1, receivedAt: '2026-11-26 09:30:00', mode: '3', name: '段正淳', phone: '18049531999', address: '海淀区中关村大街1号', idNo: '11010519491231002X', content: '火锅底料过期', questionCode: '1001', company, ...more });
const consultation = (no, more = {}) => ({ regNo: no, version: 1, receivedAt: '2026-11-26 09:30:00', mode: '1', name: '段正淳', phone: '18049531999', question: '退货期限如何计算？', ...more });

test('registered, changed, sent again: the platform has each version once, in order', async () => {
  const house = await House.open();
  const send = (service, body) => house.atHotline('submit', { service, order: body });
  const sent = [
    ['complaint.register', matter('JA1', { request: '退货退款', publishConsent: '1' })],
    ['complaint.update', matter('JA1', { version: 2, content: '商家已同意退款' })],
    ['consultation.register', consultation('JC1')],
    ['consultation.update', consultation('JC1', { version: 2, answer: '自签收次日起算。', answeredAt: '2026-11-26 10:00:00' })],
  ];
  for (const [service, body] of sent) assert.equal((await send(service, body)).status, 202, service);
  for (const [service, body] of sent) assert.equal((await send(service, body)).status, 202, `${service} again`);
  await house.settled();
  const [complaint] = await house.atPlatform('matters?order=JA1');
  assert.deepEqual(complaint.messages.map((m) => m.body.tsnr), ['火锅底料过期', '商家已同意退款']);
  assert.equal(complaint.messages[0].body.providertel, '18049531999');
  assert.equal(complaint.messages[0].body.idnumber, '1***************2X');
  const [asked] = await house.atPlatform('matters?order=JC1');
  assert.deepEqual(asked.messages.map((m) => m.body.dfnr), [undefined, '自签收次日起算。']);
  await house.close();
});

test('the informant of a registered report is masked, the place and order of the purchase stay behind', async () => {
  const house = await House.open();
  const report = matter('JB1', { realName: '1', orderNo: 'D20261101', place: '朝阳区建国路仓库' });
  assert.equal((await house.atHotline('submit', { service: 'report.register', order: report })).status, 202);
  const anonymous = { ...matter('JB2'), name: undefined, phone: undefined, address: undefined, idNo: undefined };
  assert.equal((await house.atHotline('submit', { service: 'report.register', order: anonymous })).status, 202);
  await house.settled();
  const [told] = await house.atPlatform('matters?order=JB1');
  const { body } = told.messages[0];
  assert.equal(body.informantname, '段**');
  assert.equal(body.informanttel, '180****1999');
  assert.equal(body.jbnr, '火锅底料过期');
  for (const secret of ['段正淳', '18049531999', '11010519491231002X', '中关村', 'D20261101', '建国路仓库']) assert.ok(!JSON.stringify(body).includes(secret), secret);
  assert.equal((await house.atPlatform('matters?order=JB2'))[0].messages[0].body.informantname, undefined);
  await house.close();
});

test('faults wait for a person, what cannot be keyed is turned back', async () => {
  const house = await House.open();
  const held = await house.atHotline('submit', { service: 'complaint.register', order: matter('JA2', { phone: '没有', questionCode: 'XX' }) });
  assert.equal(held.status, 202);
  assert.equal(held.headers['tongqu-state'], 'held');
  const refused = await house.atHotline('submit', { service: 'complaint.register', order: matter(undefined) });
  assert.equal(refused.status, 400, refused.body);
  await house.close();
});
