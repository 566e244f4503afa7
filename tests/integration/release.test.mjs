// What a named person decides, from the wire in to the wire out: a clue with report content waits (待释放) and is released in each
// of the ways or turned back; a caller is clear to emergency command in a confirmed danger to life; an informant's name is sealed to an
// officer on an approved request. Before that no byte of it stands in the outbox, a file or the log.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House, binary, slow, stop, until } from './lib/gateway.mjs';
import * as emergency from '../../sandbox/partners/emergency-rest.mjs';

const told = '我在该厂仓库上班，电话13700001111，厂里用过期原料';
const informant = '李四光';
let house;
let cases;
let officer; // private key
let command; // emergency command

before(async () => {
  house = await House.open({
    partners: ['city-a', 'p12315', 'emergency-rest'], standins: ['case'],
    change: (h) => {
      officer = path.join(h.folder, 'wang.key');
      execFileSync(binary, ['keys', 'generate', '--algorithm', 'sm2-sm3', '--output', officer]);
      fs.copyFileSync(`${officer}.pub`, path.join(h.secrets, 'wang.pub'));
      h.edit('gateway.yaml', (text) => `${text}\nofficers:\n  officer-wang: { title_zh: 王处长, key: "\${file:wang.pub}" }\n`);
      h.edit('policies/case.yaml', (text) => text.replace('path: informant.name, treatment: ref}', 'path: informant.name, treatment: seal, to: officer-wang, when: approved, otherwise: ref}'));
    },
  });
  command = await emergency.open({ secrets: house.secrets, log: () => {}, edit: (file, edit) => house.edit(file, edit), gateway: () => house.partners, platform: (what, body) => house.atPlatform(what, body) });
  const reloaded = house.cli('reload');
  assert.equal(reloaded.code, 0, reloaded.out);
  cases = house.standins.find((one) => one.partner === 'case').standin;
});
after(async () => { await command?.close(); await house?.close(); });

async function clue(n, more = {}) {
  const answer = await house.atPlatform('state', { service: 'case.clue', clueNo: `XS${n}`, sourceKind: '2', foundTime: '2026-11-24T10:00:00+08:00', partyName: '某某食品厂', content: told, opinion: '建议核查', informantName: informant, informantTel: '13800138000', ...more });
  assert.equal(answer.status, 202, answer.body);
  return JSON.parse(answer.body).entry.exchange;
}
const cli = (...args) => { const { code, out } = house.cli(...args); assert.equal(code, 0, `${args.join(' ')}: ${out}`); return out; };
const listed = (...args) => JSON.parse(cli(...args, '--format', 'json'));
const taskOf = (exchange) => until(`a task of ${exchange}`, () => listed('tasks', 'list', '--queue', 'release').tasks.find((task) => task.exchange === exchange));
const stateOf = (exchange, recipient = 'case') => listed('exchanges', 'show', exchange).messages.find((message) => message.recipient === recipient).state;
const received = (n) => cases.clues().find((text) => text.includes(`<XSBH>XS${n}</XSBH>`));
const arrives = (n) => until(`clue ${n} arrives`, () => received(n));
const entries = () => { const key = path.join(house.folder, 'log.vkey'); const file = path.join(house.folder, 'audit.jsonl');
  fs.writeFileSync(key, cli('keys', 'verifier', '-c', house.config, '--secrets', house.secrets));
  cli('audit', 'export', '--output', file);
  cli('audit', 'verify', '--key', key, file);
  return fs.readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line).entry).filter(Boolean); };
const ledgerOf = (exchange) => listed('disclosures', '--recipient', 'case', '--reason', '核对').disclosures.find((row) => row.exchange === exchange);
function everywhere(needle) {
  const found = [];
  const walk = (folder) => { for (const one of fs.readdirSync(folder, { withFileTypes: true })) { const name = path.join(folder, one.name); if (one.isDirectory()) walk(name); else if (fs.readFileSync(name).includes(needle)) found.push(name); } };
  walk(path.join(house.folder, 'state'));
  if (house.gateway.output.includes(needle)) found.push('the log');
  return found;
}

