// A second, slow way to count deadlines, written from the business rules alone: walks days as texts, looks a day's pauses
// up hour by hour, runs clocks of hours minute by minute. Shares no code and no data structure with the gateway.
import fs from 'node:fs';
import path from 'node:path';

const DAY = 86_400_000;
const pad = (n) => String(n).padStart(2, '0');
export const addDays = (date, n) => new Date(Date.parse(`${date}T00:00:00Z`) + n * DAY).toISOString().slice(0, 10);
export const beijingDate = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
export const beijingTime = (ms) => `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
export const msOf = (text) => (text.length === 10 ? Date.parse(`${text}T00:00:00+08:00`) : Date.parse(text));
const isSaturdayOrSunday = (date) => [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());

// { 'YYYY-MM-DD': 'statutory' | 'off' | 'work' } and the years with a table.
export function readTables(folder) {
  const days = {};
  const years = new Set();
  for (const file of fs.readdirSync(folder).sort()) {
    years.add(file.slice(0, 4));
    for (const line of fs.readFileSync(path.join(folder, file), 'utf8').split('\n').slice(1)) {
      const [date, kind] = line.split(',');
      if (date) days[date] = kind;
    }
  }
  return { days, years };
}

const isWorked = ({ days }, date) => (date in days ? days[date] === 'work' : !isSaturdayOrSunday(date));

function isLastDayMoved({ days }, date, options) {
  if (days[date] === 'statutory') return true;
  if (days[date] === 'off' && (options.scope ?? 'arranged') === 'arranged') return true;
  return Boolean(options.weekendMoves) && days[date] !== 'work' && isSaturdayOrSunday(date);
}

// A pause "FROM/TO" as milliseconds, half-open; a day as its end is included.
function pauseOf(text) {
  const [from, to] = text.split('/');
  return [msOf(from), msOf(to) + (to.length === 10 ? DAY : 0)];
}

function pausedDates(pauses) {
  const dates = new Set();
  for (const [from, to] of pauses.map(pauseOf)) {
    for (let at = from; at < to; at += 3_600_000) dates.add(beijingDate(at));
    dates.add(beijingDate(to - 1));
  }
  return dates;
}

function monthsLater(date, months) {
  const [y, m, d] = date.split('-').map(Number);
  const last = new Date(Date.UTC(y, m - 1 + months + 1, 0));
  return `${last.getUTCFullYear()}-${pad(last.getUTCMonth() + 1)}-${pad(Math.min(d, last.getUTCDate()))}`;
}

// { due, provisional } or { error }. period: { length, unit, moves }; extensions: [{ length, on? }].
export function deadline(tables, options, from, period, pauses = [], extensions = []) {
  if (period.unit === 'hours' || period.unit === 'minutes') return clock(from, period, pauses);
  const paused = pausedDates(pauses);
  const start = beijingDate(msOf(from));
  let date = start;
  let provisional = false;
  const unknown = (day) => !tables.years.has(day.slice(0, 4));
  const stretch = (length) => {
    let left = length;
    const months = { months: length, years: length * 12 }[period.unit];
    if (months) left = Math.round((Date.parse(monthsLater(date, months)) - Date.parse(date)) / DAY);
    while (left > 0) {
      date = addDays(date, 1);
      if (paused.has(date)) continue;
      if (period.unit === 'working_days') provisional ||= unknown(date);
      if (period.unit !== 'working_days' || isWorked(tables, date)) left -= 1;
    }
  };
  const settled = () => {
    let end = date;
    if (period.moves === false || !isLastDayMoved(tables, end, options)) return end;
    while (isLastDayMoved(tables, end, options) || paused.has(end)) end = addDays(end, 1);
    return end;
  };
  stretch(period.length);
  for (const { length, on } of extensions) {
    if (on && on < start) return { error: 'deadline.early' };
    if (on && on > settled()) return { error: 'deadline.late' };
    stretch(length);
  }
  const due = settled();
  if (period.unit !== 'working_days') provisional = unknown(date) && due !== date ? true : unknown(due);
  return { due, provisional };
}

function clock(from, { length, unit }, pauses) {
  const spans = pauses.map(pauseOf);
  let at = msOf(from);
  for (let left = length * (unit === 'hours' ? 60 : 1); left > 0; at += 60_000) {
    if (!spans.some(([begin, end]) => at >= begin && at < end)) left -= 1;
  }
  return { due: beijingTime(at), provisional: false };
}
