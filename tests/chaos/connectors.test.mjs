// The same list of faults against every connector: one row a partner, one column a fault. Nothing is lost, nothing takes
// effect twice, the order of a matter is kept (the stand-ins watch it), and the hotline of city A does not notice.
// TONGQU_PARTNERS: names of partners, to run those only.
import test from 'node:test';
import assert from 'node:assert/strict';
import { House, slow, until } from '../integration/lib/gateway.mjs';
import { partnerNames, withNeeds } from '../../sandbox/partners/index.mjs';
import { Client, auditOf, chance, deadLetters, load, pause } from '../integration/lib/traffic.mjs';

const wanted = process.env.TONGQU_PARTNERS?.split(',');
const partners = (await partnerNames()).filter((name) => !wanted || wanted.includes(name));
const messages = 12;

const faults = [
  { mode: 'slow', count: 3, ms: 800 * slow },
  { mode: 'silent', count: 2, ms: 1500 * slow },
  { mode: 'error', count: 4, ms: 0 },
  { mode: 'cut', count: 3, ms: 300 },
  { mode: 'garbage', count: 2, ms: 0 },
  { mode: 'duplicate', count: 3, ms: 0 },
  { mode: 'refuse', count: 1, ms: 0 },
  { mode: 'down', count: 1, ms: 1500 * slow },
];

// Waits and retries of seconds and minutes become those of a test.
const impatient = (partner) => (house) => house.edit(`partners/${partner}.yaml`, (text) => text
  .replaceAll(/^(\s+)first: .*$/gm, '$1first: 100ms').replaceAll(/^(\s+)max: \d+m$/gm, '$1max: 500ms').replaceAll(/^(\s+)open_for: .*$/gm, '$1open_for: 300ms')
  .replaceAll(/^(\s+)poll: .*$/gm, '$1poll: 100ms').replaceAll(/^(\s+)lease: .*$/gm, '$1lease: 2s'));

const open = async (partner) => House.open({ standins: await withNeeds(partner), change: impatient(partner) });

// Of a registry nothing is stored: who asked has its answer, and each question that left has its end in the audit log.
function differenceOfQueries(house, said, { calls }) {
  if (said.asked !== said.answered) return `asked ${said.asked}, answered ${said.answered}`;
  if (calls > 0) return `${calls} calls under way`;
  const { entries } = auditOf(house);
  const ended = new Set(entries.flatMap((entry) => ({ answered: [entry.question], abandoned: [entry.exchange] })[entry.kind] ?? []));
  const open = entries.filter((entry) => entry.kind === 'asked' && !ended.has(entry.exchange)).length;
  return open > 0 ? `${open} questions without an end` : '';
}

async function difference(house, partner, standin) {
  const { body } = await house.atAdmin('status');
  if (!body) return 'no status';
  const g = { stored: 0, queued: 0, delivered: 0, dead: 0, noAnswer: 0, ...body.partners.find((p) => p.partner === partner) };
  const said = { turnedBack: 0, problems: [], ...(await standin.figures()) };
  assert.deepEqual(said.problems, []);
  const registry = body.registries.find((one) => one.partner === partner);
  if (registry) return differenceOfQueries(house, said, registry);
  if (g.queued > 0 || body.waiting > 0) return `${g.queued} queued`;
  if (said.sent !== g.stored + said.turnedBack) return `handed over ${said.sent}, stored ${g.stored}, to be turned back ${said.turnedBack}`;
  if (said.received !== g.delivered) return `delivered ${g.delivered}, arrived ${said.received}`;
  return '';
}

// What an operator does after a partner's bad day, until both sides say the same.
async function settles(house, partner, standin) {
  let last = '';
  await until(`${partner} and the gateway say the same`, async () => {
    for (const state of ['dead', 'no-answer']) {
      for (const message of deadLetters(house, state, partner)) house.cli('dead-letters', 'replay', message.message, '--reason', '对方已恢复');
    }
    last = await difference(house, partner, standin);
    return last === '';
  }, 60).catch((error) => { throw new Error(`${error.message}: ${last}`); });
}

for (const partner of partners) {
  for (const fault of faults) {
    test(`${partner}: ${fault.mode}`, { timeout: 150000 * slow }, async (t) => {
      const house = await open(partner);
      const { standin } = house.standins.at(-1);
      const client = new Client(house);
      await standin.send(2);
      await settles(house, partner, standin);
      try {
        await standin.misbehave(fault);
      } catch (error) {
        t.diagnostic(`not in this protocol: ${error.message}`);
      }
      const sending = standin.send(messages);
      const undisturbed = await load(client, { matters: 10, versions: 1 });
      await until('the orders of city A arrive meanwhile', async () => (await house.atPlatform('matters')).filter((m) => m.key.startsWith('city-a|')).length === undisturbed.size);
      await sending;
      await settles(house, partner, standin);
      const said = await standin.figures();
      assert.ok(said.sent + said.received >= messages, 'there was traffic');
      client.close();
      await house.close();
    });
  }

  test(`${partner}: the gateway is killed again and again`, { timeout: 240000 * slow }, async () => {
    const house = await open(partner);
    const { standin } = house.standins.at(-1);
    const random = chance();
    const ports = (text) => { // the same addresses after each start
      let next = 0;
      const given = [house.partners, house.admin].map((url) => new URL(url).port);
      return text.replaceAll(/port: \d+/g, () => `port: ${given[next++]}`);
    };
    house.edit('gateway.yaml', ports);
    let over = false;
    const sending = standin.send(messages * 2).finally(() => { over = true; });
    for (let i = 0; i < 6; i += 1) {
      await pause(random.between(20, 400) * slow);
      house.gateway.kill('SIGKILL');
      await house.gateway.exited;
      await house.run();
    }
    await sending;
    assert.ok(over);
    await settles(house, partner, standin);
    await house.close();
  });
}
