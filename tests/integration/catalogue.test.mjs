// Units and code tables as a partner reads them, with curl.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House, slow } from './lib/gateway.mjs';
import { hmacHeaders } from '../../sandbox/lib/sign.mjs';

const limit = { timeout: 120000 * slow };
let house;
before(async () => {
  house = await House.open({ change: (h) => h.edit('partners/city-a.yaml', (text) => `${text}\nreads: {units: true, codes: true}\n`) });
});
after(async () => { await house?.close(); });

function get(target, headers = {}) {
  const port = new URL(house.partners).port;
  const signed = hmacHeaders('city-a', fs.readFileSync(path.join(house.secrets, 'city-a.hmac'), 'utf8').trim(), 'sha256', 'GET', target, '');
  const args = ['-s', '-S', '-i', '-4', '--cacert', path.join(house.secrets, 'ca.crt')];
  for (const [name, value] of Object.entries({ ...signed, ...headers })) args.push('-H', `${name}: ${value}`);
  const { stdout, stderr } = spawnSync('curl', [...args, `https://localhost:${port}${target}`], { encoding: 'utf8' });
  const end = stdout.indexOf('\r\n\r\n');
  assert.ok(end > 0, stderr);
  const head = stdout.slice(0, end);
  const text = stdout.slice(end + 4);
  return { status: Number(head.split(' ')[1]), tag: head.match(/^etag: (.*)$/im)?.[1], text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
}

test('the units, with what the partner calls them, and 304 while they are the same', limit, () => {
  const all = get('/exchange/v1/units');
  assert.equal(all.status, 200, all.text);
  assert.equal(all.body.version, '2026-01');
  assert.deepEqual([...new Set(all.body.units.map((unit) => unit.level))].sort(), [1, 2, 3, 4, 5]);
  const office = all.body.units.find((unit) => unit.id === '110105-01');
  assert.deepEqual(office, { id: '110105-01', name: '北京市朝阳区市场监督管理局建外市场监督管理所', level: 5, parent: '110105', divisions: [], zone: false, actsInNameOf: '110105', validFrom: '', validTo: '', code: '110501' });
  assert.ok(all.body.units.every((unit) => unit.code !== '010005'), 'codes of other partners are not told');
  const again = get('/exchange/v1/units', { 'If-None-Match': all.tag });
  assert.deepEqual([again.status, again.text, again.tag], [304, '', all.tag]);
  house.edit('units/demo.csv', (text) => text.replace('建外市场监督管理所', '建国门外市场监督管理所').replace('#version,2026-01', '#version,2026-02'));
  const reloaded = house.cli('reload');
  assert.equal(reloaded.code, 0, reloaded.out);
  const changed = get('/exchange/v1/units', { 'If-None-Match': all.tag });
  assert.equal(changed.status, 200);
  assert.equal(changed.body.version, '2026-02');
  assert.notEqual(changed.tag, all.tag);
});

test('the national code tables, and nobody else\'s', limit, () => {
  const { tables } = get('/exchange/v1/codes').body;
  assert.ok(tables.some((one) => one.table === 'problem-category' && one.rows > 5));
  assert.ok(tables.every((one) => !one.table.includes('/')));
  const table = get('/exchange/v1/codes/problem-category');
  assert.equal(table.status, 200);
  assert.ok(table.body.codes.some((row) => row.code === '01' && row.name === '质量'));
  assert.equal(get('/exchange/v1/codes/problem-category', { 'If-None-Match': table.tag }).status, 304);
  for (const none of ['no-such', 'problem-category@2026-01', '..%2Fcity-a%2Fproblem', 'city-a/problem', '']) {
    assert.equal(get(`/exchange/v1/codes/${none}`).status, 404, none);
  }
});

test('who may not read them is told so; nobody without credentials', limit, () => {
  house.edit('partners/city-a.yaml', (text) => text.replace('reads: {units: true, codes: true}', 'reads: {codes: true}'));
  assert.equal(house.cli('reload').code, 0);
  const refused = get('/exchange/v1/units');
  assert.equal(refused.status, 403);
  assert.equal(refused.body.code, 'http.catalogue');
  assert.equal(get('/exchange/v1/codes').status, 200);
  assert.equal(get('/exchange/v1/units', { 'X-Signature': 'AAAA' }).status, 401);
});
