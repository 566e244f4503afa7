// The case system end to end: clues go to a service of 2012, decisions come in over our WSDL, and the partner's faults are
// survived. What other SOAP libraries make of us is in soap.test.mjs.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { House, slow, until } from './lib/gateway.mjs';
import { tellClue } from '../../sandbox/lib/release.mjs';

let house;
let standin;

const decision = (n, more = {}) => ({ clueNo: `XS9${n}`, caseNo: `AJ9${n}`, decision: '1', reason: '事实清楚', decidedAt: '2026-11-25 09:30:00', unit: '朝阳区局', officer: '王建国', ...more });
const clue = (n, more = {}) => tellClue({ platform: (what, body) => house.atPlatform(what, body), release: (exchange) => house.release(exchange) }, { service: 'case.clue', clueNo: `XS${n}`, sourceKind: '2', foundTime: '2026-11-24T10:00:00+08:00', partyName: '某某食品厂', content: '我在该厂仓库上班', opinion: `第${n}号意见`, informantName: '李四', informantTel: '13800138000', ...more });
const atPlatform = async (kind) => (await house.atPlatform('matters')).flatMap((m) => m.messages).map((m) => m.body).filter((m) => m.kind === kind);

before(async () => {
  house = await House.open({ standins: ['case'], change: (h) => h.edit('partners/case.yaml', (text) => text.replace('first: 500ms', 'first: 50ms').replace('open_for: 10s', 'open_for: 200ms').replace('timeout: 10s', 'timeout: 2s')) });
  standin = house.standins[0].standin;
});
after(async () => { await house?.close(); });

test('traffic both ways: everything arrives once, in order, and the informant does not', { timeout: 120000 * slow }, async () => {
  await standin.send(12);
  await house.settled();
  const { sent, received, problems } = standin.figures();
  assert.deepEqual(problems, []);
  assert.equal(sent, 36);
  assert.equal(received, 12);
  const references = new Set();
  for (const text of standin.clues()) {
    assert.match(text, /<XSXX>.*<AYMC>投诉、举报<\/AYMC>.*<CLYJ>建议核查<\/CLYJ>/s);
    assert.doesNotMatch(text, /XSNR|李四|13800138000|仓库/, 'content only on release, the informant never');
    references.add(/<JBRDH>(R-[0-9A-Z]{16})<\/JBRDH>/.exec(text)?.[1]);
  }
  assert.ok(references.size === 12 && !references.has(undefined), 'an opaque reference, another one each time');
  assert.equal((await atPlatform('decision')).length, 12);
  const penalties = await atPlatform('penalty');
  assert.equal(penalties.length, 12);
  assert.equal(penalties[0].fine, '12500.00');
  assert.equal((await atPlatform('closing'))[0].closeKind, '执行完毕');
  assert.equal((await atPlatform('decision'))[0].officer, '王**');
});

test('a resend is answered with the stored receipt; wrong input with every fault, its path and its line', { timeout: 60000 * slow }, async () => {
  const first = await standin.submit('submitDecision', decision(1));
  const second = await standin.submit('submitDecision', decision(1));
  assert.equal(first.status, 200, first.text);
  assert.equal(second.returned, first.returned);
  assert.equal(second.headers['tongqu-repeated'], 'true');
  assert.match(JSON.parse(first.returned).entry.exchange, /^[0-9A-Z]{26}$/);
  const { decidedAt, ...without } = decision(2, { clueNo: 'X'.repeat(50) });
  const bad = await standin.submit('submitDecision', without, { charset: 'GBK' });
  assert.equal(bad.status, 500);
  const codes = execFileSync('xmlstarlet', ['sel', '-N', 'e=urn:tongqu:error', '-t', '-m', '//e:fault', '-v', "concat(e:code,' ',e:path)", '-n'], { input: Buffer.from(bad.text.replace('encoding="GBK"', 'encoding="UTF-8"')), encoding: 'utf8' }).trim().split('\n');
  assert.ok(codes.length >= 2, codes.join());
  assert.ok(codes.some((line) => line.includes('$.clueNo')) && codes.some((line) => line.includes('$.decidedAt')), codes.join());
  assert.doesNotMatch(bad.text, /X{50}/, 'no value in an error');
});

test('who may not call, and hostile XML, change nothing for the next caller', { timeout: 60000 * slow }, async () => {
  const wrong = await standin.submit('submitDecision', decision(3), { password: 'guess' });
  assert.equal(wrong.status, 500);
  assert.match(wrong.text, /soap\.credentials/);
  const bomb = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><x>&b;</x></soap:Body></soap:Envelope>`;
  assert.match((await standin.submit('', {}, { envelope: bomb })).text, /xml\.doctype/);
  assert.match((await standin.submit('', {}, { envelope: `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${'<a>'.repeat(5000)}` })).text, /xml\.depth/);
  assert.equal((await standin.submit('submitDecision', decision(4))).status, 200);
});

test('the partner down, cut, slow, silent, garbage, twice, faulty, busy: every clue arrives once', { timeout: 180000 * slow }, async () => {
  const { received, problems } = standin.figures();
  let n = 100;
  for (const mode of ['error', 'cut', 'slow', 'garbage', 'duplicate', 'later', 'silent']) {
    standin.misbehave({ mode, count: 1, ms: 2500 });
    n += 1;
    assert.equal((await clue(n)).status, 202, mode);
    await until(`${mode} is over`, () => standin.orderOf(`XS${n}`).length === 1);
    await house.settled();
  }
  assert.equal(standin.figures().received, received + 7);
  assert.deepEqual(standin.figures().problems, problems);
});

test('one message that the partner refuses is a dead letter; the others go on', { timeout: 60000 * slow }, async () => {
  standin.misbehave({ mode: 'refuse', count: 1 });
  assert.equal((await clue(201)).status, 202);
  await until('the refusal is known', async () => (await house.atAdmin('status')).body.partners.find((p) => p.partner === 'case').dead === 1);
  assert.equal((await clue(202)).status, 202);
  await until('the next one arrived', () => standin.orderOf('XS202').length === 1);
  assert.equal(standin.orderOf('XS201').length, 0);
});
