#!/usr/bin/env node
// The demonstration: starts the stand-ins of all partners and the gateway, sends sample traffic through every partner, prints
// one row per partner, and stays up (--once: ends; exit 1 when a row failed). scripts/run.sh builds first and calls it.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { options } from './lib/options.mjs';
import { endAll, launch } from './lib/processes.mjs';
import { tokenFileOf } from './lib/people.mjs';
import { release } from './lib/release.mjs';
import { openPartners } from './partners/index.mjs';

const opts = options(process.argv.slice(2), { orders: '200', var: 'var/demo', once: 'no', tongqu: 'build/release/tongqu' }, 'usage: demo.mjs [--orders N] [--var DIR] [--once yes|no] [--tongqu FILE]');
const secrets = path.join(opts.var, 'secrets');
const config = path.join(opts.var, 'config');
const count = Number(opts.orders);
const settleSeconds = 120;

function call(port, target, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const request = http.request({ host: '127.0.0.1', port, path: target, method: body === undefined ? 'GET' : 'POST', headers: { ...headers, 'Content-Length': Buffer.byteLength(text) } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    });
    request.on('error', reject);
    request.end(text);
  });
}
// `body.actor`: a named person asks with the own token.
const atAdmin = (what, body) => call(18480, `/admin/v1/${what}`, body, { Authorization: `Bearer ${fs.readFileSync(tokenFileOf(secrets, body?.actor), 'utf8').trim()}` });
const admin = () => atAdmin('status');
let released = 0;
// What was reported goes as a summary (线索摘要) of the person who released it.
async function releaseAsSummary(exchange) {
  await release(async (what, body) => { const answer = await atAdmin(what, body); return { status: answer.status ?? 200, body: answer }; }, exchange, { as: 'summary', summary: '反映某某食品厂使用过期原料，建议检查原料库。' });
  released += 1;
}
const platform = (what, body) => call(18455, `/${what}`, body);

async function startAll() {
  const log = (name) => path.join(opts.var, `${name}.log`);
  console.log('==> starting the stand-ins of the partners');
  await launch('hotline', 'node', ['sandbox/hotline.mjs', '--keys', secrets], /hotline ready/, log('hotline'));
  await launch('platform', 'node', ['sandbox/platform.mjs', '--keys', secrets, '--reply', 'yes'], /platform ready/, log('platform'));
  const partners = await openPartners(undefined, {
    secrets, config, folder: path.join(opts.var, 'partners'), log: (text) => console.log(`    ${text}`), gateway: () => 'https://127.0.0.1:18443', platform, release: releaseAsSummary,
  });
  console.log('==> starting the gateway');
  const gateway = await launch('gateway', opts.tongqu, ['serve', '-c', config, '--secrets', secrets], /ready partners=.*/, log('gateway'));
  console.log(`    ${gateway.ready[0]}`);
  return { partners, gateway };
}

async function sendAll(partners) {
  console.log(`==> sending ${count} work orders of city A, and one with a wrong signature`);
  const sending = call(18454, '/send', { count, from: 1, faulty: true, parallel: 8 });
  const ticker = setInterval(async () => {
    const s = await call(18454, '/stats');
    console.log(`    sent ${s.sent} of ${count}`);
  }, 1000);
  await sending;
  clearInterval(ticker);
  await call(18454, '/submit', { order: { orderNum: 'GD-WRONG' }, wrong: true });
  for (const { partner, standin } of partners) {
    console.log(`==> traffic of ${partner}`);
    await standin.send(Math.max(1, Math.floor(count / 10)));
  }
  console.log(`==> ${released} clues waited for a named person (待释放) and went with a summary in place of what was reported`);
  publishDirectories();
}

// The command line, as an operator would use it.
function run(...args) {
  const env = { ...process.env, TONGQU_ADMIN: 'http://127.0.0.1:18480', TONGQU_ADMIN_TOKEN_FILE: path.join(secrets, 'admin.token') };
  return execFileSync(opts.tongqu, args, { env, encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'pipe'] });
}

// The gateway's own code tables and units, to the partners that are to be told.
let published = 0;
function publishDirectories() {
  console.log('==> publishing code tables and units');
  const { directories } = JSON.parse(run('directory', 'publish', '--reason', 'demonstration', '--format', 'json'));
  published = directories.filter((one) => one.outcome === 'published').length;
}

function auditVerified() {
  try {
    const key = path.join(opts.var, 'log.vkey');
    fs.writeFileSync(key, run('keys', 'verifier', '-c', config, '--secrets', secrets));
    run('audit', 'export', '--output', path.join(opts.var, 'audit.jsonl'));
    run('audit', 'verify', '--key', key, path.join(opts.var, 'audit.jsonl'));
    return 'yes';
  } catch (error) {
    console.log(String(error.stdout ?? '') + String(error.stderr ?? error));
    return 'NO';
  }
}

