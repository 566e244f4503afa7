// What the stand-ins of the five former hotlines share: what their records are about, the folder into which some drop files, and
// the front database into which others write rows. Columns, codes and forms are each line's own.
import fs from 'node:fs';
import path from 'node:path';
import crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { read, write } from './csv.mjs';
import { FrontDatabase } from './front_table.mjs';
import { zip } from './zip.mjs';

export const pick = (list, n) => list[n % list.length];

// The nth record, without codes. Characters of four bytes in GB18030, quotes, line ends and separators are part of it.
export const about = (n) => ({
  caller: pick(['段正淳', '王小峰', '张㐂㐂', '买买提·艾力'], n), phone: `138${String(10000000 + n).slice(-8)}`, address: '海淀区中关村大街1号', idno: n % 7 === 0 ? '11010519491231002X' : '',
  uscc: pick(['91350100M000100Y43', '91340000711771143J', ''], n), place: '朝阳区建国路1号',
  text: pick(['标称与实测不符，"缺斤少两"，要求退货。', '产品开裂｜脱漆\n多次联系未果', '车辆𠮷故障，无法使用'], n), officer: '刘芳',
});

// Every twentieth record has no number: it is to be turned back.
const isSpoilt = (i) => i % 20 === 19;

export const encode = (text, charset = 'GB18030') => execFileSync('iconv', ['-f', 'UTF-8', '-t', charset], { input: text, maxBuffer: 1 << 30 });

// The folder of a line. `form`: {headings, charset, separator, whole: how a file is told to be whole – 'sidecar' (manifest beside
// it), 'marker', 'zip' (renamed, manifest inside)}.
export class Drop {
  constructor(folder, suite, form) {
    this.folder = folder;
    this.form = form;
    this.hash = suite === 'intl' ? ['sha-256', 'sha256'] : ['sm3', 'sm3'];
    fs.mkdirSync(path.join(folder, 'in'), { recursive: true });
  }

  // `manifest`: what it says differently from the truth. Each file is written elsewhere, then renamed; what tells that it is whole last.
  put(name, rows, manifest = {}) {
    const { headings, charset, separator, whole } = this.form;
    const bytes = encode(write([headings, ...rows], separator), charset);
    const digest = crypto.createHash(this.hash[1]).update(bytes).digest('hex');
    const says = { rows: rows.length, bytes: bytes.length, digest, ...manifest };
    const inner = whole === 'zip' ? name.replace(/\.zip$/, '.csv') : name;
    const list = write([['file', 'rows', 'bytes', 'algorithm', 'digest'], [inner, says.rows, says.bytes, this.hash[0], says.digest]]);
    const files = {
      sidecar: { [name]: bytes, [`${name}.manifest`]: list },
      marker: { [name]: bytes, [`${name}.ok`]: '' },
      zip: { [name]: whole === 'zip' && zip([{ name: inner, bytes }, { name: 'manifest.csv', bytes: Buffer.from(list) }]) },
    }[whole];
    for (const [file, content] of Object.entries(files)) {
      const temporary = path.join(this.folder, 'in', `.${file}.tmp`);
      fs.writeFileSync(temporary, content);
      fs.renameSync(temporary, path.join(this.folder, 'in', file));
    }
  }

  // { state, rows, imported, … } of a file; undefined while there is no result.
  result(name) { return this.pairs(`${name}.result.csv`); }
  errors(name) {
    const file = path.join(this.folder, 'reports', `${name}.errors.csv`);
    return fs.existsSync(file) ? read(fs.readFileSync(file, 'utf8')).slice(1) : [];
  }
  pairs(name) {
    const file = path.join(this.folder, 'reports', name);
    return fs.existsSync(file) ? Object.fromEntries(read(fs.readFileSync(file, 'utf8')).slice(1)) : undefined;
  }
}

