// Stand-in for the 12345 hotline of city B: a front database on real SQLite. It writes work orders into jh_gdxx, the gateway
// sets their states there and writes the states of the orders into jh_gdzt.
import fs from 'node:fs';
import path from 'node:path';
import { Sqlite } from '../lib/sqlite.mjs';
import { workOrders } from '../lib/orders.mjs';

export const partner = 'city-b';
export const title = '城市乙12345热线';

const tables = [
  `CREATE TABLE IF NOT EXISTS jh_gdxx (id INTEGER PRIMARY KEY AUTOINCREMENT, zt INTEGER NOT NULL DEFAULT 0, lqsj TEXT, lqbz TEXT, cwdm TEXT, lqcs INTEGER,
   gdbh TEXT, pdlc INTEGER, czlx TEXT, ygdbh TEXT, gdlx TEXT, gdbt TEXT, ldsj TEXT, slqd TEXT, ldr TEXT, lxdh TEXT, zjhm TEXT, lxdz TEXT, ldhm TEXT, sfbm TEXT,
   jjcd TEXT, blsx INTEGER, wtfl TEXT, bfydw TEXT, tydm TEXT, dwdz TEXT, dwdh TEXT, sfdz TEXT, spmc TEXT, sjje TEXT, gdnr TEXT, sqnr TEXT, cbdw TEXT, hwy TEXT, pdyj TEXT)`,
  'CREATE INDEX IF NOT EXISTS jh_gdxx_zt ON jh_gdxx (zt, id)',
  `CREATE TABLE IF NOT EXISTS jh_gdzt (xh INTEGER PRIMARY KEY AUTOINCREMENT, bwbh TEXT NOT NULL UNIQUE, bwlx TEXT, xrsj TEXT, zy TEXT, zt INTEGER,
   gdbh TEXT, djbh TEXT, hjdm TEXT, hjmc TEXT, blsj TEXT, bldw TEXT, jbr TEXT, thyy TEXT, sm TEXT)`,
];
const types = { 投诉: '2', 举报: '3', 咨询: '1', 建议: '4', 表扬: '5' };
const problems = { 1001: '1003', 1002: '1004', 1003: '2002', 1004: '3001' };

// City A's sample order in the words of city B.
export function row(order) {
  return {
    gdbh: order.orderNum.replace('GD', 'YB'), pdlc: order.round, czlx: '新增', gdlx: types[order.type] ?? '9', gdbt: order.title, ldsj: order.callTime, slqd: '1',
    ldr: order.callerName, lxdh: order.callerPhone, zjhm: order.callerIdNo, lxdz: order.callerAddress, ldhm: order.inNumber, sfbm: order.secret === '1' ? 'Y' : 'N',
    jjcd: String(3 - Number(order.urgency) % 3), blsx: order.handleDays, wtfl: problems[order.questionCode] ?? order.questionCode, bfydw: order.company.name, tydm: order.company.code,
    dwdz: order.company.address, dwdh: order.company.phone, sfdz: order.address, spmc: order.goods, sjje: order.money, gdnr: order.content, sqnr: order.request, hwy: order.operator,
  };
}

export class FrontDatabase {
  static async open(file) {
    const front = new FrontDatabase();
    front.file = file;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    front.sqlite = new Sqlite(file);
    await front.sqlite.run('PRAGMA journal_mode = WAL');
    for (const table of tables) await front.sqlite.run(table);
    return front;
  }

  async write(rows) {
    const names = [...new Set(rows.flatMap((one) => Object.keys(one)))];
    await this.sqlite.runMany(`INSERT INTO jh_gdxx (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, rows.map((one) => names.map((name) => one[name] ?? null)));
  }

  async counts() { // by state: new, taken, ok, failed
    const counts = [0, 0, 0, 0];
    for (const { zt, n } of await this.sqlite.run('SELECT zt, count(*) AS n FROM jh_gdxx GROUP BY zt')) counts[zt] = n;
    return counts;
  }

  states() { return this.sqlite.run('SELECT * FROM jh_gdzt ORDER BY xh'); }
}

export async function open(ctx) {
  const front = await FrontDatabase.open(path.resolve(ctx.var, 'front.db'));
  ctx.edit('partners/city-b.yaml', (text) => text.replaceAll('file: front.db', `file: ${front.file}`));
  let next = 1;
  let wrong = 0; // rows that we spoiled on purpose
  return {
    async send(count) {
      await front.write(workOrders(count, next, false).map(row));
      next += count;
      const end = Date.now() + 120000;
      for (;;) {
        const [fresh, taken] = await front.counts();
        if (fresh + taken === 0) return;
        if (Date.now() > end) throw new Error(`${fresh} rows new and ${taken} taken after two minutes`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async figures() {
      const [fresh, taken, ok, failed] = await front.counts();
      const problemsFound = [];
      if (failed !== wrong) problemsFound.push(`${failed} rows failed, ${wrong} were wrong`);
      const seen = new Map();
      for (const state of await front.states()) {
        const before = seen.get(state.gdbh) ?? [];
        if (before.includes(state.hjdm)) problemsFound.push(`state ${state.hjdm} twice`);
        if (state.hjdm === '01' && before.length > 0) problemsFound.push('signed after another state');
        seen.set(state.gdbh, [...before, state.hjdm]);
      }
      const received = [...seen.values()].reduce((sum, states) => sum + states.length, 0);
      return { sent: fresh + taken + ok + failed, turnedBack: wrong, received, problems: problemsFound };
    },
    // slow, silent: the database is locked for `ms`; garbage: `count` rows that are no work orders.
    async misbehave({ mode, count = 1, ms = 2000 }) {
      if (mode === 'garbage') {
        wrong += count;
        await front.write(Array.from({ length: count }, () => ({ gdbh: '无内容', blsx: 'x' })));
      } else if (mode === 'slow' || mode === 'silent') {
        const other = new Sqlite(front.file); // a connection of its own: ours waits like everybody's
        await other.run('BEGIN IMMEDIATE');
        setTimeout(() => other.run('COMMIT').then(() => other.close()), ms);
      } else {
        throw new Error(`city-b knows no fault ${mode}`);
      }
    },
    close: () => front.sqlite.close(),
  };
}
