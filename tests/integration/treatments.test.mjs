// Tokens and sealed values, from the configuration to the recipient and to the officer who opens them.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House, binary, order, root, slow, temporaryFolder } from './lib/gateway.mjs';

const work = temporaryFolder('treatments');

function run(args, input = '') {
  const { status, stdout, stderr } = spawnSync(binary, args, { encoding: 'utf8', input, env: { ...process.env, LC_ALL: '', LC_MESSAGES: '', LANG: 'en_US.UTF-8' }, timeout: 60000 * slow });
  return { code: status, out: stdout, err: stderr };
}

const algorithms = { gm: 'sm2-sm3', intl: 'x25519' };
function officerKey(name, suite) {
  const file = path.join(work, `${name}-${suite}.key`);
  assert.equal(run(['keys', 'generate', '--algorithm', algorithms[suite], '--output', file]).code, 0);
  return file;
}

const officer = (file, more = '') => `officers:\n  officer-wang:\n    title_zh: 王处长\n    key: "\${file:${file}}"\n${more}`;
// Name sealed, own number as a token, informants' names sealed.
const treated = (text) => text
  .replace('{kind: name, subject: complainant, treatment: clear}', '{kind: name, subject: complainant, treatment: seal, to: officer-wang}')
  .replace('path: provider.phone, treatment: clear', 'path: provider.phone, treatment: token')
  .replace('{kind: name, subject: informant, treatment: mask, format: name}', '{kind: name, subject: informant, treatment: seal, to: officer-wang}');

for (const suite of ['gm', 'intl']) {
  test(`suite ${suite}: the platform gets tokens and sealed names, the officer opens them`, async () => {
    const key = officerKey('wang', suite);
    const other = officerKey('other', suite);
    const house = await House.open({
      suite,
      change: (h) => {
        fs.copyFileSync(`${key}.pub`, path.join(h.secrets, 'wang.pub'));
        h.edit('gateway.yaml', (text) => `${text}\n${officer('wang.pub')}`);
        h.edit('policies/p12315.yaml', treated);
      },
    });
    const orders = [order(1), order(2, { callerPhone: '+86 180-4953-1999', callerName: '段正明' }), order(3, { callerPhone: '18049531998' }), order(4, { type: '举报' })];
    for (const one of orders) assert.equal((await house.atHotline('submit', { order: one })).status, 202);
    await house.settled();
    const got = [];
    for (const one of orders) got.push((await house.atPlatform(`matters?order=${one.orderNum}`))[0].messages[0].body);

    for (const body of got.slice(0, 3)) assert.match(body.providertel, /^T-[0-9A-HJKMNP-TV-Z]{16}$/);
    assert.equal(got[0].providertel, got[1].providertel, 'one person, one token');
    assert.notEqual(got[0].providertel, got[2].providertel);
    const open = (file, value, ...more) => run(['keys', 'open-sealed', '--key', file, ...more], `${value}\n`);
    ['段正淳', '段正明', '段正淳'].forEach((name, i) => {
      assert.match(got[i].providername, new RegExp(`^sealed:v1:${suite}:[0-9a-f]{16}:`));
      const opened = open(key, got[i].providername);
      assert.deepEqual([opened.code, opened.out, opened.err], [0, name, 'p12315 workorder.transfer provider.name\n']);
    });
    const informant = open(key, got[3].informantname, '--at', 'p12315 workorder.transfer informant.name');
    assert.deepEqual([informant.code, informant.out], [0, '段正淳']);

    for (const refused of [open(other, got[0].providername), open(key, got[0].providername, '--at', 'p12315 workorder.transfer informant.name'), open(key, got[0].providername.replace(/.{4}$/, 'AAAA')), open(key, 'no sealed value')]) {
      assert.notEqual(refused.code, 0);
      assert.equal(refused.out, '');
      assert.match(refused.err, /error\[(crypto\.sealed|privacy\.sealed-key|privacy\.sealed-form)\]|sealed/);
      assert.doesNotMatch(refused.err, /段正/);
    }
    const text = JSON.stringify(got);
    for (const value of ['段正淳', '段正明', '18049531999', '18049531998']) assert.ok(!text.includes(value), 'nothing of them in the clear');
    await house.close();
  });
}

