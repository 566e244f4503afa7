// Stand-in for the law-enforcement case system. It calls the gateway's SOAP service as its WSDL says (document/literal,
// WS-Security UsernameToken with digest), and is called in the manner of 2012: Axis 1, rpc/encoded, GBK, the document as XML in
// a string, the outcome as XML in the returned string. Written by hand on Node's own http, so that it shares no code with what
// it tests.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { call, insist, readBody } from '../lib/http.mjs';
import { Faults } from '../lib/misbehave.mjs';
import { tellClue } from '../lib/release.mjs';

export const partner = 'case';
export const title = '市场监管执法办案系统';

const gbk = new TextDecoder('gbk', { fatal: true });
let table; // character → bytes; Node reads GBK and does not write it
export function toGbk(text) {
  if (!table) {
    table = new Map();
    for (let high = 0x81; high <= 0xfe; high += 1) {
      for (let low = 0x40; low <= 0xfe; low += 1) {
        if (low === 0x7f) continue;
        try {
          const character = gbk.decode(Uint8Array.of(high, low));
          if ([...character].length === 1 && !table.has(character)) table.set(character, [high, low]);
        } catch { /* not a character of GBK */ }
      }
    }
  }
  const bytes = [];
  for (const character of text) {
    if (character.charCodeAt(0) < 0x80) bytes.push(character.charCodeAt(0));
    else if (table.has(character)) bytes.push(...table.get(character));
    else bytes.push(...Buffer.from(`&#${character.codePointAt(0)};`));
  }
  return Buffer.from(bytes);
}
export const fromGbk = (bytes) => gbk.decode(bytes);

