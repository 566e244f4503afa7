// Bulk data of the trademark and patent registry, end to end: ZIPs of published documents into the local base, and questions of a
// partner that may not ask the registry online.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { House, data, root, slow, until } from './lib/gateway.mjs';
import { Client, auditOf, deadLetters } from './lib/traffic.mjs';
import { zip } from '../../sandbox/lib/zip.mjs';
import { newer, older } from '../../sandbox/partners/ip.mjs';
import { answerOf, documentOf, patent, published } from '../../sandbox/partners/ip-bulk.mjs';

async function open({ standins = ['ip-bulk'], change = () => {} } = {}) {
  const house = await House.open({ partners: ['city-a', 'p12315', 'ip-local'], standins, change: (made) => {
    made.edit('services/patent.query.yaml', (text) => text.replace(/\bttl: 1h/, 'ttl: 0s'));
    change(made);
  } });
  const client = new Client(house);
  const standin = (name) => house.standins.find((one) => one.partner === name).standin;
  return {
    house, client, standin, drop: standin('ip-bulk').drop,
    ask: async (question) => {
      const said = await client.submit(question, { service: 'patent.query' });
      assert.equal(said.status, 200, said.text);
      return JSON.parse(said.text);
    },
    close: async () => {
      client.close();
      await house.close();
    },
  };
}

const resultOf = (drop, name) => until(`${name} has its result`, () => drop.result(name), 60);
const sums = ({ rows, imported, duplicate, refused }) => ({ rows, imported, duplicate, refused });

test('documents of both families come in, and who may not ask online is answered from them, with their date', { timeout: 120000 * slow }, async () => {
  const { house, standin, ask, close } = await open({ standins: ['ip', 'ip-bulk'] });
  await standin('ip-bulk').send(20);
  await house.settled();
  const said = await standin('ip-bulk').figures();
  assert.deepEqual(said.problems, []);
  assert.equal(said.sent, 20 + published().length);
  assert.deepEqual([said.turnedBack, said.asked, said.answered], [2, 4, 4]);

  const file = 'CN-PATENT-20211217-0001.zip';
  for (const p of [patent(1), patent(2)]) {
    assert.deepEqual(await ask({ applyNo: ` ${p.no.toLowerCase()}` }), answerOf(p, file, '2021-12-17'));
    assert.deepEqual(await ask({ publishNo: p.pub }), answerOf(p, file, '2021-12-17'));
  }
  assert.deepEqual(await ask({ publishNo: '999999999' }), { found: false, dataDate: '2021-12-17' }, 'also "no such patent" has a date');

  // The platform goes on asking the registry.
  await standin('ip').send(3);
  const online = await standin('ip').figures();
  assert.deepEqual([online.asked, online.answered, online.problems], [3, 3, []]);

  const { entries } = auditOf(house);
  const asked = entries.filter((entry) => entry.kind === 'asked');
  assert.ok(asked.some((entry) => JSON.stringify(entry).includes('"ip-local"')), 'a look-up in the local base is a question like every other');
  assert.equal(entries.filter((entry) => entry.kind === 'answered').length, asked.length);
  assert.ok(!JSON.stringify(entries).includes('某某科技'), 'no value');
  await close();
});

test('published documents of both families become one record', { timeout: 120000 * slow, skip: !fs.existsSync(path.join(data, 'ip-xml/national')) && 'no test data' }, async () => {
  const { house, drop, ask, close } = await open();
  drop.put('20150101.zip', zip(published()));
  assert.deepEqual(sums(await resultOf(drop, '20150101.zip')), { rows: String(published().length), imported: String(published().length), duplicate: '0', refused: '0' });
  await house.settled();
  for (const { bytes } of published()) {
    const number = /<(?:doc-number|base:DocNumber)>([^<]+)</.exec(bytes.toString())[1];
    const answer = await ask({ publishNo: number });
    assert.deepEqual([answer.found, answer.publishNo, answer.dataDate], [true, number, '2015-01-01']);
    assert.ok(answer.title.length > 2 && answer.applicants.length > 0);
    assert.deepEqual((await ask({ applyNo: answer.applyNo })).publishNo, number);
  }
  await close();
});

