// How a stored exchange came about, under the configuration of then and of now; and free text as tongqu mask shows it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House, binary, root, slow, temporaryFolder } from './lib/gateway.mjs';
import { Client, versionOf } from './lib/traffic.mjs';

const english = { LC_ALL: '', LC_MESSAGES: '', LANG: 'en_US.UTF-8' };
const rowsOf = (explained, recipient) => Object.fromEntries(explained.recipients.find((r) => r.recipient === recipient).fields.map((row) => [row.field, row]));

test('an exchange is explained under the configuration of then and of now, without a value', { timeout: 60000 * slow }, async () => {
  const house = await House.open();
  const client = new Client(house);
  const sent = versionOf(1, 1);
  const answer = await client.submit(sent);
  assert.equal(answer.status, 202);
  const id = JSON.parse(answer.text).entry.exchange;
  await house.settled();
  const explain = (...args) => {
    const { code, out } = house.cli('exchanges', 'explain', id, '--format', 'json', ...args);
    assert.equal(code, 0, out);
    return { out, explained: JSON.parse(out) };
  };

  const first = explain();
  assert.equal(first.explained.exchange, id);
  const phone = rowsOf(first.explained, 'p12315').providertel;
  assert.deepEqual([phone.treatment, phone.sources], ['clear', ['$.provider.phone']]);
  assert.match(phone.rule, /^policies\/p12315\.yaml:\d+$/);
  assert.ok(first.explained.record.some((row) => row.field === 'provider.phone' && row.functions.includes('phone')));

  house.edit('policies/p12315.yaml', (text) => text.replace('path: provider.phone, treatment: clear', 'path: provider.phone, treatment: mask, format: mobile'));
  assert.equal(house.cli('reload').code, 0);
  const now = explain('--under', 'now');
  assert.equal(rowsOf(now.explained, 'p12315').providertel.treatment, 'mask');
  assert.notEqual(now.explained.config, first.explained.config);
  const then = explain('--under', 'then');
  assert.deepEqual(then.explained, first.explained, 'the configuration of then is kept');

  const values = [];
  const collect = (node) => { if (typeof node === 'string' && node.length >= 4) values.push(node); else if (node && typeof node === 'object') Object.values(node).forEach(collect); };
  collect(sent);
  assert.ok(values.length > 5);
  for (const [name, { out }] of Object.entries({ first, now, then })) for (const value of values) assert.ok(!out.includes(value), `${name} shows a value`);

  assert.match(house.cli('exchanges', 'explain', id).out, /providertel/);
  const unknown = house.cli('exchanges', 'explain', '01ARZ3NDEKTSV4RRFFQ69G5FAV');
  assert.equal(unknown.code, 1, unknown.out);
  assert.equal((await house.atAdmin(`exchanges/${id}/explain?under=tomorrow`)).status, 400);
  client.close();
  await house.close();
});

test('a state goes to the hotline whose matter it is, and the explanation names no other', () => {
  const file = path.join(temporaryFolder('explain'), 'state.json');
  for (const hotline of ['city-a', 'city-b']) {
    fs.writeFileSync(file, JSON.stringify({ sourcePartner: hotline, workOrderNo: 'GD2026112400001', caseid: '1110105202611240000000001', time: '2026-11-24T10:00:00+08:00', state: 'IN_PROGRESS', unit: '海淀区市场监督管理局', officer: '王建国', officerPhone: '01082610000', infotype: '1' }));
    const { status, stdout, stderr } = spawnSync(binary, ['explain', '-c', path.join(root, 'config'), '--partner', 'p12315', '--service', 'workorder.progress', '--format', 'json', file], { encoding: 'utf8', env: { ...process.env, ...english } });
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(stdout).recipients.map((one) => one.recipient), [hotline]);
  }
});

// --- tongqu mask