test('a clue with report content waits, and nothing of it is anywhere; a restart releases nothing', { timeout: 120000 * slow }, async () => {
  const exchange = await clue(1);
  const task = await taskOf(exchange);
  assert.equal(task.queueZh, '待释放');
  assert.equal(task.recipient, 'case');
  assert.equal(task.reason, 'content');
  assert.equal(stateOf(exchange), 'held');
  // What comes later of the same matter keeps its place; what is of another one goes.
  const later = await clue(1, { content: undefined, foundTime: '2026-11-24T11:00:00+08:00' });
  const other = await clue(2, { content: undefined });
  await arrives(2);
  assert.equal(received(1), undefined);
  house.gateway.kill('SIGKILL');
  await house.gateway.exited;
  await house.run();
  assert.equal(stateOf(exchange), 'held');
  assert.equal((await taskOf(exchange)).task, task.task);
  for (const needle of [told, '仓库上班', '13700001111', informant]) assert.deepEqual(everywhere(needle), [], needle);
  assert.equal(ledgerOf(exchange), undefined, 'nothing was disclosed yet');
  // Nothing else moves it.
  const message = `${exchange}-case`;
  for (const args of [['dead-letters', 'skip', message], ['dead-letters', 'replay', message], ['exchanges', 'replay', message], ['tasks', 'complete', String(task.task)], ['tasks', 'release', String(task.task)]]) {
    const refused = house.cli(...args, '--reason', '试试');
    assert.equal(refused.code, 1, `${args.join(' ')}: ${refused.out}`);
  }
  assert.equal(stateOf(exchange), 'held');

  // The person reads what is to be released; the look is audited.
  const shown = listed('tasks', 'show', String(task.task), '--reason', '审阅', '--actor', '周释放').fields;
  assert.equal(shown[0].path, 'content');
  assert.equal(shown[0].text, told);
  assert.ok(!shown[0].scrubbed.includes('13700001111') && shown[0].scrubbed.includes('过期原料'), shown[0].scrubbed);

  const { code, out } = house.cli('tasks', 'release', String(task.task), '--as', 'scrubbed', '--reason', '已脱敏', '--actor', '周释放');
  assert.equal(code, 0, out);
  const text = await arrives(1);
  assert.match(text, /<XSNR>[^<]*过期原料[^<]*<\/XSNR>/);
  assert.doesNotMatch(text, /13700001111/);
  await until('the later one follows', () => cases.orderOf('XS1').length === 2);
  assert.ok(cases.clues().indexOf(text) < cases.clues().findIndex((one) => one.includes(later)), 'in the order of the matter');
  const row = ledgerOf(exchange);
  assert.deepEqual(row.fields.find((field) => field.path === 'content'), { decided: 'release', form: 'scrub', kind: 'free-text', path: 'content', subject: 'informant' });
  const audit = entries();
  const act = audit.find((entry) => entry.kind === 'message-released' && entry.exchange === exchange);
  assert.equal(act.actor, '周释放');
  assert.equal(act.as, 'scrubbed');
  assert.equal(act.task, String(task.task));
  assert.equal(act.disclosed[0].message, message);
  assert.ok(audit.some((entry) => entry.kind === 'content-shown' && entry.task === String(task.task)));
  assert.ok(!JSON.stringify(audit).includes('已脱敏'), 'a reason is in the log as its salted digest alone');
  assert.ok(other);
});

