// Questions over SOAP: a hotline asks the legal-entity registry of its province, whose rows a stylesheet brings to the schema.
import test from 'node:test';
import assert from 'node:assert/strict';
import { House, slow, until } from './lib/gateway.mjs';
import { Client, auditOf } from './lib/traffic.mjs';
import { Asker } from '../../sandbox/lib/asker.mjs';
import { entities, envelope, fault, result, returned } from '../../sandbox/partners/entity-soap.mjs';

const [pharmacy, cancelled, stall] = entities;

async function open({ standins = ['entity-soap'], partner = (text) => text } = {}) {
  const house = await House.open({ standins, change: (h) => h.edit('partners/entity-soap.yaml', partner) });
  const { standin: registry } = house.standins.find((one) => one.partner === 'entity-soap');
  const hotline = new Client(house);
  const ask = async (question, headers = {}) => {
    const got = await hotline.submit(question, { service: 'entity.query', headers });
    return { status: got.status, body: JSON.parse(got.text), origin: got.headers['tongqu-answer'] };
  };
  return { house, registry, ask, close: async () => {
    hotline.close();
    await house.close();
  } };
}

// Every question that left has its end in the log.
function endsOf(house) {
  const { entries } = auditOf(house);
  const ends = { asked: 0, answered: 0, abandoned: 0, open: 0 };
  const ended = new Set(entries.flatMap((e) => ({ answered: [e.question], abandoned: [e.exchange] })[e.kind] ?? []));
  for (const entry of entries) if (entry.kind in ends) ends[entry.kind] += 1;
  ends.open = entries.filter((e) => e.kind === 'asked' && !ended.has(e.exchange)).length;
  return ends;
}

test('who a trader is, as the hotline may see it; no such trader; what a name may hold', async () => {
  const { house, registry, ask, close } = await open();
  const first = await ask({ code: pharmacy.UNISCID });
  assert.deepEqual([first.status, first.origin, first.body], [200, 'upstream', { found: true, name: '城甲大药房有限公司', code: '91350100M000100Y43', legalPerson: '段**', state: '存续（在营、开业、在册）' }]);
  const again = await ask({ code: pharmacy.UNISCID });
  assert.deepEqual([again.status, again.origin, again.body], [200, 'cache', first.body]);
  assert.deepEqual((await ask({ companyName: cancelled.ENTNAME })).body, { found: true, name: '已注销食品厂', code: '91440115618712245T', legalPerson: '王**', state: '注销' });
  assert.deepEqual((await ask({ code: stall.UNISCID })).body, { found: true, name: '张记馄饨', code: '92340104MA2N4XYH35', legalPerson: '张*', state: '存续（在营、开业、在册）' });
  for (const companyName of ['查无此店', '甲 <b>&amp; "乙"\' ]]> 丙']) {
    const none = await ask({ companyName });
    assert.deepEqual([none.status, none.body], [200, { found: false }]);
    assert.deepEqual(registry.questions().at(-1), { code: undefined, name: companyName });
  }
  const faulty = await ask({});
  assert.deepEqual([faulty.status, faulty.body.code], [400, 'validate.faults']);
  assert.equal(registry.questions().length, 5);
  assert.deepEqual(registry.figures().problems, []);

  const { entries } = auditOf(house);
  assert.deepEqual([...new Set(entries.filter((e) => e.kind === 'asked').map((e) => `${e.partner} ${e.recipient} ${e.service}`))], ['city-a entity-soap entity.query']);
  assert.deepEqual(entries.filter((e) => e.kind === 'answered').map((e) => `${e.from} ${e.result}`), ['upstream found', 'cache found', 'upstream found', 'upstream found', 'upstream not-found', 'upstream not-found']);
  const text = JSON.stringify(entries);
  for (const value of ['段正淳', '91350100M000100Y43', '东街', '药房', '查无此店']) assert.equal(text.includes(value), false, value);
  await close();
});

test('the hotline asks its province, the platform the national registry; neither is told what the other one heard', async () => {
  const { house, registry, ask, close } = await open({ standins: ['entity-rest', 'entity-soap'] });
  const { standin: national } = house.standins.find((one) => one.partner === 'entity-rest');
  const platform = new Asker({ secrets: house.secrets, gateway: () => house.partners });
  await platform.ask([{ service: 'entity.query', question: { socialcode: '91340000711771143J' }, answer: {
    result: '1', subjectname: '新名称商贸有限公司', hisnames: ['旧名称商贸有限公司', '更旧名称商贸行'], socialcode: '91340000711771143J', enttype: '有限责任公司', legalperson: '王小峰', estdate: '1970-01-01',
    apprdate: '2024-01-15', regcap: 12805500, currency: '人民币元', addr: '合肥市蜀山区长江西路2号', state: 'ACTIVE', statetext: '存续（在营、开业、在册）',
  } }]);
  assert.deepEqual(platform.problems, []);
  const asked = await ask({ code: '91340000711771143J' });
  assert.deepEqual([asked.status, asked.origin, asked.body], [200, 'upstream', { found: false }]);
  assert.deepEqual([national.questionsReceived(), registry.questionsReceived()], [1, 1]);
  platform.close();
  await close();
});

