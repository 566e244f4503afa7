// Credit publicity over the sharing platform: the two-step key under load and through its faults, what the platform sends
// and what it must not, the headers of a partner that calls us.
import test from 'node:test';
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import fs from 'node:fs';
import { House, until } from './lib/gateway.mjs';
import * as credit from '../../sandbox/partners/credit.mjs';

async function open(change = () => {}) {
  const house = await House.open({ partners: ['city-a', 'p12315', 'credit'] });
  house.credit = await credit.open({
    secrets: house.secrets, log: () => {}, edit: (file, edit) => house.edit(file, edit),
    gateway: () => house.partners, platform: (what, body) => house.atPlatform(what, body),
  });
  house.edit('partners/credit.yaml', (text) => text.replace('first: 500ms', 'first: 50ms').replace('open_for: 10s', 'open_for: 100ms').replace('max: 5m', 'max: 200ms'));
  await change(house);
  const reloaded = house.cli('reload');
  assert.equal(reloaded.code, 0, reloaded.out);
  house.rows = () => [...house.credit.platform.rows.values()].map((row) => JSON.parse(row));
  house.sendAll = async (rows) => {
    for (const row of rows) assert.equal((await house.atPlatform('state', row)).status, 202);
  };
  house.shut = async () => { await house.close(); await house.credit.close(); };
  return house;
}
const lane = async (house) => (await house.atAdmin('status')).body.lanes.find((one) => one.partner === 'credit');

test('penalties, withdrawals and complaints are published; one key signs them all', async () => {
  const house = await open();
  await house.sendAll([credit.penalty(1), credit.penalty(2, { entName: undefined, personName: '段正淳', socialcode: undefined }), credit.withdrawal(1), credit.complaint(1)]);
  await house.settled();
  const rows = house.rows();
  assert.equal(rows.length, 4);
  const of = (type) => rows.filter((row) => row.bizType === type);
  const [company] = of('XZCF').filter((row) => row.cf_xdr_mc);
  assert.equal(company.cf_nr_fk, 5);
  assert.equal(company.cf_cflb, '02');
  assert.equal(company.cf_gsjzq, '2029-11-23');
  const [person] = of('XZCF').filter((row) => row.cf_xdr_xm);
  assert.equal(person.cf_xdr_xm, '段**');
  assert.deepEqual(of('CXGS').map((row) => row.cx_yy), ['02']);
  assert.deepEqual(of('TSGS').map((row) => row.content), ['食品安全']);
  const everything = JSON.stringify(rows);
  for (const secret of ['11010519491231002X', '李建国', '18049531999', '段正淳', '腹泻']) assert.ok(!everything.includes(secret), secret);
  assert.equal(house.credit.platform.renewals, 1);
  assert.deepEqual(house.credit.platform.problems, []);
  await house.shut();
});

test('without consent, for a mere warning, and before approval and confidentiality review are on record, nothing is published', async () => {
  const house = await open();
  const unfinished = [{ approvedBy: undefined }, { approvedOn: undefined }, { secrecyReviewedBy: undefined }, { secrecyReviewedOn: undefined }];
  for (const row of [credit.complaint(1, { publishConsent: '0' }), credit.penalty(1, { kinds: '01' }), ...unfinished.map((missing) => credit.penalty(1, missing))]) {
    const answer = await house.atPlatform('state', row);
    assert.equal(answer.status, 400, answer.body);
    assert.ok(!answer.body.includes('段正淳'));
  }
  await house.settled();
  assert.equal(house.rows().length, 0);
  assert.equal(house.credit.platform.renewals, 0);
  await house.shut();
});

test('keys of two seconds under load: renewed one at a time, no message lost or doubled', async () => {
  const house = await open();
  house.credit.platform.lifeMs = 2_000;
  const started = Date.now();
  for (let n = 0; n < 400 || Date.now() - started < 5_000; n += 20) await house.sendAll(Array.from({ length: 20 }, (_, i) => credit.penalty(n + i)));
  await house.settled();
  const { platform } = house.credit;
  const seconds = (Date.now() - started) / 1000;
  assert.ok(platform.renewals >= 2, `${platform.renewals} renewals`);
  assert.ok(platform.renewals <= seconds + 2, `${platform.renewals} renewals in ${seconds} s: a key lasts two`);
  assert.deepEqual(platform.problems, []);
  assert.equal((await lane(house)).retried, 0);
  await house.shut();
});

test('a revoked key is renewed once and the call repeated, unseen by the outbox', async () => {
  const house = await open();
  await house.sendAll([credit.penalty(1)]);
  await house.settled();
  house.credit.faults.arm({ mode: 'key-invalid', count: 1 });
  await house.sendAll([credit.penalty(2)]);
  await house.settled();
  assert.equal(house.credit.platform.renewals, 2);
  assert.equal(house.rows().length, 2);
  assert.equal((await lane(house)).retried, 0);
  await house.shut();
});

