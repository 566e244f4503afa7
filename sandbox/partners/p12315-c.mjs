// Stand-in for the person of profile C, who has the national platform's page before them: runs the real commands, reads the
// exported sheet, types each row into a list of their own (the page), and imports the numbers that the page gave.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { write } from '../lib/csv.mjs';
import { read } from '../lib/xlsx.mjs';

export const partner = 'p12315-c';
export const title = '全国12315平台（人工抄录）';
export const needs = ['city-b']; // its consultations are what is typed in

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const binary = process.env.TONGQU_BIN ?? ['build/release/tongqu', 'build/dev/tongqu'].map((name) => path.join(root, name)).find((name) => fs.existsSync(name));

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

// The nth number that the page gives: 25 digits, layout made up.
export const national = (n) => `11101052026112400000${String(n).padStart(5, '0')}`;

export async function open(ctx) {
  // The person works with the admin interface: it needs an address that is known before the gateway starts.
  const free = await freePort();
  let port;
  ctx.edit('gateway.yaml', (text) => text.replace(/(kind: admin[\s\S]*?port: )(\d+)/, (whole, head, given) => { port = given === '0' ? free : Number(given); return head + port; }));
  const page = []; // what was typed in: { exchange, no, fields }
  const problems = [];
  let files = 0;

  const tongqu = (...args) => new Promise((resolve) => {
    const child = spawn(binary, ['transcript', ...args, '--partner', partner], {
      env: { ...process.env, TONGQU_ADMIN: `http://127.0.0.1:${port}`, TONGQU_ADMIN_TOKEN_FILE: path.join(ctx.secrets, 'admin.token'), LANG: 'zh_CN.UTF-8' },
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { out += chunk; });
    child.on('close', (code) => resolve({ code, out }));
  });
  const list = async () => {
    const { code, out } = await tongqu('list', '--limit', '1000', '--format', 'json');
    if (code !== 0) throw new Error(out);
    return JSON.parse(out);
  };
  const next = (ending) => { files += 1; return path.resolve(ctx.var, `batch-${String(files).padStart(4, '0')}.${ending}`); };

  // Exports what is new and types it in; gives [exchange, number] of each row, undefined when nothing was new.
  async function exportAndType(...args) {
    const file = next('xlsx');
    const { code, out } = await tongqu('export', '--xlsx', file, '--actor', '录入员甲', ...args);
    if (code !== 0) throw new Error(out);
    if (!fs.existsSync(file)) return undefined;
    return read(file).flatMap(({ rows: [heads, ...rows] }) => rows.map((cells) => {
      const row = Object.fromEntries(heads.map((heading, i) => [heading, cells[i] ?? '']));
      const known = page.find((one) => one.exchange === row.交换编号);
      if (known && args.length === 0) problems.push(`${row.交换编号} was listed as new twice`);
      const typed = known ?? { exchange: row.交换编号, no: row.已有登记编号 || national(page.length + 1), fields: row };
      if (!known) page.push(typed);
      return [typed.exchange, typed.no];
    }));
  }
  async function importNumbers(rows) {
    const file = next('csv');
    fs.writeFileSync(file, write([['交换编号', '登记编号'], ...rows]));
    return { file, ...(await tongqu('import', file, '--actor', '录入员甲')) };
  }
  // A day's work: batches that were not finished, what is new, and the numbers that the gateway has not taken yet.
  async function work() {
    for (const { batch } of (await list()).batches.filter((one) => one.writtenAt === '')) await exportAndType('--again', String(batch));
    for (let rows = await exportAndType(); rows;) rows = await exportAndType();
    const open = page.filter((one) => !one.entered);
    if (open.length === 0) return;
    const { code, out } = await importNumbers(open.map(({ exchange, no }) => [exchange, no]));
    if (/拒绝: [1-9]/.test(out)) problems.push(`import: ${out}`);
    if (code === 0) for (const one of open) one.entered = true;
  }
  let spoil = false;
  return {
    tongqu, list, page, exportAndType, importNumbers, work,
    async send(count) {
      await ctx.partner('city-b').send(3 * count); // a third of them are consultations
      if (spoil) {
        const { out } = await importNumbers([['01HF7YAT00ZZZZZZZZZZZZZZZZ', national(1)], ['', national(2)], ['01HF7YAT00ZZZZZZZZZZZZZZZZ', '1.11E+24']]);
        if (!/拒绝: 3\b/.test(out)) problems.push(`a sheet of wrong rows: ${out}`);
        spoil = false;
      }
      // A command that fails is given again, as a person would.
      for (let i = 0, left = 1; i < 600 && left > 0; i += 1) {
        try {
          await work();
          left = (await list()).toCollect;
        } catch (error) {
          ctx.log(`tries again: ${error.message}`);
        }
        if (left > 0) await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async figures() {
      const { toCollect } = await list();
      return { sent: page.length, received: page.length, problems: [...problems, ...(toCollect > 0 ? [`${toCollect} without number`] : [])] };
    },
    // garbage: a sheet of wrong rows is imported before the next right one.
    async misbehave({ mode }) {
      if (mode !== 'garbage') throw new Error(`p12315-c knows no fault ${mode}`);
      spoil = true;
    },
    close: async () => {},
  };
}
