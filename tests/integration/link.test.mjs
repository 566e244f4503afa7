// Two gateways in two zones that only files reach: a work order comes in at the outer one and is delivered by the inner one.
// Between them a 网闸 carries files from folder to folder, as badly as it is told.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { House, order, slow, stop, temporaryFolder, until } from './lib/gateway.mjs';
import { chance } from './lib/traffic.mjs';

const mappingOut = `# The canonical work order → the form in which the inner zone takes it.
mapping zone-inner/workorder-out
from workorder.transfer@1
to   city-a.workorder@1

orderNum      = $.order_no
round         = $.round
type          = if $.info_type == "1" then "投诉" else "举报"
title         = $.title
callTime      = format_datetime($.received_at, "yyyy-MM-dd HH:mm:ss")
callerName    = $.provider.name
callerPhone   = $.provider.phone
callerAddress = $.provider.address
questionCode  = "1001"
content       = $.content
request       = $.request
address       = $.place
goods         = $.object.name
company.name  = $.target.name
company.address = $.target.address
`;

const common = (zones, mode) => `  link: outer-to-inner
  key: \${file:link.key}
  peer_key: \${file:link-peer.pub}
  mode: ${mode}
  file_type: ${zones.type}
  max_bundle_bytes: 256KiB
  settle: 300ms
  poll: 100ms
`;
const zoneInner = (zones, mode) => `title_zh: 内侧网关
title_en: inner gateway
basis: "assumed: own connector"
tested_against: a second gateway
outbound:
  connector: link
  folder: ${zones.folder('outer/out')}
  ack_folder: ${zones.folder('outer/in')}
${common(zones, mode)}  max_messages: 5
  max_delay: 50ms
  resend_after: 2s
  ask_again: 500ms
  timeout: 1s
`;
const zoneOuter = (zones, mode, service) => `title_zh: 外侧网关
title_en: outer gateway
basis: "assumed: own connector"
tested_against: a second gateway
inbound:
  connector: link
  folder: ${zones.folder('inner/in')}
  ack_folder: ${zones.folder('inner/out')}
${common(zones, mode)}  ask_every: 500ms
  list_every: 500ms
  services:
    - ${service}
`;

// Takes what lies ready in one folder into the other. Files under way (a dot in front) are left alone.
class Gate {
  constructor(from, to, habits = {}) { Object.assign(this, { from, to, habits, luck: chance(), again: [], carried: 0 }); }

  carry() {
    const { lose = 0, twice = 0, later = 0, corrupt = 0, cut = 0 } = this.habits;
    const put = (name, bytes) => fs.writeFileSync(path.join(this.to, name), bytes);
    for (const [name, bytes] of this.again.splice(0)) put(name, bytes);
    for (const name of fs.readdirSync(this.from).sort(() => this.luck.next() - 0.5)) {
      if (name.startsWith('.') || this.luck.next() < later) continue;
      const bytes = fs.readFileSync(path.join(this.from, name));
      fs.rmSync(path.join(this.from, name));
      if (this.luck.next() < lose) continue;
      if (this.luck.next() < twice) this.again.push([name, Buffer.from(bytes)]);
      if (this.luck.next() < corrupt) bytes[this.luck.below(bytes.length)] ^= 1;
      put(name, this.luck.next() < cut ? bytes.subarray(0, bytes.length / 2) : bytes);
      this.carried += 1;
    }
  }
}

const transfer = '{service: workorder.transfer, schema: city-a.workorder@1, mapping: city-a/workorder-in, dedup: {number: orderNum}}';
const urge = '{service: workorder.urge, schema: city-a.followup@1, mapping: city-a/urge-in, dedup: {number: orderNum}}';

class Zones {
  static async open({ suite = 'gm', mode = 'two-way', type = 'txt', habits = {}, service = transfer } = {}) {
    const zones = new Zones();
    zones.type = type;
    zones.root = temporaryFolder('zones');
    for (const folder of ['outer/out', 'outer/in', 'inner/out', 'inner/in']) fs.mkdirSync(zones.folder(folder), { recursive: true });
    zones.outer = await House.open({ suite, change: (house) => {
      zones.keys(house, suite);
      house.edit('routes/workorder-to-platform.yaml', (text) => text.replace('partner: p12315', 'partner: zone-inner').replace('p12315/matter-out', 'zone-inner/workorder-out'));
      fs.mkdirSync(path.join(house.config, 'mappings/zone-inner'));
      fs.writeFileSync(path.join(house.config, 'mappings/zone-inner/workorder-out.map'), mappingOut);
      fs.writeFileSync(path.join(house.config, 'partners/zone-inner.yaml'), zoneInner(zones, mode));
    } });
    zones.inner = await House.open({ suite, change: (house) => {
      zones.keys(house, suite);
      fs.writeFileSync(path.join(house.config, 'partners/zone-outer.yaml'), zoneOuter(zones, mode, service));
    } });
    zones.there = new Gate(zones.folder('outer/out'), zones.folder('inner/in'), habits);
    zones.back = new Gate(zones.folder('inner/out'), zones.folder('outer/in'), habits);
    zones.timer = setInterval(() => { zones.there.carry(); if (mode === 'two-way') zones.back.carry(); }, 60);
    return zones;
  }

  folder(name) { return path.join(this.root, name); }