test('whole, as a summary, without, turned back: what arrives is what the person decided', { timeout: 120000 * slow }, async () => {
  const summary = path.join(house.folder, 'summary.txt');
  fs.writeFileSync(summary, '反映某某食品厂使用过期原料。\n');
  const ways = [
    { n: 11, args: ['release', '--as', 'whole'], content: told, form: 'clear' },
    { n: 12, args: ['release', '--as', 'summary', '--summary-file', summary], content: '反映某某食品厂使用过期原料。', form: 'summary' },
    { n: 13, args: ['release', '--as', 'without'], content: undefined, form: undefined },
  ];
  for (const { n, args: [verb, ...rest], content, form } of ways) {
    const exchange = await clue(n);
    const { task } = await taskOf(exchange);
    cli('tasks', verb, String(task), ...rest, '--reason', '可以提供', '--actor', '周释放');
    const text = await arrives(n);
    assert.equal(/<XSNR>([^<]*)<\/XSNR>/.exec(text)?.[1], content);
    assert.doesNotMatch(text, new RegExp(informant));
    assert.equal(ledgerOf(exchange).fields.find((field) => field.path === 'content')?.form, form);
    const again = house.cli('tasks', verb, String(task), ...rest, '--reason', '再来一次', '--actor', '周释放');
    assert.equal(again.code, 1);
    assert.match(again.out, /task\.closed/);
  }
  const exchange = await clue(14);
  const { task } = await taskOf(exchange);
  cli('tasks', 'turn-back', String(task), '--reason', '内容会暴露举报人', '--actor', '周释放');
  assert.equal(stateOf(exchange), 'skipped');
  await clue(15, { content: undefined });
  await arrives(15);
  assert.equal(received(14), undefined);
  assert.equal(entries().filter((entry) => entry.kind === 'message-turned-back' && entry.exchange === exchange).length, 1);
});

test('what makes no sense is refused and changes nothing; of two persons at once the second is told', { timeout: 120000 * slow }, async () => {
  const exchange = await clue(21);
  const { task } = await taskOf(exchange);
  const act = (body) => house.atAdmin(`tasks/${task}/release`, { reason: '可以', actor: '周释放', ...body });
  for (const [body, code] of [[{}, 'admin.parameter'], [{ as: 'clear' }, 'admin.parameter'], [{ as: 'summary' }, 'task.summary'], [{ as: 'whole', summary: '摘要' }, 'task.summary'], [{ as: 'summary', summary: '长'.repeat(2001) }, 'task.summary'], [{ as: 'whole', actor: '' }, 'admin.person'], [{ as: 'whole', actor: '没有令牌的人' }, 'admin.person'], [{ as: 'whole', reason: '' }, 'admin.reason']]) {
    const answer = await act(body);
    assert.ok(answer.status >= 400, `${JSON.stringify(body).slice(0, 60)}: ${answer.text}`);
    assert.ok(answer.text.includes(code), answer.text);
  }
  assert.equal(stateOf(exchange), 'held');
  const both = await Promise.all([act({ as: 'without' }), act({ as: 'whole', actor: '李审批' })]);
  assert.deepEqual(both.map((answer) => answer.status).sort(), [200, 409]);
  assert.match(both.find((answer) => answer.status === 409).text, /task\.closed/);
  const text = await arrives(21);
  const whole = both[1].status === 200;
  assert.equal(text.includes('仓库'), whole, 'what arrives is what the first decided');
  assert.equal(entries().filter((entry) => entry.kind === 'message-released' && entry.exchange === exchange).length, 1);
});

