// Stand-in for the 12345 hotline of city B: a front database on real SQLite. It writes work orders into jh_gdxx, the gateway
// sets their states there and writes the states of the orders into jh_gdzt.
import path from 'node:path';
import { FrontDatabase } from '../lib/front_table.mjs';
import { workOrders } from '../lib/orders.mjs';

export const partner = 'city-b';
export const title = '城市乙12345热线';

const text = (names) => names.split(' ').map((name) => [name, 'TEXT']);
const orders = {
  table: 'jh_gdxx', id: 'id', state: 'zt',
  columns: [['zt', 'INTEGER NOT NULL DEFAULT 0'], ...text('lqsj lqbz cwdm'), ['lqcs', 'INTEGER'], ['pdlc', 'INTEGER'], ['blsx', 'INTEGER'],
    ...text('gdbh czlx ygdbh gdlx gdbt ldsj slqd ldr lxdh zjhm lxdz ldhm sfbm jjcd wtfl bfydw tydm dwdz dwdh sfdz spmc sjje gdnr sqnr cbdw hwy pdyj')],
};
const told = { table: 'jh_gdzt', id: 'xh', columns: [['bwbh', 'TEXT NOT NULL UNIQUE'], ...text('bwlx xrsj zy'), ['zt', 'INTEGER'], ...text('gdbh djbh hjdm hjmc blsj bldw jbr thyy sm')] };
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

export async function open(ctx) {
  const front = await FrontDatabase.open(path.resolve(ctx.var, 'front.db'), [orders, told]);
  ctx.edit('partners/city-b.yaml', (text) => text.replaceAll('file: front.db', `file: ${front.file}`));
  let next = 1;
  let wrong = 0; // rows that we spoiled on purpose
  return {
    write: (rows) => front.insert(orders, rows),
    drained: () => front.drained(orders, [0, 1]),
    states: () => front.run('SELECT * FROM jh_gdzt ORDER BY xh'),
    async send(count) {
      await front.insert(orders, workOrders(count, next, false).map(row));
      next += count;
      await front.drained(orders, [0, 1]);
    },
    async figures() {
      const { 0: fresh = 0, 1: taken = 0, 2: ok = 0, 3: failed = 0 } = await front.counts(orders);
      const problemsFound = [];
      if (failed !== wrong) problemsFound.push(`${failed} rows failed, ${wrong} were wrong`);
      const seen = new Map();
      for (const state of await front.run('SELECT * FROM jh_gdzt ORDER BY xh')) {
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
        await front.insert(orders, Array.from({ length: count }, () => ({ gdbh: '无内容', blsx: 'x' })));
      } else if (mode === 'slow' || mode === 'silent') {
        await front.lock(ms);
      } else {
        throw new Error(`city-b knows no fault ${mode}`);
      }
    },
    close: () => front.close(),
  };
}
