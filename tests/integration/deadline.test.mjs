// tongqu deadline against an independent, slow way to count (lib/deadline-oracle.mjs): every rule at every kind of edge,
// and thousands of random questions. A failure names the seed; TONGQU_SEED repeats it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { addDays, beijingDate, deadline, msOf, readTables } from './lib/deadline-oracle.mjs';
import { binary, root, slow, temporaryFolder } from './lib/gateway.mjs';
import { seed } from './lib/traffic.mjs';

const shipped = path.join(root, 'config');
const tables = readTables(path.join(shipped, 'rules/workdays'));
const work = temporaryFolder('deadline');

const run = (args, input) => {
  const { status, stdout, stderr } = spawnSync(binary, ['deadline', ...args], { input, encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, LANG: 'en_US.UTF-8', LC_ALL: '' }, timeout: 120_000 * slow });
  return { code: status, out: stdout, err: stderr };
};
const batch = (questions, args = ['-c', shipped]) => {
  const { out, err } = run(['--batch', ...args], questions.map((q) => `${JSON.stringify(q)}\n`).join(''));
  const answers = out.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.equal(answers.length, questions.length, err);
  return answers;
};
function configWith(name, change) {
  const folder = path.join(work, name);
  fs.cpSync(shipped, folder, { recursive: true });
  const file = path.join(folder, 'gateway.yaml');
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
  return folder;
}

// Numbers that look random and repeat: xorshift32.
let state = seed;
function below(n) {
  state ^= state << 13; state ^= state >>> 17; state ^= state << 5; state >>>= 0;
  return state % n;
}
const pick = (list) => list[below(list.length)];

function randomMoment() {
  const date = addDays('2019-01-01', below(2950)); // into 2027, past the last table
  if (below(3) === 0) return date;
  const time = `${String(below(24)).padStart(2, '0')}:${pick(['00', '01', '30', '59'])}:00`;
  return `${date}T${time}${pick(['+08:00', '+08:00', 'Z', '+09:30', '-05:00'])}`;
}

function randomQuestion() {
  const from = randomMoment();
  const unit = pick(['working_days', 'working_days', 'days', 'days', 'months', 'years', ...(from.length > 10 ? ['hours', 'minutes'] : [])]);
  const most = { working_days: 60, days: 120, months: 14, years: 4, hours: 60, minutes: 600 }[unit];
  const question = { from, [unit]: 1 + below(most) };
  const start = beijingDate(msOf(from));
  const pauses = [];
  for (let n = pick([0, 0, 1, 2, 3]); n > 0; n -= 1) {
    const begin = addDays(start, below(80) - 5);
    const end = addDays(begin, below(12));
    pauses.push(below(2) ? `${begin}/${end}` : `${begin}T${pick(['00:00', '09:30', '23:59'])}:00+08:00/${addDays(end, 1)}T${pick(['00:00', '00:01', '17:00'])}:00+08:00`);
  }
  if (pauses.length > 0) question.pauses = pauses;
  if (!['hours', 'minutes'].includes(unit) && below(4) === 0) {
    question.extensions = [{ length: 1 + below(unit === 'years' ? 2 : 30) }];
    if (below(2)) question.extensions[0].on = addDays(start, below(100) - 2);
  }
  return question;
}
const periodOf = (q) => {
  const unit = ['working_days', 'days', 'hours', 'minutes', 'months', 'years'].find((name) => name in q);
  return { unit, length: q[unit], moves: true };
};

function expectSame(questions, answers, options, expected) {
  let bad = 0;
  questions.forEach((question, i) => {
    const want = expected(question);
    const got = answers[i].error ? { error: answers[i].error.code } : { due: answers[i].due, provisional: answers[i].provisional };
    if (JSON.stringify(got) !== JSON.stringify(want) && (bad += 1) <= 5) console.error(JSON.stringify({ question, options, got, want }));
  });
  assert.equal(bad, 0, `${bad} of ${questions.length} differ, seed ${seed}`);
}

for (const [name, options, yaml] of [
  ['as shipped', {}, null],
  ['weekend_moves', { weekendMoves: true }, 'weekend_moves: true'],
  ['statutory', { scope: 'statutory' }, 'holiday_scope: statutory'],
  ['both', { weekendMoves: true, scope: 'statutory' }, 'weekend_moves: true\n  holiday_scope: statutory'],
]) {
  test(`random questions, ${name}: the batch counts as the oracle does`, () => {
    const folder = yaml === null ? shipped : configWith(name, (text) => `${text}\ndeadlines:\n  ${yaml}\n`);
    const questions = Array.from({ length: 3000 }, randomQuestion);
    const answers = batch(questions, ['-c', folder, '--no-days']);
    expectSame(questions, answers, options, (q) => deadline(tables, options, q.from, periodOf(q), q.pauses, q.extensions));
  });
}

