// A new configuration while the gateway runs: a bad one changes nothing and says where, a good one is swapped in between
// two messages, and what cannot be done without losing messages is refused.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { House, slow, stop, until } from './lib/gateway.mjs';
import { Client, auditOf, countsOf, load, matterOf, pause, versionOf } from './lib/traffic.mjs';

const activeConfig = async (house) => (await house.atAdmin('status')).body.config;
const hup = (house) => house.gateway.kill('SIGHUP');
const masked = (text) => text.replace('path: provider.phone, treatment: clear', 'path: provider.phone, treatment: mask, format: mobile');
const clear = (text) => text.replace('path: provider.phone, treatment: mask, format: mobile', 'path: provider.phone, treatment: clear');
const phoneAtPlatform = async (house, n) => (await house.atPlatform(`matters?order=${matterOf(n)}`))[0].messages[0].body.providertel;

for (const [what, file, change, place, says] of [
  ['a wrong word', 'partners/city-a.yaml', (text) => text.replace('scheme: hmac\n    key_id: city-a', 'scheme: hmca\n    key_id: city-a'), /partners\/city-a\.yaml:10:13/, /hmac/],
  ['a setting that does not exist', 'gateway.yaml', (text) => text.replace('io_threads: 2', 'io_treads: 2'), /gateway\.yaml:6:1/, /io_threads/],
  ['YAML that cannot be read', 'partners/p12315.yaml', (text) => text.replace('inbound:\n', 'inbound: [\n'), /partners\/p12315\.yaml:\d+:\d+/, /./],
  ['a mapping with a fault', 'mappings/p12315/matter-out.map', (text) => text.replace('$.order_no', '$.order_nr'), /mappings\/p12315\/matter-out\.map:\d+:\d+/, /order_no/],
  ['a route to nobody', 'routes/workorder-to-platform.yaml', (text) => text.replace('partner: p12315', 'partner: p12316'), /routes\/workorder-to-platform\.yaml:\d+:\d+/, /p12316/],
]) {
  test(`bad configuration changes nothing and says where: ${what}`, { timeout: 60000 * slow }, async () => {
    const house = await House.open();
    const client = new Client(house);
    const config = await activeConfig(house);
    const good = fs.readFileSync(path.join(house.config, file), 'utf8');
    assert.notEqual(change(good), good, 'the test breaks something');
    fs.writeFileSync(path.join(house.config, file), change(good));

    const reloaded = house.cli('reload');
    assert.equal(reloaded.code, 1, reloaded.out);
    assert.match(reloaded.out, place);
    assert.match(reloaded.out, says);
    const written = house.gateway.output.length;
    hup(house);
    await until('the log says where', () => place.test(house.gateway.output.slice(written)));
    assert.match(house.gateway.output.slice(written), says);

    assert.equal(await activeConfig(house), config);
    assert.equal((await client.submit(versionOf(1, 1))).status, 202);
    await house.settled();
    const { text } = await house.atAdmin('audit/entries?limit=1000');
    assert.equal(text.split('\n').filter((line) => line.includes('"kind":"configuration"')).length, 1, 'only the start');

    fs.writeFileSync(path.join(house.config, file), good);
    assert.equal(house.cli('reload').code, 0);
    assert.equal(await activeConfig(house), config, 'the same bytes have the same digest');
    client.close();
    await house.close();
  });
}

test('good configuration is active at once, by signal and by command; the log has both digests', { timeout: 60000 * slow }, async () => {
  const house = await House.open();
  const client = new Client(house);
  const first = await activeConfig(house);
  assert.equal((await client.submit(versionOf(1, 1))).status, 202);
  house.edit('policies/p12315.yaml', masked);
  const reloaded = house.cli('reload', '--format', 'json');
  assert.equal(reloaded.code, 0, reloaded.out);
  const second = JSON.parse(reloaded.out).config;
  assert.notEqual(second, first);
  assert.equal(await activeConfig(house), second);
  assert.equal((await client.submit(versionOf(2, 1))).status, 202);
  house.edit('policies/p12315.yaml', clear);
  house.edit('partners/city-a.yaml', (text) => text.replace('title_en: 12345 hotline of city A', 'title_en: hotline of city A'));
  hup(house);
  await until('another configuration is active', async () => (await activeConfig(house)) !== second);
  const third = await activeConfig(house);
  assert.notEqual(third, first);
  assert.equal((await client.submit(versionOf(3, 1))).status, 202);
  await house.settled();
  assert.deepEqual([await phoneAtPlatform(house, 1), await phoneAtPlatform(house, 2), await phoneAtPlatform(house, 3)], ['18049531999', '180****1999', '18049531999']);
  const { entries } = auditOf(house);
  assert.deepEqual(entries.filter((entry) => entry.kind === 'configuration').map((entry) => [entry.old, entry.new]), [['', first], [first, second], [second, third]]);
  assert.deepEqual(entries.filter((entry) => entry.kind === 'stored').map((entry) => entry.config), [first, second, third]);
  client.close();
  await house.close();
});

