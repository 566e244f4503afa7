// Ledger against wire for every connector of the shipped partner table: REST, sharing platform, SOAP in and out, front databases in and
// out, AMQP, Kafka, files and SFTP, the link between two zones, transcription, pull inbox, queries and attachments. The stand-ins'
// own recorders say what arrived. TONGQU_WIRE: a tenth of it is how often each kind of traffic runs (default 240).
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { House, order, request, slow, until } from './lib/gateway.mjs';
import { Client, auditOf, inParallel } from './lib/traffic.mjs';
import { addPartner, sendOrdersTo, withPhotos } from './lib/attachment_readers.mjs';
import { differences, given, idNumber, labelsOf, missedLies, mobile, person, sentAs, text } from './lib/wire.mjs';
import { hmacHeaders, messageSignatureHeaders } from '../../sandbox/lib/sign.mjs';
import { call } from '../../sandbox/lib/http.mjs';
import { incident, warning } from '../../sandbox/partners/emergency-rest.mjs';
import { alert } from '../../sandbox/partners/emergency-cap.mjs';
import { complaint, penalty, withdrawal } from '../../sandbox/partners/credit.mjs';
import { received } from '../../sandbox/partners/credit-file.mjs';
import { clue, result } from '../../sandbox/partners/daily.mjs';
import { row as resultRow } from '../../sandbox/partners/daily-db.mjs';
import * as zone from '../../sandbox/partners/business-zone.mjs';
import { row as cityRow } from '../../sandbox/partners/city-b.mjs';
import { state as provinceState } from '../../sandbox/partners/p12315-b.mjs';
import { entities } from '../../sandbox/partners/entity-rest.mjs';

const units = Math.ceil(Number(process.env.TONGQU_WIRE ?? 240) / 10);
const standins = ['city-b', 'hotline-12365', 'credit-file', 'emergency-cap', 'case', 'p12315-b', 'p12315-c', 'entity-rest', 'entity-soap', 'ip', 'trademark-rest', 'credit', 'credit-query', 'emergency-rest', 'daily', 'daily-db', 'business-zone'];
// Numbers of one kind of traffic: no two kinds share one.
const from = (kind) => kind * 100000;

// ---- what is said of whom: [name in what is sent, canonical path, kind, value]
const alertFields = (n) => [
  ['providername', 'provider.name', 'name', person(n, 0)], ['providertel', 'provider.phone', 'phone', mobile(n, 0)], ['confirmedBy', 'confirmed_by', 'name', person(n, 1)],
  ['description', 'description', 'free-text', text(n, 'A')], ['instruction', 'instruction', 'free-text', text(n, 'B')],
];
const penaltyFields = (n) => [
  ['personName', 'party.person_name', 'name', person(n, 0)], ['legalPerson', 'party.legal_rep', 'name', person(n, 1)], ['idnumber', 'party.cert_no', 'id', idNumber(n)], ['facts', 'facts', 'free-text', text(n, 'A')],
  ['approvedBy', 'clearance.approved_by', 'name', person(n, 2)], ['secrecyReviewedBy', 'clearance.secrecy_reviewed_by', 'name', person(n, 3)],
];
const publicityFields = (n) => [['providername', 'provider.name', 'name', person(n, 0)], ['providertel', 'provider.phone', 'phone', mobile(n, 0)], ['tsnr', 'content', 'free-text', text(n, 'A')]];
const triggerFields = (n) => [
  ['officer', 'officer', 'name', person(n, 0)], ['providername', 'provider.name', 'name', person(n, 1)], ['providertel', 'provider.phone', 'phone', mobile(n, 0)], ['tsnr', 'content', 'free-text', text(n, 'A')], ['summary', 'summary', 'free-text', text(n, 'B')],
];
const ways = ['scrubbed', 'whole', 'without']; // in which a person lets what was reported go
const clueFields = (n) => [
  ['informantName', 'informant.name', 'name', person(n, 0)], ['informantTel', 'informant.phone', 'phone', mobile(n, 0)], ['content', 'content', 'free-text', text(n, 'A')], ['opinion', 'opinion', 'free-text', text(n, 'B')],
];
const decisionFields = (n) => [['reason', 'reason', 'free-text', text(n, 'A')], ['officer', 'officer', 'name', person(n, 0)]];
const caseFields = (n, member = 'person_in_charge') => [['facts', 'facts', 'free-text', text(n, 'C')], [member, 'party.person_in_charge', 'name', person(n, 1)]];
const orderFields = (n, report) => {
  const who = report ? 'informant' : 'provider';
  const fields = [
    ['ldr', `${who}.name`, 'name', person(n, 0)], ['lxdh', `${who}.phone`, 'phone', mobile(n, 0)], ['zjhm', `${who}.cert_no`, 'id', idNumber(n)], ['lxdz', `${who}.address`, 'address', `住处${given(n)}号院`],
    ['gdnr', report ? 'informant_content' : 'content', 'free-text', text(n, 'A')], ['hwy', 'reg_person', 'name', person(n, 1)], ['pdyj', 'dispatch_advice', 'free-text', text(n, 'D')],
  ];
  return report ? fields : [...fields, ['ldhm', 'caller_no', 'phone', mobile(n, 1)], ['gdbt', 'title', 'free-text', text(n, 'B')], ['sqnr', 'request', 'free-text', text(n, 'C')], ['sfdz', 'place', 'place', `地点${given(n)}号`]];
};
const stateFields = (n) => [['经办人', 'officer', 'name', person(n, 5)], ['经办电话', 'officer_phone', 'phone', mobile(n, 5)], ['说明', 'note', 'free-text', text(n, 'E')]];
const legacyFields = (n) => [
  ['反映人', 'provider.name', 'name', person(n, 0)], ['联系电话', 'provider.phone', 'phone', mobile(n, 0)], ['联系地址', 'provider.address', 'address', `住处${given(n)}号院`], ['证件号码', 'provider.cert_no', 'id', idNumber(n)],
  ['内容', 'content', 'free-text', text(n, 'A')], ['登记人', 'reg_person', 'name', person(n, 1)],
];
const foundFields = (n, officer, said) => [[officer, 'officer', 'name', person(n, 0)], [said, 'result_text', 'free-text', text(n, 'A')]];