// What the business guide says of each code: length, unit. The configuration is not asked.
const W = 'working_days', D = 'days';
const guide = {
  'C-ACCEPT': [7, W], 'C-MEDIATE': [60, D], 'C-MEDIATE-20': [45, W], 'C-MEDIATE-46': [60, D], 'C-TERM-TELL': [7, W], 'C-CLUE': [15, W, 15], 'R-VERIFY': [15, W, 15], 'R-TELL-20': [5, W],
  'J-DISPUTE': [7, W], 'J-DESIGNATE': [7, W], 'K-DECIDE': [90, D, 30], 'K-REVIEW': [10, W], 'K-HEAR': [5, W], 'K-SERVE': [7, W], 'K-CLOSE': [15, W], 'K-ASSIST': [15, W], 'P-PUB': [20, W],
  'P-PUSH': [10, W], 'P-PUSH-PUB': [10, W], 'P-WITHDRAW': [3, W], 'L-LIST': [20, W], 'L-LIST-PUSH': [10, W], 'L-LIST-PUSH-PUB': [10, W], 'L-ABN': [10, W], 'L-ABN-LETTER': [30, D], 'L-ABN-OBJ-FILE': [30, D],
  'L-ABN-OBJ': [5, W], 'L-ABN-OBJ-VERIFY': [20, W], 'L-ABN-OBJ-CORRECT': [5, W], 'L-REPAIR': [2, W], 'L-REPAIR-PUSH': [3, W], 'E-UNIT': [1, 'hours'], 'E-LEVEL': [2, 'hours'], 'E-LEVEL-SYSTEM': [24, 'hours'],
  'E-CHANGE': [24, 'hours'], 'E-CHANGE-SPAN': [30, D, 0, false], 'X-SHARE': [1, W], 'X-SHARE-COND': [10, W, 10], 'X-SHARE-GIVE': [20, W], 'X-CORRECT': [10, W], 'T-3Y': [3, 'years'],
  'H-LOCAL-URGENT': [30, 'minutes'], 'H-LOCAL-GENERAL': [22, 'hours'], 'H-LOCAL-COMPLAINT': [5, W], 'H-LOCAL-REPORT': [3, W],
  'P-END-LOW': [3, 'months', 0, false], 'P-END': [1, 'years', 0, false], 'P-END-EARLY': [3, 'months', 0, false], 'P-END-KEY': [3, 'years', 0, false], 'P-END-KEY-EARLY': [1, 'years', 0, false],
  'L-END': [3, 'years', 0, false], 'L-END-EARLY': [1, 'years', 0, false],
};
const edges = {
  'make-up Saturday': ['2026-05-08T10:00:00+08:00', '2026-05-09T10:00:00+08:00', '2023-01-27T10:00:00+08:00'],
  'end of a holiday': ['2026-09-30T10:00:00+08:00', '2026-10-07T10:00:00+08:00', '2026-10-08T10:00:00+08:00', '2026-08-05T10:00:00+08:00'],
  'end of a year': ['2025-12-31T10:00:00+08:00', '2024-12-20T10:00:00+08:00', '2026-12-30T10:00:00+08:00', '2024-02-29T10:00:00+08:00'],
  '23:59 and 00:01': ['2026-04-28T23:59:00+08:00', '2026-04-29T00:01:00+08:00'],
  'change of rules': ['2026-04-14T23:59:00+08:00', '2026-04-15T00:01:00+08:00'],
};

