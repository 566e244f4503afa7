// docs/connectors/kafka.md, word by word: each of its commands is run as it stands, with kcat against real brokers and the real
// gateway. Only the address of the brokers differs from the page.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { House, root, slow, until } from './lib/gateway.mjs';
import * as daily from '../../sandbox/partners/daily.mjs';

const page = fs.readFileSync(path.join(root, 'docs/connectors/kafka.md'), 'utf8');
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text]) => text);

test('a partner with kcat, following the page word by word', { timeout: 120000 * slow }, async () => {
  assert.equal(blocks.length, 4, 'the page has the commands that this test expects');
  const [structured, binary, garbage, triggers] = blocks;
  const house = await House.open({ standins: ['daily'] });
  const [{ standin }] = house.standins;
  const run = async (text) => (await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', text.replaceAll('127.0.0.1:18692', standin.brokers)], { timeout: 60000 * slow })).stdout;
  const results = async () => (await house.atPlatform('matters')).flatMap((m) => m.messages).map((m) => m.body).filter((b) => b.taskNo);

  await run(structured);
  await run(structured);
  await run(binary);
  const deadLetter = (await run(garbage)).trim().split('\n');
  assert.match(deadLetter[0], /^tongqu-error=cloudevents\.form,tongqu-origin=supervision\.results\/\d\/\d+$/);
  assert.equal(deadLetter[1], 'no event');
  await until('both results at the platform', async () => (await results()).length === 2);
  await house.settled();
  const found = (await results()).map((one) => [one.taskNo, one.result, one.officer]);
  assert.deepEqual(found.sort(), [['RW2026000001', 'unqualified', '李*'], ['RW2026000002', 'qualified', '李*']], 'what came twice counts once');

  const clue = daily.clue(1);
  await house.atPlatform('state', { service: 'supervision.event', ...clue });
  const [head, body] = (await run(triggers)).split('\n');
  assert.equal(head.startsWith(`${clue.caseid} `), true, 'the key is the matter');
  assert.match(head, /content-type=application\/cloudevents\+json/);
  const event = JSON.parse(body);
  assert.equal(event.specversion, '1.0');
  assert.equal(event.subject, clue.caseid);
  assert.equal(event.data.clueNo, clue.clueNo);
  await house.close();
});
