// Stand-in for the former 12331 hotline: drops its history as CSV in UTF-8 with semicolons into a real folder; a marker beside a
// file says that it is whole.
import { about, openFileLine, pick } from '../lib/lines.mjs';

export const partner = 'hotline-12331';
export const title = '原12331食药热线';

const headings = ['登记号', '事项类型', '受理时间', '来电人', '来电号码', '来电人地址', '身份证号', '被举报投诉单位', '信用代码', '单位所在地', '产品类别', '产品名称', '生产企业', '生产批号', '批准文号', '问题类别', '金额（元）', '反映内容', '核查结果', '办结日期', '受理人'];

export function record(n) {
  const { caller, phone, address, idno, uscc, place, text, officer } = about(n);
  return [
    `SY2017${String(n).padStart(8, '0')}`, pick(['3', '1', '2', '3'], n), `2017年0${1 + (n % 9)}月1${n % 10}日 0${n % 10}:2${n % 6}`, caller, phone, address, idno,
    pick(['某某大药房', '好再来食品厂', '阳光保健品店'], n), uscc, place, pick(['101', '121', '108', '114'], n), pick(['感冒颗粒', '散装糕点', '蛋白粉', '血压计'], n), '某某制造有限公司',
    `L${170000 + n}`, n % 4 === 0 ? '国药准字Z11020001' : '', pick(['07', '01', '02', '06'], n), pick(['36.5', '1,280.50', '99元'], n), text, pick(['4', '0', '1'], n), '2017年12月29日', officer,
  ];
}

export const open = (ctx) => openFileLine(ctx, { partner, record, form: { headings, charset: 'UTF-8', separator: ';', whole: 'marker' } });