test('a trademark of ST.96 comes in beside patents and is found by its number and each of its classes', { timeout: 120000 * slow }, async () => {
  const { house, client, drop, close } = await open();
  const document = fs.readFileSync(path.join(root, 'config/cases/ip-bulk/trademark-application-in/two-classes.in.xml'));
  drop.put('20141224.zip', zip([documentOf(patent(1)), { name: 'TM/12345678.xml', bytes: document }]));
  assert.deepEqual(sums(await resultOf(drop, '20141224.zip')), { rows: '2', imported: '2', duplicate: '0', refused: '0' });
  await house.settled();
  for (const [question, found] of [[{ regNo: '12345678' }, true], [{ regNo: '12345678', classNo: '30' }, true], [{ regNo: '12345678', classNo: '43' }, true], [{ regNo: '12345678', classNo: '5' }, false]]) {
    const said = await client.submit(question, { service: 'trademark.query' });
    assert.equal(said.status, 200, said.text);
    const answer = JSON.parse(said.text);
    assert.deepEqual([answer.found, answer.dataDate], [found, '2014-12-24'], JSON.stringify(question));
    assert.equal(answer.name, found ? '某某 & 锅' : undefined);
    assert.equal(answer.dataFile, found ? '20141224.zip/12345678.xml' : undefined);
  }
  await close();
});

test('a later file replaces what it has anew, an older one does not', { timeout: 120000 * slow }, async () => {
  const { house, drop, ask, close } = await open();
  const steps = [
    ['20211217.zip', patent(1, { title: '旧名称' }), '旧名称', '2021-12-17'],
    ['20220107.zip', patent(1, { title: '更正后的名称', write: older }), '更正后的名称', '2022-01-07'],
    ['20211224.zip', patent(1, { title: '迟到的名称' }), '更正后的名称', '2022-01-07'],
  ];
  for (const [name, document, title, date] of steps) {
    drop.put(name, zip([documentOf(document)]));
    assert.deepEqual(sums(await resultOf(drop, name)), { rows: '1', imported: '1', duplicate: '0', refused: '0' });
    await house.settled();
    const answer = await ask({ publishNo: patent(1).pub });
    assert.deepEqual([answer.title, answer.dataDate], [title, date]);
  }
  // The same file under another name is nothing new; a single document needs no archive.
  drop.put('20220107-again.zip', zip([documentOf(steps[1][1])]));
  assert.deepEqual(sums(await resultOf(drop, '20220107-again.zip')), { rows: '1', imported: '0', duplicate: '1', refused: '0' });
  drop.put('CN113000009A-20220114.xml', Buffer.from(newer(patent(9))));
  await resultOf(drop, 'CN113000009A-20220114.xml');
  await house.settled();
  assert.equal((await ask({ publishNo: patent(9).pub })).dataFile, 'CN113000009A-20220114.xml');
  await close();
});

test('what is turned back is named with its file, line and column, and stops nothing', { timeout: 120000 * slow }, async () => {
  const { house, drop, ask, close } = await open();
  const well = documentOf(patent(1));
  const xml = older(patent(2));
  const named = (name, text) => ({ name, bytes: Buffer.from(text) });
  const members = [
    well,
    named('poison/malformed.xml', '<?xml version="1.0" encoding="UTF-8"?>\n<cn-patent-document>\n  <oops'),
    named('poison/other.xml', '<us-patent-application/>'),
    named('poison/entity.xml', xml.replace('?>', '?>\n<!DOCTYPE cn-patent-document [<!ENTITY a "b">]>')),
    named('poison/external.xml', xml.replace('?>', '?>\n<!DOCTYPE cn-patent-document SYSTEM "file:///etc/passwd">')),
    named('poison/no-number.xml', xml.replace(/<doc-number>.*?<\/doc-number>/, '<doc-number></doc-number>')),
    named('poison/no-title.xml', older(patent(3)).replace(/<invention-title>.*?<\/invention-title>/, '')),
    named('poison/readme.txt', 'unknown'),
    named('bare.xml', xml.replace('?>', '?>\n<!DOCTYPE cn-patent-document>')),
    named('picture.tif', 'a picture'),
  ];
  drop.put('20211217.zip', zip(members));
  assert.deepEqual(sums(await resultOf(drop, '20211217.zip')), { rows: '9', imported: '2', duplicate: '0', refused: '7' });
  const errors = new Map(drop.errors('20211217.zip').map((line) => [line[5], line]));
  const codes = Object.fromEntries([...errors].map(([member, line]) => [member.replace('poison/', ''), line[3]]));
  assert.equal(codes['other.xml'], 'xml.root');
  assert.equal(codes['entity.xml'], 'xml.doctype');
  assert.equal(codes['external.xml'], 'xml.doctype');
  assert.equal(codes['no-number.xml'], 'validate.not-keyed');
  assert.equal(codes['readme.txt'], 'file.member');
  assert.equal(errors.size, 7);
  assert.equal(errors.get('poison/malformed.xml')[0], '3', 'the line of the fault in its own file');
  assert.ok(![...errors.values()].some((line) => line.join().includes('一种装置')), 'no value');

  // A cut archive is put aside as a whole; what comes behind it goes.
  const whole = zip([documentOf(patent(4)), documentOf(patent(5))]);
  drop.put('20211224.zip', whole.subarray(0, whole.length - 40));
  drop.put('20211231.zip', zip([documentOf(patent(6))]));
  assert.equal((await resultOf(drop, '20211224.zip')).state, 'not-processed');
  assert.deepEqual(drop.errors('20211224.zip').map((line) => line[3]), ['file.archive-form']);
  assert.equal((await resultOf(drop, '20211231.zip')).imported, '1');
  const [today] = fs.readdirSync(path.join(drop.folder, 'quarantine'));
  assert.deepEqual(fs.readdirSync(path.join(drop.folder, 'quarantine', today)), ['20211224.zip']);
  await house.settled();
  assert.equal((await ask({ publishNo: patent(2).pub })).found, true);
  assert.equal((await ask({ publishNo: patent(4).pub })).found, false);
  assert.equal((await ask({ publishNo: patent(6).pub })).found, true);
  await close();
});

