// Emergency command over REST: incidents and warnings out with the reporter masked, commands, acknowledgements and
// all-clears in; bearer tokens both ways.
import test from 'node:test';
import assert from 'node:assert/strict';
import { House, until } from './lib/gateway.mjs';
import * as emergency from '../../sandbox/partners/emergency-rest.mjs';

async function open() {
  const house = await House.open({ partners: ['city-a', 'p12315', 'emergency-rest'] });
  house.emergency = await emergency.open({
    secrets: house.secrets, log: () => {}, edit: (file, edit) => house.edit(file, edit), gateway: () => house.partners, platform: (what, body) => house.atPlatform(what, body),
  });
  house.edit('partners/emergency-rest.yaml', (text) => text.replace('first: 500ms', 'first: 50ms').replace('max: 30s', 'max: 200ms').replace('open_for: 5s', 'open_for: 100ms'));
  const reloaded = house.cli('reload');
  assert.equal(reloaded.code, 0, reloaded.out);
  house.rows = () => [...house.emergency.rows.values()].map((row) => JSON.parse(row));
  house.tell = async (row) => { const answer = await house.atPlatform('state', row); assert.equal(answer.status, 202, answer.body); };
  house.shut = async () => { await house.close(); await house.emergency.close(); };
  return house;
}

test('incidents and warnings arrive, the reporter masked', async () => {
  const house = await open();
  await house.tell(emergency.incident(1));
  await house.tell(emergency.warning(2));
  await house.settled();
  const [incident] = house.rows().filter((row) => row.messageType === 'INCIDENT');
  const [warning] = house.rows().filter((row) => row.messageType === 'WARNING');
  assert.equal(incident.matterNo, 'YJ2026000001');
  assert.equal(incident.occurTime, '2026-11-24 09:40:00');
  assert.deepEqual([incident.grade, incident.injuries, incident.deaths], ['4', 1, 0]);
  assert.deepEqual([warning.level, warning.expireTime], ['2', '2026-11-25 10:00:00']);
  assert.equal(incident.reporter, '段**');
  assert.equal(incident.reporterPhone, '180****1999');
  assert.ok(!JSON.stringify(house.rows()).includes('18049531999'));
  assert.deepEqual((await house.emergency.figures()).problems, []);
  await house.shut();
});

test('BUSY is repeated, a lost answer is a duplicate and delivered, INVALID is refused', async () => {
  const house = await open();
  house.emergency.faults.arm({ mode: 'later', count: 2 });
  await house.tell(emergency.incident(1));
  await house.settled();
  house.emergency.faults.arm({ mode: 'cut', count: 1 });
  await house.tell(emergency.incident(2));
  await house.settled();
  assert.equal((await house.emergency.figures()).repeated, 1);
  house.emergency.faults.arm({ mode: 'refuse', count: 1 });
  await house.tell(emergency.incident(3));
  await until('a dead letter', async () => (await house.atAdmin('status')).body.lanes.find((lane) => lane.partner === 'emergency-rest').lastCode === 'http.answer-refused');
  assert.equal(house.rows().length, 2);
  await house.shut();
});

test('commands, acknowledgements and all-clears reach the platform; strangers and misfits do not', async () => {
  const house = await open();
  for (const service of ['emergency.command', 'emergency.ack', 'emergency.all-clear']) {
    const answer = await house.emergency.say(service, 1);
    assert.equal(answer.status, 202, answer.body);
  }
  await house.settled();
  assert.equal((await house.atPlatform('stats')).distinct, 3);
  const stranger = await house.emergency.say('emergency.command', 2, {}, 'Bearer another-token-0123456789');
  assert.equal(stranger.status, 401, stranger.body);
  const misfit = await house.emergency.say('emergency.command', 3, { noticeType: 'ACK' });
  assert.equal(misfit.status, 400, misfit.body);
  const unanswered = await house.emergency.say('emergency.ack', 4, { refNo: undefined });
  assert.equal(unanswered.status, 400, unanswered.body);
  await house.shut();
});