function mask(lines, ...args) {
  const { status, stdout, stderr } = spawnSync(binary, ['mask', ...args], { encoding: 'utf8', input: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'), env: { ...process.env, ...english }, maxBuffer: 64 << 20, timeout: 60000 * slow });
  return { code: status, err: stderr, lines: stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) };
}
const config = path.join(root, 'config');

test('mask: a line for each line, spans in code points, nothing the second time', () => {
  const texts = ['请退还货款1600元。', '😀市民王建国来电，电话13812345678。', '', '身份证１１０１０５１９４９１２３１００２Ｘ\n住在'];
  const first = mask(texts.map((text) => ({ text })));
  assert.equal(first.code, 0, first.err);
  assert.equal(first.lines.length, texts.length);
  assert.equal(first.lines[1].text, '😀市民〔姓名〕来电，电话〔电话〕。');
  assert.deepEqual(first.lines[1].spans, [{ start: 3, end: 6, type: 'PERSON' }, { start: 11, end: 22, type: 'PHONE' }]);
  assert.equal(first.lines[3].text, '身份证〔证件号〕\n住在');
  const again = mask(first.lines.map(({ text }) => ({ text })));
  again.lines.forEach((line, i) => assert.deepEqual(line, { text: first.lines[i].text, spans: [] }));
});

test('mask: what the record knows is hidden; what a policy shows clear stays; --why gives the reason', () => {
  const line = { text: '陈志强的员工小明，尾号5678', known: { 'respondent.name': '陈志强', 'complainant.name': ['张小明'], 'complainant.phone': '13812345678' } };
  const strict = mask([line], '--why');
  assert.equal(strict.lines[0].text, '〔姓名〕的员工〔姓名〕，尾号〔电话〕');
  assert.ok(strict.lines[0].spans.every((span) => span.why.length > 3));
  const cleared = mask([line], '--policy', 'case', '-c', config);
  assert.equal(cleared.code, 0, cleared.err);
  assert.equal(cleared.lines[0].text, '陈志强的员工〔姓名〕，尾号〔电话〕');
});

test('mask: a bad line is told in its place and stops nobody', () => {
  const { code, lines } = mask(['not json', { text: '好' }, { txt: '王建国' }, { text: 5 }, '["a"]']);
  assert.equal(code, 1);
  assert.match(lines[0].error, /^Line 1 /);
  assert.deepEqual(lines[1], { text: '好', spans: [] });
  for (const i of [2, 3, 4]) assert.match(lines[i].error, new RegExp(`^Line ${i + 1} `));
  assert.ok(!JSON.stringify(lines).includes('王建国'));
});

test('mask: a line without end costs neither memory nor its neighbours', () => {
  const { code, lines } = mask([{ text: '好' }, `{"text":"${'王'.repeat(6 << 20)}"}`, { text: '王建国来电' }]);
  assert.equal(code, 1);
  assert.deepEqual(lines[0], { text: '好', spans: [] });
  assert.match(lines[1].error, /^Line 2 is longer/);
  assert.equal(lines[2].text, '〔姓名〕来电');
});

test('mask: a wrong model, policy or file is told', () => {
  const folder = temporaryFolder('mask');
  for (const [args, says] of [
    [['--model', folder], /python3-jieba/],
    [['--policy', 'nobody', '-c', config], /nobody/],
    [[path.join(folder, 'missing.jsonl')], /missing\.jsonl/],
  ]) {
    const { code, err } = mask([{ text: '好' }], ...args);
    assert.equal(code, 1);
    assert.match(err, says);
  }
  assert.equal(mask([], '--policy', 'case').code, 2, 'a policy needs its configuration');
  const file = path.join(folder, 'one.jsonl');
  fs.writeFileSync(file, '{"text":"王建国"}\n');
  assert.deepEqual(mask([], file).lines, [{ text: '〔姓名〕', spans: [{ start: 0, end: 3, type: 'PERSON' }] }]);
});

// The whole of the input is one text.
function plain(input, ...args) {
  const { status, stdout, stderr } = spawnSync(binary, ['mask', '--plain', ...args], { input, encoding: 'utf8', env: { ...process.env, ...english }, maxBuffer: 256 << 20, timeout: 300000 * slow });
  return { code: status, err: stderr, out: stdout };
}

test('mask --plain: a long text comes out as the same text in one line does, its spans in a file', { timeout: 300000 * slow }, () => {
  const folder = temporaryFolder('mask-plain');
  const part = '市民王建国来电反映，在某超市购买的牛奶已经过期，电话13812345678。\n😀 要求退款\r\n';
  const text = Array.from({ length: 6000 }, (_, i) => `${i}号${part}`).join('');
  const spans = path.join(folder, 'spans.jsonl');
  const streamed = plain(text, '--spans', spans);
  assert.equal(streamed.code, 0, streamed.err);
  const [whole] = mask([{ text }]).lines;
  assert.ok(streamed.out === whole.text);
  assert.ok(!streamed.out.includes('13812345678'));
  assert.deepEqual(fs.readFileSync(spans, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)), whole.spans);
  const file = path.join(folder, 'text.txt');
  fs.writeFileSync(file, '王建国来电');
  assert.equal(plain('', file).out, '〔姓名〕来电');
  assert.equal(plain('').out, '');
});

test('mask --plain: what is not UTF-8 is refused and not put out', () => {
  const { code, out, err } = plain(Buffer.from([0xcd, 0xf5, 0xbd, 0xa8, 0xb9, 0xfa, 0xc0, 0xb4, 0xb5, 0xe7]));  // 王建国来电 in GB18030
  assert.equal(code, 1);
  assert.equal(out, '');
  assert.match(err, /UTF-8/);
  assert.equal(plain('好', '--policy', 'case', '-c', config).code, 2, 'a policy speaks of a record');
  assert.equal(mask([{ text: '好' }], '--spans', 'x').code, 2, 'spans in a file are of --plain');
});
