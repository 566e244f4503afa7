#!/usr/bin/env node
// Sends sample traffic through every partner of the running demonstration and prints one row per partner. Exit 1 when a row
// failed. Used by scripts/run.sh.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { options } from './lib/options.mjs';

const opts = options(process.argv.slice(2), { orders: '200', var: 'var/demo' }, 'usage: demo.mjs --orders N --var DIR');
const secrets = path.join(opts.var, 'secrets');
const token = fs.readFileSync(path.join(secrets, 'admin.token'), 'utf8').trim();
const count = Number(opts.orders);

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
const admin = () => call(18480, '/admin/v1/status', undefined, { Authorization: `Bearer ${token}` });

console.log(`==> sending ${count} work orders of city A, and one with a wrong signature`);
const hotlineBefore = await call(18454, '/stats');
const sending = call(18454, '/send', { count, from: 1, faulty: true, parallel: 8 });
const ticker = setInterval(async () => {
  const s = await call(18454, '/stats');
  console.log(`    sent ${s.sent - hotlineBefore.sent} of ${count}`);
}, 1000);
await sending;
clearInterval(ticker);
await call(18454, '/submit', { order: { orderNum: 'GD-WRONG' }, wrong: true });

console.log('==> waiting until everything has arrived and the states are back');
const end = Date.now() + 60000;
let status;
let hotline;
let platform;
for (;;) {
  status = await admin();
  hotline = await call(18454, '/stats');
  platform = await call(18455, '/stats');
  const quiet = status.waiting === 0 && status.partners.every((p) => p.queued === 0) && status.lanes.every((l) => l.inFlight === 0);
  if (quiet && platform.statesAccepted + platform.stateErrors >= 2 * platform.distinct && hotline.states >= platform.statesAccepted) break;
  if (Date.now() > end) break;
  await new Promise((resolve) => setTimeout(resolve, 100));
}

function auditVerified() {
  const env = { ...process.env, TONGQU_ADMIN: 'http://127.0.0.1:18480', TONGQU_ADMIN_TOKEN_FILE: path.join(secrets, 'admin.token') };
  const run = (...args) => execFileSync(process.env.TONGQU_BIN, args, { env, encoding: 'utf8', maxBuffer: 1 << 30 });
  try {
    const key = path.join(opts.var, 'log.vkey');
    fs.writeFileSync(key, run('keys', 'verifier', '-c', path.join(opts.var, 'config'), '--secrets', secrets));
    run('audit', 'export', '--output', path.join(opts.var, 'audit.jsonl'));
    run('audit', 'verify', '--key', key, path.join(opts.var, 'audit.jsonl'));
    return 'yes';
  } catch (error) {
    console.log(String(error.stdout ?? '') + String(error.stderr ?? error));
    return 'NO';
  }
}

const verified = auditVerified();
const of = (partner) => status.partners.find((p) => p.partner === partner) ?? { stored: 0, held: 0, delivered: 0, queued: 0, dead: 0, noAnswer: 0, turnedBack: 0, maskedFields: 0 };
const rows = [
  { partner: 'city-a', title: '城市甲12345热线', sent: hotline.sent, row: of('city-a') },
  { partner: 'p12315', title: '全国12315平台', sent: platform.statesSent, row: of('p12315') },
].map(({ partner, title, sent, row }) => {
  const problems = [];
  const turnedBackExpected = partner === 'city-a' ? 1 : 0;
  if (row.queued + row.dead + row.noAnswer > 0) problems.push(`${row.queued} queued, ${row.dead} dead, ${row.noAnswer} without answer`);
  if (sent !== row.stored + turnedBackExpected) problems.push(`sent ${sent}, stored ${row.stored}`);
  if (partner === 'p12315' && row.delivered !== of('city-a').stored - of('city-a').held) problems.push('not everything was delivered');
  if (partner === 'city-a' && row.delivered !== hotline.states) problems.push('states at the hotline differ');
  if (verified !== 'yes') problems.push('audit');
  return { partner, title, sent, stored: row.stored, delivered: row.delivered, held: row.held, turnedBack: sent - row.stored, masked: row.maskedFields, audit: verified, result: problems.length ? `FAILED: ${problems.join('; ')}` : 'ok' };
});

const heads = ['partner', 'sent', 'stored', 'delivered to it', 'held', 'turned back', 'fields masked', 'audit verified', 'result'];
const cells = rows.map((r) => [`${r.partner}`, r.sent, r.stored, r.delivered, r.held, r.turnedBack, r.masked, r.audit, r.result].map(String));
const widths = heads.map((h, i) => Math.max(h.length, ...cells.map((c) => c[i].length)));
const line = (c) => c.map((text, i) => (i === 0 || i === 8 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join('  ');
console.log(`\n${line(heads)}\n${widths.map((w) => '-'.repeat(w)).join('  ')}`);
for (const c of cells) console.log(line(c));
process.exit(rows.every((r) => r.result === 'ok') ? 0 : 1);
