// kill -9 of the gateway at random moments under load. What was answered is there, once, in order, and provable.
// TONGQU_KILLS: how often (default 20). TONGQU_SEED: the moments.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { House, binary, slow, stop, until } from '../integration/lib/gateway.mjs';
import { Client, chance, countsOf, load, pause, provesArrival, provesAudit, seed } from '../integration/lib/traffic.mjs';

const kills = Number(process.env.TONGQU_KILLS ?? 20);
const quick = (house) => house.edit('partners/p12315.yaml', (text) => text.replace('first: 500ms', 'first: 50ms').replace('max: 5m', 'max: 500ms').replace('open_for: 10s', 'open_for: 200ms'));

// A start that is killed before it is done.
async function dieWhileStarting(house, ms) {
  const child = spawn(binary, ['serve', '-c', house.config, '--secrets', house.secrets], { stdio: 'ignore' });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  await pause(ms);
  child.kill('SIGKILL');
  await exited;
}

test(`${kills} kills under load: nothing lost, nothing twice, order kept, log sound`, { timeout: (120 + kills * 8) * 1000 * slow }, async (t) => {
  t.diagnostic(`seed ${seed}`);
  const random = chance();
  const house = await House.open({ change: quick });
  const client = new Client(house);
  let over = false;
  const sending = load(client, { matters: 9000, versions: 4, parallel: 8, thinkMs: 40, stopped: () => over, random: chance(seed + 1) });
  sending.catch(() => { over = true; });
  for (let kill = 0; kill < kills && !over; kill += 1) {
    await pause(random.between(20, 500) * slow);
    await stop(house.gateway, 'SIGKILL');
    if (random.below(4) === 0) await dieWhileStarting(house, random.between(0, 150) * slow);
    await house.run();
  }
  over = true;
  const sent = await sending;
  const all = [...sent.values()].flat();
  await house.settled(120);

  const unanswered = all.filter((one) => one.unanswered > 0).length;
  t.diagnostic(`${all.length} orders of ${sent.size} matters, ${unanswered} repeated after no answer, ${all.filter((one) => one.repeated).length} of them had been stored`);
  assert.ok(all.length > kills, 'there was load');
  assert.ok(unanswered > 0, 'no request was interrupted: the kills missed the load');
  const count = await provesArrival(house, sent);
  const sender = await countsOf(house, 'city-a');
  const recipient = await countsOf(house, 'p12315');
  assert.equal(sender.stored, count);
  assert.deepEqual([recipient.delivered, recipient.queued, recipient.dead, recipient.noAnswer], [count, 0, 0, 0]);
  const entries = provesAudit(house, sent);
  assert.equal(entries.filter((entry) => entry.kind === 'configuration').length >= kills, true, 'each start is in the log');

  // Whoever asks again with the same bytes gets the first receipt, byte for byte, whatever happened in between.
  for (const one of [...all.filter((o) => o.unanswered > 0).slice(0, 50), ...all.slice(0, 20)]) {
    const again = await client.insist(one.body);
    assert.equal(again.receipt, one.receipt);
    assert.equal(again.repeated, true);
  }
  assert.equal((await countsOf(house, 'city-a')).stored, count);
  assert.equal((await client.insist(JSON.stringify({ ...JSON.parse(all[0].body), orderNum: 'GD-AFTER' }))).unanswered, 0);
  client.close();
  await house.settled();
  await house.close();
});

test('kill while the pull inbox is read: what was not acknowledged is offered again', { timeout: 120000 * slow }, async () => {
  const house = await House.open({ pull: true });
  const client = new Client(house);
  const sent = await load(client, { matters: 10, versions: 2, parallel: 4 });
  assert.equal((await house.atPlatform('pull', { limit: 5 })).count, 5);
  await stop(house.gateway, 'SIGKILL');
  await house.run();
  await until('the inbox is empty', async () => {
    assert.equal((await house.atPlatform('pull', { limit: 10 })).status, 200);
    return (await countsOf(house, 'p12315')).queued === 0;
  });
  await provesArrival(house, sent);
  client.close();
  await house.close();
});