// ---- the other side of the wire

class Wire {
  constructor(house) {
    this.house = house;
    this.sent = new Map(); // message id → fields
    this.arrived = new Map(); // message id → text
    this.numbered = new Map(); // recipient → Map(number → fields): what came in without a receipt
    this.known = new Set(); // of those, what has arrived
    this.values = new Set();
  }
  expect(message, fields) {
    this.sent.set(message, fields);
    for (const [, , , value] of fields) this.values.add(value);
  }
  expectNumbered(recipient, number, fields) {
    if (!this.numbered.has(recipient)) this.numbered.set(recipient, new Map());
    this.numbered.get(recipient).set(number, fields);
    for (const [, , , value] of fields) this.values.add(value);
  }
  // A message whose sender's connector gives no receipt is known by its number.
  arrive(message, bytes, recipient, number) {
    this.arrived.set(message, bytes);
    const fields = this.numbered.get(recipient)?.get(number);
    if (!fields) return;
    this.sent.set(message, fields);
    this.known.add(`${recipient} ${number}`);
  }
  missing() {
    return [...[...this.sent.keys()].filter((message) => !this.arrived.has(message)), ...[...this.numbered].flatMap(([recipient, all]) => [...all.keys()].filter((number) => !this.known.has(`${recipient} ${number}`)).map((number) => `${recipient} ${number}`))].slice(0, 40);
  }
  of(name) { return this.house.standins.find((one) => one.partner === name).standin; }
}

async function tell(wire, recipients, body, fields) {
  const answer = await wire.house.atPlatform('state', { ...body, ...sentAs(fields) });
  assert.equal(answer.status, 202, answer.body);
  const { exchange } = JSON.parse(answer.body).entry;
  for (const recipient of recipients) wire.expect(`${exchange}-${recipient}`, fields);
  return exchange;
}

