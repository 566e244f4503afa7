// Code tables and mappings as spreadsheets: out and in unharmed, edited with another program, wrong in every way that people
// are wrong. openpyxl stands for Excel's rules; LibreOffice is tried where it is installed.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { binary, root, temporaryFolder } from './lib/gateway.mjs';

const folder = temporaryFolder('sheets');
const config = path.join(folder, 'config');
fs.cpSync(path.join(root, 'config'), config, { recursive: true });
const book = path.join(folder, 'book.xlsx');
const tongqu = (...args) => spawnSync(binary, args, { encoding: 'utf8', env: { ...process.env, LANG: 'zh_CN.UTF-8' } });
const done = (...args) => {
  const result = tongqu(...args);
  assert.equal(result.status, 0, result.stdout + result.stderr);
  return result.stdout;
};
const names = (kind, extension) => fs.readdirSync(path.join(config, kind), { recursive: true }).map(String).filter((name) => name.endsWith(extension) && name.includes('/')).map((name) => name.slice(0, -extension.length));
// Edits the book with openpyxl: `ws` is its first sheet.
const edit = (script) => execFileSync('/usr/bin/python3', ['-c', `import openpyxl, datetime\nwb = openpyxl.load_workbook(${JSON.stringify(book)})\nws = wb.worksheets[0]\n${script}\nwb.save(${JSON.stringify(book)})`]);
const resave = (script) => ({ openpyxl: () => edit(script ?? 'pass'), libreoffice: () => execFileSync('soffice', ['--headless', '--convert-to', 'xlsx:Calc MS Excel 2007 XML', '--outdir', path.join(folder, 'lo'), book]) && fs.copyFileSync(path.join(folder, 'lo/book.xlsx'), book) });

for (const [kind, extension, command] of [['tables', '.csv', 'tables'], ['mappings', '.map', 'mapping']]) {
  test(`${kind}: every shipped one comes back byte for byte, also when another program saved it`, () => {
    const all = names(kind, extension);
    assert.ok(all.length >= 8);
    for (const name of all) {
      const file = path.join(config, kind, name + extension);
      const before = fs.readFileSync(file, 'utf8');
      done(command, 'export', name, '-c', config, '-o', book);
      edit('pass');
      fs.appendFileSync(file, extension === '.map' ? '\n# changed since\n' : '');
      assert.match(done(command, 'import', book, '-c', config), extension === '.map' ? /已导入/ : /无变化/);
      assert.equal(fs.readFileSync(file, 'utf8'), before, name);
    }
  });
}

test('saved by LibreOffice: unharmed', { skip: spawnSync('soffice', ['--version']).status !== 0 && 'LibreOffice is not installed' }, () => {
  for (const [kind, extension, command] of [['tables', '.csv', 'tables'], ['mappings', '.map', 'mapping']]) {
    for (const name of names(kind, extension)) {
      const file = path.join(config, kind, name + extension);
      const before = fs.readFileSync(file, 'utf8');
      done(command, 'export', name, '-c', config, '-o', book);
      resave().libreoffice();
      assert.match(done(command, 'import', book, '-c', config), /无变化/, name);
      assert.equal(fs.readFileSync(file, 'utf8'), before, name);
    }
  }
});

