// nginx in front of the partner listener: several clients at once, bodies of several forms, headers with underscores.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { House, order, request, temporaryFolder, until } from './lib/gateway.mjs';
import { hmacHeaders } from '../../sandbox/lib/sign.mjs';
import crypto from 'node:crypto';

const nginxBinary = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((file) => fs.existsSync(file));

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startNginx(gateway, underscores) {
  const folder = temporaryFolder('nginx');
  const port = await freePort();
  fs.writeFileSync(path.join(folder, 'nginx.conf'), `
daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1;
events { worker_connections 256; }
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  underscores_in_headers ${underscores};
  upstream gateway { server ${new URL(gateway).host}; keepalive 8; }
  server {
    listen 127.0.0.1:${port};
    client_max_body_size 2m;
    location / { proxy_pass https://gateway; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; proxy_pass_request_headers on; }
  }
}`);
  const child = spawn(nginxBinary, ['-c', path.join(folder, 'nginx.conf'), '-e', path.join(folder, 'error.log')], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await until('nginx listens', () => new Promise((resolve) => {
    const probe = net.connect(port, '127.0.0.1', () => { probe.destroy(); resolve(true); });
    probe.on('error', () => resolve(false));
  }));
  return { url: `http://127.0.0.1:${port}`, stop: () => { child.kill('SIGTERM'); return ended; } };
}

function sharingHeaders(house, rtime) {
  const key = fs.readFileSync(path.join(house.secrets, 'credit-in.app-key'), 'utf8').trim();
  const [rid, sid] = ['7acbccd9-0000-0000-0000-000000000001', 's_1200000900000_2109'];
  return { 'Content-Type': 'application/json', gjgxjhpt_rid: rid, gjgxjhpt_sid: sid, gjgxjhpt_rtime: String(rtime), gjgxjhpt_sign: crypto.createHmac('sha256', key).update(sid + rid + rtime).digest('base64') };
}
const receipt = (n) => JSON.stringify({ cf_wsh: `京朝市监处罚〔2026〕${n}号`, state: '1', time: 1780000000000 + n, portalNo: `GS${n}` });

function submit(house, url, body, contentType, key) {
  const target = '/exchange/v1/workorder.transfer';
  const secret = fs.readFileSync(path.join(house.secrets, 'city-a.hmac'), 'utf8').trim();
  const headers = { ...hmacHeaders('city-a', secret, 'sha256', 'POST', target, body, key), 'Content-Type': contentType };
  return request(url + target, { method: 'POST', headers, body });
}
function form(parts) {
  const boundary = 'tongqu-test-boundary';
  const text = parts.map(([disposition, type, body]) => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`).join('');
  return [`${text}--${boundary}--\r\n`, `multipart/form-data; boundary=${boundary}`];
}

test('twelve clients at once behind nginx: every message is stored once', { skip: nginxBinary === undefined && 'nginx is not installed' }, async () => {
  const house = await House.open({ partners: ['city-a', 'p12315', 'credit'] });
  const nginx = await startNginx(house.partners, 'on');
  const now = Date.now();
  const clients = Array.from({ length: 12 }, async (_, client) => {
    for (let i = 0; i < 10; i += 1) {
      const n = client * 10 + i;
      const answer = client % 2 === 0
        ? await request(`${nginx.url}/exchange/v1/credit.publication-state`, { method: 'POST', headers: sharingHeaders(house, now + n), body: receipt(n) })
        : await submit(house, nginx.url, JSON.stringify(order(n)), 'application/json', `k-${n}`);
      assert.equal(answer.status, 202, answer.text);
    }
  });
  await Promise.all(clients);
  await house.settled();
  assert.equal((await house.atPlatform('stats')).distinct, 120);

  const [document, type] = form([['name="document"', 'application/json', JSON.stringify(order(500))]]);
  const taken = await submit(house, nginx.url, document, type, 'k-500');
  assert.equal(taken.status, 202, taken.text);
  const [withFile, fileType] = form([['name="document"', 'application/json', JSON.stringify(order(501))], ['name="f"; filename="段正淳.jpg"', 'image/jpeg', 'not a picture']]);
  const refused = await submit(house, nginx.url, withFile, fileType, 'k-501');
    const problem = JSON.parse(refused.text);
  assert.equal(problem.code, 'http.attachments-not-taken', refused.text);
  assert.match(refused.text, /part 2, 13 bytes, sm3 [0-9a-f]{64}/);
  assert.ok(!refused.text.includes('段正淳'));
  const broken = await submit(house, nginx.url, withFile.slice(0, -20), fileType, 'k-502');
  assert.equal(JSON.parse(broken.text).code, 'http.multipart', broken.text);
  await nginx.stop();
  await house.close();
});

test('an nginx that drops headers with underscores leaves the request without credentials', { skip: nginxBinary === undefined && 'nginx is not installed' }, async () => {
  const house = await House.open({ partners: ['city-a', 'p12315', 'credit'] });
  const nginx = await startNginx(house.partners, 'off');
  const answer = await request(`${nginx.url}/exchange/v1/credit.publication-state`, { method: 'POST', headers: sharingHeaders(house, Date.now()), body: receipt(1) });
  assert.equal(answer.status, 401, answer.text);
  assert.equal(JSON.parse(answer.text).code, 'identity.refused');
  await nginx.stop();
  await house.close();
});

test('static keys: taken as they are, compared whole, advised against without certificate or network', async () => {
  const house = await House.open({ partners: ['city-a', 'p12315'] });
  const key = 'static-key-0123456789abcdef';
  fs.writeFileSync(path.join(house.secrets, 'city-a.static'), key);
  for (const [scheme, headers] of [['api-key', { 'X-Api-Key': key }], ['bearer', { Authorization: `Bearer ${key}` }]]) {
    house.edit('partners/city-a.yaml', (text) => text.replace(/  auth:\n(    .*\n)+/, `  auth:\n    scheme: ${scheme}\n    key: \${file:city-a.static}\n`));
    const checked = house.cli('check', '-c', house.config, '--secrets', house.secrets, '--format', 'json');
    assert.match(checked.out, /config\.static-key/);
    house.edit('partners/city-a.yaml', (text) => text.replace(`key: \${file:city-a.static}\n`, `key: \${file:city-a.static}\n  networks: [127.0.0.0/8]\n`));
    assert.doesNotMatch(house.cli('check', '-c', house.config, '--secrets', house.secrets, '--format', 'json').out, /config\.static-key/);
    const reloaded = house.cli('reload');
    assert.equal(reloaded.code, 0, reloaded.out);
    const nginx = await startNginx(house.partners, 'off');
    const send = (given, n) => request(`${nginx.url}/exchange/v1/workorder.transfer`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...given }, body: JSON.stringify(order(n)) });
    const good = await send(headers, scheme.length);
    assert.equal(good.status, 202, good.text);
    for (const name of Object.keys(headers)) {
      const wrong = await send({ [name]: headers[name].slice(0, -1) }, 9);
      assert.equal(wrong.status, 401, wrong.text);
    }
    await nginx.stop();
    house.edit('partners/city-a.yaml', (text) => text.replace('  networks: [127.0.0.0/8]\n', ''));
  }
  await house.close();
});
