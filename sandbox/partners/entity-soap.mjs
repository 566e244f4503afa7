// Stand-in for the legal-entity registry of a province, asked over SOAP 1.2: document/literal, WS-Security UsernameToken with
// digest, WS-Addressing. It answers with XML in a returned string, in rows that carry their field's name as a value and leave empty
// what they do not know. Reads and writes XML by hand, so that it shares no code with what it tests.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { openRegistry } from '../lib/registry.mjs';

export const partner = 'entity-soap';
export const title = '省级法人库';

const soap = 'http://www.w3.org/2003/05/soap-envelope';
const addressing = 'http://www.w3.org/2005/08/addressing';
// In business, cancelled, and a sole trader whose record is nearly empty.
export const entities = [
  { ENTNAME: '城甲大药房有限公司', HISNAME: '城甲药店', UNISCID: '91350100M000100Y43', REGNO: '350100600123456', ENTTYPE_CN: '有限责任公司', NAME: '段正淳', ESTDATE: '2018-03-01 00:00:00', APPRDATE: '2023-06-30 09:15:00', OPFROM: '2018-03-01 00:00:00',
    OPTO: '', OPSCOPE: '药品零售 & 批发。', REGCAP: '1280.55', REGCAPCUR_CN: '人民币元', DOM: '福州市鼓楼区东街1号', REGORG_CN: '福州市鼓楼区市场监督管理局', REGSTATE_CN: '存续（在营、开业、在册）', SEXTNODENUM: '350000' },
  { ENTNAME: '已注销食品厂', UNISCID: '91440115618712245T', NAME: '王小峰', REGSTATE_CN: '注销' },
  { ENTNAME: '张记馄饨', UNISCID: '92340104MA2N4XYH35', NAME: '张三', DOM: '', REGSTATE_CN: '存续（在营、开业、在册）' },
];

const escapeXml = (text) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const unescapeXml = (text) => text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name) => ({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" })[name]);
const element = (text, name) => text.match(new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([\\s\\S]*?)</(?:\\w+:)?${name}>`))?.[1];

// Empty when the token is right and was never here before, else what is wrong.
function checkToken(text, password, nonces) {
  if (element(text, 'Username') !== 'tongqu') return 'user';
  const [nonce, created] = [element(text, 'Nonce'), element(text, 'Created')];
  if (!nonce || !created || Math.abs(Date.now() - Date.parse(created)) > 300000) return 'nonce or time';
  const right = crypto.createHash('sha1').update(Buffer.concat([Buffer.from(nonce, 'base64'), Buffer.from(created), Buffer.from(password)])).digest('base64');
  if (element(text, 'Password') !== right) return 'digest';
  if (nonces.has(nonce)) return 'nonce again';
  nonces.add(nonce);
  return '';
}

export const type = 'application/soap+xml; charset=utf-8';
export const envelope = (relatesTo, body) => `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="${soap}" xmlns:a="${addressing}"><s:Header>${relatesTo ? `<a:RelatesTo>${relatesTo}</a:RelatesTo>` : ''}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
export const fault = (side, text) => `<s:Fault><s:Code><s:Value>s:${side}</s:Value></s:Code><s:Reason><s:Text xml:lang="zh">${text}</s:Text></s:Reason></s:Fault>`;

export function result(found) {
  const rows = found ? `<ROW>${Object.entries(found).map(([name, value]) => `<FIELD NAME="${name}">${escapeXml(value)}</FIELD>`).join('')}</ROW>` : '';
  return `<?xml version="1.0" encoding="UTF-8"?><RESULT><CODE>${found ? 0 : 404}</CODE><ROWS>${rows}</ROWS></RESULT>`;
}
export const returned = (text) => `<r:queryEntityResponse xmlns:r="http://entity.gov/service/"><return>${escapeXml(text)}</return></r:queryEntityResponse>`;

// The hotline's questions and what it must be told: its view has the representative masked and no address. No two are equal.
export function sample(number) {
  if (number % 2) return { service: 'entity.query', question: { companyName: `某某商行${number}` }, answer: { found: false } };
  const one = entities[(number >> 1) % entities.length];
  return { service: 'entity.query', question: { code: one.UNISCID, companyName: `${number}` },
    answer: { found: true, name: one.ENTNAME, code: one.UNISCID, legalPerson: `${one.NAME[0]}${'*'.repeat(one.NAME.length - 1)}`, state: one.REGSTATE_CN } };
}

export async function open(ctx) {
  const password = fs.readFileSync(path.join(ctx.secrets, 'entity-soap.password'), 'utf8').trim();
  const nonces = new Set();
  const state = { questions: [], instead: undefined };
  const registry = await openRegistry(ctx, {
    partner, port: 18456, sample, who: 'city-a',
    check: (request, bytes) => checkToken(bytes.toString(), password, nonces),
    say(request, bytes) {
      if (request.url !== '/services/EntityService') return undefined;
      const text = bytes.toString();
      const id = element(text, 'MessageID');
      const [code, name] = [element(text, 'uniscid'), element(text, 'entname')];
      if (!text.includes('http://entity.gov/service/') || (!code && !name)) return { status: 500, type, body: envelope(id, fault('Sender', 'no question')) };
      state.questions = [...state.questions, { code, name: name && unescapeXml(name) }].slice(-1000);
      if (state.instead) return { status: 200, type, ...state.instead(id) };
      const found = entities.find((one) => (code ? one.UNISCID === code : one.ENTNAME === unescapeXml(name)));
      return { status: 200, type, body: envelope(id, returned(result(found))) };
    },
    refuse: (message, bytes) => ({ status: 400, type, body: envelope(element(bytes.toString(), 'MessageID'), fault('Sender', message)) }),
  });
  return {
    ...registry,
    questions: () => state.questions,
    // `what(id)`: {status, type, body} for the question with that wsa:MessageID, in place of what the registry would say.
    answerInstead: (what) => { state.instead = what; },
  };
}
