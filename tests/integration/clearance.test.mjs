// The explanation of an exchange with values: named persons, each through the own clearance, each look in the audit log.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { House, binary, order, request, slow } from './lib/gateway.mjs';
import { Client } from './lib/traffic.mjs';

const english = { LC_ALL: '', LC_MESSAGES: '', LANG: 'en_US.UTF-8' };
const people = [
  { file: 'operator.token', entry: '{name: 钱操作, token: "${file:operator.token}", clearance: operator}' },
  { file: 'approver.token', entry: '{name: 孙审批, token: "${file:approver.token}", until: 2999-12-31, clearance: approver}' },
  { file: 'former.token', entry: '{name: 赵离职, token: "${file:former.token}", until: 2020-01-01, clearance: approver}' },
  { file: 'auditor.token', entry: '{name: 周审计, token: "${file:auditor.token}"}' },
];
const withPeople = (entries) => (text) => `${text.trimEnd()}\n${entries.map((one) => `    - ${one}\n`).join('')}`;
const valueOf = (rows, field) => rows.find((row) => row.field === field);

test('values are shown to named persons, through the clearance of each, and each look is in the audit log', { timeout: 90000 * slow }, async () => {
  const house = await House.open({
    change: (h) => {
      for (const { file } of people) fs.writeFileSync(path.join(h.secrets, file), `${crypto.randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
      h.edit('gateway.yaml', withPeople(people.map(({ entry }) => entry)));
    },
  });
  const client = new Client(house);
  const sent = order(1);
  const answer = await client.submit(sent);
  assert.equal(answer.status, 202, answer.text);
  const id = JSON.parse(answer.text).entry.exchange;
  await house.settled();
  const tokenOf = (file) => fs.readFileSync(path.join(house.secrets, file), 'utf8').trim();
  const ask = async (file, body = { reason: '核对字段', under: 'then' }) => {
    const { status, text } = await request(`${house.admin}/admin/v1/exchanges/${id}/explain`, { method: 'POST', body: JSON.stringify(body), headers: { Authorization: `Bearer ${tokenOf(file)}` } });
    return { status, text, body: JSON.parse(text) };
  };

  const operator = await ask('operator.token');
  assert.equal(operator.status, 200, operator.text);
  const seen = operator.body.record;
  assert.equal(valueOf(seen, 'provider.name').value, '段**');
  assert.equal(valueOf(seen, 'provider.phone').value, '180****1999');
  assert.equal(valueOf(seen, 'target.name').value, '某某火锅店');
  assert.equal(valueOf(seen, 'provider.address').withheld, true);
  for (const secret of [sent.callerName, sent.callerPhone, sent.callerIdNo, sent.callerAddress, sent.callerMail]) assert.ok(!operator.text.includes(secret), 'an operator is shown what the clearance does not name');
  const out = operator.body.recipients.find((one) => one.recipient === 'p12315').fields;
  assert.equal(valueOf(out, 'providertel').withheld, true, 'the platform got it clear, the operator does not');

  const approver = await ask('approver.token');
  assert.equal(valueOf(approver.body.record, 'provider.phone').value, sent.callerPhone);
  assert.equal(valueOf(approver.body.record, 'provider.idNo')?.value ?? '5***************1X', '5***************1X');
  assert.equal(valueOf(approver.body.recipients[0].fields, 'providertel').value, sent.callerPhone);
  assert.ok(!approver.text.includes(sent.callerIdNo));

  for (const [file, status, code] of [['admin.token', 403, 'admin.person'], ['auditor.token', 403, 'admin.clearance'], ['former.token', 401, 'admin.token']]) {
    const refused = await ask(file);
    assert.equal(refused.status, status, file);
    assert.equal(refused.body.code, code, file);
  }
  assert.equal((await ask('operator.token', { under: 'then' })).body.code, 'admin.reason');

  // On the command line, in words.
  const args = ['exchanges', 'explain', id, '--values', '--reason', '核对字段', '--admin', house.admin, '--token-file', path.join(house.secrets, 'operator.token')];
  assert.match(execFileSync(binary, args, { encoding: 'utf8', env: { ...process.env, ...english } }), /180\*{4}1999[\s\S]*\(withheld\)/);
  assert.match(execFileSync(binary, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'zh_CN.UTF-8' } }), /字段 .*缺失原因[\s\S]*（无权查看）/);
  assert.equal(house.cli('exchanges', 'explain', id, '--values').code, 2);

  const entries = (await house.atAdmin('audit/entries?from=0&limit=1000')).text.trim().split('\n').map((line) => JSON.parse(line)).filter((entry) => entry.kind === 'content-viewed');
  assert.deepEqual(entries.map((entry) => [entry.actor, entry.clearance, entry.exchange]), [['钱操作', 'operator', id], ['孙审批', 'approver', id], ['钱操作', 'operator', id], ['钱操作', 'operator', id]]);
  assert.ok(!JSON.stringify(entries).includes('核对字段'), 'the reason is kept as a digest');

  // Whose token it is decides who acted, whatever the body claims; and who left can do nothing after a reload.
  const claimed = await request(`${house.admin}/admin/v1/partners/p12315/pause`, { method: 'POST', body: JSON.stringify({ reason: '演练', actor: '别人' }), headers: { Authorization: `Bearer ${tokenOf('operator.token')}` } });
  assert.equal(claimed.status, 200, claimed.text);
  const acts = (await house.atAdmin('audit/entries?from=0&limit=1000')).text;
  assert.ok(acts.includes('钱操作') && !acts.includes('别人'));
  house.edit('gateway.yaml', (text) => text.replace(/ {4}- \{name: 钱操作.*\n/, ''));
  assert.equal(house.cli('reload').code, 0);
  assert.equal((await ask('operator.token')).status, 401);

  // Two people with one token could not be told apart.
  house.edit('gateway.yaml', (text) => text.replace('${file:auditor.token}', '${file:approver.token}'));
  const twice = house.cli('reload');
  assert.equal(twice.code, 1);
  assert.match(twice.out, /config\.person-token/);
  assert.equal((await ask('approver.token')).status, 200, 'what was active stays active');
  client.close();
  await house.close();
});
