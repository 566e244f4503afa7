// A SQLite file for a stand-in, through python3's own module: Node 18 has none, and a native one would have to be built.
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'sqlite.py');

export class Sqlite {
  constructor(file) {
    this.waiting = [];
    this.child = spawn('python3', [script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
    readline.createInterface({ input: this.child.stdout }).on('line', (line) => {
      const { resolve, reject } = this.waiting.shift();
      const answer = JSON.parse(line);
      if (answer.error) reject(new Error(answer.error)); else resolve(answer.rows);
    });
    this.child.on('exit', () => { for (const { reject } of this.waiting.splice(0)) reject(new Error('python3 ended')); });
  }

  run(sql, parameters = []) { return this.#ask([sql, parameters, false]); }
  runMany(sql, rows) { return this.#ask([sql, rows, true]); } // one transaction

  #ask(request) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  close() {
    return new Promise((resolve) => { this.child.on('exit', resolve); this.child.stdin.end(); });
  }
}

// A connection of its own holds the write lock for `ms`: everybody else waits.
export async function lockDatabase(file, ms) {
  const other = new Sqlite(file);
  await other.run('BEGIN IMMEDIATE');
  setTimeout(() => other.run('COMMIT').then(() => other.close()), ms);
}
