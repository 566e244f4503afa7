// Starts the real gateway and the stand-ins on free ports with a copy of the shipped configuration, and stops them.
// TONGQU_BIN: the program (default build/release/tongqu, else build/dev/tongqu).
import { after } from 'node:test';
import { spawn, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { keepPartners } from '../../support/config.mjs';
import { tokenFileOf } from '../../../sandbox/lib/people.mjs';
import { release } from '../../../sandbox/lib/release.mjs';
import { openPartners } from '../../../sandbox/partners/index.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const binary = process.env.TONGQU_BIN ?? ['build/release/tongqu', 'build/dev/tongqu'].map((p) => path.join(root, p)).find((p) => fs.existsSync(p));
export const data = process.env.TONGQU_TEST_DATA ?? path.resolve(root, '../shared/data');
export const slow = Number(process.env.TONGQU_SLOWNESS ?? 1); // sanitizers are slower; deadlines are multiplied by it

const started = new Set();
const openStandins = new Set();
process.on('exit', () => { for (const child of started) child.kill('SIGKILL'); });
after(async () => {
  for (const child of started) child.kill('SIGKILL');
  for (const standin of openStandins) await standin.close();
}); // what a failed test left running keeps no file waiting

export function temporaryFolder(purpose) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `tongqu-${purpose}-`));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// Starts a program and waits for the line that says it is ready.
export function start(command, args, ready, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  started.add(child);
  child.output = '';
  child.exited = new Promise((resolve) => child.on('close', (code, signal) => { started.delete(child); resolve({ code, signal }); }));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { child.kill('SIGKILL'); reject(new Error(`${command} ${args[0]} was not ready in time:\n${child.output}`)); }, 60000 * slow);
    const look = (chunk) => {
      child.output = (child.output + chunk).slice(-200000);
      const found = child.output.match(ready);
      if (found) { clearTimeout(timer); child.ready = found; resolve(child); }
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.exited.then(({ code }) => { clearTimeout(timer); reject(new Error(`${command} ${args[0]} ended with ${code}:\n${child.output}`)); });
  });
}

export async function stop(child, signal = 'SIGTERM') {
  child.kill(signal);
  return child.exited;
}

export function request(url, { method = 'GET', headers = {}, body = '' } = {}) {
  return new Promise((resolve, reject) => {
    const call = http.request(url, { method, headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() }));
    });
    call.setTimeout(30000 * slow, () => call.destroy(new Error('timeout')));
    call.on('error', reject);
    call.end(body);
  });
}