// What the platform says: REST, AMQP, sharing platform, SFTP, Kafka, front database, link, SOAP.
async function platformSays(wire) {
  const numbers = { file: new Map(), zone: new Map() };
  await inParallel(units, async (i) => {
    const both = ['emergency-rest', 'emergency-cap'];
    await tell(wire, both, incident(from(1) + i), alertFields(from(1) + i));
    await tell(wire, both, warning(from(2) + i), alertFields(from(2) + i));
    const fined = await tell(wire, ['credit', 'credit-file'], { ...penalty(from(3) + i), entName: undefined }, penaltyFields(from(3) + i));
    numbers.file.set(penalty(from(3) + i).decisionNo, fined);
    await tell(wire, ['credit'], withdrawal(from(4) + i), []);
    await tell(wire, ['credit'], complaint(from(5) + i), publicityFields(from(5) + i));
    await tell(wire, ['daily'], { service: 'supervision.event', ...clue(from(6) + i, { caseid: `W6-${i}` }) }, triggerFields(from(6) + i));
    await tell(wire, ['daily-db'], { service: 'supervision.event', ...clue(from(7) + i, { caseid: `W7-${i}`, system: '02' }) }, triggerFields(from(7) + i));
    const handed = await tell(wire, ['business-zone'], zone.clue(from(8) + i), clueFields(from(8) + i));
    numbers.zone.set(zone.clue(from(8) + i).clueNo, handed);
    await wire.house.release(handed, { as: ways[i % 3] });
    const told = await tell(wire, ['case'], { ...zone.clue(from(9) + i), sourceKind: '2' }, clueFields(from(9) + i));
    await wire.house.release(told, { as: ways[i % 3] });
  });
  return numbers;
}

// What others say to the platform: link, SOAP in two character sets, Kafka, front database, REST, AMQP, files.
async function othersSay(wire) {
  const [caseSystem, inner, daily, dailyDb, rest, cap, line] = ['case', 'business-zone', 'daily', 'daily-db', 'emergency-rest', 'emergency-cap', 'hotline-12365'].map((name) => wire.of(name));
  const say = (number, fields) => wire.expectNumbered('p12315', number, fields);
  await inParallel(units, async (i) => {
    const [a, b] = [from(10) + i, from(11) + i];
    say(zone.decision(a).case_no + 'd', decisionFields(a));
    await inner.submit('case.decision', zone.decision(a, sentAs(decisionFields(a))));
    say(zone.penalty(a).case_no + 'p', caseFields(a));
    const fine = zone.penalty(a);
    await inner.submit('case.penalty', { ...fine, facts: sentAs(caseFields(a)).facts, party: { ...fine.party, person_in_charge: sentAs(caseFields(a)).person_in_charge } });
    const [charset, unit] = [i % 2 ? 'GBK' : 'UTF-8', '朝阳区市场监督管理局'];
    say(`AJ${b}d`, decisionFields(b));
    await caseSystem.submit('submitDecision', { clueNo: `XS${b}`, caseNo: `AJ${b}`, decision: '1', decidedAt: '2026-11-25 09:30:00', unit, ...sentAs(decisionFields(b)) }, { charset });
    say(`AJ${b}p`, caseFields(b, 'personInCharge'));
    await caseSystem.submit('submitPenalty', { caseNo: `AJ${b}`, decisionNo: `京朝市监处罚〔2026〕${b}号`, partyName: '某某食品厂', partyCode: '91350100M000100Y43', legalGround: '《食品安全法》', content: '罚款', fineWan: '1.25', decidedOn: '2026-11-26', unit, ...sentAs(caseFields(b, 'personInCharge')) }, { charset });
    const command = [['text', 'note', 'free-text', text(from(12) + i, 'A')]];
    say(`TZ-COMMAND-${from(12) + i}`, command);
    await rest.say('emergency.command', from(12) + i, sentAs(command));
    const noted = [['note', 'note', 'free-text', text(from(13) + i, 'A')], ['instruction', 'info[].instruction', 'free-text', text(from(13) + i, 'B')]];
    say(`EC-${from(13) + i}`, noted);
    await cap.give('emergency.command', alert({ identifier: `EC-${from(13) + i}`, ...sentAs(noted) }));
  });
  const each = Array.from({ length: units }, (_, i) => i + 1);
  const events = each.map((i) => {
    const fields = foundFields(from(14) + i, 'inspector', 'resultText');
    say(`W14-${i}`, fields);
    return daily.event(from(14) + i, result(from(14) + i, { ...sentAs(fields), matterNo: `W14-${i}` }));
  });
  await daily.structured(events.slice(1));
  await daily.binary(events[0]);
  await dailyDb.write(each.map((i) => {
    const fields = foundFields(from(15) + i, 'jcr', 'jgsm');
    say(`W15-${i}`, fields);
    return resultRow(from(15) + i, { ...sentAs(fields), sxbh: `W15-${i}` });
  }));
  line.drop.put('wire.csv', each.map((i) => {
    const fields = sentAs(legacyFields(from(16) + i));
    say(`ZJ-${from(16) + i}`, legacyFields(from(16) + i));
    return [`ZJ-${from(16) + i}`, '2', '2018/05/11 09:30', fields.反映人, fields.联系电话, fields.联系地址, fields.证件号码, '某某电线厂', '91350100M000100Y43', '朝阳区建国路1号', '101', '电线', '01', '1600', fields.内容, '1', '2018/12/31 17:00', fields.登记人];
  }));
}