test('-1 is repeated, E-400 and E-106 are refused with their codes, E-201 is delivered', async () => {
  const house = await open();
  house.credit.faults.arm({ mode: 'later', count: 2 });
  await house.sendAll([credit.penalty(1)]);
  await house.settled();
  assert.equal((await lane(house)).retried, 2);
  house.credit.faults.arm({ mode: 'cut', count: 1 }); // took effect, the answer was lost: the second attempt hears E-201
  await house.sendAll([credit.penalty(2)]);
  await house.settled();
  assert.equal(house.credit.platform.repeated, 1);
  house.credit.faults.arm({ mode: 'refuse', count: 1 });
  await house.sendAll([credit.penalty(3)]);
  await until('the refused row is a dead letter', async () => (await lane(house)).lastCode === 'http.answer-refused');
  house.credit.platform.granted = false;
  await house.sendAll([credit.penalty(4)]);
  await until('the forbidden row is a dead letter', async () => (await lane(house)).lastCode === 'http.answer-forbidden');
  await house.settled();
  assert.equal(house.rows().length, 2);
  assert.deepEqual(house.credit.platform.problems, []);
  await house.shut();
});

test('a clock that differs is named, with both clocks, and mends itself', async () => {
  const house = await open();
  house.credit.platform.skewMs = 11 * 60_000;
  await house.sendAll([credit.penalty(1)]);
  const seen = await until('a clock error', async () => {
    const now = await lane(house);
    return now.lastCode === 'identity.session-key-unavailable' || now.lastCode === 'identity.session-key-clock' ? now : undefined;
  });
  assert.equal(seen.lastCode, 'identity.session-key-clock');
  const [, ours, theirs] = seen.lastDetail.match(/^gateway (\S+), partner ([^, ]+)/);
  assert.ok(Math.abs(Date.parse(theirs) - Date.parse(ours) - 11 * 60_000) < 60_000, seen.lastDetail);
  house.credit.platform.skewMs = 0;
  await house.settled();
  assert.equal(house.rows().length, 1);
  await house.shut();
});

test('the partner calls: headers, clock and replays are checked', async () => {
  const house = await open();
  const good = await house.credit.receipt(1);
  assert.equal(good.status, 202, good.body);
  await house.settled();
  assert.equal((await house.atPlatform('stats')).received, 1);

  const other = { cf_wsh: '京朝市监处罚〔2026〕9号', state: '1', time: Date.now() };
  const replay = await house.credit.callGateway('credit.publication-state', other, { headers: good.sentHeaders });
  assert.equal(replay.status, 401, replay.body);
  for (const [options, code] of [
    [{ key: 'another-key-another-key-another-' }, 'identity.refused'],
    [{ shiftMs: -6 * 60_000 }, 'identity.clock'],
    [{ shiftMs: 6 * 60_000 }, 'identity.clock'],
    [{ headers: {} }, 'identity.refused'],
  ]) {
    const answer = await house.credit.callGateway('credit.publication-state', other, options);
    assert.equal(answer.status, 401, answer.body);
    assert.equal(JSON.parse(answer.body).code, code);
  }
  const forbidden = await house.credit.callGateway('workorder.sign', other);
  assert.equal(forbidden.status, 403, forbidden.body);
  await house.shut();
});

test('through a proxy with credentials, and over a redirect', async () => {
  let tunnels = 0;
  const proxy = http.createServer((_, response) => response.writeHead(405).end());
  proxy.on('connect', (request, socket, head) => {
    if (request.headers['proxy-authorization'] !== `Basic ${Buffer.from('tongqu:proxy-password').toString('base64')}`) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    tunnels += 1;
    const [host, port] = request.url.split(':');
    const onward = net.connect(Number(port), host, () => { socket.write('HTTP/1.1 200 Connection Established\r\n\r\n'); onward.write(head); socket.pipe(onward).pipe(socket); });
    for (const end of [socket, onward]) end.on('error', () => { socket.destroy(); onward.destroy(); });
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const house = await open((opened) => {
    fs.writeFileSync(`${opened.secrets}/proxy.password`, 'proxy-password');
    opened.edit('partners/credit.yaml', (text) => text.replace('  method: POST\n', `  method: POST\n  redirects: 1\n  proxy:\n    url: http://127.0.0.1:${proxy.address().port}\n    user: tongqu\n    password: \${file:proxy.password}\n`)
      .replace('/gateway/publicity', '/moved/publicity'));
  });
  await house.sendAll([credit.penalty(1), credit.penalty(2)]);
  await house.settled();
  assert.equal(house.rows().length, 2);
  assert.ok(tunnels > 0);
  assert.deepEqual(house.credit.platform.problems, []); // a repeated signature would be one
  await house.shut();
  proxy.closeAllConnections();
  proxy.close();
});