test('every rule at every kind of edge: the due day, and a list of days that explains it', () => {
  const listed = JSON.parse(run(['--list', '--format', 'json', '-c', shipped]).out);
  assert.deepEqual([...new Set(listed.map((rule) => rule.code))].sort(), Object.keys(guide).sort(), 'the rules are those of the guide');
  const questions = [];
  for (const rule of Object.keys(guide)) {
    for (const from of Object.values(edges).flat()) {
      questions.push({ rule, from });
      questions.push({ rule, from, pauses: ['2026-09-28/2026-10-09', '2026-05-03/2026-05-07'] }); // over a holiday
      if (guide[rule][2]) questions.push({ rule, from, extensions: 1 });
    }
  }
  // An extension on the last day, and a day after it.
  for (const rule of ['R-VERIFY', 'C-CLUE', 'K-DECIDE', 'X-SHARE-COND']) {
    const [length, unit] = guide[rule];
    const { due } = deadline(tables, {}, '2026-04-28', { length, unit });
    questions.push({ rule, from: '2026-04-28', extensions: [due] }, { rule, from: '2026-04-28', extensions: [addDays(due, 1)] });
  }
  const answers = batch(questions);
  expectSame(questions, answers, {}, ({ rule, from, pauses, extensions }) => {
    const old = rule === 'C-MEDIATE' && beijingDate(msOf(from)) < '2026-04-15'; // the topic takes Order 20's rule
    const [length, unit, extension, moves] = guide[old ? 'C-MEDIATE-20' : rule];
    const granted = extensions === 1 ? [{}] : (extensions ?? []).map((on) => ({ on }));
    return deadline(tables, {}, from, { length, unit, moves }, pauses, granted.map(({ on }) => ({ on, length: extension })));
  });
  for (const [i, { days, due, basis, error, unit, length }] of answers.entries()) {
    if (error) continue;
    assert.ok(basis.startsWith('《') || basis.startsWith('地方'), basis);
    assert.equal(days[0].date, beijingDate(msOf(questions[i].from)));
    assert.equal(days.at(-1).date, due.slice(0, 10));
    days.forEach((day, n) => assert.ok(day.date === addDays(days[0].date, n) && day.zh && day.en && typeof day.counted === 'boolean'));
    if ([W, D].includes(unit) && !questions[i].extensions) assert.equal(days.filter((day) => day.counted).length, length);
  }
});

test('one question: JSON as documented, text in both languages, found from anywhere', () => {
  const json = run(['C-ACCEPT', '--from', '2026-04-28T23:59:00+08:00', '--format', 'json']);
  assert.equal(json.code, 0, json.err);
  const answer = JSON.parse(json.out);
  assert.equal(answer.due, '2026-05-11');
  assert.equal(answer.provisional, false);
  assert.match(answer.basis, /第十五条/);
  assert.equal(answer.days.length, 14);
  assert.deepEqual(answer.days[11], { date: '2026-05-09', counted: true, ordinal: 6, reason: 'made-up-working-day', name: '劳动节补班', zh: '补班，第 6 个工作日', en: 'make-up working day 6' });
  assert.equal(answer.warn_from, '2026-05-08T00:00:00+08:00');
  assert.equal(answer.overdue_from, '2026-05-12T00:00:00+08:00');
  const zh = run(['C-ACCEPT', '--from', '2026-04-28', '--lang', 'zh', '--at', '2026-05-12', '-c', shipped]);
  assert.match(zh.out, /届满：2026-05-11 周一[\s\S]*状态：overdue[\s\S]*2026-05-09.*补班/);
  const en = run(['R-VERIFY', '--from', '2026-04-28', '--lang', 'en', '--extended-on', '2026-05-21', '--pause', '2026-06-01/2026-06-02', '-c', shipped]);
  assert.match(en.out, /due: 2026-06-15 Mon[\s\S]*2026-06-01.*paused/);
  const elsewhere = spawnSync(binary, ['deadline', 'C-ACCEPT', '--from', '2026-04-28', '--format', 'json', '--no-days'], { cwd: os.tmpdir(), encoding: 'utf8' });
  assert.equal(JSON.parse(elsewhere.stdout).due, '2026-05-11');
});

test('what cannot be answered: an exit status, a line in its place, never a guess', () => {
  assert.equal(run(['C-ACCEPT']).code, 2);
  assert.equal(run(['C-NONE', '--from', '2026-04-28', '-c', shipped]).code, 1);
  assert.equal(run(['C-ACCEPT', '--from', 'yesterday', '-c', shipped]).code, 1);
  const lines = ['{"from":"2023-01-19","working_days":7,"id":"a"}', '{"from":"2023-01-19"}', 'no json', '', '{"from":"2023-01-19","working_days":7.5}', '{"from":"2023-01-19","working_days":7,"pause":"x"}',
    `{"from":"2023-01-19","working_days":7,"id":"${'x'.repeat(300_000)}"}`, '{"from":"2023-01-19","days":7,"working_days":7}', '{"from":20230119,"days":7}', '{"from":"2023-01-19","rule":"R-VERIFY","extensions":99}', '{"from":"2023-01-19","days":7,"id":5}'];
  const { code, out } = run(['--batch', '-', '-c', shipped, '--no-days'], `${lines.join('\n')}\n`);
  assert.equal(code, 1);
  const answers = out.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(answers.map((answer) => answer.error?.code ?? answer.due), ['2023-02-02', 'deadline.period', 'deadline.line', 'deadline.line', 'deadline.length', 'deadline.member', 'deadline.line-length', 'deadline.period', 'deadline.moment', 'deadline.extension-form', '2023-01-28']);
  assert.deepEqual([answers[0].id, answers[10].id, answers[1].line], ['a', 5, 2]);
  const file = path.join(work, 'questions.jsonl');
  fs.writeFileSync(file, lines[0]);
  assert.equal(run(['--batch', file, '-c', shipped]).code, 0);
});

