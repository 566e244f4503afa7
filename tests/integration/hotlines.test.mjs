// The five former hotlines, end to end: files and front databases, each line by its own code tables; every row is imported, a
// duplicate or refused, and the three add up – on SQLite, PostgreSQL and MariaDB, and when the gateway is killed meanwhile.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { House, binary, slow, stop, until } from './lib/gateway.mjs';
import { DatabaseServer } from './lib/databases.mjs';
import { createTable, quoted } from '../../sandbox/lib/front_table.mjs';
import * as line12315 from '../../sandbox/partners/hotline-12315.mjs';
import * as line12330 from '../../sandbox/partners/hotline-12330.mjs';
import * as line12331 from '../../sandbox/partners/hotline-12331.mjs';
import * as line12358 from '../../sandbox/partners/hotline-12358.mjs';
import * as line12365 from '../../sandbox/partners/hotline-12365.mjs';

const lines = [line12315, line12365, line12331, line12358, line12330];
const quick = (text) => text.replace('poll: 500ms', 'poll: 50ms').replace('lease: 2m', 'lease: 2s').replace('batch: 200', 'batch: 50');
const partner = { source: (body) => body.sourcePartner, no: (body) => body.workOrderNo };
const bodies = async (house) => (await house.atPlatform('matters')).map((matter) => matter.messages[0].body);
const standinOf = (house, name) => house.standins.find((one) => one.partner === name).standin;

test('the same digits mean other things in each line, and informants stay informants', { timeout: 180000 * slow }, async () => {
  const house = await House.open({ standins: lines.map((line) => line.partner) });
  // Type 1, object 101, problem 01, in the columns of each.
  const file = { 'hotline-12365': { 1: '1', 10: '101', 12: '01' }, 'hotline-12331': { 1: '1', 10: '101', 15: '01' }, 'hotline-12330': { 1: '1', 10: '101', 13: '01' } };
  const table = { 'hotline-12315': { xxjlx: '1', ktlb: '101', wtlb: '01' }, 'hotline-12358': { LX: '1   ', SPLB: '101   ', WTLB: '01  ' } };
  for (const line of lines) {
    const standin = standinOf(house, line.partner);
    if (file[line.partner]) standin.drop.put(`digits.${line === line12330 ? 'zip' : 'csv'}`, [Object.assign(line.record(1), file[line.partner])]);
    else await standin.database.insert(line.front, [{ ...line.row(1), ...table[line.partner] }]);
  }
  const all = await until('one record of each', async () => { const got = await bodies(house); return got.length === 5 && got; }, 60);
  const said = Object.fromEntries(all.map((body) => [partner.source(body), [body.infotype, body.objtype, body.applbasquename]]));
  assert.deepEqual(said, {
    'hotline-12315': ['1', '101', '01'], // complaint, food, quality
    'hotline-12365': ['3', '127', '01'], // consultation, cables, quality
    'hotline-12331': ['2', '108', '53'], // report, medicine, food safety
    'hotline-12358': ['2', '168', '10'], // report, fuel, price
    'hotline-12330': ['1', '117', '13'], // complaint, clothes, false patent
  });
  for (const body of all) {
    const report = body.infotype === '2';
    assert.equal(body.informantname, report ? '王**' : undefined, 'an informant is masked, and nobody else is one');
    assert.equal(body.providername, report ? undefined : '王小峰');
    assert.equal(body.tsnr === undefined, report);
  }
  await house.settled();
  await house.close();
});

test('rows of every line add up to imported, duplicate and refused', { timeout: 180000 * slow }, async () => {
  const house = await House.open({ standins: lines.map((line) => line.partner) });
  for (const line of lines) await standinOf(house, line.partner).send(40);
  await house.settled();
  for (const line of lines) assert.deepEqual(await standinOf(house, line.partner).figures(), { sent: 40, turnedBack: 2, received: 0, problems: [] }, line.partner);
  assert.deepEqual(await standinOf(house, 'hotline-12315').database.counts(line12315.front), { 2: 38, 3: 2, 4: 1 });
  assert.deepEqual(await standinOf(house, 'hotline-12358').database.counts(line12358.front), { Y: 38, E: 2, D: 1 });
  const refused = await standinOf(house, 'hotline-12358').database.run(`SELECT CWDM FROM JG_JBLS WHERE ZT = 'E'`);
  assert.deepEqual(refused.map((row) => row.CWDM), ['validate.not-keyed', 'validate.not-keyed']);
  assert.equal((await bodies(house)).length, 5 * 38);
  // Another row of a known record is a duplicate, with other content a new version; a fresh number is a new record.
  const { database } = standinOf(house, 'hotline-12315');
  await database.insert(line12315.front, [line12315.row(3), { ...line12315.row(3), cljg: '4' }, line12315.row(1001)]);
  await database.drained(line12315.front, [0, 1]);
  assert.deepEqual(await database.counts(line12315.front), { 2: 40, 3: 2, 4: 2 });
  await house.settled();
  await house.close();
});

