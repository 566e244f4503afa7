// Stand-in for emergency command, first profile: takes incidents and warnings as JSON over HTTPS with a bearer token, and
// sends commands, acknowledgements and all-clears with another.
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { Faults, answer, beforeEffect } from '../lib/misbehave.mjs';
import { call, insist, readBody } from '../lib/http.mjs';

export const partner = 'emergency-rest';
export const title = '应急指挥管理系统（REST）';

const beijing = (at = Date.now()) => new Date(at + 8 * 3600e3).toISOString().slice(0, 19).replace('T', ' ');
const required = { INCIDENT: ['grade'], WARNING: ['level'] };

export function incident(n, more = {}) {
  return {
    service: 'emergency.incident', incidentNo: `YJ2026${String(n).padStart(6, '0')}`, operation: 'create', nature: 'actual', sentAt: '2026-11-24T10:00:00+08:00', division: '110108', sector: '410', serial: '0',
    event: '电梯困人', eventCode: '20000', category: 'Rescue', urgency: 'Immediate', certainty: 'Observed', headline: '某商场电梯困人', description: '商场三号电梯停于二层与三层之间。', areaDescription: '海淀区', areaDivision: '110108',
    subjectname: '某某商场', addr: '海淀区中关村大街1号', providername: '段正淳', providertel: '18049531999', unit: '海淀区市场监督管理局', unitPhone: '010-82610000', confirmedBy: '王建国', confirmedAt: '2026-11-24T09:58:00+08:00',
    grade: '4', occurredAt: '2026-11-24T09:40:00+08:00', place: '海淀区中关村大街1号', dead: 0, injured: 1, ...more,
  };
}
export function warning(n, more = {}) {
  const { grade, occurredAt, place, dead, injured, ...rest } = incident(n);
  return { ...rest, service: 'emergency.warning', level: 'orange', expiresAt: '2026-11-25T10:00:00+08:00', ...more };
}

export async function open(ctx) {
  const read = (name) => fs.readFileSync(path.join(ctx.secrets, name));
  const expected = `Bearer ${read('emergency-rest.token').toString().trim()}`;
  const own = `Bearer ${read('emergency-rest-in.token').toString().trim()}`;
  const faults = new Faults();
  const agent = new https.Agent({ keepAlive: true, maxSockets: 4, ca: read('ca.crt') });
  const rows = new Map();
  const problems = [];
  let sent = 0;
  let repeated = 0;

  function take(headers, bytes) {
    if (headers.authorization !== expected) return { success: false, code: 'NO_RIGHT' };
    const row = JSON.parse(bytes);
    const known = rows.get(row.messageId);
    if (known) repeated += 1;
    if (known) return known === bytes.toString() ? { success: false, code: 'DUPLICATE' } : { success: false, code: 'CONFLICT' };
    for (const name of ['action', 'nature', 'sendTime', 'matterNo', 'eventName', 'title', ...(required[row.messageType] ?? ['messageType'])]) if (row[name] === undefined) problems.push(`a message has no ${name}`);
    // Only a message that was sent again under a person's word may name him (its number ends in that of the replacement).
    if (row.reporter && !row.reporter.includes('*') && !/-\d+$/.test(row.messageId)) problems.push('a reporter is named in clear');
    rows.set(row.messageId, bytes.toString());
    return { success: true, code: 'OK' };
  }

  const server = https.createServer({ cert: read('emergency-rest.crt'), key: read('emergency-rest.key') }, async (request, response) => {
    const bytes = await readBody(request);
    if (request.method !== 'POST' || request.url !== '/api/v1/incidents') return answer({ mode: 'none' }, response, 404, { success: false, code: 'PATH' });
    const fault = faults.next();
    if (fault.mode === 'refuse') return answer({ mode: 'none' }, response, 200, { success: false, code: 'INVALID' });
    if (fault.mode === 'later') return answer({ mode: 'none' }, response, 200, { success: false, code: 'BUSY' });
    return answer(fault, response, 200, beforeEffect.has(fault.mode) ? {} : take(request.headers, bytes));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  ctx.edit('partners/emergency-rest.yaml', (text) => text.replaceAll(':18449', `:${server.address().port}`));

  async function notice(service, body, token = own) {
    const result = await insist(() => call(agent, `${ctx.gateway()}/exchange/v1/${service}`, 'POST', { Authorization: token, 'Content-Type': 'application/json' }, JSON.stringify(body)));
    if (result.status === 202) sent += 1;
    return { status: result.status, body: result.body.toString() };
  }
  const words = { 'emergency.command': 'COMMAND', 'emergency.ack': 'ACK', 'emergency.all-clear': 'ALL_CLEAR' };
  function say(service, n, more = {}, token = own) {
    const reference = service === 'emergency.command' ? {} : { refNo: `YJ2026${String(n).padStart(6, '0')}`, refTime: '2026-11-24 10:00:00' };
    return notice(service, { noticeNo: `TZ-${words[service]}-${n}`, noticeType: words[service], nature: 'REAL', time: beijing(), org: '海淀区应急管理局', matterNos: [`YJ2026${String(n).padStart(6, '0')}`], text: '请立即核实并处置。', ...reference, ...more }, token);
  }

  const accepted = (what, { status }) => { if (status !== 202) problems.push(`${what} was answered ${status}`); };
  let next = 500001; // the platform reports through the other profile as well, from 1

  return {
    faults, rows, say, notice,
    async send(count) {
      for (let i = 0; i < count; i += 1, next += 1) {
        accepted('an incident', await ctx.platform('state', incident(next)));
        if (next % 2 === 0) accepted('a warning', await ctx.platform('state', warning(next)));
        accepted('an acknowledgement', await say('emergency.ack', next));
        if (next % 2 === 0) accepted('a command', await say('emergency.command', next));
        if (next % 3 === 0) accepted('an all-clear', await say('emergency.all-clear', next));
      }
    },
    figures: () => ({ sent, turnedBack: 0, received: rows.size, repeated, problems: [...problems] }),
    misbehave: (fault) => faults.arm(fault),
    close: () => new Promise((resolve) => { agent.destroy(); server.closeAllConnections(); server.close(resolve); }),
  };
}
