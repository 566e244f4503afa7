// Profile C of the national platform, end to end: what waits for a person, goes out once as .xlsx or cards, gets its number back
// by command or sheet, whatever is killed in between; and what a sheet can be wrong in.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { House, binary, order, slow, stop, until } from './lib/gateway.mjs';
import { national } from '../../sandbox/partners/p12315-c.mjs';
import { read } from '../../sandbox/lib/xlsx.mjs';

const timeout = 240000 * slow;
const standinOf = (house, name) => house.standins.find((one) => one.partner === name).standin;
const rowsOf = (file) => read(file).flatMap(({ rows: [heads, ...rows] }) => rows.map((cells) => Object.fromEntries(heads.map((heading, i) => [heading, cells[i] ?? '']))));
// Edits a book with openpyxl: `ws` is its first sheet.
const edit = (file, script) => execFileSync('/usr/bin/python3', ['-c', `import openpyxl\nwb = openpyxl.load_workbook(${JSON.stringify(file)})\nws = wb.worksheets[0]\n${script}\nwb.save(${JSON.stringify(file)})`]);

// Consultations of city B (2 of 3 orders are none of it) wait for a person.
async function withConsultations(orders, count) {
  const house = await House.open({ standins: ['city-b', 'p12315-c'] });
  const [city, person] = ['city-b', 'p12315-c'].map((name) => standinOf(house, name));
  await city.send(orders);
  await until('all consultations wait', async () => (await person.list()).toCollect === count);
  const book = (name) => path.join(house.folder, name);
  return { house, city, person, book };
}

// The hotline has so many states, each once: what it is told comes a moment after the number, by the line.
async function arrived(house, city, count) {
  await until(`${count} states at the hotline`, async () => (await city.figures()).received >= count);
  await house.settled();
  const { received, problems } = await city.figures();
  assert.deepEqual({ received, problems }, { received: count, problems: [] });
}

test('a consultation waits, goes out once, gets its number, and the hotline learns it', { timeout }, async () => {
  const { house, city, person, book } = await withConsultations(20, 6);
  const { body: status } = await house.atAdmin('status');
  assert.equal(status.partners.find((p) => p.partner === 'p12315-c').toCollect, 6);
  assert.equal(status.transcripts[0].fresh, 6);
  assert.equal(status.lanes.find((lane) => lane.partner === 'p12315-c').breaker, 'closed');
  const metrics = execFileSync('curl', ['-s', '-H', `Authorization: Bearer ${house.token}`, `${house.admin}/metrics`], { encoding: 'utf8' });
  assert.match(metrics, /tongqu_to_collect\{partner="p12315-c"\} 6/);
  assert.match(metrics, /tongqu_to_collect_oldest_seconds\{partner="p12315-c"\} \d+/);

  const first = book('first.xlsx');
  let { code, out } = await person.tongqu('export', '--xlsx', first, '--limit', '4', '--actor', '录入员甲');
  assert.equal(code, 0, out);
  assert.match(out, /批次 1，行数 4，尚余 2/);
  assert.equal(fs.statSync(first).mode & 0o777, 0o600);
  const [sheet] = read(first);
  assert.ok(Object.values(sheet.types).every((type) => type === 's'), 'every cell is text');
  assert.deepEqual(sheet.rows[0].slice(0, 12), ['交换编号', '登记编号', '已有登记编号', '状态', '业务', '收到时间', '批次', '信息件类型', '登记时间', '接收方式', '来源工单编号', '姓名']);
  const rows = rowsOf(first);
  assert.equal(rows[0].信息件类型, '咨询');
  assert.match(rows[0].证件号码, /^1\*+2X$/, "the platform's view: numbers of documents are masked");
  assert.match(rows[0].联系电话, /^1\d{10}$/);
  assert.equal((await person.tongqu('export', '--xlsx', first)).code, 1, 'a file is never written over');
  const cards = book('cards.html');
  ({ code, out } = await person.tongqu('cards', '--html', cards));
  assert.match(out, /批次 2，行数 2，尚余 0/);
  assert.equal(fs.readFileSync(cards, 'utf8').match(/<section>/g).length, 2);
  assert.match((await person.tongqu('export', '--xlsx', book('none.xlsx'))).out, /没有新的待归集报文/);
  assert.ok(!fs.existsSync(book('none.xlsx')) && !fs.existsSync(book('none.xlsx.part')));
  assert.match((await person.tongqu('export', '--xlsx', book('again.xlsx'), '--again', '1')).out, /批次 1，行数 4/);
  assert.deepEqual(rowsOf(book('again.xlsx')), rows, 'exactly that batch');

  // The numbers: one by command, the others by the sheet that a spreadsheet program saved.
  ({ code, out } = await person.tongqu('enter', rows[0].交换编号, national(1), '--actor', '录入员甲'));
  assert.equal(code, 0, out);
  edit(first, `for i in range(2, 6):\n  ws.cell(i, 2).value = '111010520261124000000000' + str(i - 1)`);
  ({ code, out } = await person.tongqu('import', first));
  assert.equal(code, 0, out);
  assert.match(out, /行数: 4\n本次填入: 3\n此前已填（编号相同）: 1\n拒绝: 0\n未填: 0\n未处理: 0/);
  const left = await person.list();
  assert.equal(left.toCollect, 2);
  await person.importNumbers(left.rows.map(({ exchange }, i) => [exchange, national(5 + i)]));
  await arrived(house, city, 6);
  const audit = (await house.atAdmin('audit/entries?from=0&limit=1000')).text.trim().split('\n').map((line) => JSON.parse(line));
  const handed = audit.filter((entry) => entry.kind === 'handed-out');
  assert.deepEqual(handed.map((entry) => [entry.batch, entry.again, entry.disclosed.length]), [[1, 0, 4], [2, 0, 2], [1, 1, 4]]);
  const stored = audit.find((entry) => entry.kind === 'stored' && entry.exchange === rows[0].交换编号);
  assert.equal(handed[0].disclosed[0].ledger, stored.disclosed[0].ledger, 'the same ledger entry as of the commit');
  const delivered = audit.filter((entry) => entry.kind === 'delivered' && entry.recipient === 'p12315-c');
  assert.ok(delivered.length === 6 && delivered.every((entry) => entry.method === 'person' && entry.actor));
  assert.doesNotMatch(JSON.stringify(audit), new RegExp(national(1)), 'no number in the log');
  const shown = JSON.parse(house.cli('exchanges', 'show', rows[0].交换编号).out);
  assert.equal(shown.deliveredReceipts.length, 1);
  assert.match(shown.deliveredReceipts[0], /本回执不代表受理决定/);
  await house.close();
});

