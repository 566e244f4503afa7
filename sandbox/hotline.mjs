#!/usr/bin/env node
// Stand-in for the 12345 hotline of city A: sends work orders with app key and HMAC, takes the state of its orders back.
import https from 'node:https';
import fs from 'node:fs';
import path from 'node:path';
import { options } from './lib/options.mjs';
import { Faults, answer, beforeEffect } from './lib/misbehave.mjs';
import { call, controlServer, readBody } from './lib/http.mjs';
import { checkHmac, hmacHeaders } from './lib/sign.mjs';
import { workOrders } from './lib/orders.mjs';

const usage = `usage: hotline.mjs --keys DIR [--port 18444] [--control 18454] [--gateway URL] [--hash sha256|sm3]
Stand-in for the 12345 hotline of city A. Control interface on the control port:
  GET /stats | GET /states?order=N | GET /control | POST /control {"mode","count","ms"}
  POST /send {"count","from","faulty","parallel"}   sends sample work orders
  POST /submit {"order":{…},"key":"…","wrong":true,"service":"…"} sends one order, or what is done later about one, and tells the answer
  POST /gateway {"url"}                            where the gateway is`;
const opts = options(process.argv.slice(2), { keys: '', port: '18444', control: '18454', gateway: 'https://127.0.0.1:18443', hash: 'sha256' }, usage);
const read = (name) => fs.readFileSync(path.join(opts.keys, name));
const key = read('city-a.hmac').toString().trim();
const keyIn = read('city-a-out.hmac').toString().trim();

const faults = new Faults();
const states = new Map(); // order → list of states
const seen = new Set(); // message ids
const stats = { sent: 0, stored: 0, held: 0, repeated: 0, turnedBack: 0, later: 0, failed: 0, states: 0, statesRepeated: 0, badSignature: 0, faults: 0 };
const agent = new https.Agent({ keepAlive: true, maxSockets: 16, ca: read('ca.crt') });

async function submit(order, idempotencyKey = '', wrong = false, service = 'workorder.transfer') {
  const target = `/exchange/v1/${service}`;
  const body = JSON.stringify(order);
  const headers = hmacHeaders('city-a', wrong ? `${key}x` : key, opts.hash, 'POST', target, body, idempotencyKey);
  stats.sent += 1;
  const result = await call(agent, opts.gateway + target, 'POST', { ...headers, 'Content-Type': 'application/json', 'Accept-Language': 'zh-CN' }, body);
  if (result.status === 202) {
    if (result.headers['tongqu-repeated']) stats.repeated += 1;
    else if (result.headers['tongqu-state'] === 'held') stats.held += 1;
    else stats.stored += 1;
  } else if (result.status === 503 || result.status === 429) stats.later += 1;
  else stats.turnedBack += 1;
  return { status: result.status, headers: result.headers, body: result.body.toString() };
}

async function sendMany({ count = 100, from = 1, faulty = true, parallel = 8 }) {
  const orders = workOrders(count, from, faulty);
  let next = 0;
  const worker = async () => {
    while (next < orders.length) {
      const order = orders[next];
      next += 1;
      try {
        await submit(order);
      } catch {
        stats.failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return stats;
}

const server = https.createServer({ cert: read('city-a.crt'), key: read('city-a.key') }, async (request, response) => {
  const bytes = await readBody(request);
  const fault = faults.next();
  if (fault.mode !== 'none') stats.faults += 1;
  const wrong = checkHmac(request.headers, 'tongqu', keyIn, opts.hash, request.method, request.url, bytes);
  if (wrong) {
    stats.badSignature += 1;
    return answer(fault, response, 401, { success: false, code: '401', message: wrong, resultData: null });
  }
  // This family of interfaces tells a failure with HTTP 200.
  if (fault.mode === 'refuse') return answer({ mode: 'none' }, response, 200, { success: false, code: 'E-4001', message: '工单不存在', resultData: null });
  if (!beforeEffect.has(fault.mode)) {
    const id = request.headers['tongqu-message-id'];
    if (seen.has(id)) stats.statesRepeated += 1;
    else {
      seen.add(id);
      stats.states += 1;
      const state = JSON.parse(bytes);
      if (!states.has(state.orderNum)) states.set(state.orderNum, []);
      states.get(state.orderNum).push({ ...state, service: request.headers['tongqu-service'] });
    }
  }
  return answer(fault, response, 200, { success: true, code: '0', message: '成功', resultData: null });
});

const control = await controlServer(Number(opts.control), {
  'GET /stats': () => stats,
  'GET /states': (_, url) => states.get(url.searchParams.get('order')) ?? [],
  'POST /gateway': (body) => { opts.gateway = body.url; return { url: opts.gateway }; },
  'GET /control': () => faults.armed,
  'POST /control': (body) => { faults.arm(body); return faults.armed; },
  'POST /send': (body) => sendMany(body),
  'POST /submit': (body) => submit(body.order, body.key, body.wrong, body.service),
});
server.listen(Number(opts.port), '127.0.0.1', () => {
  console.log(`hotline ready port=${server.address().port} control=${control.address().port}`);
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
