// Stand-in for the other zone: a second gateway with keys, state and configuration of its own (sandbox/business-zone), a 网闸
// between the two, and behind it the case system of the business network, which counts what took effect.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Gate } from '../lib/gate.mjs';
import { call, insist, readBody } from '../lib/http.mjs';
import { tellClue } from '../lib/release.mjs';

export const partner = 'business-zone';
export const title = '业务专网网关（经网闸）';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const program = () => process.env.TONGQU_BIN ?? ['release', 'dev'].map((preset) => path.join(root, 'build', preset, 'tongqu')).find((file) => fs.existsSync(file));
const services = ['case.clue', 'case.decision', 'case.penalty', 'case.closing'];
const number = (prefix, n) => `${prefix}2026${String(n).padStart(6, '0')}`;

// What the platform hands down.
export const clue = (n, more = {}) => ({
  service: 'case.clue', clueNo: number('JB', n), sourceKind: '4', foundTime: '2026-11-24T10:00:00+08:00', partyName: '某某食品厂', partyAddr: '朝阳区建国路1号', socialcode: '91350100M000100Y43',
  content: '我在该厂仓库上班，厂里用过期原料。', opinion: '建议核查', unit: '全国12315平台', informantName: '李四', informantTel: '13800138000', ...more,
});
export const decision = (n, more = {}) => ({ clue_no: number('JB', n), case_no: number('NA', n), decision: 'CASE_FILED', reason: '违法事实清楚，予以立案。', decided_at: '2026-11-25T09:30:00+08:00', unit: '朝阳区市场监督管理局', officer: '王建国', ...more });
export const penalty = (n, more = {}) => ({
  case_no: number('NA', n), decision_no: `京朝市监处罚〔2026〕N${n}号`, party: { name: '某某食品厂', uscc: '91350100M000100Y43', person_in_charge: '张三' }, facts: '生产不符合食品安全标准的食品。',
  legal_ground: '《食品安全法》第一百二十四条', content: '罚款', fine: 1250000, decided_at: '2026-11-26T00:00:00+08:00', unit: '朝阳区市场监督管理局', ...more,
});
export const closing = (n, more = {}) => ({ case_no: number('NA', n), close_kind: '1', execution: '1', closed_at: '2026-12-01T17:00:00+08:00', unit: '朝阳区市场监督管理局', ...more });

// Configuration and secrets of the other zone; its private key stays there, as ours stays here.
function furnish(ctx, suite, port) {
  const folder = (name) => path.resolve(ctx.var, name);
  const [config, secrets] = [folder('config'), folder('secrets')];
  execFileSync(path.join(root, 'scripts/make_demo_keys.sh'), [secrets, suite]);
  for (const name of ['business-zone.key', 'gov-zone.pub']) fs.copyFileSync(path.join(ctx.secrets, name), path.join(secrets, name));
  for (const name of ['gov-zone.key', 'business-zone.pub']) fs.rmSync(path.join(secrets, name));
  fs.writeFileSync(path.join(secrets, 'inner-case.token'), crypto.randomBytes(32).toString('hex'), { mode: 0o600 });
  fs.cpSync(path.join(root, 'sandbox/business-zone'), config, { recursive: true });
  const shared = [...['services/common.json', ...services.flatMap((name) => [`services/${name}.yaml`, `services/${name}@1.json`])], ...services.map((name) => `partners/${name.replace('case', partner)}@1.json`), `mappings/${partner}`];
  for (const name of shared) fs.cpSync(path.join(root, 'config', name), path.join(config, name), { recursive: true });
  fs.rmSync(path.join(config, 'mappings', partner, 'decision-in.map')); // what we ask of a decision is no concern of theirs
  const edit = (name, change) => fs.writeFileSync(path.join(config, name), change(fs.readFileSync(path.join(config, name), 'utf8')));
  edit('gateway.yaml', (text) => text.replace('suite: gm', `suite: ${suite}`));
  edit('partners/gov-zone.yaml', (text) => text.replaceAll('GATE', folder('gate/business')));
  edit('partners/inner-case.yaml', (text) => text.replace(':18450', `:${port}`));
  return { config, secrets, edit };
}

