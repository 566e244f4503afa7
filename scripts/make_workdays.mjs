#!/usr/bin/env node
// Builds config/rules/workdays/<year>.csv: days off and weekend days that are worked, as the State Council announces them for
// each year. Days that are not listed follow the weekday.
//
//   node scripts/make_workdays.mjs [YEAR …]    writes the tables (default 2019 to 2026)
//   node scripts/make_workdays.mjs --check     exits 1 when a committed table is not what the source gives
//
// Source: npm holiday-calendar 1.3.3; every day is compared with npm chinese-days 1.5.7 (both MIT), fetched into a
// temporary folder. A later year needs a later version of both.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const target = path.join(root, 'config/rules/workdays');

function fetchSources(folder) {
  execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--silent', 'holiday-calendar@1.3.3', 'chinese-days@1.5.7'],
    { stdio: ['ignore', 'ignore', 'inherit'] });
}
const readJson = (...parts) => JSON.parse(fs.readFileSync(path.join(...parts), 'utf8'));

// [{ date, kind: 'off'|'work', name }] of a year.
function daysOf(folder, year) {
  const { dates } = readJson(folder, 'node_modules/holiday-calendar/data/CN', `${year}.json`);
  return dates.map(({ date, name_cn: name, type }) => {
    const kind = { public_holiday: 'off', transfer_workday: 'work' }[type];
    if (!kind) throw new Error(`${date}: unknown type ${type}`);
    return { date, kind, name };
  }).sort((a, b) => a.date.localeCompare(b.date));
}

// Days on which the two sources differ.
function differences(folder, year, days) {
  const { holidays, workdays } = readJson(folder, 'node_modules/chinese-days/dist/years', `${year}.json`);
  const ours = new Map(days.map(({ date, kind }) => [date, kind]));
  const theirs = new Map([...Object.keys(holidays).map((date) => [date, 'off']), ...Object.keys(workdays).map((date) => [date, 'work'])]);
  const isWeekend = (date) => [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
  const works = (map, date) => (map.has(date) ? map.get(date) === 'work' : !isWeekend(date));
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((date) => date.startsWith(year) && works(ours, date) !== works(theirs, date));
}

const check = process.argv.includes('--check');
const asked = process.argv.slice(2).filter((word) => word !== '--check');
if (asked.some((word) => !/^\d{4}$/.test(word))) {
  console.error('usage: node scripts/make_workdays.mjs [--check] [YEAR …]');
  process.exit(2);
}
const years = asked.length > 0 ? asked : ['2019', '2020', '2021', '2022', '2023', '2024', '2025', '2026'];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tongqu-workdays-'));
let failed = 0;
try {
  fetchSources(folder);
  fs.mkdirSync(target, { recursive: true });
  for (const year of years) {
    const days = daysOf(folder, year).filter(({ date }) => date.startsWith(year));
    const unequal = differences(folder, year, days);
    if (unequal.length > 0) throw new Error(`the sources differ on ${unequal.join(', ')}`);
    const text = `date,kind,name\n${days.map((day) => `${day.date},${day.kind},${day.name}\n`).join('')}`;
    const file = path.join(target, `${year}.csv`);
    if (!check) fs.writeFileSync(file, text);
    else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) { console.error(`${path.relative(root, file)} is not what the source gives`); failed = 1; }
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
process.exit(failed);