test('killed in the middle of an archive, it goes on and the sums are right', { timeout: 240000 * slow }, async () => {
  const count = 1500;
  const { house, drop, ask, close } = await open({ change: (made) => made.edit('partners/ip-bulk.yaml', (text) => text.replace('  ready: stable', '  ready: stable\n  checkpoint_rows: 50')) });
  const patents = Array.from({ length: count }, (_, i) => patent(i + 1));
  drop.put('20211217.zip', zip([...patents.map(documentOf), { name: 'poison.xml', bytes: Buffer.from('<a') }]));
  const stored = async () => (await house.atAdmin('status')).body?.partners.find((p) => p.partner === 'ip-bulk')?.stored ?? 0;
  let kills = 0;
  for (const share of [0.1, 0.4, 0.7]) {
    await until('some are stored', async () => drop.result('20211217.zip') ?? (await stored()) >= count * share, 120);
    if (drop.result('20211217.zip')) break;
    house.gateway.kill('SIGKILL');
    await house.gateway.exited;
    kills += 1;
    await house.run();
  }
  assert.ok(kills > 0);
  const result = await until('the result', () => drop.result('20211217.zip'), 120);
  assert.deepEqual(sums(result), { rows: String(count + 1), imported: String(count), duplicate: '0', refused: '1' });
  await house.settled(120);
  assert.equal(await stored(), count);
  for (const p of [patents[0], patents[count >> 1], patents[count - 1]]) assert.equal((await ask({ publishNo: p.pub })).title, p.title);
  // The base itself comes through a kill as well.
  house.gateway.kill('SIGKILL');
  await house.gateway.exited;
  await house.run();
  assert.equal((await ask({ applyNo: patents[7].no })).title, patents[7].title);
  await close();
});

test('a full base lets records wait and says why; later versions still come in', { timeout: 120000 * slow }, async () => {
  const { house, drop, ask, close } = await open({ change: (made) => made.edit('partners/ip-local.yaml', (text) => text.replace('max_records: 1000000', 'max_records: 2\n  retry:\n    first: 100ms\n    max: 200ms')) });
  drop.put('20211217.zip', zip([1, 2, 3].map((n) => documentOf(patent(n)))));
  await resultOf(drop, '20211217.zip');
  const lane = async () => (await house.atAdmin('status')).body.lanes.find((one) => one.partner === 'ip-local');
  await until('the lane says why one waits', async () => JSON.stringify(await lane()).includes('registry.full'));
  const found = [];
  for (const n of [1, 2, 3]) found.push((await ask({ publishNo: patent(n).pub })).found);
  assert.equal(found.filter(Boolean).length, 2);
  const there = patent(found.indexOf(true) + 1, { title: '更正后的名称' });
  drop.put('20220107.zip', zip([documentOf(there)]));
  await resultOf(drop, '20220107.zip');
  await until('the later version is there', async () => (await ask({ publishNo: there.pub })).title === '更正后的名称');
  assert.deepEqual(deadLetters(house, 'dead', 'ip-local'), []);
  await close();
});

test('a dry run tells of a bulk file what an import would', { timeout: 60000 * slow }, async () => {
  const { house, close } = await open();
  const file = path.join(house.folder, '20211217.zip');
  fs.writeFileSync(file, zip([documentOf(patent(1)), documentOf(patent(2)), { name: 'poison.xml', bytes: Buffer.from('<a') }]));
  const { code, out } = house.cli('import', 'check', '-c', house.config, '--partner', 'ip-bulk', file);
  assert.equal(code, 1, out);
  assert.match(out, /rows,3\r\nimported,2\r\nheld,0\r\nduplicate,0\r\nrefused,1/);
  assert.match(out, /poison\.xml/);
  await close();
});