// A copy of the shipped configuration, treated, with keys for it.
function checked(name, { gateway = (text) => text, policy = treated, partner = (text) => text, files = {} }) {
  const folder = path.join(work, name);
  fs.cpSync(path.join(root, 'config'), folder, { recursive: true });
  const secrets = path.join(folder, 'secrets');
  execFileSync(path.join(root, 'scripts/make_demo_keys.sh'), [secrets, 'gm']);
  for (const [file, from] of Object.entries(files)) fs.copyFileSync(from, path.join(secrets, file));
  for (const [file, change] of [['gateway.yaml', gateway], ['policies/p12315.yaml', policy], ['partners/p12315.yaml', partner]]) {
    const at = path.join(folder, file);
    fs.writeFileSync(at, change(fs.readFileSync(at, 'utf8')));
  }
  return { folder, without: run(['check', '-c', folder, '--no-secrets', '--format', 'json']), with: run(['check', '-c', folder, '--format', 'json']) };
}
const codes = ({ out }) => JSON.parse(out).filter((f) => f.grade !== 'warning').map((f) => f.code);

test('check: keys that are missing, expired, of another kind or named twice are faults; a rehearsal needs none', () => {
  const key = officerKey('check', 'gm');
  const wrong = officerKey('check', 'intl');
  const withOfficer = (more = '') => (text) => `${text}\n${officer('wang.pub', more)}`;
  const files = { 'wang.pub': `${key}.pub` };

  const good = checked('good', { gateway: withOfficer(), files });
  assert.deepEqual([codes(good.without), codes(good.with)], [[], []]);
  const matrix = run(['check', '-c', good.folder, '--no-secrets', '--matrix', 'csv']).out;
  assert.match(matrix, /^p12315,.*,phone\/complainant,provider\.phone,token,.*,policies\/p12315\.yaml:\d+/m);
  assert.match(matrix, /^p12315,.*,name\/complainant,provider\.name,seal,.*,policies\/p12315\.yaml:\d+/m);
  assert.match(run(['explain', '-c', good.folder, '--partner', 'city-a', '--service', 'workorder.transfer', path.join(root, 'docs/examples/workorder.json')]).out, /token/);

  const unknown = checked('unknown', {});
  assert.ok(codes(unknown.without).includes('policy.seal-key'));
  const expired = checked('expired', { gateway: withOfficer('    valid_until: "2020-01-01"\n'), files });
  assert.deepEqual([codes(expired.without), codes(expired.with)], [[], ['config.key-expired']]);
  const inTenDays = new Date(Date.now() + 10 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  const soon = checked('soon', { gateway: withOfficer(`    valid_until: "${inTenDays}"\n`), files });
  assert.deepEqual([soon.with.code, codes(soon.with), JSON.parse(soon.with.out).map((f) => f.code).includes('config.key-soon')], [0, [], true]);
  const kind = checked('kind', { gateway: withOfficer(), files: { 'wang.pub': `${wrong}.pub` } });
  assert.deepEqual(codes(kind.with), ['crypto.key']);
  const secret = checked('private', { gateway: withOfficer(), files: { 'wang.pub': key } });
  assert.ok(codes(secret.with).includes('crypto.key'), 'a private key has no business there');
  const twice = checked('twice', { gateway: withOfficer(), files, partner: (text) => `${text}\nsealing_keys:\n  officer-wang:\n    title_zh: 平台\n    key: "\${file:wang.pub}"\n` });
  assert.ok(codes(twice.without).includes('policy.seal-key'));
  const informant = checked('informant', { policy: (text) => text.replace('{kind: name, subject: informant, treatment: mask, format: name}', '{kind: name, subject: informant, treatment: token}') });
  assert.ok(codes(informant.without).includes('policy.token-informant'));
});