// The tables of a line on a server of its own, and its rows as SQL.
const literal = (value) => (value === null || value === undefined ? 'NULL' : typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`);
function insert(line, dialect, rows) {
  const names = line.front.columns.map(([name]) => name).filter((name) => rows.some((row) => row[name] !== undefined));
  const name = (text) => quoted(text, dialect);
  return `INSERT INTO ${name(line.front.table)} (${names.map(name).join(', ')}) VALUES ${rows.map((row) => `(${names.map((column) => literal(row[column])).join(', ')})`).join(',\n')};`;
}
const onServer = (line, made, server) => made.edit(`partners/${line.partner}.yaml`, (text) => quick(text).replace(/  database:\n(?: {4}.*\n)+/, `  database: ${server.settings(made.secrets)}\n`));
const check = (house, ...more) => spawnSync(binary, ['import', 'check', '-c', house.config, ...more], { encoding: 'utf8', env: { ...process.env, LANG: 'zh_CN.UTF-8' } });
const pairs = (text) => Object.fromEntries(text.trim().split(/\r?\n/).map((one) => one.split(',')));

for (const dialect of ['postgresql', 'mysql']) {
  for (const line of [line12315, line12358]) {
    test(`${line.partner} on ${dialect === 'mysql' ? 'MariaDB' : 'PostgreSQL'}`, { timeout: 180000 * slow }, async () => {
      const server = await DatabaseServer.start(dialect);
      const rows = Array.from({ length: 200 }, (_, i) => line.row(i + 1));
      const spoilt = Array.from({ length: 3 }, (_, i) => ({ ...line.row(900 + i), djbh: undefined, JBBH: undefined }));
      server.sql(`${createTable(line.front, dialect)};\n${insert(line, dialect, [...rows, ...rows.slice(0, 5), ...spoilt])}`);
      const state = quoted(line.front.state, dialect);
      const counts = () => Object.fromEntries(server.sql(`SELECT ${state}, count(*) FROM ${quoted(line.front.table, dialect)} GROUP BY ${state}`));
      const house = await House.open({
        partners: ['city-a', 'p12315', line.partner],
        change: (made) => {
          onServer(line, made, server);
          // The dry run first: what the import will refuse, and no row is touched.
          const tried = check(made, '--secrets', made.secrets, '--partner', line.partner);
          assert.equal(tried.status, 1, tried.stderr);
          assert.deepEqual(pairs(tried.stdout.split(/\r?\n\r?\n/)[0]), { item: 'value', table: line.front.table, rows: '208', imported: '205', refused: '3', 'reason:validate.not-keyed': '3' });
          assert.doesNotMatch(tried.stdout + tried.stderr, /王小峰|138100000|中关村/);
          assert.equal(server.sql(`SELECT count(*) FROM ${quoted(line.front.table, dialect)} WHERE ${quoted(line.front.columns[1][0], dialect)} IS NULL`)[0][0], '208', 'nothing is claimed');
        },
      });
      const { ok, failed, duplicate } = line.states;
      await until('all rows have their end', () => { const now = counts(); return Number(now[ok] ?? 0) + Number(now[failed] ?? 0) + Number(now[duplicate] ?? 0) === 208; }, 60);
      assert.deepEqual(counts(), { [ok]: '200', [failed]: '3', [duplicate]: '5' });
      await house.settled();
      const got = (await bodies(house)).find((body) => partner.no(body) === (rows[1].djbh ?? rows[1].JBBH));
      assert.equal(got.providername ?? got.informantname, got.infotype === '2' ? '张**' : '张㐂㐂');
      assert.equal(got.monetary, '99.00');
      assert.equal((await bodies(house)).length, 200);
      await house.close();
      await server.stop();
    });
  }
}

test('the dry run tells what will be kept and flagged, for tables of any length; and the files of the other lines', { timeout: 180000 * slow }, async () => {
  const house = await House.open({ standins: ['hotline-12315', 'hotline-12331', 'hotline-12330'] });
  const { database } = standinOf(house, 'hotline-12315');
  await stop(house.gateway);
  await database.insert(line12315.front, Array.from({ length: 1203 }, (_, i) => ({ ...line12315.row(i + 1), ...(i % 400 === 0 ? { xydm: '91350100M000100Y44' } : {}), ...(i % 600 === 1 ? { xxjlx: '7' } : {}) })));
  const tried = check(house, '--partner', 'hotline-12315');
  assert.equal(tried.status, 0, tried.stdout + tried.stderr);
  assert.match(tried.stdout, /^rows,1203$/m);
  assert.match(tried.stdout, /信用代码\s+\S+\s+4$/m);
  assert.match(tried.stdout, /信息件类型\s+\S+\s+3$/m);
  assert.match(tried.stdout, /complete\s+3$/m);
  assert.deepEqual(await database.counts(line12315.front), { 0: 1203 });
  for (const [line, ending] of [[line12331, 'csv'], [line12330, 'zip']]) {
    const { drop } = standinOf(house, line.partner);
    const rows = Array.from({ length: 30 }, (_, i) => line.record(i + 1));
    rows[4][0] = '';
    drop.put(`history.${ending}`, rows);
    const said = check(house, '--partner', line.partner, path.join(drop.folder, `in/history.${ending}`));
    assert.equal(said.status, 1, said.stderr);
    const { state, imported, refused } = pairs(said.stdout.split(/\r?\n\r?\n/)[0]);
    assert.deepEqual({ state, imported, refused }, { state: 'processed', imported: '29', refused: '1' });
  }
  assert.match(check(house, '--partner', 'hotline-12331').stderr, /import\.file/);
  assert.match(check(house, '--partner', 'city-a').stderr, /import\.(file|partner)/);
  await house.run();
  await house.close();
});

test('kill -9 while rows of a front database are imported: every record once, the rows add up', { timeout: 300000 * slow }, async (t) => {
  const house = await House.open({ standins: ['hotline-12358'], change: (made) => made.edit('partners/hotline-12358.yaml', quick) });
  const { database } = standinOf(house, 'hotline-12358');
  const records = 1500;
  const rows = Array.from({ length: records }, (_, i) => line12358.row(i + 1));
  for (let at = 100; at <= records; at += 100) rows.splice(at, 0, line12358.row(at)); // one in a hundred stands there twice
  rows.push({ ...line12358.row(9999), JBBH: null });
  await database.insert(line12358.front, rows);
  const { fresh, taken, ok, failed, duplicate } = line12358.states;
  let inHand = 0;
  for (let kill = 0; kill < 5; kill += 1) {
    await until('rows are claimed', async () => { const now = await database.counts(line12358.front); return now[taken] > 0 || !now[fresh]; });
    await stop(house.gateway, 'SIGKILL');
    inHand += (await database.counts(line12358.front))[taken] ?? 0;
    await house.run();
  }
  assert.ok(inHand > 0, 'no kill met a claimed row');
  t.diagnostic(`${inHand} rows were claimed when the gateway was killed`);
  await database.drained(line12358.front, [fresh, taken]);
  await house.settled(120);
  const counts = await database.counts(line12358.front);
  assert.equal(counts[ok] + counts[duplicate] + counts[failed], rows.length);
  assert.equal(counts[failed], 1);
  assert.ok(counts[duplicate] <= 15 && counts[ok] >= records, JSON.stringify(counts));
  const matters = await house.atPlatform('matters');
  assert.equal(matters.length, records);
  assert.ok(matters.every(({ messages }) => messages.length === 1), 'a record took effect twice');
  const { body } = await house.atAdmin('status');
  assert.equal(body.partners.find((one) => one.partner === 'hotline-12358').stored, records);
  await house.close();
});

test('kill -9 while a ZIP of a former hotline is imported: every record once', { timeout: 300000 * slow }, async () => {
  const house = await House.open({ standins: ['hotline-12330'] });
  const { drop } = standinOf(house, 'hotline-12330');
  drop.put('big.zip', Array.from({ length: 2000 }, (_, i) => line12330.record(i + 1)));
  for (let kill = 1; kill <= 3; kill += 1) {
    await until('some rows', async () => (await house.atPlatform('stats')).distinct > kill * 200);
    await stop(house.gateway, 'SIGKILL');
    await house.run();
  }
  const result = await until('the result', () => drop.result('big.zip'), 120);
  assert.deepEqual([result.rows, result.imported, result.duplicate, result.refused], ['2000', '2000', '0', '0']);
  await house.settled(120);
  const matters = await house.atPlatform('matters');
  assert.equal(matters.length, 2000);
  assert.ok(matters.every(({ messages }) => messages.length === 1), 'a record took effect twice');
  await house.close();
});
