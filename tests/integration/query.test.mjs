// Queries end to end: two askers, the legal-entity registry's stand-in, the audit log.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import tls from 'node:tls';
import { House, data, slow, stop, until } from './lib/gateway.mjs';
import { Client, auditOf } from './lib/traffic.mjs';
import { messageSignatureHeaders } from '../../sandbox/lib/sign.mjs';
import * as registryStandIn from '../../sandbox/partners/entity-rest.mjs';
import * as ipStandIn from '../../sandbox/partners/ip.mjs';
import * as trademarkStandIn from '../../sandbox/partners/trademark-rest.mjs';

// The platform as an asker: mutual TLS and a message signature.
class Platform {
  constructor(house, sockets = 64) {
    this.house = house;
    const read = (name) => fs.readFileSync(path.join(house.secrets, name));
    this.key = read('p12315-sign.key').toString();
    this.agent = new https.Agent({ keepAlive: true, maxSockets: sockets, ca: read('ca.crt'), cert: read('p12315.crt'), key: read('p12315.key') });
  }
  signed(service, body) { return messageSignatureHeaders('p12315', this.key, 'POST', `/exchange/v1/${service}`, body); }
  // `count` connections, their handshakes a hundred at a time: more at once would wait longer than the gateway waits for one.
  async connections(count) {
    const { hostname, port } = new URL(this.house.partners);
    const { ca, cert, key } = this.agent.options;
    const open = () => new Promise((resolve, reject) => {
      const socket = tls.connect({ host: hostname, port, servername: 'localhost', ca, cert, key }, () => resolve(socket));
      socket.once('error', reject);
    });
    const all = [];
    while (all.length < count) all.push(...await Promise.all(Array.from({ length: Math.min(100, count - all.length) }, open)));
    return all;
  }
  ask(service, question, { headers = {}, signed, agent = this.agent } = {}) {
    const body = typeof question === 'string' ? question : JSON.stringify(question);
    const to = new URL(this.house.partners);
    return new Promise((resolve, reject) => {
      const call = https.request({ agent, host: to.hostname, port: to.port, path: `/exchange/v1/${service}`, method: 'POST', servername: 'localhost',
        headers: { ...(signed ?? this.signed(service, body)), 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers } }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => { const text = Buffer.concat(chunks).toString(); resolve({ status: response.statusCode, headers: response.headers, text, body: text && JSON.parse(text), origin: response.headers['tongqu-answer'] }); });
      });
      call.setTimeout(60000 * slow, () => call.destroy(new Error('timeout')));
      call.on('error', reject);
      call.end(body);
    });
  }
  close() { this.agent.destroy(); }
}

async function open({ service = (text) => text, partner = (text) => text, gateway = (text) => text } = {}) {
  const house = await House.open({ partners: ['city-a', 'p12315', 'entity-rest'], change: (h) => {
    h.edit('services/entity.query.yaml', service);
    h.edit('partners/entity-rest.yaml', partner);
    h.edit('gateway.yaml', gateway);
  } });
  const registry = await registryStandIn.open({ secrets: house.secrets, edit: (file, change) => house.edit(file, change) });
  const reloaded = await house.atAdmin('reload', {});
  assert.equal(reloaded.status, 200, reloaded.text);
  const platform = new Platform(house);
  const hotline = new Client(house);
  return { house, registry, platform, hotline, close: async () => {
    platform.close();
    hotline.close();
    await registry.close();
    await house.close();
  } };
}

const shop = { socialcode: '91350100M000100Y43' };
const statusOf = async (house, partner = 'p12315', service = 'entity.query') => (await house.atAdmin('status')).body.queries.find((q) => q.partner === partner && q.service === service);

