// Stand-in for the province's exchange, through which profile B reaches the national platform: a front database on real SQLite
// that takes matters as rows, and a folder into which it renames ZIP files with the states, as CSV in GB18030 with a manifest.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { read, write } from '../lib/csv.mjs';
import { Sqlite, lockDatabase } from '../lib/sqlite.mjs';
import { zip } from '../lib/zip.mjs';
import { encode } from '../lib/lines.mjs';

export const partner = 'p12315-b';
export const title = '全国12315平台（经省级交换）';
export const needs = ['city-b']; // its orders are what comes here

const columns = ['lyxt', 'gdbh', 'infotype', 'regtime', 'receivemode', 'providername', 'providertel', 'provideraddr', 'idnumber', 'informantname', 'informanttel', 'rqstnumber', 'subjectname', 'addr',
  'socialcode', 'linkman', 'linknumber', 'objtype', 'objname', 'brand', 'monetary', 'applbasquename', 'tsnr', 'jbnr', 'appealcontent', 'accsce', 'regdeptname', 'accregpername', 'secrequired', 'urgency'];
const headings = ['来源系统', '工单编号', '登记编号', '办理时间', '状态', '办理单位', '经办人', '经办电话', '说明', '信息件类型'];

// A state of one matter, as the province's file has it.
export const state = (source, no, more = {}) => ({ 来源系统: source, 工单编号: no, 登记编号: '1110105202611240000000001', 办理时间: '2026-11-25 10:00:00', 状态: 'IN_PROGRESS', 办理单位: '滨江区市场监督管理局', 经办人: '王建国', 经办电话: '010-82610000', 说明: '正在调查', 信息件类型: '1', ...more });

export async function open(ctx) {
  const folder = path.resolve(ctx.var, 'states');
  for (const name of ['states', 'out']) fs.mkdirSync(path.join(folder, name), { recursive: true });
  let suite = 'gm';
  ctx.edit('gateway.yaml', (text) => { suite = text.match(/^suite: (\w+)/m)[1]; return text; });
  const database = path.resolve(ctx.var, 'province.db');
  ctx.edit(`partners/${partner}.yaml`, (text) => text.replace(/folder: .*/, `folder: ${folder}`).replace('poll: 10s', 'poll: 100ms').replace('file: province.db', `file: ${database}`));
  const sqlite = new Sqlite(database);
  await sqlite.run('PRAGMA journal_mode = WAL');
  await sqlite.run(`CREATE TABLE IF NOT EXISTS sj12315_xxj (xh INTEGER PRIMARY KEY AUTOINCREMENT, bwbh TEXT NOT NULL UNIQUE, xrsj TEXT, zy TEXT, zt INTEGER, ${columns.map((name) => `${name} TEXT`).join(', ')})`);
  const [algorithm, hash] = suite === 'intl' ? ['sha-256', 'sha256'] : ['sm3', 'sm3'];
  const dropped = []; // { name, rows, refused }
  const told = new Set();
  let files = 0;

  // Written beside the folder that is watched, then renamed into it. `manifest`: what it says differently from the truth.
  function put(rows, manifest = {}) {
    files += 1;
    const name = `states-${String(files).padStart(4, '0')}`;
    const bytes = encode(write([headings, ...rows.map((row) => headings.map((heading) => row[heading]))]));
    const says = { rows: rows.length, bytes: bytes.length, digest: crypto.createHash(hash).update(bytes).digest('hex'), ...manifest };
    const list = Buffer.from(write([['file', 'rows', 'bytes', 'algorithm', 'digest'], [`${name}.csv`, says.rows, says.bytes, algorithm, says.digest]]));
    fs.writeFileSync(path.join(folder, 'out', `${name}.zip`), zip([{ name: `${name}.csv`, bytes }, { name: 'manifest.csv', bytes: list }]));
    fs.renameSync(path.join(folder, 'out', `${name}.zip`), path.join(folder, 'states', `${name}.zip`));
    return `${name}.zip`;
  }
  const result = (name) => {
    const file = path.join(folder, 'reports', `${name}.result.csv`);
    return fs.existsSync(file) ? Object.fromEntries(read(fs.readFileSync(file, 'utf8')).slice(1)) : undefined;
  };
  async function give(rows, refused = 0) {
    const name = put(rows);
    dropped.push({ name, rows: rows.length, refused });
    for (let i = 0; i < 1200 && !result(name); i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    folder, put, give, result,
    matters: () => sqlite.run('SELECT * FROM sj12315_xxj ORDER BY xh'),
    // City B's orders come; each gets its state. How many come is the mapping's to say: some are held.
    async send(count) {
      await ctx.partner('city-b').send(count);
      let fresh = [];
      for (let i = 0, same = 0; i < 1200 && same < 10; i += 1) {
        const rows = (await sqlite.run('SELECT lyxt, gdbh, infotype FROM sj12315_xxj ORDER BY xh')).filter((row) => !told.has(row.gdbh));
        same = rows.length > 0 && rows.length === fresh.length ? same + 1 : 0;
        fresh = rows;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      for (const row of fresh) told.add(row.gdbh);
      const rows = fresh.map((row) => state(row.lyxt, row.gdbh, { 信息件类型: row.infotype }));
      const refused = rows.length > 9 ? 1 : 0; // one row without a number
      if (refused) rows.push(state('city-b', ''));
      await give(rows, refused);
    },
    async figures() {
      const problems = [];
      for (const { name, rows, refused } of dropped) {
        const found = result(name);
        if (!found) problems.push(`${name}: no result file`);
        else if (Number(found.rows) !== rows || Number(found.refused) !== refused || Number(found.imported) !== rows - refused) problems.push(`${name}: the result file counts otherwise`);
      }
      const sum = (what) => dropped.reduce((total, one) => total + one[what], 0);
      const [{ n }] = await sqlite.run('SELECT count(*) AS n FROM sj12315_xxj');
      return { sent: sum('rows'), turnedBack: sum('refused'), received: n, problems };
    },
    // slow, silent: the database is locked for `ms`; garbage: a file that differs from its manifest, and one that is no ZIP.
    async misbehave({ mode, ms = 2000 }) {
      if (mode === 'slow' || mode === 'silent') {
        await lockDatabase(database, ms);
      } else if (mode === 'garbage') {
        const bad = path.join(folder, 'out', 'bad.zip');
        fs.writeFileSync(bad, 'no ZIP');
        fs.renameSync(bad, path.join(folder, 'states', 'bad.zip'));
      } else {
        throw new Error(`p12315-b knows no fault ${mode}`);
      }
    },
    close: () => sqlite.close(),
  };
}
