// A partner's front database (前置库) on a real SQLite file, as the partner itself uses it.
import fs from 'node:fs';
import path from 'node:path';
import { Sqlite, lockDatabase } from './sqlite.mjs';

// Columns [[name, type]] as a table; `id` is numbered by the database.
const numbered = { sqlite: 'INTEGER PRIMARY KEY AUTOINCREMENT', postgresql: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY', mysql: 'BIGINT AUTO_INCREMENT PRIMARY KEY' };
export const quoted = (name, dialect) => (dialect === 'mysql' ? `\`${name}\`` : `"${name}"`);
export const createTable = ({ table, id, columns }, dialect = 'sqlite') => `CREATE TABLE ${quoted(table, dialect)} (${[[id, numbered[dialect]], ...columns].map(([name, type]) => `${quoted(name, dialect)} ${type}`).join(', ')})`;

export class FrontDatabase {
  // `tables`: as createTable() takes them, with `state`, the column that rows are looked for by; made when the file is new.
  static async open(file, tables) {
    const front = new FrontDatabase();
    front.file = file;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const fresh = !fs.existsSync(file);
    front.sqlite = new Sqlite(file);
    await front.sqlite.run('PRAGMA journal_mode = WAL');
    for (const table of fresh ? tables : []) {
      await front.sqlite.run(createTable(table));
      if (table.state) await front.sqlite.run(`CREATE INDEX "${table.table}_state" ON "${table.table}" ("${table.state}", "${table.id}")`);
    }
    return front;
  }

  run(sql, parameters) { return this.sqlite.run(sql, parameters); }

  async insert({ table }, rows) {
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    await this.sqlite.runMany(`INSERT INTO "${table}" (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, rows.map((row) => names.map((name) => row[name] ?? null)));
  }

  // {value of the state column: rows}; NULL is "".
  async counts({ table, state }) {
    const rows = await this.sqlite.run(`SELECT "${state}" AS state, count(*) AS n FROM "${table}" GROUP BY "${state}"`);
    return Object.fromEntries(rows.map((row) => [row.state ?? '', row.n]));
  }

  // Waits until no row is in one of the states `open`.
  async drained(table, open) {
    const end = Date.now() + 120000;
    for (;;) {
      const counts = await this.counts(table);
      if (open.every((value) => !counts[value])) return;
      if (Date.now() > end) throw new Error(`rows of ${table.table} after two minutes: ${JSON.stringify(counts)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  lock(ms) { return lockDatabase(this.file, ms); }
  close() { return this.sqlite.close(); }
}