test('under load each message is made under one configuration, the one its entry names', { timeout: 120000 * slow }, async () => {
  const house = await House.open();
  const client = new Client(house);
  const forms = new Map([[await activeConfig(house), '18049531999']]);
  let over = false;
  let reloads = 0; // how long a swap takes depends on the machine, so the load goes on until there were enough
  const loading = load(client, { matters: 3000, versions: 2, parallel: 8, stopped: () => reloads >= 6 }).finally(() => { over = true; });
  for (let mask = true; !over && reloads < 40; mask = !mask) {
    house.edit('policies/p12315.yaml', mask ? masked : clear);
    const before = await activeConfig(house);
    hup(house);
    await until('the swap', async () => (await activeConfig(house)) !== before);
    forms.set(await activeConfig(house), mask ? '180****1999' : '18049531999');
    reloads += 1;
    await pause(30);
  }
  const sent = await loading;
  await house.settled();
  assert.equal(forms.size, 2);
  assert.ok(reloads >= 3, `${reloads} reloads`);
  const seen = new Set();
  for (const [n, list] of sent) {
    const [{ messages }] = await house.atPlatform(`matters?order=${matterOf(n)}`);
    assert.deepEqual(messages.map((m) => m.body.providertel), list.map((one) => forms.get(one.parsed.entry.config)), `matter ${n}`);
    for (const one of list) seen.add(one.parsed.entry.config);
  }
  assert.equal(seen.size, 2, 'both configurations were at work');
  client.close();
  await house.close();
});

test('a broken newest configuration: the last good one runs, loudly', { timeout: 60000 * slow }, async () => {
  const house = await House.open();
  const client = new Client(house);
  const config = await activeConfig(house);
  const first = await client.submit(versionOf(1, 1));
  await house.settled();
  await stop(house.gateway);
  house.edit('policies/p12315.yaml', (text) => text.replace('treatment: clear', 'treatment: clera'));
  await house.run();
  await until('the log tells the fault and its place', () => /policies\/p12315\.yaml:5:\d+/.test(house.gateway.output));
  await until('and that an older one runs', () => new RegExp(`error.*last one that passed.*${config}`).test(house.gateway.output));
  assert.equal(await activeConfig(house), config);
  assert.equal((await client.submit(versionOf(1, 1))).text, first.text);
  assert.equal((await client.submit(versionOf(2, 1))).status, 202);
  await house.settled();
  assert.equal(await phoneAtPlatform(house, 2), '18049531999');
  // Mended, it is taken without a restart.
  house.edit('policies/p12315.yaml', (text) => masked(text.replace('treatment: clera', 'treatment: clear')));
  assert.equal(house.cli('reload').code, 0);
  assert.equal((await client.submit(versionOf(3, 1))).status, 202);
  await house.settled();
  assert.equal(await phoneAtPlatform(house, 3), '180****1999');
  client.close();
  await house.close();
});

test('a broken configuration at the very first start: it says where and does not start', { timeout: 60000 * slow }, async () => {
  await assert.rejects(House.open({ change: (house) => house.edit('gateway.yaml', (text) => text.replace('suite: gm', 'suite: gn')) }), /ended with 1[\s\S]*gateway\.yaml:\d+:\d+/);
});

test('a partner with queued messages cannot be removed; without them it can', { timeout: 60000 * slow }, async () => {
  const house = await House.open();
  const client = new Client(house);
  const config = await activeConfig(house);
  assert.equal((await house.atAdmin('partners/p12315/pause', { reason: 'test' })).status, 200);
  assert.equal((await client.submit(versionOf(1, 1))).status, 202);
  const aside = path.join(house.folder, 'aside');
  const routes = fs.readdirSync(path.join(house.config, 'routes')).filter((name) => fs.readFileSync(path.join(house.config, 'routes', name), 'utf8').includes('partner: p12315'));
  const files = ['partners/p12315.yaml', ...routes.map((name) => `routes/${name}`)];
  const move = (from, to) => files.forEach((file) => { fs.mkdirSync(path.dirname(path.join(to, file)), { recursive: true }); fs.renameSync(path.join(from, file), path.join(to, file)); });
  move(house.config, aside);
  const refused = house.cli('reload');
  assert.equal(refused.code, 1, refused.out);
  assert.match(refused.out, /p12315/);
  assert.match(refused.out, /config\.removed-partner/);
  assert.equal(await activeConfig(house), config);
  move(aside, house.config);
  assert.equal(house.cli('partner', 'resume', 'p12315', '--reason', 'test').code, 0);
  await house.settled();
  assert.equal((await countsOf(house, 'p12315')).delivered, 1);
  move(house.config, aside);
  const removed = house.cli('reload');
  assert.equal(removed.code, 0, removed.out);
  assert.notEqual(await activeConfig(house), config);
  client.close();
  await house.close();
});

test('what needs a restart is refused by name', { timeout: 60000 * slow }, async () => {
  const house = await House.open();
  for (const [from, to, says] of [[/state_dir: .*/, 'state_dir: ../elsewhere', 'state_dir'], ['suite: gm', 'suite: intl', 'suite'], ['origin: tongqu.demo/log', 'origin: other/log', 'audit.origin']]) {
    const good = fs.readFileSync(path.join(house.config, 'gateway.yaml'), 'utf8');
    house.edit('gateway.yaml', (text) => text.replace(from, to));
    const refused = house.cli('reload');
    assert.equal(refused.code, 1, refused.out);
    assert.match(refused.out, /config\.restart/);
    assert.ok(refused.out.includes(says), refused.out);
    house.edit('gateway.yaml', () => good);
  }
  await house.close();
});
