// The connector `soap` against libraries that are not ours: npm soap (as client and as server), SOAP::Lite (rpc/encoded as
// of 2002), xmlsec1, xmlstarlet and curl. Partner `case` is configured anew for each.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { House, root as home, slow, start, until } from './lib/gateway.mjs';
import { configure, curl, listening, npmSoap, perl, recorder, signedForm, soap11, wsa, xmlsecSign, xmlsecVerifies, xpath } from './lib/soap.mjs';
import { fromGbk, toGbk } from '../../sandbox/partners/case.mjs';

const limit = { timeout: 120000 * slow };
let house;
let soap;

const decision = (n, more = {}) => ({ clueNo: `XS${n}`, caseNo: `AJ${n}`, decision: '1', reason: '事实清楚', decidedAt: '2026-11-25 09:30:00', unit: '朝阳区局', officer: '王建国', ...more });
const elements = (fields) => Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`).join('');
const clue = (n) => house.atPlatform('state', { service: 'case.clue', clueNo: `XS${n}`, sourceKind: '2', foundTime: '2026-11-24T10:00:00+08:00', partyName: '某某食品厂', opinion: `第${n}号意见` });
const decisions = async () => (await house.atPlatform('matters')).flatMap((m) => m.messages).map((m) => m.body).filter((m) => m.kind === 'decision');
const arrived = (clueNo) => until(`${clueNo} arrives`, async () => (await decisions()).find((m) => m.clueNo === clueNo));
const secret = (name) => fs.readFileSync(path.join(house.secrets, name), 'utf8').trim();
const envelope = (body, header = '') => `<soap:Envelope xmlns:soap="${soap11}"><soap:Header>${header}</soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`;
const text = (value) => (typeof value === 'string' ? value : value.$value);
// The declaration inside a string names bytes that are none; a parser that was given characters does not look at it.
const numberOf = (document) => xpath(document.replace(/^<\?xml.*?\?>/, ''), '//XSBH');
const dead = async () => (await house.atAdmin('status')).body.partners.find((p) => p.partner === 'case').dead;

before(async () => {
  soap = npmSoap();
  house = await House.open({ standins: ['case'], change: (h) => h.edit('partners/case.yaml', (yaml) => yaml.replace('first: 500ms', 'first: 50ms').replace('open_for: 10s', 'open_for: 200ms').replace('timeout: 10s', 'timeout: 2s')) });
});
after(async () => { await house?.close(); });

// ---- they call us ---------------------------------------------------------------------------------------------------

const agent = () => new https.Agent({ ca: fs.readFileSync(path.join(house.secrets, 'ca.crt')), servername: 'localhost' });
const description = () => curl(house, '/soap/case?wsdl').text;

async function client({ version12 = false, security = new soap.WSSecurity('case', secret('case.password'), { passwordType: 'PasswordDigest', mustUnderstand: '1' }) } = {}) {
  const file = path.join(house.folder, 'served.wsdl');
  fs.writeFileSync(file, description());
  const made = await soap.createClientAsync(file, { disableCache: true, forceSoap12Headers: version12 });
  made.setEndpoint(`${house.partners}/soap/case`);
  if (security) made.setSecurity(security);
  return made;
}
const callWith = (made, operation, body, options = {}) => made[`${operation}Async`](body, { httpsAgent: agent(), ...options }).then(([result, raw]) => ({ result, raw }));
const faultOf = (error) => error.root.Envelope.Body.Fault;

const inboundOf = ({ credentials = 'kind: basic, user: case, password: "${file:case.password}"', style = 'document', operation = '', uri = 'urn:tongqu:case', more = '' }) => `  credentials: {${credentials}}
  service_name: Bureau
  namespace: ${uri}
  style: ${style}
  payload_namespaces: drop
  operations:
    - {name: submitDecision, service: case.decision${operation || ', parameters: [clueNo, caseNo, decision, reason, decidedAt, unit, officer]'}}${more}`;
const basic = () => `Authorization: Basic ${Buffer.from(`case:${secret('case.password')}`).toString('base64')}`;

test('document/literal: npm soap calls by our WSDL, SOAP 1.1 and 1.2; resends and faults', limit, async () => {
  const wsdl = description();
  assert.equal(xpath(wsdl, 'count(//*[local-name()="portType"]/*[local-name()="operation"])'), '3');
  assert.equal(xpath(wsdl, 'count(//*[local-name()="port"])'), '2');
  const made = await client();
  const { result, raw } = await callWith(made, 'submitDecision', decision(5));
  assert.equal(xpath(raw, 'namespace-uri(/*)'), soap11);
  assert.match(JSON.parse(result.return).entry.exchange, /^[0-9A-Z]{26}$/);
  assert.equal((await callWith(made, 'submitDecision', decision(5))).result.return, result.return, 'a resend with a new nonce gets the first answer');
  const twelve = await client({ version12: true });
  const answer = await callWith(twelve, 'submitClosing', { caseNo: 'AJ95', closeKind: '1', closedAt: '2026-12-01 17:00:00' });
  assert.match(answer.result.return, /exchange/);
  assert.equal(xpath(answer.raw, 'namespace-uri(/*)'), 'http://www.w3.org/2003/05/soap-envelope');
  await assert.rejects(callWith(made, 'submitDecision', { clueNo: 'XS96' }), (error) => {
    assert.equal(faultOf(error).faultcode, 'soap:Client');
    assert.ok([faultOf(error).detail.error.fault].flat().length >= 2);
    return true;
  });
  await assert.rejects(callWith(twelve, 'submitDecision', { clueNo: 'XS96' }), (error) => {
    assert.match(JSON.stringify(faultOf(error).Code), /soap:Sender/);
    return true;
  });
});

test('rpc/literal: npm soap calls by our WSDL', limit, async (t) => {
  configure(t, house, { inbound: inboundOf({ style: 'rpc' }) });
  assert.equal(xpath(description(), 'string(//*[local-name()="binding"]/*[@style]/@style)'), 'rpc');
  const made = await client({ security: new soap.BasicAuthSecurity('case', secret('case.password')) });
  const { result } = await callWith(made, 'submitDecision', decision(11));
  assert.match(text(result.return), /exchange/);
  assert.equal((await arrived('XS11')).caseNo, 'AJ11');
});

test('rpc/encoded: SOAP::Lite writes the call and reads the answer; SOAPAction missing', limit, async (t) => {
  configure(t, house, { inbound: inboundOf({ style: 'rpc-encoded' }) });
  const fields = (n, more) => Object.entries(decision(n, more)).map(([name, value]) => `${name}=${value}`);
  const call = (body) => curl(house, '/soap/case', { body, headers: ['Content-Type: text/xml; charset=utf-8', basic()] });
  const good = call(perl('soap_lite_call.pl', ['urn:tongqu:case', 'submitDecision', ...fields(12)]));
  assert.equal(good.status, 200, good.text);
  assert.match(JSON.parse(perl('soap_lite_read.pl', [], good.bytes)).entry.exchange, /^[0-9A-Z]{26}$/);
  assert.equal((await arrived('XS12')).reason, '事实清楚');
  const bad = call(perl('soap_lite_call.pl', ['urn:tongqu:case', 'submitDecision', ...fields(13, { decidedAt: 'x' })]));
  assert.equal(perl('soap_lite_read.pl', [], bad.bytes), 'fault soap:Client');
});

// As an agency has it: its names, its credentials among the parameters, a document in a string, an answer in a string.
const theirWsdl = `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions targetNamespace="http://ws.case.gov.cn/" xmlns:impl="http://ws.case.gov.cn/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:wsdlsoap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <!-- 二〇一二年 -->
  <wsdl:message name="saveLaRequest"><wsdl:part name="yhm" type="xsd:string"/><wsdl:part name="mm" type="xsd:string"/><wsdl:part name="xmlStr" type="xsd:string"/></wsdl:message>
  <wsdl:message name="saveLaResponse"><wsdl:part name="saveLaReturn" type="xsd:string"/></wsdl:message>
  <wsdl:portType name="LaService"><wsdl:operation name="saveLa" parameterOrder="yhm mm xmlStr"><wsdl:input message="impl:saveLaRequest" name="saveLaRequest"/><wsdl:output message="impl:saveLaResponse" name="saveLaResponse"/></wsdl:operation></wsdl:portType>
  <wsdl:binding name="LaServiceSoapBinding" type="impl:LaService"><wsdlsoap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="saveLa"><wsdlsoap:operation soapAction=""/><wsdl:input name="saveLaRequest"><wsdlsoap:body encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" namespace="http://ws.case.gov.cn/" use="encoded"/></wsdl:input><wsdl:output name="saveLaResponse"><wsdlsoap:body encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" namespace="http://ws.case.gov.cn/" use="encoded"/></wsdl:output></wsdl:operation></wsdl:binding>
  <wsdl:service name="LaServiceService"><wsdl:port binding="impl:LaServiceSoapBinding" name="LaService"><wsdlsoap:address location="http://10.1.1.1:8080/axis/services/LaService"/></wsdl:port></wsdl:service>
