// Stand-in for the nightly file of enterprise credit publicity: a real OpenSSH server that takes ZIP files over SFTP, and what
// the receiver does with them: unpack, hold against the manifest, load each decision once.
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import crypto from 'node:crypto';
import { spawn } from 'node:child_process';
import { read } from '../lib/csv.mjs';
import { unzip } from '../lib/zip.mjs';

export const partner = 'credit-file';
export const title = '国家企业信用信息公示系统（夜间文件）';

export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
  });
}

// A penalty as the case side tells it to the platform.
export function penalty(n, more = {}) {
  return {
    decisionNo: `京海市监处罚〔2026〕${n}号`, entName: `某某商贸有限公司${n}`, socialcode: '91350100M000100Y43', legalPerson: '王小峰', idnumber: '11010519491231002X',
    breach: '虚假宣传', facts: '当事人王小峰在店内宣传虚假功效。', ground: '《反不正当竞争法》第二十条', kinds: '02', content: '罚款人民币二万元', fineWan: '2.00',
    authority: '海淀区市场监督管理局', authorityCode: '11110108MB0000000X', decidedOn: '2026-11-20', approvedBy: '赵审批', approvedOn: '2026-11-23', secrecyReviewedBy: '钱保密', secrecyReviewedOn: '2026-11-22', ...more,
  };
}

// What the receiver finds: rows as objects, by heading; `problems` in words.
export function received(folder) {
  const rows = [];
  const problems = [];
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => !name.startsWith('.')).sort() : [];
  for (const name of files) {
    try {
      const entries = unzip(fs.readFileSync(path.join(folder, name)));
      const [csv, manifest] = [entries[0], entries.find((entry) => entry.name === 'manifest.csv')];
      const [, [file, count, bytes, algorithm, digest]] = read(manifest.bytes.toString());
      const [headings, ...found] = read(csv.bytes.toString());
      const sum = crypto.createHash(algorithm.replace('-', '')).update(csv.bytes).digest('hex');
      if (file !== csv.name || Number(count) !== found.length || Number(bytes) !== csv.bytes.length || digest !== sum) problems.push(`${name} differs from its manifest`);
      rows.push(...found.map((row) => Object.fromEntries(headings.map((heading, i) => [heading, row[i]]))));
    } catch (error) {
      problems.push(`${name}: ${error.message}`);
    }
  }
  const numbers = rows.map((row) => row['行政处罚决定文书号']);
  if (new Set(numbers).size !== numbers.length) problems.push('a decision came twice');
  return { files, rows, problems };
}

export async function open(ctx) {
  const folder = path.resolve(ctx.var, 'files');
  const secret = (name) => path.resolve(ctx.secrets, name);
  const port = ctx.port ?? (await freePort());
  fs.mkdirSync(folder, { recursive: true });
  if (process.getuid() === 0) fs.mkdirSync('/run/sshd', { recursive: true });
  ctx.edit(`partners/${partner}.yaml`, (text) => text.replace(/port: \d+/, `port: ${port}`).replace('user: tongqu', `user: ${os.userInfo().username}`)
    .replace(/\n {2}window: .*/, '').replace('max_age: 5s', 'max_age: 300ms').replace('first: 5s', 'first: 500ms'));
  const config = path.resolve(ctx.var, 'sshd_config');
  fs.writeFileSync(config, `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${secret(ctx.hostKey ?? 'credit-file-host.key')}\nAuthorizedKeysFile ${secret('credit-file.key.pub')}\nPasswordAuthentication no\nStrictModes no\nPidFile none\nUsePAM no\nSubsystem sftp internal-sftp -d ${folder}\nLogLevel ERROR\n`);
  let server;
  const start = async () => {
    server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    server.stderr.on('data', (text) => ctx.log(String(text).trim()));
    const own = server;
    for (let i = 0; i < 200 && own.exitCode === null; i += 1) {
      const answers = await new Promise((resolve) => net.connect(port, '127.0.0.1').on('connect', function well() { this.destroy(); resolve(true); }).on('error', () => resolve(false)));
      if (answers) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('sshd does not start');
  };
  const stop = () => new Promise((resolve) => { if (server.exitCode !== null || server.signalCode !== null) resolve(); else { server.once('exit', resolve); server.kill(); } });
  await start();
  let next = 1;
  return {
    folder: path.join(folder, 'penalty'),
    start,
    stop,
    async send(count) {
      for (let i = 0; i < count; i += 1) await ctx.platform('state', { service: 'credit.penalty-publicity', ...penalty(next++) });
    },
    async figures() {
      const { rows, problems } = received(path.join(folder, 'penalty'));
      return { sent: 0, turnedBack: 0, received: rows.length, problems };
    },
    async misbehave({ ms = 1000 }) { // the server is away for a while
      await stop();
      setTimeout(() => start().catch((error) => ctx.log(error.message)), ms);
    },
    close: stop,
  };
}
