// The static proof of disclosure, from outside: a leak is refused with its whole path, a certificate holds for one
// configuration only, and none becomes active without it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House, binary, root, slow, stop, temporaryFolder, until } from './lib/gateway.mjs';

const checker = path.join(path.dirname(binary), 'disclosure_checker');
const work = temporaryFolder('proof');
const run = (program, ...args) => spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, LC_ALL: '', LANG: 'en_US.UTF-8' } });

// What the officer noted would stand in a field that everybody may read.
const file = 'mappings/city-a/progress-out.map';
const leak = (text) => text.replace('unitName   = $.unit', 'unitName   = concat($.unit, trim($.note))');
const wholePath = /progress-out\.map:\d+:\d+: error\[proof\.disclosure\].*\$\.note \(free-text\/complainant, scrub, policies\/city-a-origin\.yaml:\d+\) → trim → concat → unitName \(none\) → route workorder-progress-to-origin → city-a/;

test('check names the whole path of a leak; a certificate holds for its own configuration, unaltered', () => {
  const config = path.join(work, 'config');
  const certificate = path.join(work, 'certificate.txt');
  fs.cpSync(path.join(root, 'config'), config, { recursive: true });
  assert.equal(run(binary, 'check', '-c', config, '--no-secrets', '--certificate', certificate).status, 0);
  assert.equal(run(checker, config, certificate).status, 0);
  const text = fs.readFileSync(certificate, 'utf8');
  assert.match(text, /\nclaim\tprovider\.phone\tphone\/complainant\tclear\tpasses\tprovidertel\t/);
  fs.writeFileSync(certificate, text.replace('\tmask\t', '\tclear\t'));
  const forged = run(checker, config, certificate);
  assert.equal(forged.status, 1);
  assert.match(forged.stderr, /refused: line \d+/);
  fs.writeFileSync(certificate, text);
  fs.writeFileSync(path.join(config, file), leak(fs.readFileSync(path.join(config, file), 'utf8')));
  const refused = run(binary, 'check', '-c', config, '--no-secrets');
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, wholePath);
  assert.match(run(checker, config, certificate).stderr, /not permitted: city-a\/progress-out\.map:\d+: \$\.note → unitName → city-a/);
});

test('check --against says in plain words which fields newly reach whom, which no longer do, and which rules decide about nothing any more', () => {
  const config = path.join(work, 'next');
  fs.cpSync(path.join(root, 'config'), config, { recursive: true });
  const edit = (name, from, to) => {
    const before = fs.readFileSync(path.join(config, name), 'utf8');
    assert.ok(before.includes(from), name);
    fs.writeFileSync(path.join(config, name), before.replace(from, to));
  };
  edit('policies/p12315.yaml', '  - {kind: phone, subject: complainant, path: provider.phone, treatment: clear}\n', '');
  edit('policies/daily.yaml', '  - {kind: name, subject: officer, treatment: mask, format: name}\n', '');
  edit('policies/p12315.yaml', '  - {kind: address, subject: complainant, treatment: clear}\n', '');
  const { status, stdout } = run(binary, 'check', '-c', config, '--no-secrets', '--against', path.join(root, 'config'));
  assert.equal(status, 0);
  assert.match(stdout, /变化：p12315 在 workorder\.transfer 中得到的 provider\.phone（[^）]*phone\/complainant），形式 clear → mask/);
  assert.match(stdout, /changed: provider\.phone for p12315 with workorder\.transfer: clear → mask in providertel/);
  assert.match(stdout, /不再提供：p12315 在 workorder\.transfer 中不再得到 provider\.address（/);
  assert.match(stdout, /规则不再生效：policies\/daily: name\/officer → mask/);
  const back = run(binary, 'check', '-c', path.join(root, 'config'), '--no-secrets', '--against', config);
  assert.match(back.stdout, /变化：p12315 .*mask → clear/);
  assert.match(back.stdout, /新增：p12315 在 workorder\.transfer 中将得到 provider\.address（[^）]*address\/complainant），形式 clear，对方字段 provideraddr。/);
  assert.match(back.stdout, /new: p12315 newly gets provider\.address/);
});

test('serve keeps the certificate; a leak does not become active, neither by reload nor at a start', { timeout: 60000 * slow }, async () => {
  const house = await House.open();
  try {
    const folder = path.join(house.folder, 'state/certificates');
    const [name] = fs.readdirSync(folder);
    assert.equal(run(checker, house.config, path.join(folder, name)).status, 0);
    house.edit(file, leak);
    assert.equal(house.cli('reload').code, 1);
    assert.deepEqual(fs.readdirSync(folder), [name]);
    await stop(house.gateway);
    await house.run();
    await until('the last one that passed runs, loudly', () => /error.*last one that passed/.test(house.gateway.output));
    assert.match(house.gateway.output, /proof\.disclosure/);
  } finally {
    await house.close();
  }
});

// What the shipped policies must never become, whoever edits them: domain rules, read from the matrix and from nothing else.
test('shipped policies: complainants in clear and texts unread go to the platform alone, of informants only what hides them', () => {
  const { status, stdout } = run(binary, 'check', '-c', path.join(root, 'config'), '--no-secrets', '--matrix', 'csv');
  assert.equal(status, 0);
  const rows = stdout.trim().split('\n').slice(1).map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell.replace(/^"|"$/g, ''))).map(([recipient, service, , label, field, form]) => ({ recipient, service, label, field, form }));
  assert.ok(rows.length > 400);
  const isPlatform = (row) => /^p12315(-[bc])?$/.test(row.recipient);
  const wrong = rows.filter((row) => {
    const [kind, subject] = row.label.split('/');
    // Contents of attachments: nothing in the original without a person's release, of informants nothing else either.
    if (kind === 'file') return !(subject === 'informant' ? ['withheld', 'original on release'] : ['withheld', 'original on release', 'derivative']).includes(row.form);
    // Domain 6.3: report content to the case system after a person released it, callers in clear to emergency command in danger to life.
    if (row.label === 'free-text/informant' && row.field === 'content' && row.service === 'case.clue' && ['case', 'business-zone'].includes(row.recipient)) return row.form !== 'clear after release';
    if (['name/complainant', 'phone/complainant'].includes(row.label) && /^emergency-(cap|rest)$/.test(row.recipient)) return !['clear when danger is confirmed, otherwise mask', 'drop'].includes(row.form);
    if (/^(clear|seal) /.test(row.form)) return true;
    if (subject === 'informant') return !(isPlatform(row) ? ['drop', 'ref', 'mask', 'scrub'] : ['drop', 'ref']).includes(row.form);
    if (subject === 'complainant' || kind === 'free-text') return row.form === 'clear' && !isPlatform(row);
    return row.label === 'secret' && row.form !== 'drop';
  });
  assert.deepEqual(wrong, []);
  assert.ok(rows.some((row) => row.label === 'file/complainant' && row.form === 'derivative' && row.field === 'attachments *'));
  assert.ok(rows.some((row) => row.label === 'free-text/complainant' && row.form === 'scrub' && row.recipient === 'city-a'));
});