// City B: rows in, rows of the province and lists for a person out; states as files in, rows out.
async function cityB(wire) {
  const [city, province, writer] = ['city-b', 'p12315-b', 'p12315-c'].map((name) => wire.of(name));
  const rows = Array.from({ length: units }, (_, k) => {
    const n = from(17) + k + 1;
    const kind = ['2', '3', '1'][k % 3]; // complaint, report, consultation
    const fields = orderFields(n, kind === '3');
    const sample = cityRow(order(n));
    wire.expectNumbered(kind === '1' ? 'p12315-c' : 'p12315-b', sample.gdbh, fields);
    return { ...sample, gdlx: kind, ...sentAs(fields) };
  });
  await city.write(rows);
  await city.drained();
  const [lists, complaints] = [rows.filter((one) => one.gdlx === '1'), rows.filter((one) => one.gdlx === '2')];
  await until('city B has its matters where they belong', async () => {
    await writer.work();
    return writer.page.length === lists.length && (await province.matters()).length === rows.length - lists.length;
  }, 60 + units);
  for (const one of lists) wire.expectNumbered('city-b', one.gdbh, []); // learns the number that was typed in
  await province.give(complaints.map((one, k) => {
    const fields = stateFields(from(18) + k);
    wire.expectNumbered('city-b', one.gdbh, fields);
    return provinceState('city-b', one.gdbh, sentAs(fields));
  }));
}

// Questions: each leaves for a registry and comes back to whoever asked.
async function ask(wire, client, agent, key) {
  const { house } = wire;
  const registries = ['entity-rest', 'entity-soap', 'credit-query', 'ip', 'trademark-rest'].map((name) => [name, wire.of(name)]);
  const asPlatform = (service, question) => {
    const [target, body] = [`/exchange/v1/${service}`, JSON.stringify(question)];
    return call(agent, house.partners + target, 'POST', { ...messageSignatureHeaders('p12315', key, 'POST', target, body), 'Content-Type': 'application/json' }, body);
  };
  const note = (answer, who, fields) => {
    assert.equal(answer.status, 200, String(answer.body ?? answer.text));
    const id = `${answer.headers['tongqu-exchange']}-${who}`;
    wire.expect(id, fields);
    wire.arrive(id, String(answer.body ?? answer.text));
    return answer.headers['tongqu-exchange'];
  };
  const asked = (exchange, registry, fields) => wire.expect(`${exchange}-${registry}`, fields);
  for (let i = 1; i <= units; i += 1) {
    const n = from(19) + i;
    const owner = [['', 'entity.legal_rep', 'name', person(n, 0)], ['', 'entity.address', 'address', `住所${given(n)}号`]];
    wire.of('entity-rest').answerWith({ name: owner[0][3], dom: owner[1][3] });
    asked(note(await asPlatform('entity.query', { socialcode: entities[0].uniscid, subjectname: `${n}` }), 'p12315', owner), 'entity-rest', []);
    wire.of('entity-rest').answerWith({});
    const claimed = [['legalperson', 'legal_rep', 'name', person(n, 1)], ['addr', 'address', 'address', `地址${given(n)}号`]];
    const differing = [...claimed.map(([, , , value]) => value), `某某商行${n}`].map((value) => ['', 'differences[].given', 'name', value]).concat([['', 'differences[].registered', 'name', entities[0].name]]);
    asked(note(await asPlatform('entity.verify', { socialcode: entities[0].uniscid, subjectname: `某某商行${n}`, ...sentAs(claimed) }), 'p12315', differing), 'entity-rest', claimed);
    const representative = [['', 'credit.legal_rep', 'name', person(n, 2)]];
    wire.of('credit-query').answerWith({ legalPerson: representative[0][3] });
    asked(note(await asPlatform('credit.query', { socialcode: '91350100M000100Y43', subjectname: `${n}` }), 'p12315', representative), 'credit-query', []);
    asked(note(await asPlatform('patent.query', { applno: `20001${String(n).padStart(7, '0')}.0` }), 'p12315', []), 'ip', []);
    asked(note(await asPlatform('trademark.query', { regno: `9${String(n).padStart(7, '0')}` }), 'p12315', []), 'trademark-rest', []);
    const said = await client.submit({ code: '91350100M000100Y43', companyName: `${n}` }, { service: 'entity.query' });
    asked(note(said, 'city-a', [['', 'entity.legal_rep', 'name', '段正淳'], ['', 'entity.address', 'address', '福州市鼓楼区东街1号']]), 'entity-soap', []);
  }
  for (const [name, registry] of registries) for (const [id, bytes] of registry.heard()) if (id) wire.arrive(id, bytes, name);
}

