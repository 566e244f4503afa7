// Every service of a work order, from the wire in to the wire out, in order with the order itself.
import test from 'node:test';
import assert from 'node:assert/strict';
import { House, order } from './lib/gateway.mjs';

const no = 'GD202600000001';
const later = (more) => ({ orderNum: no, type: '投诉', actTime: '2026-11-25 10:20:30', operator: '刘芳', content: '商家已关门。', ...more });

// What the hotline does later → what the platform gets of it.
const toPlatform = [
  ['workorder.supplement', { round: 2 }, { action: '补充', round: 2, tsnr: '商家已关门。', accregpername: '刘*' }],
  ['workorder.urge', { count: 3 }, { action: '催办', count: 3 }],
  ['workorder.supervise', { count: 1, deadline: '2026-12-01 18:00:00', unitName: '市政府督查室' }, { action: '督办', count: 1, deadline: '2026-12-01 18:00:00', unit: '市政府督查室' }],
  ['workorder.redispatch', { round: 2, deadline: '2026-12-02 18:00:00' }, { action: '重派', round: 2 }],
  ['workorder.extension', { decision: '同意', days: 5, deadline: '2026-12-06 18:00:00' }, { action: '延期批复', solved: 'granted', days: 5 }],
  ['workorder.visit', { connected: '1', solved: '0', firstSatisfied: '0', finalSatisfied: '2' }, { action: '回访', connected: '1', solved: '0', firstSatisfied: '0', finalSatisfied: '2' }],
  ['workorder.withdraw', { reasonCode: '7' }, { action: '撤单', reasonCode: '7' }],
];
// What the platform says → what the hotline gets of it.
const state = { sourcePartner: 'city-a', workOrderNo: no, caseid: '1110105202611240000000001', infotype: '1', time: '2026-11-24T10:00:00+08:00', unit: '海淀区市场监督管理局', officer: '王建国' };
const toHotline = [
  ['workorder.sign', { state: 'REGISTERED' }, { nodeCode: '10', operator: '王**' }],
  ['workorder.extension', { days: 15, deadline: '2026-12-30T00:00:00+08:00', note: '等待检测结果' }, { days: 15, deadline: '2026-12-30 00:00:00', reason: '等待检测结果' }],
  ['workorder.progress', { state: 'IN_PROGRESS', note: '正在调查。' }, { nodeCode: '40', remark: '正在调查。' }],
  ['workorder.return', { state: 'RETURNED', reasonCode: '8', note: '不属本职。' }, { nodeCode: '90', remark: '不属本职。' }],
  ['workorder.result', { state: 'MEDIATED', result: '0', recover: '1,280.50', note: '双方达成一致。' }, { nodeCode: '50', result: '0', recoverMoney: '1280.50', replyContent: '双方达成一致。' }],
];

test('all services of a work order arrive, each as it should look, in the order of their sending', async () => {
  const house = await House.open();
  assert.equal((await house.atHotline('submit', { order: order(1) })).status, 202);
  for (const [service, more] of toPlatform) {
    const sent = await house.atHotline('submit', { service, order: later(more) });
    assert.equal(sent.status, 202, `${service}: ${sent.body}`);
    assert.equal(sent.headers['tongqu-state'], 'stored', service);
  }
  for (const [service, more] of toHotline) {
    const sent = await house.atPlatform('state', { service, ...state, ...more });
    assert.equal(sent.status, 202, `${service}: ${sent.body}`);
  }
  await house.settled();
  const [matter] = await house.atPlatform(`matters?order=${no}`);
  assert.deepEqual(matter.messages.slice(1).map((m) => m.body.action), toPlatform.map(([, , expected]) => expected.action));
  toPlatform.forEach(([service, , expected], i) => {
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(matter.messages[i + 1].body[name], value, `${service} ${name}`);
  });
  const arrived = await house.atHotline(`states?order=${no}`);
  assert.deepEqual(arrived.map((s) => s.service), toHotline.map(([service]) => service));
  toHotline.forEach(([service, , expected], i) => {
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(arrived[i][name], value, `${service} ${name}`);
  });
  await house.close();
});

test('of a report the hotline learns the state and no more, and what it adds stays the informant\'s', async () => {
  const house = await House.open();
  const secret = '我在该厂仓库上班';
  assert.equal((await house.atHotline('submit', { order: order(1, { type: '举报' }) })).status, 202);
  for (const type of ['举报', undefined]) {
    const sent = await house.atHotline('submit', { service: 'workorder.supplement', order: later({ type, content: secret }) });
    assert.equal(sent.status, 202, sent.body);
  }
  for (const infotype of ['2', undefined]) {
    for (const service of ['workorder.progress', 'workorder.return', 'workorder.result']) {
      const sent = await house.atPlatform('state', { service, ...state, infotype, state: 'IN_PROGRESS', reasonCode: service.endsWith('return') ? '8' : undefined, note: secret });
      assert.equal(sent.status, 202, sent.body);
    }
  }
  await house.settled();
  const arrived = await house.atHotline(`states?order=${no}`);
  assert.equal(arrived.length, 6);
  for (const one of arrived) assert.doesNotMatch(JSON.stringify(one), new RegExp(secret));
  const [matter] = await house.atPlatform(`matters?order=${no}`);
  for (const one of matter.messages.slice(1)) {
    assert.equal(one.body.jbnr, secret);
    assert.equal(one.body.tsnr, undefined);
  }
  await house.close();
});
