// What is published of a trader's credit: the platform asks through the data sharing platform, with a session key.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { House, slow, until } from './lib/gateway.mjs';
import { auditOf } from './lib/traffic.mjs';
import { call } from '../../sandbox/lib/http.mjs';
import { messageSignatureHeaders } from '../../sandbox/lib/sign.mjs';
import { told, traders } from '../../sandbox/partners/credit-query.mjs';

const [clean, fined, cancelled] = traders;

async function open(partner = (text) => text) {
  const house = await House.open({ standins: ['credit-query'], change: (h) => h.edit('partners/credit-query.yaml', partner) });
  const [{ standin: registry }] = house.standins;
  const read = (name) => fs.readFileSync(path.join(house.secrets, name));
  const agent = new https.Agent({ keepAlive: true, ca: read('ca.crt'), cert: read('p12315.crt'), key: read('p12315.key') });
  const target = '/exchange/v1/credit.query';
  const ask = async (question, headers = {}) => {
    const body = JSON.stringify(question);
    const signed = messageSignatureHeaders('p12315', read('p12315-sign.key').toString(), 'POST', target, body);
    const got = await call(agent, house.partners + target, 'POST', { ...signed, 'Content-Type': 'application/json', ...headers }, body);
    return { status: got.status, body: JSON.parse(got.body), origin: got.headers['tongqu-answer'] };
  };
  return { house, registry, ask, close: async () => {
    agent.destroy();
    await house.close();
  } };
}

test('lists and penalties of a trader, one with nothing against it, one that is unknown; fields that may be null are left out', async () => {
  const { house, registry, ask, close } = await open();
  for (const [index, trader] of [clean, fined, cancelled].entries()) {
    const got = await ask({ socialcode: trader.creditNo });
    assert.deepEqual([got.status, got.origin, got.body], [200, 'upstream', told[index]]);
  }
  const again = await ask({ socialcode: ` ${fined.creditNo.toLowerCase()}` });
  assert.deepEqual([again.origin, again.body], ['cache', told[1]]);
  assert.deepEqual((await ask({ subjectname: clean.entName })).body, told[0]);
  assert.deepEqual((await ask({ subjectname: '查无此店' })).body, { result: '0' });
  const faulty = await ask({});
  assert.deepEqual([faulty.status, faulty.body.code], [400, 'validate.faults']);
  assert.deepEqual(registry.questions(), [{ creditNo: clean.creditNo }, { creditNo: fined.creditNo }, { creditNo: cancelled.creditNo }, { entName: clean.entName }, { entName: '查无此店' }]);
  assert.deepEqual([registry.platform.renewals, registry.platform.problems, registry.figures().problems], [1, [], []]);
  const { entries } = auditOf(house);
  assert.deepEqual([...new Set(entries.filter((e) => e.kind === 'asked').map((e) => `${e.partner} ${e.recipient} ${e.service}`))], ['p12315 credit-query credit.query']);
  assert.deepEqual(entries.filter((e) => e.kind === 'answered').map((e) => `${e.from} ${e.result}`), ['upstream found', 'upstream found', 'upstream found', 'cache found', 'upstream found', 'upstream not-found']);
  const text = JSON.stringify(entries);
  for (const value of ['段正淳', '王小峰', fined.creditNo, '火锅', '处罚〔']) assert.equal(text.includes(value), false, value);
  await close();
});

test('a key that is over is renewed and the question asked again; a right that was taken away, faults and answers of another shape get a clear code', { timeout: 120000 * slow }, async () => {
  const { house, registry, ask, close } = await open((text) => text.replace('failures: 5', 'failures: 100').replace('timeout: 10s', `timeout: ${2 * slow}s`));
  let number = 0;
  const outcome = async (headers) => {
    number += 1;
    const { status, body } = await ask({ socialcode: fined.creditNo, subjectname: `第${number}问` }, headers); // not in the cache
    return [status, body.code ?? body.subjectname];
  };
  const answered = [200, fined.entName];
  assert.deepEqual(await outcome(), answered);
  registry.platform.keys = [];
  assert.deepEqual(await outcome(), answered);
  assert.equal(registry.platform.renewals, 2);

  registry.platform.granted = false;
  assert.deepEqual(await outcome(), [503, 'query.refused']);
  registry.platform.granted = true;
  for (const [mode, code] of [['refuse', 'query.refused'], ['error', 'query.unreachable'], ['cut', 'query.unreachable'], ['garbage', 'query.unreachable']]) {
    registry.misbehave({ mode });
    assert.deepEqual(await outcome(), [503, code], mode);
  }
  registry.misbehave({ mode: 'silent' });
  assert.deepEqual(await outcome({ 'Tongqu-Timeout-Ms': '200' }), [504, 'query.deadline']);
  await until('the call that nobody waits for is over', async () => (await house.atAdmin('status')).body.registries[0].calls === 0);
  for (const [what, extra] of [['a field that nobody labelled', { shareholder: '段正淳' }], ['a day that is none', { penalties: [{ ...fined.penalties[0], cf_jdrq: '段正淳' }] }], ['a fine below nothing', { penalties: [{ ...fined.penalties[0], cf_nr_fk: -1 }] }], ['a name that is none', { entName: null }]]) {
    registry.answerWith(extra);
    assert.deepEqual(await outcome(), [503, 'query.answer-invalid'], what);
  }
  registry.answerWith({});
  assert.deepEqual(await outcome(), answered);
  await until('the log tells the fields', () => /schema\.unknown-field at \$\.data\.shareholder/.test(house.gateway.output) && /at \$\.data\.penalties\[0\]\.cf_jdrq/.test(house.gateway.output));
  assert.equal(house.gateway.output.includes('段正淳'), false);
  assert.deepEqual(registry.figures().problems, []);
  const { entries } = auditOf(house);
  const count = (kind) => entries.filter((e) => e.kind === kind).length;
  assert.deepEqual([count('asked'), count('answered'), count('abandoned')], [number, 3, number - 3]);
  await close();
});
