// Stand-in for the legal-entity registry, asked over REST: POST /entity/query by code or by name, POST /entity/verify with the
// list of what differs. Field names and forms as seen in public programs: dates as milliseconds since 1970, any
// member may be null, "no such record" as code E-404 in an answer of HTTP 200.
import { openRegistry } from '../lib/registry.mjs';

export const partner = 'entity-rest';
export const title = '企业法人库';

const day = (text) => Date.parse(`${text}T00:00:00+08:00`);
// In business, renamed, cancelled, revoked, and one with whatever may be null.
export const entities = [
  { entname: '某某火锅店', hisname: null, uniscid: '91350100M000100Y43', regno: '350100600123456', enttypeCn: '个体工商户', name: '段正淳', estdate: day('2018-03-01'), apprdate: day('2023-06-30'), opfrom: day('2018-03-01'), opto: null,
    opscope: '餐饮服务。', regcap: 10, regcapcurCn: '人民币元', dom: '福州市鼓楼区东街1号', regorgCn: '福州市鼓楼区市场监督管理局', regstateCn: '存续（在营、开业、在册）', sExtNodenum: '350000' },
  { entname: '新名称商贸有限公司', hisname: '旧名称商贸有限公司、更旧名称商贸行', uniscid: '91340000711771143J', regno: null, enttypeCn: '有限责任公司', name: '王小峰', estdate: 0, apprdate: day('2024-01-15'), opfrom: null, opto: null,
    opscope: null, regcap: 1280.55, regcapcurCn: '人民币元', dom: '合肥市蜀山区长江西路2号', regorgCn: null, regstateCn: '存续（在营、开业、在册）', sExtNodenum: '340000' },
  { entname: '已注销食品厂', hisname: null, uniscid: '91440115618712245T', regno: null, enttypeCn: null, name: null, estdate: null, apprdate: null, opfrom: null, opto: null,
    opscope: null, regcap: null, regcapcurCn: null, dom: null, regorgCn: null, regstateCn: '注销', sExtNodenum: null },
  { entname: '被吊销贸易公司', hisname: null, uniscid: '91110108MA00478Q15', regno: null, enttypeCn: null, name: '李四', estdate: day('2016-05-05'), apprdate: null, opfrom: null, opto: null,
    opscope: null, regcap: 50, regcapcurCn: null, dom: null, regorgCn: null, regstateCn: '吊销,未注销', sExtNodenum: null },
];

export function find({ uniscid, entname }) {
  if (uniscid) return entities.find((e) => e.uniscid === uniscid);
  return entities.find((e) => e.entname === entname || (e.hisname ?? '').split('、').includes(entname));
}

export function query(question) {
  const found = find(question);
  return found ? { code: '0', message: null, data: found } : { code: 'E-404', message: '未查询到数据', data: null };
}

export function verify(given) {
  const found = find({ uniscid: given.uniscid });
  if (!found) return { code: 'E-404', message: '未查询到数据', data: null };
  const diff = ['entname', 'name', 'dom'].filter((key) => given[key] !== undefined && given[key] !== found[key]).map((key) => ({ chk_key: key, in_val: given[key], out_val: found[key] }));
  return { code: '0', message: null, data: { result: diff.length === 0 ? '1' : '0', diff: diff.length === 0 ? null : diff } };
}

// The platform's questions and what it must be told. No two of them are equal, so that each of them needs the registry.
export function sample(number) {
  const trader = entities[(number >> 1) % entities.length];
  const other = `某某商行${number}`;
  if (number % 2) return { service: 'entity.query', question: { subjectname: other }, answer: { result: '0' } };
  return { service: 'entity.verify', question: { socialcode: trader.uniscid, subjectname: other },
    answer: { result: '1', matches: false, diff: [{ field: 'name', given: other, registered: trader.entname }] } };
}

// hold(): answers wait until release() is called, so that a test decides when the registry speaks.
export async function open(ctx) {
  const state = { questions: [], held: false, waiting: [], extra: {} };
  const registry = await openRegistry(ctx, {
    partner, port: 18447, sample,
    async before(request, bytes) {
      state.questions.push({ path: request.url, question: JSON.parse(bytes), service: request.headers['tongqu-service'] });
      if (state.questions.length > 1000) state.questions.shift();
      if (state.held) await new Promise((resolve) => state.waiting.push(resolve));
    },
    say(request, bytes) {
      const said = { '/entity/query': query, '/entity/verify': verify }[request.url]?.(JSON.parse(bytes));
      return said && { status: 200, body: said.data ? { ...said, data: { ...said.data, ...state.extra } } : said };
    },
    refuse: (message) => ({ status: 200, body: { code: 'E-106', message, data: null } }),
  });
  const release = () => { state.held = false; for (const go of state.waiting.splice(0)) go(); };
  return {
    ...registry,
    hold: () => { state.held = true; },
    release,
    waiting: () => state.waiting.length,
    questions: () => state.questions,
    answerWith: (extra) => { state.extra = extra; },
    async close() {
      release();
      await registry.close();
    },
  };
}
