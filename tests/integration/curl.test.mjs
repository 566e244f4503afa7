// The example of the documentation, as it stands there: an order sent with curl and openssl alone.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House, root } from './lib/gateway.mjs';
import { verifierKey } from './lib/traffic.mjs';

test('the example with curl: stored receipt that verifies offline, the same again, a clear error for a wrong key', async () => {
  const house = await House.open();
  const url = `https://localhost:${new URL(house.partners).port}`;
  const script = path.join(root, 'docs/examples/send-with-curl.sh');
  const sample = path.join(root, 'docs/examples/workorder.json');
  const send = (...more) => execFileSync(script, [url, house.secrets, sample, ...more], { encoding: 'utf8' });
  const receipt = send('by-hand-1');
  assert.equal(send('by-hand-1'), receipt);
  const file = path.join(house.folder, 'receipt.json');
  fs.writeFileSync(file, receipt);
  const verified = house.cli('audit', 'verify', '--key', verifierKey(house), file);
  assert.equal(verified.code, 0, verified.out);
  assert.match(receipt, /本回执不代表受理决定/);
  await house.settled();
  assert.equal((await house.atPlatform('stats')).distinct, 1);

  fs.writeFileSync(path.join(house.secrets, 'city-a.hmac'), 'f'.repeat(64));
  const refused = spawnSync(script, [url, house.secrets, sample], { encoding: 'utf8' });
  assert.notEqual(refused.status, 0);
  assert.equal(JSON.parse(refused.stdout).code, 'identity.refused');
  await house.close();
});
