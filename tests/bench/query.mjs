// Queries against nginx, in one run: (d) the gateway asking a registry for every question ÷ an nginx TLS hop to the same
// registry, (e) answers out of the cache ÷ nginx answering a constant. The same signed requests go to both sides.
import fs from 'node:fs';
import path from 'node:path';
import { House, freePort } from './house.mjs';
import { profile } from './profile.mjs';
import { hmacHeaders } from '../../sandbox/lib/sign.mjs';

export const queryGoals = { upstream: 0.3, cache: 0.4 };

const record = { code: '0', message: null, data: { entname: '某某火锅店', hisname: null, uniscid: '91350100M000100Y43', regno: '350100600123456', enttypeCn: '个体工商户', name: '段正淳', estdate: 1519833600000, apprdate: 1688054400000, opfrom: 1519833600000,
  opto: null, opscope: '餐饮服务。', regcap: 10, regcapcurCn: '人民币元', dom: '福州市鼓楼区东街1号', regorgCn: '福州市鼓楼区市场监督管理局', regstateCn: '存续（在营、开业、在册）', sExtNodenum: '350000' } };
const answered = { found: true, name: '某某火锅店', code: '91350100M000100Y43', legalPerson: '段**', state: '存续（在营、开业、在册）' };

// One TLS server of nginx with a constant answer.
const constant = (port, secrets, body) => `  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${secrets}/gateway.crt;
    ssl_certificate_key ${secrets}/gateway.key;
    default_type application/json;
    location / { return 200 '${body}'; }
  }`;
const hop = (port, registryPort, secrets) => `  upstream registry { server 127.0.0.1:${registryPort}; keepalive 64; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${secrets}/gateway.crt;
    ssl_certificate_key ${secrets}/gateway.key;
    location / {
      proxy_pass https://registry;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_ssl_trusted_certificate ${secrets}/ca.crt;
      proxy_ssl_verify on;
      proxy_ssl_name localhost;
    }
  }`;
const registryAnswer = JSON.stringify(record);
const askerAnswer = JSON.stringify(answered);

// Signed questions in the form of send.lua; `distinct`: each asks something else.
function signQuestions(house, folder, name, count, distinct) {
  const key = fs.readFileSync(path.join(house.secrets, 'city-a.hmac'), 'utf8').trim();
  const target = '/exchange/v1/entity.query';
  const out = fs.openSync(path.join(folder, `${name}.0`), 'w');
  let chunk = '';
  for (let i = 0; i < count; i += 1) {
    const body = JSON.stringify(distinct ? { companyName: `企业${name}${i}` } : { code: '91350100M000100Y43' });
    const headers = Object.entries(hmacHeaders('city-a', key, 'sha256', 'POST', target, body)).map(([k, v]) => `${k}: ${v}\r\n`).join('');
    const request = `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;
    chunk += `${Buffer.byteLength(request)}\n${request}\n`;
    if (chunk.length > 1 << 20) { fs.writeSync(out, chunk); chunk = ''; }
  }
  fs.writeSync(out, chunk);
  fs.closeSync(out);
  return path.join(folder, name);
}

// The registry, the hop to it, and the constant, all of nginx; the gateway's configuration points to the registry.
async function openHouse(suite, folder, ttl) {
  const ports = { registry: await freePort(), hop: await freePort(), constant: await freePort() };
  const house = await House.open(suite, folder, async (h) => {
    h.edit('partners/entity-rest.yaml', (text) => text.replace(':18447', `:${ports.registry}`).replace('max_connections: 16', 'max_connections: 64'));
    if (ttl === 0) h.edit('services/entity.query.yaml', (text) => text.replace('ttl: 10m', 'ttl: 0s').replace('stale: 1h', 'stale: 0s'));
    h.others = [
      await h.nginx('registry', constant(ports.registry, h.secrets, registryAnswer), ports.registry),
      await h.nginx('hop', hop(ports.hop, ports.registry, h.secrets), ports.hop),
      await h.nginx('constant', constant(ports.constant, h.secrets, askerAnswer), ports.constant),
    ];
  }, ['entity-rest']);
  house.ports = ports;
  return house;
}

// Where the time of an answer out of the cache goes.
export async function profileQueries(suite, folder, o, { load, pause, say }) {
  const house = await openHouse(suite, path.join(folder, `${suite}-profile`), 1);
  try {
    const warm = 2;
    const requests = signQuestions(house, folder, `questions-${suite}-profile`, 60000 * (o.seconds + warm + 2), false);
    await profile(house, folder, say, async (during) => {
      const { figures } = load(`${house.partners}/exchange/v1/entity.query`, requests, o.seconds + warm + 2);
      await pause(warm * 1000);
      await during();
      return Math.round((await figures).rate * o.seconds);
    }, o.seconds);
  } finally {
    await house.close();
  }
}

// `load(url, requests, seconds)` runs wrk. Median of the rounds, and of their ratios.
export async function measureQueries(suite, folder, o, { load, median, say }) {
  const target = '/exchange/v1/entity.query';
  const result = {};
  for (const [kind, peer, ttl] of [['upstream', 'hop', 0], ['cache', 'constant', 1]]) {
    const house = await openHouse(suite, path.join(folder, `${suite}-${kind}`), ttl);
    try {
      const rounds = { peer: [], gateway: [], ratio: [] };
      for (let i = 1; i <= o.rounds; i += 1) {
        // Nonces serve once: enough requests for the whole round.
        const requests = signQuestions(house, folder, `questions-${suite}-${kind}-${i}`, (kind === 'upstream' ? 20000 : 60000) * o.seconds, kind === 'upstream');
        const peerRate = (await load(`https://localhost:${house.ports[peer]}${target}`, requests, o.seconds).figures).rate;
        const gatewayRate = (await load(`${house.partners}${target}`, requests, o.seconds).figures).rate;
        fs.rmSync(`${requests}.0`);
        say(`    ${suite} ${kind} round ${i}: nginx ${peerRate.toFixed(0)}/s, gateway ${gatewayRate.toFixed(0)}/s, ratio ${(gatewayRate / peerRate).toFixed(3)}`);
        rounds.peer.push(peerRate);
        rounds.gateway.push(gatewayRate);
        rounds.ratio.push(gatewayRate / peerRate);
      }
      result[peer] = median(rounds.peer);
      result[kind] = median(rounds.gateway);
      result[`${kind}Ratio`] = median(rounds.ratio);
    } finally {
      await house.close();
    }
  }
  return result;
}

export function queryRows(suite, q) {
  const rows = [];
  const add = (what, value, promised = '', kept = undefined) => rows.push([suite, what, value, promised, kept === undefined ? '' : kept ? 'yes' : 'NO']);
  const whole = (n) => `${Math.round(n).toLocaleString('en-US')}/s`;
  add('(d) nginx TLS hop to the registry', whole(q.hop));
  add('(d) gateway, every question asked', whole(q.upstream));
  add('(d) ratio, median of rounds', q.upstreamRatio.toFixed(3), `>= ${queryGoals.upstream}`, q.upstreamRatio >= queryGoals.upstream);
  add('(e) nginx answering a constant', whole(q.constant));
  add('(e) gateway, out of the cache', whole(q.cache));
  add('(e) ratio, median of rounds', q.cacheRatio.toFixed(3), `>= ${queryGoals.cache}`, q.cacheRatio >= queryGoals.cache);
  return rows;
}