// What each partner says it handed over and got, beside what the gateway says.
async function observe(partners) {
  const status = await admin();
  const hotline = await call(18454, '/stats');
  const national = await platform('stats');
  // Nothing is stored of a query: what a registry gave is counted as it arrives.
  const given = (partner) => status.registries.find((registry) => registry.partner === partner)?.answered;
  const of = (partner) => ({ stored: 0, held: 0, delivered: 0, queued: 0, dead: 0, noAnswer: 0, turnedBack: 0, maskedFields: 0, ...status.partners.find((p) => p.partner === partner) });
  const rows = [
    { partner: 'city-a', title: '城市甲12345热线', sent: hotline.sent, turnedBack: 1, received: hotline.states, problems: [] },
    { partner: 'p12315', title: '全国12315平台', sent: national.statesSent, turnedBack: national.stateErrors, received: national.distinct, problems: [] },
    { partner: 'catalogue', title: '本网关（代码表与组织机构目录）', sent: published, turnedBack: 0, received: 0, problems: [] },
  ];
  for (const { partner, title, standin } of partners) rows.push({ partner, title, turnedBack: 0, problems: [], ...(await standin.figures()) });
  const quiet = status.waiting === 0 && status.partners.every((p) => p.queued === 0) && status.lanes.every((l) => l.inFlight === 0);
  return { quiet, rows: rows.map((row) => ({ ...row, gateway: { ...of(row.partner), answers: given(row.partner) } })) };
}

function faultsOf({ sent, turnedBack, received, asked, answered, problems, gateway: g }) {
  const faults = [...problems];
  if (asked !== answered) faults.push(`asked ${asked}, answered ${answered}`);
  if (g.answers !== undefined) return received === g.answers && received > 0 ? faults : [...faults, `answers given ${received}, got ${g.answers}`];
  if (g.queued + g.dead + g.noAnswer > 0) faults.push(`${g.queued} queued, ${g.dead} dead, ${g.noAnswer} without answer`);
  if (sent !== g.stored + turnedBack) faults.push(`handed over ${sent}, stored ${g.stored}, to be turned back ${turnedBack}`);
  if (received !== g.delivered) faults.push(`delivered ${g.delivered}, arrived ${received}`);
  if (sent + received === 0) faults.push('no traffic');
  return faults;
}

async function settle(partners) {
  console.log('==> waiting until everything has arrived and the states are back');
  const end = Date.now() + settleSeconds * 1000;
  let seen;
  let same = 0; // twice the same and nothing wrong: what follows from what has come as well
  while (Date.now() < end && same < 3) {
    const now = await observe(partners);
    const sound = now.quiet && now.rows.every((row) => faultsOf(row).length === 0);
    same = sound && JSON.stringify(now.rows) === JSON.stringify(seen?.rows) ? same + 1 : 0;
    seen = now;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return seen.rows;
}

function print(rows, verified) {
  const table = rows.map((row) => {
    const faults = faultsOf(row);
    if (verified !== 'yes') faults.push('audit');
    const g = row.gateway;
    return { ok: faults.length === 0, cells: [`${row.partner} ${row.title}`, row.sent, g.stored, g.delivered, g.held, row.sent - g.stored, g.maskedFields, row.asked === undefined ? '-' : `${row.asked}/${row.answered}`, verified, faults.length ? `FAILED: ${faults.join('; ')}` : 'ok'].map(String) };
  });
  const heads = ['partner', 'sent', 'stored', 'delivered to it', 'held', 'turned back', 'fields masked', 'asked/answered', 'audit verified', 'result'];
  const width = (text) => [...text].reduce((sum, c) => sum + (c.codePointAt(0) > 0x2e80 ? 2 : 1), 0);
  const widths = heads.map((h, i) => Math.max(width(h), ...table.map((row) => width(row.cells[i]))));
  const pad = (text, i) => ' '.repeat(widths[i] - width(text));
  const line = (cells) => cells.map((text, i) => (i === 0 || i === heads.length - 1 ? text + pad(text, i) : pad(text, i) + text)).join('  ').trimEnd();
  console.log(`\n${line(heads)}\n${widths.map((w) => '-'.repeat(w)).join('  ')}`);
  for (const row of table) console.log(line(row.cells));
  return table.every((row) => row.ok);
}

let partners = [];
async function end(status) {
  for (const { standin } of partners) await standin.close();
  await endAll();
  process.exit(status);
}
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => end(130));
try {
  const running = await startAll();
  partners = running.partners;
  await sendAll(partners);
  const good = print(await settle(partners), auditVerified());
  if (opts.once === 'yes') await end(good ? 0 : 1);
  running.gateway.on('exit', () => { console.log('the gateway ended'); end(1); });
} catch (error) {
  console.log(error.message ?? error);
  await end(1);
}
console.log(`
The gateway stays up. Addresses:
  partners   https://127.0.0.1:18443/exchange/v1/…   (openapi: https://127.0.0.1:18443/openapi.json)
  admin      http://127.0.0.1:18480/metrics           token: ${secrets}/admin.token
  hotline    http://127.0.0.1:18454/stats             platform  http://127.0.0.1:18455/stats
Try:
  export TONGQU_ADMIN=http://127.0.0.1:18480 TONGQU_ADMIN_TOKEN_FILE=${secrets}/admin.token
  ${opts.tongqu} exchanges list
  ${opts.tongqu} tasks list
Ctrl-C stops everything.`);
