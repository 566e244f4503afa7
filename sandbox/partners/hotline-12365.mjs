// Stand-in for the former 12365 hotline: drops its history as CSV in GB18030, with a manifest, into a real folder, and reads
// the result files that the gateway leaves there.
import { Drop as AnyDrop, about, openFileLine, pick } from '../lib/lines.mjs';

export const partner = 'hotline-12365';
export const title = '原12365质检热线';

export const headings = ['受理编号', '信息类型', '登记时间', '反映人', '联系电话', '联系地址', '证件号码', '被反映单位', '统一社会信用代码', '单位地址', '产品类别代码', '产品名称', '问题代码', '涉及金额（元）', '内容', '处理结果代码', '办结时间', '登记人'];
const form = { headings, charset: 'GB18030', separator: ',', whole: 'sidecar' };

export function record(n) {
  const { caller, phone, address, idno, uscc, place, text, officer } = about(n);
  return [
    `ZJ2018${String(n).padStart(8, '0')}`, pick(['2', '2', '1', '2', '3'], n), `2018/0${1 + (n % 9)}/1${n % 10} 0${n % 10}:3${n % 6}`, caller, phone, address, idno,
    pick(['某某电线厂', '好再来家具城', '阳光童车行'], n), uscc, place, pick(['101', '108', '114', '121'], n), pick(['电线', '衣柜', '童车', '汽车'], n), pick(['01', '02', '03', '06'], n),
    pick(['1600', '1,280.50', '99元'], n), text, pick(['0', '1', '4'], n), '2018/12/31 17:00', officer,
  ];
}

export class Drop extends AnyDrop {
  constructor(folder, suite) { super(folder, suite, form); }
}

export const open = (ctx) => openFileLine(ctx, { partner, form, record });