test('the platform asks who a trader is; a hotline sees less of the same answer, and both are in the audit log', async () => {
  const { house, registry, platform, hotline, close } = await open();
  const first = await platform.ask('entity.query', shop);
  assert.equal(first.status, 200, first.text);
  assert.equal(first.origin, 'upstream');
  assert.deepEqual(first.body, {
    result: '1', subjectname: '某某火锅店', socialcode: '91350100M000100Y43', regno: '350100600123456', enttype: '个体工商户', legalperson: '段正淳', estdate: '2018-03-01', apprdate: '2023-06-30', opfrom: '2018-03-01',
    opscope: '餐饮服务。', regcap: 100000, currency: '人民币元', addr: '福州市鼓楼区东街1号', regorg: '福州市鼓楼区市场监督管理局', state: 'ACTIVE', statetext: '存续（在营、开业、在册）',
  });
  const again = await platform.ask('entity.query', { socialcode: ' 91350100m000100y43' });
  assert.deepEqual([again.status, again.origin, again.text], [200, 'cache', first.text]);
  assert.match(again.headers.age, /^\d+$/);
  const narrow = await hotline.submit({ code: '91350100M000100Y43' }, { service: 'entity.query' });
  assert.equal(narrow.status, 200, narrow.text);
  assert.equal(narrow.headers['tongqu-answer'], 'cache');
  assert.deepEqual(JSON.parse(narrow.text), { found: true, name: '某某火锅店', code: '91350100M000100Y43', legalPerson: '段**', state: '存续（在营、开业、在册）' });
  assert.deepEqual(registry.questions(), [{ path: '/entity/query', question: { uniscid: '91350100M000100Y43' }, service: 'entity.query' }]);

  // Not every partner may ask everything, whatever the cache holds.
  const forbidden = await hotline.submit({ code: '91350100M000100Y43' }, { service: 'entity.verify' });
  assert.deepEqual([forbidden.status, JSON.parse(forbidden.text).code], [403, 'admit.service']);

  const { entries } = auditOf(house);
  const asked = entries.filter((e) => e.kind === 'asked');
  const answered = entries.filter((e) => e.kind === 'answered');
  assert.deepEqual(asked.map((e) => [e.partner, e.recipient, e.service]), [['p12315', 'entity-rest', 'entity.query']]);
  assert.deepEqual(answered.map((e) => [e.partner, e.from, e.result, e.question]), [
    ['p12315', 'upstream', 'found', asked[0].exchange], ['p12315', 'cache', 'found', asked[0].exchange], ['city-a', 'cache', 'found', asked[0].exchange]]);
  assert.equal(answered[0].exchange, first.headers['tongqu-exchange']);
  assert.ok(entries.indexOf(asked[0]) < entries.indexOf(answered[0]));
  // The ledger says which labelled fields each of them saw, in which form, and no value.
  const ledgers = answered.map((e) => e.disclosed[0].ledger);
  assert.equal(ledgers[0], ledgers[1]);
  assert.notEqual(ledgers[0], ledgers[2]);
  const text = JSON.stringify(entries);
  for (const value of ['段正淳', '91350100M000100Y43', '东街', '火锅']) assert.equal(text.includes(value), false, value);
  const counts = await statusOf(house);
  assert.deepEqual([counts.answered, counts.upstream, counts.cache, counts.failed], [2, 1, 1, 0]);
  await close();
});

