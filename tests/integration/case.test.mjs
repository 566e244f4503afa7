// The case system end to end: clues go to a service of 2012, decisions come in over our WSDL, faults of the partner are
// survived, and the npm package `soap` (installed from tests/integration/node) reads our WSDL and is read by us.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { House, root, slow, until } from './lib/gateway.mjs';

const tools = path.join(root, 'tests/integration/node');
let house;
let standin;
let soap;

const xpath = (text, expression) => execFileSync('xmlstarlet', ['sel', '-t', '-v', expression, '-'], { input: text, encoding: 'utf8' }).trim();
const decision = (n, more = {}) => ({ clueNo: `XS9${n}`, caseNo: `AJ9${n}`, decision: '1', reason: '事实清楚', decidedAt: '2026-11-25 09:30:00', unit: '朝阳区局', officer: '王建国', ...more });
const clue = (n, more = {}) => house.atPlatform('state', { service: 'case.clue', clueNo: `XS${n}`, sourceKind: '2', foundTime: '2026-11-24T10:00:00+08:00', partyName: '某某食品厂', content: '我在该厂仓库上班', opinion: `第${n}号意见`, informantName: '李四', informantTel: '13800138000', ...more });
const atPlatform = async (kind) => (await house.atPlatform('matters')).flatMap((m) => m.messages).map((m) => m.body).filter((m) => m.kind === kind);
const reload = () => { const reloaded = house.cli('reload'); assert.equal(reloaded.code, 0, reloaded.out); };

before(async () => {
  if (!fs.existsSync(path.join(tools, 'node_modules/soap'))) execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: tools, stdio: 'pipe' });
  soap = createRequire(path.join(tools, 'package.json'))('soap');
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
  for (const text of standin.clues()) {
    assert.match(text, /<XSXX>.*<AYMC>投诉、举报<\/AYMC>.*<CLYJ>建议核查<\/CLYJ>/s);
    assert.doesNotMatch(text, /XSNR|李四|13800138000|仓库/, 'content only on release, the informant never');
  }
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

// ---- npm soap -----------------------------------------------------------------------------------------------------

const ca = () => fs.readFileSync(path.join(house.secrets, 'ca.crt'));
const agent = () => new https.Agent({ ca: ca(), servername: 'localhost' });
const description = () => execFileSync('curl', ['-s', '--fail', '--cacert', path.join(house.secrets, 'ca.crt'), '--resolve', `localhost:${new URL(house.partners).port}:127.0.0.1`, `https://localhost:${new URL(house.partners).port}/soap/case?wsdl`], { encoding: 'utf8' });

async function client({ version12 = false } = {}) {
  const file = path.join(house.folder, 'case.wsdl');
  fs.writeFileSync(file, description());
  const made = await soap.createClientAsync(file, { disableCache: true, forceSoap12Headers: version12, wsdl_options: { httpsAgent: agent() } });
  made.setEndpoint(`${house.partners}/soap/case`);
  const password = fs.readFileSync(path.join(house.secrets, 'case.password'), 'utf8').trim();
  made.setSecurity(new soap.WSSecurity('case', password, { passwordType: 'PasswordDigest', mustUnderstand: '1' }));
  return made;
}
const callWith = (made, operation, body) => made[`${operation}Async`](body, { httpsAgent: agent() }).then(([result]) => result);

test('the WSDL is well-formed, names every operation, and npm soap calls by it, in both versions', { timeout: 120000 * slow }, async () => {
  const text = description();
  assert.equal(xpath(text, 'count(//*[local-name()="portType"]/*[local-name()="operation"])'), '3');
  assert.equal(xpath(text, 'count(//*[local-name()="port"])'), '2');
  const made = await client();
  const result = await callWith(made, 'submitDecision', decision(5));
  assert.match(JSON.parse(result.return).entry.exchange, /^[0-9A-Z]{26}$/);
  assert.deepEqual(JSON.parse((await callWith(made, 'submitDecision', decision(5))).return), JSON.parse(result.return), 'a resend with a new nonce');
  const twelve = await client({ version12: true });
  assert.match((await callWith(twelve, 'submitClosing', { caseNo: 'AJ95', closeKind: '1', closedAt: '2026-12-01 17:00:00' })).return, /exchange/);
  await assert.rejects(callWith(made, 'submitDecision', { clueNo: 'XS96' }), (error) => {
    assert.equal(error.root.Envelope.Body.Fault.faultcode, 'soap:Client');
    assert.ok([error.root.Envelope.Body.Fault.detail.error.fault].flat().length >= 2);
    return true;
  });
});

