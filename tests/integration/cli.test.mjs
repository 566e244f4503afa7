// The command line as a person and as a script use it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House, binary, order, root, slow, temporaryFolder } from './lib/gateway.mjs';

const work = temporaryFolder('cli');
const shipped = path.join(root, 'config');
const english = { LC_ALL: '', LC_MESSAGES: '', LANG: 'en_US.UTF-8' };
const chinese = { LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN.UTF-8' };

function run(args, { env = {}, input = '' } = {}) {
  const { status, stdout, stderr, signal } = spawnSync(binary, args, { encoding: 'utf8', input, env: { ...process.env, ...english, ...env }, maxBuffer: 64 << 20, timeout: 60000 * slow });
  return { code: status, signal, out: stdout, err: stderr };
}

// A copy of the shipped configuration with one file changed.
function configWith(name, file, change) {
  const folder = path.join(work, name);
  fs.cpSync(shipped, folder, { recursive: true });
  if (file) {
    const target = path.join(folder, file);
    const before = fs.readFileSync(target, 'utf8');
    const after = change(before);
    assert.notEqual(after, before, `${name} changes nothing`);
    fs.writeFileSync(target, after);
  }
  return folder;
}

// Every command with its full name, read from the help itself.
function commands(prefix = []) {
  const { code, out } = run([...prefix, '--help']);
  assert.equal(code, 0, prefix.join(' '));
  const [, list] = out.split(/^Subcommands:\s*$/m);
  const names = list ? [...list.split('\n\n')[0].matchAll(/^ {2}([a-z][a-z-]*) /gm)].map((m) => m[1]) : [];
  return [[...prefix], ...names.flatMap((name) => commands([...prefix, name]))];
}

test('every command has help in both languages', () => {
  const all = commands();
  const leaves = all.map((words) => words.join(' '));
  for (const expected of ['serve', 'check', 'test', 'explain', 'send', 'status', 'exchanges list', 'exchanges show', 'exchanges replay', 'dead-letters list', 'dead-letters replay', 'dead-letters skip', 'tasks list', 'tasks complete', 'tasks release',
    'audit verify', 'audit export', 'audit prove', 'audit checkpoint', 'keys generate', 'keys open-sealed', 'keys verifier', 'mapping format', 'partner pause', 'partner resume', 'reload', 'reference']) assert.ok(leaves.includes(expected), expected);
  for (const words of all) {
    const { out } = run([...words, '--help']);
    assert.match(out, /[一-鿿]/, `Chinese help of ${words.join(' ')}`);
    assert.match(out.replace(/Usage|OPTIONS|Options|Subcommands|Positionals|REQUIRED|TEXT|Print this help message and exit/g, ''), /[a-z]{2,} [a-z]{2,}/, `English help of ${words.join(' ')}`);
    const about = out.split(/Usage:/)[0];
    assert.match(about, /[一-鿿].* \/ \S|退出码/s, `what ${words.join(' ')} does, in both languages`);
  }
  assert.match(run(['--version']).out, /\d+\.\d+\.\d+/);
  assert.match(run(['--help']).out, /0 完成 done, 1 发现问题 found something wrong, 2 调用有误 called wrongly/);
});

test('exit status: 2 when called wrongly', () => {
  for (const args of [[], ['nothing'], ['--nothing'], ['audit'], ['audit', 'nothing'], ['check'], ['check', '-c'], ['serve'], ['explain', '-c', shipped], ['check', '-c', shipped, '--format', 'xml'], ['check', '-c', shipped, '--matrix', 'pdf'],
    ['audit', 'prove', 'one'], ['tasks', 'complete'], ['tasks', 'complete', '1'], ['dead-letters', 'skip', 'x'], ['keys', 'generate', '--algorithm', 'rsa', '--output', 'x'], ['reference', 'nothing'], ['mapping', 'format']]) {
    const { code, out, err } = run(args);
    assert.equal(code, 2, `tongqu ${args.join(' ')}: ${out}${err}`);
    assert.ok((out + err).trim().length > 0, `tongqu ${args.join(' ')} says nothing`);
  }
});

test('exit status: 1 when something is wrong, and it says what in the language asked for', () => {
  const missing = path.join(work, 'missing');
  for (const args of [['check', '-c', missing], ['test', '-c', missing], ['explain', '-c', missing, '--partner', 'city-a', '--service', 'workorder.transfer', '-'], ['serve', '-c', missing], ['send', '-c', missing, '--as', 'a', '--service', 's', '-'],
    ['audit', 'verify', '--key', missing, missing], ['keys', 'verifier', '-c', missing], ['mapping', 'format', missing], ['status', '--admin', 'http://127.0.0.1:1', '--token-file', path.join(root, 'LICENSE')], ['status', '--admin', 'http://192.0.2.1:80', '--token-file', path.join(root, 'LICENSE')],
    ['exchanges', 'list', '--admin', 'http://127.0.0.1:1'], ['explain', '-c', shipped, '--partner', 'nobody', '--service', 'workorder.transfer', path.join(root, 'docs/examples/workorder.json')],
    ['explain', '-c', shipped, '--partner', 'city-a', '--service', 'workorder.sign', path.join(root, 'docs/examples/workorder.json')]]) {
    const en = run(args);
    const zh = run(args, { env: chinese });
    assert.equal(en.code, 1, `tongqu ${args.join(' ')}: ${en.out}${en.err}`);
    assert.equal(zh.code, 1);
    assert.match(en.err, /[a-z]{3,}/, args.join(' '));
    assert.match(zh.err, /[一-鿿]/, `in Chinese: tongqu ${args.join(' ')}: ${zh.err}`);
  }
});

test('check finds broken configuration, all faults at once, with place and nearest word', () => {
  const good = run(['check', '-c', shipped, '--no-secrets']);
  assert.equal(good.code, 0, good.err);
  assert.match(good.out, /[0-9a-f]{64}/);
  assert.match(run(['check', '-c', shipped, '--no-secrets'], { env: chinese }).out, /配置通过检查/);
  for (const [name, file, change, place, nearest] of [
    ['word', 'partners/city-a.yaml', (t) => t.replace('scheme: hmac', 'scheme: hmca'), /partners\/city-a\.yaml:10:13/, 'hmac'],
    ['setting', 'gateway.yaml', (t) => t.replace('log_level', 'log_levle'), /gateway\.yaml:5:1/, 'log_level'],
    ['treatment', 'policies/p12315.yaml', (t) => t.replace('treatment: mask', 'treatment: maks'), /policies\/p12315\.yaml:\d+:\d+/, 'mask'],
    ['partner', 'routes/workorder-to-platform.yaml', (t) => t.replace('partner: p12315', 'partner: p12135'), /routes\/workorder-to-platform\.yaml:4:\d+/, 'p12315'],
    ['mapping', 'routes/workorder-to-platform.yaml', (t) => t.replace('p12315/matter-out', 'p12315/mater-out'), /routes\/workorder-to-platform\.yaml:6:\d+/, 'p12315/matter-out'],
    ['field', 'mappings/p12315/matter-out.map', (t) => t.replace('$.order_no', '$.order_on'), /mappings\/p12315\/matter-out\.map:\d+:\d+/, 'order_no'],
    ['function', 'mappings/city-a/workorder-in.map', (t) => t.replace('html_to_text($.content)', 'html_to_txt($.content)'), /mappings\/city-a\/workorder-in\.map:\d+:\d+/, 'html_to_text'],
    ['table', 'mappings/city-a/workorder-in.map', (t) => t.replace('lookup(city-a/info-type', 'lookup(city-a/info-typ'), /mappings\/city-a\/workorder-in\.map:\d+:\d+/, 'city-a/info-typ'],
    ['duration', 'partners/p12315.yaml', (t) => t.replace('timeout: 10s', 'timeout: 10'), /partners\/p12315\.yaml:\d+:\d+/, ''],
    ['plain secret', 'gateway.yaml', (t) => t.replace('token: ${file:admin.token}', 'token: abc123'), /gateway\.yaml:\d+:\d+/, ''],
    ['twice', 'gateway.yaml', (t) => `${t}\nsuite: gm\n`, /gateway\.yaml:\d+:\d+/, 'suite'],
    ['schema', 'services/workorder.transfer@1.json', (t) => t.replace('"type": "object"', '"type": "objekt"'), /services\/workorder\.transfer@1\.json/, ''],
  ]) {
    const folder = configWith(`broken-${name.replace(' ', '-')}`, file, change);
    for (const env of [english, chinese]) {
      const { code, err } = run(['check', '-c', folder, '--no-secrets'], { env });
      assert.equal(code, 1, name);
      assert.match(err, place, name);
      assert.ok(err.includes(nearest), `${name}: ${nearest} is not suggested: ${err}`);
    }
    const { code, out } = run(['check', '-c', folder, '--no-secrets', '--format', 'json']);
    assert.equal(code, 1);
    const faults = JSON.parse(out);
    assert.ok(faults.length >= 1 && faults.every((f) => f.code && f.file && f.message_en && f.message_zh), out);
    assert.doesNotMatch(out + run(['check', '-c', folder, '--no-secrets']).err, /abc123/, 'a secret in the clear is not repeated');
  }
  const two = configWith('broken-two', 'gateway.yaml', (t) => t.replace('log_level', 'log_levle').replace('io_threads: 2', 'io_threads: 1000'));
  fs.writeFileSync(path.join(two, 'policies/p12315.yaml'), fs.readFileSync(path.join(two, 'policies/p12315.yaml'), 'utf8').replace('treatment: mask', 'treatment: maks'));
  assert.ok(JSON.parse(run(['check', '-c', two, '--no-secrets', '--format', 'json']).out).length >= 3, 'all faults at once');
});

test('a window of working days: the tables of the years are checked, and a missing year is told', () => {
  const year = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date()).slice(0, 4);
  const workdays = (name, change = () => {}) => {
    const folder = configWith(name, 'partners/city-a.yaml', (t) => t.replace('  timeout: 10s\n  max_connections', '  window: "08:30-17:30"\n  workdays_only: true\n  timeout: 10s\n  max_connections'));
    change(path.join(folder, 'rules/workdays'));
    return run(['check', '-c', folder, '--no-secrets']);
  };
  const good = workdays('workdays');
  assert.equal(good.code, 0, good.err);
  assert.doesNotMatch(good.out + good.err, /rules\/workdays/);
  const missing = workdays('workdays-missing', (tables) => fs.rmSync(path.join(tables, `${year}.csv`)));
  assert.equal(missing.code, 0, 'weekdays serve until the table is there');
  assert.match(missing.out + missing.err, new RegExp(`partners/city-a\\.yaml:\\d+:\\d+.*\n?.*rules/workdays has no table for ${year}`));
  const broken = workdays('workdays-broken', (tables) => fs.appendFileSync(path.join(tables, `${year}.csv`), `${year}-12-31,holiday,x\n${year}-01-01,off,x\n`));
  assert.equal(broken.code, 1);
  const lines = fs.readFileSync(path.join(shipped, `rules/workdays/${year}.csv`), 'utf8').split('\n').length;
  assert.ok(broken.err.includes(`rules/workdays/${year}.csv:${lines}:1`) && broken.err.includes(`rules/workdays/${year}.csv:${lines + 1}:1`), broken.err);
  const named = workdays('workdays-name', (tables) => fs.renameSync(path.join(tables, '2019.csv'), path.join(tables, 'year-2019.csv')));
  assert.equal(named.code, 1);
  assert.match(named.err, /rules\/workdays\/year-2019\.csv/);
});

