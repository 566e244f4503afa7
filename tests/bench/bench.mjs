// The benchmark itself; scripts/bench.sh installs, builds and calls it. Everything it starts listens on 127.0.0.1, ends with
// it, and lives in one folder that is removed at the end.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, binary, stop } from './process.mjs';
import { House, nginxOptions } from './house.mjs';
import { goals, printTable } from './table.mjs';
import { measureQueries, profileQueries } from './query.mjs';
import { profile } from './profile.mjs';
import { measureSoap } from './soap.mjs';
import { measureAttachment, measureImport } from './bulk.mjs';
import { measureMask } from './mask.mjs';

const usage = `scripts/bench.sh [--quick|--full] [--suite gm|intl] [--only PART] [--queue N] [--json FILE]

  --quick      one short round, about a minute
  --full       the queue test with 1,000,000 orders
  --suite S    that suite only
  --only PART  throughput, latency, queue, query, soap, attachment, import, proof or mask only; profile, profile-query: where the gateway's
               time goes under load (perf), of orders and of answers out of the cache
  --queue N    orders in the queue test
  --seconds S, --rounds N, --connections N
  --attachment-mib N  size of the attachment (default 1024)
  --import-rows N     rows of the long file (default 1,000,000), all repeats of the first
  --import-fresh N    new rows (default 100,000)
  --drain-seconds N  how long the draining is watched (default 600)
  --json FILE  the figures, for machines`;

const parts = ['throughput', 'latency', 'queue', 'query', 'soap', 'attachment', 'import', 'proof', 'mask', 'profile', 'profile-query'];
const ownHouse = ['query', 'profile-query', 'soap', 'attachment', 'import', 'proof', 'mask']; // they start gateways of their own

function options(args) {
  const o = { seconds: 10, rounds: 3, connections: 512, queue: 100000, suites: ['intl', 'gm'], only: '', json: '', drain: 600, attachment: 1 << 30, rows: 1000000, freshRows: 100000, maskTexts: 4000 };
  while (args.length > 0) {
    const name = args.shift();
    const value = () => args.shift() ?? fail(`${name} needs a value`);
    const number = () => { const n = Number(value()); return Number.isInteger(n) && n > 0 ? n : fail(`${name} needs a number`); };
    if (name === '--quick') Object.assign(o, { seconds: 4, rounds: 1, queue: 20000, attachment: 128 << 20, rows: 100000, freshRows: 20000, maskTexts: 1000 });
    else if (name === '--full') o.queue = 1000000;
    else if (name === '--suite') o.suites = [value()];
    else if (name === '--only') o.only = value();
    else if (name === '--queue') o.queue = number();
    else if (name === '--attachment-mib') o.attachment = number() * 2 ** 20;
    else if (name === '--import-rows') o.rows = number();
    else if (name === '--import-fresh') o.freshRows = number();
    else if (name === '--seconds') o.seconds = number();
    else if (name === '--rounds') o.rounds = number();
    else if (name === '--connections') o.connections = number();
    else if (name === '--drain-seconds') o.drain = number();
    else if (name === '--json') o.json = value();
    else fail(name === '--help' || name === '-h' ? '' : `unknown option: ${name}`);
  }
  if (o.suites.some((s) => s !== 'intl' && s !== 'gm')) fail('--suite gm or intl');
  if (o.only && !parts.includes(o.only)) fail(`--only ${parts.join(', ')}`);
  return o;
}
function fail(text) { console.error(text ? `${text}\n${usage}` : usage); process.exit(text ? 2 : 0); }

const o = options(process.argv.slice(2));
const wants = (part) => o.only === '' || o.only === part;
const folder = path.join(root, 'build', 'bench-run');
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

const tool = (name) => path.join(path.dirname(binary), name);
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (text) => console.log(text);
let runs = 0;

