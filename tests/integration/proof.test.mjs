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
const wholePath = /progress-out\.map:\d+:\d+: error\[proof\.disclosure\].*\$\.note \(free-text\/complainant, clear, policies\/city-a-origin\.yaml:\d+\) → trim → concat → unitName \(none\) → route workorder-progress-to-origin → city-a/;

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