test('check without readable secrets says which are missing; --matrix prints the disclosure matrix', () => {
  const bare = configWith('no-secrets');
  const { code, err } = run(['check', '-c', bare]);
  assert.equal(code, 1);
  for (const name of ['admin.token', 'master.key', 'city-a.hmac']) assert.ok(err.includes(name), name);
  const table = run(['check', '-c', shipped, '--no-secrets', '--matrix', 'terminal']);
  assert.equal(table.code, 0);
  const csv = run(['check', '-c', shipped, '--no-secrets', '--matrix', 'csv']);
  assert.equal(csv.code, 0);
  const rows = csv.out.trim().split('\n').map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/));
  assert.deepEqual(rows[0], ['recipient', 'service', 'way', 'label', 'field', 'form', 'output fields', 'purpose', 'legal basis', 'rule', 'declassified because']);
  const of = (field) => rows.find((row) => row[0] === 'p12315' && row[2] === 'route workorder-to-platform' && row[4] === field);
  assert.equal(of('provider.phone')?.[5], 'clear');
  assert.equal(of('provider.phone')?.[6], 'providertel');
  assert.equal(of('provider.cert_no')?.[5], 'mask');
  assert.equal(of('informant.name')?.[5], 'mask');
  assert.equal(of('informant.address')?.[5], 'drop');
  assert.equal(new Set(rows.map((row) => row.length)).size, 1, 'each row has eleven cells');
  const page = run(['check', '-c', shipped, '--no-secrets', '--matrix', 'html']);
  assert.equal(page.code, 0);
  assert.match(page.out, /自由文本与图片中的个人信息只能测量，不能证明/);
  assert.doesNotMatch(page.out, /https?:\/\//, 'the page needs nothing else');
  const same = run(['check', '-c', shipped, '--no-secrets', '--against', shipped]);
  assert.equal(same.code, 0);
  assert.match(same.out, /没有变化/);
});