// Fresh signed orders; gives the name that send.lua wants.
function sign(house, count) {
  runs += 1;
  const name = path.join(folder, `orders-${runs}`);
  const run = `${Date.now().toString(36).toUpperCase().slice(-8)}R${runs}`;
  execFileSync(tool('bench_sign_orders'), ['--out', `${name}.0`, '--key', path.join(house.secrets, 'city-a.hmac'), '--host', 'localhost', '--run', run, '--count', String(count)]);
  return name;
}

// wrk in the background; `figures` is what it says at its end.
function load(url, requests, seconds, connections = o.connections) {
  const wrk = spawn('wrk', ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '10s', '--latency', '-s', path.join(root, 'tests/bench/send.lua'), url, '--', requests], { stdio: ['ignore', 'pipe', 'pipe'] });
  const atExit = () => wrk.kill('SIGKILL');
  process.on('exit', atExit);
  let text = '';
  for (const stream of [wrk.stdout, wrk.stderr]) stream.on('data', (chunk) => { text += chunk; });
  const figures = new Promise((resolve, reject) => {
    wrk.on('error', reject);
    wrk.on('close', () => {
      process.off('exit', atExit);
      try { resolve(wrkFigures(text)); } catch (error) { reject(error); }
    });
  });
  return { wrk, figures };
}
function wrkFigures(text) {
  const rate = Number(/Requests\/sec:\s*([\d.]+)/.exec(text)?.[1] ?? 0);
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
  const errors = /Socket errors: (.*)/.exec(text)?.[1] ?? '';
  const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(text);
  const scale = { us: 0.001, ms: 1, s: 1000 };
  if (refused > 0 || errors) throw new Error(`the load was not answered rightly: ${refused} not 2xx, socket errors ${errors || 'none'}`);
  return { rate, p99_ms: p99 ? Number(p99[1]) * scale[p99[2]] : 0 };
}

// (a): the proxy.
async function proxyRound(house) {
  const { figures } = load(`${house.proxyUrl}/exchange/v1/workorder.transfer`, house.requests, o.seconds);
  return (await figures).rate;
}

// (b): what was settled, and what was stored, in a window that begins when the line is warm.
async function gatewayRound(house, during = undefined) {
  const warm = 2;
  const requests = sign(house, 12000 * (o.seconds + warm));
  const { figures } = load(`${house.partners}/exchange/v1/workorder.transfer`, requests, o.seconds + warm + 1);
  await pause(warm * 1000);
  const before = await house.counts();
  if (during) await during(o.seconds);
  else await pause(o.seconds * 1000);
  const after = await house.counts();
  const { p99_ms } = await figures;
  fs.rmSync(`${requests}.0`);
  const took = (after.at - before.at) / 1000;
  const drainedFrom = await house.counts();
  await house.drained(120);
  if (after.held !== before.held || after.repeated !== before.repeated) throw new Error('orders were held or repeated: this measures something else');
  return { settled: (after.delivered - before.delivered) / took, stored: (after.stored - before.stored) / took, behind: drainedFrom.queued, p99_ms };
}

async function throughput(house) {
  house.requests = sign(house, 50000);
  const rounds = { a: [], settled: [], stored: [], p99: [] };
  for (let i = 1; i <= o.rounds; i += 1) {
    const a = await proxyRound(house);
    const b = await gatewayRound(house);
    say(`    ${house.suite} round ${i}: proxy ${a.toFixed(0)}/s, gateway stored ${b.stored.toFixed(0)}/s, settled ${b.settled.toFixed(0)}/s, ratio ${(b.settled / a).toFixed(3)}, queued at the end ${b.behind}`);
    rounds.a.push(a);
    rounds.settled.push(b.settled);
    rounds.stored.push(b.stored);
    rounds.p99.push(b.p99_ms);
  }
  fs.rmSync(`${house.requests}.0`);
  const ratios = rounds.settled.map((settled, i) => settled / rounds.a[i]);
  return { a: median(rounds.a), settled: median(rounds.settled), stored: median(rounds.stored), ratio: median(ratios), ratios, full_load_p99_ms: median(rounds.p99) };
}