test('renamed, cancelled, revoked and unknown traders; what differs from the register', async () => {
  const { registry, platform, close } = await open();
  const renamed = await platform.ask('entity.query', { subjectname: '旧名称商贸有限公司' });
  assert.deepEqual(renamed.body, { result: '1', subjectname: '新名称商贸有限公司', hisnames: ['旧名称商贸有限公司', '更旧名称商贸行'], socialcode: '91340000711771143J', enttype: '有限责任公司', legalperson: '王小峰', estdate: '1970-01-01', apprdate: '2024-01-15', regcap: 12805500, currency: '人民币元', addr: '合肥市蜀山区长江西路2号', state: 'ACTIVE', statetext: '存续（在营、开业、在册）' });
  const cancelled = await platform.ask('entity.query', { socialcode: '91440115618712245T' });
  assert.deepEqual(cancelled.body, { result: '1', subjectname: '已注销食品厂', socialcode: '91440115618712245T', state: 'CANCELLED', statetext: '注销' });
  assert.equal((await platform.ask('entity.query', { socialcode: '91110108MA00478Q15' })).body.state, 'REVOKED');
  const unknown = await platform.ask('entity.query', { subjectname: '查无此店' });
  assert.deepEqual([unknown.status, unknown.body], [200, { result: '0' }]);
  assert.equal((await platform.ask('entity.query', { subjectname: '查无此店' })).origin, 'cache');
  const differs = await platform.ask('entity.verify', { socialcode: '91340000711771143J', subjectname: '旧名称商贸有限公司', legalperson: '王小峰' });
  assert.deepEqual(differs.body, { result: '1', matches: false, diff: [{ field: 'name', given: '旧名称商贸有限公司', registered: '新名称商贸有限公司' }] });
  const agrees = await platform.ask('entity.verify', { socialcode: '91350100M000100Y43', subjectname: '某某火锅店' });
  assert.deepEqual(agrees.body, { result: '1', matches: true });
  const faulty = await platform.ask('entity.query', {});
  assert.deepEqual([faulty.status, faulty.body.code], [400, 'validate.faults']);
  assert.equal(registry.figures().problems.length, 0);
  await close();
});

test('many equal questions at once are one call', async () => {
  // Each is an open file on either side.
  const count = Number(process.env.TONGQU_EQUAL_QUESTIONS ?? 500);
  const { house, registry, platform, close } = await open({
    service: (text) => text.replace('wait: 5s', 'wait: 2m').replace('max_wait: 30s', 'max_wait: 2m'),
    partner: (text) => text.replace('timeout: 10s', 'timeout: 2m'),
    gateway: (text) => text.replace('max_body_bytes: 2MiB', `max_body_bytes: 2MiB\n    max_connections: ${count + 100}\n    header_timeout: 5m\n    idle_timeout: 5m`),
  });
  // One connection carries one question at a time: as many connections as questions.
  const crowd = new Platform(house);
  const sockets = await crowd.connections(count);
  try {
    registry.hold();
    const asking = sockets.map((socket) => {
      const agent = new https.Agent();
      agent.createConnection = () => socket;
      return crowd.ask('entity.query', shop, { agent, headers: { Connection: 'close' } });
    });
    await until('the registry was asked', () => registry.waiting() === 1);
    await until('all wait', async () => (await house.atAdmin('status')).body.registries[0].waiting === count, 120);
    registry.release();
    const answers = await Promise.all(asking);
    const others = [...new Set(answers.filter((a) => a.status !== 200).map((a) => `${a.status} ${a.body?.code}`))];
    assert.deepEqual(others, []);
    assert.equal(registry.questionsReceived(), 1);
    const counts = await statusOf(house);
    assert.deepEqual([counts.upstream, counts.shared, counts.answered], [1, count - 1, count]);
    const { entries } = auditOf(house);
    assert.equal(entries.filter((e) => e.kind === 'asked').length, 1);
    assert.equal(entries.filter((e) => e.kind === 'answered').length, count);
  } finally {
    // Whatever failed: questions that nobody answers would keep the process for ever.
    for (const socket of sockets) socket.destroy();
    crowd.close();
    await close();
  }
});