test('faults, garbage, silence and answers of another shape: a clear code in time, nothing of it passes, and the next question is answered', { timeout: 120000 * slow }, async () => {
  const { house, registry, ask, close } = await open({ partner: (text) => text.replace('failures: 5', 'failures: 100').replace('timeout: 10s', `timeout: ${2 * slow}s`) });
  let number = 0;
  const next = () => { number += 1; return { code: pharmacy.UNISCID, companyName: `第${number}问` }; }; // none of them is in the cache
  const outcome = async (headers) => { const { status, body } = await ask(next(), headers); return [status, body.code]; };
  const refused = [503, 'query.refused'];
  const unreachable = [503, 'query.unreachable'];
  const invalid = [503, 'query.answer-invalid'];

  for (const [mode, expected] of [['refuse', refused], ['error', unreachable], ['cut', unreachable], ['garbage', unreachable]]) {
    registry.misbehave({ mode });
    assert.deepEqual(await outcome(), expected, mode);
  }
  registry.misbehave({ mode: 'silent' });
  assert.deepEqual(await outcome({ 'Tongqu-Timeout-Ms': '200' }), [504, 'query.deadline']);
  await until('the call that nobody waits for is over', async () => (await house.atAdmin('status')).body.registries[0].calls === 0);

  const row = (more) => result({ ...pharmacy, ...more });
  const text = (document) => (id) => ({ body: envelope(id, returned(document)) });
  const doctype = '<!DOCTYPE RESULT [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
  for (const [what, instead, expected] of [
    ['a fault of the receiver', (id) => ({ status: 500, body: envelope(id, fault('Receiver', '系统繁忙')) }), unreachable],
    ['a fault that blames the question', (id) => ({ status: 500, body: envelope(id, fault('Sender', '段正淳')) }), refused],
    ['a code for later', text('<RESULT><CODE>9</CODE></RESULT>'), unreachable],
    ['a code that nobody agreed on', text('<RESULT><CODE>5</CODE></RESULT>'), refused],
    ['no code', text('<RESULT><ROWS/></RESULT>'), unreachable],
    ['an answer to another question', () => ({ body: envelope('urn:tongqu:message:0', returned(row())) }), unreachable],
    ['an envelope that ends early', (id) => ({ body: envelope(id, returned(row())).slice(0, -20) }), unreachable],
    ['a page', () => ({ type: 'text/html', body: '<html><body>段正淳</body></html>' }), unreachable],
    ['JSON in the string', text('{"CODE":"0","ENTNAME":"段正淳"}'), invalid],
    ['a document type', text(row().replace('<RESULT>', `${doctype}<RESULT>`)), unreachable],
    ['another root', text(row().replaceAll('RESULT', 'ANSWER')), invalid],
    ['no row', text('<RESULT><CODE>0</CODE><ROWS/></RESULT>'), invalid],
    ['a field that nobody labelled', text(row({ SHAREHOLDER: '段正淳' })), invalid],
    ['a field twice', text(row().replace('</ROW>', '<FIELD NAME="NAME">段正淳</FIELD></ROW>')), invalid],
    ['a name that is none', text(row({ '段 正淳': '1' })), invalid],
    ['a value of another form', text(row({ REGCAP: '段正淳' })), invalid],
  ]) {
    registry.answerInstead(instead);
    assert.deepEqual(await outcome(), expected, what);
  }
  // The Content-Type decides the character set and attachments; what an answer is, the envelope says.
  registry.answerInstead((id) => ({ type: 'text/plain', body: envelope(id, returned(row())) }));
  assert.deepEqual(await outcome(), [200, pharmacy.UNISCID]);
  registry.answerInstead(undefined);
  const { status, body } = await ask(next());
  assert.deepEqual([status, body.name], [200, '城甲大药房有限公司']);

  await until('the log tells the fields', () => /schema\.unknown-field at \$\.shareholder/.test(house.gateway.output) && /schema\.pattern at \$\.regcap/.test(house.gateway.output));
  assert.equal(house.gateway.output.includes('段正淳'), false);
  assert.equal(JSON.stringify(auditOf(house).entries).includes('段'), false);
  assert.deepEqual(endsOf(house), { asked: number, answered: 2, abandoned: number - 2, open: 0 });
  await close();
});