test('a number that was mistyped is taken back, and the message waits again', { timeout }, async () => {
  const { house, city, person } = await withConsultations(10, 3);
  const [{ exchange }] = (await person.list()).rows;
  assert.equal((await person.tongqu('enter', exchange, national(9))).code, 0);
  assert.equal((await person.tongqu('revoke', exchange)).code, 2, 'a reason is asked for');
  const { code, out } = await person.tongqu('revoke', exchange, '--reason', '填错一位');
  assert.equal(code, 0, out);
  assert.equal((await person.list()).toCollect, 3);
  assert.equal((await person.tongqu('revoke', exchange, '--reason', '再次')).code, 1);
  assert.equal((await person.tongqu('enter', exchange, national(8))).code, 0);
  await person.work();
  // The hotline is told of the wrong number and of the right one, both as registered.
  await until('four states', async () => (await city.figures()).received === 4);
  await house.close();
});

// Stands between the commands and the gateway: `hold` keeps one request back, before or after the gateway has seen it.
async function gate(house) {
  const open = { held: undefined, match: undefined };
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const holds = open.match && request.url.endsWith(open.match.path) && --open.match.nth === 0 ? open.match.phase : '';
      if (holds === 'request') return open.held();
      const onward = http.request(house.admin + request.url, { method: request.method, headers: request.headers }, (answer) => {
        if (holds === 'answer') return answer.resume().on('end', () => open.held());
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      onward.end(Buffer.concat(chunks));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref(); // what a failed test left open keeps no file waiting
  const env = { ...process.env, TONGQU_ADMIN: `http://127.0.0.1:${server.address().port}`, TONGQU_ADMIN_TOKEN_FILE: path.join(house.secrets, 'admin.token'), LANG: 'zh_CN.UTF-8' };
  return {
    // Runs a command until the nth request of `path` is held, calls `then`, and gives how the command ended.
    async until(path, phase, args, then, nth = 1) {
      const held = new Promise((resolve) => { open.held = resolve; });
      open.match = { path, phase, nth };
      const child = spawn(binary, ['transcript', ...args], { env });
      let out = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { out += chunk; });
      const closed = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, out })));
      await held;
      open.match = undefined;
      await then(child);
      server.closeAllConnections();
      return closed;
    },
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }),
  };
}