// Everything that the recorders hold.
async function collect(wire, { file, zone: handed }) {
  const { house } = wire;
  for (const matter of await house.atPlatform('matters')) {
    for (const { id, body } of matter.messages) {
      const number = body.workOrderNo ?? body.caseid ?? body.caseNo ?? body.number ?? body.noticeNo;
      const ending = body.kind === 'decision' || body.decision !== undefined ? 'd' : body.facts !== undefined ? 'p' : '';
      wire.arrive(id, JSON.stringify(body), 'p12315', `${number}${ending}`);
    }
  }
  for (const row of wire.of('emergency-rest').rows.values()) wire.arrive(`${JSON.parse(row).messageId}-emergency-rest`, row);
  for (const [id, xml] of wire.of('emergency-cap').state.taken) wire.arrive(id, xml);
  for (const [id, row] of wire.of('credit').platform.rows) wire.arrive(id, row);
  for (const row of received(wire.of('credit-file').folder).rows) wire.arrive(`${file.get(row['行政处罚决定文书号'])}-credit-file`, JSON.stringify(row));
  for (const [id, event] of wire.of('daily').state.taken) wire.arrive(id, event.payload);
  for (const row of await wire.of('daily-db').clues()) wire.arrive(row.bwbh, JSON.stringify(row));
  for (const document of wire.of('case').clues()) wire.arrive(`${/<BWBH>(\w+)<\/BWBH>/.exec(document)[1]}-case`, document);
  for (const clue_ of wire.of('business-zone').clues.values()) wire.arrive(`${handed.get(JSON.parse(clue_).clue_no)}-business-zone`, clue_);
  for (const row of await wire.of('p12315-b').matters()) wire.arrive(row.bwbh, JSON.stringify(row), 'p12315-b', row.gdbh);
  for (const { exchange, fields } of wire.of('p12315-c').page) wire.arrive(`${exchange}-p12315-c`, JSON.stringify(fields), 'p12315-c', fields.来源工单编号);
  for (const row of await wire.of('city-b').states()) wire.arrive(row.bwbh, JSON.stringify(row), 'city-b', row.gdbh);
}

function ledgerOf(house) {
  const asked = house.cli('disclosures', '--reason', '核对', '--limit', '100000', '--format', 'json');
  assert.equal(asked.code, 0, asked.out);
  return new Map(JSON.parse(asked.out).disclosures.map((row) => [row.message, row]));
}

// Paths that a recipient may see and whose document has no member for them.
const unsaid = { noPlace: ['provider.email', 'title', 'attachments[].name'] };
const known = {
  'workorder.transfer p12315': unsaid,
  'workorder.transfer other': unsaid,
  'workorder.transfer p12315-b': { noPlace: ['title'] },
  'workorder.transfer p12315-c': { noPlace: ['title'] },
  'supervision.event daily': { noPlace: ['officer'] },
  'supervision.event daily-db': { noPlace: ['officer'] },
  'case.clue case': { refs: ['informant.name'] },
};
const knownOf = (row) => known[`${row.service} ${row.recipient}`] ?? {};

