// Stand-in for the former 12358 hotline: a front database with the habits of Oracle, on real SQLite – names in upper case, NULL
// for an empty text, codes padded with blanks, times without separators, amounts in 分.
import { about, openTableLine, pick } from '../lib/lines.mjs';

export const partner = 'hotline-12358';
export const title = '原12358价格热线';

const short = 'VARCHAR(60)';
const long = 'VARCHAR(300)';
export const front = {
  table: 'JG_JBLS', id: 'XH', state: 'ZT',
  columns: [
    ['ZT', 'VARCHAR(2)'], ['LQSJ', 'VARCHAR(30)'], ['LQBZ', short], ['CWDM', 'VARCHAR(64)'], ['LQCS', 'INTEGER'],
    ['JBBH', short], ['LX', 'CHAR(4)'], ['DJSJ', 'CHAR(14)'], ['BJSJ', 'CHAR(14)'], ['JBR', short], ['LXDH', short], ['LXDZ', long], ['ZJHM', short], ['BJBDW', long], ['XYDM', short], ['DWDZ', long],
    ['SPLB', 'CHAR(6)'], ['SPMC', long], ['WTLB', 'CHAR(4)'], ['SJJE', 'NUMERIC(12)'], ['NR', 'VARCHAR(4000)'], ['JG', 'CHAR(4)'], ['DJR', short],
  ],
};
export const states = { fresh: '', taken: 'P', ok: 'Y', failed: 'E', duplicate: 'D' };

const padded = { LX: 4, SPLB: 6, WTLB: 4, JG: 4 };
// As such a database would store it.
const stored = ([name, value]) => [name, value === '' ? null : name in padded ? value.padEnd(padded[name]) : value];

export function row(n) {
  const { caller, phone, address, idno, uscc, place, text, officer } = about(n);
  return Object.fromEntries(Object.entries({
    JBBH: `JG2014${String(n).padStart(8, '0')}`, LX: pick(['2', '1', '3', '2', '0'], n), DJSJ: `20140${1 + (n % 9)}1${n % 10}0${n % 10}1${n % 6}00`, BJSJ: n % 5 === 0 ? '00000000000000' : '20141231170000', JBR: caller,
    LXDH: phone, LXDZ: address, ZJHM: idno, BJBDW: pick(['某某停车场', '好再来加油站', '阳光楼盘'], n), XYDM: uscc, DWDZ: place, SPLB: pick(['101', '108', '114', '131'], n), SPMC: pick(['汽油', '商品房', '感冒药', '化肥'], n),
    WTLB: pick(['01', '02', '03', '07'], n), SJJE: pick([160000, 128050, 9900], n), NR: text, JG: pick(['0', '1', '3'], n), DJR: officer,
  }).map(stored));
}

export const open = (ctx) => openTableLine(ctx, { partner, front, number: 'JBBH', states, row });