test('kill -9 between the steps of an export: nothing is new twice, and every batch can be had', { timeout }, async () => {
  const { house, person, book } = await withConsultations(20, 6);
  const proxy = await gate(house);
  const kill = (child) => child.kill('SIGKILL');
  const file = book('a.xlsx');
  const run = (path, phase) => proxy.until(path, phase, ['export', '--xlsx', file, '--limit', '2'], kill);

  assert.equal((await run('/hand-out', 'request')).signal, 'SIGKILL');
  assert.equal((await person.list()).fresh, 6, 'the gateway was never asked');
  const steps = [['/hand-out', 'answer', false], ['/written', 'request', false], ['/written', 'answer', true]];
  for (const [i, [path, phase, written]] of steps.entries()) {
    assert.equal((await run(path, phase)).signal, 'SIGKILL');
    assert.ok(!fs.existsSync(file), 'no file under its name');
    const { fresh, batches } = await person.list();
    assert.equal(fresh, 6 - 2 * (i + 1), 'what was handed out is not new again');
    assert.equal(batches[0].batch, i + 1);
    assert.equal(batches[0].writtenAt !== '', written);
  }
  // The gateway itself too.
  await stop(house.gateway, 'SIGKILL');
  await house.run();
  const { out } = await person.tongqu('export', '--xlsx', book('b.xlsx'));
  assert.match(out, /没有新的/);
  assert.match(out, /批次 1 .*--again 1/);
  assert.match(out, /批次 2 .*--again 2/);
  assert.doesNotMatch(out, /--again 3/);
  const seen = new Set();
  for (const batch of ['1', '2', '3']) {
    const again = book(`again-${batch}.xlsx`);
    assert.equal((await person.tongqu('export', '--xlsx', again, '--again', batch)).code, 0);
    const rows = rowsOf(again);
    assert.equal(rows.length, 2);
    for (const row of rows) seen.add(row.交换编号);
  }
  assert.equal(seen.size, 6, 'each row is in one batch');
  assert.doesNotMatch((await person.tongqu('export', '--xlsx', book('c.xlsx'))).out, /--again/);
  await proxy.close();
  await house.close();
});

test('kill -9 of the gateway in the middle of an import: the next run finds what was entered', { timeout }, async () => {
  const { house, city, person, book } = await withConsultations(20, 6);
  const proxy = await gate(house);
  const { rows } = await person.list();
  const sheet = book('numbers.csv');
  fs.writeFileSync(sheet, `交换编号,登记编号\n${rows.map(({ exchange }, i) => `${exchange},${national(i + 1)}`).join('\n')}\n`);
  const killed = await proxy.until('/enter', 'answer', ['import', sheet], () => stop(house.gateway, 'SIGKILL'), 3);
  assert.equal(killed.code, 1, killed.out);
  assert.match(killed.out, /行数: 6\n本次填入: 2\n此前已填（编号相同）: 0\n拒绝: 0\n未填: 0\n未处理: 4/);
  await house.run();
  const { code, out } = await person.tongqu('import', sheet);
  assert.equal(code, 0, out);
  assert.match(out, /本次填入: 3\n此前已填（编号相同）: 3/);
  await arrived(house, city, 6);
  await proxy.close();
  await house.close();
});