</wsdl:definitions>
`;

test("the partner's own WSDL, credentials as parameters, XML in a string, answers in a string, GBK, blind resends", limit, async (t) => {
  fs.writeFileSync(path.join(house.secrets, 'case.wsdl'), theirWsdl);
  configure(t, house, { inbound: `  credentials: {kind: parameters, user: bureau, password: "\${file:case.password}", user_parameter: yhm, password_parameter: mm}
  namespace: http://ws.case.gov.cn/
  style: rpc-encoded
  payload_namespaces: drop
  wsdl: \${file:case.wsdl}
  operations:
    - {name: saveLa, service: case.decision, body: string, parameter: xmlStr}
  answer: {element: saveLaReturn, success: "<RESULT><CODE>0</CODE><BH>{exchange}</BH></RESULT>", failure: "<RESULT><CODE>1</CODE><MSG>{code}</MSG></RESULT>"}` });
  assert.equal(description(), theirWsdl, 'byte by byte');
  const made = await client({ security: null });
  const saveLa = async (document, mm = secret('case.password')) => text((await callWith(made, 'saveLa', { yhm: 'bureau', mm, xmlStr: document })).result.saveLaReturn);
  const document = `<submitDecision>${elements(decision(21))}</submitDecision>`;
  const first = await saveLa(document);
  assert.equal(xpath(first, '/RESULT/CODE'), '0');
  assert.match(xpath(first, '/RESULT/BH'), /^[0-9A-Z]{26}$/);
  assert.equal(await saveLa(`<?xml version="1.0" encoding="GB2312"?>\n${document}`), first, 'a blind resend, the declaration apart');
  assert.equal(xpath(await saveLa(document, 'guess'), '/RESULT'), '1soap.credentials');
  assert.equal(xpath(await saveLa('no XML'), '/RESULT'), '1soap.string');
  const old = `<?xml version="1.0" encoding="GBK"?>${envelope(`<saveLa xmlns="http://ws.case.gov.cn/"><yhm>bureau</yhm><mm>${secret('case.password')}</mm><xmlStr><![CDATA[<submitDecision>${elements(decision(22, { officer: '段正淳' }))}</submitDecision>]]></xmlStr></saveLa>`)}`;
  const once = curl(house, '/soap/case', { body: toGbk(old), headers: ['Content-Type: text/xml'] });
  assert.match(once.head, /text\/xml; charset=GBK/);
  assert.match(fromGbk(once.bytes), /CODE&gt;0&lt;/);
  const again = curl(house, '/soap/case', { body: toGbk(old), headers: ['Content-Type: text/xml; charset=utf-8'] });
  assert.deepEqual(again.bytes, once.bytes, 'the very bytes once more');
  assert.match(again.head, /tongqu-repeated: true/i);
  assert.equal((await arrived('XS22')).officer, '段**');
});

test('attachments: MTOM and SOAP with Attachments of npm soap are read; one that nothing names is refused', limit, async () => {
  const made = await client();
  const attachments = [{ name: 'no.txt', contentId: 'no-1@case', mimetype: 'text/plain', body: 'XS-MTOM-1' }];
  const include = { $xml: '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:no-1%40case"/>' };
  const { result } = await callWith(made, 'submitDecision', decision(31, { clueNo: include }), { attachments, forceMTOM: true });
  assert.match(result.return, /exchange/);
  assert.equal((await arrived(Buffer.from('XS-MTOM-1').toString('base64'))).caseNo, 'AJ31');
  attachments[0].body = 'XS-SWA-1';
  await callWith(made, 'submitDecision', decision(32, { clueNo: { attributes: { href: 'cid:no-1@case' } } }), { attachments });
  assert.equal((await arrived(Buffer.from('XS-SWA-1').toString('base64'))).caseNo, 'AJ32');
  await assert.rejects(callWith(made, 'submitDecision', decision(33), { attachments }), (error) => /soap\.attachment-loose/.test(JSON.stringify(error.root)));
});

test('WS-Addressing: MessageID is the key of a resend and comes back as RelatesTo', limit, async () => {
  const made = await client();
  const block = (id) => `<a:MessageID xmlns:a="${wsa}">${id}</a:MessageID><a:ReplyTo xmlns:a="${wsa}"><a:Address>${wsa}/anonymous</a:Address></a:ReplyTo>`;
  made.addSoapHeader(block('urn:uuid:41'));
  const first = await callWith(made, 'submitDecision', decision(41));
  assert.equal(xpath(first.raw, '//*[local-name()="RelatesTo"]'), 'urn:uuid:41');
  assert.equal((await callWith(made, 'submitDecision', decision(41))).result.return, first.result.return);
  await assert.rejects(callWith(made, 'submitDecision', decision(42)), (error) => /idempotency|conflict/.test(JSON.stringify(error.root)), 'the same id for another message');
  made.changeSoapHeader(0, block('urn:uuid:43').replace(`${wsa}/anonymous`, 'http://10.1.1.1/'));
  await assert.rejects(callWith(made, 'submitDecision', decision(43)), (error) => /soap\.reply-to/.test(JSON.stringify(error.root)));
});

test('X.509: npm soap and xmlsec1 sign; nobody else may, nothing may be moved', limit, async (t) => {
  const key = path.join(house.folder, 'signer.key');
  const certificate = path.join(house.secrets, 'signer.crt');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '1', '-subj', '/CN=case'], { stdio: 'pipe' });
  configure(t, house, { inbound: inboundOf({ credentials: 'kind: signature, certificate: "${file:signer.crt}"' }) });
  const unsigned = await client({ security: null });
  await assert.rejects(callWith(unsigned, 'submitDecision', decision(51)), (error) => /soap\.credentials/.test(JSON.stringify(error.root)));
  const made = (file) => client({ security: new soap.WSSecurityCert(fs.readFileSync(file), fs.readFileSync(certificate), '', { hasTimeStamp: true, signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256' }) });
  assert.match((await callWith(await made(key), 'submitDecision', decision(52))).result.return, /exchange/);
  const other = path.join(house.folder, 'other.key');
  execFileSync('openssl', ['genrsa', '-out', other, '2048'], { stdio: 'pipe' });
  await assert.rejects(callWith(await made(other), 'submitDecision', decision(53)), (error) => /xmldsig\.refused/.test(JSON.stringify(error.root)));

  const post = (body) => curl(house, '/soap/case', { body, headers: ['Content-Type: text/xml; charset=utf-8'] });
  const signed = xmlsecSign(signedForm(`<c:submitDecision xmlns:c="urn:tongqu:case">${elements(decision(54))}</c:submitDecision>`, { blocks: `<a:MessageID xmlns:a="${wsa}">urn:uuid:54</a:MessageID>` }), key, house.folder);
  const first = post(signed);
  assert.equal(first.status, 200, first.text);
  const copy = post(signed.replace('urn:uuid:54', 'urn:uuid:55')); // outside the signature: no other message
  assert.match(copy.head, /tongqu-repeated: true/i);
  assert.equal(xpath(copy.text, '//*[local-name()="return"]'), xpath(first.text, '//*[local-name()="return"]'));
  const body = signed.match(/<s:Body[\s\S]*<\/s:Body>/)[0];
  const moved = signed.replace(body, '').replace('</s:Header>', `<x>${body}</x></s:Header><s:Body>${body.replace(/<\/?s:Body[^>]*>/g, '').replace('XS54', 'XS55')}</s:Body>`);
  for (const hostile of [moved, signed.replace('XS54', 'XS56')]) assert.match(post(hostile).text, /xmldsig\.refused/);
});

// ---- we call them ---------------------------------------------------------------------------------------------------

const outboundOf = (url, { version = '1.1', style = 'document', uri = 'urn:case', charset = 'UTF-8', credentials = 'kind: none', body = 'body: string, parameter: xmlStr', more = '' } = {}) => `  url: ${url}
  version: "${version}"
  style: ${style}
  namespace: ${uri}
  charset: ${charset}
  credentials: {${credentials}}
  operations:
    - {service: case.clue, operation: receiveClue, action: urn:case/receiveClue, ${body}}
  answer: {value: CODE, success: ["0"], retry: ["9"]}${more}`;

const theirs = (style) => `<definitions name="C" targetNamespace="urn:case" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:tns="urn:case" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<types><xsd:schema targetNamespace="urn:case"><xsd:element name="receiveClue"><xsd:complexType><xsd:sequence><xsd:element name="xmlStr" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element><xsd:element name="receiveClueResponse"><xsd:complexType><xsd:sequence><xsd:element name="CODE" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element></xsd:schema></types>
<message name="in">${style === 'rpc' ? '<part name="xmlStr" type="xsd:string"/>' : '<part name="parameters" element="tns:receiveClue"/>'}</message><message name="out">${style === 'rpc' ? '<part name="CODE" type="xsd:string"/>' : '<part name="parameters" element="tns:receiveClueResponse"/>'}</message>
<portType name="P"><operation name="receiveClue"><input message="tns:in"/><output message="tns:out"/></operation></portType>
<binding name="B" type="tns:P"><soap:binding style="${style}" transport="http://schemas.xmlsoap.org/soap/http"/><operation name="receiveClue"><soap:operation soapAction="urn:case/receiveClue"/><input><soap:body use="literal" namespace="urn:case"/></input><output><soap:body use="literal" namespace="urn:case"/></output></operation></binding>
<service name="C"><port name="P" binding="tns:B"><soap:address location="http://localhost/case"/></port></service></definitions>`;

// A server of npm soap; `receive` gets the document and gives the answer, or throws a fault.
async function npmServer(t, { style, version, receive }) {
  const server = http.createServer((_, response) => { response.writeHead(404); response.end(); });
  await listening(t, server);
  const service = soap.listen(server, { path: '/case', xml: theirs(style), services: { C: { P: { receiveClue: (body) => receive(text(body.xmlStr)) } } }, forceSoap12Headers: version === '1.2' });
  return { url: `http://127.0.0.1:${server.address().port}/case`, service };
}