test('table: leading zeros, 25 digits and dates survive; what was there is kept', () => {
  done('tables', 'export', 'city-a/problem', '-c', config, '-o', book);
  edit("row = ws.max_row + 1\nfor column, value in enumerate(['0099', '新增类别', '01', '质量', '', '二十五位 1110105202611240000123456'], 1): ws.cell(row, column, value)\nfor r in range(1, 9):\n  if ws.cell(r, 1).value == '生效日期': ws.cell(r, 2).value = datetime.date(2026, 1, 1)");
  const file = path.join(config, 'tables/city-a/problem.csv');
  const before = fs.readFileSync(file, 'utf8');
  assert.match(done('tables', 'import', book, '-c', config, '--dry-run'), /未写入/);
  assert.equal(fs.readFileSync(file, 'utf8'), before);
  done('tables', 'import', book, '-c', config);
  const after = fs.readFileSync(file, 'utf8');
  assert.match(after, /^0099,新增类别,01,质量,,二十五位 1110105202611240000123456$/m);
  assert.match(after, /^#valid_from,2026-01-01/m);
  assert.equal(fs.readFileSync(`${file}~`, 'utf8'), before);
  done('check', '-c', config, '--no-secrets');
  fs.renameSync(`${file}~`, file);
});

for (const [what, script, expected] of [
  ['a number that lost digits', "ws['A12'] = 1110105202611240000123456", /代码表!A12.*15/],
  ['a heading that nobody knows', "for c in ws[8]:\n  if c.value == '目标代码': c.value = '目标码'", /代码表!C8/],
  ['the same code twice', "for column, value in enumerate(['1001', '重复', '02', '广告'], 1): ws.cell(ws.max_row + (1 if column == 1 else 0), column, value)", /代码表!A\d+（源代码）/],
  ['no version', "for r in range(1, 9):\n  if ws.cell(r, 1).value == '版本': ws.cell(r, 2).value = None", /代码表/],
]) {
  test(`table with ${what}: refused by sheet, row and heading, nothing changes`, () => {
    done('tables', 'export', 'city-a/problem', '-c', config, '-o', book);
    edit(script);
    const file = path.join(config, 'tables/city-a/problem.csv');
    const before = fs.readFileSync(file, 'utf8');
    const result = tongqu('tables', 'import', book, '-c', config);
    assert.equal(result.status, 1, result.stdout);
    assert.match(result.stderr, expected);
    assert.equal(fs.readFileSync(file, 'utf8'), before);
  });
}

test('mapping: a new row of source and table alone is a rule', () => {
  const file = path.join(config, 'mappings/city-a/workorder-in.map');
  const before = fs.readFileSync(file, 'utf8');
  done('mapping', 'export', 'city-a/workorder-in', '-c', config, '-o', book);
  edit("for r in ws.iter_rows(min_row=6):\n  if r[2].value == 'urgency': r[3].value = None; r[0].value = 'urgency'; r[4].value = 'city-a/urgency'");
  done('mapping', 'import', book, '-c', config);
  assert.match(fs.readFileSync(file, 'utf8'), /^urgency +=\s+lookup\(city-a\/urgency, \$\.urgency\)$/m);
  done('check', '-c', config, '--no-secrets');
  fs.writeFileSync(file, before);
});

for (const [what, script, expected] of [
  ['a function that nobody knows', "ws.cell(12, 4).value = 'lookpu(city-a/channel, $.channel)'", /映射!12.*lookup/s],
  ['a target that the schema lacks', "ws.cell(12, 3).value = 'chanel'", /映射!12.*channel/s],
  ['a row without rule and source', "ws.cell(12, 4).value = None\nws.cell(12, 1).value = None", /第 12 行须填写/],
  ['no heading', "ws.delete_rows(5)", /目标字段|规则/],
]) {
  test(`mapping with ${what}: refused by row, nothing changes`, () => {
    done('mapping', 'export', 'city-a/workorder-in', '-c', config, '-o', book);
    edit(script);
    const file = path.join(config, 'mappings/city-a/workorder-in.map');
    const before = fs.readFileSync(file, 'utf8');
    const result = tongqu('mapping', 'import', book, '-c', config);
    assert.equal(result.status, 1, result.stdout);
    assert.match(result.stderr, expected);
    assert.equal(fs.readFileSync(file, 'utf8'), before);
  });
}

test('what is no workbook is refused', () => {
  fs.writeFileSync(book, 'not a workbook');
  for (const command of ['tables', 'mapping']) {
    const result = tongqu(command, 'import', book, '-c', config);
    assert.equal(result.status, 1);
    assert.match(result.stderr, /xlsx/);
  }
});