export async function json(url, body) {
  const answer = await request(url, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
  return JSON.parse(answer.text);
}

// Waits until `condition` gives something true; tells `what` when it never does.
export async function until(what, condition, seconds = 30) {
  const end = Date.now() + seconds * 1000 * slow;
  let last;
  while (Date.now() < end) {
    last = await condition();
    if (last) return last;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never happened within ${seconds * slow} s: ${what}`);
}

export class House {
  constructor(suite) { this.suite = suite; }

  // `standins`: partners whose stand-in (sandbox/partners) is opened with the gateway; they need not be in `partners`.
  // `partners`: those of the shipped configuration that the test needs; the others and what is routed to them are taken out.
  static async open({ suite = 'gm', change = (text) => text, pull = false, partners = ['city-a', 'p12315'], standins = [] } = {}) {
    const house = new House(suite);
    house.folder = temporaryFolder('house');
    house.config = path.join(house.folder, 'config');
    house.secrets = path.join(house.folder, 'secrets');
    execFileSync(path.join(root, 'scripts/make_demo_keys.sh'), [house.secrets, suite]);
    house.hotline = await start('node', [path.join(root, 'sandbox/hotline.mjs'), '--keys', house.secrets, '--port', '0', '--control', '0'], /hotline ready port=(\d+) control=(\d+)/);
    house.platform = await start('node', [path.join(root, 'sandbox/platform.mjs'), '--keys', house.secrets, '--port', '0', '--control', '0', '--reply', 'no'], /platform ready port=(\d+) control=(\d+)/);
    fs.cpSync(path.join(root, 'config'), house.config, { recursive: true });
    keepPartners(house.config, [...partners, ...standins]);
    house.edit('gateway.yaml', (text) => text.replace('suite: gm', `suite: ${suite}`).replaceAll(/port: \d+/g, 'port: 0').replace('../var/state', path.join(house.folder, 'state')));
    house.edit('partners/city-a.yaml', (text) => text.replace(':18444', `:${house.hotline.ready[1]}`));
    house.edit('partners/p12315.yaml', (text) => text.replace(':18445', `:${house.platform.ready[1]}`));
    if (pull) house.edit('partners/p12315.yaml', (text) => text.replace(/\noutbound:[\s\S]*/, '\npull:\n  enabled: true\n  lease: 2s\n'));
    change(house);
    house.standins = await openPartners(standins, {
      secrets: house.secrets, config: house.config, folder: path.join(house.folder, 'partners'), log: () => {}, gateway: () => house.partners, platform: (what, body) => house.atPlatform(what, body), release: (exchange) => house.release(exchange),
    });
    for (const { standin } of house.standins) openStandins.add(standin);
    await house.run();
    return house;
  }

  edit(file, change) {
    const name = path.join(this.config, file);
    fs.writeFileSync(name, change(fs.readFileSync(name, 'utf8')));
  }

  async run() {
    this.gateway = await start(binary, ['serve', '-c', this.config, '--secrets', this.secrets], /ready partners=(\S+) admin=(\S+)/);
    [, this.partners, this.admin] = this.gateway.ready;
    this.token = fs.readFileSync(path.join(this.secrets, 'admin.token'), 'utf8').trim();
    await this.atHotline('gateway', { url: this.partners });
    await this.atPlatform('gateway', { url: this.partners });
    return this;
  }

  atHotline(what, body) { return json(`http://127.0.0.1:${this.hotline.ready[2]}/${what}`, body); }
  atPlatform(what, body) { return json(`http://127.0.0.1:${this.platform.ready[2]}/${what}`, body); }

  // `body.actor`: a named person of the configuration asks with the own token.
  async atAdmin(what, body) {
    const token = fs.readFileSync(tokenFileOf(this.secrets, body?.actor), 'utf8').trim();
    const answer = await request(`${this.admin}/admin/v1/${what}`, {
      method: body === undefined ? 'GET' : 'POST', body: body === undefined ? '' : JSON.stringify(body), headers: { Authorization: `Bearer ${token}` },
    });
    return { status: answer.status, text: answer.text, body: /^application\/(problem\+)?json\b/.test(answer.headers['content-type'] ?? '') ? JSON.parse(answer.text) : undefined };
  }

  // A named person releases what waits of an exchange, without it unless `decision` says otherwise.
  release(exchange, decision) { return release((what, body) => this.atAdmin(what, body), exchange, decision, 60 * slow); }

  // The command line, as a person would use it; `--actor` with the token of that person.
  cli(...args) {
    const actor = args.includes('--actor') ? args[args.indexOf('--actor') + 1] : undefined;
    try {
      const out = execFileSync(binary, args, { encoding: 'utf8', env: { ...process.env, TONGQU_ADMIN: this.admin, TONGQU_ADMIN_TOKEN_FILE: tokenFileOf(this.secrets, actor) }, maxBuffer: 64 << 20 });
      return { code: 0, out };
    } catch (error) {
      return { code: error.status, out: (error.stdout ?? '') + (error.stderr ?? '') };
    }
  }

  // Everything that was stored has been delivered or put before a person.
  settled(seconds = 60) {
    return until('all messages settled', async () => {
      const { body } = await this.atAdmin('status');
      return body && body.waiting === 0 && body.partners.every((p) => p.queued === 0) && body.lanes.every((l) => l.inFlight === 0);
    }, seconds);
  }

  async close() {
    for (const child of [this.gateway, this.hotline, this.platform]) if (child) await stop(child);
    for (const { standin } of this.standins ?? []) {
      openStandins.delete(standin);
      await standin.close();
    }
    // A sanitizer reports on standard error; a report is a failure whatever the test saw.
    const report = this.gateway.output.match(/(WARNING: ThreadSanitizer|ERROR: AddressSanitizer|LeakSanitizer|runtime error:)[\s\S]{0,4000}/);
    if (report) throw new Error(report[0]);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

export function order(n, more = {}) {
  return {
    orderNum: `GD2026${String(n).padStart(8, '0')}`, round: 1, operation: 'create', type: '投诉', title: '消费纠纷', callTime: '2026-11-20 09:12:23', channel: '1',
    callerName: '段正淳', callerPhone: '18049531999', callerIdNo: '51343620000320711X', callerAddress: '海淀区马连洼街道289号', callerMail: 'duandazhi@example.cn',
    inNumber: '0915-7518479', secret: '0', urgency: '1', handleDays: 5, questionCode: '1001',
    company: { name: '某某火锅店', code: '91350100M000100Y43', address: '朝阳区建国路1号', phone: '010-65000000' },
    address: '朝阳区建国路1号', goods: '火锅套餐', money: '1,280.50', content: '消费后发现变质食品，商家拒绝退款。', request: '请求退款并赔偿。', operator: '刘芳', publishConsent: '0', ...more,
  };
}
