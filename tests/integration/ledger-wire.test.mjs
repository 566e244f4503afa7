// The disclosure ledger says what left. What did arrive is rebuilt here from the bytes that the partners' stand-ins took, by
// values that each occur once: found in clear, scrubbed, in the masked form of docs/privacy.md, or as a reference. Nothing of
// the gateway is used for it but the answer of `tongqu disclosures`. TONGQU_WIRE: orders to send (default 240).
import test from 'node:test';
import assert from 'node:assert/strict';
import { House, order, slow } from './lib/gateway.mjs';
import { Client, inParallel } from './lib/traffic.mjs';
import { differences, given, idNumber, missedLies, mobile, person, sentAs, text } from './lib/wire.mjs';
import * as emergency from '../../sandbox/partners/emergency-rest.mjs';
import { entities } from '../../sandbox/partners/entity-soap.mjs';

const orders = Number(process.env.TONGQU_WIRE ?? 240);

// What city A's order says of whom: [field sent, canonical path, kind, value].
function orderFields(n, isReport) {
  const who = isReport ? 'informant' : 'provider';
  const fields = [
    ['callerName', `${who}.name`, 'name', person(n, 0)], ['callerPhone', `${who}.phone`, 'phone', mobile(n, 0)],
    ['callerIdNo', `${who}.cert_no`, 'id', idNumber(n)], ['callerAddress', `${who}.address`, 'address', `住处${given(n)}号院`],
    ['content', isReport ? 'informant_content' : 'content', 'free-text', text(n, 'A')],
    ['operator', 'reg_person', 'name', person(n, 1)],
  ];
  if (!isReport) {
    fields.push(['callerMail', 'provider.email', 'email', `m${n}x@example.cn`], ['inNumber', 'caller_no', 'phone', mobile(n, 1)], ['title', 'title', 'free-text', text(n, 'B')],
      ['request', 'request', 'free-text', text(n, 'C')], ['address', 'place', 'place', `地点${given(n)}号`]);
  }
  return fields;
}
const incidentFields = (n) => [
  ['providername', 'provider.name', 'name', person(n, 2)], ['providertel', 'provider.phone', 'phone', mobile(n, 2)], ['confirmedBy', 'confirmed_by', 'name', person(n, 3)], ['description', 'description', 'free-text', text(n, 'G')],
];
const clueFields = (n) => [
  ['informantName', 'informant.name', 'name', person(n, 4)], ['informantTel', 'informant.phone', 'phone', mobile(n, 4)], ['content', 'content', 'free-text', text(n, 'D')], ['opinion', 'opinion', 'free-text', text(n, 'E')],
];
const resultFields = (n) => [
  ['officer', 'officer', 'name', person(n, 5)], ['officerPhone', 'officer_phone', 'phone', mobile(n, 5)], ['note', 'reply', 'free-text', text(n, 'F')],
];

async function open() {
  const house = await House.open({ partners: ['city-a', 'p12315', 'emergency-rest'], standins: ['case', 'entity-soap'] });
  house.emergency = await emergency.open({
    secrets: house.secrets, log: () => {}, edit: (file, edit) => house.edit(file, edit), gateway: () => house.partners, platform: (what, body) => house.atPlatform(what, body),
  });
  const reloaded = house.cli('reload');
  assert.equal(reloaded.code, 0, reloaded.out);
  house.cases = house.standins.find((one) => one.partner === 'case').standin;
  house.tell = async (row) => {
    const answer = await house.atPlatform('state', row);
    assert.equal(answer.status, 202, answer.body);
    return JSON.parse(answer.body).entry.exchange;
  };
  return house;
}

