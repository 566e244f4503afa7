// Stand-in for another system of daily supervision: a front database on real SQLite. It writes results into rcjg_jg, where the
// gateway sets their states; the gateway writes clues into rcjg_xs, from where this system's own job takes them over.
import path from 'node:path';
import { FrontDatabase } from '../lib/front_table.mjs';
import { clue, result } from './daily.mjs';

export const partner = 'daily-db';
export const title = '其他日常监管业务系统（前置库）';

const text = (names) => names.split(' ').map((name) => [name, 'TEXT']);
const results = { table: 'rcjg_jg', id: 'id', state: 'zt', columns: [['zt', 'INTEGER NOT NULL DEFAULT 0'], ...text('lqsj lqbz cwdm'), ['lqcs', 'INTEGER'], ...text('rwbh sxbh ywlx wcsj jcdw jcr ztmc ztdz xydm jgdm jgsm ypbh')] };
const clues = { table: 'rcjg_xs', id: 'xh', state: 'zt', columns: [['bwbh', 'TEXT NOT NULL UNIQUE'], ...text('bwlx xrsj zy'), ['zt', 'INTEGER'], ...text('xsbh sxbh ywlx yssj ysdw ztmc ztdz xydm spmc wtlb jjcd xszy')] };
const kinds = { inspection: '1', sampling: '2', 'special-equipment': '3', licence: '4' };
const jobEveryMs = 50;

// What an inspection found, in the words of this system: its codes begin at 0.
export function row(n, more = {}) {
  const { taskNo, matterNo, kind, unit, inspector, target, result: code, resultText } = result(n);
  return {
    rwbh: taskNo.replace('RW', 'TZ'), sxbh: matterNo, ywlx: kinds[kind], wcsj: '2026-11-25 09:30:00', jcdw: unit, jcr: inspector, ztmc: target.name, ztdz: target.address, xydm: target.uscc,
    jgdm: String(Number(code) - 1), jgsm: resultText, ...more,
  };
}

export async function open(ctx) {
  const front = await FrontDatabase.open(path.resolve(ctx.var, 'front.db'), [results, clues]);
  ctx.edit(`partners/${partner}.yaml`, (text_) => text_.replaceAll('file: front.db', `file: ${front.file}`));
  let next = 1;
  let wrong = 0; // rows that we spoiled on purpose
  let closed = false;
  let working = true;
  // The job: what is new is taken over, in the order in which it was written.
  const job = (async () => {
    while (!closed) {
      if (working) await front.run('UPDATE rcjg_xs SET zt = 2 WHERE zt = 0');
      await new Promise((resolve) => setTimeout(resolve, jobEveryMs));
    }
  })();
  return {
    work(whether) { working = whether; }, // of the job
    write: (rows) => front.insert(results, rows),
    results: () => front.run('SELECT * FROM rcjg_jg ORDER BY id'),
    clues: () => front.run('SELECT * FROM rcjg_xs ORDER BY xh'),
    // What the platform passes to this system.
    pass: (n, more) => ctx.platform('state', { service: 'supervision.event', ...clue(n, { system: '02', clueNo: `XT2026${String(n).padStart(6, '0')}`, ...more }) }),
    async send(count) {
      const from = next;
      next += count;
      await this.write(Array.from({ length: count }, (_, i) => row(from + i)));
      for (let n = from; n < next; n += 1) await this.pass(n);
      await front.drained(results, [0, 1]);
    },
    async figures() {
      const { 0: fresh = 0, 1: taken = 0, 2: ok = 0, 3: failed = 0 } = await front.counts(results);
      const problems = [];
      if (failed !== wrong) problems.push(`${failed} rows failed, ${wrong} were wrong`);
      const got = await front.run('SELECT xsbh, sxbh FROM rcjg_xs WHERE zt = 2 ORDER BY xh');
      const last = new Map();
      for (const { xsbh, sxbh } of got) {
        if (last.has(sxbh) && last.get(sxbh) >= xsbh) problems.push(`clues of one matter: ${last.get(sxbh)} before ${xsbh}`);
        last.set(sxbh, xsbh);
      }
      return { sent: fresh + taken + ok + failed, turnedBack: wrong, received: got.length, problems };
    },
    // slow, silent: the database is locked for `ms`; garbage: `count` rows without a task.
    async misbehave({ mode, count = 1, ms = 2000 }) {
      if (mode === 'garbage') {
        wrong += count;
        await front.insert(results, Array.from({ length: count }, () => ({ sxbh: '无任务' })));
      } else if (mode === 'slow' || mode === 'silent') {
        await front.lock(ms);
      } else {
        throw new Error(`${partner} knows no fault ${mode}`);
      }
    },
    async close() {
      closed = true;
      await job;
      await front.close();
    },
  };
}