test('after kill -9 an open query is closed as abandoned, once', async () => {
  const { house, registry, platform, close } = await open();
  registry.hold();
  const cut = [shop, { socialcode: '91340000711771143J' }, { subjectname: '查无此店' }].map((q) => platform.ask('entity.query', q).then(() => 'answered', () => 'cut'));
  await until('three questions are at the registry', () => registry.waiting() === 3);
  await stop(house.gateway, 'SIGKILL');
  assert.deepEqual(await Promise.all(cut), ['cut', 'cut', 'cut']);
  registry.release();
  for (let starts = 0; starts < 2; starts += 1) {
    await house.run();
    const { entries } = auditOf(house);
    const asked = entries.filter((e) => e.kind === 'asked').map((e) => e.exchange).sort();
    const abandoned = entries.filter((e) => e.kind === 'abandoned');
    assert.equal(asked.length, 3);
    assert.deepEqual(abandoned.map((e) => e.exchange).sort(), asked);
    assert.deepEqual([...new Set(abandoned.map((e) => e.code))], ['query.abandoned']);
    assert.equal(entries.filter((e) => e.kind === 'answered').length, 0);
    if (starts === 0) await stop(house.gateway, 'SIGKILL');
  }
  const asked = await platform.ask('entity.query', shop);
  assert.deepEqual([asked.status, asked.origin], [200, 'upstream']);
  await close();
});

test('slow, garbage, refusing, erring: a clear answer in time, the call goes on, the breaker opens, stale is marked', async () => {
  const { house, registry, platform, close } = await open({
    service: (text) => text.replace('ttl: 10m', 'ttl: 0s').replace('stale: 1h', 'stale: 0s'),
    partner: (text) => text.replace('failures: 5', 'failures: 3').replace('open_for: 10s', 'open_for: 1h'),
  });
  const problem = (answer) => [answer.status, answer.body.code];
  registry.hold();
  const late = await platform.ask('entity.query', shop, { headers: { 'Tongqu-Timeout-Ms': '200' } });
  assert.deepEqual(problem(late), [504, 'query.deadline']);
  registry.release();
  await until('the call that nobody waits for is over', async () => (await house.atAdmin('status')).body.registries[0].answered === 1);
  assert.deepEqual(problem(await platform.ask('entity.query', shop, { headers: { 'Tongqu-Timeout-Ms': 'soon' } })), [400, 'http.timeout']);

  registry.misbehave({ mode: 'refuse' });
  assert.deepEqual(problem(await platform.ask('entity.query', shop)), [503, 'query.refused']);
  registry.misbehave({ mode: 'garbage' });
  assert.deepEqual(problem(await platform.ask('entity.query', shop)), [503, 'query.unreachable']);
  registry.answerWith({ estdate: '二〇一八年' });
  const invalid = await platform.ask('entity.query', shop);
  assert.deepEqual(problem(invalid), [503, 'query.answer-invalid']);
  assert.equal(invalid.body.faults, undefined);
  await until('the log tells the fault', () => /schema\.type at \$\.data\.estdate/.test(house.gateway.output));
  assert.equal(house.gateway.output.includes('二〇一八年'), false);
  registry.answerWith({});
  registry.misbehave({ mode: 'error' });
  assert.deepEqual(problem(await platform.ask('entity.query', shop)), [503, 'query.unreachable']);
  const open_ = await platform.ask('entity.query', shop);
  assert.deepEqual(problem(open_), [503, 'query.breaker']);
  assert.ok(Number(open_.headers['retry-after']) > 3000, open_.headers['retry-after']);
  assert.equal((await house.atAdmin('status')).body.registries[0].breaker, 'open');
  // Every question that left has its end in the log.
  const { entries } = auditOf(house);
  const asked = entries.filter((e) => e.kind === 'asked').map((e) => e.exchange).sort();
  assert.deepEqual(entries.filter((e) => e.kind === 'abandoned').map((e) => e.exchange).sort(), asked);
  await close();
});

test('stale answers are given only where they may be, and marked', async () => {
  const { house, registry, platform, close } = await open({
    service: (text) => text.replace('ttl: 10m', 'ttl: 0s'),
    partner: (text) => text.replace('failures: 5', 'failures: 1').replace('open_for: 10s', 'open_for: 1h'),
  });
  assert.equal((await platform.ask('entity.query', shop)).origin, 'upstream');
  registry.misbehave({ mode: 'cut' });
  for (let i = 0; i < 2; i += 1) {
    const stale = await platform.ask('entity.query', shop);
    assert.deepEqual([stale.status, stale.origin, stale.body.subjectname], [200, 'stale', '某某火锅店']);
  }
  const other = await platform.ask('entity.query', { socialcode: '91110108MA00478Q15' });
  assert.deepEqual([other.status, other.body.code], [503, 'query.breaker']);
  assert.equal(auditOf(house).entries.filter((e) => e.kind === 'answered' && e.from === 'stale').length, 2);
  await close();
});