for (const [style, version] of [['document', '1.1'], ['rpc', '1.1'], ['document', '1.2']]) {
  test(`outbound to a server of npm soap: ${style}, SOAP ${version}, WS-Security digest`, limit, async (t) => {
    const got = [];
    const { url, service } = await npmServer(t, { style, version, receive: (document) => { got.push(document); return { CODE: '0' }; } });
    let authorized = 0;
    const clear = secret('case-out.password');
    service.authenticate = ({ UsernameToken: { Username, Password, Nonce, Created } }) => {
      authorized += Username === 'tongqu' && text(Password) === soap.passwordDigest(text(Nonce), text(Created), clear) ? 1 : 0;
      return true;
    };
    configure(t, house, { outbound: outboundOf(url, { style, version, credentials: 'kind: username-digest, user: tongqu, password: "${file:case-out.password}"' }) });
    assert.equal((await clue(`61${style}${version}`)).status, 202);
    await until('the clue arrived', () => got.length === 1);
    await house.settled();
    assert.equal(numberOf(got[0]), `XS61${style}${version}`);
    assert.equal(authorized, 1);
  });
}

test('outbound to rpc/encoded of SOAP::Lite, credentials as parameters', limit, async (t) => {
  const server = await start('perl', [path.join(home, 'tests/integration/perl/soap_lite_server.pl'), 'urn:case'], /ready port=(\d+)/);
  t.after(() => { server.kill('SIGKILL'); });
  const more = { style: 'rpc-encoded', credentials: 'kind: parameters, user: tongqu, password: "${file:case-out.password}", user_parameter: userName, password_parameter: password' };
  configure(t, house, { outbound: outboundOf(`http://127.0.0.1:${server.ready[1]}/`, more).replace('action: urn:case/receiveClue, ', '') });
  assert.equal((await clue(71)).status, 202);
  await until('the clue arrived', () => /call .*\n/.test(server.output));
  await house.settled();
  const [user, password, document] = server.output.match(/call (.*)\n/)[1].split(' ').map((hex) => Buffer.from(hex, 'hex').toString());
  assert.deepEqual([user, password], ['tongqu', secret('case-out.password')]);
  assert.match(document, /<XSBH>XS71<\/XSBH>.*第71号意见/s);
});