test('test runs the cases of the mappings, and one that does not fit is red', () => {
  const good = run(['test', '-c', shipped]);
  assert.equal(good.code, 0, good.out + good.err);
  assert.match(good.out, /^[1-9]\d* passed, 0 failed$/m);
  const folder = configWith('red-case');
  const cases = execFileSync('find', [path.join(folder, 'cases'), '-name', '*.out.json'], { encoding: 'utf8' }).trim().split('\n');
  fs.writeFileSync(cases[0], fs.readFileSync(cases[0], 'utf8').replace('"verdict"', '"verdikt"'));
  const red = run(['test', '-c', folder]);
  assert.equal(red.code, 1);
  assert.match(red.out, /^not ok /m);
  assert.equal(run(['test', '-c', folder, '--accept']).code, 0);
  assert.equal(run(['test', '-c', folder]).code, 0);
  assert.equal(run(['test', '-c', folder, 'no-such-mapping']).code, 1, 'nothing ran');
});

test('mapping format --check: the shipped mappings have the one form; another form is named, not changed', () => {
  const maps = execFileSync('find', [path.join(shipped, 'mappings'), '-name', '*.map'], { encoding: 'utf8' }).trim().split('\n');
  const good = run(['mapping', 'format', '--check', ...maps]);
  assert.equal(good.code, 0, good.out + good.err);
  const untidy = path.join(work, 'untidy.map');
  const text = fs.readFileSync(maps[0], 'utf8');
  fs.writeFileSync(untidy, text.replace(/ +=(?= )/g, '      =   '));
  assert.notEqual(fs.readFileSync(untidy, 'utf8'), text);
  const checked = run(['mapping', 'format', '--check', untidy]);
  assert.deepEqual([checked.code, checked.out.trim()], [1, untidy]);
  assert.notEqual(fs.readFileSync(untidy, 'utf8'), text, 'check changes nothing');
  assert.equal(run(['mapping', 'format', untidy]).code, 0);
  assert.equal(fs.readFileSync(untidy, 'utf8'), text);
  assert.equal(run(['mapping', 'format', '-'], { input: text }).out, text);
  const broken = path.join(work, 'broken.map');
  fs.writeFileSync(broken, 'mapping x\nfrom\n');
  assert.equal(run(['mapping', 'format', '--check', broken]).code, 1);
});

