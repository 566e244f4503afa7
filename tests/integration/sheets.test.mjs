// Code tables, units and mappings as spreadsheets: out and in unharmed, edited with another program, wrong in every way that people
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

// ---- units ------------------------------------------------------------------------------------------------------------

const unitFile = path.join(config, 'units/demo.csv');
const exportUnits = () => done('units', 'export', '-c', config, '-o', book);

test('units: the shipped ones come back byte for byte, also when another program saved them', () => {
  const before = fs.readFileSync(unitFile, 'utf8');
  for (const save of [resave().openpyxl, ...(spawnSync('soffice', ['--version']).status === 0 ? [resave().libreoffice] : [])]) {
    exportUnits();
    save();
    assert.match(done('units', 'import', '-c', config, book), /无变化/);
    assert.equal(fs.readFileSync(unitFile, 'utf8'), before);
  }
});

test('units: the sheet speaks Chinese, leading zeros stay, a number typed as Excel types it is read, what was there is kept', () => {
  const before = fs.readFileSync(unitFile, 'utf8');
  exportUnits();
  edit("head = [c.value for c in ws[5]]\nassert head[:4] == ['机构标识', '机构名称', '层级', '上级机构'] and head[10] == '代码:city-a', head\nrow = ws.max_row + 1\nfor column, value in enumerate(['350103', '福州市台江区市场监督管理局', 4, 350100, 350103, None, None, datetime.date(2019, 1, 1), None, '新增', '003503'], 1): ws.cell(row, column, value)");
  assert.match(done('units', 'import', '-c', config, book, '--dry-run'), /未写入/);
  assert.equal(fs.readFileSync(unitFile, 'utf8'), before);
  assert.match(done('units', 'import', '-c', config, book), /已导入/);
  assert.equal(fs.readFileSync(unitFile, 'utf8'), `${before}350103,福州市台江区市场监督管理局,4,350100,350103,,,2019-01-01,,新增,003503,\n`);
  assert.equal(fs.readFileSync(`${unitFile}~`, 'utf8'), before);
  done('check', '-c', config, '--no-secrets');
  fs.renameSync(`${unitFile}~`, unitFile);
});

for (const [what, script, expected] of [
  ['a parent that nobody knows', "ws['D8'] = '11000'", /机构!D8（上级机构）.*110000\?|110000\?.*机构!D8/s],
  ['a loop', "ws['D7'] = '110105'", /机构!D7（上级机构）/],
  ['a field office in nobody\'s name', "ws['G9'] = None", /机构!G9（以何机构名义）/],
  ['a division that does not exist', "ws['E8'] = '110199'", /机构!E8（行政区划代码）/],
  ['one code for two units', "ws['K8'] = '11'", /机构!K8（代码:city-a）/],
  ['two rows for one time', "ws['H13'] = '2018-01-01'", /机构!A13（机构标识）/],
  ['a code that lost digits', "ws['K8'] = 1110105202611240000123456", /机构!K8.*15/],
  ['a heading that nobody knows', "ws['C5'] = '级别'", /机构!C5/],
  ['no name of the file', "ws['A1'] = None", /机构/],
]) {
  test(`units with ${what}: refused by sheet, row and heading, nothing changes`, () => {
    const before = fs.readFileSync(unitFile, 'utf8');
    exportUnits();
    edit(script);
    const result = tongqu('units', 'import', '-c', config, book);
    assert.equal(result.status, 1, result.stdout);
    assert.match(result.stderr, expected);
    assert.equal(fs.readFileSync(unitFile, 'utf8'), before);
  });
}

test('units: check names file, line and column; a mapping looks a partner\'s code up', () => {
  const before = fs.readFileSync(unitFile, 'utf8');
  fs.writeFileSync(unitFile, before.replace('110105-01,北京市朝阳区市场监督管理局建外市场监督管理所,5,110105,', '110105-01,北京市朝阳区市场监督管理局建外市场监督管理所,5,11O105,'));
  const result = tongqu('check', '-c', config, '--no-secrets');
  assert.equal(result.status, 1);
  assert.match(result.stderr, /units\/demo\.csv:9:\d+: .*\[unit\.unknown\].*110105\?/);
  fs.writeFileSync(unitFile, before.replace('code:case', 'code:cases'));
  const warned = tongqu('check', '-c', config, '--no-secrets');
  assert.equal(warned.status, 0, warned.stderr);
  assert.match(warned.stderr, /\[unit\.partner\].*cases.*case\?/);
  fs.writeFileSync(unitFile, before);
  const mapping = path.join(config, 'mappings/city-a/workorder-in.map');
  const rules = fs.readFileSync(mapping, 'utf8');
  fs.writeFileSync(mapping, rules.replace(/^reg_unit +=.*$/m, 'reg_unit = lookup_name(units/city-a, $.unitName)  on fault keep, flag'));
  done('mapping', 'format', mapping);
  done('check', '-c', config, '--no-secrets');
  const order = JSON.parse(fs.readFileSync(path.join(root, 'docs/examples/workorder.json'), 'utf8'));
  const file = path.join(folder, 'order.json');
  fs.writeFileSync(file, JSON.stringify({ ...order, unitName: '110501' }));
  assert.match(done('explain', '-c', config, '--partner', 'city-a', '--service', 'workorder.transfer', file), /units\/city-a/);
  fs.writeFileSync(mapping, rules);
});

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
  for (const command of ['tables', 'units', 'mapping']) {
    const result = tongqu(command, 'import', book, '-c', config);
    assert.equal(result.status, 1);
    assert.match(result.stderr, /xlsx/);
  }
});