test('check: overlapping versions, a gap, an unknown unit and the rest are named with their place', () => {
  const checked = (name, file, change) => {
    const folder = configWith(name, (text) => text);
    const target = path.join(folder, file);
    const before = fs.readFileSync(target, 'utf8');
    const text = change(before);
    assert.notEqual(text, before, name);
    fs.writeFileSync(target, text);
    return run(['--list', '-c', folder]);
  };
  for (const [name, file, from, to, expected] of [
    ['overlap', 'rules/order-20.yaml', '"2026-04-14"', '"2026-04-15"', /rules\/order-121\.yaml:\d+:\d+[\s\S]*hold for the same day[\s\S]*order-20 C-ACCEPT, 2026-04-15/],
    ['gap', 'rules/order-20.yaml', '"2026-04-14"', '"2026-04-12"', /rules\/order-121\.yaml:\d+:\d+[\s\S]*No rule of the topic[\s\S]*2026-04-13/],
    ['unit', 'rules/order-121.yaml', 'unit: days', 'unit: day', /rules\/order-121\.yaml:\d+:\d+[\s\S]*working_days, days, hours/],
    ['period', 'rules/order-20.yaml', '"2020-01-01"', '"2027-01-01"', /rules\/order-20\.yaml[\s\S]*ends before it begins/],
    ['warn', 'rules/special-equipment.yaml', 'warn_minutes: 15', 'warn_working_days: 1', /rules\/special-equipment\.yaml:\d+:\d+[\s\S]*warn_minutes/],
    ['prefer', 'gateway.yaml', /$/, '\ndeadlines:\n  prefer: [C-ACCEPT]\n', /gateway\.yaml:\d+:\d+[\s\S]*alternative/],
    ['scope', 'gateway.yaml', /$/, '\ndeadlines:\n  holiday_scope: statutory\n', null], // the shipped tables say which days are
  ]) {
    const result = checked(name, file, (text) => text.replace(from, to));
    assert.equal(result.code, expected === null ? 0 : 1, `${name}: ${result.out}${result.err}`);
    if (expected !== null) assert.match(result.err, expected);
  }
  const table = checked('table', 'rules/workdays/2026.csv', (text) => text.replaceAll(',statutory,', ',off,'));
  assert.equal(table.code, 0, 'the shipped scope does not ask which days are statutory');
});

test('calendar import: dry run first, then the table, and what was provisional is computed again', () => {
  const folder = configWith('import', (text) => text);
  const csv = path.join(work, '2027.csv');
  fs.writeFileSync(csv, 'date,kind,name\n2027-01-01,statutory,元旦\n2027-01-02,off,元旦\n2027-01-03,off,元旦\n2027-01-09,work,元旦补班\n');
  const call = (...more) => spawnSync(binary, ['calendar', 'import', '2027', csv, '-c', folder, ...more], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'en_US.UTF-8' } });
  const due = () => { const { due: day, provisional } = batch([{ from: '2026-12-25', working_days: 5 }], ['-c', folder])[0]; return [day, provisional]; };
  assert.deepEqual(due(), ['2027-01-01', true]);
  const dry = call();
  assert.equal(dry.status, 0, dry.stderr);
  assert.match(dry.stdout, /2027-01-01\s+working day\s+statutory holiday[\s\S]*2027-01-09\s+weekend\s+make-up working day[\s\S]*changed days: 4[\s\S]*nothing written/);
  assert.deepEqual(due(), ['2027-01-01', true]);
  assert.equal(call('--write').status, 0);
  assert.deepEqual(due(), ['2027-01-04', false]);
  assert.match(call().stdout, /changed days: 0/);
  fs.writeFileSync(csv, 'date,kind,name\n2027-01-01,off,元旦\n');
  assert.match(call('--write').stderr, /statutory/);
  fs.writeFileSync(csv, 'date,kind,name\n2027-01-01,feast,元旦\n');
  const wrong = call('--write');
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /statutory.*off.*work/);
  assert.deepEqual(due(), ['2027-01-04', false], 'a table with faults writes nothing');
});