test('a used nonce asks nothing and is answered nothing, from the cache or not', async () => {
  const { registry, platform, close } = await open();
  const body = JSON.stringify(shop);
  const signed = platform.signed('entity.query', body);
  assert.equal((await platform.ask('entity.query', body, { signed })).status, 200);
  const replayed = await platform.ask('entity.query', body, { signed });
  assert.equal(replayed.body.code, 'store.replay');
  const other = platform.signed('entity.query', body);
  assert.equal((await platform.ask('entity.query', body, { signed: other })).origin, 'cache');
  assert.equal((await platform.ask('entity.query', body, { signed: other })).body.code, 'store.replay');
  assert.equal(registry.questionsReceived(), 1);
  await close();
});

test('a patent is one record whichever family its document is of; what is no such document is refused', async () => {
  const house = await House.open({ partners: ['city-a', 'p12315', 'ip'] });
  const folder = path.join(data, 'ip-xml/national');
  const documents = new Map(ipStandIn.published.map((p) => [p.no, p.write(p)]));
  // Published documents, each under a number of its own.
  const files = [['201410408762.9', 'cn_old1.xml'], ['201410513187.5', 'cn_old4.xml'], ['202111286633.9', 'cn_new1.xml'], ['201910000001.0', 'us_example1.xml'], ['201910000002.0', '../st96/TrademarkApplication_Example.xml']];
  const there = fs.existsSync(folder);
  if (there) for (const [no, file] of files) documents.set(no, fs.readFileSync(path.join(folder, file)));
  const registry = await ipStandIn.open({ secrets: house.secrets, edit: (file, change) => house.edit(file, change) }, documents);
  const reloaded = await house.atAdmin('reload', {});
  assert.equal(reloaded.status, 200, reloaded.text);
  const platform = new Platform(house);
  const ask = async (applno) => { const got = await platform.ask('patent.query', { applno }); return got.status === 200 ? got.body : [got.status, got.body.code]; };

  assert.deepEqual(await ask('201410408762.5'), { result: '1', applno: '201410408762.5', kind: '发明专利', appldate: '2014-08-19', pubno: '104000001', pubdate: '2014-12-24', title: '一种火锅底料 & 制法', applicants: [{ name: '某某食品有限公司' }] });
  // A date of zeros is none, whatever the number says.
  assert.deepEqual(await ask('202111286633.x'), { result: '1', applno: '202111286633.X', kind: '发明专利', pubno: '113000002', pubdate: '2021-12-10', title: '显示装置', applicants: [{ name: '某某显示有限公司' }] });
  assert.deepEqual(await ask('200010000000.0'), { result: '0' });
  if (there) {
    const old = await ask('201410408762.9');
    assert.deepEqual([old.applno, old.appldate, old.pubno, old.title, old.applicants, old.ipc.length, old.inventors[0]], ['201410408762.5', '2014-08-19', '104223352', '一种甘草发酵所得烟用香料及其应用', [{ name: '云南中烟工业有限责任公司' }], 4, { name: '段焰青' }]);
    assert.equal((await ask('201410513187.5')).title, '脚型量具');
    // A divisional application: the filing date is its parent's and differs from the year of the number.
    const divided = await ask('202111286633.9');
    assert.deepEqual([divided.applno, divided.appldate, divided.pubno, divided.title, divided.priorities], ['202111286633.X', '2017-04-24', '113781974', '显示设备', [{ country: 'KR', no: '10-2016-0063019', date: '2016-05-23' }]]);
    assert.equal(JSON.stringify([old, divided]).includes('省'), false, 'addresses do not leave');
    assert.deepEqual(await ask('201910000001.0'), [503, 'query.answer-invalid']);
    assert.deepEqual(await ask('201910000002.0'), [503, 'query.answer-invalid']);
  }
  assert.deepEqual(registry.figures().problems, []);
  platform.close();
  await registry.close();
  await house.close();
});

