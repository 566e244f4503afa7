// Stand-in for the former 12315 hotline: its history stands in a front database on real SQLite, one record a row; the gateway
// says in the state column what became of each.
import { about, openTableLine, pick } from '../lib/lines.mjs';

export const partner = 'hotline-12315';
export const title = '原12315消费者投诉举报热线';

const short = 'VARCHAR(60)';
const long = 'VARCHAR(300)';
export const front = {
  table: 'ls_tsjb', id: 'id', state: 'zt',
  columns: [
    ['zt', 'INTEGER NOT NULL DEFAULT 0'], ['lqsj', 'VARCHAR(30)'], ['lqbz', short], ['cwdm', 'VARCHAR(64)'], ['lqcs', 'INTEGER'],
    ['djbh', short], ['xxjlx', short], ['djsj', short], ['jsfs', short], ['xm', short], ['lxdh', short], ['txdz', long], ['zjhm', short], ['bsdw', long], ['xydm', short], ['dwdz', long],
    ['ktlb', short], ['spmc', long], ['pp', long], ['wtlb', short], ['zyje', short], ['nr', 'VARCHAR(4000)'], ['cljg', short], ['bjsj', short], ['djr', short],
  ],
};
export const states = { fresh: '0', taken: '1', ok: '2', failed: '3', duplicate: '4' };

export function row(n) {
  const { caller, phone, address, idno, uscc, place, text, officer } = about(n);
  return {
    djbh: `XF2016${String(n).padStart(8, '0')}`, xxjlx: pick(['1', '1', '3', '2'], n), djsj: `2016-0${1 + (n % 9)}-1${n % 10} 0${n % 10}:1${n % 6}:00`, jsfs: pick(['1', '2', '4'], n), xm: caller, lxdh: phone,
    txdz: address, zjhm: idno, bsdw: pick(['某某商场', '好再来超市', '阳光电器城'], n), xydm: uscc, dwdz: place, ktlb: pick(['101', '108', '117', '127'], n), spmc: pick(['奶粉', '维生素', '羽绒服', '冰箱'], n),
    pp: pick(['某某牌', ''], n), wtlb: pick(['01', '02', '12', '07'], n), zyje: pick(['1600', '1,280.50', '99元'], n), nr: text, cljg: pick(['1', '2', '5'], n), bjsj: '2016-12-30 17:00:00', djr: officer,
  };
}

export const open = (ctx) => openTableLine(ctx, { partner, front, number: 'djbh', states, row });