function latency(house) {
  const results = [];
  for (let i = 0; i < o.rounds; i += 1) {
    runs += 1;
    const done = spawnSync(tool('bench_paced_load'), ['--ca', path.join(house.secrets, 'ca.crt'), '--key', path.join(house.secrets, 'city-a.hmac'), '--run', `P${Date.now().toString(36).toUpperCase().slice(-8)}${runs}`,
      '--port', new URL(house.partners).port, '--rate', '1000', '--seconds', String(o.seconds)], { encoding: 'utf8', timeout: (o.seconds + 60) * 1000 });
    if (done.status !== 0) throw new Error(`paced load failed: ${done.stdout}${done.stderr}`);
    results.push(JSON.parse(done.stdout));
  }
  const by = (field) => median(results.map((r) => r[field]));
  return { p50_ms: by('p50_ms'), p99_ms: by('p99_ms'), p999_ms: by('p999_ms'), max_ms: by('max_ms') };
}

// (c): after the gateway has stopped, from what its database says about bytes and groups.
function bareInserts(house) {
  const kept = house.keptPerOrder();
  const done = spawnSync(tool('bench_bare_inserts'), ['--file', path.join(folder, `bare-${house.suite}.db`), '--bytes', String(kept.bytes), '--group', String(kept.group), '--seconds', String(Math.min(o.seconds, 5))], { encoding: 'utf8', timeout: 120000 });
  if (done.status !== 0) throw new Error(`bare inserts failed: ${done.stderr}`);
  return { ...kept, per_second: JSON.parse(done.stdout).per_second };
}

// The receiver is down: memory, restart, and how fast the queue drains afterwards.
async function queueTest(house) {
  await house.receiverDown();
  const rss = [house.rss()];
  const first = await house.counts();
  const chunk = Math.min(100000, o.queue);
  let queued = 0;
  let intake = 0;
  while (queued < o.queue) {
    const { stored, seconds } = await fillQueue(house, chunk);
    intake += seconds;
    queued += stored;
    rss.push(house.rss());
    say(`    ${house.suite}: ${queued} queued, ${rss.at(-1).toFixed(0)} MiB, ${(stored / seconds).toFixed(0)}/s`);
  }
  const waiting = (await house.counts()).queued;
  const peak = house.peakRss();
  const restart = {};
  for (const signal of ['SIGTERM', 'SIGKILL']) restart[signal] = await house.restart(signal);
  if ((await house.counts()).queued !== waiting) throw new Error('the queue is not what it was before the restarts');
  await house.receiverUp();
  const drain = await drainRate(house, waiting);
  return { queued: waiting, begun_with: first.queued, rss_mib: rss, peak_rss_mib: peak, after_restart_mib: house.rss(), restart_ms: restart, intake: queued / intake, drain };
}

async function fillQueue(house, chunk) {
  const requests = sign(house, chunk);
  const before = await house.counts();
  const { wrk, figures } = load(`${house.partners}/exchange/v1/workorder.transfer`, requests, 600);
  let now = before;
  const end = Date.now() + 600000;
  while (now.stored + now.repeated - before.stored - before.repeated < chunk && Date.now() < end && wrk.exitCode === null) {
    await pause(100);
    now = await house.counts();
  }
  wrk.kill('SIGINT');
  await figures;
  fs.rmSync(`${requests}.0`);
  return { stored: now.stored - before.stored, seconds: (now.at - before.at) / 1000 };
}

// From the first delivery until everything has gone, or until it has been watched long enough.
async function drainRate(house, waiting) {
  let begin = await house.counts();
  const first = Date.now() + 60000; // the breaker opens and asks again within that time
  while (begin.queued === waiting && Date.now() < first) { await pause(50); begin = await house.counts(); }
  const end = Date.now() + o.drain * 1000;
  let last = begin;
  let told = begin;
  while (last.queued > 0 && Date.now() < end) {
    await pause(100);
    last = await house.counts();
    if (last.at - told.at < 5000) continue;
    say(`    ${house.suite}: ${last.queued} queued, ${((last.delivered - told.delivered) / (last.at - told.at) * 1000).toFixed(0)}/s delivered`);
    told = last;
  }
  if (last.dead !== begin.dead) throw new Error('messages became dead letters while the queue drained');
  return (last.delivered - begin.delivered) / ((last.at - begin.at) / 1000);
}

