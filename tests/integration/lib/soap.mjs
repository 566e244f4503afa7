// SOAP libraries that are not ours: npm soap, SOAP::Lite, xmlsec1, xmlstarlet, curl; and the configuration they are tried with.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { root } from './gateway.mjs';

export const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
export const wsu = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
export const wsa = 'http://www.w3.org/2005/08/addressing';

const tools = path.join(root, 'tests/integration/node');

// The npm package, installed once, with exactly the versions of package-lock.json.
export function npmSoap() {
  if (!fs.existsSync(path.join(tools, 'node_modules/soap'))) execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: tools, stdio: 'pipe' });
  return createRequire(path.join(tools, 'package.json'))('soap');
}

export const xpath = (text, expression) => execFileSync('xmlstarlet', ['sel', '-t', '-v', expression, '-'], { input: text, encoding: 'utf8' }).trim();
export const perl = (script, args, input = '') => execFileSync('perl', [path.join(root, 'tests/integration/perl', script), ...args], { input, encoding: 'utf8' });

// Partner `case` otherwise: what its settings say between two lines is replaced, the gateway reloads; undone with the test.
export function configure(t, house, { inbound, outbound }) {
  const file = path.join(house.config, 'partners/case.yaml');
  house.shipped ??= fs.readFileSync(file, 'utf8');
  let text = house.shipped;
  if (inbound) text = text.replace(/( {2}networks: .*\n)[\s\S]*?( {2}services:\n)/, (_, head, tail) => `${head}${inbound}\n${tail}`);
  if (outbound) text = text.replace(/(outbound:\n {2}connector: soap\n)[\s\S]*?( {2}timeout: )/, (_, head, tail) => `${head}${outbound}\n${tail}`);
  const take = (content) => {
    fs.writeFileSync(file, content);
    const reloaded = house.cli('reload');
    if (reloaded.code !== 0) throw new Error(reloaded.out);
  };
  t.after(() => take(house.shipped));
  take(text);
}

// What curl gets from the partner listener.
export function curl(house, target, { body, headers = [] } = {}) {
  const port = new URL(house.partners).port;
  const args = ['-s', '-i', '--cacert', path.join(house.secrets, 'ca.crt'), '--resolve', `localhost:${port}:127.0.0.1`, `https://localhost:${port}${target}`];
  for (const line of headers) args.push('-H', line);
  if (body !== undefined) args.push('-H', 'Expect:', '--data-binary', '@-');
  const out = execFileSync('curl', args, { input: body ?? '' });
  const end = out.indexOf('\r\n\r\n');
  const head = out.subarray(0, end).toString();
  return { status: Number(head.split(' ')[1]), head, bytes: out.subarray(end + 4), text: out.subarray(end + 4).toString() };
}

// A server that keeps what it gets; `answer(bytes)` gives {status, type, text}.
export async function recorder(t, answer) {
  const got = [];
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      got.push({ headers: request.headers, bytes });
      const { status = 200, type = 'text/xml; charset=utf-8', text } = answer(bytes);
      response.writeHead(status, { 'Content-Type': type });
      response.end(text);
    });
  });
  await listening(t, server);
  return { got, url: `http://127.0.0.1:${server.address().port}/case` };
}

export async function listening(t, server) {
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => { server.closeAllConnections(); return new Promise((resolve) => { server.close(resolve); }); });
}

const idAttributes = ['--id-attr:Id', `${soap11}:Body`, '--id-attr:Id', `${wsu}:Timestamp`];
export function xmlsecSign(envelope, key, folder) {
  const [form, out] = ['form.xml', 'signed.xml'].map((name) => path.join(folder, name));
  fs.writeFileSync(form, envelope);
  execFileSync('xmlsec1', ['--sign', '--output', out, '--privkey-pem', key, ...idAttributes, form], { stdio: 'pipe' });
  return fs.readFileSync(out, 'utf8');
}
export function xmlsecVerifies(bytes, certificate, folder) {
  const file = path.join(folder, 'verify.xml');
  fs.writeFileSync(file, bytes);
  try {
    execFileSync('xmlsec1', ['--verify', '--pubkey-cert-pem', certificate, ...idAttributes, file], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

// What xmlsec1 fills in: an envelope whose timestamp and body are to be signed.
export function signedForm(body, { blocks = '', now = new Date() } = {}) {
  const reference = (id) => `<ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>`;
  return `<s:Envelope xmlns:s="${soap11}"><s:Header>${blocks}<w:Security xmlns:w="${wsse}" s:mustUnderstand="1"><u:Timestamp xmlns:u="${wsu}" u:Id="ts"><u:Created>${now.toISOString()}</u:Created></u:Timestamp><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>${reference('ts')}${reference('body')}</ds:SignedInfo><ds:SignatureValue/></ds:Signature></w:Security></s:Header><s:Body xmlns:u="${wsu}" u:Id="body">${body}</s:Body></s:Envelope>`;
}
