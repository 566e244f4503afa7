// Who got what of whom: the disclosure ledger, asked by person, recipient, label and time; each answer provable offline, and
// the person's values nowhere.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House, binary, order, slow } from './lib/gateway.mjs';
import { Client, auditOf } from './lib/traffic.mjs';
import * as emergency from '../../sandbox/partners/emergency-rest.mjs';
import { entities } from '../../sandbox/partners/entity-soap.mjs';

const duan = { callerName: '段正淳', callerPhone: '18049531999', callerIdNo: '51343620000320711X' };
const mubai = { callerName: '慕容白', callerPhone: '0915-7518480', callerIdNo: '610104620927690' };

async function open(suite) {
  const house = await House.open({ suite, partners: ['city-a', 'p12315', 'emergency-rest'], standins: ['entity-soap'], change: (h) => h.edit('gateway.yaml', (text) => text.replace('log_level: info', 'log_level: debug')) });
  house.emergency = await emergency.open({
    secrets: house.secrets, log: () => {}, edit: (file, edit) => house.edit(file, edit), gateway: () => house.partners, platform: (what, body) => house.atPlatform(what, body),
  });
  const reloaded = house.cli('reload');
  assert.equal(reloaded.code, 0, reloaded.out);
  const client = new Client(house);
  house.submit = async (n, person, more = {}) => {
    const answer = await client.submit(order(n, { ...person, ...more }));
    assert.equal(answer.status, 202, answer.text);
    return JSON.parse(answer.text).entry.exchange;
  };
  house.ask = (typed, ...args) => {
    const run = spawnSync(binary, ['disclosures', '--reason', '本人申请查询', ...args], {
      input: typed === undefined ? '' : `${typed}\n`, encoding: 'utf8', env: { ...process.env, LANG: 'en_US.UTF-8', TONGQU_ADMIN: house.admin, TONGQU_ADMIN_TOKEN_FILE: path.join(house.secrets, 'admin.token') },
    });
    return { code: run.status, out: run.stdout, err: run.stderr, rows: args.includes('json') && run.status === 0 ? JSON.parse(run.stdout).disclosures : undefined };
  };
  house.rows = (typed, ...args) => {
    const asked = house.ask(typed, ...args, '--format', 'json');
    assert.equal(asked.code, 0, asked.err);
    return asked.rows;
  };
  house.client = client;
  house.shut = async () => { client.close(); await house.close(); await house.emergency.close(); };
  return house;
}

const filesBelow = (folder) => fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesBelow(path.join(folder, entry.name)) : [path.join(folder, entry.name)]));
const places = (rows) => rows.map((row) => `${row.exchange} ${row.recipient}`).sort();