test('a trademark is one record in either root of ST.96, asked by number or by number and class', async () => {
  const house = await House.open({ partners: ['city-a', 'p12315', 'trademark-rest'] });
  const folder = path.join(data, 'ip-xml');
  const documents = new Map();
  // Documents as two offices publish them, and one of another kind.
  const files = [['5169753', 'st96/TrademarkApplication_Example.xml'], ['2178784', 'uspto-tsdr/rn2178784-ST96.xml'], ['4000001', 'uspto-tsdr/sn85334015-ST96.xml'], ['4000002', 'uspto-tsdr/rn2178784-ST66.xml'], ['4000003', 'national/cn_new1.xml']];
  const there = fs.existsSync(folder);
  if (there) for (const [no, file] of files) documents.set(no, fs.readFileSync(path.join(folder, file)));
  const registry = await trademarkStandIn.open({ secrets: house.secrets, edit: (file, change) => house.edit(file, change) }, documents);
  const reloaded = await house.atAdmin('reload', {});
  assert.equal(reloaded.status, 200, reloaded.text);
  const platform = new Platform(house);
  const ask = async (question) => { const got = await platform.ask('trademark.query', question); return got.status === 200 ? got.body : [got.status, got.body.code]; };

  // The first three: a class of two, all classes of another root, and a class in which the number is not registered.
  for (let number = 0; number < 3; number += 1) {
    const { question, answer } = trademarkStandIn.sample(number);
    assert.deepEqual(await ask(question), answer);
  }
  const both = await platform.ask('trademark.query', { regno: '12345678' });
  assert.deepEqual(both.body.classes, [{ intcls: '30', goods: '调味品;火锅底料' }, { intcls: '43', goods: '餐馆;火锅店' }]);
  assert.deepEqual(both.body.groups, [{ code: '3015' }, { code: '3016' }, { code: '4301' }]);
  assert.equal(both.text.includes('李某'), false, 'the name of an agent does not leave');
  assert.deepEqual(await ask({ regno: '12345678', intcls: '46' }), [400, 'validate.faults']);
  assert.deepEqual(await ask({ regno: '12345678', intcls: '鞋' }), [400, 'validate.faults'], 'a class that is none is not left out');
  assert.deepEqual(await ask({ intcls: '30' }), [400, 'validate.faults']);
  if (there) {
    const example = await ask({ regno: '5169753' });
    assert.deepEqual([example.regno, example.applno, example.tmname, example.appldate, example.regdate, example.status, example.classes.length, example.classes[0].intcls, example.groups[0]], ['5169753', '87035559', 'LANYI', '2016-05-12', '2017-03-28', 'REGISTERED', 1, '9', { code: '021' }]);
    // A status that no table knows comes as it is; a filing date with an offset is the office's day.
    const known = await ask({ regno: '2178784' });
    assert.deepEqual([known.regno, known.applno, known.tmname, known.appldate, known.regdate, known.statustext, known.applicants[0], known.classes[0].intcls], ['2178784', '74631225', 'JAVA', '1995-02-07', '1998-08-04', '800', { name: 'Oracle America, Inc.' }, '9']);
    assert.equal((await ask({ regno: '4000001' })).regdate.length, 10);
    assert.equal(JSON.stringify(known).includes('PARKWAY'), false, 'addresses do not leave');
    assert.deepEqual(await ask({ regno: '4000002' }), [503, 'query.answer-invalid']);
    assert.deepEqual(await ask({ regno: '4000003' }), [503, 'query.answer-invalid']);
  }
  assert.deepEqual(registry.figures().problems, []);
  platform.close();
  await registry.close();
  await house.close();
});
