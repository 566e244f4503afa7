// Stand-in for the former 12330 hotline: drops its history as CSV in GB18030 with tabs, in a ZIP with its manifest, into a real
// folder.
import { about, openFileLine, pick } from '../lib/lines.mjs';

export const partner = 'hotline-12330';
export const title = '原12330知识产权热线';

const headings = ['案件编号', '类型', '来电日期', '来电人姓名', '电话', '地址', '证件号', '涉嫌侵权人', '社会信用代码', '侵权地点', '涉及商品', '商品名称', '权利名称', '侵权类别', '涉案金额（万元）', '情况说明', '处理情况', '接线员'];

export function record(n) {
  const { caller, phone, address, idno, uscc, place, text, officer } = about(n);
  return [
    `ZC2015${String(n).padStart(8, '0')}`, pick(['1', '2', '3', '1'], n), `2015-0${1 + (n % 9)}-1${n % 10}`, caller, phone, address, idno,
    pick(['某某服装店', '好再来数码城', '阳光书店'], n), uscc, place, pick(['101', '108', '114', '121'], n), pick(['运动服', '耳机', '图书', '手链'], n), pick(['某某牌', '云雀', ''], n),
    pick(['02', '01', '03', '06'], n), pick(['1.2', '0.05', '20'], n), text, pick(['1', '0', '3'], n), officer,
  ];
}

export const open = (ctx) => openFileLine(ctx, { partner, record, form: { headings, charset: 'GB18030', separator: '\t', whole: 'zip' } });