const escapeXml = (text) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const unescapeXml = (text) => text.replace(/&(lt|gt|amp|quot|apos|#\d+|#x[0-9a-fA-F]+);/g, (_, name) => {
  const known = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return known[name] ?? String.fromCodePoint(name[1] === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1)));
});
const element = (text, name) => text.match(new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([\\s\\S]*?)</(?:\\w+:)?${name}>`))?.[1];

function answerOf(code, message) {
  const result = `<?xml version="1.0" encoding="GBK"?><RESULT><CODE>${code}</CODE><MSG>${message}</MSG></RESULT>`;
  return toGbk(`<?xml version="1.0" encoding="GBK"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><ns1:receiveClueResponse soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:ns1="http://service.case.gov/"><receiveClueReturn xsi:type="xsd:string">${escapeXml(result)}</receiveClueReturn></ns1:receiveClueResponse></soapenv:Body></soapenv:Envelope>`);
}
const faultOf = (code, text) => toGbk(`<?xml version="1.0" encoding="GBK"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><soapenv:Fault><faultcode>soapenv:${code}</faultcode><faultstring>${text}</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>`);

async function reply(fault, response, status, bytes) {
  const type = 'text/xml; charset=GBK';
  switch (fault.mode) {
    case 'slow': await new Promise((resolve) => setTimeout(resolve, fault.ms)); break;
    case 'silent': return;
    case 'garbage':
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<html><body>系统维护中<br></body></html>');
      return;
    case 'cut':
      response.writeHead(status, { 'Content-Type': type, 'Content-Length': bytes.length });
      response.write(bytes.subarray(0, bytes.length / 2));
      setTimeout(() => response.socket?.destroy(), 10);
      return;
    case 'duplicate': {
      const head = Buffer.from(`HTTP/1.1 ${status} OK\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`);
      response.socket?.end(Buffer.concat([head, bytes, head, bytes]));
      return;
    }
    default: break;
  }
  response.writeHead(status, { 'Content-Type': type });
  response.end(bytes);
}

export function securityHeader(user, password, now = new Date()) {
  const nonce = crypto.randomBytes(16);
  const created = now.toISOString().replace(/\.\d+Z$/, 'Z');
  const digest = crypto.createHash('sha1').update(Buffer.concat([nonce, Buffer.from(created), Buffer.from(password)])).digest('base64');
  return `<wsse:Security soap:mustUnderstand="1" xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"><wsse:UsernameToken><wsse:Username>${escapeXml(user)}</wsse:Username><wsse:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">${digest}</wsse:Password><wsse:Nonce>${nonce.toString('base64')}</wsse:Nonce><wsu:Created>${created}</wsu:Created></wsse:UsernameToken></wsse:Security>`;
}

export async function open(ctx) {
  const read = (name) => fs.readFileSync(path.join(ctx.secrets, name));
  const passwordIn = read('case-out.password').toString().trim(); // with which the gateway comes
  const passwordOut = read('case.password').toString().trim(); // with which we go there
  const agent = new https.Agent({ keepAlive: true, ca: read('ca.crt') });
  const faults = new Faults();
  const clues = new Map(); // message number → document
  const perClue = new Map(); // clue number → message numbers, in order of arrival
  const problems = [];
  const figures = { sent: 0, received: 0, repeated: 0, refused: 0 };

  function take(document) {
    const message = element(document, 'BWBH');
    if (!message) return answerOf('1', '报文编号缺失');
    if (clues.has(message)) {
      figures.repeated += 1;
      if (clues.get(message) !== document) problems.push(`message ${message} came twice with different content`);
      return answerOf('0', '重复');
    }
    clues.set(message, document);
    const clue = element(document, 'XSBH');
    perClue.set(clue, [...(perClue.get(clue) ?? []), message]);
    figures.received += 1;
    return answerOf('0', '成功');
  }

  const server = http.createServer(async (request, response) => {
    const bytes = await readBody(request);
    const fault = faults.next();
    let text;
    try {
      text = fromGbk(bytes);
    } catch {
      problems.push('a request that is no GBK');
      return reply(fault, response, 500, faultOf('Client', 'encoding'));
    }
    if (fault.mode === 'error') return reply({ mode: 'none' }, response, 500, faultOf('Server.userException', 'java.sql.SQLException'));
    if (element(text, 'userName') !== 'tongqu' || element(text, 'password') !== passwordIn) {
      problems.push('a request with wrong credentials');
      return reply(fault, response, 200, answerOf('1', '用户名或密码错误'));
    }
    if (fault.mode === 'refuse') {
      figures.refused += 1;
      return reply({ mode: 'none' }, response, 200, answerOf('1', '数据项不符合要求'));
    }
    if (fault.mode === 'later') return reply({ mode: 'none' }, response, 200, answerOf('9', '系统忙'));
    const document = unescapeXml(element(text, 'xmlStr') ?? '');
    return reply(fault, response, 200, fault.mode === 'garbage' ? Buffer.alloc(0) : take(document));
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  ctx.edit('partners/case.yaml', (text) => text.replace(/127\.0\.0\.1:\d+\/axis/, `127.0.0.1:${server.address().port}/axis`));

  // Calls an operation of the gateway's service; gives status, text of the returned value and the whole answer.
  async function submit(operation, fields, { password = passwordOut, charset = 'UTF-8', envelope } = {}) {
    const body = Object.entries(fields).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`).join('');
    const text = envelope ?? `<?xml version="1.0" encoding="${charset}"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>${securityHeader('case', password)}</soap:Header><soap:Body><c:${operation} xmlns:c="urn:tongqu:case">${body}</c:${operation}></soap:Body></soap:Envelope>`;
    const bytes = charset === 'GBK' ? toGbk(text) : Buffer.from(text);
    const result = await insist(() => call(agent, `${ctx.gateway()}/soap/case`, 'POST', { 'Content-Type': `text/xml; charset=${charset}`, SOAPAction: '""' }, bytes));
    const said = result.headers['content-type']?.includes('GBK') ? fromGbk(result.body) : result.body.toString();
    const returned = element(said, 'return');
    return { status: result.status, headers: result.headers, text: said, returned: returned === undefined ? undefined : unescapeXml(returned) };
  }

  const number = (prefix, n) => `${prefix}2026${String(n).padStart(6, '0')}`;
  let next = 1;
  async function handOver(n) {
    const unit = '朝阳区市场监督管理局';
    const steps = [
      ['submitDecision', { clueNo: number('XS', n), caseNo: number('AJ', n), decision: '1', reason: '违法事实清楚，予以立案。', decidedAt: '2026-11-25 09:30:00', unit, officer: '王建国' }],
      ['submitPenalty', { caseNo: number('AJ', n), decisionNo: `京朝市监处罚〔2026〕${n}号`, partyName: '某某食品厂', partyCode: '91350100M000100Y43', personInCharge: '张三', facts: '生产不符合食品安全标准的食品。', legalGround: '《食品安全法》第一百二十四条', content: '罚款', fineWan: '1.25', decidedOn: '2026-11-26', unit }],
      ['submitClosing', { caseNo: number('AJ', n), closeKind: '1', execution: '1', closedAt: '2026-12-01 17:00:00', unit }],
    ];
    for (const [operation, fields] of steps) {
      const charset = n % 2 === 0 ? 'GBK' : 'UTF-8'; // half of the installations were never moved
      const first = await submit(operation, fields, { charset });
      if (first.status !== 200) problems.push(`${operation} answered ${first.status}`);
      figures.sent += 1;
      if (n % 5 !== 0) continue;
      const again = await submit(operation, fields, { charset }); // a blind resend, as after a lost answer
      if (again.returned !== first.returned) problems.push(`${operation} repeated, another answer`);
    }
  }

  return {
    async send(count) {
      for (let i = 0; i < count; i += 1, next += 1) {
        const told = await tellClue(ctx, { service: 'case.clue', clueNo: number('XS', next), sourceKind: '2', foundTime: '2026-11-24T10:00:00+08:00', partyName: '某某食品厂', partyAddr: '朝阳区建国路1号', content: '我在该厂仓库上班，厂里用过期原料。', opinion: '建议核查', unit: '全国12315平台', informantName: '李四', informantTel: '13800138000' });
        if (told.status !== 202) problems.push(`a clue of the platform was answered ${told.status}`);
        await handOver(next);
      }
    },
    figures: () => ({ ...figures, problems: [...problems] }),
    misbehave: (fault) => faults.arm(fault),
    close: () => { agent.destroy(); server.closeAllConnections?.(); return new Promise((resolve) => { server.close(resolve); }); },
    // For tests.
    clues: () => [...clues.values()],
    orderOf: (clue) => perClue.get(clue) ?? [],
    submit,
    port: () => server.address().port,
  };
}
