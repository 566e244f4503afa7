#!/usr/bin/env node
// Stand-in for the national 12315 platform, profile A: takes matters over mutual TLS, sends states back with a signed request,
// or pulls from the gateway's inbox. It de-duplicates by message id and watches the order of the matters, as a receiver of
// "at least once" has to.
import https from 'node:https';
import fs from 'node:fs';
import path from 'node:path';
import { options } from './lib/options.mjs';
import { Faults, answer, beforeEffect } from './lib/misbehave.mjs';
import { call, controlServer, insist, readBody } from './lib/http.mjs';
import { messageSignatureHeaders } from './lib/sign.mjs';

const usage = `usage: platform.mjs --keys DIR [--port 18445] [--control 18455] [--gateway URL] [--reply yes|no]
Stand-in for the national 12315 platform. Control interface on the control port:
  GET /stats | GET /matters?order=N | GET /control | POST /control {"mode","count","ms"}
  POST /state {"service","order","partner","state",…}   sends a state to the gateway
  POST /pull {"limit"}                                  pulls and acknowledges
  POST /gateway {"url"} | POST /reset`;
const opts = options(process.argv.slice(2), { keys: '', port: '18445', control: '18455', gateway: 'https://127.0.0.1:18443', reply: 'no' }, usage);
const read = (name) => fs.readFileSync(path.join(opts.keys, name));

const faults = new Faults();
const matters = new Map(); // message id → { body, times }
const perOrder = new Map(); // partner|order → list of message ids in order of arrival
const stats = { received: 0, distinct: 0, repeated: 0, refused: 0, faults: 0, statesSent: 0, statesAccepted: 0, stateErrors: 0, pulled: 0 };
const agent = new https.Agent({ keepAlive: true, maxSockets: 8, ca: read('ca.crt'), cert: read('p12315.crt'), key: read('p12315.key') });
const signingKey = read('p12315-sign.key').toString();

function take(messageId, bytes) {
  stats.received += 1;
  const known = matters.get(messageId);
  if (known) {
    stats.repeated += 1;
    known.times += 1;
    return known.body.equals(bytes);
  }
  stats.distinct += 1;
  matters.set(messageId, { body: bytes, times: 1 });
  const matter = JSON.parse(bytes);
  const key = `${matter.sourcePartner}|${matter.workOrderNo}`;
  if (!perOrder.has(key)) perOrder.set(key, []);
  perOrder.get(key).push(messageId);
  return true;
}

async function sendState(service, body, wrong = false) {
  const target = `/exchange/v1/${service}`;
  const text = JSON.stringify(body);
  const headers = messageSignatureHeaders('p12315', signingKey, 'POST', target, text);
  if (wrong) headers.Signature = headers.Signature.replace(/[A-Za-z]/, (c) => (c === 'A' ? 'B' : 'A'));
  stats.statesSent += 1;
  const result = await insist(() => call(agent, opts.gateway + target, 'POST', { ...headers, 'Content-Type': 'application/json' }, text));
  if (result.status === 202) stats.statesAccepted += 1;
  else stats.stateErrors += 1;
  return { status: result.status, body: result.body.toString() };
}

function state(matter, value, more) {
  return {
    sourcePartner: matter.sourcePartner, workOrderNo: matter.workOrderNo, caseid: `1110105${Date.now()}${String(stats.distinct).padStart(5, '0')}`,
    infotype: matter.infotype, time: new Date(Date.now() + 8 * 3600e3).toISOString().replace('Z', '+08:00'), state: value, unit: '海淀区市场监督管理局', officer: '王建国', officerPhone: '01082610000', ...more,
  };
}

// What a handling unit does with a matter: sign, then progress or return.
async function reply(bytes) {
  const matter = JSON.parse(bytes);
  if (matter.workOrderNo === undefined) return; // not a work order: nobody waits for its state
  await sendState('workorder.sign', state(matter, 'REGISTERED', {}));
  if (matter.workOrderNo.endsWith('7')) {
    await sendState('workorder.return', state(matter, 'RETURNED', { reasonCode: '8', note: '不属本单位职责，退回重新分派。' }));
  } else {
    await sendState('workorder.progress', state(matter, 'IN_PROGRESS', { note: '已与双方联系，正在调查了解情况。' }));
  }
}

const server = https.createServer({ cert: read('p12315.crt'), key: read('p12315.key'), ca: read('ca.crt'), requestCert: true, rejectUnauthorized: true },
  async (request, response) => {
    const bytes = await readBody(request);
    const fault = faults.next();
    if (fault.mode !== 'none') stats.faults += 1;
    if (request.url !== '/gateway/matters') return answer(fault, response, 404, { code: 404, message: 'no such path' });
    if (fault.mode === 'refuse') {
      stats.refused += 1;
      return answer({ mode: 'none' }, response, 422, { code: 422, message: '数据项不符合要求' });
    }
    if (!beforeEffect.has(fault.mode)) {
      const messageId = request.headers['tongqu-message-id'];
      const first = !matters.has(messageId);
      if (!messageId || !take(messageId, bytes)) return answer(fault, response, 409, { code: 409, message: 'same message id, other bytes' });
      if (first && opts.reply === 'yes' && request.headers['tongqu-service'] === 'workorder.transfer') reply(bytes).catch(() => { stats.stateErrors += 1; });
    }
    return answer(fault, response, 200, { code: 0, message: 'ok' });
  });

async function pull(limit) {
  const target = `/exchange/v1/inbox?limit=${limit}`;
  const list = await call(agent, opts.gateway + target, 'GET', messageSignatureHeaders('p12315', signingKey, 'GET', target, ''), '');
  if (list.status !== 200) return { status: list.status, body: list.body.toString() };
  const { messages } = JSON.parse(list.body);
  for (const message of messages) {
    take(message.id, Buffer.from(JSON.stringify(message.body)));
    stats.pulled += 1;
    const ack = `/exchange/v1/inbox/${message.id}/ack`;
    await call(agent, opts.gateway + ack, 'POST', messageSignatureHeaders('p12315', signingKey, 'POST', ack, ''), '');
  }
  return { status: 200, count: messages.length };
}

const control = await controlServer(Number(opts.control), {
  'GET /stats': () => stats,
  'GET /matters': (_, url) => {
    const order = url.searchParams.get('order');
    return [...perOrder].filter(([key]) => !order || key.endsWith(`|${order}`)).slice(0, 10000)
      .map(([key, ids]) => ({ key, messages: ids.map((id) => ({ id, times: matters.get(id).times, body: JSON.parse(matters.get(id).body) })) }));
  },
  'POST /gateway': (body) => { opts.gateway = body.url; return { url: opts.gateway }; },
  'GET /control': () => faults.armed,
  'POST /control': (body) => { faults.arm(body); return faults.armed; },
  'POST /state': (body) => { const { service, wrong, ...rest } = body; return sendState(service, rest, wrong); },
  'POST /pull': (body) => pull(body.limit ?? 10),
  'POST /reset': () => { matters.clear(); perOrder.clear(); for (const key of Object.keys(stats)) stats[key] = 0; return stats; },
});
server.listen(Number(opts.port), '127.0.0.1', () => {
  console.log(`platform ready port=${server.address().port} control=${control.address().port}`);
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