// The ledger's labels are those of the schemas: of the service's record, or of the answer to a question.
const schemasOf = (row) => (row.state === 'answered' ? [row.service === 'entity.verify' ? 'entity.verification@1' : `${row.service.split('.')[0]}.answer@1`] : [`${row.service}@1`]);
function strangeLabels(rows) {
  const all = new Map();
  return [...rows].flatMap(([message, row]) => schemasOf(row).flatMap((name) => {
    if (!all.has(name)) all.set(name, labelsOf(name));
    return row.fields.filter((field) => all.get(name).get(field.path) !== `${field.kind}/${field.subject ?? ''}`).map((field) => `${message} ${field.path}: the ledger says ${field.kind}/${field.subject ?? ''}, ${name} ${all.get(name).get(field.path)}`);
  }));
}

function compare(t, { sent, arrived }, rows) {
  const without = (one, other) => [...one.keys()].filter((message) => !other.has(message)).slice(0, 20);
  assert.deepEqual(without(arrived, rows), [], 'arrived, and the ledger says nothing');
  assert.deepEqual(without(rows, arrived), [], 'the ledger says that it left, and nothing arrived');
  assert.deepEqual(without(sent, arrived), [], 'sent, and nothing arrived');
  assert.deepEqual(without(arrived, sent), [], 'arrived, and nobody sent it');
  const found = [];
  for (const [message, row] of rows) found.push(...differences(message, sent.get(message), arrived.get(message), row, knownOf(row)));
  found.push(...strangeLabels(rows));
  const by = new Map();
  for (const row of rows.values()) by.set(row.recipient, (by.get(row.recipient) ?? 0) + 1);
  t.diagnostic(`${rows.size} messages, ${[...sent.values()].flat().length} values: ${[...by].map(([name, count]) => `${name} ${count}`).join(', ')}`);
  assert.deepEqual(found.slice(0, 40), [], `${found.length} differences`);
  const { lies, missed } = missedLies([...rows].filter((_, i) => i % Math.ceil(rows.size / 400) === 0), sent, arrived, knownOf);
  assert.deepEqual(missed, [], 'a ledger that says anything else is caught');
  assert.ok(lies > 100, `${lies} lies`);
}

// No value that was sent stands in what the gateway wrote beside its store's sealed rows: log, metrics, audit export, any file.
function nothingBeside(house, values, metrics) {
  const exported = path.join(house.folder, 'audit.jsonl');
  assert.equal(house.cli('audit', 'export', '--output', exported).code, 0);
  const files = (folder) => fs.readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? files(path.join(folder, one.name)) : [path.join(folder, one.name)]));
  const places = [['log', house.gateway.output], ['metrics', metrics], ...[exported, ...files(path.join(house.folder, 'state'))].map((file) => [path.basename(file), fs.readFileSync(file, 'latin1')])];
  const numbers = [...values].filter((value) => /^\d{11}/.test(value)); // ASCII in any of them
  const words = [...values].filter((value) => !/^[\x20-\x7e]*$/.test(value));
  for (const [name, bytes] of places) {
    const runs = new Set(bytes.match(/\d{11,}/g) ?? []);
    assert.deepEqual(numbers.filter((value) => runs.has(value)).length, 0, `${name} holds a number`);
    if (bytes.length > 1 << 20) continue; // what is large is the store's own file; its numbers were looked at
    const inUtf8 = Buffer.from(bytes, name === 'log' || name === 'metrics' ? 'utf8' : 'latin1').toString();
    assert.equal(words.filter((value) => inUtf8.includes(value)).length, 0, `${name} holds a word`);
  }
}

test(`ledger and wire agree over all connectors, ${units} of each kind`, { timeout: (300 + 40 * units) * 1000 * slow }, async (t) => {
  const house = await House.open({ partners: ['city-a', 'p12315'], standins });
  const wire = new Wire(house);
  const client = new Client(house);
  const read = (name) => fs.readFileSync(path.join(house.secrets, name));
  const agent = new https.Agent({ keepAlive: true, maxSockets: 8, ca: read('ca.crt'), cert: read('p12315.crt'), key: read('p12315.key') });
  const numbers = await platformSays(wire);
  await othersSay(wire);
  await cityB(wire);
  await ask(wire, client, agent, read('p12315-sign.key').toString());
  await house.settled(120 + units);
  await until('what was handed over has arrived', async () => {
    await collect(wire, numbers);
    return wire.missing().length === 0;
  }, 60 + units).catch((error) => assert.deepEqual(wire.missing(), [], error.message));
  compare(t, wire, ledgerOf(house));
  const { text: metrics } = await request(`${house.admin}/metrics`, { headers: { Authorization: `Bearer ${house.token}` } });
  nothingBeside(house, wire.values, metrics);
  client.close();
  agent.destroy();
  await house.close();
});

