#!/usr/bin/env node
// Measures what the detectors of free text find in annotated texts and what they hide by mistake, against targets.
//
//   scripts/privacy_quality.mjs [--half dev|held] [--program PATH] [--data FOLDER] [--misses FILE] [-- program's options]
//
//   --half      which half of the corpora (file names *.<half>.jsonl); default dev
//   --program   reads lines {"text"}, writes lines {"spans":[{"start","end","type"}]}; default build/release/tongqu mask
//   --data      default $TONGQU_TEST_DATA, else ../shared/data
//   --misses    writes what was not found and what was found by mistake there, for people (texts of the corpora!)
//
// Exit 1 when a target is missed. The corpora are for measuring only; nothing of them is in the product.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

// What is measured: `expect` = the annotations that have to be hidden, `least` = share of their characters that must
// be, `goal` = what would be good, `right` = least share of hidden characters that had to be hidden; `per_thousand` =
// most hidden characters of 1,000 where nothing has to be hidden.
const measures = [
  { name: 'MSRA', file: 'pii-ner/msra-test', expect: isPerson, found: isPerson, least: 0.95, goal: 0.98, right: 0.75 },
  { name: 'résumés', file: 'pii-ner/resume', expect: isPerson, found: isPerson, least: 0.98, goal: 0.99, right: 0.75 },
  { name: 'CLUENER', file: 'pii-ner/cluener2020', expect: isPerson, found: isPerson, least: 0.8, goal: 0.9 },
  { name: 'Weibo', file: 'pii-ner/weibo', expect: isPerson, found: isPerson, least: 0.75, goal: 0.85 },
  { name: 'reviews', file: 'complaints/consumer-reviews-negative', expect: () => false, found: () => true, per_thousand: 2 },
  { name: 'tickets', file: 'complaints/deidentified-tickets', expect: () => false, found: () => true, per_thousand: 2 },
];

function isPerson(span) {
  return span.type === 'PERSON';
}

// --- scoring; offsets are code points ---------------------------------------------------------------------------------

// Which characters the spans cover.
export function covered(spans, length) {
  const out = new Uint8Array(length);
  for (const { start, end } of spans) out.fill(1, start, end);
  return out;
}

// Of one text: how many characters were expected, found, both, and how many expected spans were hidden whole.
export function score(length, expected, found) {
  const want = covered(expected, length);
  const have = covered(found, length);
  const sum = { characters: length, expected: 0, found: 0, both: 0, spans: expected.length, whole: 0 };
  for (let i = 0; i < length; i++) {
    sum.expected += want[i];
    sum.found += have[i];
    sum.both += want[i] & have[i];
  }
  for (const { start, end } of expected) sum.whole += have.subarray(start, end).every((one) => one === 1) ? 1 : 0;
  return sum;
}

export function add(a, b) {
  const out = { ...a };
  for (const key of Object.keys(b)) out[key] = (out[key] ?? 0) + b[key];
  return out;
}

export function missedTargets(measure, sum) {
  const out = [];
  if (measure.least !== undefined && sum.both < measure.least * sum.expected) out.push(`coverage below ${measure.least}`);
  if (measure.right !== undefined && sum.both < measure.right * sum.found) out.push(`right below ${measure.right}`);
  if (measure.per_thousand !== undefined && sum.found * 1000 > measure.per_thousand * sum.characters) {
    out.push(`more than ${measure.per_thousand} hidden of 1,000`);
  }
  return out;
}

// --- running ----------------------------------------------------------------------------------------------------------

export function readLines(file) {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

export function detect(program, args, records) {
  const input = records.map(({ text }) => JSON.stringify({ text })).join('\n');
  const run = spawnSync(program, args, { input: `${input}\n`, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (run.status !== 0) throw new Error(`${program} ended with ${run.status ?? run.signal}: ${run.stderr}`);
  const lines = run.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line).spans);
  if (lines.length !== records.length) throw new Error(`${program}: ${lines.length} answers for ${records.length} texts`);
  return lines;
}

function showMisses(measure, text, expected, found, out) {
  const at = [...text];
  const part = (span) => `${at.slice(Math.max(0, span.start - 8), span.start).join('')}[${at.slice(span.start, span.end).join('')}]${at.slice(span.end, span.end + 8).join('')}`;
  const have = covered(found, at.length);
  const want = covered(expected, at.length);
  for (const span of expected) {
    if (!have.subarray(span.start, span.end).every((one) => one === 1)) out.push(`${measure.name}\tmissed\t\t${part(span)}`);
  }
  for (const span of found) {
    if (!want.subarray(span.start, span.end).some((one) => one === 1)) out.push(`${measure.name}\twrong\t${span.reason ?? ''}\t${part(span)}`);
  }
}

function measureOne(measure, file, options, misses) {
  const records = readLines(file);
  const answers = detect(options.program, options.args, records);
  let sum = {};
  records.forEach(({ text, spans = [] }, i) => {
    const expected = spans.filter(measure.expect);
    const found = answers[i].filter(measure.found);
    sum = add(sum, score([...text].length, expected, found));
    if (misses) showMisses(measure, text, expected, found, misses);
  });
  return sum;
}

const share = (a, b) => (b ? (a / b).toFixed(3) : '–');

function row(measure, sum, missed) {
  const rate = measure.per_thousand === undefined ? '' : ((sum.found * 1000) / sum.characters).toFixed(2);
  const wanted = measure.least === undefined ? `≤ ${measure.per_thousand}` : `≥ ${measure.least} (${measure.goal})`;
  return [measure.name, sum.spans, share(sum.both, sum.expected), wanted, share(sum.whole, sum.spans), measure.per_thousand === undefined ? share(sum.both, sum.found) : '',
    rate, missed.length ? missed.join(', ') : 'met'];
}

function main() {
  const { values, positionals } = parseArgs({
    options: { half: { type: 'string', default: 'dev' }, program: { type: 'string' }, data: { type: 'string' }, misses: { type: 'string' } },
    allowPositionals: true,
  });
  const data = values.data ?? process.env.TONGQU_TEST_DATA ?? join(root, '../shared/data');
  const options = values.program ? { program: values.program, args: positionals } : { program: join(root, 'build/release/tongqu'), args: ['mask', ...positionals] };
  const misses = values.misses ? [] : null;
  const rows = [['corpus', 'spans', 'characters covered', 'target (goal)', 'whole spans', 'right', 'hidden of 1,000', 'result']];
  let failed = false;
  for (const measure of measures) {
    const file = join(data, `${measure.file}.${values.half}.jsonl`);
    if (!existsSync(file)) {
      rows.push([measure.name, '', '', '', '', '', '', 'no such file']);
      continue;
    }
    const sum = measureOne(measure, file, options, misses);
    const missed = missedTargets(measure, sum);
    failed ||= missed.length > 0;
    rows.push(row(measure, sum, missed));
  }
  for (const [i, cells] of rows.entries()) {
    console.log(`| ${cells.join(' | ')} |`);
    if (i === 0) console.log(`|${' --- |'.repeat(cells.length)}`);
  }
  if (misses) writeFileSync(values.misses, `${misses.join('\n')}\n`);
  process.exitCode = failed ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