for (const suite of ['gm', 'intl']) {
  test(`a person's question is answered, by whatever spelling, and proven (${suite})`, { timeout: 180000 * slow }, async () => {
    const house = await open(suite);
    const complaint = await house.submit(1, duan);
    const other = await house.submit(2, mubai);
    const report = await house.submit(3, duan, { type: '举报', secret: '1' });
    const told = await house.atPlatform('state', emergency.incident(1)); // names 段正淳, 18049531999
    assert.equal(told.status, 202, told.body);
    const asked = await house.client.submit({ code: entities[0].UNISCID }, { service: 'entity.query' });
    assert.equal(asked.status, 200, asked.text);
    const again = await house.client.submit({ code: entities[0].UNISCID }, { service: 'entity.query' });
    assert.equal(again.headers['tongqu-answer'], 'cache');
    await house.settled();

    const mine = house.rows('18049531999', '--person', 'phone');
    assert.equal(mine.length, 2, JSON.stringify(mine, null, 1));
    const [incident, first] = mine;
    assert.deepEqual([first.exchange, first.recipient, first.service, first.state], [complaint, 'p12315', 'workorder.transfer', 'delivered']);
    assert.deepEqual([incident.recipient, incident.service], ['emergency-rest', 'emergency.incident']);
    assert.match(first.purpose, /归集/);
    assert.match(first.basis, /第四十条/);
    assert.match(first.config, /^[0-9a-f]{64}$/);
    assert.ok(first.fields.length > 3 && first.fields.every((field) => field.subject === 'complainant'), 'the fields of that person, and of nobody else');
    assert.ok(first.fields.some((field) => field.path === 'provider.phone' && field.form === 'clear'));
    assert.ok(first.fields.some((field) => field.kind === 'id' && field.form === 'mask'));
    assert.deepEqual(incident.fields.map((field) => `${field.kind} ${field.form}`).sort(), ['name mask', 'phone mask']);

    for (const typed of ['180 4953 1999', '180-4953-1999', '１８０４９５３１９９９', '+86 18049531999', '＋８６　１８０４９５３１９９９', '008618049531999', '018049531999']) {
      assert.deepEqual(places(house.rows(typed, '--person', 'phone')), places(mine), typed);
    }
    for (const typed of ['51343620000320711X', '５１３４３６２０００032071１ｘ', '513436 20000320 711x']) {
      assert.deepEqual(places(house.rows(typed, '--person', 'id')), [`${complaint} p12315`], typed);
    }
    for (const typed of ['610104196209276908', '610104620927690', '610104 620927 690']) {
      assert.deepEqual(places(house.rows(typed, '--person', 'id')), [`${other} p12315`], typed);
    }
    assert.deepEqual(places(house.rows('+86 915 751 8480', '--person', 'phone')), [`${other} p12315`]);
    assert.deepEqual(house.rows('13900000000', '--person', 'phone'), []);

    // The same person reported somebody: found only by who says so, and that it was asked is on record.
    assert.deepEqual(places(house.rows('18049531999', '--person', 'phone', '--role', 'informant')), [`${report} p12315`]);
    const { entries } = auditOf(house);
    const questions = entries.filter((entry) => entry.kind === 'disclosures-asked');
    assert.equal(questions.filter((entry) => entry.role === 'informant').length, 1);
    assert.deepEqual([questions[0].criteria, questions[0].rows], ['person', 2]);

    // Other criteria, alone and together.
    assert.deepEqual(places(house.rows(undefined, '--recipient', 'emergency-rest')), places([incident]));
    assert.equal(house.rows(undefined, '--recipient', 'p12315').length, 3);
    assert.deepEqual(places(house.rows(undefined, '--label', 'informant.phone')), [`${report} p12315`]);
    assert.equal(house.rows(undefined, '--label', 'phone').length, 4);
    const query = house.rows(undefined, '--label', 'name').filter((row) => row.service === 'entity.query');
    assert.deepEqual(query.map((row) => `${row.recipient} ${row.state}`), ['city-a answered', 'city-a answered'], 'the legal person of a registry is somebody too; a kept answer leaves as well');
    assert.deepEqual(house.rows(undefined, '--recipient', 'entity-soap').map((row) => row.state), ['asked']);
    assert.deepEqual(places(house.rows('18049531999', '--person', 'phone', '--recipient', 'emergency-rest', '--label', 'complainant.phone')), places([incident]));
    assert.deepEqual(house.rows('18049531999', '--person', 'phone', '--between', '2020-01-01', '2020-12-31'), []);
    assert.deepEqual(places(house.rows('18049531999', '--person', 'phone', '--between', first.at, incident.at)), [`${complaint} p12315`], 'from counts, to does not');

    // A cut list says so.
    const cut = house.ask(undefined, '--limit', '2');
    assert.equal(cut.code, 0, cut.err);
    assert.match(cut.err, /^CUT: .*2 rows/);
    assert.equal(house.ask(undefined, '--recipient', 'p12315').err, '');

    // Proofs verify with the public key alone, and name what the row names.
    const folder = path.join(house.folder, 'proofs');
    assert.equal(house.rows('18049531999', '--person', 'phone', '--prove', folder).length, 2);
    const { key } = auditOf(house);
    const proofs = fs.readdirSync(folder);
    assert.deepEqual(proofs.sort(), mine.map((row) => `proof-${row.index}.json`).sort());
    for (const row of mine) {
      const file = path.join(folder, `proof-${row.index}.json`);
      const verified = house.cli('audit', 'verify', '--key', key, file);
      assert.equal(verified.code, 0, verified.out);
      const proof = JSON.parse(fs.readFileSync(file, 'utf8'));
      assert.equal(proof.entry.exchange, row.exchange);
      assert.equal(proof.entry.config, row.config);
      assert.ok(proof.entry.disclosed.some((one) => one.message === row.message), 'the entry names the message');
    }

    // What was typed, and what was found by it, is nowhere.
    const values = ['18049531999', '180 4953 1999', '180-4953-1999', '51343620000320711X', '610104196209276908', '610104620927690', '0915-7518480', '09157518480'];
    const log = house.gateway.output;
    const audit = fs.readFileSync(auditOf(house).file);
    const files = filesBelow(path.join(house.folder, 'state')).map((file) => [file, fs.readFileSync(file)]);
    assert.ok(files.some(([file]) => file.endsWith('main.db')));
    for (const value of values) {
      for (const [place, bytes] of [['log', Buffer.from(log)], ['audit', audit], ...files]) assert.equal(bytes.includes(value), false, `${value} in ${place}`);
    }
    await house.shut();
  });
}

test('what is no question is refused, and no value is said again', { timeout: 60000 * slow }, async () => {
  const house = await open('gm');
  const wrong = house.ask('不是号码', '--person', 'phone');
  assert.equal(wrong.code, 2);
  assert.equal(wrong.err.includes('不是号码'), false);
  assert.equal(house.ask('18049531999', '--person', 'name').code, 2);
  assert.equal(house.ask(undefined, '--role', 'informant').code, 2, 'a role is a role of somebody');
  assert.equal(house.ask(undefined, '--between', 'yesterday', 'today').code, 2);
  const help = house.ask(undefined, '--help').out;
  assert.match(help, /standard input or a prompt, never from an argument/s);
  for (const [body, code] of [
    [{ reason: 'r', person: { kind: 'name', value: '段正淳' } }, 'admin.parameter'],
    [{ reason: 'r', person: { kind: 'phone', value: '不是号码' } }, 'person.value'],
    [{ reason: 'r', role: 'informant' }, 'admin.parameter'],
    [{ reason: 'r', limit: 5000 }, 'admin.parameter'],
    [{ person: { kind: 'phone', value: '18049531999' } }, 'admin.reason'],
  ]) {
    const answer = await house.atAdmin('disclosures', body);
    assert.deepEqual([answer.status, answer.body.code], [400, code]);
    assert.equal(answer.text.includes('不是号码'), false);
  }
  assert.equal(auditOf(house).entries.filter((entry) => entry.kind === 'disclosures-asked').length, 0);
  await house.shut();
});
