// Stand-in for the enterprise credit publicity system behind the data sharing platform: a key service that seals session
// keys, and a publicity service that checks every header, the key's end, the clock and replays. Written from the domain
// guide, not from the gateway's code.
import crypto from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { Faults, answer, beforeEffect } from '../lib/misbehave.mjs';
import { call, insist, readBody } from '../lib/http.mjs';

export const partner = 'credit';
export const title = '国家企业信用信息公示系统';

const rid = '7acbccd9-0000-0000-0000-000000000000';
const keySid = 's_1200000900000_0001';
const businessSid = 's_1200000900000_2108';
const ownRid = '7acbccd9-0000-0000-0000-000000000001';
const gatewaySid = 's_1200000900000_2109';
const maxSkewMs = 5 * 60 * 1000;
// Every member that a row may have; anything else would be data that does not belong here.
const columns = {
  XZCF: ['bizType', 'rowId', 'cf_wsh', 'cf_xdr_mc', 'cf_xdr_xm', 'cf_xdr_lb', 'cf_xdr_shxym', 'cf_wfxw', 'cf_yj', 'cf_cflb', 'cf_nr', 'cf_nr_fk', 'cf_cfjg', 'cf_cfjgdm', 'cf_jdrq', 'cf_gsjzq'],
  CXGS: ['bizType', 'rowId', 'cf_wsh', 'cf_cfjg', 'cf_cfjgdm', 'cx_yy', 'cx_rq'],
  TSGS: ['bizType', 'rowId', 'entName', 'creditNo', 'entAddr', 'content', 'res', 'department', 'endtime'],
};
const sign = (key, sid, id, rtime) => crypto.createHmac('sha256', key).update(sid + id + rtime).digest('base64');

// The sharing platform in front of the system: rights, keys, and what became of the rows.
export class Platform {
  constructor(appKey) {
    this.appKey = appKey;
    this.lifeMs = 600_000; // of a session key
    this.skewMs = 0; // how far our clock is off
    this.granted = true;
    this.keys = []; // {secret, endsMs}
    this.seen = new Map(); // signature → when it may be forgotten
    this.renewals = 0;
    this.rows = new Map(); // message id → row
    this.repeated = 0;
    this.problems = [];
  }

  now() { return Date.now() + this.skewMs; }

  // The code that the headers deserve; '0' when they are right. `keys`: secrets that may have signed.
  check(headers, sid, keys) {
    const [id, service, rtime, signature] = ['rid', 'sid', 'rtime', 'sign'].map((name) => headers[`gjgxjhpt_${name}`]);
    if (id !== rid || service !== sid || !/^\d{13}$/.test(rtime ?? '') || !signature) return 'E-101';
    const key = keys.find((one) => sign(one.secret, service, id, rtime) === signature);
    if (!key) return 'E-102';
    if (Math.abs(this.now() - Number(rtime)) > maxSkewMs) return 'E-103';
    if (key.endsMs <= this.now()) return 'E-102';
    if (!this.granted) return 'E-106';
    for (const [old, until] of this.seen) if (until < this.now()) this.seen.delete(old);
    if (this.seen.has(signature)) {
      this.problems.push('a signature came twice');
      return 'E-105';
    }
    this.seen.set(signature, this.now() + 2 * maxSkewMs);
    return '0';
  }

  key(headers) {
    const code = this.check(headers, keySid, [{ secret: this.appKey, endsMs: Infinity }]);
    if (code !== '0') return { code, msg: 'refused' };
    this.renewals += 1;
    const secret = crypto.randomBytes(16).toString('hex');
    const endsMs = this.now() + this.lifeMs;
    this.keys = [{ secret, endsMs }, ...this.keys].slice(0, 8);
    const cipher = crypto.createCipheriv('aes-256-ecb', this.appKey, null);
    return { code: '0', data: { secret: cipher.update(secret, 'utf8', 'base64') + cipher.final('base64'), secretEndTime: endsMs } };
  }

  take(headers, bytes) {
    const code = this.check(headers, businessSid, this.keys);
    if (code !== '0') return { code, msg: 'refused' };
    const id = headers['tongqu-message-id'];
    const row = JSON.parse(bytes);
    const known = this.rows.get(id);
    if (known) {
      this.repeated += 1;
      return known === bytes.toString() ? { code: 'E-201', msg: 'received already' } : { code: 'E-400', msg: 'same number, other row' };
    }
    const foreign = Object.keys(row).filter((name) => !columns[row.bizType]?.includes(name));
    if (foreign.length > 0) this.problems.push(`a row has members that do not belong there: ${foreign.join(', ')}`);
    this.rows.set(id, bytes.toString());
    return { code: '0', msg: 'ok' };
  }
}

