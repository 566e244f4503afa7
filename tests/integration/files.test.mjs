// Files in and out, end to end: the history of a former hotline as CSV in GB18030, and penalties as a nightly file over a real
// SFTP server.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { House, slow, stop, until } from './lib/gateway.mjs';
import * as hotline from '../../sandbox/partners/hotline-12365.mjs';
import * as credit from '../../sandbox/partners/credit-file.mjs';

async function withHotline(work) {
  let standin;
  const house = await House.open({
    partners: ['city-a', 'p12315', 'hotline-12365'],
    change: (made) => {
      standin = hotline.open({ var: path.join(made.folder, 'hotline'), edit: made.edit.bind(made), log: () => {} });
    },
  });
  try {
    await work(house, await standin);
  } finally {
    await house.close();
  }
}

test('a file of a former hotline: rows by its own tables, errors by line, a result file, an archive', { timeout: 120000 * slow }, async () => {
  await withHotline(async (house, standin) => {
    await standin.send(40);
    await house.settled();
    const { sent, turnedBack, problems } = await standin.figures();
    assert.deepEqual({ sent, turnedBack, problems }, { sent: 40, turnedBack: 2, problems: [] });
    const matters = new Map((await house.atPlatform('matters')).map((one) => [one.key.split('|')[1], one.messages[0].body]));
    assert.equal(matters.size, 38);
    // The same digits mean other things in the tables of this line.
    assert.equal(matters.get('ZJ201800000001').infotype, '1'); // its 2
    assert.equal(matters.get('ZJ201800000002').infotype, '3'); // its 1
    assert.equal(matters.get('ZJ201800000003').objtype, '165'); // its 121: a car
    assert.equal(matters.get('ZJ201800000002').providername, '张㐂㐂');
    assert.equal(matters.get('ZJ201800000005').tsnr, '车辆𠮷故障，无法使用');
    assert.equal(matters.get('ZJ201800000006').tsnr, '标称与实测不符，"缺斤少两"，要求退货。');
    assert.equal(matters.get('ZJ201800000007').tsnr, '产品开裂｜脱漆\n多次联系未果');
    assert.equal(matters.get('ZJ201800000004').informantname, '段**', 'an informant is masked');
    assert.equal(matters.get('ZJ201800000004').providername, undefined);
    const errors = standin.drop.errors('12365-0001.csv');
    assert.equal(errors.length, 2);
    assert.equal(errors[0][3], 'validate.not-keyed');
    // Record 20 begins behind 19 records, of which those with a line end in their content have two lines.
    const before = Array.from({ length: 19 }, (_, i) => hotline.record(i + 1)).filter((row) => row[14].includes('\n')).length;
    assert.equal(Number(errors[0][0]), 1 + 19 + before + 1);
    const archive = path.join(standin.drop.folder, 'archive');
    const [day] = fs.readdirSync(archive);
    assert.deepEqual(fs.readdirSync(path.join(archive, day)).sort(), ['12365-0001.csv', '12365-0001.csv.manifest']);

    // The same file again is no new matter.
    for (const name of ['12365-0001.csv', '12365-0001.csv.manifest']) fs.copyFileSync(path.join(archive, day, name), path.join(standin.drop.folder, 'in', name));
    const again = await until('the file came a second time', () => (standin.drop.result('12365-0001.csv').duplicate === '38' ? standin.drop.result('12365-0001.csv') : undefined));
    assert.equal(again.imported, '0');
    await house.settled();
    assert.equal((await house.atPlatform('stats')).distinct, 38);

    // An export that overlaps: what is known is a duplicate, what changed is a new version, what is new is new.
    const changed = hotline.record(5);
    changed[15] = changed[15] === '4' ? '1' : '4';
    standin.drop.put('overlap.csv', [hotline.record(3), hotline.record(4), changed, hotline.record(101), hotline.record(101)]);
    const overlap = await until('the overlapping file is done', () => standin.drop.result('overlap.csv'));
    assert.deepEqual([overlap.rows, overlap.imported, overlap.duplicate, overlap.refused], ['5', '2', '3', '0']);
    await house.settled();
    assert.equal((await house.atPlatform('stats')).distinct, 40);
  });
});