test(`ledger and wire agree over ${orders} orders and what follows from them`, { timeout: (120 + orders) * 1000 * slow }, async (t) => {
  const house = await open();
  const client = new Client(house);
  const sent = new Map(); // message id → fields
  await inParallel(orders, async (n) => {
    const isReport = n % 5 === 0;
    const fields = orderFields(n, isReport);
    // Some leave out what they may leave out.
    const kept = fields.filter(([name], i) => i < 2 || name === 'content' || (n + i) % 7 !== 0);
    const left = Object.fromEntries(fields.filter((field) => !kept.includes(field)).map(([name]) => [name, undefined]));
    const body = { ...order(n, { inNumber: undefined, callerMail: undefined }), ...sentAs(kept), ...left, type: isReport ? '举报' : '投诉', secret: isReport ? '1' : '0' };
    const { receipt } = await client.insist(JSON.stringify(body));
    sent.set(`${JSON.parse(receipt).entry.exchange}-p12315`, kept);
  });
  await house.settled(120 + orders);
  const some = Math.ceil(orders / 4);
  await inParallel(some, async (n) => {
    sent.set(`${await house.tell({ ...emergency.incident(n), ...sentAs(incidentFields(n)) })}-emergency-rest`, incidentFields(n));
    const clue = await house.tell({ service: 'case.clue', clueNo: `XS${n}`, sourceKind: '2', foundTime: '2026-11-24T10:00:00+08:00', partyName: '某某食品厂', ...sentAs(clueFields(n)) });
    // A person decides, in one way or another: the ledger says what left, not what was asked for.
    await house.release(clue, { as: ['scrubbed', 'whole', 'without'][n % 3] });
    sent.set(`${clue}-case`, clueFields(n));
    const told = { service: 'workorder.result', sourcePartner: 'city-a', workOrderNo: order(n).orderNum, caseid: `1000${n}`, infotype: n % 5 === 0 ? '2' : '1', time: '2026-11-26T10:00:00+08:00', unit: '海淀区市场监督管理局', state: 'IN_PROGRESS', result: '1', ...sentAs(resultFields(n)) };
    // Of a report nothing but the state goes back.
    const fields = n % 5 === 0 ? resultFields(n).map(([name, path, kind, value]) => [name, name === 'note' ? 'informant_reply' : path, kind, value]) : resultFields(n);
    sent.set(`${await house.tell(told)}-city-a`, fields);
  });
  const answers = new Map();
  for (const entity of entities) {
    const answer = await client.submit({ code: entity.UNISCID }, { service: 'entity.query' });
    assert.equal(answer.status, 200, answer.text);
    answers.set(`${answer.headers['tongqu-exchange']}-city-a`, answer.text);
    sent.set(`${answer.headers['tongqu-exchange']}-city-a`, [['', 'entity.legal_rep', 'name', entity.NAME ?? entity.FRDB ?? '']]);
  }
  await house.settled(120 + orders);

  const arrived = new Map(answers); // message id → text
  for (const matter of await house.atPlatform('matters')) for (const { id, body } of matter.messages) arrived.set(id, JSON.stringify(body));
  for (const row of house.emergency.rows.values()) arrived.set(`${JSON.parse(row).messageId}-emergency-rest`, row);
  for (const text of house.cases.clues()) arrived.set(`${/<BWBH>(\w+)<\/BWBH>/.exec(text)[1]}-case`, text);
  for (let n = 1; n <= some; n += 1) for (const state of await house.atHotline(`states?order=${order(n).orderNum}`)) arrived.set(`${state.messageId}-city-a`, JSON.stringify(state));

  const asked = house.cli('disclosures', '--reason', '核对', '--limit', '100000', '--format', 'json');
  assert.equal(asked.code, 0, asked.out);
  const rows = new Map(JSON.parse(asked.out).disclosures.filter((row) => ['delivered', 'answered'].includes(row.state)).map((row) => [row.message, row]));
  const without = (one, other) => [...one.keys()].filter((message) => !other.has(message));
  assert.deepEqual(without(arrived, rows), [], 'arrived, and the ledger says nothing');
  assert.deepEqual(without(rows, arrived), [], 'the ledger says that it left, and nothing arrived');
  assert.deepEqual(without(sent, arrived), [], 'sent, and nothing arrived');
  assert.deepEqual(without(arrived, sent), []);

  const known = {
    'workorder.transfer': { noPlace: ['provider.email', 'title'] },
    'case.clue': { refs: ['informant.name'] },
  };
  const found = [];
  for (const [message, row] of rows) found.push(...differences(message, sent.get(message), arrived.get(message), row, known[row.service] ?? {}));
  t.diagnostic(`${rows.size} messages, ${[...sent.values()].flat().length} values`);
  assert.deepEqual(found.slice(0, 20), [], `${found.length} differences`);

  // The search finds what it looks for: a ledger that says anything else is caught.
  const { lies, missed } = missedLies([...rows].slice(0, 200), sent, arrived, (row) => known[row.service] ?? {});
  assert.deepEqual(missed, []);
  assert.ok(lies > 500, `${lies} lies`);
  client.close();
  await house.close();
  await house.emergency.close();
});