test('a caller is clear to emergency command in a confirmed danger alone, whatever urgency came in', { timeout: 120000 * slow }, async () => {
  const caller = { providername: '段正淳', providertel: '18049531999', confirmedBy: '王建国' };
  const tell = async (n, more = {}) => { const answer = await house.atPlatform('state', { ...emergency.incident(n), ...caller, ...more }); assert.equal(answer.status, 202, answer.body); return JSON.parse(answer.body).entry.exchange; };
  const rowsOf = (exchange) => [...command.rows.values()].map((row) => JSON.parse(row)).filter((row) => row.messageId.startsWith(exchange));
  const first = await tell(1, { urgency: 'Immediate', grade: '1' });
  const [masked] = await until('the incident arrives', () => { const rows = rowsOf(first); return rows.length === 1 && rows; });
  assert.equal(masked.reporterPhone, '180****1999');
  const where = ['--recipient', 'emergency-rest', '--service', 'emergency.incident'];
  for (const [args, code] of [
    [['ask', ...where, '--exchange', first], 'grants.no-rule'],
    [['confirm-danger', ...where, '--exchange', first, '--label', 'id/complainant'], 'grants.label'],
    [['confirm-danger', ...where, '--exchange', first, '--until', '2030-01-01T00:00:00+08:00'], 'grants.end'],
    [['confirm-danger', ...where, '--exchange', first, '--until', '2020-01-01T00:00:00+08:00'], 'grants.end'],
    [['confirm-danger', '--recipient', 'case', '--service', 'case.clue', '--exchange', first], 'grants.no-rule'],
    [['confirm-danger', ...where, '--exchange', '01HF7YAT000000000000000001'], 'gateway.not-found'],
  ]) {
    const refused = house.cli('grants', ...args, '--reason', '试试', '--actor', '周释放');
    assert.equal(refused.code, 1, `${args.join(' ')}: ${refused.out}`);
    assert.match(refused.out, new RegExp(code.replace('.', '\\.')), args.join(' '));
  }
  cli('grants', 'confirm-danger', ...where, '--exchange', first, '--reason', '电话中听到呼救', '--actor', '周释放');
  const [grant] = listed('grants', 'list').grants;
  assert.equal(grant.state, 'in-force');
  assert.equal(grant.kind, 'danger');
  assert.equal(grant.reason, undefined, 'a list has no reasons');
  assert.equal(listed('grants', 'show', grant.grant).grants[0].reason, '电话中听到呼救');
  cli('grants', 'resend', grant.grant, '--message', `${first}-emergency-rest`, '--reason', '危及生命', '--actor', '周释放');
  await until('it arrives again, clear', () => [...command.rows.values()].some((row) => row.includes('18049531999')));
  const states = () => listed('exchanges', 'show', first).messages.filter((message) => message.recipient === 'emergency-rest').map((message) => message.state).sort().join();
  await until('the earlier one is superseded', () => states() === 'delivered,superseded');
  const rows = listed('disclosures', '--recipient', 'emergency-rest', '--reason', '核对').disclosures.filter((row) => row.exchange === first);
  assert.ok(rows.some((row) => row.fields.some((field) => field.path === 'provider.phone' && field.form === 'clear' && field.decided === `grant ${grant.grant}`)));
  assert.ok(rows.some((row) => row.fields.some((field) => field.path === 'provider.phone' && field.form === 'mask')));
  // Another incident is as before, and so is everything after the withdrawal.
  const second = await tell(2);
  await until('the second', () => rowsOf(second).length === 1);
  assert.equal(rowsOf(second)[0].reporterPhone, '180****1999');
  cli('grants', 'withdraw', grant.grant, '--reason', '人员已获救', '--actor', '周释放');
  const late = house.cli('grants', 'resend', grant.grant, '--message', `${first}-emergency-rest-2`, '--reason', '再发', '--actor', '周释放');
  assert.equal(late.code, 1);
  assert.match(late.out, /grants\.other-message/);
  const kinds = entries().filter((entry) => entry.grant === grant.grant).map((entry) => entry.kind);
  assert.deepEqual(kinds, ['grant-danger-confirmed', 'grant-withdrawn']);
});

