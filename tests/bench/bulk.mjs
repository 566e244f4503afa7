// Large contents and long files: an attachment against `openssl dgst` reading the same file, and a file of rows.
import crypto from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { until } from './process.mjs';
import { House } from './house.mjs';
import { Drop, headings, record } from '../../sandbox/partners/hotline-12365.mjs';
import { write } from '../../sandbox/lib/csv.mjs';

const mib = 1 << 20;
const whole = (n) => Math.round(n).toLocaleString('en-US');
const picture = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'); // how a JPEG begins
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Seconds of processor time of a process so far.
function cpuSeconds(pid) {
  const fields = /\) (.*)/.exec(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
const forgetPeak = (house) => fs.writeFileSync(`/proc/${house.gateway.pid}/clear_refs`, '5');

function randomFile(file, bytes) {
  const out = fs.openSync(file, 'w');
  fs.writeSync(out, picture);
  for (let left = bytes - picture.length; left > 0; left -= 8 * mib) fs.writeSync(out, crypto.randomBytes(Math.min(left, 8 * mib)));
  fs.closeSync(out);
}

// curl as city A, signed over the digest of the body; gives what it printed.
function curl(house, method, target, { file, body = '', digest = crypto.createHash('sha256').update(body).digest(), headers = {}, out = '-' }) {
  const timestamp = String(Date.now());
  const nonce = crypto.randomBytes(16).toString('hex');
  const key = fs.readFileSync(path.join(house.secrets, 'city-a.hmac'), 'utf8').trim();
  const text = [method, target, timestamp, nonce, '', digest.toString('hex')].join('\n');
  const all = { 'X-Api-Key': 'city-a', 'X-Timestamp': timestamp, 'X-Nonce': nonce, 'X-Signature': crypto.createHmac('sha256', key).update(text).digest('base64'), ...headers };
  const data = file ? ['-T', file] : body ? ['--data-binary', body] : [];
  return execFileSync('curl', ['--silent', '--fail', '--cacert', path.join(house.secrets, 'ca.crt'), '-X', method, '-o', out, ...Object.entries(all).flatMap(([name, value]) => ['-H', `${name}: ${value}`]), ...data, `https://localhost:${new URL(house.partners).port}${target}`], { encoding: 'utf8' });
}

// Seconds of one upload and one download, and of openssl reading the file.
export async function measureAttachment(suite, folder, o, { median, say }) {
  const file = path.join(folder, 'large.jpg');
  const algorithm = suite === 'gm' ? 'sm3' : 'sha256';
  randomFile(file, o.attachment);
  const house = await House.open(suite, path.join(folder, `${suite}-attachment`), (h) => h.edit('partners/city-a.yaml', (text) => `${text.replace(/\nattachments:\n( .*\n)+/, '\n')}\nattachments:\n  max_bytes: 8GiB\n  max_open_bytes: 16GiB\n`));
  try {
    const rounds = { openssl: [], up: [], down: [], ratio: [] };
    const base = '/exchange/v1/attachments';
    const sha256 = Buffer.from(execFileSync('openssl', ['dgst', '-sha256', '-r', file], { encoding: 'utf8' }).split(' ')[0], 'hex');
    const timed = (act) => { const begin = performance.now(); act(); return (performance.now() - begin) / 1000; };
    forgetPeak(house);
    const before = house.peakRss();
    for (let i = 1; i <= o.rounds; i += 1) {
      const openssl = timed(() => spawnSync('openssl', ['dgst', `-${algorithm}`, file]));
      const body = JSON.stringify({ name: `${i}.jpg`, type: 'image/jpeg', size: o.attachment, digest: `sha-256:${sha256.toString('hex')}` });
      const { id } = JSON.parse(curl(house, 'POST', base, { body, headers: { 'Content-Type': 'application/json', 'Idempotency-Key': '' } }));
      const up = timed(() => curl(house, 'PATCH', `${base}/${id}`, { file, digest: sha256, headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0', 'Content-Digest': `sha-256=:${sha256.toString('base64')}:` } }));
      const down = timed(() => curl(house, 'GET', `${base}/${id}`, { out: '/dev/null' }));
      say(`    ${suite} round ${i}: openssl dgst -${algorithm} ${openssl.toFixed(2)} s, up ${up.toFixed(2)} s, down ${down.toFixed(2)} s, ratio ${(openssl / up).toFixed(3)}`);
      rounds.openssl.push(openssl);
      rounds.up.push(up);
      rounds.down.push(down);
      rounds.ratio.push(openssl / up);
    }
    return { mib: o.attachment / mib, algorithm, openssl: median(rounds.openssl), up: median(rounds.up), down: median(rounds.down), ratio: median(rounds.ratio), growth_mib: house.peakRss() - before };
  } finally {
    await house.close();
    fs.rmSync(file);
  }
}

// Drops `rows` records, the first `fresh` of them new, the others their repeats; gives what the result file says.
async function dropFile(house, drop, name, rows, fresh, from, watch) {
  const target = path.join(drop.folder, 'in', `.${name}.tmp`);
  const cpu = cpuSeconds(house.gateway.pid);
  const encoder = fs.openSync(`${target}.utf8`, 'w');
  fs.writeSync(encoder, write([headings]));
  for (let at = 0; at < rows; at += 20000) fs.writeSync(encoder, write(Array.from({ length: Math.min(20000, rows - at) }, (_, i) => record(from + ((at + i) % fresh)))));
  fs.closeSync(encoder);
  execFileSync('sh', ['-c', 'iconv -f UTF-8 -t GB18030 "$0.utf8" > "$0" && rm "$0.utf8"', target]);
  const digest = execFileSync('openssl', ['dgst', `-${drop.hash[1]}`, '-r', target], { encoding: 'utf8' }).split(' ')[0];
  fs.writeFileSync(`${target}.manifest`, write([['file', 'rows', 'bytes', 'algorithm', 'digest'], [name, rows, fs.statSync(target).size, drop.hash[0], digest]]));
  const bytes = fs.statSync(target).size;
  const begin = performance.now();
  fs.renameSync(target, path.join(drop.folder, 'in', name));
  fs.renameSync(`${target}.manifest`, path.join(drop.folder, 'in', `${name}.manifest`));
  while (!drop.result(name)) { watch((performance.now() - begin) / 1000); await pause(200); }
  const seconds = (performance.now() - begin) / 1000;
  return { ...drop.result(name), bytes, seconds, cpu: cpuSeconds(house.gateway.pid) - cpu };
}

// Rows per second of a file of new records, while the platform takes them, and the memory over a file of `o.rows`.
export async function measureImport(suite, folder, o, { say }) {
  const exchange = path.join(folder, `${suite}-drop`);
  const drop = new Drop(exchange, suite);
  const house = await House.open(suite, path.join(folder, `${suite}-import`), (h) => h.edit('partners/hotline-12365.yaml', (text) => text
    .replace(/folder: .*/, `folder: ${exchange}`).replace('poll: 10s', 'poll: 100ms').replace('rate_per_second: 20000', 'rate_per_second: 100000').replace('burst: 20000', 'burst: 1000000')), ['hotline-12365']);
  try {
    const fresh = await dropFile(house, drop, 'fresh.csv', o.freshRows, o.freshRows, 1, () => {});
    say(`    ${suite}: ${whole(o.freshRows)} new rows in ${fresh.seconds.toFixed(1)} s, ${fresh.cpu.toFixed(1)} s of processor time: ${JSON.stringify({ imported: fresh.imported, duplicate: fresh.duplicate, refused: fresh.refused })}`);
    forgetPeak(house);
    const before = house.peakRss();
    let told = 0;
    const long = await dropFile(house, drop, 'long.csv', o.rows, Math.min(o.rows, o.freshRows), 1, (seconds) => {
      if (seconds - told < 20) return;
      told = seconds;
      say(`    ${suite}: ${seconds.toFixed(0)} s, ${house.rss().toFixed(0)} MiB`);
    });
    say(`    ${suite}: ${whole(o.rows)} rows, repeats of those, in ${long.seconds.toFixed(1)} s: ${JSON.stringify({ imported: long.imported, duplicate: long.duplicate, refused: long.refused })}`);
    await until('the queue is empty', async () => (await house.counts()).queued === 0, 600);
    return { fresh: { rows: o.freshRows, rate: o.freshRows / fresh.seconds, perCore: o.freshRows / fresh.cpu }, long: { rows: o.rows, mib: long.bytes / mib, rate: o.rows / long.seconds, perCore: o.rows / long.cpu, growth_mib: house.peakRss() - before } };
  } finally {
    await house.close();
    fs.rmSync(exchange, { recursive: true, force: true });
  }
}

export function bulkRows(suite, { attachment: a, imported: i }) {
  const rows = [];
  const add = (what, value, promised = '', kept = undefined) => rows.push([suite, what, value, promised, kept === undefined ? '' : kept ? 'yes' : 'NO']);
  if (a) {
    add(`(h) openssl dgst -${a.algorithm}, ${whole(a.mib)} MiB`, `${a.openssl.toFixed(2)} s`);
    add('(h) attachment up; down', `${a.up.toFixed(2)}; ${a.down.toFixed(2)} s`);
    add('(h) openssl ÷ up, median of rounds', a.ratio.toFixed(3));
    add('(h) growth of the highest memory', `${a.growth_mib.toFixed(1)} MiB`, '<= 64 MiB', a.growth_mib <= 64);
  }
  if (i) {
    add(`(i) file import, ${whole(i.fresh.rows)} new rows`, `${whole(i.fresh.rate)}/s, ${whole(i.fresh.perCore)}/s per core`);
    add(`(i) file import, ${whole(i.long.rows)} repeated rows (${whole(i.long.mib)} MiB)`, `${whole(i.long.rate)}/s, ${whole(i.long.perCore)}/s per core`);
    add('(i) growth of the highest memory in the long file', `${i.long.growth_mib.toFixed(1)} MiB`, '<= 64 MiB', i.long.growth_mib <= 64);
  }
  return rows;
}