test('X.509: npm soap signs with its certificate, and nobody else may', { timeout: 120000 * slow }, async () => {
  const before = fs.readFileSync(path.join(house.config, 'partners/case.yaml'), 'utf8');
  const key = path.join(house.folder, 'signer.key');
  const certificate = path.join(house.secrets, 'signer.crt');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '1', '-subj', '/CN=case'], { stdio: 'pipe' });
  house.edit('partners/case.yaml', (text) => text.replace(/  credentials:\n    kind: username-token[\s\S]*?max_clock_skew: 5m\n/, '  credentials:\n    kind: signature\n    certificate: ${file:signer.crt}\n'));
  reload();
  const made = await client();
  await assert.rejects(callWith(made, 'submitDecision', decision(7)), /Fault|soap/);
  const security = (file) => new soap.WSSecurityCert(fs.readFileSync(file), fs.readFileSync(certificate), '', { hasTimeStamp: true, signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256' });
  made.setSecurity(security(key));
  assert.match((await callWith(made, 'submitDecision', decision(7))).return, /exchange/);
  const other = path.join(house.folder, 'other.key');
  execFileSync('openssl', ['genrsa', '-out', other, '2048'], { stdio: 'pipe' });
  made.setSecurity(security(other));
  await assert.rejects(callWith(made, 'submitDecision', decision(8)), (error) => /xmldsig\.refused/.test(JSON.stringify(error.root)));
  fs.writeFileSync(path.join(house.config, 'partners/case.yaml'), before);
  reload();
});

// A server of npm soap as the partner: document/literal and rpc, SOAP 1.1 and 1.2.
const theirs = (style) => `<definitions name="C" targetNamespace="urn:case" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:tns="urn:case" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<types><xsd:schema targetNamespace="urn:case"><xsd:element name="receiveClue"><xsd:complexType><xsd:sequence><xsd:element name="xmlStr" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element><xsd:element name="receiveClueResponse"><xsd:complexType><xsd:sequence><xsd:element name="CODE" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element></xsd:schema></types>
<message name="in">${style === 'rpc' ? '<part name="xmlStr" type="xsd:string"/>' : '<part name="parameters" element="tns:receiveClue"/>'}</message><message name="out">${style === 'rpc' ? '<part name="CODE" type="xsd:string"/>' : '<part name="parameters" element="tns:receiveClueResponse"/>'}</message>
<portType name="P"><operation name="receiveClue"><input message="tns:in"/><output message="tns:out"/></operation></portType>
<binding name="B" type="tns:P"><soap:binding style="${style}" transport="http://schemas.xmlsoap.org/soap/http"/><operation name="receiveClue"><soap:operation soapAction="urn:case/receiveClue"/><input><soap:body use="literal" namespace="urn:case"/></input><output><soap:body use="literal" namespace="urn:case"/></output></operation></binding>
<service name="C"><port name="P" binding="tns:B"><soap:address location="http://localhost/case"/></port></service></definitions>`;

for (const [style, version] of [['document', '1.1'], ['rpc', '1.1'], ['document', '1.2']]) {
  test(`outbound to a server of npm soap: ${style}, SOAP ${version}, WS-Security digest`, { timeout: 60000 * slow }, async () => {
    const got = [];
    const server = http.createServer((_, response) => { response.writeHead(404); response.end(); });
    await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const password = fs.readFileSync(path.join(house.secrets, 'case-out.password'), 'utf8').trim();
    const service = soap.listen(server, { path: '/case', xml: theirs(style), services: { C: { P: { receiveClue: (body) => { got.push(body.xmlStr); return { CODE: '0' }; } } } }, forceSoap12Headers: version === '1.2' });
    let authorized = 0;
    service.authenticate = (security) => { authorized += security.UsernameToken.Username === 'tongqu' && security.UsernameToken.Password !== password ? 1 : 0; return true; };
    const before = fs.readFileSync(path.join(house.config, 'partners/case.yaml'), 'utf8');
    house.edit('partners/case.yaml', (text) => text.replace(/url: \S+/, `url: http://127.0.0.1:${server.address().port}/case`).replace('version: "1.1"', `version: "${version}"`)
      .replace('style: rpc-encoded', `style: ${style}`).replace('http://service.case.gov/', 'urn:case').replace('charset: GBK', 'charset: UTF-8')
      .replace('kind: parameters', 'kind: username-digest').replace(/    (user|password)_parameter: .*\n/g, '').replace('operation: receiveClue', 'operation: receiveClue\n      action: urn:case/receiveClue'));
    reload();
    const n = `3${style}${version}`;
    assert.equal((await clue(n)).status, 202);
    await until('the clue arrived', () => got.length === 1);
    await house.settled();
    const text = typeof got[0] === 'string' ? got[0] : got[0].$value;
    assert.match(text, new RegExp(`<XSBH>XS${n}</XSBH>`));
    assert.equal(authorized, 1);
    fs.writeFileSync(path.join(house.config, 'partners/case.yaml'), before);
    reload();
    server.closeAllConnections?.();
    await new Promise((resolve) => { server.close(resolve); });
  });
}
