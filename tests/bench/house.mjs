// Gateway, proxy and receiver of one suite, with a copy of the shipped configuration.
import { keepPartners } from '../support/config.mjs';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { root, binary, request, start, stop, until } from './process.mjs';

export const nginxOptions = 'worker_processes 2 (proxy) and 2 (receiver)';

const processes = new Set();
process.on('exit', () => { for (const child of processes) child.kill('SIGTERM'); });

export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
  });
}

function nginxConfig(folder, inner) {
  return `daemon off;
worker_processes 2;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 100000000;
  keepalive_timeout 300s;
  client_body_buffer_size 64k;
${inner}
}
`;
}

// Mutual TLS, a constant answer.
const receiver = (port, secrets) => `  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${secrets}/p12315.crt;
    ssl_certificate_key ${secrets}/p12315.key;
    ssl_client_certificate ${secrets}/ca.crt;
    ssl_verify_client on;
    default_type application/json;
    location / { return 200 '{"success":true,"code":"0","message":"ok"}'; }
  }`;

// The same outside as the gateway: TLS in, mutual TLS out to the same receiver, connections kept on both sides.
const proxy = (port, receiverPort, secrets) => `  upstream receiver { server 127.0.0.1:${receiverPort}; keepalive 1024; keepalive_timeout 300s; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${secrets}/gateway.crt;
    ssl_certificate_key ${secrets}/gateway.key;
    location / {
      proxy_pass https://receiver;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_ssl_certificate ${secrets}/gateway-client.crt;
      proxy_ssl_certificate_key ${secrets}/gateway-client.key;
      proxy_ssl_trusted_certificate ${secrets}/ca.crt;
      proxy_ssl_verify on;
      proxy_ssl_name localhost;
    }
  }`;

export class House {
  // `arrange` changes the copy of the configuration before the gateway starts; `partners`: who takes part beside the pair.
  static async open(suite, folder, arrange = async () => {}, partners = []) {
    const house = new House();
    Object.assign(house, { suite, folder, config: path.join(folder, 'config'), secrets: path.join(folder, 'secrets') });
    fs.mkdirSync(folder, { recursive: true });
    execFileSync(path.join(root, 'scripts/make_demo_keys.sh'), [house.secrets, suite]);
    fs.cpSync(path.join(root, 'config'), house.config, { recursive: true });
    keepPartners(house.config, ['city-a', 'p12315', ...partners]); // the pair that is measured; what polls for others stays at home
    house.receiverPort = await freePort();
    const proxyPort = await freePort();
    house.proxyUrl = `https://localhost:${proxyPort}`;
    house.edit('gateway.yaml', (text) => text.replace('suite: gm', `suite: ${suite}`).replaceAll(/port: \d+/g, 'port: 0').replace('../var/state', path.join(folder, 'state')));
    house.edit('partners/p12315.yaml', (text) => text.replace(':18445', `:${house.receiverPort}`));
    house.edit('partners/city-a.yaml', (text) => text.replace('rate_per_second: 5000', 'rate_per_second: 100000').replace('burst: 10000', 'burst: 100000'));
    await arrange(house);
    await house.receiverUp();
    house.proxy = await house.nginx('proxy', proxy(proxyPort, house.receiverPort, house.secrets), proxyPort);
    await house.run();
    return house;
  }

  edit(file, change) {
    const name = path.join(this.config, file);
    const before = fs.readFileSync(name, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${file}: nothing to change; the shipped configuration is not what this expects`);
    fs.writeFileSync(name, after);
  }

  async nginx(name, inner, port) {
    const folder = path.join(this.folder, name);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'nginx.conf'), nginxConfig(folder, inner));
    const child = spawn('nginx', ['-p', folder, '-c', path.join(folder, 'nginx.conf')], { stdio: 'ignore' });
    child.exited = new Promise((resolve) => child.on('exit', resolve));
    processes.add(child);
    await until(`nginx ${name} listens`, () => new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.on('error', () => resolve(false));
    }), 10);
    return child;
  }
  static async quit(nginx) {
    if (!nginx) return;
    nginx.kill('SIGTERM');
    await nginx.exited;
    processes.delete(nginx);
  }
  async receiverUp() { this.receiver = await this.nginx('receiver', receiver(this.receiverPort, this.secrets), this.receiverPort); }
  async receiverDown() { await House.quit(this.receiver); this.receiver = undefined; }

  async run() {
    const begin = performance.now();
    this.gateway = await start(binary, ['serve', '-c', this.config, '--secrets', this.secrets], /ready partners=(\S+) admin=(\S+)/);
    const took = performance.now() - begin;
    this.partners = this.gateway.ready[1].replace('127.0.0.1', 'localhost');
    this.admin = this.gateway.ready[2];
    this.token = fs.readFileSync(path.join(this.secrets, 'admin.token'), 'utf8').trim();
    return took;
  }
  // Milliseconds from the start of the program to its first answer.
  async restart(signal) {
    await stop(this.gateway, signal);
    const begin = performance.now();
    await this.run();
    await this.counts();
    return performance.now() - begin;
  }

  async counts() {
    const answer = await request(`${this.admin}/admin/v1/status`, { headers: { Authorization: `Bearer ${this.token}` } });
    const at = performance.now();
    if (answer.status !== 200) throw new Error(`admin status answered ${answer.status}`);
    const { partners } = JSON.parse(answer.text);
    const of = (name) => partners.find((p) => p.partner === name) ?? {};
    const [city, platform] = [of('city-a'), of('p12315')];
    return { at, stored: city.stored ?? 0, held: city.held ?? 0, repeated: city.repeated ?? 0, queued: platform.queued ?? 0, delivered: platform.delivered ?? 0, dead: platform.dead ?? 0 };
  }
  drained(seconds) {
    return until('the queue is empty', async () => (await this.counts()).queued === 0, seconds);
  }

  memory(field) { return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(fs.readFileSync(`/proc/${this.gateway.pid}/status`, 'utf8'))[1]) / 1024; }
  rss() { return this.memory('VmRSS'); }
  peakRss() { return this.memory('VmHWM'); }

  // Bytes that the stopped gateway's database keeps for one order, and orders in one transaction, on average.
  keptPerOrder() {
    const main = path.join(this.folder, 'state/store/main.db');
    const ask = (sql, file = main) => Number(execFileSync('sqlite3', ['-readonly', file, sql], { encoding: 'utf8' }).trim());
    const some = '(SELECT max(seq) - 2000 FROM outbox)';
    const bytes = ask(`SELECT avg(length(original) + length(record)) FROM contents WHERE audit_index > (SELECT max(audit_index) - 2000 FROM contents)`)
      + ask(`SELECT avg(length(sealed) + length(ledger)) FROM outbox_contents WHERE seq > ${some}`)
      + ask(`SELECT 2 * avg(length(entry) + length(leaf) + length(receipt_head) + coalesce(length(receipt_tail), 0)) FROM audit WHERE idx > (SELECT max(idx) - 2000 FROM audit)`)
      + ask('SELECT avg(length(wrapped)) FROM (SELECT wrapped FROM keys LIMIT 2000)', path.join(this.folder, 'state/store/keys.db'));
    const orders = ask('SELECT sum(stored) FROM counters');
    return { bytes: Math.round(bytes), group: Math.max(1, Math.round(orders / ask('SELECT batch FROM checkpoint'))) };
  }

  async close() {
    if (this.gateway) await stop(this.gateway);
    await House.quit(this.proxy);
    await House.quit(this.receiver);
    for (const other of this.others ?? []) await House.quit(other);
  }
}