const results = { machine: machine(), options: o, suites: {} };
function machine() {
  const model = /model name\s*: (.*)/.exec(fs.readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown';
  const files = execFileSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).trim();
  return { cpus: os.cpus().length, model, files, load_before: os.loadavg()[0], nginx: nginxOptions, commit: spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout.trim() };
}
say(`==> ${results.machine.cpus} × ${results.machine.model}, files on ${results.machine.files}, load ${results.machine.load_before.toFixed(2)} before; ${o.connections} connections, ${o.rounds} × ${o.seconds} s`);
if (results.machine.files === 'tmpfs') say('    the files are in memory: a commit costs nothing here, and the figures say nothing about a disk');

// On a virtual machine the first use of a page of memory asks the host for it (measured: 11 µs each, 24 µs an order for
// the pages of a growing database file), which is no property of either side.
function touchMemory(bytes = 3 * 2 ** 30) {
  const file = fs.openSync(path.join(folder, 'touched'), 'w');
  const chunk = Buffer.alloc(8 << 20, 1);
  for (let done = 0; done < bytes; done += chunk.length) fs.writeSync(file, chunk);
  fs.closeSync(file);
  fs.rmSync(path.join(folder, 'touched'));
}

for (const suite of o.suites) {
  touchMemory();
  const figures = {};
  const house = ownHouse.includes(o.only) ? undefined : await House.open(suite, path.join(folder, suite));
  try {
    if (o.only === 'profile') await profile(house, folder, say, async (during) => { const { settled } = await gatewayRound(house, during); return Math.round(settled * o.seconds); }, o.seconds);
    if (wants('throughput')) { say(`==> ${suite}: throughput`); figures.throughput = await throughput(house); }
    if (wants('latency')) { say(`==> ${suite}: time to the stored receipt at 1,000/s`); figures.latency = latency(house); await house.drained(60); }
    if (wants('throughput')) {
      await stop(house.gateway);
      say(`==> ${suite}: bare inserts`);
      figures.bare = bareInserts(house);
      await house.run();
    }
    if (wants('queue')) { say(`==> ${suite}: ${o.queue} queued, receiver down`); figures.queue = await queueTest(house); }
  } finally {
    await house?.close();
  }
  if (o.only === 'profile-query') await profileQueries(suite, folder, o, { load, pause, say });
  if (wants('query')) { say(`==> ${suite}: queries`); figures.query = await measureQueries(suite, folder, o, { load, median, say }); }
  if (wants('soap')) { say(`==> ${suite}: JSON → SOAP against JSON → JSON`); figures.soap = await measureSoap(suite, folder, o, { gatewayRound, median, say }); }
  if (wants('attachment')) { say(`==> ${suite}: an attachment of ${o.attachment / 2 ** 20} MiB`); figures.attachment = await measureAttachment(suite, folder, o, { median, say }); }
  if (wants('import')) { say(`==> ${suite}: file import`); figures.imported = await measureImport(suite, folder, o, { say }); }
  if (wants('proof')) { say(`==> ${suite}: static proof of disclosure`); figures.proof = JSON.parse(execFileSync(path.join(path.dirname(binary), 'bench_proof'), { encoding: 'utf8' })); }
  results.suites[suite] = figures;
}
if (wants('mask')) { say('==> free text'); results.suites.both = { mask: measureMask(folder, o, { tool, median, say }) }; }
printTable(results, goals);
if (o.json) fs.writeFileSync(o.json, JSON.stringify(results, null, 1));
process.exit(0);
