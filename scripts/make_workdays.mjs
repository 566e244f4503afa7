#!/usr/bin/env node
// Builds config/rules/workdays/<year>.csv: days off and weekend days that are worked, as the State Council announces them for
// each year. Days that are not listed follow the weekday.
//
//   node scripts/make_workdays.mjs [YEAR …]    writes the tables (default 2019 to 2026)
//   node scripts/make_workdays.mjs --check     exits 1 when a committed table is not what the sources give
//
// Source: npm holiday-calendar 1.3.3; every day is compared with npm chinese-days 1.5.7 (both MIT), fetched into a
// temporary folder. A later year needs a later version of both.
//
// Which days off are statutory (法定节假日) is computed from 《全国年节及纪念日放假办法》 and the lunar calendar of ICU, and compared
// with the number of statutory days that chinese-days gives each holiday.
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

// What the notices say and the package does not: days to add, and weekends that a notice leaves as they are (2019: 「与周末连休」,
// so these weekend days are no part of the holiday).
const noticed = [
  ['2020-02-02', 'off', '春节'], // the notice of 2020-01-27 makes Spring Festival longer
  ['2022-12-31', 'off', '元旦'], // stands in the notice for 2023
];
const ordinaryWeekends = ['2019-04-06', '2019-04-07', '2019-06-08', '2019-06-09', '2019-09-14', '2019-09-15'];
function asNoticed(days, year) {
  const kept = days.filter(({ date }) => !ordinaryWeekends.includes(date));
  for (const [date, kind, name] of noticed) {
    if (date.startsWith(year) && !kept.some((day) => day.date === date)) kept.push({ date, kind, name });
  }
  return kept.sort((a, b) => a.date.localeCompare(b.date));
}

// The statutory days of a year: 国务院令第795号 added New Year's Eve and 2 May from 2025 on.
const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
const dayAfter = (date, count) => new Date(Date.parse(`${date}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
function lunarDay(year, month, day) { // a leap month ends in "bis" and is never meant
  for (let date = `${year}-01-01`; date.startsWith(year); date = dayAfter(date, 1)) {
    if (lunar.format(new Date(`${date}T00:00:00Z`)) === `${month}/${day}`) return date;
  }
  throw new Error(`${year} has no lunar ${month}/${day}`);
}
function qingming(year) { // 清明, the solar term, by the formula for the 21st century
  const y = Number(year) % 100;
  return `${year}-04-0${Math.floor(y * 0.2422 + 4.81) - Math.floor(y / 4)}`;
}
function statutoryDays(year) {
  const since2025 = Number(year) >= 2025;
  const newYear = lunarDay(year, 1, 1);
  return {
    元旦: [`${year}-01-01`],
    春节: [...(since2025 ? [dayAfter(newYear, -1)] : []), newYear, dayAfter(newYear, 1), dayAfter(newYear, 2)],
    清明: [qingming(year)],
    劳动节: [`${year}-05-01`, ...(since2025 ? [`${year}-05-02`] : [])],
    端午: [lunarDay(year, 5, 5)],
    中秋: [lunarDay(year, 8, 15)],
    国庆节: [`${year}-10-01`, `${year}-10-02`, `${year}-10-03`],
  };
}
function markStatutory(folder, year, days) {
  const byHoliday = statutoryDays(year);
  for (const date of Object.values(byHoliday).flat()) {
    const day = days.find((each) => each.date === date);
    if (day?.kind === 'off') day.kind = 'statutory';
    if (day?.kind !== 'statutory') throw new Error(`${date} is statutory, and the source does not list it as off`);
  }
  const { holidays } = readJson(folder, 'node_modules/chinese-days/dist/years', `${year}.json`);
  for (const text of Object.values(holidays)) { // "Spring Festival,春节,4"
    const [, name, count] = text.split(',');
    const ours = Object.entries(byHoliday).find(([holiday]) => name.startsWith(holiday) || holiday.startsWith(name));
    if (!ours || ours[1].length !== Number(count)) throw new Error(`${year}: ${text}, computed ${ours?.[1]}`);
  }
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
    const table = asNoticed(days, year);
    markStatutory(folder, year, table);
    const text = `date,kind,name\n${table.map((day) => `${day.date},${day.kind},${day.name}\n`).join('')}`;
    const file = path.join(target, `${year}.csv`);
    if (!check) fs.writeFileSync(file, text);
    else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) { console.error(`${path.relative(root, file)} is not what the source gives`); failed = 1; }
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
process.exit(failed);
