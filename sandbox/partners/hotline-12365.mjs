// Stand-in for the former 12365 hotline: drops its history as CSV in GB18030, with a manifest, into a real folder, and reads
// the result files that the gateway leaves there.
import fs from 'node:fs';
import path from 'node:path';
import crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { read, write } from '../lib/csv.mjs';

export const partner = 'hotline-12365';
export const title = '原12365质检热线';

export const headings = ['受理编号', '信息类型', '登记时间', '反映人', '联系电话', '联系地址', '证件号码', '被反映单位', '统一社会信用代码', '单位地址', '产品类别代码', '产品名称', '问题代码', '涉及金额（元）', '内容', '处理结果代码', '办结时间', '登记人'];
const pick = (list, n) => list[n % list.length];

// The nth record. Characters of four bytes in GB18030, quotes, line ends and separators are part of it.
export function record(n) {
  return [
    `ZJ2018${String(n).padStart(8, '0')}`, pick(['2', '2', '1', '2', '3'], n), `2018/0${1 + (n % 9)}/1${n % 10} 0${n % 10}:3${n % 6}`,
    pick(['段正淳', '王小峰', '张㐂㐂', '买买提·艾力'], n), `138${String(10000000 + n).slice(-8)}`, '海淀区中关村大街1号', n % 7 === 0 ? '11010519491231002X' : '',
    pick(['某某电线厂', '好再来家具城', '阳光童车行'], n), pick(['91350100M000100Y43', '91340000711771143J', ''], n), '朝阳区建国路1号', pick(['101', '108', '114', '121'], n),
    pick(['电线', '衣柜', '童车', '汽车'], n), pick(['01', '02', '03', '06'], n), pick(['1600', '1,280.50', '99元'], n),
    pick(['标称与实测不符，"缺斤少两"，要求退货。', '产品开裂｜脱漆\n多次联系未果', '车辆𠮷故障，无法使用'], n), pick(['0', '1', '4'], n), '2018/12/31 17:00', '刘芳',
  ];
}

export const encode = (text) => execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: text, maxBuffer: 1 << 30 });

export class Drop {
  constructor(folder, suite) {
    this.folder = folder;
    this.hash = suite === 'intl' ? ['sha-256', 'sha256'] : ['sm3', 'sm3'];
    fs.mkdirSync(path.join(folder, 'in'), { recursive: true });
  }

  // `manifest`: what it says differently from the truth. Written elsewhere, then renamed; the manifest last.
  put(name, rows, manifest = {}) {
    const bytes = encode(write([headings, ...rows]));
    const digest = crypto.createHash(this.hash[1]).update(bytes).digest('hex');
    const says = { rows: rows.length, bytes: bytes.length, digest, ...manifest };
    const files = { [name]: bytes, [`${name}.manifest`]: write([['file', 'rows', 'bytes', 'algorithm', 'digest'], [name, says.rows, says.bytes, this.hash[0], says.digest]]) };
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

export async function open(ctx) {
  const folder = path.resolve(ctx.var, 'exchange');
  let suite = 'gm';
  ctx.edit('gateway.yaml', (text) => { suite = text.match(/^suite: (\w+)/m)[1]; return text; });
  ctx.edit(`partners/${partner}.yaml`, (text) => text.replace(/folder: .*/, `folder: ${folder}`).replace(/poll: \S+/, 'poll: 100ms'));
  const drop = new Drop(folder, suite);
  const dropped = []; // { name, rows, refused }
  let next = 1;
  let spoil = false;
  return {
    drop,
    async send(count) {
      const rows = Array.from({ length: count }, () => record(next++));
      let refused = 0;
      rows.forEach((row, i) => { if (i % 20 === 19) { row[0] = ''; refused += 1; } });
      const name = `12365-${String(dropped.length + 1).padStart(4, '0')}.csv`;
      dropped.push({ name, rows: rows.length, refused });
      drop.put(name, rows);
      if (spoil) drop.put(`spoilt-${dropped.length}.csv`, [record(next)], { rows: 2 });
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
    async misbehave() { spoil = true; }, // a file that differs from its manifest comes beside the next one
    async close() {},
  };
}
