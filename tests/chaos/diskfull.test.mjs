// The disk runs full under the gateway: new work is told to come later, what was stored stays, and when there is space again
// it goes on without a restart. The state lies on a small tmpfs; without the right to mount one the tests are skipped.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House, slow, temporaryFolder, until } from '../integration/lib/gateway.mjs';
import { Client, auditOf, countsOf, load, provesArrival, provesAudit, versionOf } from '../integration/lib/traffic.mjs';

const mounted = new Set();
process.on('exit', () => { for (const folder of mounted) unmount(folder); });

function mount(sizeMiB) {
  const folder = temporaryFolder('disk');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=0700`, 'tmpfs', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    return { why: `no tmpfs can be mounted here: ${String(error.stderr ?? error.message).trim()}` };
  }
  mounted.add(folder);
  return { folder };
}

function unmount(folder) {
  if (!mounted.delete(folder)) return;
  try { execFileSync('umount', [folder], { stdio: 'ignore' }); } catch { execFileSync('umount', ['-l', folder], { stdio: 'ignore' }); }
}

const freeBytes = (folder) => { const { bavail, bsize } = fs.statfsSync(folder); return bavail * bsize; };

// Fills the disk up to `left` bytes of free space, with 0 until a write fails.
function fill(folder, left) {
  const file = fs.openSync(path.join(folder, 'ballast'), 'a');
  try {
    const block = Buffer.alloc(64 * 1024, 1);
    for (let limit = 0; limit < 100000; limit += 1) {
      const room = freeBytes(folder) - left;
      if (left > 0 && room <= 0) break;
      fs.writeSync(file, block, 0, left > 0 ? Math.min(block.length, room) : 4096);
    }
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  } finally {
    fs.closeSync(file);
  }
}

const makeRoom = (folder) => fs.rmSync(path.join(folder, 'ballast'));

async function turnedAway(client, n) {
  const answer = await client.submit(versionOf(n, 1));
  assert.equal(answer.status, 503, answer.text);
  assert.match(answer.headers['retry-after'] ?? '', /^[1-9]\d*$/);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  return JSON.parse(answer.text);
}

async function onSmallDisk(t, run) {
  const disk = mount(64);
  if (disk.why) { t.skip(disk.why); return; }
  const house = await House.open({
    change: (h) => h.edit('gateway.yaml', (text) => `${text.replace(/state_dir: .*/, `state_dir: ${path.join(disk.folder, 'state')}`)}\nstore:\n  reserve_free_bytes: 4MiB\n`),
  });
  const client = new Client(house);
  try {
    await run(house, client, disk.folder);
  } finally {
    client.close();
    await house.close();
    unmount(disk.folder);
  }
}

async function pausePlatform(house, verb) { return house.atAdmin(`partners/p12315/${verb}`, { reason: 'disk test', actor: 'operator' }); }

test('below the reserve: new work is told to come later, what was stored is delivered', { timeout: 120000 * slow }, async (t) => {
  await onSmallDisk(t, async (house, client, disk) => {
    assert.equal((await pausePlatform(house, 'pause')).status, 200);
    const sent = await load(client, { matters: 20, versions: 2 });
    fill(disk, 1 << 20); // the acts of delivering need more than this, unless the space of the journal is used again
    const refused = await turnedAway(client, 900);
    assert.match(refused.code, /^(gateway|store)\./);
    // Settling, audit and operators' acts go on in the reserve.
    const resumed = await pausePlatform(house, 'resume');
    assert.equal(resumed.status, 200, resumed.text);
    await house.settled();
    await provesArrival(house, sent);
    await turnedAway(client, 900);
    makeRoom(disk);
    const later = await until('the gateway takes new work again', async () => { const a = await client.submit(versionOf(900, 1)); return a.status === 202 && a; });
    sent.set(900, [{ n: 900, version: 1, body: JSON.stringify(versionOf(900, 1)), receipt: later.text, parsed: JSON.parse(later.text) }]);
    await house.settled();
    await provesArrival(house, sent);
    provesAudit(house, sent);
  });
});

test('not a byte left: nothing is answered as stored, nothing stored is lost, no restart is needed', { timeout: 120000 * slow }, async (t) => {
  await onSmallDisk(t, async (house, client, disk) => {
    await house.atPlatform('control', { mode: 'slow', count: 1000000, ms: 150 });
    const loading = load(client, { matters: 60, versions: 2, parallel: 8 });
    await until('some of it is stored', async () => (await countsOf(house, 'city-a'))?.stored >= 20);
    fill(disk, 0);
    await turnedAway(client, 901);
    const stored = (await countsOf(house, 'city-a')).stored;
    for (let n = 902; n < 910; n += 1) await turnedAway(client, n);
    assert.equal((await countsOf(house, 'city-a')).stored, stored, 'stored although it said later');
    const reads = await house.atAdmin('exchanges?limit=10');
    assert.equal(reads.status, 200, reads.text);
    const pid = house.gateway.pid;
    makeRoom(disk);
    await house.atPlatform('control', { mode: 'none', count: 0 });
    const sent = await loading; // the senders insisted all the while
    assert.equal(house.gateway.pid, pid);
    assert.equal(house.gateway.exitCode, null, 'the gateway ended');
    await house.settled();
    await provesArrival(house, sent);
    provesAudit(house, sent);
  });
});

test('full while it starts anew: says so or serves reads, loses nothing, and starts when there is space', { timeout: 120000 * slow }, async (t) => {
  await onSmallDisk(t, async (house, client, disk) => {
    const sent = await load(client, { matters: 10, versions: 2 });
    await house.settled();
    fill(disk, 0);
    house.gateway.kill('SIGKILL');
    await house.gateway.exited;
    let started = true;
    try {
      await house.run();
    } catch (error) {
      started = false;
      assert.match(String(error.message), /store\.|磁盘|存储|disk|audit/, 'it has to say why it does not start');
    }
    if (started) await turnedAway(client, 903);
    makeRoom(disk);
    if (!started) await house.run();
    await client.insist(JSON.stringify(versionOf(1, 1))).then((again) => assert.equal(again.receipt, sent.get(1)[0].receipt));
    await house.settled();
    await provesArrival(house, sent);
    auditOf(house);
  });
});
