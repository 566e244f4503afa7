// The audit log in an auditor's hands: an export, receipts and proofs verify with the public key alone, and nothing in them
// can be changed unnoticed. TONGQU_SOAK=1 flips every byte of the export instead of a sample.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House, binary, order, slow, temporaryFolder } from './lib/gateway.mjs';
import { Client, auditOf, chance, load, seed, verifierKey } from './lib/traffic.mjs';

const soak = process.env.TONGQU_SOAK === '1';
const work = temporaryFolder('audit');

function verify(key, file) {
  return new Promise((resolve) => {
    execFile(binary, ['audit', 'verify', '--key', key, file], { encoding: 'utf8', env: { ...process.env, LANG: 'en_US.UTF-8' } }, (error, out, err) => resolve({ code: error ? error.code : 0, out: out + err }));
  });
}

// Checks `cases` (each gives bytes) with a few verifiers at once; tells those that were not found out.
async function notFoundOut(key, suffix, cases) {
  const missed = [];
  let next = 0;
  const worker = async (name) => {
    const file = path.join(work, `${name}${suffix}`);
    while (next < cases.length) {
      const one = cases[next];
      next += 1;
      fs.writeFileSync(file, one.bytes());
      const { code, out } = await verify(key, file);
      if (code !== 1) missed.push(`${one.what}: exit ${code} ${out.trim()}`);
      else if (one.says && !one.says.test(out)) missed.push(`${one.what}: says ${out.trim()}`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, (_, i) => worker(`copy-${i}`)));
  return missed;
}

const flipped = (bytes, at, by) => { const copy = Buffer.from(bytes); copy[at] ^= by; return copy; };

// Positions spread over the whole file; the first and the last line, which carry size and signature, whole.
function positions(bytes, count) {
  if (soak) return Array.from(bytes.keys());
  const first = bytes.indexOf(10);
  const last = bytes.lastIndexOf(10, bytes.length - 2);
  const chosen = new Set();
  for (let i = 0; i <= first; i += 1) chosen.add(i);
  for (let i = last; i < bytes.length; i += 1) chosen.add(i);
  for (let i = 0; i < count; i += 1) chosen.add(Math.floor(((i + 0.5) * bytes.length) / count));
  return [...chosen].sort((a, b) => a - b);
}

// A house with a log of every frequent kind of entry, more than one tile of them.
async function houseWithLog(suite) {
  const house = await House.open({ suite });
  const client = new Client(house);
  const sent = await load(client, { matters: 45, versions: 3 });
  await client.submit({ ...order(900), orderNum: undefined });
  await client.submit(order(901, { questionCode: '9999' }));
  await house.settled();
  assert.equal(house.cli('partner', 'pause', 'p12315', '--reason', '演练').code, 0);
  assert.equal(house.cli('partner', 'resume', 'p12315', '--reason', '演练').code, 0);
  return { house, client, sent };
}

for (const suite of ['gm', 'intl']) {
  test(`no byte, line or entry of an export can be changed (${suite})`, { timeout: (soak ? 7200 : 300) * 1000 * slow }, async (t) => {
    t.diagnostic(`seed ${seed}`);
    const { house, client } = await houseWithLog(suite);
    const { file, key, entries } = auditOf(house);
    assert.ok(entries.length > 256, `${entries.length} entries`);
    for (const kind of ['configuration', 'stored', 'delivered', 'paused', 'resumed']) assert.ok(entries.some((entry) => entry.kind === kind), kind);
    assert.match((await verify(key, file)).out, /[1-9]/);
    const bytes = fs.readFileSync(file);
    const random = chance();
    const where = positions(bytes, 400);
    const flips = where.map((at) => { const by = 1 << random.below(8); return { what: `byte ${at} of ${bytes.length} xor ${by}`, bytes: () => flipped(bytes, at, by) }; });
    t.diagnostic(`${flips.length} of ${bytes.length} bytes flipped`);
    assert.deepEqual(await notFoundOut(key, '.jsonl', flips), []);

    const lines = bytes.toString().split('\n').slice(0, -1);
    const without = (i) => lines.filter((_, k) => k !== i);
    const joined = (list) => () => `${list.join('\n')}\n`;
    const at = [0, 1, 2, Math.floor(lines.length / 2), lines.length - 3, lines.length - 2, lines.length - 1, ...Array.from({ length: 12 }, () => random.below(lines.length))];
    const cases = [];
    for (const i of at) {
      cases.push({ what: `line ${i} dropped`, bytes: joined(without(i)) });
      cases.push({ what: `line ${i} twice`, bytes: joined([...lines.slice(0, i + 1), ...lines.slice(i)]) });
      if (i + 1 < lines.length) cases.push({ what: `lines ${i} and ${i + 1} swapped`, bytes: joined([...lines.slice(0, i), lines[i + 1], lines[i], ...lines.slice(i + 2)]) });
      if (lines[i].length > 3) cases.push({ what: `line ${i} cut`, bytes: joined([...lines.slice(0, i), lines[i].slice(0, -2), ...lines.slice(i + 1)]) });
      cases.push({ what: `space in line ${i}`, bytes: joined([...lines.slice(0, i), lines[i].replace(':', ': '), ...lines.slice(i + 1)]) });
    }
    for (const part of [0, 0.1, 0.5, 0.9, 0.999]) cases.push({ what: `file cut to ${part}`, bytes: () => bytes.subarray(0, Math.floor(bytes.length * part)) });
    cases.push({ what: 'last line feed missing', bytes: () => bytes.subarray(0, bytes.length - 1) });
    cases.push({ what: 'an empty line at the end', bytes: () => Buffer.concat([bytes, Buffer.from('\n')]) });
    cases.push({ what: 'Windows line ends', bytes: () => bytes.toString().replaceAll('\n', '\r\n') });
    const some = lines.findIndex((line) => line.includes('"kind":"stored"'));
    cases.push({ what: 'another partner in an entry', says: new RegExp(`\\b${JSON.parse(lines[some]).index}\\b`), bytes: joined([...lines.slice(0, some), lines[some].replace('"city-a"', '"city-b"'), ...lines.slice(some + 1)]) });
    assert.deepEqual(await notFoundOut(key, '.jsonl', cases), []);
    client.close();
    await house.close();
  });

  test(`receipts and proofs verify offline, and no byte of them can be changed (${suite})`, { timeout: (soak ? 3600 : 200) * 1000 * slow }, async () => {
    const { house, client, sent } = await houseWithLog(suite);
    const key = path.join(work, `${suite}.vkey`);
    fs.copyFileSync(verifierKey(house), key);
    const stored = sent.get(7)[1];
    const exchange = stored.parsed.entry.exchange;
    const shown = JSON.parse(house.cli('exchanges', 'show', exchange, '--format', 'json').out);
    assert.equal(shown.storedReceipt, stored.receipt, 'the gateway keeps the receipt that it answered');
    const proved = house.cli('audit', 'prove', String(stored.parsed.index));
    assert.equal(proved.code, 0, proved.out);
    const proof = JSON.parse(proved.out);
    assert.deepEqual(proof.entry, stored.parsed.entry);
    assert.equal(proof.index, stored.parsed.index);
    const papers = { stored: stored.receipt, delivered: shown.deliveredReceipts[0], proof: proved.out.trimEnd() };
    assert.equal(JSON.parse(papers.delivered).entry.exchange, exchange);
    await house.close(); // offline from here on
    client.close();
    const random = chance(seed + 7);
    for (const [name, text] of Object.entries(papers)) {
      const file = path.join(work, `${name}.json`);
      fs.writeFileSync(file, text);
      const verified = await verify(key, file);
      assert.equal(verified.code, 0, `${name}: ${verified.out}`);
      const bytes = Buffer.from(text);
      const every = soak ? 1 : 5;
      const flips = Array.from(bytes.keys()).filter((at) => at % every === 0 || at > bytes.length - 40)
        .map((at) => { const by = 1 << random.below(8); return { what: `${name}: byte ${at} of ${bytes.length} xor ${by}`, bytes: () => flipped(bytes, at, by) }; });
      assert.deepEqual(await notFoundOut(key, '.json', flips), []);
      const parsed = JSON.parse(text);
      assert.ok(parsed.path.length > 0);
      const changes = [
        { what: 'another index', bytes: () => text.replace(`"index":${parsed.index}`, `"index":${parsed.index + 1}`) },
        { what: 'another kind', bytes: () => text.replace(`"kind":"${parsed.entry.kind}"`, '"kind":"skipped"') },
        { what: 'an element of the path missing', bytes: () => text.replace(/"path":\["[^"]+",?/, '"path":[') }, // a path of one element has no comma
        { what: 'a member added', bytes: () => text.replace(/^\{/, '{"a":1,') },
        { what: 'empty', bytes: () => '' },
        { what: 'not JSON', bytes: () => 'receipt' },
      ];
      for (const change of changes) assert.notEqual(change.bytes(), text, `${name}: ${change.what} changes nothing`);
      assert.deepEqual(await notFoundOut(key, '.json', changes.map((c) => ({ ...c, what: `${name}: ${c.what}` }))), []);
    }
  });
}

test('another key, no key, no file: refused', { timeout: 60000 * slow }, async () => {
  const { house, client, sent } = await houseWithLog('gm');
  const { file, key } = auditOf(house);
  const receipt = path.join(work, 'a-receipt.json');
  fs.writeFileSync(receipt, sent.get(1)[0].receipt);
  const others = {};
  for (const suite of ['gm', 'intl']) {
    const other = await House.open({ suite });
    others[suite] = path.join(work, `other-${suite}.vkey`);
    fs.copyFileSync(verifierKey(other), others[suite]);
    await other.close();
  }
  const text = fs.readFileSync(key, 'utf8').trim();
  const renamed = path.join(work, 'renamed.vkey');
  fs.writeFileSync(renamed, `${text.replace('tongqu.demo', 'tongqu.dema')}\n`);
  const broken = path.join(work, 'broken.vkey');
  fs.writeFileSync(broken, `${text.slice(0, -8)}\n`);
  for (const what of [file, receipt]) {
    assert.equal((await verify(key, what)).code, 0);
    for (const wrong of [others.gm, others.intl, renamed, broken, path.join(work, 'absent.vkey'), what]) assert.equal((await verify(wrong, what)).code, 1, wrong);
  }
  assert.equal((await verify(key, path.join(work, 'absent.jsonl'))).code, 1);
  assert.equal(house.cli('audit', 'prove', '99999999').code, 1);
  assert.equal(house.cli('audit', 'prove', 'seven').code, 2);
  client.close();
  await house.close();
});

test('checkpoints grow, and an old receipt verifies against its own', { timeout: 60000 * slow }, async () => {
  const house = await House.open();
  const client = new Client(house);
  const sizeOf = () => { const { code, out } = house.cli('audit', 'checkpoint'); assert.equal(code, 0, out); return Number(out.split('\n')[1]); };
  const first = sizeOf();
  await load(client, { matters: 5, versions: 1 });
  await house.settled();
  const second = sizeOf();
  assert.equal(second, first + 10, 'five stored, five delivered');
  await house.settled();
  assert.equal(sizeOf(), second, 'an idle gateway writes nothing');
  client.close();
  await house.close();
});