test('keys: a generated pair signs and verifies nothing else; private keys are for the owner only', () => {
  for (const algorithm of ['sm2-sm3', 'ed25519', 'ecdsa-p256-sha256', 'x25519']) {
    const file = path.join(work, `${algorithm}.key`);
    assert.equal(run(['keys', 'generate', '--algorithm', algorithm, '--output', file]).code, 0);
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    assert.match(fs.readFileSync(file, 'utf8'), /PRIVATE KEY/);
    assert.match(fs.readFileSync(`${file}.pub`, 'utf8'), /PUBLIC KEY/);
  }
});

test('reference pages print and are the committed ones; completion completes; the manual page renders', () => {
  assert.equal(run(['reference', 'settings']).out, fs.readFileSync(path.join(root, 'docs/reference/settings.md'), 'utf8'));
  const errors = run(['reference', 'errors']).out;
  const ids = [...errors.matchAll(/^\| `([^`]+)` \|/gm)].map((m) => m[1]);
  assert.ok(ids.length > 100);
  assert.equal(new Set(ids).size, ids.length, 'each code once');
  assert.ok(ids.every((id) => /^[a-z0-9]+\.[a-z0-9-]+$/.test(id)));
  JSON.parse(run(['reference', 'editor-schema']).out);
  assert.ok(run(['reference', 'manifest']).out.length > 1000);

  const script = path.join(work, 'completion.bash');
  fs.writeFileSync(script, run(['reference', 'completion']).out);
  const complete = (...words) => execFileSync('bash', ['-c', `source ${script}; COMP_WORDS=(${words.map((w) => `'${w}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _tongqu; printf '%s\\n' "\${COMPREPLY[@]}"`], { encoding: 'utf8' }).trim().split('\n');
  assert.ok(complete('tongqu', '').includes('audit'));
  assert.deepEqual(complete('tongqu', 'aud'), ['audit']);
  assert.deepEqual(complete('tongqu', 'audit', 'ver'), ['verify']);
  assert.deepEqual(complete('tongqu', 'audit', 'verify', '--k'), ['--key']);
  assert.deepEqual(complete('tongqu', 'dead-letters', 'skip', '--rea'), ['--reason']);
  assert.deepEqual(complete('tongqu', 'check', '--mat'), ['--matrix']);

  const page = path.join(work, 'tongqu.1');
  fs.writeFileSync(page, run(['reference', 'manual']).out);
  if (spawnSync('man', ['--version']).error) return;
  const man = spawnSync('man', ['--warnings', '-l', page], { encoding: 'utf8', env: { ...process.env, LANG: 'C.UTF-8', MANPAGER: 'cat', MANWIDTH: '100' } });
  assert.equal(man.status, 0, man.stderr);
  assert.equal(man.stderr.trim(), '');
  for (const words of [/tongqu audit verify/, /审计日志/, /--key/, /EXIT STATUS/]) assert.match(man.stdout, words);
});

test('with a running gateway: tables in both forms, send, explain', { timeout: 120000 * slow }, async () => {
  const house = await House.open();
  const file = path.join(work, 'order.json');
  fs.writeFileSync(file, JSON.stringify(order(1)));
  const at = ['-c', house.config, '--secrets', house.secrets];
  const send = (...more) => run(['send', ...at, '--as', 'city-a', '--service', 'workorder.transfer', '--url', house.partners, ...more]);

  const first = send(file);
  assert.equal(first.code, 0, first.err);
  const receipt = JSON.parse(first.out);
  assert.equal(receipt.receipt, 'stored');
  assert.equal(send(file).out, first.out, 'the same file again is the same receipt');
  const keyed = send('--key', 'k-1', file);
  assert.notEqual(keyed.out, first.out);
  assert.equal(JSON.parse(keyed.out).entry.service, 'workorder.transfer');
  const other = path.join(work, 'other.json');
  fs.writeFileSync(other, JSON.stringify(order(1, { content: '另一份内容' })));
  const conflict = send('--key', 'k-1', other);
  assert.equal(conflict.code, 1);
  assert.match(conflict.err, /store\.key-conflict/);
  assert.equal(run(['send', ...at, '--as', 'p12315', '--service', 'workorder.sign', '--url', house.partners, file]).code, 1, 'its private key is not here');
  fs.writeFileSync(other, '{"orderNum":');
  const broken = send(other);
  assert.equal(broken.code, 1);
  assert.match(broken.err, /json\./);
  await house.settled();

  // What explain says is what the platform received, field by field.
  const [{ messages }] = await house.atPlatform('matters?order=GD202600000001');
  const received = messages[0].body;
  const explained = run(['explain', ...at.slice(0, 2), '--partner', 'city-a', '--service', 'workorder.transfer', '--format', 'json', file]);
  assert.equal(explained.code, 0, explained.err);
  const [recipient] = JSON.parse(explained.out).recipients;
  const said = JSON.parse(recipient.body);
  assert.match(said.messageId, /^[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.deepEqual({ ...said, messageId: received.messageId }, received);
  const rows = new Map(recipient.fields.map((row) => [row.field, row]));
  for (const [field, value] of Object.entries(received)) assert.equal(rows.get(field)?.present, true, `${field} = ${value} is not explained`);
  for (const [field, row] of rows) {
    assert.equal(row.present, field in received, `${field}: present`);
    if (row.present) assert.ok(row.sources.length > 0 || row.line > 0, field);
    else assert.ok(row.why.length > 0, `${field} is absent without a reason`);
  }
  assert.equal(rows.get('idnumber').treatment, 'mask');
  assert.deepEqual(rows.get('idnumber').sources, ['$.provider.cert_no']);
  assert.match(rows.get('informantname').why, /./);
  const text = run(['explain', ...at.slice(0, 2), '--partner', 'city-a', '--service', 'workorder.transfer', file]);
  assert.equal(text.code, 0);
  for (const word of ['p12315', 'idnumber', 'mask']) assert.ok(text.out.includes(word), word);

  // A held one, so that tasks are not empty; a dead one likewise.
  await house.atHotline('submit', { order: order(2, { questionCode: '9999' }) });
  await house.atPlatform('control', { mode: 'refuse', count: 1 });
  await house.atHotline('submit', { order: order(3) });
  await house.settled();
  for (const [args, name] of [[['status'], 'partners'], [['exchanges', 'list'], 'exchanges'], [['dead-letters', 'list'], 'messages'], [['tasks', 'list'], 'tasks']]) {
    const asJson = house.cli(...args, '--format', 'json');
    assert.equal(asJson.code, 0, asJson.out);
    const rowsOf = JSON.parse(asJson.out)[name];
    assert.ok(rowsOf.length > 0, args.join(' '));
    const asText = house.cli(...args);
    assert.equal(asText.code, 0);
    const key = { partners: 'partner', exchanges: 'exchange', messages: 'message', tasks: 'exchange' }[name];
    for (const row of rowsOf) assert.ok(asText.out.includes(row[key]), `${args.join(' ')}: ${row[key]}`);
  }
  JSON.parse(house.cli('exchanges', 'show', receipt.entry.exchange, '--format', 'json').out);
  for (const args of [['exchanges', 'show', 'NOSUCHEXCHANGE'], ['dead-letters', 'replay', 'x', '--reason', 'r'], ['tasks', 'release', '9999', '--reason', 'r']]) {
    for (const format of ['text', 'json']) {
      const wrong = house.cli(...args, '--format', format);
      assert.equal(wrong.code, 1, args.join(' '));
      if (format === 'json') assert.ok(JSON.parse(wrong.out).code, wrong.out);
    }
  }
  for (const args of [['partner', 'pause', 'p12315', '--reason', 'r'], ['partner', 'resume', 'p12315', '--reason', 'r'], ['reload']]) JSON.parse(house.cli(...args, '--format', 'json').out);
  assert.equal(run(['status', '--admin', house.admin, '--token-file', path.join(house.secrets, 'city-a.hmac')]).code, 1, 'another token');
  await house.close();
});

test('what an operator replays anew is rendered under the configuration of today', { timeout: 60000 * slow }, async () => {
  const house = await House.open();
  await house.atPlatform('control', { mode: 'refuse', count: 1 });
  const answer = await house.atHotline('submit', { order: order(1) });
  await house.settled();
  const [dead] = JSON.parse(house.cli('dead-letters', 'list', '--format', 'json').out).messages;
  house.edit('policies/p12315.yaml', (text) => text.replace('path: provider.phone, treatment: clear', 'path: provider.phone, treatment: mask, format: mobile'));
  assert.equal(house.cli('reload').code, 0);
  assert.equal(house.cli('exchanges', 'replay', dead.message, '--reason', '按新策略重发').code, 0);
  await house.settled();
  const [{ messages }] = await house.atPlatform('matters?order=GD202600000001');
  assert.deepEqual(messages.map((m) => [m.id, m.body.providertel]), [[`${JSON.parse(answer.body).entry.exchange}-p12315-2`, '180****1999']]);
  await house.close();
});

test('partner add: files to be filled in; what is missing is told; what exists is left alone', () => {
  const folder = path.join(work, 'added');
  fs.cpSync(shipped, folder, { recursive: true });
  const add = (...more) => run(['partner', 'add', 'agency-x', '-c', folder, '--title-zh', '某某局', '--title-en', 'some bureau', ...more]);
  const added = add('--in', 'http', '--out', 'http', '--service', 'workorder.supplement');
  assert.equal(added.code, 0, added.out + added.err);
  const file = path.join(folder, 'partners/agency-x.yaml');
  const unfilled = run(['check', '-c', folder, '--no-secrets']);
  assert.equal(unfilled.code, 1);
  for (const field of ['tested_against', 'key_id', 'url']) assert.match(unfilled.err, new RegExp(`partners/agency-x\\.yaml:\\d+:\\d+:[^\\n]*${field}`));
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('tested_against: ""', 'tested_against: nobody yet').replace('key_id: ""', 'key_id: x').replace('  url: ""', '  url: https://127.0.0.1:1/x'));
  const map = path.join(folder, 'mappings/agency-x/supplement-in.map');
  fs.writeFileSync(map, fs.readFileSync(map, 'utf8').replace(/^# order_no = \$\.….*$/m, 'order_no = $.number').replace(/^# at = \$\.….*$/m, 'at = datetime("2026-11-25 10:00:00", "yyyy-MM-dd HH:mm:ss")'));
  const filled = run(['check', '-c', folder, '--no-secrets']);
  assert.equal(filled.code, 0, filled.out + filled.err);
  const mine = fs.readFileSync(file, 'utf8');
  assert.equal(add('--in', 'http', '--service', 'workorder.supplement').code, 0);
  assert.equal(fs.readFileSync(file, 'utf8'), mine);
  assert.equal(add('--service', 'no.such').code, 1);
  assert.equal(run(['partner', 'add', 'Bad_Id', '-c', folder, '--title-zh', 'x', '--title-en', 'x']).code, 1);
});