test('an informant is sealed to the officer on an approved request, by two persons, until its end', { timeout: 120000 * slow }, async () => {
  const exchange = await clue(31, { content: undefined });
  assert.match(await arrives(31), /<JBRDH>R-[0-9A-Z]{16}<\/JBRDH>/);
  const where = ['--recipient', 'case', '--service', 'case.clue'];
  const refusals = [
    [[...where, '--exchange', exchange], 'grants.informant'], // no label said
    [[...where, '--partner', 'p12315', '--matter', 'XS31', '--label', 'name/informant'], 'grants.informant'], // not one record
  ];
  for (const [args, code] of refusals) assert.match(house.cli('grants', 'ask', ...args, '--reason', '办案', '--actor', '王操作').out, new RegExp(code.replace('.', '\\.')), args.join(' '));
  const ask = (...more) => cli('grants', 'ask', ...where, '--exchange', exchange, '--label', 'name/informant', '--reason', '核实举报人', '--actor', '王操作', ...more);
  ask();
  const [{ grant }] = listed('grants', 'list').grants;
  assert.match(house.cli('grants', 'approve', grant, '--reason', '同意', '--actor', '王操作').out, /grants\.same-person/);
  assert.match(house.cli('grants', 'resend', grant, '--message', `${exchange}-case`, '--reason', '发送', '--actor', '王操作').out, /grants\.other-message/, 'asked for is not granted');
  const both = await Promise.all(['李审批', '周释放'].map((actor) => house.atAdmin(`grants/${grant}/approve`, { reason: '同意', actor })));
  assert.deepEqual(both.map((answer) => answer.status).sort(), [200, 409], both.map((answer) => answer.text).join());
  cli('grants', 'resend', grant, '--message', `${exchange}-case`, '--reason', '发送', '--actor', '王操作');
  const sealed = await until('the sealed name arrives', () => cases.clues().map((text) => /<XSBH>XS31<\/XSBH>[^]*<JBRDH>(sealed:v1:[^<]+)<\/JBRDH>/.exec(text)?.[1]).find(Boolean));
  assert.equal(execFileSync(binary, ['keys', 'open-sealed', '--key', officer], { input: sealed, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] }).trim(), informant);

  const brief = 8000 * slow;
  // Its end comes by itself, also while the gateway is down; who comes too late is told, and the log says so.
  ask('--until', new Date(Date.now() + brief).toISOString());
  const [{ grant: short }] = listed('grants', 'list').grants;
  assert.notEqual(short, grant);
  const end = Date.now() + brief;
  ask('--until', new Date(end).toISOString());
  const [{ grant: never }] = listed('grants', 'list').grants;
  cli('grants', 'approve', short, '--reason', '同意', '--actor', '李审批');
  await stop(house.gateway);
  await until('both have ended', () => Date.now() > end, brief / 1000 + 10);
  await house.run();
  assert.match(house.cli('grants', 'resend', short, '--message', `${exchange}-case-2`, '--reason', '发送', '--actor', '王操作').out, /grants\.over/);
  assert.match(house.cli('grants', 'approve', never, '--reason', '同意', '--actor', '李审批').out, /grants\.over/);
  cli('grants', 'withdraw', grant, '--reason', '已核实', '--actor', '王操作');
  cli('exchanges', 'replay', `${exchange}-case-2`, '--reason', '到期后重发');
  await until('a reference again', () => cases.clues().filter((text) => text.includes('<XSBH>XS31</XSBH>') && /<JBRDH>R-/.test(text)).length === 2);
  const audit = entries();
  const steps = (id) => audit.filter((entry) => entry.grant === id).map((entry) => entry.kind);
  assert.deepEqual(steps(grant), ['grant-asked', 'grant-approved', 'grant-withdrawn']);
  assert.deepEqual(steps(short), ['grant-asked', 'grant-approved', 'grant-over']);
  assert.deepEqual(steps(never), ['grant-asked', 'grant-over']);
  for (const needle of ['核实举报人', '同意', 'XS31']) assert.ok(!JSON.stringify(audit.filter((entry) => entry.grant)).includes(needle), needle);
});

test('explain says on which condition, and whether it was met', { timeout: 60000 * slow }, async () => {
  const exchange = await clue(41);
  const { task } = await taskOf(exchange);
  const conditionsOf = () => listed('exchanges', 'explain', exchange, '--under', 'now').recipients.find((one) => one.recipient === 'case').conditions;
  const content = () => conditionsOf().find((row) => row.path === 'content');
  assert.equal(content().condition, 'clear after release');
  assert.match(content().met, new RegExp(`task ${task}`));
  assert.equal(conditionsOf().find((row) => row.path === 'informant.name').condition, 'seal when approved, otherwise ref');
  cli('tasks', 'release', String(task), '--as', 'without', '--reason', '可以', '--actor', '周释放');
  assert.match(content().met, /without/);
  await arrives(41);
  assert.doesNotMatch(JSON.stringify(listed('exchanges', 'explain', exchange, '--under', 'now')), /仓库|李四光/);
});