  // Each side has its own private key and the other's public one.
  keys(house, suite) {
    const make = (name) => {
      const file = path.join(this.root, `${name}.key`);
      if (!fs.existsSync(file)) execFileSync('openssl', ['genpkey', '-quiet', ...(suite === 'gm' ? ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:SM2'] : ['-algorithm', 'ed25519']), '-out', file]);
      return file;
    };
    const [own, peer] = this.first ? [make('inner'), make('outer')] : [make('outer'), make('inner')];
    this.first = true;
    fs.copyFileSync(own, path.join(house.secrets, 'link.key'));
    execFileSync('openssl', ['pkey', '-in', peer, '-pubout', '-out', path.join(house.secrets, 'link-peer.pub')]);
  }

  async send(from, to) {
    for (let n = from; n <= to; n += 1) assert.equal((await this.outer.atHotline('submit', { order: order(n) })).status, 202);
  }

  async close() {
    clearInterval(this.timer);
    await this.outer.close();
    await this.inner.close();
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

async function exchanges(house, partner) {
  const { body } = await house.atAdmin(`exchanges?partner=${partner}&limit=1000`);
  return Promise.all(body.exchanges.map(async ({ exchange }) => (await house.atAdmin(`exchanges/${exchange}`)).body));
}

// Every matter reached the platform behind the inner gateway once, and both sides tell the same of it.
async function expectOnce(zones, count, suite) {
  const matters = await zones.inner.atPlatform('matters');
  assert.equal(matters.length, count);
  assert.ok(matters.every((one) => one.messages.length === 1), 'a matter arrived twice');
  const inside = new Map((await exchanges(zones.inner, 'zone-outer')).map((one) => [JSON.parse(one.storedReceipt).entry.origin, one]));
  const outside = await exchanges(zones.outer, 'city-a');
  assert.equal(outside.length, count);
  for (const one of outside) {
    const twin = inside.get(one.exchange[0].exchange);
    assert.ok(twin, 'the inner side does not know the exchange of the outer side');
    const delivered = JSON.parse(one.deliveredReceipts[0]).entry;
    assert.match(delivered.answer, /^[0-9a-f]{64}$/);
    if (suite === 'intl') assert.equal(delivered.answer, crypto.createHash('sha256').update(twin.storedReceipt).digest('hex'), 'the receipt of the other side is in the audit log of this one');
  }
}

test('a gate that loses, doubles, reorders, corrupts and cuts, and gateways that are killed: every matter arrives once', { timeout: 240000 * slow }, async () => {
  const zones = await Zones.open({ suite: 'gm', type: 'xml', habits: { lose: 0.15, twice: 0.2, later: 0.3, corrupt: 0.1, cut: 0.1 } });
  try {
    await zones.send(1, 20);
    await until('some arrived', async () => (await zones.inner.atPlatform('stats')).distinct >= 3, 60);
    for (const house of [zones.inner, zones.outer, zones.inner]) {
      await stop(house.gateway, 'SIGKILL');
      await house.run();
      await zones.send(house === zones.outer ? 21 : 41, house === zones.outer ? 30 : 41);
    }
    await zones.outer.settled(120);
    await zones.inner.settled();
    await expectOnce(zones, 31, 'gm');
    const { body } = await zones.outer.atAdmin('status');
    assert.equal(body.lanes.find((lane) => lane.partner === 'zone-inner').breaker, 'closed');
  } finally {
    await zones.close();
  }
});

test('the other suite: the receipts of both sides name each other', { timeout: 120000 * slow }, async () => {
  const zones = await Zones.open({ suite: 'intl' });
  try {
    await zones.send(1, 12);
    await zones.outer.settled();
    await zones.inner.settled();
    await expectOnce(zones, 12, 'intl');
  } finally {
    await zones.close();
  }
});

test('what the inner side turns back becomes a dead letter of the outer side', { timeout: 120000 * slow }, async () => {
  const zones = await Zones.open({ suite: 'intl', service: urge });
  try {
    await zones.send(1, 2);
    const dead = await until('dead letters', async () => {
      const { body } = await zones.outer.atAdmin('messages?recipient=zone-inner&state=dead');
      return body.messages.length === 2 && body.messages;
    });
    assert.deepEqual(dead.map((one) => one.code), ['link.refused', 'link.refused']);
    assert.equal((await zones.inner.atAdmin('exchanges')).body.exchanges.length, 0);
  } finally {
    await zones.close();
  }
});

test('one way: deliveries stay pending without an alarm until a person carries the list', { timeout: 120000 * slow }, async () => {
  const zones = await Zones.open({ suite: 'intl', mode: 'one-way' });
  try {
    await zones.send(1, 6);
    await until('all arrived at the platform', async () => (await zones.inner.atPlatform('stats')).distinct === 6);
    const pending = await until('asked for more than once', async () => {
      const { body } = await zones.outer.atAdmin('messages?recipient=zone-inner&state=queued');
      return body.messages.length === 6 && body.messages.every((one) => one.code === 'delivery.pending') && body.messages;
    });
    assert.equal(pending.length, 6);
    const lane = (await zones.outer.atAdmin('status')).body.lanes.find((one) => one.partner === 'zone-inner');
    assert.equal(lane.breaker, 'closed');
    assert.ok(fs.readdirSync(zones.folder('outer/in')).length === 0, 'nothing came back by itself');
    // A person carries the lists until everything is settled.
    await until('settled by the list', async () => {
      for (const name of fs.readdirSync(zones.folder('inner/out'))) {
        if (name.endsWith('-list.txt')) fs.copyFileSync(zones.folder(`inner/out/${name}`), zones.folder(`outer/in/${name}`));
      }
      const { body } = await zones.outer.atAdmin('messages?recipient=zone-inner&state=queued');
      return body.messages.length === 0;
    });
    await expectOnce(zones, 6, 'intl');
  } finally {
    await zones.close();
  }
});