// What `partner` gets of the gateway with the credentials of city A's kind.
function asReader(house, partner, agent) {
  const key = fs.readFileSync(path.join(house.secrets, `${partner}.hmac`), 'utf8').trim();
  return (method, target) => call(agent, house.partners + target, method, hmacHeaders(partner, key, 'sha256', method, target, ''), '');
}

test(`ledger and wire agree over the pull inbox and attachments, ${units} orders`, { timeout: (120 + 10 * units) * 1000 * slow }, async (t) => {
  const house = await House.open({
    change: (opening) => {
      addPartner(opening, 'other', { pulls: true });
      sendOrdersTo(opening, 'other');
      withPhotos(opening);
    },
  });
  const wire = new Wire(house);
  const client = new Client(house);
  const agent = new https.Agent({ keepAlive: true, maxSockets: 4, ca: fs.readFileSync(path.join(house.secrets, 'ca.crt')) });
  const photos = new Map(); // exchange → bytes of its photo
  await inParallel(units, async (i) => {
    const n = from(20) + i;
    const fields = [['callerName', 'provider.name', 'name', person(n, 0)], ['callerPhone', 'provider.phone', 'phone', mobile(n, 0)], ['callerIdNo', 'provider.cert_no', 'id', idNumber(n)], ['callerAddress', 'provider.address', 'address', `住处${given(n)}号院`],
      ['callerMail', 'provider.email', 'email', `m${n}x@example.cn`], ['inNumber', 'caller_no', 'phone', mobile(n, 1)], ['title', 'title', 'free-text', text(n, 'B')], ['content', 'content', 'free-text', text(n, 'A')], ['request', 'request', 'free-text', text(n, 'C')],
      ['address', 'place', 'place', `地点${given(n)}号`], ['operator', 'reg_person', 'name', person(n, 1)]];
    const photo = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.alloc(2000 + i, i % 256)]);
    const name = `${person(n, 2)}.jpg`;
    const { receipt } = await client.insist(JSON.stringify({ ...order(n), ...sentAs(fields), photos: [{ name, type: 'image/jpeg', content: photo.toString('base64') }] }));
    const { exchange } = JSON.parse(receipt).entry;
    photos.set(exchange, photo);
    for (const recipient of ['p12315', 'other']) wire.expect(`${exchange}-${recipient}`, [...fields, ['', 'attachments[].name', 'name', name]]);
  });
  const get = asReader(house, 'other', agent);
  await until('every order was pulled', async () => {
    const { messages } = JSON.parse((await get('GET', '/exchange/v1/inbox?limit=50')).body);
    for (const message of messages) {
      wire.arrive(message.id, JSON.stringify(message.body));
      assert.equal((await get('POST', `/exchange/v1/inbox/${message.id}/ack`)).status, 200);
    }
    return [...photos.keys()].every((exchange) => wire.arrived.has(`${exchange}-other`));
  }, 60 + units);
  await house.settled(60 + units);
  for (const matter of await house.atPlatform('matters')) for (const { id, body } of matter.messages) wire.arrive(id, JSON.stringify(body));
  // An address is what its reader gets there.
  const read = [];
  for (const [exchange, photo] of photos) {
    const { attachurl } = JSON.parse(wire.arrived.get(`${exchange}-other`));
    const answer = await get('GET', attachurl);
    assert.ok(answer.body.equals(photo), 'the attachment is the one that was sent');
    read.push(`${attachurl.split('/').pop()} other`);
    for (const recipient of ['p12315', 'other']) wire.sent.get(`${exchange}-${recipient}`).push(['', 'attachments[].url', 'link', attachurl]);
  }
  compare(t, wire, ledgerOf(house));
  const { entries } = auditOf(house);
  assert.deepEqual(entries.filter((entry) => entry.kind === 'attachment-read').map((entry) => `${entry.attachment} ${entry.partner}`).sort(), read.sort(), 'every reading is on record, and no other');
  nothingBeside(house, wire.values, '');
  client.close();
  agent.destroy();
  await house.close();
});