// A line that drops files. `line`: {partner, form, record(n): cells, the number first}.
export async function openFileLine(ctx, { partner, form, record }) {
  const folder = path.resolve(ctx.var, 'exchange');
  let suite = 'gm';
  ctx.edit('gateway.yaml', (text) => { suite = text.match(/^suite: (\w+)/m)[1]; return text; });
  ctx.edit(`partners/${partner}.yaml`, (text) => text.replace(/folder: .*/, `folder: ${folder}`).replace(/poll: \S+/, 'poll: 100ms'));
  const drop = new Drop(folder, suite, form);
  const ending = form.whole === 'zip' ? 'zip' : 'csv';
  const dropped = []; // { name, rows, refused }
  let next = 1;
  let spoil = false;
  return {
    drop,
    async send(count) {
      const rows = Array.from({ length: count }, () => record(next++));
      let refused = 0;
      rows.forEach((row, i) => { if (isSpoilt(i)) { row[0] = ''; refused += 1; } });
      const name = `${partner.slice(-5)}-${String(dropped.length + 1).padStart(4, '0')}.${ending}`;
      dropped.push({ name, rows: rows.length, refused });
      drop.put(name, rows);
      if (spoil) drop.put(`spoilt-${dropped.length}.${ending}`, [record(next)], { rows: 2 });
      spoil = false;
      for (let i = 0; i < 600 && !drop.result(name); i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    async figures() {
      const problems = [];
      for (const { name, rows, refused } of dropped) {
        const result = drop.result(name);
        if (!result) problems.push(`${name}: no result file`);
        else if (Number(result.rows) !== rows || Number(result.refused) !== refused || Number(result.imported) !== rows - refused) problems.push(`${name}: the result file counts otherwise`);
        else if (drop.errors(name).length < refused) problems.push(`${name}: the error file names too little`);
      }
      const sum = (what) => dropped.reduce((total, one) => total + one[what], 0);
      return { sent: sum('rows'), turnedBack: sum('refused'), received: 0, problems };
    },
    async misbehave({ mode }) { // a file that differs from its manifest comes beside the next one
      if (form.whole === 'marker') throw new Error(`${partner} has no manifest`);
      if (mode !== 'garbage') throw new Error(`${partner} knows no fault ${mode}`);
      spoil = true;
    },
    async close() {},
  };
}

// A line that writes rows. `line`: {partner, front (createTable), number (its column), states {fresh, taken, ok, failed, duplicate}, row(n)}. Rows add up to imported, duplicate and refused.
export async function openTableLine(ctx, { partner, front, number, states, row }) {
  const database = await FrontDatabase.open(path.resolve(ctx.var, 'front.db'), [front]);
  ctx.edit(`partners/${partner}.yaml`, (text) => text.replaceAll('file: front.db', `file: ${database.file}`).replace(/poll: \S+/, 'poll: 100ms'));
  let next = 1;
  let distinct = 0;
  let refused = 0;
  let repeated = 0; // rows of a record that another row has already
  const repeat = async (rows) => {
    repeated += rows.length;
    await database.insert(front, rows);
  };
  return {
    database,
    async send(count) {
      const rows = Array.from({ length: count }, () => row(next++));
      rows.forEach((one, i) => { if (isSpoilt(i)) { one[number] = null; refused += 1; } });
      distinct += count;
      await database.insert(front, rows);
      if (count >= 10) await repeat([rows[0]]);
      await database.drained(front, [states.fresh, states.taken]);
    },
    async figures() {
      const counts = await database.counts(front);
      const of = (name) => counts[states[name]] ?? 0;
      const problems = [];
      if (of('failed') !== refused) problems.push(`${of('failed')} rows failed, ${refused} were wrong`);
      // A row that a dead gateway had in hand and that is known counts as imported: whose attempt it was nobody can tell.
      if (of('duplicate') > repeated) problems.push(`${of('duplicate')} rows are duplicates, ${repeated} came again`);
      if (of('ok') + of('duplicate') + of('failed') !== distinct + repeated) problems.push(`imported, duplicate and refused rows do not add up: ${JSON.stringify(counts)}`);
      return { sent: distinct, turnedBack: refused, received: 0, problems };
    },
    // slow, silent: the database is locked for `ms`; garbage: `count` rows without a number; duplicate: the last rows once more.
    async misbehave({ mode, count = 1, ms = 2000 }) {
      if (mode === 'garbage') {
        refused += count;
        distinct += count;
        await database.insert(front, Array.from({ length: count }, () => ({ ...row(next++), [number]: null })));
      } else if (mode === 'duplicate') {
        await repeat(Array.from({ length: Math.min(count, next - 1) }, (_, i) => row(next - 1 - i)));
      } else if (mode === 'slow' || mode === 'silent') {
        await database.lock(ms);
      } else {
        throw new Error(`${partner} knows no fault ${mode}`);
      }
    },
    close: () => database.close(),
  };
}