// The other gateway: started, killed, started again at the same addresses.
class OtherGateway {
  constructor({ config, secrets, edit }, log) { Object.assign(this, { config, secrets, edit, log }); }

  start() {
    const child = spawn(program(), ['serve', '-c', this.config, '--secrets', this.secrets], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    this.exited = new Promise((resolve) => child.once('exit', resolve));
    let output = '';
    return new Promise((resolve, reject) => {
      const look = (chunk) => {
        fs.appendFileSync(this.log, chunk);
        if (this.ready === child) return;
        output += chunk;
        const found = output.match(/ready partners=(\S+) admin=(\S+)/);
        if (!found) return;
        this.ready = child;
        [, this.partners, this.admin] = found;
        resolve();
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      child.once('exit', (code) => reject(new Error(`the other gateway ended with ${code}:\n${output.slice(-4000)}`)));
    });
  }

  async open() {
    await this.start();
    const ports = [this.partners, this.admin].map((url) => new URL(url).port);
    this.edit('gateway.yaml', (text) => text.replaceAll(/port: 0/g, () => `port: ${ports.shift()}`));
  }

  async end(signal) {
    this.child.kill(signal);
    await this.exited;
  }

  // The command line, as a person there would use it.
  async cli(...args) {
    const env = { ...process.env, TONGQU_ADMIN: this.admin, TONGQU_ADMIN_TOKEN_FILE: path.join(this.secrets, 'admin.token') };
    return (await promisify(execFile)(program(), args, { env, maxBuffer: 64 << 20 })).stdout;
  }
}

export async function open(ctx) {
  const problems = [];
  const clues = new Map(); // message id → clue
  const perClue = new Map(); // clue number → times at which the versions were found, in order of arrival
  const state = { sent: 0, turnedBack: 0, repeated: 0, next: 1, poison: 0, refusing: false };

  function take(id, text) {
    const known = clues.get(id);
    if (known) state.repeated += 1;
    if (known && known !== text) problems.push('same message, other bytes');
    if (known) return;
    clues.set(id, text);
    const got = JSON.parse(text);
    const versions = perClue.get(got.clue_no) ?? [];
    if (versions.includes(got.found_at)) problems.push('a clue took effect twice');
    else if (versions.some((one) => Date.parse(one) > Date.parse(got.found_at))) problems.push('an older version of a clue came behind a newer one');
    perClue.set(got.clue_no, [...versions, got.found_at]);
    if (/李四|13800138000|仓库/.test(text)) problems.push('a clue tells of the informant');
  }
  let token;
  const server = http.createServer(async (request, response) => {
    const bytes = await readBody(request);
    const good = request.headers.authorization === `Bearer ${token}`;
    if (good) take(request.headers['tongqu-message-id'], bytes.toString());
    else problems.push('a clue came without the right token');
    response.writeHead(good ? 200 : 401, { 'Content-Type': 'application/json' });
    response.end(good ? '{"code":"0"}' : '{"code":"401"}');
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });

  let suite;
  ctx.edit('gateway.yaml', (text) => { [, suite] = text.match(/^suite: (\w+)/m); return text; });
  const place = furnish(ctx, suite, server.address().port);
  token = fs.readFileSync(path.join(place.secrets, 'inner-case.token'), 'utf8');
  const gateFolder = (name) => path.resolve(ctx.var, 'gate', name);
  ctx.edit(`partners/${partner}.yaml`, (text) => text.replaceAll('/var/lib/tongqu/gate/business-zone', gateFolder('gov')).replaceAll(/^( +)(settle|ask_every|poll|max_delay|ask_again|resend_after|timeout): .*$/gm,
    (_, space, name) => `${space}${name}: ${{ settle: '300ms', ask_every: '500ms', poll: '100ms', max_delay: '50ms', ask_again: '300ms', resend_after: '2s', timeout: '1s' }[name]}`));
  const gate = new Gate([{ from: gateFolder('gov/out'), to: gateFolder('business/in') }, { from: gateFolder('business/out'), to: gateFolder('gov/in') }], (name, bytes) => {
    if (state.refusing && /^gov-to-business-.*-ack/.test(name) && /^refused /m.test(bytes)) willing();
  });
  const gateway = new OtherGateway(place, path.resolve(ctx.var, 'gateway.log'));
  const killGateway = () => gateway.child?.kill('SIGKILL');
  process.on('exit', killGateway);
  await gateway.open();
  ctx.log(`second gateway on ${gateway.partners}, its admin on ${gateway.admin}`);

  const agent = new https.Agent({ keepAlive: true, maxSockets: 4, ca: fs.readFileSync(path.join(place.secrets, 'ca.crt')) });
  // What the case system over there hands to the gateway over there.
  async function submit(service, body) {
    const result = await insist(() => call(agent, `${gateway.partners}/exchange/v1/${service}`, 'POST', { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, JSON.stringify(body)));
    if (result.status === 202) state.sent += 1;
    else problems.push(`${service} was answered ${result.status}`);
    return { status: result.status, body: result.body.toString() };
  }
  async function handDown(body) {
    const { status } = await tellClue(ctx, body);
    if (status !== 202) problems.push(`a clue of the platform was answered ${status}`);
  }

  // The other gateway takes no clues for a while: what comes is refused and has to be sent again.
  const reload = () => gateway.cli('reload');
  async function refusing() {
    place.edit('partners/gov-zone.yaml', (text) => text.replace('service: case.clue', 'service: case.closing').replace('business-zone.clue@1', 'business-zone.closing@1').replace('gov-zone/clue-in', 'business-zone/closing-in').replace('number: clue_no\n        operation: found_at', 'number: case_no'));
    await reload();
    state.refusing = true;
  }
  function willing() {
    state.refusing = false;
    place.edit('partners/gov-zone.yaml', (text) => text.replace('service: case.closing', 'service: case.clue').replace('business-zone.closing@1', 'business-zone.clue@1').replace('business-zone/closing-in', 'gov-zone/clue-in').replace('number: case_no', 'number: clue_no\n        operation: found_at'));
    reload().catch((error) => problems.push(error.message));
  }
  async function down(ms) {
    gate.stopped = true;
    await gateway.end('SIGKILL');
    setTimeout(() => {
      gate.stopped = false;
      gateway.start().catch((error) => problems.push(error.message));
    }, ms);
  }

  return {
    gate, gateway, clues, submit, handDown, folder: gateFolder,
    async send(count) {
      for (let i = 0; i < count; i += 1, state.next += 1) {
        const n = state.next;
        await handDown(clue(n));
        if (n % 2 === 0) await handDown(clue(n, { foundTime: '2026-11-24T15:00:00+08:00', opinion: '补充材料' }));
        await submit('case.decision', decision(n));
        if (n % 2 === 0) await submit('case.penalty', penalty(n));
        if (n % 3 === 0) await submit('case.closing', closing(n));
      }
    },
    figures: () => ({ sent: state.sent, turnedBack: state.turnedBack, received: clues.size, repeated: state.repeated, problems: [...problems] }),
    // slow, silent (lost), cut, duplicate: what the 网闸 does to the next `count` files; garbage: foreign files in the folders; error: folders
    // that are away; down: neither 网闸 nor other gateway, which is killed; refuse: the other gateway refuses what comes until it did so once,
    // and hands us `count` decisions that we refuse.
    async misbehave({ mode, count = 1, ms = 2000 }) {
      if (['slow', 'silent', 'cut', 'duplicate'].includes(mode)) gate.faults.arm({ mode, count, ms });
      else if (mode === 'garbage') gate.foreign(count);
      else if (mode === 'error') gate.away(count * 100);
      else if (mode === 'down') await down(ms);
      else if (mode === 'refuse') {
        await refusing();
        for (let i = 0; i < count; i += 1, state.poison += 1, state.turnedBack += 1) await submit('case.decision', decision(900001 + state.poison, { decision: 'NOT_FILED', reason: undefined }));
      } else throw new Error(`${partner} knows no fault ${mode}`);
    },
    async close() {
      gate.close();
      process.off('exit', killGateway);
      agent.destroy();
      await gateway.end('SIGTERM');
      const report = fs.readFileSync(gateway.log, 'utf8').match(/(WARNING: ThreadSanitizer|ERROR: AddressSanitizer|LeakSanitizer|runtime error:)[\s\S]{0,4000}/);
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
      if (report) throw new Error(report[0]); // a sanitizer's
    },
  };
}
