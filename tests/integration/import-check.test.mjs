// The dry run of a partner's file: the same report as an import would leave, and nothing stored; wrong input by name.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House, binary, root, slow, temporaryFolder } from './lib/gateway.mjs';
import { Drop, open, record } from '../../sandbox/partners/hotline-12365.mjs';

const config = path.join(root, 'config');
const work = temporaryFolder('work');
const check = (file, ...more) => spawnSync(binary, ['import', 'check', '-c', config, '--partner', 'hotline-12365', file, ...more], { encoding: 'utf8', env: { ...process.env, LANG: 'zh_CN.UTF-8', TMPDIR: work } });
const pairs = (text) => Object.fromEntries(text.trim().split(/\r?\n/).map((line) => line.split(',')));

function dropped(rows, manifest) {
  const drop = new Drop(temporaryFolder('drop'), 'gm');
  drop.put('history.csv', rows, manifest);
  return { drop, file: path.join(drop.folder, 'in/history.csv') };
}

test('rows, reasons and places as the import says them afterwards; no value, no trace, nothing stored', { timeout: 120000 * slow }, async () => {
  const rows = Array.from({ length: 60 }, (_, i) => record(i + 1));
  for (const i of [3, 17]) rows[i][0] = '';
  const { file } = dropped(rows);
  const errors = path.join(work, '..', `${path.basename(work)}-errors.csv`);
  const tried = check(file, '--errors', errors);
  assert.equal(tried.status, 1, tried.stderr);
  const said = pairs(tried.stdout.split(/\r?\n\r?\n/)[0]);
  assert.deepEqual([said.state, said.rows, said.imported, said.refused], ['processed', '60', '58', '2']);
  assert.doesNotMatch(tried.stdout + fs.readFileSync(errors, 'utf8'), /王小峰|138100000|中关村/);
  assert.deepEqual(fs.readdirSync(work), [], 'the copies are gone');

  // The import itself, with the same file.
  let standin;
  const house = await House.open({ partners: ['city-a', 'p12315', 'hotline-12365'], change: (made) => { standin = open({ var: path.join(made.folder, 'hotline'), edit: made.edit.bind(made), log: () => {} }); } });
  const { drop } = await standin;
  assert.equal((await house.atAdmin('status')).body.partners.length, 0, 'nothing was stored by the dry run');
  drop.put('history.csv', rows);
  for (let i = 0; i < 400 && !drop.result('history.csv'); i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual({ item: 'value', ...drop.result('history.csv') }, said);
  assert.equal(fs.readFileSync(path.join(drop.folder, 'reports/history.csv.errors.csv'), 'utf8'), fs.readFileSync(errors, 'utf8'));
  fs.rmSync(errors);
  await house.close();
});

test('a sound file: exit 0; what is flagged is counted by field', () => {
  const rows = Array.from({ length: 30 }, (_, i) => record(i + 1));
  for (const i of [2, 5, 9]) rows[i][8] = '91350100M000100Y44'; // a check digit that does not fit
  const tried = check(dropped(rows).file);
  assert.equal(tried.status, 0, tried.stdout + tried.stderr);
  assert.match(tried.stdout, /统一社会信用代码\s+\S+\s+3$/m);
  assert.doesNotMatch(tried.stdout, /M000100Y44/);
});

test('what cannot be tried is said', () => {
  const rows = [record(1)];
  const lies = check(dropped(rows, { rows: 3 }).file);
  assert.equal(lies.status, 1);
  assert.match(lies.stdout, /file\.manifest-rows/);
  const { file } = dropped(rows);
  fs.rmSync(`${file}.manifest`);
  assert.match(check(file).stderr, /history\.csv\.manifest.*import\.file/);
  assert.match(check(path.join(work, 'nothing.csv')).stderr, /nothing\.csv.*import\.file/);
  const other = spawnSync(binary, ['import', 'check', '-c', config, '--partner', 'city-a', file], { encoding: 'utf8' });
  assert.equal(other.status, 1);
  assert.match(other.stderr, /city-a.*import\.partner/);
});