test('a sheet that is wrong in every way names each row and enters the others', { timeout }, async () => {
  const { house, person, book } = await withConsultations(20, 6);
  const file = book('wrong.xlsx');
  await person.tongqu('export', '--xlsx', file);
  edit(file, [
    `ws['B2'].value = 1110105202611240000000001`, // a number: digits are lost
    `ws['B2'].number_format = '0'`,
    `ws['B3'].value = '11101052026112400000OOO03'`, // letters
    `ws['B4'].value = ' 1110105202611240000000004 '`, // good
    `ws['B5'].value = '1110105202611240000000004'`, // another matter's
    `ws['A6'].value = '01HF7YAT00ZZZZZZZZZZZZZZZZ'`, // no such exchange
    `ws['B6'].value = '1110105202611240000000006'`,
  ].join('\n'));
  const { code, out } = await person.tongqu('import', file);
  assert.equal(code, 1);
  assert.match(out, /全国平台登记表!B2 登记编号: .*\[sheet\.digits\]/);
  assert.match(out, /全国平台登记表!B3 登记编号: .*20–32.*\[transcript\.number\]/);
  assert.match(out, /全国平台登记表!B5 登记编号: .*\[transcript\.number-taken\]/);
  assert.match(out, /全国平台登记表!B6 登记编号: .*\[gateway\.not-found\]/);
  assert.match(out, /行数: 6\n本次填入: 1\n此前已填（编号相同）: 0\n拒绝: 4\n未填: 1\n未处理: 0/);
  assert.doesNotMatch(out, /11101052026/, 'no value of the sheet');
  assert.equal((await person.list()).toCollect, 5);
  fs.writeFileSync(file, 'no spreadsheet');
  assert.match((await person.tongqu('import', file)).out, /\[sheet\.head\]/);
  await person.work();
  await house.close();
});

test('a supplement waits for the number of its matter, carries it, and the city is told', { timeout }, async () => {
  const byHand = (text) => text.replace('partner: p12315\n', 'partner: p12315-c\n');
  const house = await House.open({
    partners: ['city-a', 'p12315', 'p12315-c'],
    change: (h) => { for (const route of ['workorder-to-platform', 'workorder-supplement-to-platform']) h.edit(`routes/${route}.yaml`, byHand); },
  });
  const tongqu = (...args) => house.cli('transcript', ...args);
  const list = () => JSON.parse(tongqu('list', '--format', 'json').out);
  await house.atHotline('submit', { order: order(1) });
  await house.atHotline('submit', { service: 'workorder.supplement', order: { orderNum: order(1).orderNum, round: 2, type: '投诉', actTime: '2026-11-25 10:20:30', content: '=商家已关门。\n+第二行', operator: '刘芳' } });
  await until('both wait', () => list().toCollect === 2);
  assert.deepEqual(list().rows.map((row) => row.service), ['workorder.transfer'], 'the supplement waits behind its matter');
  const [matter] = list().rows;
  assert.equal(tongqu('enter', matter.exchange, national(1)).code, 0);
  const [supplement] = list().rows;
  assert.equal(supplement.service, 'workorder.supplement');
  assert.equal(supplement.nationalNo, national(1));
  const file = path.join(house.folder, 'supplement.xlsx');
  assert.equal(tongqu('export', '--xlsx', file).code, 0);
  const [row] = rowsOf(file);
  assert.equal(row.已有登记编号, national(1));
  assert.equal(row.登记编号, '', 'it is not said to be typed in before a person says so');
  assert.ok(Object.values(row).includes('=商家已关门。\n+第二行'), 'text of many lines, no formula');
  assert.match(tongqu('enter', supplement.exchange, national(2)).out, /transcript\.other-number/);
  assert.equal(tongqu('enter', supplement.exchange, national(1)).code, 0);
  assert.match(tongqu('revoke', matter.exchange, '--reason', '填错').out, /transcript\.later/);
  const states = await until('the city has heard of both', async () => {
    const heard = await house.atHotline(`states?order=${order(1).orderNum}`);
    return heard.length === 2 && heard;
  });
  assert.ok(states.every((state) => JSON.stringify(state).includes(national(1))), 'the city knows the number');
  await house.close();
});

test('while messages wait for a number, the partner gets no connector that would push them', { timeout }, async () => {
  const { house, person } = await withConsultations(10, 3);
  const before = fs.readFileSync(path.join(house.config, 'partners/p12315-c.yaml'), 'utf8');
  house.edit('partners/p12315-c.yaml', () => `${before.replace(/\noutbound:[\s\S]*/, '')}\noutbound:\n  connector: file\n  folder: ${house.folder}\n  outbox: out\n  prefix: matters\n`);
  const { code, out } = house.cli('reload');
  assert.equal(code, 1);
  assert.match(out, /config\.transcript/);
  assert.equal((await person.list()).toCollect, 3, 'the old configuration runs');
  house.edit('partners/p12315-c.yaml', () => before);
  assert.equal(house.cli('reload').code, 0);
  await person.work();
  await house.close();
});