test('a file that differs from its manifest is not processed', { timeout: 120000 * slow }, async () => {
  await withHotline(async (house, standin) => {
    standin.drop.put('wrong.csv', [hotline.record(1), hotline.record(2)], { rows: 3 });
    const result = await until('the report', () => standin.drop.result('wrong.csv'));
    assert.equal(result.state, 'not-processed');
    assert.equal(result['reason:file.manifest-rows'], '1');
    assert.equal(standin.drop.errors('wrong.csv')[0][3], 'file.manifest-rows');
    assert.equal((await house.atPlatform('stats')).distinct, 0);
    await until('quarantine', () => fs.existsSync(path.join(standin.drop.folder, 'quarantine')) && fs.readdirSync(path.join(standin.drop.folder, 'in')).length === 0);
  });
});

test('the gateway is killed again and again while a file is imported: every row arrives once', { timeout: 240000 * slow }, async () => {
  await withHotline(async (house, standin) => {
    const rows = Array.from({ length: 3000 }, (_, i) => hotline.record(i + 1));
    standin.drop.put('big.csv', rows);
    for (let kill = 1; kill <= 3; kill += 1) {
      await until('some rows', async () => (await house.atPlatform('stats')).distinct > kill * 300);
      await stop(house.gateway, 'SIGKILL');
      await house.run();
    }
    const result = await until('the result', () => standin.drop.result('big.csv'), 120);
    assert.deepEqual([result.rows, result.imported, result.duplicate, result.refused], ['3000', '3000', '0', '0']);
    await house.settled(120);
    const matters = await house.atPlatform('matters');
    assert.equal(matters.length, 3000);
    assert.ok(matters.every((one) => one.messages.length === 1), 'a row became two matters');
  });
});

async function withCredit(work, ctx = {}) {
  const port = await credit.freePort();
  const edits = {};
  const house = await House.open({
    partners: ['city-a', 'p12315', 'credit-file'],
    change: (made) => {
      // The stand-in's own edits, before its server runs.
      edits.open = (more) => credit.open({ var: path.join(made.folder, 'credit'), secrets: made.secrets, port, edit: made.edit.bind(made), log: () => {}, platform: made.atPlatform.bind(made), ...more });
      fs.mkdirSync(path.join(made.folder, 'credit'), { recursive: true });
      edits.opening = edits.open(ctx);
    },
  });
  const standin = await edits.opening;
  try {
    await work(house, standin, edits.open);
  } finally {
    await standin.close();
    await house.close();
  }
}

test('penalties leave as rows of a ZIP with its manifest, without id numbers, representatives and facts', { timeout: 120000 * slow }, async () => {
  await withCredit(async (house, standin) => {
    await standin.send(12);
    await house.atPlatform('state', { service: 'credit.penalty-publicity', ...credit.penalty(100, { entName: undefined, socialcode: undefined, personName: '王小峰', fineWan: '0.05' }) });
    const warning = await house.atPlatform('state', { service: 'credit.penalty-publicity', ...credit.penalty(101, { kinds: '01' }) });
    assert.notEqual(warning.status, 202, 'a mere warning is not published');
    await house.settled();
    const { files, rows, problems } = credit.received(standin.folder);
    assert.deepEqual(problems, []);
    assert.equal(rows.length, 13);
    assert.ok(files.length < 13, 'rows were collected');
    const first = rows.find((row) => row['行政处罚决定文书号'] === '京海市监处罚〔2026〕1号');
    assert.equal(first['行政相对人名称'], '某某商贸有限公司1');
    assert.equal(Number(first['罚款金额（万元）']), 2);
    assert.equal(first['公示截止日期'], '2027-02-23');
    const person = rows.find((row) => row['行政处罚决定文书号'] === '京海市监处罚〔2026〕100号');
    assert.equal(person['行政相对人名称'], '王**');
    const everything = JSON.stringify(rows);
    for (const secret of ['11010519491231002X', '王小峰', '虚假功效']) assert.ok(!everything.includes(secret), 'what is not to be published');
  });
});

test('the server is away for a while: nothing is lost, nothing comes twice', { timeout: 120000 * slow }, async () => {
  await withCredit(async (house, standin) => {
    await standin.send(5);
    await house.settled();
    await standin.stop();
    await standin.send(20);
    await until('attempts that fail', async () => (await house.atAdmin('status')).body.lanes.find((lane) => lane.partner === 'credit-file')?.retried > 0 || (await house.atAdmin('status')).body.lanes.find((lane) => lane.partner === 'credit-file')?.inFlight > 0);
    await stop(house.gateway, 'SIGKILL');
    await standin.start();
    await house.run();
    await house.settled(90);
    const { rows, problems } = credit.received(standin.folder);
    assert.deepEqual(problems, []);
    assert.equal(rows.length, 25);
  });
});
