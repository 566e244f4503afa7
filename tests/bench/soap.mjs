// JSON → SOAP against JSON → JSON in one run: the same orders, policy and line; the platform takes them once as JSON over HTTPS
// and once in the manner of an Axis of 2012 (rpc/encoded, GBK, the document as XML in a string). Its answer is a constant.
import path from 'node:path';
import { House, freePort } from './house.mjs';

const envelope = '<?xml version="1.0" encoding="GBK"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><ns1:receiveOrderResponse xmlns:ns1="http://service.platform.example/"><receiveOrderReturn>&lt;R&gt;&lt;CODE&gt;0&lt;/CODE&gt;&lt;/R&gt;</receiveOrderReturn></ns1:receiveOrderResponse></soapenv:Body></soapenv:Envelope>';

const axis = (port, secrets) => `  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${secrets}/p12315.crt;
    ssl_certificate_key ${secrets}/p12315.key;
    ssl_client_certificate ${secrets}/ca.crt;
    ssl_verify_client on;
    default_type "text/xml; charset=GBK";
    location / { return 200 '${envelope}'; }
  }`;

const bySoap = (text, port) => text
  .replace(/url: .*\n {2}method: POST/, `url: https://127.0.0.1:${port}/axis/services/OrderService\n  version: "1.1"\n  style: rpc-encoded\n  namespace: http://service.platform.example/\n  charset: GBK\n  operations:\n    - service: workorder.transfer\n      operation: receiveOrder\n      body: string\n      parameter: xmlStr\n  answer:\n    value: CODE\n    success: ["0"]`)
  .replace('outbound:\n  connector: http', 'outbound:\n  connector: soap')
  .replace(/ {2}sign:\n {4}scheme: none\n/, '')
  .replace(/ {2}# Without it.*\n {2}envelope:\n( {4}.*\n)+/, '');

async function openHouse(suite, folder, kind) {
  const port = await freePort();
  return House.open(suite, folder, async (house) => {
    if (kind === 'json') return;
    house.edit('partners/p12315.yaml', (text) => bySoap(text, port));
    house.edit('partners/p12315.matter@1.json', (text) => {
      const schema = JSON.parse(text);
      return JSON.stringify({ ...schema, 'x-format': { type: 'xml', root: 'matter', charset: 'GBK' } });
    });
    house.others = [await house.nginx('axis', axis(port, house.secrets), port)];
  });
}

// `gatewayRound(house)` gives stored and settled orders per second. Median of the rounds, and of their ratios.
export async function measureSoap(suite, folder, o, { gatewayRound, median, say }) {
  const houses = {};
  const rounds = { json: [], soap: [], ratio: [] };
  try {
    for (const kind of ['json', 'soap']) houses[kind] = await openHouse(suite, path.join(folder, `${suite}-${kind}`), kind);
    for (let i = 1; i <= o.rounds; i += 1) {
      for (const kind of ['json', 'soap']) rounds[kind].push((await gatewayRound(houses[kind])).settled);
      rounds.ratio.push(rounds.soap.at(-1) / rounds.json.at(-1));
      say(`    ${suite} round ${i}: JSON ${rounds.json.at(-1).toFixed(0)}/s, SOAP ${rounds.soap.at(-1).toFixed(0)}/s settled, ratio ${rounds.ratio.at(-1).toFixed(3)}`);
    }
    if ((await houses.soap.counts()).dead > 0) throw new Error('the SOAP receiver refused orders: this measures something else');
    return { json: median(rounds.json), soap: median(rounds.soap), ratio: median(rounds.ratio) };
  } finally {
    for (const house of Object.values(houses)) await house.close();
  }
}

export function soapRows(suite, s) {
  const whole = (n) => `${Math.round(n).toLocaleString('en-US')}/s`;
  return [[suite, '(g) JSON → JSON, settled', whole(s.json), '', ''], [suite, '(g) JSON → SOAP, settled', whole(s.soap), '', ''], [suite, '(g) SOAP ÷ JSON, median of rounds', s.ratio.toFixed(3), '', '']];
}