test('faults of a server of npm soap: its own is tried again, ours is a dead letter', limit, async (t) => {
  const calls = [];
  const receive = (document) => {
    const number = numberOf(document);
    calls.push(number);
    if (number === 'XS81' && calls.length === 1) throw { Fault: { faultcode: 'soap:Server', faultstring: 'java.lang.OutOfMemoryError', statusCode: 500 } };
    if (number === 'XS82') throw { Fault: { faultcode: 'soap:Client', faultstring: '13800138000', statusCode: 500 } };
    return { CODE: '0' };
  };
  const { url } = await npmServer(t, { style: 'document', version: '1.1', receive });
  configure(t, house, { outbound: outboundOf(url) });
  const before = await dead();
  await clue(81);
  await until('tried again', () => calls.length === 2);
  await clue(82);
  await until('a dead letter', async () => await dead() === before + 1);
  assert.deepEqual(calls, ['XS81', 'XS81', 'XS82']);
  assert.doesNotMatch(house.gateway.output + house.cli('dead-letters', 'list').out, /13800138000|OutOfMemory/);
});

test('WS-Addressing outbound: one MessageID over all attempts, an answer to another message is none', limit, async (t) => {
  const idOf = (bytes) => xpath(bytes, '//*[local-name()="MessageID"]');
  const answerTo = (id) => envelope('<r xmlns="urn:case"><CODE>0</CODE></r>', `<a:RelatesTo xmlns:a="${wsa}">${id}</a:RelatesTo>`);
  const partner = await recorder(t, (bytes) => ({ text: answerTo(partner.got.length === 1 ? 'urn:uuid:other' : idOf(bytes)) }));
  configure(t, house, { outbound: outboundOf(partner.url, { more: '\n  addressing: true' }) });
  await clue(91);
  await until('asked again', () => partner.got.length === 2);
  await house.settled();
  const [first, second] = partner.got.map(({ bytes }) => idOf(bytes));
  assert.match(first, /^urn:tongqu:message:/);
  assert.equal(second, first);
  assert.equal(xpath(partner.got[0].bytes, '//*[local-name()="Action"]'), 'urn:case/receiveClue');
});