export function penalty(n, more = {}) {
  return {
    service: 'credit.penalty-publicity', decisionNo: `京朝市监处罚〔2026〕${n}号`, entName: '某某火锅店', socialcode: '91350100M000100Y43', legalPerson: '李建国', idnumber: '11010519491231002X',
    breach: '经营过期食品', facts: '当事人李建国销售超过保质期的食品。', ground: '《食品安全法》第一百二十四条', kinds: '02', content: '罚款人民币伍万元。', fineWan: '5',
    authority: '朝阳区市场监督管理局', authorityCode: '11110108MB1234567C', decidedOn: '2026-11-10', approvedBy: '赵审批', approvedOn: '2026-11-23', secrecyReviewedBy: '钱保密', secrecyReviewedOn: '2026-11-22', keyProduct: '1', ...more,
  };
}
export function withdrawal(n, more = {}) {
  return { service: 'credit.withdrawal', cfwsh: `京朝市监处罚〔2026〕${n}号`, cfjg: '海淀区市场监督管理局', cxyy: '2', cxrq: '2026-11-20', ...more };
}
export function complaint(n, more = {}) {
  return {
    service: 'complaint.publicity', caseid: `111010520261124${String(n).padStart(10, '0')}`, publishConsent: '1', providername: '段正淳', providertel: '18049531999', subjectname: '某某火锅店', socialcode: '91350100M000100Y43',
    addr: '朝阳区建国路1号', applbasquename: '食品安全', tsnr: '本人段正淳于11月20日消费后腹泻，电话18049531999。', result: '调解成功', unit: '朝阳区市场监督管理局', endtime: '2026-11-24', ...more,
  };
}

export async function open(ctx) {
  const read = (name) => fs.readFileSync(path.join(ctx.secrets, name));
  const platform = new Platform(read('credit.app-key').toString().trim());
  const inboundKey = read('credit-in.app-key').toString().trim();
  const faults = new Faults();
  const agent = new https.Agent({ keepAlive: true, maxSockets: 4, ca: read('ca.crt') });
  let sent = 0;
  let lastRtime = 0;

  const server = https.createServer({ cert: read('credit.crt'), key: read('credit.key') }, async (request, response) => {
    const bytes = await readBody(request);
    const date = () => response.setHeader('Date', new Date(platform.now()).toUTCString());
    if (request.url === '/gateway/key') { date(); return answer({ mode: 'none' }, response, 200, platform.key(request.headers)); }
    if (request.url === '/moved/publicity') { response.writeHead(308, { Location: '/gateway/publicity' }); return response.end(); }
    if (request.url !== '/gateway/publicity') return answer({ mode: 'none' }, response, 404, { code: 'E-404' });
    const fault = faults.next();
    if (fault.mode === 'key-invalid') platform.keys = [];
    date();
    if (fault.mode === 'refuse') return answer({ mode: 'none' }, response, 200, { code: 'E-400', msg: '数据项不符合要求' });
    if (fault.mode === 'later') return answer({ mode: 'none' }, response, 200, { code: '-1', msg: '系统繁忙' });
    return answer(fault, response, 200, beforeEffect.has(fault.mode) ? { code: '0' } : platform.take(request.headers, bytes));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  ctx.edit('partners/credit.yaml', (text) => text.replaceAll(':18448', `:${server.address().port}`));

  // One call of the gateway with the headers of the sharing platform.
  async function callGateway(service, body, { key = inboundKey, shiftMs = 0, headers: given } = {}) {
    if (shiftMs === 0) lastRtime = Math.max(Date.now(), lastRtime + 1);
    const rtime = String(shiftMs === 0 ? lastRtime : Date.now() + shiftMs);
    const headers = given ?? { gjgxjhpt_rid: ownRid, gjgxjhpt_sid: gatewaySid, gjgxjhpt_rtime: rtime, gjgxjhpt_sign: sign(key, gatewaySid, ownRid, rtime) };
    const text = JSON.stringify(body);
    const result = await insist(() => call(agent, `${ctx.gateway()}/exchange/v1/${service}`, 'POST', { ...headers, 'Content-Type': 'application/json' }, text));
    return { status: result.status, body: result.body.toString(), sentHeaders: headers };
  }
  async function receipt(n, state = '1', options = {}) {
    const result = await callGateway('credit.publication-state', { cf_wsh: `京朝市监处罚〔2026〕${n}号`, state, time: Date.now(), portalNo: `GS${n}` }, options);
    if (result.status === 202) sent += 1;
    return result;
  }

  async function tell(matter) {
    const told = await ctx.platform('state', matter);
    if (told.status !== 202) platform.problems.push(`${matter.service} of the platform was answered ${told.status}`);
  }
  let next = 1;

  return {
    platform, faults, receipt, callGateway,
    async send(count) {
      for (let i = 0; i < count; i += 1, next += 1) {
        await tell(penalty(next));
        if (next % 3 === 0) await tell(withdrawal(next));
        await tell(complaint(next));
        const said = await receipt(next);
        if (said.status !== 202) platform.problems.push(`a receipt was answered ${said.status}`);
      }
    },
    figures: () => ({ sent, turnedBack: 0, received: platform.rows.size, problems: [...platform.problems] }),
    misbehave: (fault) => faults.arm(fault),
    close: () => new Promise((resolve) => { agent.destroy(); server.closeAllConnections(); server.close(resolve); }),
  };
}
