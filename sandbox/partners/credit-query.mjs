// Stand-in for the enterprise credit publicity system as one that is asked, behind the data sharing platform: POST /gateway/credit by
// code or by name with the headers of a session key, which its own key service gives. Members may be null, fines are in 万元.
import fs from 'node:fs';
import path from 'node:path';
import { openRegistry } from '../lib/registry.mjs';
import { Platform } from './credit.mjs';

export const partner = 'credit-query';
export const title = '国家企业信用信息公示系统（查询）';

const sid = 's_1200000900000_2110';
// Nothing against it; on one list, off another, and fined; whatever may be null.
export const traders = [
  { entName: '某某火锅店', creditNo: '91350100M000100Y43', legalPerson: '段正淳', regState: '存续（在营、开业、在册）', lists: [], penalties: [] },
  { entName: '新名称商贸有限公司', creditNo: '91340000711771143J', legalPerson: '王小峰', regState: '存续（在营、开业、在册）',
    lists: [
      { listType: '1', reasonItem: '4', reason: '通过登记的住所或者经营场所无法联系', inDate: '2023-05-06', outDate: '2024-01-15', inOrg: '合肥市蜀山区市场监督管理局' },
      { listType: '2', reasonItem: null, reason: '生产销售不符合保障人体健康标准的产品', inDate: '2025-08-01', outDate: null, inOrg: '合肥市市场监督管理局' },
    ],
    penalties: [
      { cf_wsh: '合蜀市监处罚〔2025〕31号', cf_wfxw: '经营过期食品', cf_nr: '罚款人民币伍万壹仟元。', cf_nr_fk: 5.1, cf_cfjg: '合肥市蜀山区市场监督管理局', cf_jdrq: '2025-07-10', cf_gsjzq: '2028-07-10' },
      { cf_wsh: '合蜀市监处罚〔2025〕32号', cf_wfxw: null, cf_nr: '警告。', cf_nr_fk: null, cf_cfjg: null, cf_jdrq: '2025-07-11', cf_gsjzq: null },
    ] },
  { entName: '已注销食品厂', creditNo: '91440115618712245T', legalPerson: null, regState: '注销', lists: null, penalties: null },
];

// What the platform has to be told of each of them.
export const told = [
  { result: '1', subjectname: '某某火锅店', socialcode: '91350100M000100Y43', legalperson: '段正淳', statetext: '存续（在营、开业、在册）' },
  { result: '1', subjectname: '新名称商贸有限公司', socialcode: '91340000711771143J', legalperson: '王小峰', statetext: '存续（在营、开业、在册）',
    lists: [
      { list: 'ABNORMAL', item: '4', reason: '通过登记的住所或者经营场所无法联系', indate: '2023-05-06', outdate: '2024-01-15', unit: '合肥市蜀山区市场监督管理局' },
      { list: 'SERIOUS', reason: '生产销售不符合保障人体健康标准的产品', indate: '2025-08-01', unit: '合肥市市场监督管理局' },
    ],
    penalties: [
      { decisionno: '合蜀市监处罚〔2025〕31号', breach: '经营过期食品', content: '罚款人民币伍万壹仟元。', fine: 51000, unit: '合肥市蜀山区市场监督管理局', decideddate: '2025-07-10', publisheduntil: '2028-07-10' },
      { decisionno: '合蜀市监处罚〔2025〕32号', content: '警告。', decideddate: '2025-07-11' },
    ] },
  { result: '1', subjectname: '已注销食品厂', socialcode: '91440115618712245T', statetext: '注销' },
];

// The platform's questions and what it must be told. No two of them are equal, so that each of them needs the registry.
export function sample(number) {
  if (number % 2) return { service: 'credit.query', question: { subjectname: `某某商行${number}` }, answer: { result: '0' } };
  const which = (number >> 1) % traders.length;
  return { service: 'credit.query', question: { socialcode: traders[which].creditNo, subjectname: `${number}` }, answer: told[which] };
}

export async function open(ctx) {
  const platform = new Platform(fs.readFileSync(path.join(ctx.secrets, 'credit.app-key'), 'utf8').trim());
  const verdicts = new WeakMap();
  const state = { extra: {}, questions: [] };
  const registry = await openRegistry(ctx, {
    partner, port: 18457, sample,
    aside: (request) => (request.url === '/gateway/key' ? { status: 200, body: platform.key(request.headers) } : undefined),
    // A key that is over, a clock that is off and a right that was taken away are answers; the rest must not happen.
    check(request) {
      const code = platform.check(request.headers, sid, platform.keys);
      verdicts.set(request, code);
      return ['E-101', 'E-105'].includes(code) ? code : '';
    },
    say(request, bytes) {
      if (request.url !== '/gateway/credit') return undefined;
      const code = verdicts.get(request);
      if (code !== '0') return { status: 200, body: { code, msg: 'refused', data: null } };
      const question = JSON.parse(bytes);
      state.questions = [...state.questions, question].slice(-1000);
      const found = traders.find((one) => (question.creditNo ? one.creditNo === question.creditNo : one.entName === question.entName));
      return { status: 200, body: found ? { code: '0', msg: 'ok', data: { ...found, ...state.extra } } : { code: 'E-404', msg: '未查询到数据', data: null } };
    },
    refuse: (message) => ({ status: 200, body: { code: 'E-400', msg: message, data: null } }),
  });
  return { ...registry, platform, questions: () => state.questions, answerWith: (extra) => { state.extra = extra; } };
}
