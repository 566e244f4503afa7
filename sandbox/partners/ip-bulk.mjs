// Stand-in for the registry's bulk data: drops real ZIPs of published documents, in both of CNIPA's families, into a real folder, reads
// the result files, and lets the hotline of city A, which may not ask the registry online, ask for what was dropped.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Asker } from '../lib/asker.mjs';
import { read } from '../lib/csv.mjs';
import { zip } from '../lib/zip.mjs';
import { newer, older } from './ip.mjs';

export const partner = 'ip-bulk';
export const title = '商标专利库批量数据';
export const needs = ['ip-local']; // the gateway's own base, which has no stand-in

const weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
const checked = (digits) => `${digits}.${'0123456789X'[[...digits].reduce((sum, digit, i) => sum + Number(digit) * weights[i], 0) % 11]}`;

// The nth published patent.
export const patent = (n, more = {}) => ({
  no: checked(`20211${String(1000000 + n)}`), pub: String(113000000 + n), filed: '20210603', published: '20211210', title: `一种装置 ${n} & 其方法`, applicant: '某某科技有限公司', write: n % 2 ? older : newer, ...more,
});
export const documentOf = (p) => ({ name: `${p.pub}/CN${p.pub}A.xml`, bytes: Buffer.from(p.write(p)) });

// What the hotline has to be told.
export const answerOf = (p, file, date) => ({
  found: true, applyNo: p.no, type: '发明专利', publishNo: p.pub, publishDate: `${p.published.slice(0, 4)}-${p.published.slice(4, 6)}-${p.published.slice(6)}`, title: p.title,
  applicants: [{ name: p.applicant }], dataDate: date, dataFile: `${file}/CN${p.pub}A.xml`,
});

// Published documents of the test data, where there are any.
export function published() {
  const folder = path.join(process.env.TONGQU_TEST_DATA ?? path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../shared/data'), 'ip-xml/national');
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).filter((name) => name.startsWith('cn_')).sort().map((name) => ({ name, bytes: fs.readFileSync(path.join(folder, name)) }));
}

export class Drop {
  constructor(folder) {
    this.folder = folder;
    fs.mkdirSync(path.join(folder, 'in'), { recursive: true });
  }
  // Written elsewhere, then renamed.
  put(name, bytes) {
    const temporary = path.join(this.folder, 'in', `.${name}.tmp`);
    fs.writeFileSync(temporary, bytes);
    fs.renameSync(temporary, path.join(this.folder, 'in', name));
  }
  // { state, rows, imported, … } of a file; undefined while there is no result.
  result(name) {
    const file = path.join(this.folder, 'reports', `${name}.result.csv`);
    return fs.existsSync(file) ? Object.fromEntries(read(fs.readFileSync(file, 'utf8')).slice(1)) : undefined;
  }
  errors(name) {
    const file = path.join(this.folder, 'reports', `${name}.errors.csv`);
    return fs.existsSync(file) ? read(fs.readFileSync(file, 'utf8')).slice(1) : [];
  }
}

const day = '20211217';
const date = '2021-12-17';

export async function open(ctx) {
  const folder = path.resolve(ctx.var, 'exchange');
  ctx.edit(`partners/${partner}.yaml`, (text) => text.replace(/folder: .*/, `folder: ${folder}`).replace(/poll: \S+/, 'poll: 100ms'));
  // Who asks here asks for what was dropped a moment ago: "no such patent" is not to be remembered.
  ctx.edit('services/patent.query.yaml', (text) => text.replace(/negative_ttl: \S+/, 'negative_ttl: 0s'));
  const drop = new Drop(folder);
  const asker = new Asker(ctx, 'city-a');
  const dropped = []; // { name, rows, refused, duplicate, state }
  let next = 1;
  let fault;

  const say = (name, rows, more = {}) => dropped.push({ name, state: 'processed', rows, imported: rows - (more.refused ?? 0), duplicate: 0, refused: 0, ...more });
  function spoil(name, bytes) {
    if (fault === 'cut' || fault === 'garbage') {
      drop.put(`spoilt-${name}`, fault === 'cut' ? bytes.subarray(0, bytes.length / 2) : Buffer.from('no archive'));
      say(`spoilt-${name}`, 0, { state: 'not-processed', imported: 0 });
    }
    if (fault === 'duplicate') {
      drop.put(`again-${name}`, bytes);
      const { rows, refused } = dropped.at(-1);
      say(`again-${name}`, rows, { refused, duplicate: rows - refused, imported: 0 });
    }
    fault = undefined;
  }

  return {
    drop,
    async send(count) {
      const patents = Array.from({ length: count }, () => patent(next++));
      const poison = patents.filter((_, i) => i % 10 === 9);
      const entries = patents.map((p) => ({ ...documentOf(p), ...(poison.includes(p) ? { bytes: Buffer.from('<cn-patent-document>\n<cn-bibliographic-data>') } : {}) }));
      const real = dropped.length === 0 ? published() : [];
      const name = `CN-PATENT-${day}-${String(dropped.length + 1).padStart(4, '0')}.zip`;
      const bytes = zip([{ name: 'index/cover.tif', bytes: Buffer.from('a picture') }, ...real, ...entries]);
      say(name, entries.length + real.length, { refused: poison.length, imported: entries.length + real.length - poison.length });
      drop.put(name, bytes);
      spoil(name, bytes);
      for (let i = 0; i < 1200 && dropped.some((one) => !drop.result(one.name)); i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
      await asker.ask(patents.filter((p) => !poison.includes(p)).slice(0, 4).map((p) => ({
        service: 'patent.query', question: p.pub % 3 ? { applyNo: p.no } : { publishNo: p.pub }, answer: answerOf(p, name, date), ready: (said) => said.found,
      })));
    },
    async figures() {
      const problems = [...asker.problems];
      for (const { name, ...expected } of dropped) {
        const result = drop.result(name);
        if (!result) problems.push(`${name}: no result file`);
        else if (Object.entries(expected).some(([what, value]) => result[what] !== String(value))) problems.push(`${name}: the result file counts otherwise`);
        else if (drop.errors(name).length < expected.refused) problems.push(`${name}: the error file names too little`);
      }
      const sum = (what) => dropped.reduce((total, one) => total + one[what], 0);
      return { sent: sum('rows') - sum('duplicate'), turnedBack: sum('refused'), received: 0, asked: asker.asked, answered: asker.answered, problems };
    },
    async misbehave({ mode }) {
      if (!['cut', 'garbage', 'duplicate', 'refuse'].includes(mode)) throw new Error(mode);
      fault = mode === 'refuse' ? undefined : mode;
    },
    async close() { asker.close(); },
  };
}
