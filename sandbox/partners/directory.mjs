// Stand-in for a directory of units and codes of the province: it is told the gateway's code tables and units, keeps them by
// applying whole messages and changes as docs/directories.md says, and tells the gateway its own.
import crypto from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { Faults, answer, beforeEffect } from '../lib/misbehave.mjs';
import { call, insist, readBody } from '../lib/http.mjs';

export const partner = 'directory';
export const title = '省级组织机构与代码目录';

const codeColumns = ['code', 'name', 'note'];
const unitColumns = ['id', 'name', 'level', 'parent', 'divisions', 'zone', 'actsInNameOf', 'validFrom', 'validTo', 'code'];
const columnsOf = (message) => (message.table === undefined ? unitColumns : codeColumns);
const line = (columns, row) => `${columns.map((name) => row[name] ?? '').join('\t')}\n`;

// Written from docs/directories.md, not from the gateway's code.
export function digestOf(lines, hash) {
  const sorted = [...lines].map((text) => Buffer.from(text)).sort(Buffer.compare);
  return `${hash === 'sm3' ? 'sm3' : 'sha-256'}:${crypto.createHash(hash === 'sm3' ? 'sm3' : 'sha256').update(Buffer.concat(sorted)).digest('hex')}`;
}

// A message of this directory: rows as objects; `base`: the rows before, for a change.
export function publication(head, columns, rows, base, hash = 'sha256') {
  const lines = (list) => new Set(list.map((row) => line(columns, row)));
  const has = (list, row) => lines(list).has(line(columns, row));
  const delta = base && { base: digestOf(lines(base), hash), removed: base.filter((row) => !has(rows, row)) };
  return { ...head, form: base ? 'delta' : 'whole', digest: digestOf(lines(rows), hash), rows: base ? rows.filter((row) => !has(base, row)) : rows, ...delta };
}
export const codes = (number, version, rows, base) => publication({ number, table: 'complaint-channel', title: '投诉渠道', version, validFrom: '2026-01-01', source: '省级目录' }, codeColumns, rows, base);
export const units = (number, version, rows, base) => publication({ number, title: '省级机构', version, source: '省级目录' }, unitColumns, rows, base);

export const ownCodes = [{ code: '1', name: '电话' }, { code: '2', name: '网页', note: '含小程序' }];
export const ownUnits = [
  { id: '310000', name: '上海市市场监督管理局', level: '2', parent: 'samr', divisions: '310000', code: 'SH' },
  { id: '310101', name: '上海市黄浦区市场监督管理局', level: '4', parent: '310000', divisions: '310101', code: 'SH01' },
];

export async function open(ctx) {
  const read = (name) => fs.readFileSync(path.join(ctx.secrets, name));
  const expected = `Bearer ${read('directory.token').toString().trim()}`;
  const own = `Bearer ${read('directory-in.token').toString().trim()}`;
  const faults = new Faults();
  const agent = new https.Agent({ keepAlive: true, maxSockets: 2, ca: read('ca.crt') });
  const messages = new Map(); // message id → bytes
  const held = new Map(); // table, or "units" → {number, version, digest, lines}
  const problems = [];
  const state = { sent: 0, repeated: 0, next: 1 };

  function apply(message) {
    const name = message.table ?? 'units';
    const before = held.get(name);
    if (before && message.number <= before.number) return 'OLD';
    if (message.form === 'delta' && message.base !== before?.digest) return 'BASE';
    const lines = new Set(message.form === 'delta' ? before.lines : []);
    const columns = columnsOf(message);
    for (const row of message.removed ?? []) lines.delete(line(columns, row));
    for (const row of message.rows) lines.add(line(columns, row));
    if (digestOf(lines, message.digest.split(':')[0]) !== message.digest) return 'DIGEST';
    held.set(name, { number: message.number, version: message.version, digest: message.digest, lines });
    return 'OK';
  }

  function take(headers, bytes) {
    if (headers.authorization !== expected) return { success: false, code: 'NO_RIGHT' };
    const message = JSON.parse(bytes);
    const known = messages.get(message.messageId);
    if (known) state.repeated += 1;
    if (known) return { success: false, code: known === bytes.toString() ? 'DUPLICATE' : 'CONFLICT' };
    const verdict = apply(message);
    if (verdict !== 'OK') problems.push(`a message of ${message.table ?? 'units'} was refused: ${verdict}`);
    else messages.set(message.messageId, bytes.toString());
    return { success: verdict === 'OK', code: verdict };
  }

  const server = https.createServer({ cert: read('directory.crt'), key: read('directory.key') }, async (request, response) => {
    const bytes = await readBody(request);
    if (request.method !== 'POST' || request.url !== '/api/v1/directory') return answer({ mode: 'none' }, response, 404, { success: false, code: 'PATH' });
    const fault = faults.next();
    if (fault.mode === 'refuse') return answer({ mode: 'none' }, response, 200, { success: false, code: 'INVALID' });
    return answer(fault, response, 200, beforeEffect.has(fault.mode) ? {} : take(request.headers, bytes));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  ctx.edit('partners/directory.yaml', (text) => text.replaceAll(':18458', `:${server.address().port}`));

  async function tell(service, body) {
    let result;
    // Who is told that it is too fast waits and says it again.
    for (let tries = 0; tries < 60 && (tries === 0 || result.status === 429); tries += 1) {
      if (tries > 0) await new Promise((resolve) => { setTimeout(resolve, 250); });
      result = await insist(() => call(agent, `${ctx.gateway()}/exchange/v1/${service}`, 'POST', { Authorization: own, 'Content-Type': 'application/json' }, JSON.stringify(body)));
    }
    if (result.status === 202) state.sent += 1;
    else problems.push(`${service} was answered ${result.status}: ${result.body}`);
    return { status: result.status, state: result.headers['tongqu-state'], body: result.body.toString() };
  }

  return {
    faults, tell, held, messages,
    // Each has a number of its own: another message, though the rows are the same.
    async send(count) {
      for (let i = 0; i < count; i += 1, state.next += 1) {
        if (state.next % 2) await tell('codes.publish', codes(state.next, '2026-01', ownCodes));
        else await tell('unit.directory', units(state.next, '2026-01', ownUnits));
      }
    },
    figures: () => ({ sent: state.sent, turnedBack: 0, received: messages.size, repeated: state.repeated, problems: [...problems] }),
    misbehave: (fault) => faults.arm(fault),
    close: () => new Promise((resolve) => { agent.destroy(); server.closeAllConnections(); server.close(resolve); }),
  };
}
