// Profile B of the national platform, end to end: city B's matters as rows of the province's front database, their states back as
// CSV in ZIP; and what the files can be wrong in.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { House, slow, until } from './lib/gateway.mjs';
import { state } from '../../sandbox/partners/p12315-b.mjs';

test('matters go as rows of the province, each state comes back to the hotline it is for', { timeout: 120000 * slow }, async () => {
  const house = await House.open({ standins: ['city-b', 'p12315-b'] });
  const [city, province] = ['city-b', 'p12315-b'].map((name) => house.standins.find((one) => one.partner === name).standin);
  await city.send(20);
  await house.settled();
  const matters = await province.matters();
  assert.equal(matters.length, 20);
  assert.equal((await house.atPlatform('stats')).distinct, 0, 'nothing of it goes to the interface of profile A');
  const complaint = matters.find((row) => row.infotype === '1');
  const report = matters.find((row) => row.infotype === '2');
  assert.equal(complaint.lyxt, 'city-b');
  assert.match(complaint.idnumber ?? '***', /\*/, 'numbers of documents are masked');
  assert.match(report.informantname, /\*/, 'an informant is masked');

  await province.give([
    state('city-b', complaint.gdbh, { 说明: '已联系𠮷字号经营者，"待回复"\n明日再访' }), state('city-b', report.gdbh, { 信息件类型: '2', 说明: '举报人在该厂上班' }),
    state('city-a', complaint.gdbh), // another hotline's name: it learns nothing of a matter that it did not send
  ]);
  await house.settled();
  const { received, problems } = await city.figures();
  assert.deepEqual({ received, problems }, { received: 2, problems: [] }, 'city B has its two states');
  assert.equal((await house.atHotline('stats')).states, 0);
  assert.match(fs.readFileSync(path.join(province.folder, 'reports', 'states-0001.zip.errors.csv'), 'utf8'), /^\d+,,,route\.origin,/m);
  await house.close();
});

test('a broken file is put aside with its reason, a wrong row is named by its line, the others go', { timeout: 120000 * slow }, async () => {
  const house = await House.open({ standins: ['city-b', 'p12315-b'] });
  const [city, province] = ['city-b', 'p12315-b'].map((name) => house.standins.find((one) => one.partner === name).standin);
  await city.send(4);
  await house.settled();
  const [first, second] = await province.matters();
  await province.misbehave({ mode: 'garbage' });
  const lies = province.put([state('city-b', first.gdbh)], { rows: 7 });
  await until('both are put aside', () => province.result('bad.zip') && province.result(lies));
  assert.equal(province.result('bad.zip')['reason:file.archive-form'], '1');
  assert.equal(province.result(lies)['reason:file.manifest-rows'], '1');
  await province.give([state('city-b', first.gdbh), state('city-b', ''), state('city-b', second.gdbh)], 1);
  const errors = fs.readFileSync(path.join(province.folder, 'reports', 'states-0002.zip.errors.csv'), 'utf8');
  assert.match(errors, /^3,,no,validate\.not-keyed,/m);
  assert.doesNotMatch(errors, /王建国|82610000/, 'no value of a row');
  await house.settled();
  assert.deepEqual((await province.figures()).problems, []);
  assert.equal((await city.figures()).received, 2);
  await house.close();
});