test('X.509 outbound: xmlsec1 verifies what we signed, in GBK too, and sees a change', limit, async (t) => {
  const key = path.join(house.secrets, 'gateway-xml.key');
  const certificate = path.join(house.secrets, 'gateway-xml.crt');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '1', '-subj', '/CN=tongqu'], { stdio: 'pipe' });
  fs.chmodSync(key, 0o600);
  for (const charset of ['UTF-8', 'GBK']) {
    const partner = await recorder(t, () => ({ text: envelope('<r xmlns="urn:case"><CODE>0</CODE></r>') }));
    configure(t, house, { outbound: outboundOf(partner.url, { charset, body: 'body: element', credentials: 'kind: signature, certificate: "${file:gateway-xml.crt}", key: "${file:gateway-xml.key}"' }) });
    await clue(`95${charset}`);
    await until('the clue arrived', () => partner.got.length === 1);
    await house.settled();
    const { bytes } = partner.got[0];
    assert.equal(xpath(bytes, '//XSBH'), `XS95${charset}`);
    assert.ok(xmlsecVerifies(bytes, certificate, house.folder), charset);
    const at = bytes.indexOf('XS95');
    bytes[at] = 0x59;
    assert.ok(!xmlsecVerifies(bytes, certificate, house.folder));
  }
});
